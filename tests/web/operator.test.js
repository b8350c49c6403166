// SPDX-License-Identifier: MIT
// The operator's page in Chromium, before the built service.
import assert from 'node:assert/strict';
import test from 'node:test';

import { becomes, Parlor } from '../../clients/js/test/support/parlor.js';
import { areOnline, crowd } from './support/crowd.js';
import {
  column, columnIs, desk, dialog, follow, refusedRequests, row, rowIs, visit,
} from './support/desk.js';
import { blank, closeBrowser, until } from './support/pages.js';

test.after(closeBrowser);

const names = (count) => Array.from(
  { length: count }, (_, n) => `user-${String(n).padStart(3, '0')}`);

test('connections, rooms, users and nodes are listed', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'bob', 'bob'], 'tea');
  await crowd(t, parlor, ['zoe']);
  const page = await desk(t, parlor);
  await page.getByRole('heading', { name: 'Connections' }).waitFor();
  // The order is that of their random ids.
  await becomes(async () => (await column(page, 0)).sort(),
    ['ann', 'bob', 'bob', 'zoe']);
  await row(page, 'ann').filter(
    { hasText: /tea.*127\.0\.0\.1.*crowd/ }).waitFor();
  await page.getByText('4 in all').waitFor();
  await follow(page, 'Rooms');
  await columnIs(page, 0, ['tea']);
  await rowIs(page, 'tea', ['tea', '2', '3']);
  await follow(page, 'tea', 'Room tea');
  await page.getByText('2 users, 3 connections').waitFor();
  await columnIs(page, 0, ['ann', 'bob']);
  await follow(page, 'bob', 'User bob');
  await columnIs(page, 0, ['tea', 'tea']);
  await follow(page, 'Users');
  await columnIs(page, 0, ['ann', 'bob', 'zoe']);
  await columnIs(page, 1, ['1', '2', '1']);
  await follow(page, 'Nodes');
  await columnIs(page, 0, ['local']);
  await rowIs(page, 'local', ['local', 'up', '4']);
  await page.goBack();
  await page.getByRole('heading', { name: 'Users' }).waitFor();
});

test('health, numbers and rates are at a glance', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'bob'], 'tea');
  // Its clock stands, so that nothing is refreshed of itself, and goes on by two
  // seconds: rates are exact.
  const page = await blank(t);
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1000);
  await page.goto(`${parlor.url}/admin/`);
  const figure = (label) => page.locator('.figure')
    .filter({ has: page.getByText(label, { exact: true }) }).locator('dd');
  await page.getByText('Ready', { exact: true }).waitFor();
  await figure('Connections').getByText(/^2 of [\d,]+$/).waitFor();
  await figure('Users').getByText('2', { exact: true }).waitFor();
  await figure('Rooms').getByText('1', { exact: true }).waitFor();
  await figure('I/O threads').getByText('2 of 2').waitFor();
  assert.equal(await figure('Opened').textContent(), '–');
  await crowd(t, parlor, ['zoe']);
  await page.clock.runFor(2000);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await figure('Opened').getByText('0.5/s', { exact: true }).waitFor();
  assert.equal(await figure('Dropped').textContent(), '0/s');
});

test('a page that is seen refreshes itself, where a box is ticked', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await blank(t);
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1000);
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/admin/users?')) asked += 1;
  });
  await page.goto(`${parlor.url}/admin/#/users`);
  await page.getByText('Up to date.').waitFor();
  await page.getByText('Nobody is online.').waitFor();
  await crowd(t, parlor, ['ann']);
  await page.clock.runFor(5000);
  await row(page, 'ann').waitFor();
  await page.getByLabel('Every 5 s').uncheck();
  await crowd(t, parlor, ['bob']);
  await page.clock.runFor(60000);
  await page.getByLabel('Every 5 s').check();
  await columnIs(page, 0, ['ann', 'bob']);
  // At first, after five seconds, and as the box was ticked.
  assert.equal(asked, 3);
});

test('a service that is not ready says why', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await desk(t, parlor, 'rooms', { allowed: refusedRequests });
  await page.getByText('Ready', { exact: true }).waitFor();
  const detail = '<b>The registry</b> does not answer';
  await page.route('**/health/ready', (route) => route.fulfill({
    status: 503, contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', status: 503, detail }) }));
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText(`Not ready: ${detail}`).waitFor();
});

test('what is not known is a dash, and the rest goes on', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann']);
  const page = await desk(t, parlor, 'users', { allowed: refusedRequests });
  const figures = page.locator('#figures');
  await figures.getByText('2 of 2').waitFor();
  await page.route('**/metrics', (route) => route.fulfill({ status: 503 }));
  await page.getByRole('button', { name: 'Refresh' }).click();
  await figures.getByText('– of –').waitFor();
  await figures.getByText(/^1 of [\d,]+$/).waitFor();
  await row(page, 'ann').waitFor();
  assert.equal(await page.getByText('Trying again').count(), 0);
  // A proxy's answer is none of the service's.
  await page.route('**/admin/users**', (route) => route.fulfill({
    body: '<b>Sorry</b>', contentType: 'text/html' }));
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('The answer is not of this service.').waitFor();
});

test('where nobody is, that is said', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await desk(t, parlor);
  await page.getByText('Nobody is connected.').waitFor();
  await follow(page, 'Rooms');
  await page.getByText('Nobody is in any room.').waitFor();
  await follow(page, 'Users');
  await page.getByText('Nobody is online.').waitFor();
});

