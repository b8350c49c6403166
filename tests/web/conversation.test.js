// SPDX-License-Identifier: MIT
// What the chat page knows and says, without a browser: all of it is pure, but for
// the sender, which has a client that the test is.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Conversation } from '../../web/conversation.js';
import { keptOf, pendingOf } from '../../web/memory.js';
import { follows } from '../../web/message_view.js';
import { pendingEntry, Sender } from '../../web/sender.js';
import {
  closedText, contentText, failureText, gapText, plural, typingText,
  unreachableText, waitingText,
} from '../../web/words.js';

const entry = (seq) => ({ kind: 'message', seq });

function filled(count) {
  const room = new Conversation('room', 'tea');
  for (let seq = 1; seq <= count; seq += 1) room.entries.push(entry(seq));
  return room;
}

test('a new conversation knows nothing', () => {
  const { entries, pending, unread, members, count, presence, hasEarlier,
    asksEarlier, kind, name, key } = new Conversation('room', 'tea');
  assert.deepEqual(
    { entries, pending, unread, members, count, presence: { ...presence } },
    { entries: [], pending: [], unread: 0, members: [], count: 0, presence: {} });
  assert.deepEqual([hasEarlier, asksEarlier], [false, false]);
  assert.deepEqual([kind, name, key], ['room', 'tea', 'room:tea']);
});

test('a conversation keeps the last 500, where nobody reads back', () => {
  const room = filled(499);
  assert.deepEqual(room.add(entry(500)), []);
  assert.deepEqual(room.add(entry(501)), [entry(1)]);
  assert.equal(room.entries.length, 500);
  assert.deepEqual(room.entries.at(-1), entry(501));
  assert.equal(room.oldestSeq, 2);
});

test('of what is being read nothing goes, up to 2000', () => {
  const room = filled(600);
  assert.deepEqual(room.add(entry(601), 0), []);
  assert.deepEqual(room.add(entry(602), 1), [entry(1)]);
  assert.deepEqual(room.add(entry(603), 200).map(({ seq }) => seq).at(-1), 103);
  const full = filled(1999);
  assert.deepEqual(full.add(entry(2000), 0), []);
  assert.deepEqual(full.add(entry(2001), 0), [entry(1)]);
  assert.deepEqual(full.add(entry(2002), 3), [entry(2), entry(3), entry(4)]);
});

test('the oldest number is that of a message', () => {
  const room = new Conversation('room', 'tea');
  assert.equal(room.oldestSeq, undefined);
  room.add({ kind: 'quiet' });
  assert.equal(room.oldestSeq, undefined);
  room.add(entry(0));
  room.add(entry(9));
  assert.equal(room.oldestSeq, 0);
  room.addEarlier([entry(5), entry(6)]);
  assert.equal(room.oldestSeq, 5);
});

test('who types does so for five seconds, or until it is said', () => {
  const room = new Conversation('room', 'tea');
  room.typed('ann', true, 1000);
  room.typed('bob', true, 2000);
  assert.deepEqual(room.typing(5999), ['ann', 'bob']);
  assert.deepEqual(room.typing(6000), ['bob']);
  room.typed('bob', false, 2000);
  assert.deepEqual(room.typing(2000), ['ann']);
});

test('who is away says so on all of its connections', () => {
  const room = new Conversation('room', 'tea');
  const shows = (...data) => {
    room.presence = { ann: data.map((x) => ({ data: x })) };
    return room.isAway('ann');
  };
  assert.ok(!room.isAway('ann'));
  assert.ok(!shows());
  assert.ok(shows({ away: true }));
  assert.ok(shows({ away: true }, { away: true }));
  for (const other of [{ away: false }, { away: 1 }, {}, null, 'away']) {
    assert.ok(!shows(other));
    assert.ok(!shows({ away: true }, other));
  }
  assert.ok(!room.isAway('bob'));
});

test('a block is of one sender, within five minutes', () => {
  const said = (more = {}) => (
    { kind: 'message', sender: 'ann', time: new Date(300_000), ...more });
  const before = said({ time: new Date(1) });
  assert.ok(follows(said(), before));
  assert.ok(!follows(said(), said({ time: new Date(0) })));
  assert.ok(!follows(said(), undefined));
  assert.ok(!follows(said({ sender: 'bob' }), before));
  assert.ok(!follows(said({ origin: 'api' }), before));
  assert.ok(!follows(said({ kind: 'quiet' }), before));
  assert.ok(!follows(said(), { ...before, kind: 'quiet' }));
  assert.ok(follows(said({ origin: 'api' }), { ...before, origin: 'api' }));
});

