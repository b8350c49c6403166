// SPDX-License-Identifier: MIT
// Joining, coming back, and what the application is told of it.
import assert from 'node:assert/strict';
import test from 'node:test';

import { settled } from './support/fake_clock.js';
import { chat, online, played } from './support/fixture.js';

/** Ends the connection and opens the next one. */
async function comeBack({ service, clock }) {
  service.socket.end(1006);
  await clock.advance(250);
  service.socket.greet();
}

test('a join tells where one is and who is there', async () => {
  const { client, service, heard } = await online();
  const joining = client.join('tea', { rewind: 10 });
  const same = client.join('tea');
  const join = service.socket.admit({
    seq: 4, members: ['ann', 'bob'], replayed: 0 });
  assert.equal(join.rewind, 10);
  const standing = {
    room: 'tea', epoch: 'e1', seq: 4, members: ['ann', 'bob'], count: 2,
    recovered: false, replayed: 0 };
  assert.deepEqual(await joining, standing);
  assert.deepEqual(await same, standing);
  assert.deepEqual(await client.join('tea'), standing);
  assert.deepEqual(service.socket.sent, []);
  assert.deepEqual(heard('joined', 'members'), [
    { type: 'joined', ...standing, again: false },
    { type: 'members', room: 'tea', members: ['ann', 'bob'], count: 2 }]);
  assert.deepEqual(client.joined, ['tea']);
});

test('a join before the connection waits for it', async () => {
  const { client, service } = played();
  const joining = client.join('tea');
  client.connect();
  service.socket.greet();
  service.socket.admit();
  assert.equal((await joining).room, 'tea');
});

test('a join that is refused is one no more', async () => {
  const { client, service, clock } = await online();
  const joining = client.join('tea');
  const publishing = client.publish('tea', 'x');
  service.socket.refuse(service.socket.take('join'), 'room_full',
    { retryable: true });
  await assert.rejects(joining, { code: 'room_full', retryable: true });
  await assert.rejects(publishing, { code: 'room_full' });
  assert.deepEqual(client.joined, []);
  await comeBack({ service, clock });
  assert.deepEqual(service.socket.sent, []);
});

test('a join that is not answered in time is taken back', async () => {
  const { client, service, clock } = await online();
  const joining = assert.rejects(client.join('tea'), { code: 'timeout' });
  service.socket.take('join');
  await clock.advance(15000);
  await joining;
  assert.equal(service.socket.take('leave').room, 'tea');
});

test('a join whose answer got lost is made again', async () => {
  const { client, service, clock } = await online();
  const joining = client.join('tea');
  await comeBack({ service, clock });
  service.socket.admit();
  await joining;
});

test('events come as they are, once, in their order', async () => {
  const { service, heard } = await online({}, ['tea']);
  const { socket } = service;
  socket.say(
    chat(2), chat(2),
    { type: 'user_joined', room: 'tea', user_id: 'bob', seq: 3,
      members: ['ann', 'bob'] },
    { type: 'skip', room: 'tea', seq: 4 },
    { type: 'user_left', room: 'tea', user_id: 'bob', seq: 5,
      reason: 'closed' },
    { type: 'private', to: 'ann', content: 'psst', sender: 'bob',
      timestamp: 't' },
    { type: 'system', content: 'notice', timestamp: 't' },
    { type: 'signal', room: 'tea', name: 'typing', data: true, user_id: 'bob' },
    chat(6));
  const { type, room, sender, content, timestamp } = chat(0);
  assert.deepEqual(heard(
    'message', 'user_joined', 'user_left', 'private', 'system', 'signal',
    'gap'), [
    { type: 'message', room, sender, timestamp, content: 'm2', seq: 2,
      replayed: false },
    { type: 'user_joined', room, user: 'bob', seq: 3, replayed: false },
    { type: 'user_left', room, user: 'bob', seq: 5, replayed: false,
      reason: 'closed' },
    { type: 'private', from: 'bob', to: 'ann', content: 'psst',
      timestamp: 't' },
    { type: 'system', content: 'notice', timestamp: 't' },
    { type: 'signal', room, name: 'typing', data: true, user: 'bob' },
    { type: 'message', room, sender, timestamp, content: 'm6', seq: 6,
      replayed: false }]);
  assert.equal(content && type, 'chat');
});

