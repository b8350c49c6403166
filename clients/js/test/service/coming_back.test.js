// SPDX-License-Identifier: MIT
// The client and the built service, which is killed, stopped and full.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor, within } from '../support/parlor.js';
import { Visitor } from '../support/visitor.js';

/** In the room again, after so many times. */
function backIn(visitor) {
  return visitor.heard('joined', ({ again }) => again);
}

test('both come back to a service that was killed', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  const bob = await Visitor.online(t, parlor, 'bob', 'tea');
  await ann.client.publish('tea', 'before');
  await bob.heard('message', ({ content }) => content === 'before');
  await parlor.kill();
  await ann.heard('state', ({ state }) => state === 'waiting');
  const offline = [
    ann.client.publish('tea', 'one'), ann.client.publish('tea', 'two')];
  await parlor.start();
  await Promise.all([backIn(ann), backIn(bob)]);
  await within(Promise.all(offline), 'what was said offline');
  // Who was back first has said it before the other came: that is the gap.
  await bob.client.publish('tea', 'after');
  await ann.heard('message', ({ content }) => content === 'after');
  assert.deepEqual(ann.contents(), ['before', 'one', 'two', 'after']);
  for (const visitor of [ann, bob]) {
    const gap = await visitor.heard('gap');
    assert.equal(gap.reason, 'not_recovered');
    assert.notEqual(gap.from.epoch, gap.to.epoch);
  }
});

test('a service that stops says when to come back', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  await parlor.stop();
  const { code, reconnect } = await ann.heard(
    'state', ({ state }) => state === 'waiting');
  assert.deepEqual([code, reconnect], [1012, true]);
  await parlor.start();
  await backIn(ann);
  await ann.client.publish('tea', 'x');
});

test('who was kicked stays away', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  await parlor.json('/api/v1/disconnect', { user: 'ann' });
  const { code } = await ann.heard('state', ({ state }) => state === 'closed');
  assert.equal(code, 4004);
  await assert.rejects(ann.client.publish('tea', 'x'), { code: 'closed' });
});

test('who was replaced leaves the place to the other', async (t) => {
  const parlor = await Parlor.start(
    t, 'limits.max-connections-per-user=1');
  const one = await Visitor.online(t, parlor, 'ann');
  const two = await Visitor.online(t, parlor, 'ann');
  const { reason } = await one.heard(
    'state', ({ state }) => state === 'closed');
  assert.equal(reason, 'Replaced by new connection');
  assert.equal(two.client.state, 'online');
});

test('a full service is tried again until there is a place', async (t) => {
  const parlor = await Parlor.start(t, 'limits.max-connections=1');
  const ann = await Visitor.online(t, parlor, 'ann');
  const bob = new Visitor(t, parlor, 'bob');
  const coming = bob.client.connect();
  const { code } = await bob.heard('state', ({ state }) => state === 'waiting');
  assert.equal(code, 4003);
  ann.client.close();
  await within(coming, 'bob to be let in');
});

test('a service that hangs is noticed', async (t) => {
  const parlor = await Parlor.start(t, 'heartbeat.interval=1s',
    'heartbeat.timeout=3s');
  const ann = await Visitor.online(t, parlor, 'ann');
  parlor.freeze();
  const { code } = await ann.heard('state', ({ state }) => state === 'waiting');
  assert.equal(code, 1006);
});
