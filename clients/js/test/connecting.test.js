// SPDX-License-Identifier: MIT
// From the first attempt to the last: a service that the test plays, a clock
// that stands.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Client, connect } from '../parlor.js';
import { settled } from './support/fake_clock.js';
import { FakeService } from './support/fake_service.js';
import { online, played } from './support/fixture.js';

test('a client is online with the first frame', async () => {
  const { client, service, heard } = played();
  const connecting = client.connect();
  assert.equal(client.state, 'connecting');
  assert.equal(service.socket.url, 'ws://parlor.test/ws/ann');
  assert.deepEqual(service.socket.protocols, ['parlor.typed.v1']);
  service.socket.greet({ connection: 'c7' });
  assert.equal((await connecting).connection, 'c7');
  assert.equal((await client.connect()).connection, 'c7');
  assert.equal(client.connection.connection, 'c7');
  assert.deepEqual(heard('state'), [
    { type: 'state', state: 'connecting' }, { type: 'state', state: 'online' }]);
});

test('connect makes a client that is online', async () => {
  const service = new FakeService();
  const connecting = connect('ws://a', { WebSocket: service.WebSocket });
  service.socket.greet();
  const client = await connecting;
  assert.equal(client.state, 'online');
  client.close();
});

test('what is wrong with the options is said at once', () => {
  const { WebSocket } = new FakeService();
  assert.throws(() => new Client('nonsense', { WebSocket }), TypeError);
  for (const user of [null, NaN, 1, {}, '', 'a\u0000', '\ud83d', 'é'.repeat(128)]) {
    assert.throws(() => new Client('ws://a', { WebSocket, user }),
      { name: 'ParlorError', code: 'bad_request' });
  }
});

test('who was given a name keeps it', async () => {
  const { client, service, clock } = played({ user: undefined });
  client.connect();
  assert.equal(service.socket.url, 'ws://parlor.test/ws');
  service.socket.greet({ user_id: 'anon-1' });
  assert.equal(client.user, 'anon-1');
  service.socket.end(1006);
  await clock.advance(500);
  assert.equal(service.socket.url, 'ws://parlor.test/ws/anon-1');
});

test('attempts are further and further apart', async () => {
  const { client, service, clock, heard } = played();
  client.connect();
  for (const wait of [250, 500, 1000, 2000, 4000, 8000, 10000, 10000]) {
    service.socket.end(1006);
    assert.deepEqual(heard('state').at(-1), {
      type: 'state', state: 'waiting', code: 1006, reason: '',
      reconnect: true, retryInMs: wait });
    const before = service.sockets.length;
    await clock.advance(wait - 1);
    assert.equal(service.sockets.length, before);
    await clock.advance(1);
    assert.equal(service.sockets.length, before + 1);
  }
});

/** A client whose attempts come to nothing, and who tries once more. */
async function failing(attempts, options) {
  const all = played(options);
  all.client.connect().catch(() => {});
  for (let i = 0; i < attempts; i += 1) {
    all.service.socket.end(1006);
    const states = all.events.filter(({ type }) => type === 'state');
    await all.clock.advance(states.at(-1).retryInMs);
  }
  return all;
}

/** The errors that it is told. */
async function errorsOf(attempts, options) {
  const all = await failing(attempts, options);
  await all.clock.advance(10000);
  return all.heard('error').map(({ error }) => error);
}

test('what never comes about is tried on, and not in silence', async () => {
  const asked = [];
  const fetch = async (url, { mode }) => {
    asked.push([url, mode]);
    return { status: 404 };
  };
  assert.deepEqual((await failing(2, { fetch })).heard('error'), []);
  const [error, ...more] = await errorsOf(9, { fetch, user: 'a/b' });
  assert.deepEqual(more, []);
  assert.equal(error.code, 'unreachable');
  assert.equal(error.status, 404);
  assert.equal(error.retryable, true);
  assert.match(error.message, /404 at ws:\/\/parlor\.test\/ws\?user=a%2Fb/);
  assert.deepEqual(
    asked, [['http://parlor.test/ws?user=a%2Fb', 'no-cors']]);
});

