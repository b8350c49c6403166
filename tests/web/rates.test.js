// SPDX-License-Identifier: MIT
// What the operator's page computes, without a browser.
import assert from 'node:assert/strict';
import test from 'node:test';

import { parse, sum } from '../../web/admin/metrics.js';
import { PAGE_SIZE, Pager, pageOf } from '../../web/admin/pager.js';
import { rates } from '../../web/admin/rates.js';
import * as words from '../../web/admin/words.js';

const scrape = (at, text, start = 1) => ({
  at, samples: parse(`process_start_time_seconds ${start}\n${text}`) });

test('a scrape is read, with its labels', () => {
  const samples = parse('# HELP a {x="y"} 1\na{x="q\\"\\\\\\n",y="}"} 2\n'
    + 'a 3e2\nb +Inf\nc NaN\nno metric at all\n\n');
  assert.deepEqual(samples.get('a'), [
    { labels: { x: 'q"\\\n', y: '}' }, value: 2 }, { labels: {}, value: 300 }]);
  assert.equal(samples.get('b')[0].value, Infinity);
  assert.deepEqual([...samples.keys()], ['a', 'b']);
  assert.equal(sum(samples, 'a'), 302);
  assert.equal(sum(samples, 'a', ({ y }) => y === '}'), 2);
  assert.equal(sum(samples, 'nothing'), undefined);
});

test('a rate is what was added, a second', () => {
  const got = rates(
    scrape(1000, 'parlor_dropped_total{reason="gone"} 5\n'
      + 'parlor_dropped_total{reason="lagging"} 1'),
    scrape(3000, 'parlor_dropped_total{reason="gone"} 8\n'
      + 'parlor_dropped_total{reason="lagging"} 2'));
  assert.equal(got.dropped, 2);
  assert.equal(got.sent, null);
});

test('a rate that cannot be known is none', () => {
  const sent = (n) => `parlor_messages_sent_total{type="chat"} ${n}`;
  const of = (before, after) => rates(before, after).sent;
  assert.equal(of(null, scrape(1000, sent(5))), null);
  assert.equal(of(scrape(1000, sent(5)), scrape(1000, sent(6))), null);
  assert.equal(of(scrape(1000, sent(5)), scrape(2000, sent(4))), null);
  assert.equal(of(scrape(1000, sent(5)), scrape(2000, '')), null);
  // Started anew, and already ahead of where it was.
  assert.equal(of(scrape(1000, sent(5), 1), scrape(2000, sent(9), 2)), null);
  assert.equal(of(scrape(1000, sent(5)), scrape(2000, sent(5))), 0);
});

test('pages go on and back', () => {
  const pager = new Pager();
  const key = (x) => x;
  const rows = Array.from({ length: 250 }, (_, n) => `k${1000 + n}`);
  const show = () => pager.take(
    pageOf(rows, pager.after, PAGE_SIZE + 1, key), key);
  assert.equal(show().length, PAGE_SIZE);
  assert.deepEqual([pager.hasPrevious, pager.hasNext], [false, true]);
  pager.next();
  pager.next(); // Nobody knows yet whether there is another one.
  assert.equal(show()[0], 'k1100');
  pager.next();
  assert.equal(show().length, 50);
  assert.deepEqual([pager.number, pager.hasNext], [3, false]);
  pager.next();
  assert.equal(pager.number, 3);
  pager.previous();
  assert.equal(show()[0], 'k1100');
  pager.previous();
  pager.previous();
  assert.equal(pager.number, 1);
});

test('a page begins behind its key, or where that was', () => {
  const of = (all, after) => pageOf(all, after, 2, (x) => x);
  assert.deepEqual(of(['a', 'c', 'e'], ''), ['a', 'c']);
  assert.deepEqual(of(['a', 'c', 'e'], 'a'), ['c', 'e']);
  assert.deepEqual(of(['a', 'c', 'e'], 'b'), ['c', 'e']);
  assert.deepEqual(of(['a', 'c', 'e'], 'x'), []);
  // The order of their bytes; as JavaScript compares them it is the other way.
  assert.deepEqual(of(['\uff5e', '\u{1f600}', '\u{1f601}'], '\u{1f600}'),
    ['\u{1f601}']);
});

test('a list of just one page has no other', () => {
  const pager = new Pager();
  const key = (x) => x;
  assert.equal(pager.take(Array(PAGE_SIZE).fill('k'), key).length, PAGE_SIZE);
  assert.equal(pager.hasNext, false);
  assert.deepEqual(pager.take([], key), []);
});

test('numbers are short', () => {
  assert.equal(words.count(18936), '18,936');
  assert.equal(words.count(undefined), words.UNKNOWN);
  assert.equal(words.rate(null), words.UNKNOWN);
  assert.equal(words.rate(0.1234), '0.123/s');
  assert.equal(words.rate(12345.6), '12,346/s');
  assert.equal(words.bytes(1023), '1,020 B');
  assert.equal(words.bytes(1536), '1.5 KiB');
  assert.equal(words.byteRate(3 * 1024 ** 3), '3 GiB/s');
  assert.equal(words.percent(0.5), '50 %');
  assert.equal(words.milliseconds(null), words.UNKNOWN);
  assert.equal(words.duration(0), '0 s');
  assert.equal(words.duration(3 * 86400 + 7260), '3 d 2 h');
  assert.equal(words.duration(-5), '0 s');
  assert.equal(words.duration(NaN), words.UNKNOWN);
});
