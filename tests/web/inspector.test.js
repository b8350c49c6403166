// SPDX-License-Identifier: MIT
// The inspector's page in Chromium, before a debug build.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { becomes } from '../../clients/js/test/support/parlor.js';
import { crowd, loners } from './support/crowd.js';
import { TOKEN, column, withToken } from './support/desk.js';
import {
  Parlor, box, eventually, fact, figure, inspector, overhear, refusals, row,
} from './support/inspecting.js';
import { blank, closeBrowser, until } from './support/pages.js';

test.after(closeBrowser);

const focused = (page, id) => until(
  page, id, (wanted) => document.activeElement?.id === wanted);

const rows = (page, count) => until(page, count,
  (wanted) => document.querySelectorAll('#table-body tr').length === wanted);

test('the picture shows kinds by thread, with their numbers', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'bob'], 'tea');
  const page = await inspector(t, parlor);
  await page.getByText('Up to date.').waitFor();
  await page.getByText(/^Node local, version .*, a debug build$/).waitFor();
  for (const kind of ['registry', 'directory', 'admin', 'node', 'lane', 'watch']) {
    await box(page, kind).waitFor();
  }
  await box(page, 'meter', 'scheduler').waitFor();
  await becomes(async () => {
    const connections = await page
      .getByRole('link', { name: /^connection on thread/ })
      .evaluateAll((all) => all.map((x) => Number(/: (\d+) actors/.exec(
        x.getAttribute('aria-label'))[1])));
    return connections.reduce((x, y) => x + y, 0);
  }, 2);
  await page.locator('#threads').getByText('Thread 1').waitFor();
  await page.locator('.way').first().waitFor({ state: 'attached' });
});

test('a name turns nothing but itself', async (t) => {
  const parlor = await Parlor.start(t);
  const name = 'tea\u2069\u202E';
  await crowd(t, parlor, ['ann'], name);
  const page = await inspector(t, parlor, '#/?kind=room');
  await row(page, 'tea').getByRole('link').click();
  await page.getByRole('heading', { name: 'room tea' }).waitFor();
  assert.equal(await page.title(),
    'room \u2068tea\u202E\u2069 – Parlor inspector');
  const shown = page.locator('#view-title bdi');
  assert.deepEqual(await shown.allTextContents(), ['room', 'tea\u202E']);
  assert.equal(await shown.last().evaluate(
    (x) => getComputedStyle(x).unicodeBidi), 'isolate');
});

test('what is said is seen as it goes', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann'], 'tea');
  const page = await inspector(t, parlor);
  await page.getByText('Up to date.').waitFor();
  await page.getByText('Messages between kinds, as a table').click();
  await page.locator('#flow-rows tr').first().waitFor();
  const talking = setInterval(() => {
    fetch(`${parlor.url}/api/v1/publish`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ room: 'tea', content: 'hello' }) }).catch(() => {});
  }, 20);
  t.after(() => clearInterval(talking));
  await page.locator('.way.busy').first().waitFor({ state: 'attached' });
  await until(page, null, () => [...document.querySelectorAll('#flow-rows tr')]
    .some((x) => /directory.*room.*[1-9][\d.]*\/s/.test(x.textContent)));
});

