// SPDX-License-Identifier: MIT
// The parts that decide something by themselves.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Backoff } from '../parlor/backoff.js';
import { systemClock } from '../parlor/clock.js';
import { judgeClose } from '../parlor/close_codes.js';
import { Emitter } from '../parlor/emitter.js';
import { endpointUrl, subprotocols, webSocketOf } from '../parlor/endpoint.js';
import { keyMaker } from '../parlor/keys.js';
import { Liveness } from '../parlor/liveness.js';
import { Members } from '../parlor/members.js';
import { Pacer } from '../parlor/pacer.js';
import { Presence } from '../parlor/presence.js';

test('the backoff doubles up to its cap, with full jitter', () => {
  const most = new Backoff({ random: () => 0.999999 });
  const waits = Array.from({ length: 8 }, () => most.next());
  assert.deepEqual(
    waits, [499, 999, 1999, 3999, 7999, 15999, 19999, 19999]);
  most.reset();
  assert.equal(most.next(), 499);
  const least = new Backoff({ random: () => 0 });
  assert.deepEqual([least.next(), least.next()], [0, 0]);
});

test('the backoff stays at its cap however often one tries', () => {
  const backoff = new Backoff({ random: () => 1 });
  for (let i = 0; i < 5000; i += 1) backoff.next();
  assert.equal(backoff.next(), 20000);
});

test('each close code says whether to come back', () => {
  const comesBack = (code) => judgeClose({ code }, true).reconnect;
  for (const code of [
    1000, 1002, 1003, 1007, 1008, 1009, 4000, 4001, 4004]) {
    assert.equal(comesBack(code), false, code);
  }
  for (const code of [
    1001, 1005, 1006, 1011, 1012, 1013, 4002, 4003, 4006, 4008, 4009, 4321]) {
    assert.equal(comesBack(code), true, code);
  }
});

test('an expired token is no reason to come back without another', () => {
  const closing = { code: 4002, reconnect: true };
  assert.equal(judgeClose({ code: 4002, closing }, false).reconnect, false);
  assert.equal(judgeClose({ code: 4002, closing }, true).reconnect, true);
});

test('the closing frame wins over the close', () => {
  const closing = {
    code: 1012, reason: 'Server is closing', reconnect: true,
    retry_after_ms: 750 };
  assert.deepEqual(judgeClose({ code: 1006, reason: '', closing }, false), {
    code: 1012, reason: 'Server is closing', reconnect: true, afterMs: 750 });
  assert.equal(judgeClose({
    code: 1013, closing: { code: 1013, reconnect: false } }, false).reconnect,
  false);
});

test('after two intervals of silence one asks, after three one gives up', () => {
  const liveness = new Liveness(1000, 0);
  assert.deepEqual(liveness.check(0), { action: 'wait', inMs: 2000 });
  liveness.heard(500);
  assert.deepEqual(liveness.check(2000), { action: 'wait', inMs: 500 });
  assert.deepEqual(liveness.check(2500), { action: 'ping', inMs: 1000 });
  assert.deepEqual(liveness.check(3000), { action: 'wait', inMs: 500 });
  assert.deepEqual(liveness.check(3500), { action: 'drop' });
});

test('whatever comes after the question is an answer', () => {
  const liveness = new Liveness(1000, 0);
  liveness.check(2000);
  liveness.heard(2999);
  assert.deepEqual(liveness.check(3000), { action: 'wait', inMs: 1999 });
});

test('who asks has to be answered within the limit', () => {
  const liveness = new Liveness(1000, 0);
  liveness.asked(300, 100);
  assert.deepEqual(liveness.check(100), { action: 'wait', inMs: 300 });
  liveness.asked(900, 200);
  assert.deepEqual(liveness.check(400), { action: 'drop' });
  liveness.heard(400);
  assert.deepEqual(liveness.check(400), { action: 'wait', inMs: 2000 });
  const never = new Liveness(Infinity, 0);
  assert.deepEqual(never.check(1e9), { action: 'wait', inMs: Infinity });
});

