// SPDX-License-Identifier: MIT
// The client and the built service: what is said, and to whom.
import assert from 'node:assert/strict';
import test from 'node:test';

import WebSocket from 'ws';

import { Client, connect } from '../../parlor.js';
import { Parlor, within } from '../support/parlor.js';
import { Visitor } from '../support/visitor.js';

test('two clients talk, and hear each other come and go', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann', 'tea room/ü');
  const bob = await Visitor.online(t, parlor, 'bob', 'tea room/ü');
  const came = await ann.heard('user_joined');
  assert.deepEqual([came.user, came.seq, came.replayed], ['bob', 2, false]);
  const content = { text: 'hello', tags: ['a', null] };
  const { seq } = await bob.client.publish('tea room/ü', content);
  assert.equal(seq, 3);
  const message = await ann.heard('message');
  assert.deepEqual(message.content, content);
  assert.equal(message.sender, 'bob');
  assert.equal((await bob.heard('message')).seq, 3);
  await bob.client.publish('tea room/ü', 'not to me', { excludeSelf: true });
  await bob.client.publish('tea room/ü', 'to all');
  await ann.heard('message', (x) => x.content === 'to all');
  assert.deepEqual(bob.contents(), [content, 'to all']);
  assert.deepEqual(await ann.client.members('tea room/ü'),
    { members: ['ann', 'bob'], count: 2 });
  assert.deepEqual(await ann.client.rooms(), ['tea room/ü']);
  assert.ok(await ann.client.ping() >= 0);
  // Of the time when she was alone there is such an event, too.
  const before = ann.events.splice(0);
  await bob.client.leave('tea room/ü');
  const left = await ann.heard('user_left');
  assert.deepEqual([left.user, left.reason], ['bob', 'left']);
  assert.deepEqual((await ann.heard(
    'members', ({ count }) => count === 1)).members, ['ann']);
  assert.deepEqual([...before, ...ann.events].filter(
    ({ type }) => type === 'gap' || type === 'error'), []);
});

test('private messages say to how many they went', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann');
  const bob = await Visitor.online(t, parlor, 'bob');
  assert.deepEqual(
    await ann.client.private('bob', 'psst'), { delivered: 1 });
  assert.deepEqual(await ann.client.private('zoe', 'psst'), { delivered: 0 });
  const { from, to, content } = await bob.heard('private');
  assert.deepEqual([from, to, content], ['ann', 'bob', 'psst']);
});

test('what the application says is told from what users say', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann');
  const bob = await Visitor.online(t, parlor, 'bob');
  for (const { client } of [ann, bob]) await client.join('tea');
  await parlor.json('/api/v1/publish', {
    room: 'tea', content: 'one', sender: 'bob' });
  await bob.client.publish('tea', 'two');
  await ann.heard('message', ({ content }) => content === 'two');
  assert.deepEqual(ann.events.filter(({ type }) => type === 'message').map(
    ({ sender, origin }) => [sender, origin]),
  [['bob', 'api'], ['bob', undefined]]);
  await parlor.json('/api/v1/send', { user: 'ann', content: 'psst' });
  assert.equal((await ann.heard('private')).origin, 'api');
  assert.deepEqual((await ann.client.history('tea')).map(({ origin }) => origin),
    ['api', undefined]);
});

test('a notice reaches everyone', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann');
  await parlor.json('/api/v1/broadcast', { content: 'back in five minutes' });
  assert.equal((await ann.heard('system')).content, 'back in five minutes');
});

test('any name gets to the service', async (t) => {
  const parlor = await Parlor.start(t);
  const names = ['a/b', '..', 'é?#%2F&+ ', 'plain.name-1'];
  for (const name of names) {
    const { client } = await Visitor.online(t, parlor, name, 'tea');
    assert.equal(client.user, name);
  }
  const { client } = await Visitor.online(t, parlor, 'zoe', 'tea');
  assert.deepEqual(
    (await client.members('tea')).members, [...names, 'zoe'].sort());
});

test('where no service is, the client says what is', async (t) => {
  const parlor = await Parlor.start(t);
  const client = new Client(`${parlor.url}/nowhere`, { user: 'ann', WebSocket });
  t.after(() => client.close());
  const told = new Promise((resolve) => {
    client.on('error', ({ error }) => resolve(error));
  });
  client.connect().catch(() => {});
  const { code, status, url } = await within(told, 'the reason');
  assert.deepEqual([code, status], ['unreachable', 404]);
  assert.equal(
    url, `${parlor.url.replace(/^http/, 'ws')}/nowhere/ws/ann`);
});

test('who has no name is given one', async (t) => {
  const parlor = await Parlor.start(t);
  const client = await connect(parlor.url, { WebSocket });
  assert.match(client.user, /^anon-[0-9a-f]{16}$/);
  client.close();
});

test('a queue of a thousand is taken whole, below the limit', async (t) => {
  const parlor = await Parlor.start(t, 'limits.messages-per-second=500',
    'limits.message-burst=1000');
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  const bob = await Visitor.online(t, parlor, 'bob', 'tea');
  const all = Array.from({ length: 1000 }, (_, i) => i);
  await Promise.all(all.map((i) => ann.client.publish('tea', i)));
  await bob.heard('message', ({ content }) => content === 999);
  assert.deepEqual(bob.contents(), all);
  assert.equal(bob.events.some(({ type }) => type === 'gap'), false);
});

test('what is too fast for the service comes in its order', async (t) => {
  const parlor = await Parlor.start(t, 'limits.message-burst=5');
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  const bob = await Visitor.online(t, parlor, 'bob', 'tea');
  const all = Array.from({ length: 30 }, (_, i) => i);
  await Promise.all(all.map((i) => ann.client.publish('tea', i)));
  await bob.heard('message', ({ content }) => content === 29);
  assert.deepEqual(bob.contents(), all);
});

test('an uplink that stalls turns nothing round', async (t) => {
  const parlor = await Parlor.start(t);
  const held = [];
  let stalls = false;
  class Stalling extends WebSocket {
    send(text) {
      if (stalls) held.push(() => super.send(text));
      else super.send(text);
    }
  }
  const ann = new Visitor(t, parlor, 'ann', { WebSocket: Stalling });
  await ann.client.connect();
  await ann.client.join('tea');
  const bob = await Visitor.online(t, parlor, 'bob', 'tea');
  stalls = true;
  const all = Array.from({ length: 250 }, (_, i) => i);
  const said = Promise.all(all.map((i) => ann.client.publish('tea', i)));
  await new Promise((resolve) => {
    setTimeout(resolve, 4000);
  });
  stalls = false;
  for (const send of held) send();
  await said;
  await bob.heard('message', ({ content }) => content === 249);
  assert.deepEqual(bob.contents(), all);
});

test('what the service does not know is an error, and no more', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await Visitor.online(t, parlor, 'ann', 'tea');
  await assert.rejects(
    ann.client.join('\u0001'), { code: 'bad_request', retryable: false });
  await ann.client.publish('tea', 'still here');
  assert.deepEqual(ann.client.joined, ['tea']);
});