test('why there is no connection is said in words', () => {
  assert.equal(closedText({ code: 1008, reason: 'x' }),
    'The service has closed the connection: too many errors.');
  for (const code of [4001, 4002]) {
    assert.equal(closedText({ code, reason: 'expired' }),
      'You are not let in: expired.');
  }
  assert.equal(closedText({ code: 4003, reason: 'full' }), 'Disconnected: full.');
  assert.equal(closedText({ code: 4005, reason: '' }), 'Disconnected: code 4005.');
  const wait = (code, retryInMs) => waitingText({ code, retryInMs });
  assert.equal(wait(1006, 0), 'The connection is lost. Trying again…');
  assert.equal(wait(1006, 1000), 'The connection is lost. Trying again…');
  assert.equal(wait(1006, 1001),
    'The connection is lost. Trying again in 2 seconds.');
  assert.equal(wait(1012, 9000),
    'The service is restarting. Trying again in 9 seconds.');
  assert.match(wait(4003, 1), /^The service is full\./);
  assert.match(wait(4009, 1), /^The service asks for a token/);
  assert.match(unreachableText({ status: 426 }), /^The service is there/);
  assert.equal(unreachableText({ status: 502 }),
    'What answers there is not the service (502).');
  assert.equal(unreachableText({}), '');
});

test('what became of messages is said in words', () => {
  const failed = (code) => failureText({ code, message: 'of old' });
  assert.equal(failed('too_large'), 'Not sent: it is too long.');
  assert.equal(failed('not_in_room'), 'Not sent: of old.');
  assert.equal(failed('internal'),
    'Not confirmed: the room has failed; perhaps it has arrived.');
  const gap = (reason, from, to) => gapText(
    { reason, from: { seq: from }, to: { seq: to } });
  assert.equal(gap('hole', 3, 4), '1 message may be missing here.');
  assert.equal(gap('hole', 3, 5), '2 messages may be missing here.');
  for (const some of [gap('hole', 3, 3), gap('hole', 4, 3), gap('epoch', 3, 5)]) {
    assert.equal(some, 'Messages may be missing here.');
  }
});

test('who types is named, but for many', () => {
  assert.equal(typingText([]), '');
  assert.equal(`${typingText(['ann'])}`, 'ann is typing…');
  assert.equal(`${typingText(['ann', 'bob'])}`, 'ann and bob are typing…');
  assert.equal(typingText(['ann', 'bob', 'eve']), 'Several people are typing…');
});

test('content is a text, or JSON', () => {
  assert.equal(contentText('{}'), '{}');
  assert.equal(contentText({ a: [1] }), '{"a":[1]}');
  assert.equal(contentText(null), 'null');
  assert.deepEqual([0, 1, 2].map((x) => plural(x, 'user')),
    ['0 users', '1 user', '2 users']);
});

test('what is kept of a chat is what it cannot get again', () => {
  const tea = new Conversation('room', 'tea');
  tea.add(entry(1));
  tea.pending.push(pendingEntry({ text: 'wait', key: 'k', time: 'now' }));
  const bob = new Conversation('private', 'bob');
  bob.unread = 2;
  const time = new Date(0);
  bob.add({ kind: 'message', sender: 'bob', text: 'hi', time, own: false,
    origin: 'api', seq: 7 });
  bob.add({ kind: 'system', text: 'no' });
  bob.pending.push(pendingEntry({ text: 'bad', key: 'l', time: 'then',
    wasSent: true, failure: { code: 'closed', message: 'it is', more: 1 } }));
  const conversations = new Map([tea, bob].map((x) => [x.key, x]));
  const chat = { user: 'ann', conversations, current: bob, list: (kind) => (
    [...conversations.values()].filter((x) => x.kind === kind)) };
  const kept = keptOf(chat, [['room:tea', 'half']]);
  assert.deepEqual(kept, {
    user: 'ann', rooms: ['tea'], current: 'private:bob',
    drafts: [{ key: 'room:tea', text: 'half' }],
    pending: [
      { conversation: 'room:tea', text: 'wait', key: 'k', time: 'now',
        wasSent: false },
      { conversation: 'private:bob', text: 'bad', key: 'l', time: 'then',
        wasSent: true, code: 'closed', message: 'it is' }],
    privates: [{ name: 'bob', unread: 2, entries: [{ sender: 'bob', text: 'hi',
      time, own: false, origin: 'api' }] }],
  });
  chat.current = null;
  assert.equal(keptOf(chat, []).current, '');
});

test('what may have been sent is in doubt when it comes back', () => {
  const kept = { pending: [
    { conversation: 'room:tea', text: '1', key: 'a', wasSent: false, failure: null },
    { conversation: 'room:tea', text: '2', key: 'b', wasSent: true, failure: null },
    { conversation: 'room:tea', text: '3', key: 'c', wasSent: true,
      failure: { code: 'closed' } },
    { conversation: 'room:other', text: '4', key: 'd', wasSent: true }] };
  const back = pendingOf(kept, 'room:tea');
  assert.deepEqual(back.map(({ text, key, failure, isShown }) => (
    [text, key, failure?.code, isShown])), [
    ['1', 'a', undefined, false], ['2', 'b', 'reloaded', true],
    ['3', 'c', 'closed', true]]);
  assert.equal(new Set(back.map(({ id }) => id)).size, 3);
});