test('a box leads to its actors, and those to one', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'bob'], 'tea');
  const page = await inspector(t, parlor);
  await page.getByLabel('Name or id').fill('tea');
  await rows(page, 1);
  const [, thread] = /Thread (\d)/.exec(await row(page, 'tea').textContent());
  await page.getByLabel('Name or id').fill('');
  await row(page, 'registry').first().waitFor();
  await box(page, 'room', `thread ${thread}`).click();
  await until(page, 'room', (kind) => {
    const shown = [...document.querySelectorAll('#table-body tr')];
    return document.getElementById('filter-kind').value === kind
      && shown.length > 0 && shown.every((x) => /^room \d+/.test(x.textContent));
  });
  assert.match(await row(page, 'tea').textContent(), /room \d+tea/);
  await row(page, 'tea').getByRole('link').click();
  await page.getByRole('heading', { name: 'room tea' }).waitFor();
  await fact(page, 'room').getByText('tea', { exact: true }).waitFor();
  await fact(page, 'connections').getByText('2', { exact: true }).waitFor();
  await fact(page, 'failed').getByText('no', { exact: true }).waitFor();
  await figure(page, 'Mailbox').getByText('0', { exact: true }).waitFor();
  const links = page.locator('#actor-links');
  await links.getByText(/^monitors connection \d+$/).first().waitFor();
  await links.getByText(/^is owned by directory \d+$/).waitFor();
  await page.locator('#actor-messages').getByText('join').first().waitFor();
  await links.getByRole('link', { name: /^connection/ }).first().click();
  await page.getByRole('heading', { name: /^connection (ann|bob)$/ }).waitFor();
  await page.locator('#actor-links').getByText(/^is monitored by registry \d+$/).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'room tea' }).waitFor();
  await page.getByRole('link', { name: 'All actors' }).click();
  await page.getByRole('heading', { name: 'Actors', exact: true }).waitFor();
  await focused(page, 'view');
});

test('actors are searched, narrowed and ordered', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann', 'bob', 'Anna <b>bold</b>'], 'tea');
  const page = await inspector(t, parlor, '#/?kind=connection');
  await rows(page, 3);
  await page.getByLabel('Name or id').fill('ANN');
  await rows(page, 2);
  await focused(page, 'filter-search');
  await becomes(async () => (await column(page, 1)).sort(),
    ['Anna <b>bold</b>', 'ann'].sort());
  await page.getByLabel('Name or id').fill('nobody at all');
  await page.getByText('No actor is like that.').waitFor();
  await page.getByText('0 in all').waitFor();
  await page.getByLabel('Name or id').fill('');
  await rows(page, 3);
  await page.locator('#filter-kind').selectOption('');
  await page.locator('#filter-thread').selectOption('1');
  await until(page, null, () => {
    const shown = [...document.querySelectorAll('#table-body tr')];
    return shown.length > 1
      && shown.every((x) => x.children[2].textContent === 'Thread 1');
  });
  await page.locator('#filter-order').selectOption('handled');
  await until(page, null, () => {
    const all = [...document.querySelectorAll('#table-body tr')]
      .map((x) => Number(x.children[4].textContent.replaceAll(',', '')));
    return window.location.hash.includes('order=handled') && all.length > 1
      && all.every((x, at) => at === 0 || x <= all[at - 1]);
  });
  await page.reload();
  await until(page, null, () => document.getElementById('filter-order')
    .value === 'handled' && document.getElementById('filter-thread')
    .value === '1');
});

test('an actor that ends, or never was, is gone', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann']);
  const page = await inspector(t, parlor, '#/actor/999999');
  await page.getByText('There is no such actor').waitFor();
  await page.goto(`${parlor.url}/inspect#/?kind=connection`);
  await row(page, 'ann').getByRole('link').click();
  await page.getByRole('heading', { name: 'connection ann' }).waitFor();
  await fetch(`${parlor.url}/admin/users/ann`, { method: 'DELETE' });
  await page.getByText('There is no such actor').waitFor();
  await fact(page, 'user').getByText('ann').waitFor();
});

test('nothing is asked for that is not in view', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann'], 'tea');
  const page = await blank(t);
  const heard = overhear(page);
  await page.setViewportSize({ width: 900, height: 400 });
  await page.goto(`${parlor.url}/inspect#/?kind=registry`);
  await rows(page, 1);
  const told = (check) => eventually(
    () => check(heard.said.at(-1)), 'the page to say what is in view');
  await told(({ picture }) => picture === true);
  await row(page, 'registry').getByRole('link').click();
  await page.getByRole('heading', { name: /^registry/ }).waitFor();
  await page.locator('#actor-messages').scrollIntoViewIfNeeded();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await told(({ picture, list, actor }) => !picture && !list && actor > 0);
  // Of what was in view before, updates may be under way.
  const updates = () => {
    const { serial } = heard.said.at(-1);
    return heard.updates.filter((x) => x.serial === serial);
  };
  await eventually(() => updates().length >= 2, 'updates');
  for (const update of updates()) {
    assert.deepEqual(Object.keys(update).sort(), ['actor', 'serial', 'type']);
  }
  await page.getByLabel('Live').uncheck();
  await told((view) => Object.keys(view).join() === 'serial');
  const nothing = heard.said.at(-1).serial;
  await pause(2500);
  await page.getByLabel('Live').check();
  await told(({ serial, actor }) => serial > nothing && actor > 0);
  await eventually(() => updates().length >= 2, 'updates');
  assert.deepEqual(heard.updates.filter((x) => x.serial === nothing), []);
});

