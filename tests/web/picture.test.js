// SPDX-License-Identifier: MIT
// What the inspector's page computes, without a browser.
import assert from 'node:assert/strict';
import test from 'node:test';

import {
  BOX, ELSEWHERE, OUTSIDE, keyOfFlow, keyOfKind, layout, sourceOf, thickness,
} from '../../web/inspect/picture.js';
import { linkToActor, linkToList, placeOf, viewOf } from '../../web/inspect/places.js';
import { Rates, tookOf } from '../../web/inspect/rates.js';

const kind = (name, actors = 1) => ({
  kind: name, actors, mailbox: 0, handled: 1, busy_us: 1 });
const flow = (from, to, local = true) => ({ from, to, local, messages: 1 });
const thread = (number, kinds, flows = []) => ({
  thread: number, silent: false, wakes: 0, kinds: kinds.map((x) => kind(x)), flows });

test('an address says which actors are shown', () => {
  assert.deepEqual(placeOf('#/actor/17'), { actor: 17 });
  const all = { kind: '', search: '', thread: undefined, order: 'id' };
  for (const hash of ['', '#', '#/', '#/nothing', '#/actor/', '#/actor/x',
    '#/actor/0', '#/actor/-1', '#/actor/1e3', `#/actor/${'9'.repeat(30)}`,
    '#/?order=size&thread=x']) {
    assert.deepEqual(placeOf(hash), all, hash);
  }
  assert.deepEqual(placeOf('#/?kind=room&thread=0&search=t%26a&order=busy'),
    { kind: 'room', search: 't&a', thread: 0, order: 'busy' });
});

test('an address is the shortest that says it', () => {
  assert.equal(linkToActor(5), '#/actor/5');
  assert.equal(linkToList(), '#/');
  assert.equal(linkToList({ order: 'id', kind: '' }), '#/');
  const place = { kind: 'room', search: 'a b&c', thread: 0, order: 'mailbox' };
  assert.deepEqual(placeOf(linkToList(place)), place);
});

test('a view holds what is in it and nothing else', () => {
  const page = { after: '', limit: 101 };
  assert.deepEqual(viewOf(placeOf(''), page), { list: { limit: 101 } });
  assert.deepEqual(viewOf({ actor: 5 }, { ...page, picture: true }),
    { picture: true, actor: 5 });
  assert.deepEqual(
    viewOf(placeOf('#/?kind=room&thread=0'), { after: '17', limit: 101 }),
    { list: { limit: 101, kind: 'room', thread: 0, after: 17 } });
  assert.deepEqual(
    viewOf(placeOf('#/?order=busy'), { after: '17', limit: 101 }),
    { list: { limit: 101, order: 'busy' } });
});

test('a rate is what was added, a second', () => {
  const rates = new Rates();
  rates.take([['a', 5], ['b', 7], ['gone', 1]], 1000);
  assert.equal(rates.of('a'), null);
  rates.take([['a', 15], ['b', 7], ['new', 3]], 3000);
  assert.equal(rates.of('a'), 5);
  assert.equal(rates.of('b'), 0);
  assert.equal(rates.of('new'), null);
  assert.equal(rates.of('gone'), null);
});

test('a counter that has fallen has no rate, nor has one that was just seen', () => {
  const rates = new Rates();
  rates.take([['a', 5]], 1000);
  rates.take([['a', 4]], 2000);
  assert.equal(rates.of('a'), null);
  rates.take([['a', 6]], 3000);
  assert.equal(rates.of('a'), 2);
  rates.take([['a', 600]], 3001);
  assert.equal(rates.of('a'), 2);
  rates.clear();
  rates.take([['a', 700]], 4000);
  assert.equal(rates.of('a'), null);
});

test('what a handler took is in a unit of its own', () => {
  assert.deepEqual([0, 0.04, 8.876, 999, 1000, 1234567, NaN, undefined].map(tookOf),
    ['0 µs', '0.04 µs', '8.88 µs', '999 µs', '1 ms', '1.23 s', '–', '–']);
});

test('boxes are in rows by thread, and never on each other', () => {
  const all = layout([
    thread(0, ['connection', 'room', 'lane', 'registry', 'directory', 'admin',
      'node', 'unheard-of'], [flow('', 'connection', false), flow('connection', 'room'),
      flow('connection', 'room', false)]),
    thread(1, ['connection', 'room']),
    thread(null, ['meter']),
  ]);
  assert.equal(all.rows.length, 3);
  assert.equal(all.boxes.length, 8 + 2 + 2 + 1);
  for (const one of all.boxes) {
    assert.ok(one.x >= 0 && one.x + BOX.width <= all.width, one.kind);
    const row = all.rows.find((x) => x.thread === one.thread);
    assert.ok(one.y >= row.top && one.y + BOX.height <= row.top + row.height, one.kind);
    for (const other of all.boxes) {
      const apart = one === other || Math.abs(one.x - other.x) >= BOX.width
        || Math.abs(one.y - other.y) >= BOX.height;
      assert.ok(apart, `${one.kind} is on ${other.kind}`);
    }
  }
  assert.ok(all.rows[1].top >= all.rows[0].top + all.rows[0].height);
});

test('messages go from where their senders are', () => {
  assert.equal(sourceOf(flow('', 'room', false)), OUTSIDE);
  assert.equal(sourceOf(flow('lane', 'room', false)), ELSEWHERE);
  assert.equal(sourceOf(flow('lane', 'room')), 'lane');
  const flows = [flow('', 'room', false), flow('connection', 'room'),
    flow('connection', 'room', false), flow('room', 'room'), flow('gone', 'room')];
  const { ways } = layout([thread(0, ['connection', 'room'], flows)]);
  // Not from a box to itself, nor from one that is not there.
  assert.equal(ways.length, 3);
  assert.equal(new Set(ways.map(({ path }) => path)).size, 3);
});

test('kinds of which nobody is left are not shown', () => {
  const one = thread(0, ['room']);
  one.kinds.push({ ...kind('lane', 0), handled: 0 });
  assert.deepEqual(layout([one]).boxes.map((x) => x.kind), ['room']);
});

test('a silent thread has a row, and nothing in it', () => {
  const { rows, boxes, height } = layout([
    { thread: 0, silent: true, wakes: 0, kinds: [], flows: [] }]);
  assert.equal(rows[0].silent, true);
  assert.deepEqual(boxes, []);
  assert.ok(height > 0);
  assert.equal(layout([]).height, 0);
});

test('keys tell threads, kinds and ways apart', () => {
  const keys = [keyOfKind(0, 'room'), keyOfKind(1, 'room'), keyOfKind(null, 'room'),
    keyOfKind(0, 'lane'), keyOfFlow(0, flow('room', 'lane')),
    keyOfFlow(0, flow('room', 'lane', false)), keyOfFlow(1, flow('room', 'lane'))];
  assert.equal(new Set(keys).size, keys.length);
});

test('a way is as thick as it is busy, within reason', () => {
  assert.equal(thickness(0), 1);
  assert.ok(thickness(1) < thickness(1000));
  assert.ok(thickness(1e12) <= 8);
});
