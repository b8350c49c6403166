// SPDX-License-Identifier: MIT
// What a tab of the chat page keeps while it is loaded anew, in Chromium.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import {
  blank, closeBrowser, guest, member, refusedConnections, said, say, texts,
  textsAre, until,
} from './support/pages.js';
import { Proxy } from './support/proxy.js';

test.after(closeBrowser);

const draft = (page) => page.locator('#composer-text');

const room = (page, name) => page.locator('#room-list button')
  .filter({ hasText: name });

test('drafts are there again, each in its conversation', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const bob = await guest(t, parlor, 'bob');
  await draft(ann).fill('half a sen');
  await member(ann, 'bob').click();
  await draft(ann).fill('and a se');
  await ann.reload();
  await ann.getByRole('heading', { name: 'bob' }).waitFor();
  assert.equal(await draft(ann).inputValue(), 'and a se');
  await room(ann, 'tea').click();
  assert.equal(await draft(ann).inputValue(), 'half a sen');
  await draft(ann).press('Enter');
  await said(bob, 'half a sen').waitFor();
  await ann.reload();
  await member(ann, 'bob').waitFor();
  assert.equal(await draft(ann).inputValue(), '');
});

test('private conversations are there again', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  const bob = await guest(t, parlor, 'bob');
  await member(bob, 'ann').click();
  await say(bob, 'psst');
  await ann.locator('#private-list .badge').getByText('1').waitFor();
  await ann.reload();
  await ann.getByRole('button', { name: 'bob 1 unread' }).click();
  await said(ann, 'psst').waitFor();
  await say(ann, 'yes?');
  await said(bob, 'yes?').waitFor();
  await said(ann, 'yes?').waitFor(); // She knows that it has arrived.
  await ann.reload();
  await textsAre(ann, ['psst', 'yes?']);
  assert.deepEqual(await ann.locator('#log .message').evaluateAll(
    (all) => all.map((x) => x.classList.contains('own'))), [false, true]);
  assert.equal(await ann.locator('#private-list .badge').isVisible(), false);
  // Also where one is in no room, but has them.
  await room(ann, 'tea').click();
  await ann.getByRole('button', { name: 'Leave' }).click();
  await ann.getByRole('heading', { name: 'bob' }).waitFor();
  await ann.reload();
  await said(ann, 'yes?').waitFor();
  await ann.getByLabel('Room to join').fill('tea');
  await ann.getByRole('button', { name: 'Join' }).click();
  await ann.locator('#private-list button').click();
  // One that was closed stays closed.
  await ann.getByRole('button', { name: 'Close' }).click();
  await ann.reload();
  await ann.getByRole('heading', { name: 'tea' }).waitFor();
  assert.equal(await ann.locator('#private-list li').count(), 0);
});

test('what could not be sent is there again, and is sent again on demand',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann');
    const bob = await guest(t, parlor, 'bob');
    await parlor.json('/api/v1/disconnect', { user: 'ann' });
    await ann.getByText('An administrator has disconnected you.').waitFor();
    await say(ann, 'lost');
    await ann.getByText('Not sent: the connection is closed.').waitFor();
    await ann.reload();
    await ann.getByText('Not sent: the connection is closed.').waitFor();
    await ann.getByRole('button', { name: 'Send again' }).click();
    await said(bob, 'lost').waitFor();
    await ann.locator('#pending li').waitFor({ state: 'detached' });
    await ann.reload();
    await said(ann, 'lost').waitFor();
    assert.equal(await ann.locator('#pending li').count(), 0);
  });

test('what waits for the connection goes on waiting, and is said', async (t) => {
  const parlor = await Parlor.start(t);
  const proxy = await Proxy.before(t, parlor);
  const how = { allowed: refusedConnections };
  const ann = await guest(t, proxy, 'ann', 'tea', how);
  const bob = await guest(t, parlor, 'bob');
  proxy.cut();
  await ann.getByText('The connection is lost.').waitFor();
  await say(ann, 'later');
  await ann.getByText('Waiting for the connection…').waitFor();
  proxy.mendForPages();
  await ann.reload();
  await ann.getByText('Waiting for the connection…').waitFor();
  proxy.mend();
  await said(bob, 'later').waitFor();
  await ann.locator('#pending li').waitFor({ state: 'detached' });
  assert.deepEqual((await texts(bob)), ['later']);
});

test('what may have been said is not confirmed, and not said twice', async (t) => {
  const parlor = await Parlor.start(t);
  const proxy = await Proxy.before(t, parlor);
  const how = { allowed: refusedConnections };
  const ann = await guest(t, proxy, 'ann', 'tea', how);
  const bob = await guest(t, parlor, 'bob');
  // The service's answers get lost, not what it is told.
  proxy.silence();
  await say(ann, 'perhaps');
  await said(bob, 'perhaps').waitFor();
  await ann.getByText('Sending…').waitFor();
  proxy.cut();
  // The page does not come back on line by itself before it is loaded anew.
  proxy.mendForPages();
  await ann.reload();
  const note = ann.getByText(/^Not confirmed: .*; perhaps it has arrived\.$/);
  await note.waitFor();
  proxy.mend();
  await said(ann, 'perhaps').waitFor();
  await ann.getByRole('button', { name: 'Send again' }).click();
  await note.waitFor({ state: 'detached' });
  await ann.locator('#pending li').waitFor({ state: 'detached' });
  await say(ann, 'and more');
  await said(bob, 'and more').waitFor();
  assert.deepEqual(await texts(bob), ['perhaps', 'and more']);
});

