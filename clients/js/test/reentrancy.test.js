// SPDX-License-Identifier: MIT
// Whatever an application does in a listener: events come one after the other,
// `close` is final, and the client goes on.
import assert from 'node:assert/strict';
import test from 'node:test';

import { settled } from './support/fake_clock.js';
import { chat, EVENTS, played } from './support/fixture.js';

/** Everything that an application may call; what rejects is not the point. */
const METHODS = {
  connect: (client) => client.connect(),
  reconnect: (client) => client.reconnect(),
  close: (client) => client.close(),
  join: (client) => client.join('attic'),
  'join again': (client) => client.join('tea', { presence: true }),
  leave: (client) => client.leave('tea'),
  'leave and join': (client) => {
    client.leave('tea').catch(() => {});
    return client.join('tea');
  },
  position: (client) => client.position('tea'),
  publish: (client) => client.publish('tea', 'x'),
  signal: (client) => client.signal('tea', 'typing'),
  presence: (client) => client.presence('tea', 1),
  history: (client) => client.history('tea'),
  members: (client) => client.members('tea'),
  private: (client) => client.private('bob', 'x'),
  rooms: (client) => client.rooms(),
  ping: (client) => client.ping(),
  on: (client) => client.on('message', () => {}),
  off: (client) => client.off('message', () => {}),
  throw: () => {
    throw new Error('of the application');
  },
};

const STATES = ['connecting', 'online', 'waiting', 'closed'];
const MOMENTS = [
  ...EVENTS.filter((type) => type !== 'state').map((type) => [type]),
  ...STATES.map((state) => ['state', state])];

/** What a service does so that everything happens once at least. */
async function everything({ client, clock, service }, giveToken) {
  const { say } = {
    say: (...frames) => service.socket.readyState === 1
      && service.socket.say(...frames),
  };
  const admit = (more) => {
    while (service.socket?.sent.some(({ type }) => type === 'join')) {
      service.socket.admit(more);
    }
  };
  client.connect().catch(() => {});
  client.join('tea', { presence: true }).catch(() => {});
  await settled();
  giveToken();
  await clock.advance(300);
  if (!service.socket) return;
  service.socket.greet();
  admit({ members: ['ann', 'bob'] });
  say(chat(2), chat(4),
    { type: 'user_joined', room: 'tea', user_id: 'bob', seq: 5,
      members: ['ann', 'bob'] },
    { type: 'user_left', room: 'tea', user_id: 'bob', seq: 6, reason: 'left' },
    { type: 'private', to: 'ann', content: 'x', sender: 'bob', timestamp: 't' },
    { type: 'system', content: 'x', timestamp: 't' },
    { type: 'signal', room: 'tea', name: 'typing', user_id: 'bob' },
    { type: 'presence_state', room: 'tea', state: {} },
    { type: 'room_reset', room: 'tea', epoch: 'e2', seq: 9, reason: 'restart' });
  service.socket.end(1006);
  await clock.advance(300);
  service.socket.greet();
  admit({ epoch: 'e3', seq: 20 });
  service.socket.end(1006);
  await clock.advance(600);
  service.socket.greet();
  for (const join of service.socket.sent.filter(({ type }) => type === 'join')) {
    service.socket.refuse(join, 'forbidden');
  }
  service.socket.end(4004, 'Kicked');
  await clock.advance(60000);
}

/** Plays it, with this done at each such moment; tells what was heard. */
async function play(t, [type, state], act) {
  const errors = t.mock.method(globalThis, 'queueMicrotask', () => {});
  let working = false;
  const all = played({
    getToken: () => {
      if (!working) throw new Error('no token yet');
      return 'a';
    } });
  let inside = 0;
  let acts = 0;
  const heard = [];
  for (const each of EVENTS) {
    all.client.on(each, (event) => {
      assert.equal(inside, 0, `${each} came within another event`);
      inside += 1;
      heard.push({ type: each, ...event });
      if (each === type && (!state || event.state === state) && acts < 3) {
        acts += 1;
        try {
          Promise.resolve(act(all.client, heard)).catch(() => {});
        } finally {
          inside -= 1;
        }
        return;
      }
      inside -= 1;
    });
  }
  await everything(all, () => {
    working = true;
  });
  const thrown = errors.mock.calls.map(({ arguments: [fail] }) => fail)
    .filter((fail) => /throw error/.test(fail))
    .map((fail) => {
      try {
        fail();
      } catch (error) {
        return error;
      }
      return undefined;
    }).filter((error) => error && error.message !== 'of the application');
  errors.mock.restore();
  return { ...all, heard, acts, thrown };
}

for (const moment of MOMENTS) {
  test(`every method may be called in ${moment.join(' ')}`, async (t) => {
    for (const [name, act] of Object.entries(METHODS)) {
      const { client, heard, acts, thrown } = await play(t, moment, act);
      assert.ok(acts > 0, `${moment} never came`);
      assert.deepEqual(thrown, [], name);
      // The client's own idea of its state is the last that it told.
      const states = heard.filter(({ type }) => type === 'state');
      assert.equal(states.at(-1).state, client.state, name);
      client.close();
    }
  });

  test(`close is final in ${moment.join(' ')}`, async (t) => {
    let closedAt;
    const { client, clock, service, heard } = await play(t, moment, (own, all) => {
      own.close();
      closedAt ??= all.length;
    });
    const sockets = service.sockets.length;
    await clock.advance(600000);
    assert.equal(client.state, 'closed');
    assert.equal(clock.pending, 0);
    assert.equal(service.sockets.length, sockets);
    const ends = heard.map(({ type, state }, i) => [i, type, state])
      .filter(([, type, state]) => type === 'state' && state === 'closed');
    assert.equal(ends.length, 1, 'closed is told once');
    assert.equal(ends[0][0], heard.length - 1, 'nothing comes after it');
    // Only what had happened before the call comes between.
    assert.deepEqual(heard.slice(closedAt, -1)
      .filter(({ type }) => type === 'state'), []);
  });
}

test('nobody is online who was closed while connecting', async (t) => {
  const { service, heard } = await play(
    t, ['state', 'connecting'], (client) => client.close());
  assert.equal(service.sockets.length, 0);
  assert.deepEqual(heard.map(({ state }) => state), ['connecting', 'closed']);
});
