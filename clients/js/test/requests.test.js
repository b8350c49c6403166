// SPDX-License-Identifier: MIT
// What becomes of something that was asked for.
import assert from 'node:assert/strict';
import test from 'node:test';

import { settled } from './support/fake_clock.js';
import { online, played } from './support/fixture.js';

/** The next connection, in its room; `reply` is the join's. */
async function comeBack({ service, clock }, reply) {
  if (service.socket.readyState === 1) service.socket.end(1006);
  await clock.advance(250);
  service.socket.greet();
  service.socket.admit(reply);
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
    await assert.rejects(queued, { code: 'closed' });
  });

test('a publish is repeated into a room that went on elsewhere', async () => {
  const all = await online({}, ['tea']);
  all.client.publish('tea', 'x').catch(() => {});
  await comeBack(
    all, { epoch: 'e2', seq: 1, recovered: true, replayed: 0 });
  assert.deepEqual(contents(all.service.socket), ['x']);
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
  assert.equal(contents(all.service.socket).length, 19);
  await all.clock.advance(1000);
  assert.equal(contents(all.service.socket).length, 69);
  await all.clock.advance(1000);
  assert.deepEqual(
    contents(all.service.socket), Array.from({ length: 100 }, (_, i) => i));
});

test('what was too fast is said again, and nothing before it', async () => {
  const { client, service, clock } = await online({}, ['tea']);
  const publishing = client.publish('tea', 'a');
  const first = service.socket.take('chat');
  service.socket.refuse(
    first, 'rate_limited', { retryable: true, retry_after_ms: 300 });
  client.publish('tea', 'b').catch(() => {});
  await clock.advance(299);
  assert.deepEqual(contents(service.socket), []);
  await clock.advance(41);
  assert.deepEqual(contents(service.socket), ['a', 'b']);
  service.socket.reply(service.socket.take('chat'), { seq: 2, epoch: 'e1' });
  await publishing;
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

test('what cannot be written down rejects', async () => {
  const { client } = await online({}, ['tea']);
  const circle = {};
  circle.self = circle;
  await assert.rejects(client.publish('tea', circle), TypeError);
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
