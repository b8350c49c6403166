// SPDX-License-Identifier: MIT
// Where a client stands in a room's order.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Room } from '../parlor/room.js';

function entered(reply = {}, options = {}) {
  const room = new Room('tea', options);
  room.joined({
    epoch: 'e1', seq: 5, members: ['ann'], recovered: false, replayed: 0,
    ...reply });
  return room;
}

/** A room of these replies and numbers, with a cut between each two. */
function returned(options, ...visits) {
  const room = new Room('tea', options);
  return visits.map(([reply, ...numbers], i) => {
    if (i > 0) room.cutOff('ann', 0);
    const gap = room.joined({
      epoch: 'e1', members: ['ann', 'bob'], recovered: false, replayed: 0,
      ...reply }, 0);
    return `${gap ? '!' : ''}: ${fed(room, ...numbers)}`;
  });
}

/** What comes of these numbers: handed on, `-` dropped, `!` behind a gap. */
function fed(room, ...numbers) {
  return numbers.map((seq) => {
    const { hand, gap } = room.take({ seq });
    return `${gap ? '!' : ''}${hand ? '' : '-'}${seq}`;
  }).join(' ');
}

test('after a join its number is followed by the next ones', () => {
  const room = entered();
  assert.equal(fed(room, 6, 7, 8), '6 7 8');
  assert.deepEqual(room.position, { epoch: 'e1', seq: 8 });
});

test('nothing is handed on twice or out of order', () => {
  assert.equal(fed(entered(), 6, 6, 7, 6, 5, 1, 8), '6 -6 7 -6 -5 -1 8');
});

test('a hole is told, once', () => {
  const room = entered();
  assert.deepEqual(room.take({ seq: 9 }), {
    hand: true, replayed: false, gap: {
      room: 'tea', reason: 'hole',
      from: { epoch: 'e1', seq: 5 }, to: { epoch: 'e1', seq: 8 } } });
  assert.equal(fed(room, 10), '10');
});

test('a room that one is not in hands nothing on', () => {
  const room = new Room('tea');
  assert.equal(fed(room, 1), '-1');
  room.phase = 'joining';
  assert.equal(fed(room, 1), '-1');
});

test('a join says from where to recover, or how much to rewind', () => {
  const room = new Room('tea', { rewind: 20, presence: true });
  assert.deepEqual(room.joinFrame(),
    { type: 'join', room: 'tea', rewind: 20, presence: true });
  room.joined({ epoch: 'e1', seq: 5, recovered: false, replayed: 0 });
  room.lost();
  assert.deepEqual(room.joinFrame(), {
    type: 'join', room: 'tea', since: { epoch: 'e1', seq: 5 },
    presence: true });
  const earlier = new Room('tea', { since: { epoch: 'e0', seq: 3 } });
  assert.deepEqual(earlier.joinFrame().since, { epoch: 'e0', seq: 3 });
});

test('a recovery replays every number up to the join', () => {
  const room = entered();
  fed(room, 6);
  room.lost();
  // 7 and 8 were missed, 9 is the own join.
  const gap = room.joined(
    { epoch: 'e1', seq: 9, recovered: true, replayed: 2 });
  assert.equal(gap, undefined);
  assert.equal(room.take({ seq: 7 }).replayed, true);
  assert.deepEqual(room.position, { epoch: 'e1', seq: 6 });
  assert.equal(fed(room, 8), '8');
  assert.deepEqual(room.position, { epoch: 'e1', seq: 9 });
  assert.equal(room.take({ seq: 10 }).replayed, false);
  assert.deepEqual(room.position, { epoch: 'e1', seq: 10 });
});

test('a recovery without a number for the join replays all of it', () => {
  const room = entered();
  room.lost();
  room.joined({ epoch: 'e1', seq: 7, recovered: true, replayed: 2 });
  assert.equal(fed(room, 6, 7, 8), '6 7 8');
});

test('a recovery of nothing is one', () => {
  const room = entered();
  room.lost();
  assert.equal(
    room.joined({ epoch: 'e1', seq: 6, recovered: true, replayed: 0 }),
    undefined);
  assert.equal(fed(room, 7), '7');
});

