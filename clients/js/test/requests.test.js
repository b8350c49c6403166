// SPDX-License-Identifier: MIT
// What becomes of something that was asked for.
import assert from 'node:assert/strict';
import test from 'node:test';

import { settled } from './support/fake_clock.js';
import { online, played } from './support/fixture.js';
import { LimitedService } from './support/limited_service.js';

/** The next connection, in its room; `reply` is the join's. */
async function comeBack({ service, clock }, reply) {
  if (service.socket.readyState === 1) service.socket.end(1006);
  await clock.advance(250);
  service.socket.greet();
  service.socket.admit(reply);
}

function numbers(count) {
  return Array.from({ length: count }, (_, i) => i);
}

function contents(socket) {
  return socket.sent.filter(({ type }) => type === 'chat')
    .map(({ content }) => content);
}

test('a publish resolves with its place', async () => {
  const { client, service } = await online({}, ['tea']);
  const publishing = client.publish('tea', { n: 1 }, { excludeSelf: true });
  const frame = service.socket.take('chat');
  assert.deepEqual({ ...frame, id: 0, key: '' }, {
    type: 'chat', room: 'tea', content: { n: 1 }, exclude_self: true, id: 0,
    key: '' });
  assert.match(frame.key, /-1$/);
  service.socket.reply(frame, { seq: 2, epoch: 'e1' });
  assert.deepEqual(await publishing, { seq: 2, epoch: 'e1' });
});

test('questions are answered', async () => {
  const { client, service } = await online({}, ['tea']);
  const { socket } = service;
  const asked = Promise.all([
    client.members('tea'), client.rooms(), client.private('bob', 'psst'),
    client.history('tea', { before: 9, limit: 2 }), client.ping()]);
  socket.reply(socket.take('members'), { member_count: 120 });
  socket.reply(socket.take('rooms'), { rooms: ['tea'] });
  const note = socket.take('private');
  assert.deepEqual([note.to, note.content], ['bob', 'psst']);
  socket.reply(note, { delivered: 2 });
  const history = socket.take('history');
  assert.deepEqual([history.before, history.limit], [9, 2]);
  socket.reply(history, { room: 'tea', messages: [
    { type: 'chat', sender: 'bob', content: 'a', timestamp: 't', seq: 3 }] });
  socket.say({ type: 'pong', id: socket.take('ping').id });
  const [members, rooms, delivered, messages, ping] = await asked;
  assert.deepEqual(members, { members: null, count: 120 });
  assert.deepEqual(rooms, ['tea']);
  assert.deepEqual(delivered, { delivered: 2 });
  assert.deepEqual(messages, [
    { room: 'tea', sender: 'bob', content: 'a', timestamp: 't', seq: 3 }]);
  assert.ok(ping >= 0);
});

test('an error rejects', async () => {
  const { client, service } = await online({}, ['tea']);
  const publishing = client.publish('tea', 'x');
  service.socket.refuse(service.socket.take('chat'), 'forbidden',
    { message: 'No.', retryable: false });
  await assert.rejects(publishing,
    { name: 'ParlorError', code: 'forbidden', message: 'No.' });
});

test('an error that answers nothing is an event', async () => {
  const { service, heard } = await online();
  service.socket.say({
    type: 'error', code: 'rate_limited', message: 'x', retryable: true,
    retry_after_ms: 20 });
  const [{ error }] = heard('error');
  assert.deepEqual(
    [error.code, error.retryable, error.retryAfterMs], ['rate_limited', true, 20]);
});

test('what is not in a room is not said there', async () => {
  const { client, service } = await online();
  for (const asked of [
    client.publish('attic', 'x'), client.members('attic'),
    client.history('attic'), client.presence('attic', 1)]) {
    await assert.rejects(asked, { code: 'not_in_room' });
  }
  assert.equal(client.signal('attic', 'typing'), false);
  assert.deepEqual(service.socket.sent, []);
});

