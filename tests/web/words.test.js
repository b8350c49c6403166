// SPDX-License-Identifier: MIT
// What the chat page says around the messages: where one is, who is there, what is
// elsewhere, whether there is a connection.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import { crowd } from './support/crowd.js';
import {
  blank, closeBrowser, guest, member, refusedConnections, said, say, until,
} from './support/pages.js';
import { Proxy } from './support/proxy.js';

test.after(closeBrowser);

/** Waits until the element has just this text. */
function reads(page, id, text) {
  return until(page, [id, text], ([of, wanted]) => (
    document.getElementById(of).textContent === wanted));
}

function isHidden(page, id) {
  return page.evaluate((of) => document.getElementById(of).hidden, id);
}

async function join(page, room) {
  await page.getByLabel('Room to join').fill(room);
  await page.getByRole('button', { name: 'Join' }).click();
  await reads(page, 'conversation-name', room);
}

/** The page is seen, or not. */
function isLookedAt(page, seen) {
  return page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, !seen);
}

test('the page says where one is', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await reads(ann, 'conversation-about', '1 member');
  await guest(t, parlor, 'bob');
  await reads(ann, 'conversation-about', '2 members');
  await reads(ann, 'members-title', 'Members (2)');
  await reads(ann, 'leave', 'Leave');
  assert.equal(await isHidden(ann, 'private-title'), true);
  assert.equal(await ann.getAttribute('#composer-text', 'placeholder'),
    'Message to tea');
  await ann.locator('.member.self').getByText('you').waitFor();
  await member(ann, 'bob').click();
  await reads(ann, 'conversation-name', 'bob');
  await reads(ann, 'conversation-about', 'Only the two of you see this.');
  await reads(ann, 'leave', 'Close');
  assert.equal(await ann.getAttribute('#composer-text', 'placeholder'),
    'Private message to bob');
  for (const id of ['members', 'show-members']) {
    assert.equal(await isHidden(ann, id), true, id);
  }
  assert.equal(await isHidden(ann, 'private-title'), false);
  assert.equal(await ann.locator('#private-list [aria-current="true"]').count(), 1);
  assert.equal(await ann.locator('#room-list [aria-current]').count(), 0);
  assert.equal(await ann.title(), 'bob – Parlor');
  await ann.locator('#leave').click();
  await reads(ann, 'conversation-name', 'tea');
  assert.equal(await ann.locator('#room-list [aria-current="true"]').count(), 1);
  for (const id of ['members', 'show-members', 'leave', 'composer']) {
    assert.equal(await isHidden(ann, id), false, id);
  }
  assert.equal(await isHidden(ann, 'private-title'), true);
  await ann.locator('#leave').click();
  await reads(ann, 'conversation-name', 'No room yet');
  await reads(ann, 'conversation-about', 'Join one to begin.');
  for (const id of ['members', 'show-members', 'leave', 'composer']) {
    assert.equal(await isHidden(ann, id), true, id);
  }
  assert.equal(await ann.title(), 'Parlor');
});

test('where one goes on when a conversation is closed is beside it',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann', 'a');
    for (const room of ['b', 'c']) await join(ann, room);
    await ann.locator('#room-list button').filter({ hasText: 'b' }).click();
    await ann.locator('#leave').click();
    await reads(ann, 'conversation-name', 'c');
    await ann.locator('#leave').click();
    await reads(ann, 'conversation-name', 'a');
  });

test('what one cannot come into is not open', async (t) => {
  const parlor = await Parlor.start(t, 'limits.members-per-room=1');
  await crowd(t, parlor, ['bob'], 'full');
  const ann = await guest(t, parlor, 'ann');
  await ann.getByLabel('Room to join').fill('full');
  await ann.getByRole('button', { name: 'Join' }).click();
  await reads(ann, 'join-problem', 'full: Room is full');
  await reads(ann, 'conversation-name', 'tea');
  assert.equal(await ann.locator('#room-list button').count(), 1);
  // The complaint goes as soon as one goes on.
  await ann.getByLabel('Room to join').fill('o');
  await reads(ann, 'join-problem', '');
});

test('a room that is open already is shown, and not joined again',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann');
    const bob = await guest(t, parlor, 'bob');
    await join(ann, 'attic');
    await say(bob, 'hi');
    await join(ann, 'tea');
    await said(ann, 'hi').waitFor();
    assert.equal(await ann.locator('#room-list button').count(), 2);
    assert.equal(await ann.title(), 'tea – Parlor');
  });

test('a private message is announced where it is not seen', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const bob = await guest(t, parlor, 'bob');
  await member(bob, 'ann').click();
  await say(bob, 'one');
  await reads(ann, 'announcer', 'Private message from bob');
  await ann.getByRole('button', { name: 'bob 1 unread' }).click();
  await said(ann, 'one').waitFor();
  await ann.evaluate(() => {
    document.getElementById('announcer').textContent = '';
  });
  await say(bob, 'two');
  await said(ann, 'two').waitFor();
  await reads(ann, 'announcer', '');
  await isLookedAt(ann, false);
  await say(bob, 'three');
  await reads(ann, 'announcer', 'Private message from bob');
});

test('what comes while nobody looks is unread until one does', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const bob = await guest(t, parlor, 'bob');
  await isLookedAt(ann, false);
  await bob.locator('.member.away').getByText('ann').waitFor();
  await bob.locator('.member.away .presence').getByText('away').waitFor();
  await say(bob, 'one');
  await until(ann, '(1) tea – Parlor', (title) => document.title === title);
  await isLookedAt(ann, true);
  await until(ann, 'tea – Parlor', (title) => document.title === title);
  await bob.locator('.member.away').waitFor({ state: 'detached' });
  // Whoever is looked at has nothing unread, and what one says is not news.
  await say(bob, 'two');
  await said(ann, 'two').waitFor();
  await isLookedAt(ann, false);
  await say(ann, 'three');
  await said(bob, 'three').waitFor();
  assert.equal(await ann.title(), 'tea – Parlor');
});

