// SPDX-License-Identifier: MIT
// The chat page in Chromium, before a service that is killed and restarted.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import {
  closeBrowser, guest, member, refusedConnections, said, say, texts, textsAre,
} from './support/pages.js';

test.after(closeBrowser);

const how = { allowed: refusedConnections };

test('the service is killed and started again, and both come back',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann', 'tea', how);
    const bob = await guest(t, parlor, 'bob', 'tea', how);
    await member(ann, 'bob').waitFor();
    await say(ann, 'before');
    await said(bob, 'before').waitFor();
    await parlor.kill();
    await ann.getByText('The connection is lost.').waitFor();
    await say(ann, 'offline');
    await ann.getByText('Waiting for the connection…').waitFor();
    await parlor.start();
    for (const page of [ann, bob]) {
      await page.locator('#state[data-state="online"]')
        .waitFor({ state: 'attached' });
      await member(page, 'ann').waitFor();
      await member(page, 'bob').waitFor();
      // A service that was killed has forgotten: that is said.
      await page.getByText('Messages may be missing here.').waitFor();
    }
    await said(ann, 'offline').waitFor();
    await ann.locator('#pending li').waitFor({ state: 'detached' });
    await say(bob, 'after');
    await textsAre(ann, ['before', 'offline', 'after']);
    await said(bob, 'after').waitFor();
    assert.equal((await texts(bob)).at(-1), 'after');
  });

test('who does not want to wait tries at once', async (t) => {
  const parlor = await Parlor.start(t);
  const ann = await guest(t, parlor, 'ann', 'tea', how);
  // Her clock stands: she would wait for ever.
  await ann.clock.install();
  await ann.clock.pauseAt(Date.now() + 60000);
  await parlor.stop();
  await ann.getByText('The service is restarting.').waitFor();
  await parlor.start();
  await ann.getByRole('button', { name: 'Try now' }).click();
  await ann.locator('#state[data-state="online"]')
    .waitFor({ state: 'attached' });
});

test('who was disconnected by an administrator is told, and may come back',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann', 'tea', how);
    await parlor.json('/api/v1/disconnect', { user: 'ann' });
    await ann.getByText('An administrator has disconnected you.').waitFor();
    await say(ann, 'lost');
    await ann.getByText('Not sent: the connection is closed.').waitFor();
    await ann.getByRole('button', { name: 'Connect again' }).click();
    await ann.locator('#state[data-state="online"]')
      .waitFor({ state: 'attached' });
    await ann.getByRole('button', { name: 'Send again' }).click();
    await said(ann, 'lost').waitFor();
  });

test('a message of which nobody knows is not confirmed, and not said twice',
  async (t) => {
    const parlor = await Parlor.start(t);
    const ann = await guest(t, parlor, 'ann', 'tea', how);
    parlor.freeze();
    await say(ann, 'perhaps');
    await ann.getByText('Sending…').waitFor();
    await parlor.kill();
    await parlor.start();
    const note = ann.getByText(/^Not confirmed: .*; perhaps it has arrived\.$/);
    await note.waitFor();
    await ann.getByRole('button', { name: 'Send again' }).click();
    await said(ann, 'perhaps').waitFor();
    await note.waitFor({ state: 'detached' });
    await textsAre(ann, ['perhaps']);
  });
