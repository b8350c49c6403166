// SPDX-License-Identifier: MIT
// What one types on the chat page, in Chromium: compositions, names, drafts.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import { desk, refusedRequests } from './support/desk.js';
import { blank, closeBrowser, guest, member, said, say, texts } from './support/pages.js';

test.after(closeBrowser);

const field = (page) => page.locator('#composer-text');

/** Enter, as browsers tell it while a composition is under way or ends. */
function enter(page, members) {
  return field(page).evaluate((x, given) => x.dispatchEvent(
    new KeyboardEvent('keydown', {
      key: 'Enter', bubbles: true, cancelable: true, ...given })), members);
}

test('Enter that ends a composition does not send', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await field(ann).fill('にほん');
  // Within it, and as Safari tells of its end: after it, with another code.
  for (const members of [{ isComposing: true, keyCode: 229 }, { keyCode: 229 }]) {
    assert.equal(await enter(ann, members), true, 'it has its usual effect');
    assert.equal(await field(ann).inputValue(), 'にほん');
  }
  await field(ann).press('Enter');
  await said(ann, 'にほん').waitFor();
  assert.deepEqual(await texts(ann), ['にほん']);
});

test('names are as long as their bytes, and one is told where they are too long',
  async (t) => {
    const parlor = await Parlor.start(t);
    const page = await blank(t);
    await page.goto(`${parlor.url}/`);
    const name = page.getByLabel('Your name');
    const problem = page.locator('#sign-in-problem');
    await name.fill('ü'.repeat(128));
    await problem.getByText('256 bytes, of which 255 are allowed').waitFor();
    assert.equal(await name.getAttribute('aria-invalid'), 'true');
    await page.getByRole('button', { name: 'Come in' }).click();
    assert.equal(await page.locator('#chat').isVisible(), false);
    await name.fill('x'.repeat(300));
    await problem.getByText('300 bytes, of which 255 are allowed').waitFor();
    await name.fill('ann');
    assert.equal(await problem.textContent(), '');
    const room = page.getByLabel('Room', { exact: true });
    await room.fill('🦊'.repeat(64));
    await problem.getByText('256 bytes').waitFor();
    await page.getByRole('button', { name: 'Come in' }).click();
    assert.equal(await page.locator('#chat').isVisible(), false);
    await room.fill('ü'.repeat(127));
    await page.getByRole('button', { name: 'Come in' }).click();
    await member(page, 'ann').waitFor();
    await page.getByLabel('Room to join').fill('ü'.repeat(128));
    await page.locator('#join-problem').getByText('256 bytes').waitFor();
    await page.getByRole('button', { name: 'Join' }).click();
    assert.equal(await page.locator('#room-list li').count(), 1);
    await page.getByLabel('Room to join').fill('attic');
    assert.equal(await page.locator('#join-problem').textContent(), '');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { name: 'attic' }).waitFor();
  });

test('the operator is told so, too', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await desk(t, parlor, 'users', { allowed: refusedRequests });
  await page.getByLabel('Name of a user').fill('ü'.repeat(128));
  await page.getByText('256 bytes, of which 255 are allowed').waitFor();
  await page.getByRole('button', { name: 'Open' }).click();
  assert.match(page.url(), /#\/users$/);
  await page.getByLabel('Name of a user').fill('ü'.repeat(127));
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('This user is not online.').waitFor();
});

test('a draft stays with its conversation', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await guest(t, parlor, 'bob');
  const room = (name) => ann.locator('#room-list button').filter({ hasText: name });
  await field(ann).fill('for tea');
  await ann.getByLabel('Room to join').fill('attic');
  await ann.getByRole('button', { name: 'Join' }).click();
  await ann.getByRole('heading', { name: 'attic' }).waitFor();
  assert.equal(await field(ann).inputValue(), '');
  await field(ann).fill('for the attic');
  await room('tea').click();
  assert.equal(await field(ann).inputValue(), 'for tea');
  await member(ann, 'bob').click();
  assert.equal(await field(ann).inputValue(), '');
  await field(ann).fill('for bob');
  await room('attic').click();
  assert.equal(await field(ann).inputValue(), 'for the attic');
  await room('tea').click();
  assert.equal(await field(ann).inputValue(), 'for tea');
  await say(ann, 'said in tea');
  await ann.locator('#private-list button').click();
  assert.equal(await field(ann).inputValue(), 'for bob');
  await room('tea').click();
  assert.equal(await field(ann).inputValue(), '');
});