test('why nothing comes about may not be known', async () => {
  const opaque = await errorsOf(3, { fetch: async () => ({ status: 0 }) });
  assert.equal('status' in opaque[0], false);
  const offline = await errorsOf(3, {
    fetch: async () => { throw new TypeError('offline'); } });
  assert.equal('status' in offline[0], false);
  const upgradeless = await errorsOf(3, {
    fetch: async () => ({ status: 426 }) });
  assert.match(upgradeless[0].message, /pass upgrades/);
});

test('who asks why has a limit, too', async () => {
  const fetch = (url, { signal }) => new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  const [error] = await errorsOf(3, { fetch });
  assert.equal(error.code, 'unreachable');
});

test('a client that is closed or online meanwhile is told nothing', async () => {
  let answer;
  const fetch = () => new Promise((resolve) => { answer = resolve; });
  for (const then of [({ client }) => client.close(),
    ({ service }) => service.socket.greet()]) {
    const all = await failing(3, { fetch });
    then(all);
    answer({ status: 404 });
    await settled();
    assert.deepEqual(all.heard('error'), []);
    all.client.close();
  }
});

test('a connection that lasted lets the backoff begin anew', async () => {
  const { client, service, clock, heard } = played();
  client.connect();
  const endAfter = async (ms) => {
    service.socket.greet();
    await clock.advance(ms);
    service.socket.end(1006);
    const { retryInMs } = heard('state').at(-1);
    await clock.advance(retryInMs);
    return retryInMs;
  };
  assert.equal(await endAfter(100), 250);
  assert.equal(await endAfter(100), 500);
  assert.equal(await endAfter(4999), 1000);
  assert.equal(await endAfter(5000), 250);
});

test('one comes back when the service said', async () => {
  const { service, clock, heard } = await online();
  service.socket.say({
    type: 'closing', code: 1012, reason: 'Server is closing', reconnect: true,
    retry_after_ms: 3210 });
  service.socket.end(1012, 'Server is closing');
  assert.deepEqual(heard('state'), [{
    type: 'state', state: 'waiting', code: 1012, reason: 'Server is closing',
    reconnect: true, retryInMs: 3210 }]);
  await clock.advance(3210);
  assert.equal(service.sockets.length, 2);
});

test('one stays away where the close code says so', async () => {
  for (const code of [
    1000, 1002, 1003, 1007, 1008, 1009, 4000, 4001, 4002, 4004]) {
    const { client, service, clock, heard } = await online();
    const asking = client.members;
    assert.ok(asking);
    const pending = client.ping();
    service.socket.end(code, 'why');
    await assert.rejects(pending, { code: 'closed', closeCode: code });
    await assert.rejects(client.join('tea'), {
      code: 'closed', message: `the connection is closed: ${code} why` });
    assert.equal(client.state, 'closed');
    assert.equal(heard('state').at(-1).reconnect, false);
    await clock.advance(60000);
    assert.equal(service.sockets.length, 1);
    assert.equal(clock.pending, 0);
  }
});

test('one that is not let in at all learns why', async () => {
  const { client, service } = played();
  const connecting = client.connect();
  service.socket.readyState = 1;
  service.socket.say({
    type: 'closing', code: 4001, reason: 'Unauthorized', reconnect: false });
  service.socket.end(4001, 'Unauthorized');
  await assert.rejects(connecting, {
    code: 'closed', closeCode: 4001, closeReason: 'Unauthorized' });
});

test('a service at capacity is tried again', async () => {
  const { client, service, clock } = played();
  const connecting = client.connect();
  service.socket.readyState = 1;
  service.socket.say({
    type: 'closing', code: 4003, reason: 'Server at capacity',
    reconnect: true });
  service.socket.end(4003);
  await clock.advance(250);
  service.socket.greet();
  await connecting;
});

test('after the end one may connect again, into the same rooms', async () => {
  const { client, service } = await online({}, ['tea']);
  service.socket.end(4000, 'Replaced by new connection');
  const connecting = client.connect();
  service.socket.greet();
  await connecting;
  assert.deepEqual(
    service.socket.admit().since, { epoch: 'e1', seq: 1 });
});

test('a client that is closed closes', async () => {
  const { client, service, clock } = await online({}, ['tea']);
  const lost = client.members('tea');
  client.close();
  assert.equal(service.socket.closedByClient, 1000);
  await assert.rejects(lost, { code: 'closed' });
  assert.equal(client.state, 'closed');
  client.close();
  await clock.advance(60000);
  assert.equal(service.sockets.length, 1);
  assert.equal(clock.pending, 0);
});