test('each message has a key of its own', () => {
  const keys = Array.from({ length: 100 }, () => pendingEntry({ text: '' }).key);
  assert.equal(new Set(keys).size, 100);
  for (const key of keys) assert.match(key, /^[0-9a-f]{24}$/);
});

/** A client that answers when it is told to. */
function fakeClient(state) {
  const asked = [];
  const ask = (...what) => new Promise((resolve, reject) => {
    asked.push({ what, resolve, reject });
  });
  return { state, asked, publish: ask, private: ask };
}

function sending(state, kind = 'room') {
  const client = fakeClient(state);
  const changes = [];
  const arrived = [];
  const sender = new Sender(client, {
    changed: ({ pending }) => changes.push(pending.map((x) => ({ ...x }))),
    said: ({ name }, text) => arrived.push([name, text]),
  });
  const conversation = new Conversation(kind, 'tea');
  return { client, changes, arrived, sender, conversation };
}

test('what is said at once is never shown as waiting', async () => {
  const { client, changes, sender, conversation } = sending('online');
  const done = sender.say('hi', conversation);
  const [{ what: [name, text, { key }], resolve }] = client.asked;
  assert.deepEqual([name, text], ['tea', 'hi']);
  assert.equal(key, conversation.pending[0].key);
  resolve({});
  await done;
  assert.deepEqual(conversation.pending, []);
  assert.deepEqual(changes.map((x) => x.map(
    ({ isOnline, wasSent, isShown }) => [isOnline, wasSent, isShown])),
  [[[true, true, false]], []]);
});

test('without a connection what is said waits, and is seen to', async () => {
  const { client, changes, sender, conversation } = sending('waiting');
  const done = sender.say('hi', conversation);
  const [one] = conversation.pending;
  assert.deepEqual([one.isOnline, one.wasSent, one.isShown], [false, false, true]);
  sender.sent(conversation);
  assert.deepEqual([one.isOnline, one.wasSent], [true, true]);
  assert.equal(changes.length, 2);
  client.asked[0].reject(Object.assign(new Error('no'), { code: 'closed' }));
  await done;
  assert.equal(one.failure.code, 'closed');
  assert.equal(changes.length, 3);
  // What has failed is not on its way when there is a connection again.
  one.isOnline = false;
  sender.sent(conversation);
  assert.equal(one.isOnline, false);
  client.state = 'online';
  const again = sender.sayAgain(conversation, one);
  assert.equal(one.failure, null);
  assert.equal(client.asked[1].what[2].key, client.asked[0].what[2].key);
  client.asked[1].resolve({});
  await again;
  assert.deepEqual(conversation.pending, []);
});

test('of several that wait the one goes that was said', async () => {
  const { client, sender, conversation } = sending('online');
  const all = ['a', 'b', 'c'].map((text) => sender.say(text, conversation));
  client.asked[1].resolve({});
  await all[1];
  assert.deepEqual(conversation.pending.map(({ text }) => text), ['a', 'c']);
  client.asked[0].resolve({});
  client.asked[2].resolve({});
  await Promise.all(all);
});

test('what takes long is shown, and nothing else', async () => {
  const { client, changes, sender, conversation } = sending('online');
  const quick = sender.say('quick', conversation);
  const slow = sender.say('slow', conversation);
  client.asked[0].resolve({});
  await quick;
  const [one] = conversation.pending;
  assert.equal(one.isShown, false);
  assert.equal(changes.length, 3);
  await new Promise((resolve) => { setTimeout(resolve, 1200); });
  assert.equal(changes.length, 4);
  assert.deepEqual(changes[3].map(({ text, isShown }) => [text, isShown]),
    [['slow', true]]);
  client.asked[1].resolve({});
  await slow;
});

test('what fails is shown at once', async () => {
  const { client, changes, sender, conversation } = sending('online');
  const done = sender.say('hi', conversation);
  client.asked[0].reject(new Error('no'));
  await done;
  assert.equal(conversation.pending[0].isShown, true);
  assert.equal(changes.at(-1)[0].failure.message, 'no');
});

test('a private message says where nobody is', async () => {
  const { client, arrived, sender, conversation } = sending('online', 'private');
  const first = sender.say('hi', conversation);
  assert.deepEqual(client.asked[0].what, ['tea', 'hi']);
  client.asked[0].resolve({ delivered: 0 });
  await first;
  const [one] = conversation.pending;
  assert.equal(one.failure.code, 'user_offline');
  assert.equal(one.failure.message, 'tea is not here');
  assert.deepEqual(arrived, []);
  const again = sender.sayAgain(conversation, one);
  client.asked[1].resolve({ delivered: 1 });
  await again;
  assert.deepEqual(arrived, [['tea', 'hi']]);
  assert.deepEqual(conversation.pending, []);
});