test('an answer that does not come in time is a timeout', async () => {
  const { client, clock } = await online({ requestTimeoutMs: 1000 }, ['tea']);
  const asked = client.members('tea');
  const failing = assert.rejects(asked, { code: 'timeout' });
  await clock.advance(1000);
  await failing;
});

test('what is published offline is sent after the rejoin, in order', async () => {
  const all = await online({}, ['tea']);
  all.service.socket.end(1006);
  const publishing = ['a', 'b', 'c'].map((x) => all.client.publish('tea', x));
  await all.clock.advance(250);
  all.service.socket.greet();
  assert.deepEqual(contents(all.service.socket), []);
  all.service.socket.admit();
  assert.deepEqual(contents(all.service.socket), ['a', 'b', 'c']);
  const keys = all.service.socket.sent.map(({ key }) => key);
  assert.equal(new Set(keys).size, 3);
  for (const seq of [2, 3, 4]) {
    all.service.socket.reply(
      all.service.socket.take('chat'), { seq, epoch: 'e1' });
  }
  assert.deepEqual(
    (await Promise.all(publishing)).map(({ seq }) => seq), [2, 3, 4]);
});

test('the queue has an end', async () => {
  const { client, service } = await online({ maxQueued: 2 }, ['tea']);
  service.socket.end(1006);
  const kept = [client.publish('tea', 'a'), client.private('bob', 'b')];
  await assert.rejects(client.publish('tea', 'c'), {
    code: 'queue_full', message: '2 requests wait already' });
  await assert.rejects(client.private('bob', 'd'), { code: 'queue_full' });
  client.close();
  for (const one of kept) await assert.rejects(one, { code: 'closed' });
});

test('a queue that is full hinders nothing that can be sent', async () => {
  const all = await online({ maxQueued: 1 }, ['tea']);
  for (let i = 0; i < 10; i += 1) all.client.publish('tea', i).catch(() => {});
  assert.equal(contents(all.service.socket).length, 10);
});

test('a publish whose reply was lost is repeated with its key', async () => {
  const all = await online({}, ['tea']);
  const publishing = all.client.publish('tea', 'x');
  const first = all.service.socket.take('chat');
  await comeBack(all, { seq: 4 });
  const second = all.service.socket.take('chat');
  assert.deepEqual(second, first);
  all.service.socket.reply(second, { seq: 2, epoch: 'e1' });
  assert.deepEqual(await publishing, { seq: 2, epoch: 'e1' });
});

test('what was under way comes before what was queued since', async () => {
  const all = await online({}, ['tea']);
  const ignored = ['a', 'b'].map((x) => all.client.publish('tea', x));
  all.service.socket.end(1006);
  ignored.push(all.client.publish('tea', 'c'));
  await comeBack(all);
  assert.deepEqual(contents(all.service.socket), ['a', 'b', 'c']);
  all.client.close();
  await Promise.allSettled(ignored);
});

test('a publish is not repeated into a room that has forgotten its key',
  async () => {
    const all = await online({}, ['tea']);
    const sent = all.client.publish('tea', 'sent');
    all.service.socket.end(1006);
    const queued = all.client.publish('tea', 'queued');
    await comeBack(all, { epoch: 'e2', seq: 1 });
    await assert.rejects(sent, { code: 'unknown_outcome' });
    assert.deepEqual(contents(all.service.socket), ['queued']);
    all.client.close();
    await assert.rejects(queued, { code: 'unknown_outcome' });
  });

test('a publish is repeated into a room that went on elsewhere', async () => {
  const all = await online({}, ['tea']);
  all.client.publish('tea', 'x').catch(() => {});
  await comeBack(
    all, { epoch: 'e2', seq: 1, recovered: true, replayed: 0 });
  assert.deepEqual(contents(all.service.socket), ['x']);
});