test('a client can be closed while it waits, and while it connects', async () => {
  const { client, service, clock } = played();
  const connecting = client.connect();
  service.socket.end(1006);
  client.close();
  await assert.rejects(connecting, { code: 'closed' });
  const again = client.connect();
  client.close();
  await assert.rejects(again, { code: 'closed' });
  await clock.advance(60000);
  assert.equal(service.sockets.length, 2);
});

test('who does not want to wait goes at once', async () => {
  const { client, service, clock } = await online();
  service.socket.end(1006);
  client.reconnect();
  assert.equal(service.sockets.length, 2);
  client.reconnect();
  await clock.advance(400);
  assert.equal(service.sockets.length, 2);
});

test('who asks to reconnect has the connection asked', async () => {
  const { client, service, clock, heard } = await online();
  const first = service.socket;
  client.reconnect();
  assert.deepEqual(first.sent, [{ type: 'ping' }]);
  await clock.advance(2999);
  first.say({ type: 'pong' });
  await clock.advance(10000);
  assert.equal(client.state, 'online');
  client.reconnect();
  await clock.advance(2999);
  assert.equal(client.state, 'online');
  await clock.advance(1);
  const { code, retryInMs } = heard('state')[0];
  assert.deepEqual([code, retryInMs], [1006, 0]);
  assert.equal(service.sockets.length, 2);
});

test('a probe that was answered hurries nothing later', async () => {
  const { client, service, heard } = await online();
  client.reconnect();
  service.socket.say({ type: 'pong' });
  service.socket.end(1006);
  assert.equal(heard('state')[0].retryInMs, 250);
});

test('an attempt that hangs is hurried, too', async () => {
  const { client, service, clock } = played();
  client.connect();
  client.reconnect();
  await clock.advance(2000);
  client.reconnect();
  await clock.advance(999);
  assert.equal(service.sockets.length, 1);
  await clock.advance(1);
  assert.equal(service.sockets.length, 2);
});

test('a network that is back is used at once', async (t) => {
  const listeners = new Set();
  globalThis.addEventListener = (type, listener) => {
    if (type === 'online') listeners.add(listener);
  };
  globalThis.removeEventListener = (type, listener) => {
    listeners.delete(listener);
  };
  t.after(() => {
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
  });
  const back = () => listeners.forEach((listener) => listener({}));
  const { client, service } = await online();
  back();
  assert.deepEqual(service.socket.sent, [{ type: 'ping' }]);
  service.socket.end(1006);
  back();
  assert.equal(service.sockets.length, 2);
  client.close();
  assert.equal(listeners.size, 0);
});

test('an error without a close ends an attempt', async () => {
  const { client, service, clock } = played();
  client.connect();
  service.socket.onerror({});
  await settled();
  assert.equal(client.state, 'waiting');
  await clock.advance(250);
  assert.equal(service.sockets.length, 2);
});

test('an error of a connection that came about is followed by a close',
  async () => {
    const { client, service, heard } = played();
    client.connect();
    service.socket.onopen({});
    service.socket.onerror({});
    await settled();
    assert.equal(client.state, 'connecting');
    service.socket.onclose({ code: 4003, reason: 'full' });
    assert.equal(heard('state').at(-1).code, 4003);
  });

test('after a close the backoff begins anew', async () => {
  const { client, service, clock, heard } = played();
  client.connect().catch(() => {});
  for (const wait of [250, 500, 1000]) {
    service.socket.end(1006);
    await clock.advance(wait);
  }
  client.close();
  client.connect();
  heard();
  service.socket.end(1006);
  assert.equal(heard('state')[0].retryInMs, 250);
});

test('a client that was never connected can be closed', async () => {
  const { client, service, heard } = played();
  const joining = client.join('tea');
  const asking = client.rooms();
  client.close();
  await assert.rejects(joining, { code: 'closed' });
  await assert.rejects(asking, { code: 'closed' });
  assert.deepEqual(heard('state').map(({ state }) => state), ['closed']);
  client.connect();
  service.socket.greet();
  assert.equal(client.state, 'online');
});

