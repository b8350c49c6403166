// SPDX-License-Identifier: MIT
// The chat page before a service that asks for tokens.
import assert from 'node:assert/strict';
import test from 'node:test';

import { guarded, tokenFor } from '../../clients/js/test/support/tokens.js';
import { blank, closeBrowser, said, say } from './support/pages.js';

test.after(closeBrowser);

/** A page that was sent in with this name and token. */
async function bearer(t, parlor, name, token) {
  const page = await blank(t);
  await page.goto(`${parlor.url}/?room=tea`);
  await page.getByLabel('Your name').fill(name);
  await page.getByText('I have a token').click();
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Come in' }).click();
  return page;
}

test('a token is enough to come in', async (t) => {
  const parlor = await guarded(t);
  const page = await bearer(t, parlor, '', tokenFor('ann', 600));
  await page.getByText('Connected.').waitFor();
  await say(page, 'hello');
  await said(page, 'hello').waitFor();
  assert.equal(await page.locator('#who').textContent(), 'ann');
  assert.equal(await page.evaluate(() => JSON.stringify({ ...sessionStorage })), '{}');
});

test('why a token is refused is told', async (t) => {
  const parlor = await guarded(t);
  const another = await bearer(t, parlor, 'bob', tokenFor('ann', 600));
  await another.getByText("You are not let in: token is another user's.").waitFor();
  const expired = await bearer(t, parlor, '', tokenFor('ann', -60));
  await expired.getByText('You are not let in: token has expired.').waitFor();
});

test('who has no token is told that one is wanted', async (t) => {
  const parlor = await guarded(t, 'auth.hello-timeout=100ms');
  const page = await blank(t);
  await page.goto(`${parlor.url}/`);
  await page.getByLabel('Your name').fill('ann');
  await page.getByRole('button', { name: 'Come in' }).click();
  await page.getByText('The service asks for a token').waitFor();
});