test('a service that goes and comes back is found again', async (t) => {
  const parlor = await Parlor.start(t);
  const page = await inspector(t, parlor, '#/?kind=registry', { allowed: refusals });
  await rows(page, 1);
  await parlor.kill();
  await page.getByText('Trying again every 2 s. What is shown may be old.').waitFor();
  await rows(page, 1);
  await parlor.start();
  await page.getByText('Up to date.').waitFor();
});

test('the token is asked for, for page and socket', async (t) => {
  const parlor = await withToken(t);
  const page = await inspector(t, parlor, '#/?kind=registry', { allowed: refusals });
  await focused(page, 'entry-token');
  assert.equal(await page.locator('#desk').isVisible(), false);
  const give = async (token) => {
    await page.getByLabel('Admin token').fill(token);
    await page.getByRole('button', { name: 'Come in' }).click();
  };
  await give('wrong-wrong-wrong-wrong');
  await page.getByText('The service does not take this token.').waitFor();
  await give(TOKEN);
  await rows(page, 1);
  await page.getByText('Up to date.').waitFor();
  await page.reload();
  await rows(page, 1);
  await page.getByRole('button', { name: 'Forget token' }).click();
  await focused(page, 'entry-token');
});

test('it can be used by keyboard, and on a small screen', async (t) => {
  const parlor = await Parlor.start(t);
  await crowd(t, parlor, ['ann'], 'tea');
  const page = await inspector(t, parlor, '', {
    options: { viewport: { width: 360, height: 740 } } });
  await page.getByText('Up to date.').waitFor();
  await box(page, 'registry').waitFor();
  await page.locator('#table-body tr').first().waitFor();
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await focused(page, 'view');
  await box(page, 'registry').focus();
  await page.keyboard.press('Enter');
  await rows(page, 1);
  await page.getByRole('link', { name: /^registry \d+$/ }).press('Enter');
  await page.getByRole('heading', { name: /^registry/ }).waitFor();
  for (const scheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: scheme });
    const [ground, text] = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return [backgroundColor, color];
    });
    assert.notEqual(ground, text);
  }
});

test('10,000 actors do not melt it', async (t) => {
  const parlor = await Parlor.start(t);
  await loners(t, parlor, 3400);
  const page = await blank(t);
  const heard = overhear(page);
  await page.goto(`${parlor.url}/inspect#/`);
  await until(page, null, () => document.querySelectorAll('#table-body tr').length === 100);
  // A connection, a room and a lane each; the last joins are under way.
  await until(page, null, () => Number(/^([\d,]+) in all/.exec(
    document.getElementById('view-about').textContent)?.[1].replaceAll(',', '')) > 10000);
  // As much for each update as for ten actors a row, whatever there are.
  await eventually(() => heard.updates.length >= 4, 'updates');
  for (const update of heard.updates) {
    assert.ok(JSON.stringify(update).length < 30000);
    assert.ok(update.list.actors.length <= 101);
  }
  assert.ok(await page.evaluate(() => document.querySelectorAll('*').length) < 3000);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Page 2').waitFor();
  await rows(page, 100);
  await page.getByLabel('Name or id').fill('room-3399');
  await rows(page, 1);
  await page.getByRole('link', { name: /^room \d+$/ }).click();
  await page.getByRole('heading', { name: 'room room-3399' }).waitFor();
  await fact(page, 'connections').getByText('1', { exact: true }).waitFor();
  // The service goes on meanwhile.
  await becomes(
    async () => (await fetch(`${parlor.url}/health/ready`)).status, 200);
});