test('a recovery crosses epochs', () => {
  const room = entered();
  room.lost();
  room.joined({ epoch: 'e2', seq: 8, recovered: true, replayed: 2 });
  assert.equal(fed(room, 6, 7, 9), '6 7 9');
  assert.deepEqual(room.position, { epoch: 'e2', seq: 9 });
});

test('a recovery that broke off begins anew, and hands on only the rest', () => {
  const room = entered();
  room.lost();
  room.joined({ epoch: 'e2', seq: 9, recovered: true, replayed: 3 });
  assert.equal(fed(room, 6, 7), '6 7');
  room.lost();
  // 7 may be of e1 or e2: only the beginning is known for sure.
  assert.deepEqual(room.joinFrame().since, { epoch: 'e1', seq: 5 });
  room.joined({ epoch: 'e2', seq: 10, recovered: true, replayed: 5 });
  assert.equal(fed(room, 6, 7, 8, 9, 10, 11), '-6 -7 8 9 10 11');
});

test('a recovery that has a hole is told', () => {
  const room = entered();
  room.lost();
  room.joined({ epoch: 'e1', seq: 9, recovered: true, replayed: 3 });
  assert.equal(fed(room, 6, 8, 9, 10), '6 !8 9 10');
});

test('a recovery that brings less than it says is told', () => {
  const room = entered();
  room.lost();
  room.joined({ epoch: 'e1', seq: 9, recovered: true, replayed: 3 });
  assert.equal(fed(room, 6, 10), '6 !10');
});

test('what was not recovered is a gap', () => {
  const room = entered();
  fed(room, 6, 7);
  room.lost();
  assert.deepEqual(
    room.joined({ epoch: 'e2', seq: 1, recovered: false, replayed: 0 }), {
      room: 'tea', reason: 'not_recovered',
      from: { epoch: 'e1', seq: 7 }, to: { epoch: 'e2', seq: 1 } });
  assert.equal(fed(room, 2, 3), '2 3');
});

test('the same place in the same epoch is no gap', () => {
  const room = entered();
  fed(room, 6);
  room.lost();
  assert.equal(
    room.joined({ epoch: 'e1', seq: 6, recovered: false, replayed: 0 }),
    undefined);
});

test('a gap after a recovery that broke off begins at the last one', () => {
  const room = entered();
  room.lost();
  room.joined({ epoch: 'e1', seq: 9, recovered: true, replayed: 3 });
  fed(room, 6, 7);
  room.lost();
  const gap = room.joined(
    { epoch: 'e9', seq: 2, recovered: false, replayed: 0 });
  assert.deepEqual(gap.from, { epoch: 'e1', seq: 7 });
});

test('a rewind has holes, which are none', () => {
  const room = entered({ seq: 20, replayed: 3 }, { rewind: 3 });
  assert.equal(fed(room, 11, 14, 19, 21, 22), '11 14 19 21 22');
});

test('a rewind is older than the join', () => {
  const room = entered({ seq: 20, replayed: 1 }, { rewind: 3 });
  assert.equal(room.take({ seq: 11 }).replayed, true);
  assert.equal(room.take({ seq: 21 }).replayed, false);
});

test('a rewind that broke off goes on behind what came', () => {
  const room = new Room('tea', { rewind: 3 });
  room.joined({ epoch: 'e1', seq: 20, recovered: false, replayed: 3 });
  room.lost();
  assert.equal(room.joinFrame().rewind, 3);
  room.joined({ epoch: 'e1', seq: 21, recovered: false, replayed: 3 });
  assert.equal(fed(room, 11), '11');
  room.lost();
  assert.deepEqual(room.joinFrame().since, { epoch: 'e1', seq: 11 });
});

test('a rewind that came whole goes on behind the join', () => {
  const room = entered({ seq: 20, replayed: 2 }, { rewind: 3 });
  fed(room, 11, 14);
  assert.deepEqual(room.position, { epoch: 'e1', seq: 20 });
});

test('a rewind without anything is a plain join', () => {
  const room = entered({ seq: 1, replayed: 0 }, { rewind: 3 });
  assert.equal(fed(room, 2), '2');
});

test('a room goes on under another epoch without a gap', () => {
  const room = entered();
  fed(room, 6);
  assert.equal(room.reset({ epoch: 'e2', seq: 6 }), undefined);
  assert.equal(fed(room, 7), '7');
  assert.deepEqual(room.position, { epoch: 'e2', seq: 7 });
});