test('a publish is not repeated behind the room\'s failure', async () => {
  const all = await online({}, ['tea']);
  const publishing = all.client.publish('tea', 'x');
  all.service.socket.say({
    type: 'room_reset', room: 'tea', epoch: 'e2', seq: 1, reason: 'restart' });
  all.service.socket.end(1006);
  await assert.rejects(publishing, { code: 'connection_lost' });
});

test('a publish is not repeated after its key\'s time', async () => {
  const all = await online({}, ['tea']);
  const publishing = all.client.publish('tea', 'x');
  all.service.socket.end(1006);
  const failing = assert.rejects(publishing, { code: 'unknown_outcome' });
  await all.clock.advance(280001);
  all.client.reconnect();
  all.service.socket.greet();
  all.service.socket.admit();
  await failing;
  assert.deepEqual(contents(all.service.socket), []);
});

test('what must not happen twice is not asked for twice', async () => {
  const all = await online({}, ['tea']);
  const sent = all.client.private('bob', 'psst');
  const asked = all.client.members('tea');
  all.service.socket.end(1006);
  await assert.rejects(sent, { code: 'connection_lost' });
  const later = all.client.private('bob', 'later');
  await comeBack(all);
  const [note] = all.service.socket.sent.filter(
    ({ type }) => type === 'private');
  assert.equal(note.content, 'later');
  all.service.socket.reply(note, { delivered: 1 });
  assert.deepEqual(await later, { delivered: 1 });
  all.service.socket.reply(
    all.service.socket.take('members'), { members: ['ann'] });
  assert.deepEqual(await asked, { members: ['ann'], count: 1 });
});

test('a room that is not there yet holds up no other', async () => {
  const all = await online({}, ['tea']);
  const joining = all.client.join('attic');
  all.client.publish('attic', 'up').catch(() => {});
  all.client.publish('tea', 'down').catch(() => {});
  assert.deepEqual(contents(all.service.socket), ['down']);
  all.service.socket.admit({ seq: 1 });
  await joining;
  assert.deepEqual(contents(all.service.socket), ['down', 'up']);
});

test('a queue is emptied no faster than the service takes it', async () => {
  const all = await online({}, ['tea']);
  all.service.socket.end(1006);
  for (let i = 0; i < 100; i += 1) all.client.publish('tea', i).catch(() => {});
  await all.clock.advance(250);
  all.service.socket.greet();
  all.service.socket.admit();
  const limited = new LimitedService(all, { burst: 20, perSecond: 50 });
  assert.equal(contents(all.service.socket).length, 19);
  limited.open();
  await all.clock.advance(1000);
  assert.equal(limited.said.length, 69);
  await all.clock.advance(1000);
  assert.deepEqual(limited.said, numbers(100));
  assert.equal(limited.refusals, 0);
});

test('no more is under way than the service takes at once', async () => {
  const { client, service, clock } = await online({}, ['tea']);
  for (const i of numbers(50)) client.publish('tea', i).catch(() => {});
  await clock.advance(10000);
  assert.deepEqual(contents(service.socket), numbers(20));
  service.socket.reply(service.socket.take('chat'), { seq: 2, epoch: 'e1' });
  assert.deepEqual(contents(service.socket), numbers(21).slice(1));
});

test('what was too fast is said again, and nothing before it', async () => {
  const { client, service, clock } = await online({}, ['tea']);
  const publishing = client.publish('tea', 'a');
  const first = service.socket.take('chat');
  service.socket.refuse(
    first, 'rate_limited', { retryable: true, retry_after_ms: 300 });
  client.publish('tea', 'b').catch(() => {});
  // The service has one place then; at 50 a second the next is 20 ms later.
  await clock.advance(319);
  assert.deepEqual(contents(service.socket), []);
  await clock.advance(1);
  assert.deepEqual(contents(service.socket), ['a']);
  await clock.advance(19);
  assert.deepEqual(contents(service.socket), ['a']);
  await clock.advance(1);
  assert.deepEqual(contents(service.socket), ['a', 'b']);
  service.socket.reply(service.socket.take('chat'), { seq: 2, epoch: 'e1' });
  await publishing;
});

