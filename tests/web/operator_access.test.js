// SPDX-License-Identifier: MIT
// Who gets to see the operator's page, and what becomes of it when the service
// goes, in Chromium.
import assert from 'node:assert/strict';
import test from 'node:test';

import { becomes, Parlor } from '../../clients/js/test/support/parlor.js';
import { crowd } from './support/crowd.js';
import {
  TOKEN, columnIs, desk, dialog, labelIsFocused, refusedRequests, row,
  visit, withToken,
} from './support/desk.js';
import { blank, closeBrowser, complained, until } from './support/pages.js';

test.after(closeBrowser);

const how = { allowed: refusedRequests };

const focused = (page, id) => until(
  page, id, (wanted) => document.activeElement?.id === wanted);

async function giveToken(page, token) {
  await page.getByLabel('Admin token').fill(token);
  await page.getByRole('button', { name: 'Come in' }).click();
}

test('the token is asked for, and nothing is told without it', async (t) => {
  const parlor = await withToken(t);
  await crowd(t, parlor, ['ann']);
  const page = await desk(t, parlor, 'users', how);
  await focused(page, 'entry-token');
  assert.equal(await page.locator('#desk').isVisible(), false);
  assert.equal(await page.getByText('ann', { exact: true }).count(), 0);
  await giveToken(page, 'short');
  await page.getByText('That is no token').waitFor();
  await giveToken(page, 'wörter-mit-umlauten');
  await page.getByText('That is no token').waitFor();
  await giveToken(page, 'wrong-wrong-wrong-wrong');
  await page.getByText('The service does not take this token.').waitFor();
  await focused(page, 'entry-token');
  assert.equal(await page.evaluate(() => JSON.stringify({ ...sessionStorage })), '{}');
  await giveToken(page, TOKEN);
  await row(page, 'ann').waitFor();
  await focused(page, 'view');
  await row(page, 'ann').getByRole('button').click();
  await dialog(page).getByRole('button', { name: 'Disconnect' }).click();
  await page.getByText('Nobody is online.').waitFor();
});

test('the token is of this tab alone, and can be forgotten', async (t) => {
  const parlor = await withToken(t);
  const page = await desk(t, parlor, 'users', how);
  await giveToken(page, TOKEN);
  await page.getByText('Nobody is online.').waitFor();
  await page.reload();
  await page.getByText('Nobody is online.').waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  assert.deepEqual(await page.context().cookies(), []);
  assert.doesNotMatch(page.url(), new RegExp(TOKEN));
  const [other] = await Promise.all([
    page.context().newPage(), page.getByRole('button', { name: 'Forget token' }).click()]);
  await other.goto(`${parlor.url}/admin/`);
  for (const tab of [page, other]) {
    await tab.getByLabel('Admin token').waitFor();
    assert.equal(await tab.evaluate(() => JSON.stringify({ ...sessionStorage })), '{}');
  }
});

test('a token that is no good any more takes away what was shown', async (t) => {
  const parlor = await withToken(t);
  await crowd(t, parlor, ['ann']);
  const page = await desk(t, parlor, 'users', how);
  await giveToken(page, TOKEN);
  await row(page, 'ann').waitFor();
  await page.route('**/{admin/*,metrics}**', (route) => route.continue({
    headers: { ...route.request().headers(), authorization: 'Bearer other' } }));
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('The service does not take this token.').waitFor();
  assert.equal(await page.locator('#table-body tr').count(), 0);
  assert.equal(await page.evaluate(() => JSON.stringify({ ...sessionStorage })), '{}');
  await page.unrouteAll();
  await giveToken(page, TOKEN);
  await row(page, 'ann').waitFor();
});

test('without a token the page is for this machine', async (t) => {
  const parlor = await Parlor.start(t);
  for (const path of ['/admin', '/admin/']) {
    const direct = await fetch(parlor.url + path);
    assert.equal(direct.status, 200);
    assert.equal(direct.url, `${parlor.url}/admin/`);
    assert.match(direct.headers.get('content-security-policy'), /script-src 'self';/);
    const forwarded = await fetch(parlor.url + path, {
      headers: { 'X-Forwarded-For': '192.0.2.1' } });
    assert.equal(forwarded.status, 403);
  }
  const guarded = await withToken(t);
  const open = await fetch(`${guarded.url}/admin/`, {
    headers: { 'X-Forwarded-For': '192.0.2.1' } });
  assert.equal(open.status, 200);
  for (const path of ['/admin/stats', '/admin/nothing', '/metrics']) {
    assert.equal((await fetch(guarded.url + path)).status, 401);
  }
});

test('no script gets in past the policy', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await blank(t, {}, { allowed: /policy|Content Security/ });
  await page.goto(`${parlor.url}/admin`);
  await page.getByText('Nobody is connected.').waitFor();
  assert.deepEqual(page.complaints, []);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken"';
    document.body.append(script);
  });
  await complained(page);
  assert.equal(await page.title(), 'Connections – Parlor operator');
});