test('what the application says has its origin, also replayed and in history',
  async () => {
    const { client, service, heard } = await online({}, ['tea']);
    const { socket } = service;
    socket.say({ ...chat(2), origin: 'api' }, chat(3),
      { type: 'private', to: 'ann', content: 'psst', sender: 'server',
        timestamp: 't', origin: 'api' },
      // In what a client says, it is content.
      chat(4, { origin: 'api' }));
    assert.deepEqual(heard('message', 'private').map(
      ({ type, origin }) => [type, origin]), [
      ['message', 'api'], ['message', undefined], ['private', 'api'],
      ['message', undefined]]);
    const asked = client.history('tea', { limit: 2 });
    socket.reply(socket.take('history'), { room: 'tea', messages: [
      { ...chat(2), origin: 'api' }, chat(3)] });
    assert.deepEqual((await asked).map((x) => [x.seq, 'origin' in x]),
      [[2, true], [3, false]]);
  });

test('members follow joins, leaves and counts', async () => {
  const { service, heard } = await online({}, ['tea']);
  service.socket.say(
    { type: 'user_joined', room: 'tea', user_id: 'bob', seq: 2,
      members: ['ann', 'bob'] },
    { type: 'user_left', room: 'tea', user_id: 'bob', seq: 3, reason: 'left' },
    { type: 'user_joined', room: 'tea', user_id: 'zoe', seq: 4,
      member_count: 101 },
    { type: 'members_count', room: 'tea', count: 4821 });
  assert.deepEqual(
    heard('members').map(({ members, count }) => [members, count]), [
      [['ann', 'bob'], 2], [['ann'], 1], [null, 101], [null, 4821]]);
});

test('after a reconnect one recovers what was missed', async () => {
  const all = await online({}, ['tea']);
  const { client, service, heard } = all;
  service.socket.say(chat(2));
  await comeBack(all);
  heard();
  const join = service.socket.admit({
    seq: 5, members: ['ann', 'bob'], recovered: true, replayed: 2 });
  assert.deepEqual(join.since, { epoch: 'e1', seq: 2 });
  service.socket.say(
    { type: 'user_joined', room: 'tea', user_id: 'bob', seq: 3 }, chat(4),
    chat(6));
  assert.deepEqual(
    heard('joined', 'user_joined', 'message', 'gap', 'members').map(
      ({ type, seq, replayed }) => [type, seq, replayed]), [
      ['joined', 5, 2], ['members', undefined, undefined],
      ['user_joined', 3, true], ['message', 4, true], ['message', 6, false]]);
  assert.deepEqual(client.position('tea'), { epoch: 'e1', seq: 6 });
});

test('what could not be recovered is told', async () => {
  const all = await online({}, ['tea']);
  all.service.socket.say(chat(2));
  await comeBack(all);
  all.service.socket.admit({ epoch: 'e2', seq: 1 });
  assert.deepEqual(all.heard('gap'), [{
    type: 'gap', room: 'tea', reason: 'not_recovered',
    from: { epoch: 'e1', seq: 2 }, to: { epoch: 'e2', seq: 1 } }]);
});

test('a room that goes on under another epoch may have lost something',
  async () => {
    const { service, heard } = await online({}, ['tea']);
    service.socket.say(chat(2), chat(3), {
      type: 'room_reset', room: 'tea', epoch: 'e2', seq: 2,
      reason: 'failover' }, chat(3, 'another'));
    assert.deepEqual(heard('gap', 'message').map(
      ({ type, content, to }) => content ?? `${type} ${to.epoch} ${to.seq}`),
    ['m2', 'm3', 'gap e2 2', 'another']);
  });

test('what comes before the join is answered is another membership\'s',
  async () => {
    const { client, service, heard } = await online({}, ['tea']);
    client.leave('tea');
    const joining = client.join('tea');
    service.socket.say(chat(2));
    service.socket.reply(service.socket.take('leave'), { room: 'tea' });
    service.socket.admit({ seq: 4 });
    await joining;
    service.socket.say(chat(5));
    assert.deepEqual(heard('message', 'gap').map(({ seq }) => seq), [5]);
  });

test('a room that was left says nothing more', async () => {
  const all = await online({}, ['tea', 'attic']);
  const { client, service, heard } = all;
  const failing = assert.rejects(
    client.publish('tea', 'x'), { code: 'connection_lost' });
  service.socket.take('chat');
  const leaving = client.leave('tea');
  service.socket.say(chat(2), chat(2, 'up here', 'attic'));
  service.socket.reply(service.socket.take('leave'), { room: 'tea' });
  await leaving;
  assert.deepEqual(heard('message').map(({ room }) => room), ['attic']);
  await comeBack(all);
  assert.equal(service.socket.take('join').room, 'attic');
  assert.deepEqual(service.socket.sent, []);
  await assert.rejects(client.leave('tea'), { code: 'not_in_room' });
  await failing;
});