test('time never goes back, whatever is done to the wall clock', (t) => {
  const before = systemClock.now();
  t.mock.method(Date, 'now', () => 0);
  assert.ok(systemClock.now() >= before);
});

test('a laptop that slept asks before it gives up', () => {
  const liveness = new Liveness(1000, 0);
  assert.equal(liveness.check(3600000).action, 'ping');
});

test('the pacer lets half a second\'s worth through, then the rate', () => {
  const pacer = new Pacer();
  pacer.begin(10, 0);
  for (let i = 0; i < 5; i += 1) assert.equal(pacer.take(0), 0);
  assert.equal(pacer.take(0), 100);
  assert.equal(pacer.take(100), 0);
  assert.equal(pacer.take(100), 100);
  assert.equal(pacer.take(10000), 0);
});

test('a high rate is no leave to send all at once', () => {
  const pacer = new Pacer();
  pacer.begin(1000, 0);
  let sent = 0;
  while (pacer.take(0) === 0) sent += 1;
  assert.equal(sent, 20);
  assert.equal(pacer.take(0), 1);
});

test('half of the burst is let through, and half of that once refused', () => {
  const atOnce = (burst) => {
    const pacer = new Pacer();
    pacer.begin(50, 0, burst);
    const result = [pacer.atOnce];
    pacer.narrow();
    return [...result, pacer.atOnce];
  };
  assert.deepEqual([undefined, 100, 41, 11, 5, 3, 2, 1].map(atOnce), [
    [20, 10], [20, 10], [20, 10], [5, 2], [2, 1], [1, 1], [1, 1], [1, 1]]);
});

test('the pacer has no limit where the service has none', () => {
  const pacer = new Pacer();
  pacer.begin(0, 0);
  for (let i = 0; i < 5000; i += 1) assert.equal(pacer.take(0), 0);
});

test('the pacer waits as long as it is told', () => {
  const pacer = new Pacer();
  pacer.begin(0, 0);
  pacer.pause(700, 100);
  assert.equal(pacer.take(300), 500);
  assert.equal(pacer.take(800), 0);
  pacer.pause(700, 800);
  pacer.begin(0, 900);
  assert.equal(pacer.take(900), 0);
});

test('the URL is the service\'s, whatever its scheme and path', () => {
  assert.equal(endpointUrl('http://a:8080', 'ann'), 'ws://a:8080/ws/ann');
  assert.equal(endpointUrl('https://a/?x=1#y', 'ann'), 'wss://a/ws/ann?x=1');
  assert.equal(endpointUrl('https://a/p?x=%2F&y'), 'wss://a/p/ws?x=%2F&y');
  assert.equal(endpointUrl('wss://a'), 'wss://a/ws');
  assert.throws(() => endpointUrl('ftp://a', 'ann'), TypeError);
});

test('a name that a proxy could take for more is in the query', () => {
  assert.equal(endpointUrl('ws://a/chat/rooms/', 'b/c ?#%&+'),
    'ws://a/chat/rooms/ws?user=b%2Fc%20%3F%23%25%26%2B');
  assert.equal(endpointUrl('ws://a?x=%2F', 'é'), 'ws://a/ws?x=%2F&user=%C3%A9');
  assert.equal(endpointUrl('ws://a', 'A-z_0.9~'), 'ws://a/ws/A-z_0.9~');
  for (const dots of ['.', '..']) {
    assert.equal(endpointUrl('ws://a', dots), `ws://a/ws?user=${dots}`);
  }
  assert.equal(endpointUrl('ws://a', '...'), 'ws://a/ws/...');
});

test('a token travels as a subprotocol beside the dialect', () => {
  assert.deepEqual(subprotocols(), ['parlor.typed.v1']);
  assert.deepEqual(
    subprotocols('a.b.c'), ['parlor.typed.v1', 'bearer.a.b.c']);
});

