// SPDX-License-Identifier: MIT
// Names that turn the text around them, on both pages in Chromium.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import { areOnline, crowd } from './support/crowd.js';
import { desk, dialog, refusedRequests, visit } from './support/desk.js';
import { closeBrowser, guest, member, say } from './support/pages.js';

test.after(closeBrowser);

/** An override, one behind what closes an isolate, and an isolate left open. */
const TURNING = ['\u202Ebob', 'bob\u2069\u202E', 'bob\u2067', 'bob\u2029\u202E'];

/** In a text without elements; what the name closes or opens is made good. */
const isolated = (name) => `\u2068${{
  [TURNING[1]]: 'bob\u202E', [TURNING[2]]: 'bob\u2067\u2069',
  [TURNING[3]]: 'bob \u202E' }[name] ?? name}\u2069`;

/**
 * The words in an element, and whether each is where it belongs: its letters
 * from left to right, and itself right of the one before it.
 */
function turned(locator, words) {
  return locator.evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found = new Map();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const word of wanted) {
        const at = node.data.indexOf(word);
        if (at < 0 || found.has(word)) continue;
        found.set(word, [...word].map((_, n) => {
          const range = document.createRange();
          range.setStart(node, at + n);
          range.setEnd(node, at + n + 1);
          const { left, top } = range.getBoundingClientRect();
          return { left, top };
        }));
      }
    }
    const wrong = wanted.filter((word) => !found.has(word));
    const places = wanted.flatMap((word) => found.get(word) ?? []);
    const isTurned = places.some((place, n) => n > 0
      && Math.abs(place.top - places[n - 1].top) < 5
      && place.left <= places[n - 1].left);
    return { wrong, isTurned };
  }, words);
}

async function inOrder(locator, ...words) {
  await locator.waitFor({ state: 'attached' });
  assert.deepEqual(await turned(locator, words), { wrong: [], isTurned: false });
}

for (const [n, name] of TURNING.entries()) {
  test(`a name turns nothing but itself on the chat page, ${n}`, async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann', `tea ${name}`);
    const bob = await guest(t, parlor, 'bob', `tea ${name}`);
    // A page that is told who one is cannot be asked by the same name.
    await crowd(t, parlor, [name], `tea ${name}`);
    const notice = ann.locator('.notice').filter(
      { hasText: /[\u202E\u2067].* joined/ }).locator('.text');
    await inOrder(notice, 'joined');
    await inOrder(ann.locator('#composer-label'), 'Message', 'to');
    const title = await ann.title();
    assert.ok(title.endsWith(`${isolated(name).slice(1)} – Parlor`)
      || title.endsWith(`${isolated(`tea ${name}`)} – Parlor`)
      || title.includes(isolated(name).slice(1)), JSON.stringify(title));
    assert.match(await ann.locator('#composer-text').getAttribute('placeholder'),
      /^Message to \u2068.*\u2069$/);
    await bob.close();
    await inOrder(ann.locator('.notice').filter({ hasText: 'left' })
      .locator('.text'), 'left');
    for (const list of ['#member-list', '#room-list']) {
      assert.equal(await ann.locator(`${list} .name`).last().evaluate(
        (x) => getComputedStyle(x).unicodeBidi), 'isolate');
    }
    // Privately, to one who is not there any more.
    await ann.locator('#member-list button').filter({ hasNotText: /^B?bob$/ })
      .first().click();
    await inOrder(ann.locator('#composer-label'), 'Private', 'message', 'to');
    await parlor.json('/api/v1/disconnect', { user: name });
    await areOnline(parlor, { ann: 1 });
    await ann.locator('#room-list button').click();
    await ann.locator('#member-list li').nth(1).waitFor({ state: 'detached' });
    await ann.locator('#private-list button').click();
    await say(ann, 'are you there?');
    const note = ann.locator('#pending .note');
    await note.getByText(/^Not sent: .* is not here\.$/).waitFor();
    await inOrder(note, 'Not', 'sent', 'is', 'not', 'here');
  });

  test(`a name turns nothing but itself on the operator's page, ${n}`,
    async (t) => {
      const parlor = await Parlor.start(t);
      await crowd(t, parlor, [name, 'zoe'], `tea ${name}`);
      const page = await desk(t, parlor, 'users', { allowed: refusedRequests });
      const button = page.locator('#table-body tr').filter({ hasNotText: 'zoe' })
        .getByRole('button');
      assert.equal(await button.getAttribute('aria-label'),
        `Disconnect ${isolated(name)}`);
      await button.click();
      await inOrder(dialog(page).locator('#confirm-text'),
        'All', 'connections', 'of', 'are', 'closed', 'with', '4004');
      await page.keyboard.press('Escape');
      await visit(page, `users/${encodeURIComponent(name)}`);
      await inOrder(page.locator('#view-title'), 'User');
      assert.equal(await page.title(), `User ${isolated(name)} – Parlor operator`);
      await page.locator('#table-body tr').getByRole('button').click();
      await inOrder(dialog(page).locator('#confirm-text'),
        'Connection', 'of', 'is', 'closed', 'with', '4004');
      await dialog(page).getByRole('button', { name: 'Disconnect' }).click();
      await page.getByText(/: done\.$/).waitFor();
      await inOrder(page.locator('#outcome'), 'Disconnect', 'of', 'done');
      await visit(page, 'rooms');
      await page.locator('#table-body tr').waitFor();
      await visit(page, `rooms/${encodeURIComponent(`tea ${name}`)}`);
      await inOrder(page.locator('#view-title'), 'Room');
    });
}

test('names that turn nothing are as they are', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await crowd(t, parlor, ['Zoë O’Neil, 🦊'], 'tea');
  await ann.getByText('Zoë O’Neil, 🦊 joined', { exact: true }).waitFor();
  await member(ann, 'Zoë O’Neil, 🦊').click();
  await ann.getByRole('textbox', {
    name: 'Private message to Zoë O’Neil, 🦊', exact: true }).waitFor();
  assert.equal(await ann.title(), 'Zoë O’Neil, 🦊 – Parlor');
});