test('a room can be left while there is no connection', async () => {
  const all = await online({}, ['tea']);
  all.service.socket.end(1006);
  const waiting = all.client.publish('tea', 'x');
  await all.client.leave('tea');
  await assert.rejects(waiting, { code: 'left_room' });
  await all.clock.advance(250);
  all.service.socket.greet();
  assert.deepEqual(all.service.socket.sent, []);
});

test('leaving is over when the connection is', async () => {
  const { client, service } = await online({}, ['tea']);
  const leaving = client.leave('tea');
  service.socket.end(1006);
  await leaving;
});

test('a room that let go of us is joined again', async () => {
  const { service, heard } = await online({}, ['tea', 'attic']);
  const { socket } = service;
  socket.say({ type: 'error', code: 'internal', retryable: true,
    message: 'Room has failed: tea' });
  socket.reply(socket.take('rooms'), { rooms: ['attic'] });
  const join = socket.admit({ epoch: 'e2', seq: 1 });
  assert.deepEqual(join,
    { type: 'join', room: 'tea', since: { epoch: 'e1', seq: 1 }, id: join.id });
  assert.deepEqual(heard('error', 'gap', 'joined').map(({ type }) => type),
    ['error', 'gap', 'joined']);
  assert.deepEqual(socket.sent, []);
});

test('rooms are asked for once at a time', async () => {
  const { service } = await online({}, ['tea', 'attic']);
  const { socket } = service;
  const fail = () => socket.say({ type: 'error', code: 'internal',
    retryable: true, message: 'Room has failed' });
  fail();
  fail();
  socket.reply(socket.take('rooms'), { rooms: ['tea', 'attic'] });
  assert.deepEqual(socket.sent, []);
  fail();
  socket.take('rooms');
});

test('rooms that are asked for in vain are taken as they are', async () => {
  const { service, clock, heard } = await online({}, ['tea']);
  const { socket } = service;
  const fail = () => socket.say({ type: 'error', code: 'internal',
    retryable: true, message: 'Room has failed: tea' });
  fail();
  socket.refuse(socket.take('rooms'), 'internal');
  fail();
  socket.take('rooms');
  await clock.advance(10_000);
  assert.deepEqual(heard('error', 'room_lost').map(({ type }) => type),
    ['error', 'error']);
  assert.deepEqual(socket.sent, []);
});

test('a room that lets us in while the rooms are asked for is not suspected',
  async () => {
    const { client, service } = await online({}, ['tea']);
    const { socket } = service;
    const joining = client.join('attic');
    socket.say({ type: 'error', code: 'internal', retryable: true,
      message: 'Room has failed: tea' });
    socket.admit();
    await joining;
    socket.reply(socket.take('rooms'), { rooms: ['tea'] });
    assert.deepEqual(socket.sent, []);
  });

test('a publish that says one is not in joins again, too', async () => {
  const { client, service } = await online({}, ['tea']);
  const { socket } = service;
  const publishing = client.publish('tea', 'x');
  socket.refuse(socket.take('chat'), 'not_in_room');
  await assert.rejects(publishing, { code: 'not_in_room' });
  socket.reply(socket.take('rooms'), { rooms: [] });
  assert.equal(socket.take('join').room, 'tea');
});

test('who is not let in again for now tries later', async () => {
  const all = await online({}, ['tea']);
  await comeBack(all);
  const { service, clock, heard } = all;
  service.socket.refuse(service.socket.take('join'), 'room_full',
    { retryable: true });
  assert.deepEqual(service.socket.sent, []);
  await clock.advance(500);
  service.socket.refuse(service.socket.take('join'), 'room_full',
    { retryable: true });
  await clock.advance(1000);
  heard();
  service.socket.admit({ seq: 3, recovered: true, replayed: 1 });
  assert.deepEqual(heard('joined', 'room_lost').map(({ type }) => type),
    ['joined']);
});

test('who is not let in again at all is told', async () => {
  const all = await online({}, ['tea']);
  all.service.socket.end(1006);
  const waiting = all.client.publish('tea', 'x');
  await all.clock.advance(250);
  all.service.socket.greet();
  all.service.socket.refuse(all.service.socket.take('join'), 'forbidden');
  const [{ room, error }] = all.heard('room_lost');
  assert.deepEqual([room, error.code], ['tea', 'forbidden']);
  await assert.rejects(waiting, { code: 'forbidden' });
  assert.deepEqual(all.client.joined, []);
});

