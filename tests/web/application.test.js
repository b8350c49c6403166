// SPDX-License-Identifier: MIT
// What the application says over the API, on the chat page in Chromium: nobody
// who is called as it is can pass as it.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import { closeBrowser, guest, said, say } from './support/pages.js';

test.after(closeBrowser);

const message = (page, text) => page.locator('#log .message').filter(
  { has: page.getByText(text, { exact: true }) });

const mark = (page, text) => message(page, text)
  .getByText('Application', { exact: true });

test('what the application says has a mark, whatever name it uses', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const bob = await guest(t, parlor, 'bob Application');
  await say(bob, 'by bob');
  await said(ann, 'by bob').waitFor();
  for (const [sender, content] of [
    ['bob Application', 'as bob'], ['ann', 'as ann'], [undefined, 'as itself']]) {
    await parlor.json('/api/v1/publish', { room: 'tea', content, sender });
    await mark(ann, content).waitFor();
  }
  assert.equal(await mark(ann, 'by bob').count(), 0);
  // It has a head of its own, and is nobody's own.
  assert.doesNotMatch(await message(ann, 'as bob').getAttribute('class'), /follows/);
  assert.doesNotMatch(await message(ann, 'as ann').getAttribute('class'), /\bown\b/);
  await say(bob, 'by bob again');
  await said(ann, 'by bob again').waitFor();
  assert.equal(await mark(ann, 'by bob again').count(), 0);
  // Who comes later sees it, too, and who asks for what was before.
  const zoe = await guest(t, parlor, 'zoe');
  await mark(zoe, 'as bob').waitFor();
  assert.equal(await mark(zoe, 'by bob').count(), 0);
});

test('what was said before has its mark', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await parlor.json('/api/v1/publish', { room: 'tea', content: 'first' });
  for (let i = 0; i < 60; i += 1) {
    await parlor.json('/api/v1/publish', { room: 'tea', content: `m${i}` });
  }
  await said(ann, 'm59').waitFor();
  const bob = await guest(t, parlor, 'bob');
  await bob.getByRole('button', { name: 'Earlier messages' }).click();
  await mark(bob, 'first').waitFor({ state: 'attached' });
});

test('a private message of the application has a mark, now and after a reload',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann');
    await parlor.json('/api/v1/send', { user: 'ann', content: 'psst' });
    await ann.locator('#private-list button').click();
    await mark(ann, 'psst').waitFor();
    await ann.reload();
    await mark(ann, 'psst').waitFor();
  });

test('what the application says in my name is news to me', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann', 'tea');
  await ann.getByLabel('Room to join').fill('attic');
  await ann.getByRole('button', { name: 'Join' }).click();
  await ann.getByRole('heading', { name: 'attic' }).waitFor();
  await parlor.json('/api/v1/publish', {
    room: 'tea', content: 'as ann', sender: 'ann' });
  await ann.getByRole('button', { name: 'tea 1 unread' }).waitFor();
});
