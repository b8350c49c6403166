// SPDX-License-Identifier: MIT
// The chat page in Chromium, while somebody reads what was said before.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import { closeBrowser, guest, said, say, texts, until } from './support/pages.js';

test.after(closeBrowser);

/** A message of the API; they are of several senders and heights. */
function publish(parlor, i) {
  return parlor.json('/api/v1/publish', {
    room: 'tea', content: i % 7 === 0 ? `m${i}\nand\nmore` : `m${i}`,
    sender: `user-${Math.floor(i / 3) % 5}` });
}

/** From the first to the last; those between may be in another order. */
async function fill(parlor, from, to) {
  await publish(parlor, from);
  for (let i = from + 1; i < to; i += 20) {
    const some = Array.from({ length: Math.min(20, to - i) }, (_, n) => i + n);
    await Promise.all(some.map((n) => publish(parlor, n)));
  }
  if (to > from) await publish(parlor, to);
}

const frame = (page) => page.locator('#log-frame');

/** As who turns the wheel, and what the page does of it. */
async function scrollTo(page, top) {
  await frame(page).evaluate((x, wanted) => {
    x.scrollTop = wanted;
  }, top);
  await until(page, null, () => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)));
  }));
}

/** From now on: whether what comes into the log is read out. */
function overhear(page) {
  return page.evaluate(() => {
    window.heard = [];
    new MutationObserver((records) => {
      const live = document.getElementById('log-frame').getAttribute('aria-live');
      const come = records.flatMap((x) => [...x.addedNodes]);
      window.heard.push(...come.map((x) => `${live} ${x.querySelector('.text')
        .textContent}`));
    }).observe(document.getElementById('log'), { childList: true });
  });
}

/** The message that the eye is on, and where on the screen it is. */
async function eye(page) {
  return frame(page).evaluate((x) => {
    const { top } = x.getBoundingClientRect();
    const seen = [...document.querySelectorAll('#log > li')].find(
      (one) => one.getBoundingClientRect().top >= top);
    return { text: seen.querySelector('.text').textContent,
      at: seen.getBoundingClientRect().top };
  });
}

async function placeOf(page, text) {
  return page.locator('#log > li').filter(
    { has: page.getByText(text, { exact: true }) }).evaluate(
    (x) => x.getBoundingClientRect().top);
}

test('who reads back stays where one is, whatever comes and goes', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await fill(parlor, 1, 520);
  await said(ann, 'm520').waitFor();
  assert.equal(await ann.locator('#log > li').count(), 500);
  await scrollTo(ann, 9000);
  const before = await eye(ann);
  for (let last = 521; last <= 530; last += 1) {
    await fill(parlor, last, last);
    await ann.locator('#log > li').last().getByText(new RegExp(`^m${last}`))
      .waitFor({ state: 'attached' });
    const at = await placeOf(ann, before.text);
    assert.ok(Math.abs(at - before.at) < 1,
      `${before.text} was at ${before.at}, and is at ${at} after m${last}`);
  }
  assert.equal(await ann.locator('#log > li').count(), 500);
  assert.deepEqual((await eye(ann)).text, before.text);
  // The block whose head has gone says whose it is.
  assert.equal(await ann.locator('#log > li').first().evaluate(
    (x) => x.classList.contains('follows')), false);
});

test('what is being read does not go', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await fill(parlor, 1, 520);
  await said(ann, 'm520').waitFor();
  await scrollTo(ann, 0);
  const before = await eye(ann);
  await fill(parlor, 521, 530);
  await said(ann, 'm530').waitFor({ state: 'attached' });
  assert.deepEqual(await eye(ann), before);
  // Back at the end, there are as many as ever.
  await ann.getByRole('button', { name: 'New messages' }).click();
  await fill(parlor, 531, 531);
  await said(ann, 'm531').waitFor();
  assert.equal(await ann.locator('#log > li').count(), 500);
});

test('what was said before is put before, and is not read out', async (t) => {
  const parlor = await Parlor.start(t);
  await guest(t, parlor, 'bob'); // Who keeps the room.
  for (let i = 1; i <= 120; i += 1) await publish(parlor, i);
  const ann = await guest(t, parlor, 'ann');
  await said(ann, 'm120').waitFor();
  const kept = await ann.locator('#log > li').first().elementHandle();
  await scrollTo(ann, 0);
  const before = await eye(ann);
  await overhear(ann);
  await ann.getByRole('button', { name: 'Earlier messages' }).click();
  await said(ann, 'm25').waitFor({ state: 'attached' });
  assert.equal((await eye(ann)).text, before.text);
  assert.ok(Math.abs(await placeOf(ann, before.text) - before.at) < 1);
  assert.ok(await kept.evaluate((x) => x.isConnected));
  const shown = await texts(ann);
  assert.equal((await ann.evaluate(() => window.heard)).filter(
    (x) => x.startsWith('off ')).length, 50);
  await until(ann, 'polite', (live) => document.getElementById('log-frame')
    .getAttribute('aria-live') === live);
  await publish(parlor, 121);
  await said(ann, 'm121').waitFor({ state: 'attached' });
  assert.equal(await ann.evaluate(() => window.heard.at(-1)), 'polite m121');
  assert.deepEqual([shown[0], shown.at(-1), shown.length], ['m21\nand\nmore', 'm120', 100]);
});

test('who has scrolled up is told of new messages, and not pulled to them',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann');
    const bob = await guest(t, parlor, 'bob');
    await fill(parlor, 1, 60);
    await said(ann, 'm60').waitFor();
    const newest = ann.getByRole('button', { name: 'New messages' });
    assert.equal(await newest.isVisible(), false);
    await scrollTo(ann, 100);
    const before = await frame(ann).evaluate((x) => x.scrollTop);
    await say(bob, 'news');
    await newest.waitFor();
    await said(ann, 'news').waitFor({ state: 'attached' });
    assert.equal(await frame(ann).evaluate((x) => x.scrollTop), before);
    await newest.click();
    await newest.waitFor({ state: 'hidden' });
    await until(ann, 'log-frame', (id) => document.activeElement.id === id);
    const left = await frame(ann).evaluate(
      (x) => x.scrollHeight - x.scrollTop - x.clientHeight);
    assert.ok(left < 1);
    // And who is at the end stays there.
    await say(bob, 'more news');
    await said(ann, 'more news').waitFor();
    assert.ok(await frame(ann).evaluate(
      (x) => x.scrollHeight - x.scrollTop - x.clientHeight) < 1);
  });

test('what is replayed to one who comes is not read out', async (t) => {
  const parlor = await Parlor.start(t);
  await guest(t, parlor, 'bob', 'attic');
  for (let i = 1; i <= 5; i += 1) {
    await parlor.json('/api/v1/publish', { room: 'attic', content: `m${i}` });
  }
  const ann = await guest(t, parlor, 'ann', 'tea');
  await overhear(ann);
  await ann.getByLabel('Room to join').fill('attic');
  await ann.getByRole('button', { name: 'Join' }).click();
  await said(ann, 'm5').waitFor();
  const heard = await ann.evaluate(() => window.heard);
  assert.deepEqual(heard.filter((x) => / m\d$/.test(x)),
    ['off m1', 'off m2', 'off m3', 'off m4', 'off m5']);
});