test('more rooms than the rate allows are joined one after the other',
  async () => {
    const names = Array.from({ length: 60 }, (_, i) => `r${i}`);
    const all = await online();
    const limits = { messages_per_second: 20 };
    all.service.socket.greet();
    const joins = names.map((name) => all.client.join(name));
    while (all.service.socket.sent.length > 0) all.service.socket.admit();
    await all.clock.advance(2000);
    while (all.service.socket.sent.length > 0) all.service.socket.admit();
    await Promise.all(joins);
    all.service.socket.end(1006);
    await all.clock.advance(250);
    all.service.socket.greet({ limits });
    assert.equal(all.service.socket.sent.length, 10);
    await all.clock.advance(1000);
    assert.equal(all.service.socket.sent.length, 30);
    await all.clock.advance(1500);
    assert.deepEqual(all.service.socket.sent.map(({ room }) => room), names);
  });

test('presence is shown again after a reconnect, and kept', async () => {
  const all = await online();
  const { client, service, heard } = all;
  const joining = client.join('tea', { presence: true });
  assert.equal(service.socket.admit().presence, true);
  await joining;
  const showing = client.presence('tea', { mood: 'calm' });
  service.socket.reply(service.socket.take('presence'));
  await showing;
  service.socket.say({
    type: 'presence_state', room: 'tea',
    state: { ann: [{ connection: 'c1', data: { mood: 'calm' } }] } }, {
    type: 'presence_diff', room: 'tea',
    joins: { bob: [{ connection: 'c2', data: 1 }] }, leaves: {} });
  assert.deepEqual({ ...heard('presence').at(-1).users }, {
    ann: [{ connection: 'c1', data: { mood: 'calm' } }],
    bob: [{ connection: 'c2', data: 1 }] });
  await comeBack(all);
  assert.equal(service.socket.admit({ seq: 2 }).presence, true);
  assert.deepEqual(service.socket.take('presence').data, { mood: 'calm' });
});

test('presence that the service does not know is not shown again', async () => {
  const all = await online({}, ['tea']);
  const showing = all.client.presence('tea', 1);
  all.service.socket.refuse(all.service.socket.take('presence'),
    'unknown_type');
  await assert.rejects(showing, { code: 'unknown_type' });
  await comeBack(all);
  all.service.socket.admit();
  await settled();
  assert.deepEqual(all.service.socket.sent, []);
});

test('nobody hears of oneself going while one was away', async () => {
  const all = await online({}, ['tea']);
  await comeBack(all);
  all.heard();
  all.service.socket.admit({
    seq: 6, members: ['ann', 'bob'], recovered: true, replayed: 4 });
  all.service.socket.say(
    { type: 'user_left', room: 'tea', user_id: 'ann', seq: 2, reason: 'closed' },
    { type: 'user_joined', room: 'tea', user_id: 'ann', seq: 3 },
    { type: 'user_left', room: 'tea', user_id: 'ann', seq: 4, reason: 'closed' },
    { type: 'user_joined', room: 'tea', user_id: 'bob', seq: 5 });
  assert.deepEqual(
    all.heard('joined', 'user_joined', 'user_left', 'gap').map(
      ({ type, user }) => `${type} ${user}`),
    ['joined undefined', 'user_joined bob']);
  assert.deepEqual(all.client.position('tea'), { epoch: 'e1', seq: 6 });
});

test('alone in a silent room one comes back without a gap', async () => {
  const all = await online({}, ['tea']);
  for (const epoch of ['e2', 'e3']) {
    await comeBack(all);
    all.service.socket.admit({ epoch, seq: 1 });
    await all.clock.advance(5000);
  }
  assert.deepEqual(all.heard('gap'), []);
});

test('a list that was too long is asked for when enough have left', async () => {
  const all = await online();
  const { client, service, clock, heard } = all;
  const joining = client.join('tea');
  service.socket.admit({ seq: 5, members: undefined, member_count: 5 });
  await joining;
  heard();
  const leave = (user, seq) => service.socket.say({
    type: 'user_left', room: 'tea', user_id: user, seq, reason: 'left' });
  leave('bob', 6);
  await clock.advance(500);
  service.socket.reply(
    service.socket.take('members'), { room: 'tea', member_count: 4 });
  await clock.advance(10000);
  assert.deepEqual(service.socket.sent, []);
  leave('cid', 7);
  leave('dan', 8);
  await clock.advance(1000);
  service.socket.reply(
    service.socket.take('members'), { room: 'tea', members: ['ann', 'eve'] });
  assert.deepEqual(heard('members').map(
    ({ members, count }) => members ?? count), [4, 4, 3, 2, ['ann', 'eve']]);
  leave('eve', 9);
  assert.deepEqual(heard('members')[0].members, ['ann']);
  await clock.advance(100000);
  assert.deepEqual(service.socket.sent.filter(
    ({ type }) => type === 'members'), []);
});