test('who is not there is looked for and not found', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await desk(t, parlor, 'users', { allowed: refusedRequests });
  await page.getByLabel('Name of a user').fill('no/body & <none>');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('heading', { name: 'User no/body & <none>' }).waitFor();
  await page.getByText('This user is not online.').waitFor();
  assert.equal(await page.locator('#kick-all').isVisible(), false);
});

test('large lists come page by page', async (t) => {
  const parlor = await Parlor.start(t);
  const all = names(230);
  await crowd(t, parlor, all, 'hall');
  const page = await desk(t, parlor);
  const shows = async (first, count) => {
    await until(page, [first, count], ([name, rows]) => {
      const shown = document.querySelectorAll('#table-body tr');
      return shown.length === rows && shown[0].textContent.startsWith(name);
    });
  };
  const next = page.getByRole('button', { name: 'Next' });
  const previous = page.getByRole('button', { name: 'Previous' });
  for (const list of ['users', 'rooms/hall']) {
    await visit(page, list);
    await shows('user-000', 100);
    assert.equal(await previous.getAttribute('aria-disabled'), 'true');
    await next.click();
    await shows('user-100', 100);
    await next.click();
    await shows('user-200', 30);
    await page.getByText('Page 3').waitFor();
    assert.equal(await next.getAttribute('aria-disabled'), 'true');
    await page.getByRole('button', { name: 'Refresh' }).click();
    await shows('user-200', 30);
    await previous.click();
    await shows('user-100', 100);
    await previous.click();
    await shows('user-000', 100);
  }
  await visit(page, 'connections');
  await page.getByText('230 in all').waitFor();
  const seen = new Set(await column(page, 0));
  assert.equal(seen.size, 100);
  for (const number of ['Page 2', 'Page 3']) {
    await next.click();
    await page.getByText(number).waitFor();
    for (const name of await column(page, 0)) seen.add(name);
  }
  assert.deepEqual([...seen].sort(), all);
});

test('a connection is closed, after a question', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'bob']);
  const page = await desk(t, parlor);
  const button = row(page, 'ann').getByRole('button', { name: 'Disconnect' });
  await button.click();
  await dialog(page).getByText(/Connection [0-9a-f]{16} of ann is closed/).waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await dialog(page).waitFor({ state: 'hidden' });
  assert.equal((await parlor.json('/admin/stats')).total_connections, 2);
  await button.click();
  await dialog(page).getByRole('button', { name: 'Disconnect' }).click();
  await row(page, 'ann').waitFor({ state: 'detached' });
  await columnIs(page, 0, ['bob']);
  await areOnline(parlor, { bob: 1 });
  await page.getByText(/of ann: done\.$/).waitFor();
});

test('all of a user are closed, whatever the name', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'ann', 'a/b?c#d', '..', 'zoe']);
  const page = await desk(t, parlor, 'users', { allowed: refusedRequests });
  for (const name of ['a/b?c#d', '..']) {
    await row(page, name).getByRole('button').click();
    await dialog(page).getByRole('button', { name: 'Disconnect' }).click();
    await row(page, name).waitFor({ state: 'detached' });
  }
  await follow(page, 'ann', 'User ann');
  await columnIs(page, 0, ['', '']);
  await page.locator('#kick-all').click();
  await dialog(page).getByText('All connections of ann are closed').waitFor();
  await dialog(page).getByRole('button', { name: 'Disconnect' }).click();
  await page.getByText('This user is not online.').waitFor();
  await areOnline(parlor, { zoe: 1 });
});

test('what users call themselves and their rooms is text', async (t) => {
  const parlor = await Parlor.start(t);
  const evil = '<img src=x onerror="document.title=\'taken\'">'
    + '<script>document.title="taken"</script>';
  await crowd(t, parlor, [evil], evil);
  const page = await desk(t, parlor, '', { allowed: refusedRequests });
  await row(page, evil).waitFor();
  for (const list of ['rooms', 'users']) {
    await visit(page, list);
    await row(page, evil).waitFor();
    await page.locator('#table-body').getByRole('link', { name: evil }).click();
    await page.locator('#view-title').getByText(evil).waitFor();
    await page.locator('#table-body tr').waitFor();
  }
  await page.locator('#kick-all').click();
  await dialog(page).getByText(`All connections of ${evil}`).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.equal(await page.locator('body script').count(), 0);
  assert.doesNotMatch(await page.title(), /^taken/);
  assert.equal(await page.evaluate(() => {
    location.hash = '#/users/%E0%A4%A'; // No text that can be decoded.
    return location.hash;
  }), '#/users/%E0%A4%A');
  await page.getByRole('heading', { name: 'User %E0%A4%A' }).waitFor();
});
