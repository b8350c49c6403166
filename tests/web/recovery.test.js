// SPDX-License-Identifier: MIT
// The chat page in Chromium, before a service with history, presence, signals.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import {
  closeBrowser, guest, member, refusedConnections, said, say, textsAre, until,
} from './support/pages.js';
import { Proxy } from './support/proxy.js';

test.after(closeBrowser);

test('a network that breaks leaves nothing out', async (t) => {
  const parlor = await Parlor.start(t);
  const proxy = await Proxy.before(t, parlor);
  const ann = await guest(
    t, proxy, 'ann', 'tea', { allowed: refusedConnections });
  const bob = await guest(t, parlor, 'bob');
  await say(bob, 'one');
  await said(ann, 'one').waitFor();
  proxy.cut();
  await ann.getByText('The connection is lost.').waitFor();
  await say(bob, 'two');
  await said(bob, 'two').waitFor();
  await say(bob, 'three');
  await said(bob, 'three').waitFor();
  await say(ann, 'four');
  proxy.mend();
  for (const page of [ann, bob]) {
    await textsAre(page, ['one', 'two', 'three', 'four']);
  }
  assert.equal(await ann.locator('.notice.gap').count(), 0);
});

test('who comes later sees what was said, and what was said before that',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann');
    for (let i = 1; i <= 70; i += 1) {
      await parlor.json('/api/v1/publish', { room: 'tea', content: `m${i}` });
    }
    await said(ann, 'm70').waitFor();
    const bob = await guest(t, parlor, 'bob');
    const all = Array.from({ length: 70 }, (_, i) => `m${i + 1}`);
    await textsAre(bob, all.slice(20));
    await bob.getByRole('button', { name: 'Earlier messages' }).click();
    await textsAre(bob, all);
  });

/** For this page no time passes: who types there types until that is revoked. */
function standStill(page) {
  return page.clock.setFixedTime(new Date());
}

test('one sees who types and who is away', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await standStill(ann);
  const bob = await guest(t, parlor, 'bob');
  await bob.locator('#composer-text').pressSequentially('he');
  await ann.getByText('bob is typing…').waitFor();
  await say(bob, 'hello');
  await until(ann, '', () => document.getElementById('typing').textContent === '');
  await bob.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await ann.locator('.member.away').getByText('bob').waitFor();
});

test('who types and leaves types no more', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann');
  await standStill(ann);
  const bob = await guest(t, parlor, 'bob');
  await bob.locator('#composer-text').pressSequentially('he');
  await ann.getByText('bob is typing…').waitFor();
  await bob.getByRole('button', { name: 'Leave' }).click();
  await ann.getByText('bob left', { exact: true }).waitFor();
  assert.equal(await ann.locator('#typing').textContent(), '');
});

test('what is replayed in a room behind is not counted as unread', async (t) => {
  const parlor = await Parlor.start(t);
  const proxy = await Proxy.before(t, parlor);
  const ann = await guest(
    t, proxy, 'ann', 'tea', { allowed: refusedConnections });
  const bob = await guest(t, parlor, 'bob', 'tea');
  await ann.getByLabel('Room to join').fill('attic');
  await ann.getByRole('button', { name: 'Join' }).click();
  await ann.getByRole('heading', { name: 'attic' }).waitFor();
  await say(bob, 'counted');
  await ann.getByRole('button', { name: 'tea 1 unread' }).waitFor();
  proxy.cut();
  await ann.getByText('The connection is lost.').waitFor();
  await member(bob, 'ann').waitFor({ state: 'detached' });
  await say(bob, 'missed');
  await said(bob, 'missed').waitFor();
  proxy.mend();
  // Behind what was missed there is another one, which counts: she is there.
  await member(bob, 'ann').waitFor();
  await say(bob, 'counted too');
  await ann.getByRole('button', { name: /tea [23] unread/ }).waitFor();
  await ann.getByRole('button', { name: 'tea 2 unread' }).click();
  await textsAre(ann, ['counted', 'missed', 'counted too']);
});