test('a count that falls makes a list worth asking for', async () => {
  const { client, service, clock, heard } = await online();
  const joining = client.join('tea');
  service.socket.admit({ members: undefined, member_count: 5 });
  await joining;
  heard();
  service.socket.say({ type: 'members_count', room: 'tea', count: 2 });
  await clock.advance(1000);
  service.socket.reply(
    service.socket.take('members'), { room: 'tea', members: ['ann', 'eve'] });
  assert.deepEqual(heard('members').map(
    ({ members, count }) => members ?? count), [2, ['ann', 'eve']]);
});

test('members are asked for where joins and leaves were void or missed',
  async () => {
    const { client, service, clock, heard } = await online();
    const joining = client.join('tea');
    service.socket.admit({ seq: 3, members: ['ann', 'bob'] });
    await joining;
    const reset = (epoch, seq) => service.socket.say({
      type: 'room_reset', room: 'tea', epoch, seq, reason: 'failover' });
    const asked = () => service.socket.sent.filter(
      ({ type }) => type === 'members').length;
    reset('e2', 3);
    await clock.advance(10000);
    assert.equal(asked(), 0);
    heard();
    reset('e3', 2);
    await clock.advance(1000);
    service.socket.reply(
      service.socket.take('members'), { room: 'tea', members: ['ann'] });
    assert.deepEqual(
      heard('members').map(({ members }) => members), [['ann']]);
    reset('e4', 7);
    service.socket.say({
      type: 'user_joined', room: 'tea', user_id: 'cid', seq: 8,
      members: ['ann', 'cid'] });
    await clock.advance(10000);
    assert.equal(asked(), 0);
  });

test('a list is not asked for in a room that is not there', async () => {
  const all = await online();
  const { client, service, clock } = all;
  const joining = client.join('tea');
  service.socket.admit({ members: undefined, member_count: 5 });
  await joining;
  service.socket.say({ type: 'members_count', room: 'tea', count: 4 });
  const leaving = client.leave('tea');
  service.socket.reply(service.socket.take('leave'), { room: 'tea' });
  await leaving;
  await clock.advance(10000);
  assert.deepEqual(service.socket.sent, []);
});

test('a room is left when all who joined it have left it', async () => {
  const { client, service } = await online({}, ['tea']);
  await client.join('tea');
  assert.equal(await client.leave('tea'), false);
  assert.deepEqual(client.joined, ['tea']);
  assert.deepEqual(service.socket.sent, []);
  const leaving = client.leave('tea');
  service.socket.reply(service.socket.take('leave'), { room: 'tea' });
  assert.equal(await leaving, true);
  assert.deepEqual(client.joined, []);
  await assert.rejects(client.leave('tea'), { code: 'not_in_room' });
});

test('a second join may ask for presence', async () => {
  const all = await online({}, ['tea']);
  await all.client.join('tea', { presence: true, rewind: 5 });
  const { type, presence, rewind } = all.service.socket.take('join');
  assert.deepEqual([type, presence, rewind], ['join', true, undefined]);
  await all.client.join('tea', { presence: true });
  assert.deepEqual(all.service.socket.sent, []);
  await comeBack(all);
  assert.equal(all.service.socket.take('join').presence, true);
});

test('a connection that ends while the rooms are asked for is no hindrance',
  async () => {
    const all = await online({}, ['tea']);
    const fail = () => all.service.socket.say({
      type: 'error', code: 'internal', retryable: true, message: 'failed' });
    fail();
    all.service.socket.take('rooms');
    await comeBack(all);
    all.service.socket.admit({ recovered: true });
    fail();
    all.service.socket.take('rooms');
  });

test('a refused rejoin is not tried twice on the next connection', async () => {
  const all = await online({}, ['tea']);
  await comeBack(all);
  all.service.socket.refuse(all.service.socket.take('join'), 'room_full',
    { retryable: true });
  all.service.socket.end(1006);
  await all.clock.advance(500);
  all.service.socket.greet();
  await all.clock.advance(14000);
  assert.equal(all.service.socket.sent.filter(
    ({ type }) => type === 'join').length, 1);
});