for (const [what, garbage] of Object.entries({
  'no JSON': '{"user":',
  'another value': '7',
  'lists that are none': JSON.stringify({ user: 'ann', rooms: 'tea' }),
  'a name that can be nobody’s': JSON.stringify({ user: 'x'.repeat(300), rooms: ['tea'] }),
})) {
  test(`a storage with ${what} is not heeded`, async (t) => {
    const parlor = await Parlor.start(t);
    const page = await blank(t);
    await page.addInitScript((x) => sessionStorage.setItem('parlor', x), garbage);
    await page.goto(`${parlor.url}/`);
    await page.getByLabel('Your name').fill('ann');
    await page.getByRole('button', { name: 'Come in' }).click();
    await member(page, 'ann').waitFor();
    await say(page, 'hi');
    await said(page, 'hi').waitFor();
  });
}

test('of a storage that is half right, that half is heeded', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await blank(t);
  await page.addInitScript((x) => {
    if (!sessionStorage.getItem('parlor')) sessionStorage.setItem('parlor', x);
  }, JSON.stringify({
    user: 'ann', rooms: ['tea', 7, '', 'y'.repeat(300)], current: [],
    drafts: [null, 3, { key: 'room:tea', text: 'half' }, { key: 'x', text: 1 }],
    pending: [{}, null, { conversation: 'room:tea', text: 'old', key: 'k',
      time: 'never' }, { conversation: 'room:gone', text: 'old', key: 'k',
      time: '2026-01-01T00:00:00Z' }],
    privates: [{ name: '__proto__', unread: 1e99, entries: [
      { sender: 'bob', text: '<b>hi</b>', time: '2026-01-01T00:00:00Z' },
      { sender: 7 }, 'x'] }, [], null, { name: '' }],
  }));
  await page.goto(`${parlor.url}/`);
  await member(page, 'ann').waitFor();
  assert.equal(await draft(page).inputValue(), 'half');
  assert.equal(await page.locator('#pending li').count(), 0);
  assert.equal(await page.locator('#room-list li').count(), 1);
  await page.locator('#private-list button').click();
  await said(page, '<b>hi</b>').waitFor();
  assert.equal(await page.locator('#private-list li').count(), 1);
});

test('where nothing can be kept, the page works', async (t) => {
  const parlor = await Parlor.start(t);
  for (const how of ['forbidden', 'full']) {
    const page = await blank(t);
    await page.addInitScript((kind) => {
      const refuse = () => {
        throw new DOMException('no', kind === 'full'
          ? 'QuotaExceededError' : 'SecurityError');
      };
      if (kind === 'full') Storage.prototype.setItem = refuse;
      else Object.defineProperty(window, 'sessionStorage', { get: refuse });
    }, how);
    await page.goto(`${parlor.url}/`);
    await page.getByLabel('Your name').fill(how);
    await page.getByRole('button', { name: 'Come in' }).click();
    await member(page, how).waitFor();
    await say(page, `hi ${how}`);
    await said(page, `hi ${how}`).waitFor();
    await page.reload();
    await page.getByLabel('Your name').waitFor();
  }
});

test('a storage with little room keeps what matters most', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await blank(t);
  await ann.addInitScript(() => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function limited(key, value) {
      if (value.length > 3000) throw new DOMException('full', 'QuotaExceededError');
      setItem.call(this, key, value);
    };
  });
  await ann.goto(`${parlor.url}/`);
  await ann.getByLabel('Your name').fill('ann');
  await ann.getByRole('button', { name: 'Come in' }).click();
  await member(ann, 'ann').waitFor();
  await parlor.json('/api/v1/send', { user: 'ann', content: 'x'.repeat(5000) });
  await ann.locator('#private-list .badge').getByText('1').waitFor();
  await draft(ann).fill('half a sen');
  await ann.reload();
  await member(ann, 'ann').waitFor();
  assert.equal(await draft(ann).inputValue(), 'half a sen');
});

test('what is kept is bounded', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  for (let i = 0; i < 130; i += 1) {
    await parlor.json('/api/v1/send', { user: 'ann', content: `m${i}` });
  }
  await ann.locator('#private-list .badge').getByText('99+').waitFor();
  // Private messages that have not arrived before the page goes are lost.
  await until(ann, 'm129', (text) => sessionStorage.getItem('parlor')
    .includes(text));
  await ann.reload();
  await ann.locator('#private-list button').click();
  await said(ann, 'm129').waitFor();
  assert.deepEqual((await texts(ann)).length, 100);
  assert.ok(await ann.evaluate(
    () => sessionStorage.getItem('parlor').length) < 1000000);
});

test('what somebody else has left in the tab is not shown', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await draft(ann).fill('secret');
  await until(ann, 'secret', (text) => sessionStorage.getItem('parlor')
    ?.includes(text));
  await ann.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem('parlor'));
    sessionStorage.setItem('parlor', JSON.stringify({ ...kept, rooms: [] }));
    Storage.prototype.setItem = () => {}; // Until it is loaded anew.
  });
  await ann.reload();
  await ann.getByLabel('Your name').fill('eve');
  await ann.getByRole('button', { name: 'Come in' }).click();
  await member(ann, 'eve').waitFor();
  assert.equal(await draft(ann).inputValue(), '');
  await until(ann, 'eve', (user) => sessionStorage.getItem('parlor')?.includes(user));
  assert.doesNotMatch(await ann.evaluate(
    () => sessionStorage.getItem('parlor')), /secret/);
});