test('more than 99 are many', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await join(ann, 'attic');
  const publish = async (from, to) => {
    for (let i = from; i <= to; i += 1) {
      await parlor.json('/api/v1/publish', { room: 'tea', content: `${i}` });
    }
  };
  await publish(1, 99);
  await ann.getByRole('button', { name: 'tea 99 unread' }).waitFor();
  await publish(100, 100);
  await ann.getByRole('button', { name: 'tea 99+ unread' }).waitFor();
  assert.equal(await ann.title(), '(100) attic – Parlor');
  await reads(ann, 'elsewhere', '99+ unread');
});

test('who types is forgotten after a while, or when the field is empty',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann');
    const now = Date.now();
    await ann.clock.setFixedTime(now);
    const bob = await guest(t, parlor, 'bob');
    const field = bob.locator('#composer-text');
    await field.pressSequentially('he');
    await reads(ann, 'typing', 'bob is typing…');
    await field.fill('');
    await reads(ann, 'typing', '');
    await field.pressSequentially('he');
    await reads(ann, 'typing', 'bob is typing…');
    await ann.clock.setFixedTime(now + 4999);
    await ann.waitForTimeout(1500);
    assert.equal(await ann.locator('#typing').textContent(), 'bob is typing…');
    await ann.clock.setFixedTime(now + 5000);
    await reads(ann, 'typing', '');
    // One sees nothing of oneself.
    assert.equal(await bob.locator('#typing').textContent(), '');
  });

test('the field is as high as its text, up to six lines', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const field = ann.locator('#composer-text');
  const rows = () => field.evaluate((x) => x.rows);
  assert.equal(await rows(), 1);
  await field.fill('1\n2\n3');
  assert.equal(await rows(), 3);
  await field.fill('1\n2\n3\n4\n5\n6\n7\n8');
  assert.equal(await rows(), 6);
  await field.press('Enter');
  await said(ann, '1 2 3 4 5 6 7 8').waitFor();
  assert.equal(await rows(), 1);
  await field.fill('  \n ');
  await field.press('Enter');
  await say(ann, '  trimmed  ');
  await said(ann, 'trimmed').waitFor();
  assert.equal(await ann.locator('#log .message').count(), 2);
});

test('earlier messages are offered where there are some', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['bob'], 'tea');
  const publish = (content) => parlor.json(
    '/api/v1/publish', { room: 'tea', content });
  for (let i = 1; i <= 10; i += 1) await publish(`m${i}`);
  const ann = await guest(t, parlor, 'ann');
  await said(ann, 'm10').waitFor();
  assert.equal(await isHidden(ann, 'earlier'), true);
  for (let i = 11; i <= 60; i += 1) await publish(`m${i}`);
  const eve = await guest(t, parlor, 'eve');
  await said(eve, 'm60').waitFor();
  await until(eve, false, (hidden) => (
    document.getElementById('earlier').hidden === hidden));
  await eve.getByRole('button', { name: 'Earlier messages' }).click();
  await said(eve, 'm1').waitFor({ state: 'attached' });
  await until(eve, true, (hidden) => (
    document.getElementById('earlier').hidden === hidden));
});

test('whether there is a connection is said', async (t) => {
  const parlor = await Parlor.start(t);
  const proxy = await Proxy.before(t, parlor);
  const ann = await guest(
    t, proxy, 'ann', 'tea', { allowed: refusedConnections });
  await reads(ann, 'state-text', 'Connected.');
  assert.equal(await isHidden(ann, 'state-action'), true);
  proxy.cut();
  await ann.getByText('The connection is lost.').waitFor();
  await reads(ann, 'state-action', 'Try now');
  assert.equal(await isHidden(ann, 'state-action'), false);
  await ann.locator('#state-action').focus();
  proxy.mend();
  await reads(ann, 'state-text', 'Connected again.');
  assert.equal(await isHidden(ann, 'state-action'), true);
  assert.equal(await ann.evaluate(() => document.activeElement.id),
    'composer-text');
});

test('what is asked for to come in is a name and a room', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await blank(t);
  await page.goto(`${parlor.url}/?room=tea`);
  const name = page.getByLabel('Your name');
  const room = page.getByLabel('Room', { exact: true });
  assert.equal(await room.inputValue(), 'tea');
  const enter = page.getByRole('button', { name: 'Come in' });
  const invalid = () => page.evaluate(() => ['sign-in-name', 'sign-in-room'].filter(
    (id) => document.getElementById(id).getAttribute('aria-invalid') === 'true'));
  await room.fill('');
  await name.fill('ann');
  await enter.click();
  await reads(page, 'sign-in-problem', 'A name and a room, please.');
  assert.deepEqual(await invalid(), ['sign-in-room']);
  await room.fill('r'.repeat(256));
  await enter.click();
  await page.getByText('This name is too long').waitFor();
  assert.deepEqual(await invalid(), ['sign-in-room']);
  await room.fill(' tea ');
  await name.fill('  ');
  await enter.click();
  await reads(page, 'sign-in-problem', 'A name and a room, please.');
  assert.deepEqual(await invalid(), ['sign-in-name']);
  await name.fill(' ann ');
  await enter.click();
  await member(page, 'ann').waitFor();
  await reads(page, 'conversation-name', 'tea');
  await reads(page, 'who', 'ann');
});