test('what was refused goes back to its place', async () => {
  for (const [burst, count, stallMs] of [
    [5, 30, 0], [100, 250, 4000], [20, 250, 4000], [1, 30, 0], [3, 60, 500]]) {
    const all = await online({}, ['tea']);
    const limited = new LimitedService(all, { burst, perSecond: 50 });
    for (const i of numbers(count)) all.client.publish('tea', i).catch(() => {});
    await all.clock.advance(stallMs);
    limited.open();
    for (let i = 0; i < 100; i += 1) await all.clock.advance(100);
    assert.deepEqual(limited.said, numbers(count), `burst ${burst}`);
  }
});

test('a service that tells its burst refuses nothing', async () => {
  for (const burst of [2, 3, 5, 6, 20, 41, 100]) {
    const all = played();
    all.client.connect();
    all.service.socket.greet({
      limits: { messages_per_second: 50, message_burst: burst } });
    const joining = all.client.join('tea');
    all.service.socket.admit();
    await joining;
    const limited = new LimitedService(all, { burst, perSecond: 50 });
    for (const i of numbers(100)) all.client.publish('tea', i).catch(() => {});
    await all.clock.advance(2000);
    limited.open();
    for (let i = 0; i < 100; i += 1) await all.clock.advance(100);
    assert.deepEqual(limited.said, numbers(100));
    assert.equal(limited.refusals, 0, `burst ${burst}`);
  }
});

test('what is refused one by one overtakes nothing', async () => {
  const { client, service, clock } = await online({}, ['tea']);
  const { socket } = service;
  for (const i of numbers(4)) client.publish('tea', i).catch(() => {});
  const sent = numbers(4).map(() => socket.take('chat'));
  socket.refuse(sent[1], 'rate_limited', { retry_after_ms: 20 });
  await clock.advance(1000);
  // 2 and 3 were sent when 1 was refused: they may be refused as well.
  for (const i of [4, 5]) client.publish('tea', i).catch(() => {});
  assert.deepEqual(contents(socket), [1]);
  socket.refuse(sent[3], 'rate_limited', { retry_after_ms: 20 });
  await clock.advance(1000);
  assert.deepEqual(contents(socket), [1]);
  socket.refuse(sent[2], 'rate_limited', { retry_after_ms: 20 });
  await clock.advance(1000);
  // 1 was sent again before that came: it may be refused again.
  assert.deepEqual(contents(socket), [1]);
  socket.reply(socket.take('chat'), { seq: 2, epoch: 'e1' });
  await clock.advance(1000);
  assert.deepEqual(contents(socket), [2, 3, 4, 5]);
});

test('what was sent since a refusal may be refused as well', async () => {
  const { client, service, clock } = await online({}, ['tea']);
  const { socket } = service;
  for (const i of numbers(2)) client.publish('tea', i).catch(() => {});
  const [first, second] = numbers(2).map(() => socket.take('chat'));
  const refuse = async (frame) => {
    socket.refuse(frame, 'rate_limited', { retry_after_ms: 20 });
    await clock.advance(1000);
  };
  await refuse(first);
  const again = socket.take('chat');
  assert.equal(again.content, 0);
  await refuse(second);
  // 0 was sent again before that came.
  assert.deepEqual(contents(socket), []);
  await refuse(again);
  assert.deepEqual(contents(socket), [0, 1]);
});

test('what was refused keeps its place over connections', async () => {
  const all = await online({}, ['tea']);
  const { client, service } = all;
  for (const i of numbers(3)) client.publish('tea', i).catch(() => {});
  service.socket.refuse(
    service.socket.take('chat'), 'rate_limited', { retry_after_ms: 300 });
  client.publish('tea', 3).catch(() => {});
  await comeBack(all);
  assert.deepEqual(contents(service.socket), [0, 1, 2, 3]);
});