test('a proxy of Vue\'s lets a client be', () => {
  const { client } = played();
  // What Vue asks before it makes an object reactive.
  assert.equal(client.__v_skip, true);
  assert.deepEqual(Object.keys(client), []);
});

test('an attempt that hangs is given up', async () => {
  const { client, service, clock } = played({ connectTimeoutMs: 3000 });
  client.connect();
  await clock.advance(3000);
  assert.equal(client.state, 'waiting');
  await clock.advance(250);
  assert.equal(service.sockets.length, 2);
});

test('a silent connection is asked, then dropped', async () => {
  const { client, service, clock, heard } = await online();
  const first = service.socket;
  await clock.advance(29999);
  assert.deepEqual(first.sent, []);
  await clock.advance(1);
  assert.deepEqual(first.sent, [{ type: 'ping' }]);
  await clock.advance(14999);
  assert.equal(client.state, 'online');
  await clock.advance(1);
  assert.equal(client.state, 'waiting');
  assert.equal(heard('state').at(-1).code, 1006);
  // What comes of it now is nobody's.
  first.say({ type: 'system', content: 'late' });
  first.end(4000);
  assert.equal(client.state, 'waiting');
});

test('a connection that speaks is not asked', async () => {
  const { client, service, clock } = await online();
  for (let i = 0; i < 20; i += 1) {
    await clock.advance(20000);
    service.socket.say({ type: 'system', content: 'x', timestamp: 't' });
  }
  assert.deepEqual(service.socket.sent, []);
  await clock.advance(30000);
  service.socket.say({ type: 'pong' });
  await clock.advance(29999);
  assert.equal(client.state, 'online');
});

test('frames that make no sense are none', async () => {
  const { client, service, heard } = await online();
  for (const data of ['', 'nonsense', '[]', 'null', '1', '{}', '{"type":1}',
    '{"type":"toString"}', '{"type":"__proto__"}', '{"type":"future"}',
    '{"type":"chat"}', '{"type":"chat","room":"attic","seq":1}',
    '{"type":"reply","id":99,"ok":true}', new ArrayBuffer(3)]) {
    service.socket.raw(data);
  }
  assert.equal(client.state, 'online');
  assert.deepEqual(heard('message', 'error', 'gap'), []);
});

// -- tokens -------------------------------------------------------------------

test('each connection asks for a token', async () => {
  const reasons = [];
  let count = 0;
  const { client, service, clock } = played({
    getToken: async ({ reason }) => {
      reasons.push(reason);
      count += 1;
      return `token.${count}`;
    } });
  client.connect();
  await settled();
  assert.deepEqual(
    service.socket.protocols, ['parlor.typed.v1', 'bearer.token.1']);
  service.socket.greet();
  service.socket.end(1006);
  await clock.advance(250);
  await settled();
  assert.deepEqual(
    service.socket.protocols, ['parlor.typed.v1', 'bearer.token.2']);
  service.socket.greet();
  service.socket.say({ type: 'closing', code: 4002, reconnect: true });
  service.socket.end(4002);
  await clock.advance(500);
  await settled();
  assert.equal(service.sockets.length, 3);
  assert.equal(service.socket.protocols[1], 'bearer.token.3');
  assert.deepEqual(reasons, ['connect', 'connect', 'expired']);
});

test('a token is renewed before it expires', async () => {
  const { service, heard } = await online({
    getToken: ({ reason }) => `for.${reason}` });
  service.socket.say({ type: 'token_expiring', in_ms: 25000 });
  await settled();
  const refresh = service.socket.take('refresh');
  assert.equal(refresh.token, 'for.expiring');
  service.socket.refuse(refresh, 'unauthorized');
  await settled();
  assert.deepEqual(
    heard('error').map(({ error }) => error.code), ['unauthorized']);
});

test('a token that comes too late is for nobody', async () => {
  let give;
  let asked = 0;
  const { client, service, clock } = await online({
    getToken: ({ reason }) => {
      asked += 1;
      return reason === 'expiring' ? new Promise((resolve) => {
        give = resolve;
      }) : 'a';
    } });
  service.socket.say({ type: 'token_expiring', in_ms: 25000 });
  await settled();
  service.socket.end(1006);
  await clock.advance(250);
  await settled();
  service.socket.greet();
  give('late');
  await settled();
  assert.deepEqual(service.socket.sent, []);
  assert.equal(asked, 3);
  assert.equal(client.state, 'online');
});