test('a room that goes on elsewhere has a gap', () => {
  const behind = entered();
  fed(behind, 6, 7);
  assert.deepEqual(behind.reset({ epoch: 'e2', seq: 6 }), {
    room: 'tea', reason: 'room_reset',
    from: { epoch: 'e1', seq: 7 }, to: { epoch: 'e2', seq: 6 } });
  assert.equal(fed(behind, 7, 8), '7 8');
  const ahead = entered();
  assert.equal(ahead.reset({ epoch: 'e2', seq: 9 }).reason, 'room_reset');
  assert.equal(fed(ahead, 10), '10');
});

test('a reset right after a recovery is no gap', () => {
  const room = entered();
  room.lost();
  room.joined({ epoch: 'e1', seq: 6, recovered: true, replayed: 0 });
  assert.equal(room.reset({ epoch: 'e2', seq: 6 }), undefined);
});

test('a rewind that brings less than it says is over with the next', () => {
  assert.equal(fed(entered({ seq: 20, replayed: 3 }, { rewind: 3 }), 11, 21),
    '11 21');
});

test('after a rewind that came whole one recovers without a gap', () => {
  // Three messages, the own join 4; 5 is the own end, 6 the next join.
  assert.deepEqual(returned({ rewind: 3 },
    [{ seq: 4, replayed: 3 }, 1, 2, 3],
    [{ seq: 6, recovered: true, replayed: 1 }, 5],
    [{ seq: 8, recovered: true, replayed: 1 }, 7, 9],
    [{ seq: 11, recovered: true, replayed: 1 }, 10, 12]),
  [': 1 2 3', ': 5', ': 7 9', ': 10 12']);
});

test('a quiet room recovers at each cut', () => {
  assert.deepEqual(returned({},
    [{ seq: 1 }], [{ seq: 3, recovered: true, replayed: 1 }, 2],
    [{ seq: 5, recovered: true, replayed: 1 }, 4],
    [{ seq: 7, recovered: true, replayed: 1 }, 6, 8]),
  [': ', ': 2', ': 4', ': 6 8']);
});

test('a rewind of fewer than there are recovers, too', () => {
  assert.deepEqual(returned({ rewind: 2 },
    [{ seq: 9, replayed: 2 }, 4, 7, 10],
    [{ seq: 12, recovered: true, replayed: 1 }, 11]),
  [': 4 7 10', ': 11']);
});

/** Alone in a room; `then` happens before the cut. Whether a gap is told. */
function alone(then, reply = { epoch: 'e2', seq: 1 }, now = 1000) {
  const room = new Room('tea');
  room.joined({ epoch: 'e1', seq: 1, members: ['ann'] }, 0);
  then(room);
  room.cutOff('ann', 0);
  room.cutOff('ann', 500);
  return room.joined({ members: ['ann'], recovered: false, ...reply }, now)
    ?.reason;
}

test('who was alone in a silent room has missed nothing', () => {
  assert.equal(alone(() => {}), undefined);
  assert.equal(alone((room) => {
    room.take({ type: 'user_joined', seq: 2 });
    room.members.replace({ members: ['ann', 'bob'] });
    room.take({ type: 'user_left', seq: 3 });
    room.members.remove('bob');
  }), undefined);
  assert.equal(alone((room) => {
    // Something was said, which is lost; then nothing was.
    room.take({ type: 'chat', seq: 2 });
    room.cutOff('ann', 0);
    room.joined({ epoch: 'e1.1', seq: 1, members: ['ann'] }, 0);
  }), undefined);
});

test('who was not, or whose room was not silent, may have', () => {
  const missed = 'not_recovered';
  for (const type of ['chat', 'skip']) {
    assert.equal(alone((room) => room.take({ type, seq: 2 })), missed);
  }
  assert.equal(
    alone((room) => room.members.replace({ members: ['ann', 'bob'] })), missed);
  assert.equal(
    alone((room) => room.members.replace({ member_count: 1 })), missed);
  // Something has happened there, or one was away for long.
  assert.equal(alone(() => {}, { epoch: 'e2', seq: 2 }), missed);
  assert.equal(alone(() => {}, { epoch: 'e2', seq: 1 }, 280000), missed);
  // The room let go of this connection alone.
  assert.equal(alone((room) => room.lost()), missed);
});