test('private messages keep their order, too', async () => {
  const { client, service, clock } = await online();
  for (const i of numbers(3)) client.private('bob', i).catch(() => {});
  for (let i = 0; i < 2; i += 1) {
    service.socket.refuse(service.socket.take('private'), 'rate_limited',
      { retry_after_ms: 300 });
  }
  await clock.advance(1000);
  assert.deepEqual(service.socket.sent.map(({ content }) => content), [2, 0, 1]);
});

test('what was refused was not said, however old it is', async () => {
  const all = await online({}, ['tea']);
  all.client.publish('tea', 'x').catch(() => {});
  all.service.socket.refuse(
    all.service.socket.take('chat'), 'rate_limited', { retry_after_ms: 300 });
  await comeBack(all, { epoch: 'e2', seq: 1 });
  assert.deepEqual(contents(all.service.socket), ['x']);
});

test('a refusal says nothing of an earlier sending', async () => {
  const all = await online({}, ['tea']);
  const publishing = all.client.publish('tea', 'x');
  await comeBack(all);
  all.service.socket.refuse(
    all.service.socket.take('chat'), 'rate_limited', { retry_after_ms: 300 });
  all.service.socket.end(1006);
  await all.clock.advance(500);
  all.service.socket.greet();
  all.service.socket.admit({ epoch: 'e2', seq: 1 });
  await assert.rejects(publishing, { code: 'unknown_outcome' });
});

// -- unknown outcomes ---------------------------------------------------------

test('a message whose answer does not come is not confirmed', async () => {
  const { client, service, clock } = await online(
    { requestTimeoutMs: 1000 }, ['tea']);
  const publishing = assert.rejects(client.publish('tea', 'x', { key: 'k' }), {
    code: 'unknown_outcome', key: 'k', retryable: false });
  const whispering = assert.rejects(
    client.private('bob', 'psst'), { code: 'unknown_outcome' });
  await clock.advance(1000);
  await Promise.all([publishing, whispering]);
  assert.equal(service.socket.take('chat').key, 'k');
  const again = client.publish('tea', 'x', { key: 'k' });
  const frame = service.socket.take('chat');
  assert.equal(frame.key, 'k');
  service.socket.reply(frame, { seq: 2, epoch: 'e1' });
  assert.deepEqual(await again, { seq: 2, epoch: 'e1' });
});

test('the error has the key that the client made up', async () => {
  const { client, service, clock } = await online({}, ['tea']);
  const publishing = client.publish('tea', 'x').catch((error) => error);
  const { key } = service.socket.take('chat');
  await clock.advance(15000);
  const error = await publishing;
  assert.deepEqual([error.code, error.key, error.cause.code],
    ['unknown_outcome', key, 'timeout']);
});

test('only what was never sent is closed', async () => {
  const outcome = async (promise) => (await promise.catch((x) => x)).code;
  for (const end of [
    ({ client }) => client.close(),
    ({ service }) => service.socket.end(4004, 'Kicked')]) {
    const all = await online({}, ['tea']);
    const sent = all.client.publish('tea', 'sent');
    const whispered = all.client.private('bob', 'psst');
    const asked = all.client.members('tea');
    const refused = all.client.publish('tea', 'refused');
    all.service.socket.refuse(all.service.socket.sent.at(-1), 'rate_limited',
      { retry_after_ms: 300 });
    const waiting = all.client.publish('tea', 'waiting');
    end(all);
    assert.equal(await outcome(sent), 'unknown_outcome');
    assert.match(await outcome(whispered), /unknown_outcome|connection_lost/);
    assert.equal(await outcome(asked), 'closed');
    assert.equal(await outcome(refused), 'closed');
    assert.equal(await outcome(waiting), 'closed');
  }
});