test('a token that cannot be had is asked for again later', async () => {
  let working = false;
  const { client, service, clock, heard } = played({
    getToken: async () => {
      if (!working) throw new Error('the identity service is down');
      return 'a';
    } });
  client.connect();
  await settled();
  assert.equal(client.state, 'waiting');
  assert.match(heard('error')[0].error.message, /identity/);
  working = true;
  await clock.advance(250);
  await settled();
  assert.equal(service.sockets.length, 1);
});

test('a client that was closed while it waited for a token stays so', async () => {
  let give;
  const { client, service } = played({
    getToken: () => new Promise((resolve) => {
      give = resolve;
    }) });
  const connecting = client.connect();
  await settled();
  client.close();
  await assert.rejects(connecting, { code: 'closed' });
  give('a');
  await settled();
  assert.equal(service.sockets.length, 0);
});

test('a token that no subprotocol can be ends the client', async () => {
  const { client } = played({
    WebSocket: class {
      constructor() {
        throw new SyntaxError('invalid subprotocol');
      }
    } });
  await assert.rejects(client.connect(), {
    code: 'closed', closeReason: 'invalid subprotocol' });
});

/** A service that refuses every token, as one that has expired. */
async function refuseTokens({ service, clock, heard }, times) {
  for (let i = 0; i < times; i += 1) {
    await settled();
    service.socket.readyState = 1;
    service.socket.say({
      type: 'closing', code: 4002, reason: 'Token expired', reconnect: true });
    service.socket.end(4002);
    await clock.advance(heard('state').at(-1).retryInMs ?? 0);
  }
}

test('another token is asked for where one has expired', async () => {
  const reasons = [];
  const all = played({
    getToken: ({ reason }) => {
      reasons.push(reason);
      return 'a';
    } });
  const connecting = all.client.connect();
  await refuseTokens(all, 2);
  await settled();
  all.service.socket.greet();
  await connecting;
  assert.deepEqual(reasons, ['connect', 'expired', 'expired']);
});

test('tokens are asked for only so many times', async () => {
  let asked = 0;
  const all = played({
    getToken: () => {
      asked += 1;
      return 'a';
    } });
  const refused = assert.rejects(
    all.client.connect(), { code: 'closed', closeCode: 4002 });
  await refuseTokens(all, 5);
  await refused;
  assert.equal(asked, 5);
  all.client.connect().catch(() => {});
  await refuseTokens(all, 1);
  assert.equal(all.client.state, 'connecting');
  all.client.close();
});

test('a token that was good for a while counts for none', async () => {
  const all = played({ getToken: () => 'a' });
  all.client.connect();
  for (let i = 0; i < 10; i += 1) {
    await settled();
    all.service.socket.greet();
    await all.clock.advance(5000);
    await refuseTokens(all, 1);
  }
  await settled();
  assert.equal(all.client.state, 'connecting');
  all.client.close();
});

test('who has no other token stays away', async () => {
  const all = played({
    getToken: ({ reason }) => (reason === 'connect' ? 'a' : undefined) });
  const refused = assert.rejects(
    all.client.connect(), { closeCode: 4002, closeReason: 'Token expired' });
  await refuseTokens(all, 1);
  await refused;
  assert.equal(all.service.sockets.length, 1);
  const again = all.client.connect();
  await settled();
  all.service.socket.greet();
  await again;
});

test('the application has only so long for a token', async () => {
  const all = played({
    getToken: () => new Promise(() => {}), connectTimeoutMs: 3000 });
  all.client.connect().catch(() => {});
  await all.clock.advance(2999);
  assert.equal(all.client.state, 'connecting');
  await all.clock.advance(1);
  assert.equal(all.client.state, 'waiting');
  assert.equal(all.heard('error')[0].error.code, 'timeout');
  await all.clock.advance(250);
  all.client.close();
  assert.equal(all.clock.pending, 0);
});

test('a token that is none is told', async () => {
  const all = played({ getToken: () => ({ token: 'a' }) });
  all.client.connect().catch(() => {});
  await settled();
  assert.equal(all.heard('error')[0].error.code, 'bad_token');
  assert.equal(all.client.state, 'waiting');
});
