// SPDX-License-Identifier: MIT
// The chat page in Chromium, before the built service.
import assert from 'node:assert/strict';
import test from 'node:test';

import { chromium } from 'playwright-core';

import { atEnd } from '../../clients/js/test/support/at_end.js';
import { Parlor } from '../../clients/js/test/support/parlor.js';
import { areOnline } from './support/crowd.js';
import {
  blank, closeBrowser, complained, guest, launchOptions, member, said, say,
  textsAre, until,
} from './support/pages.js';

test.after(closeBrowser);

test('two pages chat', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const bob = await guest(t, parlor, 'bob');
  await member(ann, 'bob').waitFor();
  await say(ann, 'hello');
  await said(bob, 'hello').waitFor();
  await say(bob, 'hi\nann');
  await said(ann, 'hi ann').waitFor();
  for (const page of [ann, bob]) await textsAre(page, ['hello', 'hi\nann']);
  await bob.getByRole('button', { name: 'Leave' }).click();
  await ann.getByText('bob left').waitFor();
  await member(ann, 'bob').waitFor({ state: 'detached' });
});

test('who is killed leaves', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const server = await chromium.launchServer(launchOptions);
  atEnd(t, () => server.kill());
  const of = await chromium.connect(server.wsEndpoint());
  const bob = await guest(t, parlor, 'bob', 'tea', { of });
  await member(ann, 'bob').waitFor();
  assert.equal(bob.isClosed(), false);
  server.process().kill('SIGKILL');
  await member(ann, 'bob').waitFor({ state: 'detached' });
  await ann.getByText('bob left').waitFor();
});

test('who closes the page leaves', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const bob = await guest(t, parlor, 'bob');
  await member(ann, 'bob').waitFor();
  await bob.close();
  await member(ann, 'bob').waitFor({ state: 'detached' });
});

test('what users write is text', async (t) => {
  const parlor = await Parlor.start(t);
  const evil = '<img src=x onerror="document.title=\'taken\'">'
    + '<script>document.title="taken"</script>';
  const ann = await guest(t, parlor, evil, evil);
  const bob = await guest(t, parlor, 'bob', evil);
  await say(bob, evil);
  await said(ann, evil).waitFor();
  await bob.locator('#member-list').getByText(evil).click();
  await say(bob, `private ${evil}`);
  await ann.locator('#private-list button').click();
  await said(ann, `private ${evil}`).waitFor();
  for (const page of [ann, bob]) {
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.equal(await page.locator('body script').count(), 0);
    assert.doesNotMatch(await page.title(), /^taken/);
  }
});

test('the policy stops what would get in nevertheless', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await blank(t, {}, { allowed: /policy|Content Security/ });
  const answer = await page.goto(`${parlor.url}/`);
  const headers = answer.headers();
  assert.match(headers['content-security-policy'], /default-src 'none'/);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken"';
    document.body.append(script);
    const image = document.createElement('div');
    image.innerHTML = '<img src="data:," onerror="document.title=\'taken\'">';
    document.body.append(image);
  });
  await complained(page);
  assert.equal(await page.title(), 'Parlor');
});

test('private messages are for two', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const bob = await guest(t, parlor, 'bob');
  const zoe = await guest(t, parlor, 'zoe');
  await member(ann, 'bob').click();
  await say(ann, 'psst');
  await said(ann, 'psst').waitFor();
  await bob.locator('#private-list .badge').getByText('1').waitFor();
  await bob.locator('#private-list button').click();
  await said(bob, 'psst').waitFor();
  await say(bob, 'yes?');
  await said(ann, 'yes?').waitFor();
  assert.equal(await zoe.locator('#private-list button').count(), 0);
  await zoe.close();
  await ann.locator('#room-list button').click();
  await member(ann, 'zoe').waitFor({ state: 'detached' });
  await bob.close();
  await member(ann, 'bob').waitFor({ state: 'detached' });
  await areOnline(parlor, { ann: 1 });
  await ann.locator('#private-list button').click();
  await say(ann, 'still there?');
  await ann.getByText('Not sent: bob is not here.').waitFor();
  await ann.getByRole('button', { name: 'Discard' }).click();
  assert.equal(await ann.locator('#pending li').count(), 0);
});

