// SPDX-License-Identifier: MIT
// What needs a service with history, presence and signals.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../support/parlor.js';
import { Visitor } from '../support/visitor.js';

/** Breaks the connection off, below the client. */
async function cutOff(visitor, sockets) {
  visitor.events.length = 0;
  sockets.at(-1).terminate();
  await visitor.heard('state', ({ state }) => state === 'waiting');
}

/** Visitors whose sockets the test can get at. */
async function breakable(t, parlor, user, ...rooms) {
  const { default: WebSocket } = await import('ws');
  const sockets = [];
  class Seen extends WebSocket {
    constructor(...how) {
      super(...how);
      sockets.push(this);
    }
  }
  const visitor = new Visitor(t, parlor, user, { WebSocket: Seen });
  await visitor.client.connect();
  for (const room of rooms) await visitor.client.join(room);
  return [visitor, sockets];
}

test('what was said meanwhile is recovered, whole and in order', async (t) => {
  const parlor = await Parlor.start(t);
  const [ann, sockets] = await breakable(t, parlor, 'ann', 'tea');
  const bob = await Visitor.online(t, parlor, 'bob', 'tea');
  for (let round = 0; round < 5; round += 1) {
    const said = Array.from({ length: 10 }, (_, i) => `${round}.${i}`);
    await bob.client.publish('tea', said[0]);
    await ann.heard('message', ({ content }) => content === said[0]);
    await cutOff(ann, sockets);
    for (const content of said.slice(1)) {
      await bob.client.publish('tea', content);
    }
    const { recovered } = await ann.heard('joined');
    assert.equal(recovered, true);
    await ann.heard('message', ({ content }) => content === said.at(-1));
    assert.deepEqual(ann.contents(), said.slice(1));
  }
  assert.equal(ann.events.some(({ type }) => type === 'gap'), false);
});

test('a quiet room recovers, too', async (t) => {
  const parlor = await Parlor.start(t);
  const [ann, sockets] = await breakable(t, parlor, 'ann', 'tea');
  const bob = await Visitor.online(t, parlor, 'bob', 'tea');
  await ann.heard('user_joined');
  await cutOff(ann, sockets);
  assert.equal((await ann.heard('joined')).recovered, true);
  await bob.client.publish('tea', 'x');
  await ann.heard('message');
  assert.equal(ann.events.some(({ type }) => type === 'gap'), false);
});

test('one comes back again and again, and nothing is missing', async (t) => {
  const parlor = await Parlor.start(t);
  for (const content of ['a', 'b', 'c']) {
    await parlor.json('/api/v1/publish', { room: 'tea', content });
  }
  const [ann, sockets] = await breakable(t, parlor, 'ann');
  await ann.client.join('tea', { rewind: 3 });
  await ann.client.join('silent');
  const events = [];
  for (let round = 0; round < 4; round += 1) {
    await cutOff(ann, sockets);
    for (const name of ['tea', 'silent']) {
      await ann.heard('joined', ({ room }) => room === name);
    }
    const content = `in round ${round}`;
    if (round % 2) await ann.client.publish('tea', content);
    events.push(...ann.events);
  }
  // Not even of oneself, who went and came.
  assert.deepEqual(events.filter(({ type }) => [
    'gap', 'user_joined', 'user_left'].includes(type)), []);
});

test('the list of a room comes back when enough have left', async (t) => {
  const parlor = await Parlor.start(t, 'limits.members-listed=3');
  const others = [];
  for (const name of ['bob', 'cid', 'dan', 'eve']) {
    others.push(await Visitor.online(t, parlor, name, 'tea'));
  }
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  await ann.heard('members', ({ members, count }) => !members && count === 5);
  for (const other of others.slice(1)) other.client.close();
  await ann.heard('members', ({ members }) => members?.join() === 'ann,bob');
});

test('a publish that is repeated happens once', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  const first = await ann.client.publish('tea', 'x', { key: 'k' });
  assert.deepEqual(
    await ann.client.publish('tea', 'x', { key: 'k' }), first);
  await ann.client.publish('tea', 'y');
  await ann.heard('message', ({ content }) => content === 'y');
  assert.deepEqual(ann.contents(), ['x', 'y']);
});

test('who comes later gets the last messages', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  for (const content of ['a', 'b', 'c']) await ann.client.publish('tea', content);
  const bob = await Visitor.online(t, parlor, 'bob');
  const { replayed } = await bob.client.join('tea', { rewind: 2 });
  assert.equal(replayed, 2);
  await ann.client.publish('tea', 'd');
  await bob.heard('message', ({ content }) => content === 'd');
  assert.deepEqual(bob.contents(), ['b', 'c', 'd']);
  const history = await bob.client.history('tea', { limit: 3 });
  assert.deepEqual(history.map(({ content }) => content), ['b', 'c', 'd']);
  const [{ seq }] = history;
  const before = await bob.client.history('tea', { before: seq, limit: 3 });
  assert.deepEqual(before.map(({ content }) => content), ['a']);
});

test('signals and presence come to the others', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  const bob = await Visitor.online(t, parlor, 'bob');
  await bob.client.join('tea', { presence: true });
  assert.equal(ann.client.signal('tea', 'typing', { on: true }), true);
  const signal = await bob.heard('signal');
  assert.deepEqual(
    [signal.user, signal.name, signal.data], ['ann', 'typing', { on: true }]);
  await ann.client.presence('tea', { away: true });
  const { users } = await bob.heard('presence', (x) => x.users.ann);
  assert.deepEqual(users.ann[0].data, { away: true });
  bob.events.length = 0;
  ann.client.close();
  await bob.heard('user_left');
  await bob.heard('presence', (x) => Object.keys(x.users).length === 0);
});
