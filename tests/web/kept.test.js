// SPDX-License-Identifier: MIT
// What a tab keeps and what names do, without a browser: both are pure.
import assert from 'node:assert/strict';
import test from 'node:test';

import { jsonOf, read, written } from '../../web/kept.js';
import {
  balanced, initialOf, isolated, nameProblem, sentence,
} from '../../web/names.js';

const time = '2026-01-01T00:00:00.000Z';

const kept = {
  user: 'ann', rooms: ['tea'], current: 'room:tea',
  drafts: [{ key: 'room:tea', text: 'half' }],
  pending: [{ conversation: 'room:tea', text: 'one', key: 'k', time, wasSent: true,
    code: 'closed', message: 'it is closed' }],
  privates: [{ name: 'bob', unread: 2, entries: [
    { sender: 'bob', text: 'psst', time, own: false },
    { sender: 'bob', text: 'hi', time, own: false, origin: 'api' }] }],
};

test('what was written is read', () => {
  const got = read(JSON.stringify(kept));
  assert.deepEqual(got, {
    ...kept,
    pending: [{ conversation: 'room:tea', text: 'one', key: 'k',
      time: new Date(time), wasSent: true,
      failure: { code: 'closed', message: 'it is closed' } }],
    privates: [{ ...kept.privates[0], entries: kept.privates[0].entries.map(
      (x) => ({ ...x, kind: 'message', time: new Date(time),
        origin: x.origin })) }],
  });
});

test('of what is no such thing nothing is read', () => {
  for (const json of [null, '', '{', '7', 'null', '[]', '{}', '{"user":7}',
    '{"user":""}', JSON.stringify({ user: 'x'.repeat(256) })]) {
    assert.equal(read(json), null, `${json}`);
  }
  const none = { rooms: [], current: '', drafts: [], pending: [], privates: [] };
  for (const wrong of [7, 'x', {}, null, [null, 7, {}, []]]) {
    assert.deepEqual(read(JSON.stringify({
      user: 'ann', rooms: wrong, current: 7, drafts: wrong, pending: wrong,
      privates: wrong })), { user: 'ann', ...none });
  }
});

test('one of which it is not known may have been sent', () => {
  const [one] = kept.pending;
  const readAs = (entry) => read(JSON.stringify({ ...kept, pending: [entry] })).pending;
  assert.equal(readAs({ ...one, wasSent: undefined })[0].wasSent, true);
  assert.equal(readAs({ ...one, wasSent: false })[0].wasSent, false);
  assert.equal(readAs({ ...one, code: undefined })[0].failure, null);
  assert.equal(readAs({ ...one, message: 7 })[0].failure.message, 'closed');
  for (const wrong of [{ conversation: 'tea' }, { conversation: 'room:' },
    { text: '' }, { key: 7 }, { key: 'x'.repeat(256) }, { time: 'never' }]) {
    assert.deepEqual(readAs({ ...one, ...wrong }), [], JSON.stringify(wrong));
  }
});

test('what is too much is left out, what matters least first', () => {
  const many = (count, make) => Array.from({ length: count }, (_, n) => make(n));
  const full = {
    ...kept, drafts: many(60, (n) => ({ key: `room:${n}`, text: 'x' })),
    privates: many(60, (n) => ({ name: `user-${n}`, unread: 0,
      entries: many(120, (m) => ({ sender: 'bob', text: `${m}`, time })) })),
  };
  const all = [...written(full)];
  const sizes = all.map(({ drafts = [], pending = [], privates = [] }) => [
    drafts.length, pending.length, privates.length, privates[0]?.entries.length ?? 0]);
  assert.deepEqual(sizes, [[50, 1, 50, 100], [50, 1, 50, 20], [50, 1, 50, 0],
    [0, 1, 0, 0], [0, 0, 0, 0]]);
  // The last ones are those that stay.
  assert.equal(all[0].drafts.at(-1).key, 'room:59');
  assert.equal(all[0].privates.at(-1).name, 'user-59');
  assert.equal(all[0].privates[0].entries.at(-1).text, '119');
  assert.deepEqual(all.at(-1), { user: 'ann', rooms: ['tea'] });
  assert.equal(jsonOf({ text: 'x'.repeat(1000000) }), undefined);
  assert.equal(jsonOf({ text: 'x' }), '{"text":"x"}');
});

test('a name neither closes nor opens more isolates than its own', () => {
  for (const [name, wanted] of [
    ['ann', 'ann'], ['', ''], ['\u202Eann', '\u202Eann'],
    ['ann\u2069', 'ann'], ['\u2066ann', '\u2066ann\u2069'],
    ['\u2067\u2068ann\u2069', '\u2067\u2068ann\u2069\u2069'],
    ['\u2069\u2066\u2069\u2069', '\u2066\u2069'],
    ['\u2066a\u2069b', '\u2066a\u2069b'],
    ['a\u2028b\u2029c', 'a b c'], ['🦊\u2067', '🦊\u2067\u2069']]) {
    assert.equal(balanced(name), wanted, JSON.stringify(name));
  }
});

test('a name is isolated where it can turn what is beside it', () => {
  for (const name of ['ann', 'Zoë 🦊', '', '123', 'Ωμέγα']) {
    assert.equal(isolated(name), name);
  }
  for (const name of ['\u202Eann', '\u200Fann', '\u061C', 'שלום', 'سلام', '\u{10800}',
    '\u{1E900}', '\uFB1D', '\uFE70']) {
    assert.equal(isolated(name), `\u2068${name}\u2069`, JSON.stringify(name));
  }
  const one = sentence`${'\u202Eann'} and ${7} are here`;
  assert.equal(`${one}`, '\u2068\u202Eann\u2069 and 7 are here');
  assert.deepEqual(one.parts, ['', '\u202Eann', ' and ', '7', ' are here']);
});

test('a name is measured in bytes', () => {
  for (const name of ['', 'x'.repeat(255), 'ü'.repeat(127), '🦊'.repeat(63)]) {
    assert.equal(nameProblem(name), '');
  }
  assert.match(nameProblem('x'.repeat(256)), /256 bytes, of which 255/);
  assert.match(nameProblem('🦊'.repeat(64)), /256 bytes/);
});

test('the first letter is one that is seen', () => {
  for (const [name, letter] of [['ann', 'A'], ['\u202E bob', 'B'], ['🦊x', '🦊'],
    ['\u2069\u200B', '?'], ['', '?'], ['#1', '#']]) {
    assert.equal(initialOf(name), letter, JSON.stringify(name));
  }
});