test('where there is no WebSocket the error says what to do', (t) => {
  const before = globalThis.WebSocket;
  t.after(() => {
    globalThis.WebSocket = before;
  });
  globalThis.WebSocket = undefined;
  assert.throws(() => webSocketOf(undefined),
    { code: 'no_websocket', message: /option WebSocket/ });
  class Given {}
  assert.equal(webSocketOf(Given), Given);
  globalThis.WebSocket = Given;
  assert.equal(webSocketOf(undefined), Given);
});

test('keys are never made twice', () => {
  const one = keyMaker(Math.random);
  const two = keyMaker(Math.random);
  const keys = [one(), one(), two(), two()];
  assert.equal(new Set(keys).size, 4);
  for (const key of keys) assert.match(key, /^[0-9a-z]+-[12]$/);
});

test('a listener can be taken off, and its error stops no other', (t) => {
  const later = t.mock.method(globalThis, 'queueMicrotask', () => {});
  const emitter = new Emitter();
  const heard = [];
  const off = emitter.on('x', () => heard.push('off'));
  const named = () => heard.push('named');
  emitter.on('x', named);
  emitter.on('x', () => {
    throw new Error('of the application');
  });
  emitter.on('x', (event) => heard.push(event));
  off();
  emitter.emit('x', 1);
  emitter.off('x', named);
  assert.throws(
    later.mock.calls[0].arguments[0], { message: 'of the application' });
  assert.deepEqual(heard, ['named', 1]);
  assert.throws(() => emitter.on('x', 'no function'), TypeError);
});

test('what a listener causes comes behind what it hears', () => {
  const emitter = new Emitter();
  const heard = [];
  emitter.on('x', () => emitter.emit('y', 'caused'));
  for (const type of ['x', 'y']) emitter.on(type, (event) => heard.push(event));
  emitter.hold(() => {
    emitter.emit('x', 1);
    emitter.hold(() => emitter.emit('x', 2));
    assert.deepEqual(heard, []);
  });
  assert.deepEqual(heard, [1, 2, 'caused', 'caused']);
  assert.throws(() => emitter.hold(() => {
    emitter.emit('x', 3);
    throw new Error('within');
  }), { message: 'within' });
  assert.deepEqual(heard.slice(4), [3, 'caused']);
});

test('members are names, or a number where there are too many', () => {
  const members = new Members();
  assert.equal(members.replace({ members: ['ann', 'bob'] }), true);
  members.remove('ann');
  assert.deepEqual(members.snapshot(), { members: ['bob'], count: 1 });
  members.replace({ member_count: 101 });
  members.remove('bob');
  assert.deepEqual(members.snapshot(), { members: null, count: 100 });
  assert.equal(members.areWorthAsking, true);
  members.replace({ member_count: 100 });
  assert.equal(members.areWorthAsking, false);
  members.replace({ count: 5000 });
  assert.equal(members.areWorthAsking, false);
  assert.deepEqual(members.snapshot(), { members: null, count: 5000 });
  members.replace({ members: ['ann'] });
  members.replace({ member_count: 300 });
  members.remove('bob');
  assert.equal(members.areWorthAsking, true);
  assert.equal(members.replace({}), false);
});

test('presence is kept by user and connection', () => {
  const presence = new Presence();
  presence.replace({ ann: [{ connection: 'c1', data: 'here' }] });
  presence.apply({
    joins: { ann: [{ connection: 'c2', data: 'there' }],
      bob: [{ connection: 'c3', data: 1 }] } });
  presence.apply({
    joins: { bob: [{ connection: 'c3', data: 2 }] },
    leaves: { ann: [{ connection: 'c1' }], zoe: [{ connection: 'c9' }] } });
  assert.deepEqual({ ...presence.snapshot() }, {
    ann: [{ connection: 'c2', data: 'there' }],
    bob: [{ connection: 'c3', data: 2 }] });
  presence.apply({ leaves: { ann: [{ connection: 'c2' }] } });
  assert.deepEqual(Object.keys(presence.snapshot()), ['bob']);
  presence.replace(JSON.parse('{"__proto__":[{"connection":"c","data":1}]}'));
  assert.deepEqual(Object.keys(presence.snapshot()), ['__proto__']);
});