test('a service that goes away and comes back', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann']);
  const page = await desk(t, parlor, 'users', how);
  await row(page, 'ann').waitFor();
  await parlor.kill();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('The service does not answer. Trying again').waitFor();
  await page.getByText('No answer', { exact: true }).waitFor();
  // What was known stays, as old.
  await columnIs(page, 0, ['ann']);
  assert.match(await page.locator('#desk').getAttribute('class'), /\bold\b/);
  await row(page, 'ann').getByRole('button').click();
  await dialog(page).getByRole('button', { name: 'Disconnect' }).click();
  await until(page, null, () => document.querySelector('#outcome')
    .textContent.endsWith('The service does not answer.'));
  await parlor.start();
  // By itself, without a click.
  await page.getByText('Nobody is online.').waitFor();
  await page.getByText('Ready', { exact: true }).waitFor();
  await page.getByText('Up to date.').waitFor();
});

test('a refresh leaves focus, text and place where they are', async (t) => {
  const parlor = await Parlor.start(t);
  const users = Array.from({ length: 60 }, (_, n) => `user-${10 + n}`);
  await crowd(t, parlor, users);
  const page = await desk(t, parlor, 'users', how);
  const button = page.getByRole('button', { name: 'Disconnect user-40' });
  await button.focus();
  const before = await page.evaluate(() => window.scrollY);
  assert.ok(before > 0);
  await page.getByLabel('Name of a user').evaluate((x) => {
    x.value = 'half a na';
  });
  // A browser makes good with its next frame what has changed above.
  const shift = async () => Math.round((await button.boundingBox()).y - place);
  const place = (await button.boundingBox()).y;
  // One comes and one goes above what has the focus.
  await parlor.json('/api/v1/disconnect', { user: 'user-11' });
  await crowd(t, parlor, ['user-10a', 'user-10b']);
  await page.evaluate(() => document.querySelector('#refresh').click());
  await row(page, 'user-10b').waitFor();
  await row(page, 'user-11').waitFor({ state: 'detached' });
  await labelIsFocused(page, 'Disconnect user-40');
  await becomes(async () => Math.abs(await shift()) < 2, true);
  assert.equal(await page.getByLabel('Name of a user').inputValue(), 'half a na');
  // Where the row itself goes, the one in its place has it.
  await parlor.json('/api/v1/disconnect', { user: 'user-40' });
  await page.evaluate(() => document.querySelector('#refresh').click());
  await button.waitFor({ state: 'detached' });
  await labelIsFocused(page, 'Disconnect user-41');
});

test('the keyboard is enough', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'bob'], 'tea');
  const page = await desk(t, parlor, 'rooms', how);
  const { keyboard } = page;
  await row(page, 'tea').waitFor();
  await keyboard.press('Tab');
  await focused(page, 'skip');
  await keyboard.press('Enter');
  await focused(page, 'view');
  assert.equal(await page.locator('#view-title').textContent(), 'Rooms');
  await page.getByRole('link', { name: 'Users' }).focus();
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Users' }).waitFor();
  await focused(page, 'view');
  await row(page, 'ann').waitFor();
  await keyboard.press('Tab');
  await focused(page, 'find-name');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await focused(page, 'table-frame');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  // Enter alone does nothing that cannot be taken back.
  await focused(page, 'confirm-no');
  await keyboard.press('Enter');
  await dialog(page).waitFor({ state: 'hidden' });
  await labelIsFocused(page, 'Disconnect ann');
  await keyboard.press('Enter');
  await keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'hidden' });
  assert.equal((await parlor.json('/admin/stats')).unique_users, 2);
  await keyboard.press('Enter');
  await keyboard.press('Tab');
  await focused(page, 'confirm-yes');
  await keyboard.press('Enter');
  await row(page, 'ann').waitFor({ state: 'detached' });
  await labelIsFocused(page, 'Disconnect bob');
});

test('everything has a name and a place for those who do not see it',
  async (t) => {
    const parlor = await Parlor.start(t);
    await crowd(t, parlor, ['ann'], 'tea');
    const page = await desk(t, parlor, 'users', how);
    await row(page, 'ann').waitFor();
    for (const [role, name] of [
      ['navigation', 'Lists'], ['main', 'Users'], ['search', ''],
      ['region', 'At a glance'], ['region', 'Users'], ['textbox', 'Name of a user'],
      ['columnheader', 'User'], ['columnheader', 'Actions'], ['rowheader', 'ann'],
      ['button', 'Disconnect ann'], ['checkbox', 'Every 5 s'],
      ['link', 'Skip to the list']]) {
      await page.getByRole(role, name ? { name, exact: true } : {}).waitFor();
    }
    const tab = page.getByRole('link', { name: 'Users' });
    assert.equal(await tab.getAttribute('aria-current'), 'page');
    assert.equal(await page.locator('[aria-current]').count(), 1);
    assert.equal(await page.title(), 'Users – Parlor operator');
  });

test('a narrow page scrolls its table and nothing else', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'w'.repeat(255)], 'r'.repeat(255));
  const page = await desk(t, parlor, 'connections', {
    ...how, options: { viewport: { width: 360, height: 700 } } });
  for (const list of ['rooms', 'users', `users/${'w'.repeat(255)}`, 'connections']) {
    await visit(page, list);
    await page.locator('#table-body tr').first().waitFor();
    assert.equal(await page.evaluate(
      () => document.documentElement.scrollWidth), 360, list);
  }
});