test('what was sent before is in doubt, whatever ends it', async () => {
  const ends = [
    (all) => all.client.leave('tea'),
    (all) => all.client.close(),
    async (all) => {
      await all.clock.advance(250);
      all.service.socket.greet({ limits: { message_bytes: 128 } });
      all.service.socket.admit();
    },
    async (all) => {
      await all.clock.advance(250);
      all.service.socket.greet();
      all.service.socket.refuse(all.service.socket.take('join'), 'forbidden');
    }];
  for (const end of ends) {
    const all = await online({}, ['tea']);
    const sent = assert.rejects(
      all.client.publish('tea', 'x'.repeat(99)), { code: 'unknown_outcome' });
    all.service.socket.end(1006);
    await end(all);
    await sent;
  }
});

test('what is longer than the service takes is not sent', async () => {
  const all = played();
  all.client.connect();
  const joining = all.client.join('tea');
  const early = all.client.publish('tea', 'x'.repeat(300));
  all.service.socket.greet({ limits: { message_bytes: 256 } });
  all.service.socket.admit();
  await joining;
  await assert.rejects(early, { code: 'too_large' });
  // Every character of it is two bytes.
  await assert.rejects(
    all.client.publish('tea', 'é'.repeat(120)), { code: 'too_large' });
  all.client.publish('tea', 'x'.repeat(120)).catch(() => {});
  assert.equal(contents(all.service.socket).length, 1);
});

/** Nested so deep. */
function nested(depth) {
  let result = 1;
  for (let i = 0; i < depth; i += 1) result = [result];
  return result;
}

function circle() {
  const result = {};
  result.self = result;
  return result;
}

test('a ping tells how long it took', async () => {
  const { client, service, clock } = await online();
  await clock.advance(1000);
  const asking = client.ping();
  await clock.advance(30);
  service.socket.say({ type: 'pong', id: service.socket.take('ping').id });
  assert.equal(await asking, 30);
});

test('nothing is sent by a socket that closes', async () => {
  const { client, service } = await online({}, ['tea']);
  service.socket.readyState = 2;
  client.signal('tea', 'typing', { on: true });
  assert.deepEqual(service.socket.sent, []);
});

test('what has no JSON is refused with the reason', async () => {
  const { client } = await online({}, ['tea']);
  const cause = new Error('no');
  await assert.rejects(
    client.publish('tea', { toJSON() { throw cause; } }),
    { code: 'bad_json', message: 'no', cause });
});

test('what cannot be sent is refused at once, connected or not', async () => {
  const { client, service, clock, events } = await online({}, ['tea']);
  const values = [
    ['bad_request', undefined], ['bad_request', () => {}],
    ['bad_request', Symbol('x')], ['bad_json', 1n], ['bad_json', circle()],
    ['bad_json', 'half \ud83d'], ['bad_json', { '\udc00': 1 }],
    ['bad_json', nested(32)], ['bad_json', nested(100000)],
    ['bad_json', { toJSON() { throw new Error('no'); } }]];
  const names = [
    '', 'a\nb', 'a\u0000', '\u007f', '\u0085', '\ud83d', 'é'.repeat(128), null, 1,
    {}, NaN];
  const check = async () => {
    for (const [code, value] of values) {
      const refusal = { name: 'ParlorError', code };
      await assert.rejects(client.publish('tea', value), refusal);
      await assert.rejects(client.private('bob', value), refusal);
      await assert.rejects(client.presence('tea', value), refusal);
      if (value !== undefined) {
        assert.throws(() => client.signal('tea', 'typing', value), refusal);
      }
    }
    const refusal = { name: 'ParlorError', code: 'bad_request' };
    for (const name of names) {
      await assert.rejects(client.join(name), refusal);
      await assert.rejects(client.private(name, 'x'), refusal);
      await assert.rejects(client.publish('tea', 'x', { key: name }), refusal);
      assert.throws(() => client.signal('tea', name), refusal);
    }
    for (const number of [-1, 0.5, NaN, '1', null]) {
      await assert.rejects(client.join('attic', { rewind: number }), refusal);
      await assert.rejects(client.history('tea', { before: number }), refusal);
      await assert.rejects(client.history('tea', { limit: number }), refusal);
      await assert.rejects(
        client.join('attic', { since: { epoch: 'e', seq: number } }), refusal);
    }
    await assert.rejects(client.join('attic', { since: { seq: 1 } }), refusal);
    await assert.rejects(
      client.publish('tea', 'x'.repeat(65536)), { code: 'too_large' });
  };
  await check();
  assert.deepEqual(service.socket.sent, []);
  service.socket.end(1006);
  await check();
  await clock.advance(250);
  service.socket.greet();
  service.socket.admit();
  assert.deepEqual(service.socket.sent, []);
  assert.deepEqual(events.filter(({ type }) => type === 'error'), []);
});