test('what is unread elsewhere is counted', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann', 'tea');
  const bob = await guest(t, parlor, 'bob', 'tea');
  await ann.getByLabel('Room to join').fill('attic');
  await ann.getByRole('button', { name: 'Join' }).click();
  await ann.getByRole('heading', { name: 'attic' }).waitFor();
  await say(bob, 'one');
  await say(bob, 'two');
  await ann.getByRole('button', { name: 'tea 2 unread' }).waitFor();
  assert.equal(await ann.title(), '(2) attic – Parlor');
  await ann.getByRole('button', { name: 'tea 2 unread' }).click();
  await said(ann, 'two').waitFor();
  assert.equal(await ann.title(), 'tea – Parlor');
});

test('a page that is loaded anew is the same user in the same rooms',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann');
    const bob = await guest(t, parlor, 'bob');
    await ann.reload();
    await member(ann, 'bob').waitFor();
    await say(ann, 'back');
    await said(bob, 'back').waitFor();
  });

test('the keyboard is enough', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await blank(t);
  const { keyboard } = page;
  const focused = (id) => until(
    page, id, (wanted) => document.activeElement?.id === wanted);
  await page.goto(`${parlor.url}/?room=tea`);
  await focused('sign-in-name');
  await keyboard.press('Enter');
  await page.getByText('A name and a room, please.').waitFor();
  await focused('sign-in-name');
  await keyboard.type('ann');
  await keyboard.press('Enter');
  await focused('composer-text');
  await member(page, 'ann').waitFor();
  await keyboard.type('one');
  await keyboard.press('Shift+Enter');
  await keyboard.type('two');
  await keyboard.press('Enter');
  await said(page, 'one two').waitFor();
  // Backwards: the log, then Leave, then the field for another room.
  await keyboard.press('Shift+Tab');
  await focused('log-frame');
  await keyboard.press('Shift+Tab');
  await focused('leave');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await focused('join-name');
  await keyboard.type('attic');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'attic' }).waitFor();
  await focused('composer-text');
  await page.locator('#leave').focus();
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'tea' }).waitFor();
  await focused('composer-text');
  await page.locator('#leave').focus();
  await keyboard.press('Enter');
  await focused('join-name');
});

test('everything has a name and a place for those who do not see it',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann');
    for (const [role, name] of [
      ['navigation', 'Conversations'], ['main', 'tea'],
      ['complementary', 'Members (1)'], ['log', 'Messages'],
      ['textbox', 'Message to tea'], ['textbox', 'Room to join'],
      ['list', 'Rooms'], ['list', 'Members (1)'], ['button', 'Send'],
      ['link', 'Skip to the message field']]) {
      await ann.getByRole(role, { name, exact: true }).waitFor();
    }
    assert.equal(await ann.locator('html').getAttribute('lang'), 'en');
    const nameless = await ann.evaluate(() => [
      ...document.querySelectorAll('button, input, textarea')].filter(
      (x) => !x.labels?.length && !x.textContent.trim() && !x.closest('[hidden]'))
      .map((x) => x.outerHTML));
    assert.deepEqual(nameless, []);
    assert.equal(await ann.locator('#state-text').textContent(), 'Connected.');
    // With the next frame after what was replayed.
    await until(ann, 'polite', (live) => document.getElementById('log-frame')
      .getAttribute('aria-live') === live);
  });

test('a phone shows one thing at a time', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await blank(t, {
    viewport: { width: 360, height: 700 }, hasTouch: true, isMobile: true });
  await page.goto(`${parlor.url}/`);
  await page.getByLabel('Your name').fill('ann');
  await page.getByRole('button', { name: 'Come in' }).tap();
  await page.getByRole('heading', { name: 'lobby' }).waitFor();
  await page.locator('#rooms').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Members' }).tap();
  await page.locator('#members').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Rooms' }).tap();
  await page.locator('#members').waitFor({ state: 'hidden' });
  await page.getByLabel('Room to join').fill('attic');
  await page.getByRole('button', { name: 'Join' }).tap();
  await page.getByRole('heading', { name: 'attic' }).waitFor();
  await page.locator('#rooms').waitFor({ state: 'hidden' });
  await say(page, `wide${'e'.repeat(200)}`);
  await page.locator('#log .message').waitFor();
  assert.equal(await page.evaluate(
    () => document.documentElement.scrollWidth), 360);
});

test('a name that cannot be is said so', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await blank(t);
  await page.goto(`${parlor.url}/`);
  await page.getByLabel('Your name').fill('a\u0085b');
  await page.getByRole('button', { name: 'Come in' }).click();
  await page.getByText('user has a control character').waitFor();
});
