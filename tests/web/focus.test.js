// SPDX-License-Identifier: MIT
// Where the focus is when what had it is gone, and what is told to those who do
// not see the pages: of lists, what has changed and nothing else.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import { areOnline, crowd } from './support/crowd.js';
import { desk, dialog, follow, labelIsFocused, refusedRequests, row } from './support/desk.js';
import {
  blank, closeBrowser, guest, member, said, say, until,
} from './support/pages.js';

test.after(closeBrowser);

const focused = (page, id) => until(
  page, id, (wanted) => document.activeElement?.id === wanted);

/** Presses it as one who has no mouse. */
async function press(button) {
  await button.focus();
  await button.press('Enter');
}

/** A page whose private messages go to one who is not there. */
async function unheard(t, parlor, ...words) {
  const ann = await guest(t, parlor, 'ann');
  await crowd(t, parlor, ['bob'], 'tea');
  await member(ann, 'bob').click();
  await parlor.json('/api/v1/disconnect', { user: 'bob' });
  await areOnline(parlor, { ann: 1 });
  for (const word of words) {
    await say(ann, word);
    await ann.locator('#pending li').filter({ hasText: word }).filter(
      { hasText: 'Not sent' }).waitFor();
  }
  return ann;
}

const within = (page, text, label) => page.locator('#pending li')
  .filter({ hasText: text }).getByRole('button', { name: label });

test('who discards a message is at the next one, then where one writes',
  async (t) => {
    const ann = await unheard(t, await Parlor.start(t), 'one', 'two', 'three');
    await press(within(ann, 'two', 'Discard'));
    await until(ann, 'three', (text) => document.activeElement
      .closest('#pending li')?.textContent.includes(text)
      && document.activeElement.textContent === 'Discard');
    await ann.keyboard.press('Enter');
    await until(ann, 'one', (text) => document.activeElement
      .closest('#pending li')?.textContent.includes(text)
      && document.activeElement.textContent === 'Discard');
    await ann.keyboard.press('Enter');
    await focused(ann, 'composer-text');
    assert.equal(await ann.locator('#pending li').count(), 0);
  });

test('who sends again is at the next one, then where one writes', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await unheard(t, parlor, 'one', 'two');
  await crowd(t, parlor, ['bob']);
  await press(within(ann, 'one', 'Send again'));
  await until(ann, 'two', (text) => document.activeElement
    .closest('#pending li')?.textContent.includes(text)
    && document.activeElement.textContent === 'Send again');
  await said(ann, 'one').waitFor();
  await ann.keyboard.press('Enter');
  await said(ann, 'two').waitFor();
  await focused(ann, 'composer-text');
});

test('who has asked for the last of what was said before is in it', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['bob'], 'tea');
  for (let i = 1; i <= 70; i += 1) {
    await parlor.json('/api/v1/publish', { room: 'tea', content: `m${i}` });
  }
  const ann = await guest(t, parlor, 'ann');
  await said(ann, 'm70').waitFor();
  await press(ann.getByRole('button', { name: 'Earlier messages' }));
  await said(ann, 'm1').waitFor({ state: 'attached' });
  await ann.locator('#earlier').waitFor({ state: 'hidden' });
  await focused(ann, 'log-frame');
});

test('who leaves the last room of a phone can join another', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await blank(t, { viewport: { width: 360, height: 700 } });
  await ann.goto(`${parlor.url}/?room=tea`);
  await ann.getByLabel('Your name').fill('ann');
  await ann.getByRole('button', { name: 'Come in' }).click();
  await ann.getByRole('heading', { name: 'tea' }).waitFor();
  await press(ann.getByRole('button', { name: 'Leave' }));
  await focused(ann, 'show-rooms');
});

test('who disconnects a user is at what is left', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'bob', 'zoe']);
  const page = await desk(t, parlor, 'users/bob', { allowed: refusedRequests });
  await page.getByText('1 connection', { exact: true }).waitFor();
  await press(page.locator('#kick-all'));
  await press(dialog(page).getByRole('button', { name: 'Disconnect' }));
  await page.getByText('This user is not online.').waitFor();
  await focused(page, 'view');
  // The row goes while the question stands.
  await follow(page, 'Users');
  await press(row(page, 'ann').getByRole('button'));
  await parlor.json('/api/v1/disconnect', { user: 'ann' });
  await page.evaluate(() => document.querySelector('#refresh').click());
  await row(page, 'ann').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await labelIsFocused(page, 'Disconnect zoe');
  await page.keyboard.press('Enter');
  await press(dialog(page).getByRole('button', { name: 'Disconnect' }));
  await page.getByText('Nobody is online.').waitFor();
  await focused(page, 'view');
});

/** From now on, every element that comes, goes or changes in these. */
function watch(page, ...selectors) {
  return page.evaluate((all) => {
    window.changes = [];
    const what = (node) => (node.nodeType === 1 ? node.outerHTML : node.data);
    for (const selector of all) {
      new MutationObserver((records) => records.forEach((x) => {
        const changed = [...x.addedNodes, ...x.removedNodes].map(what);
        window.changes.push(...x.type === 'childList' ? changed : [what(x.target)]);
      })).observe(document.querySelector(selector), {
        childList: true, characterData: true, subtree: true });
    }
  }, selectors);
}

const changes = (page) => page.evaluate(() => window.changes);

test('of lists that change, the rest is left alone', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann', 'tea');
  for (const room of ['den', 'attic']) {
    await ann.getByLabel('Room to join').fill(room);
    await ann.getByRole('button', { name: 'Join' }).click();
    await ann.getByRole('heading', { name: room }).waitFor();
    await member(ann, 'ann').waitFor();
  }
  await crowd(t, parlor, ['zoe'], 'attic');
  await member(ann, 'zoe').waitFor();
  await parlor.json('/api/v1/publish', { room: 'tea', content: 'one' });
  await ann.getByRole('button', { name: 'tea 1 unread' }).waitFor();
  await watch(ann, '#room-list', '#private-list', '#member-list');
  await crowd(t, parlor, ['bob'], 'attic');
  await member(ann, 'bob').waitFor();
  await parlor.json('/api/v1/publish', { room: 'attic', content: 'two' });
  await said(ann, 'two').waitFor();
  await parlor.json('/api/v1/publish', { room: 'den', content: 'three' });
  await ann.getByRole('button', { name: 'den 1 unread' }).waitFor();
  const seen = await changes(ann);
  assert.equal(seen.filter((x) => /bob/.test(x)).length, 1, seen.join('\n'));
  // The number and its word.
  assert.equal(seen.length, 3, seen.join('\n'));
});

test('of messages that wait, the rest is left alone', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await unheard(t, parlor, 'one', 'two');
  await watch(ann, '#pending');
  await within(ann, 'one', 'Discard').click();
  await until(ann, 1, (count) => document
    .querySelectorAll('#pending li').length === count);
  const seen = await changes(ann);
  assert.equal(seen.length, 1, seen.join('\n'));
  assert.match(seen[0], /one/);
});