test('what can just be sent is', async () => {
  const { client, service } = await online({}, ['tea']);
  const values = [
    null, false, 0, '', 'a\\ud83d', '😀', 'a "[[[" \\', nested(31), [nested(30)],
    { a: undefined }, new Date(0)];
  for (const value of values) client.publish('tea', value).catch(() => {});
  client.publish('tea', 'x', { key: 'é'.repeat(127) }).catch(() => {});
  assert.deepEqual(contents(service.socket),
    [...JSON.parse(JSON.stringify(values)), 'x']);
});

test('how deep a service lets values nest is up to it', async () => {
  const { client, service } = played();
  client.connect();
  service.socket.greet({ limits: { json_depth: 64 } });
  const joining = client.join('tea');
  service.socket.admit();
  await joining;
  client.publish('tea', nested(63)).catch(() => {});
  assert.equal(contents(service.socket).length, 1);
  await assert.rejects(client.publish('tea', nested(64)), { code: 'bad_json' });
});

test('what one shows is what it was then', async () => {
  const all = await online({}, ['tea']);
  const data = { mood: 'calm' };
  const showing = all.client.presence('tea', data);
  data.self = data;
  all.service.socket.reply(all.service.socket.take('presence'));
  await showing;
  await comeBack(all);
  assert.deepEqual(
    all.service.socket.take('presence').data, { mood: 'calm' });
});

test('what is published is what it was then', async () => {
  const all = await online({}, ['tea']);
  all.service.socket.end(1006);
  const content = { n: 1 };
  all.client.publish('tea', content).catch(() => {});
  content.n = 2;
  await comeBack(all);
  assert.deepEqual(contents(all.service.socket), [{ n: 1 }]);
});

test('a signal is sent now or never', async () => {
  const all = await online({}, ['tea']);
  assert.equal(all.client.signal('tea', 'typing', { on: true }), true);
  const { id, ...signal } = all.service.socket.take('signal');
  assert.deepEqual(
    signal, { type: 'signal', room: 'tea', name: 'typing', data: { on: true } });
  all.service.socket.refuse({ id }, 'unknown_type');
  const [{ error, request }] = all.heard('error');
  assert.deepEqual([error.code, request.type], ['unknown_type', 'signal']);
  all.client.signal('tea', 'typing');
  all.service.socket.end(1006);
  assert.equal(all.client.signal('tea', 'typing'), false);
  await comeBack(all);
  assert.deepEqual(all.service.socket.sent, []);
  assert.deepEqual(all.heard('error'), []);
});

test('a signal never makes a message wait', async () => {
  const { client, service } = await online({}, ['tea']);
  let sent = 0;
  for (let i = 0; i < 100; i += 1) sent += client.signal('tea', 'typing');
  assert.ok(sent < 30);
  assert.equal(service.socket.sent.length, sent);
  await settled();
});
