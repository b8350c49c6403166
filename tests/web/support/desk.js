// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { atEnd } from '../../../clients/js/test/support/at_end.js';
import { becomes, Parlor } from '../../../clients/js/test/support/parlor.js';
import { blank } from './pages.js';

export const TOKEN = 'open-sesame-for-tests';

/** What Chromium itself says of answers that are none, or refusals. */
export const refusedRequests = /Failed to load resource/;

/** A service that wants the admin token. */
export async function withToken(t) {
  const folder = mkdtempSync(join(tmpdir(), 'parlor-'));
  atEnd(t, () => rmSync(folder, { recursive: true }));
  const file = join(folder, 'token');
  writeFileSync(file, TOKEN, { mode: 0o600 });
  return Parlor.start(t, `admin.token-file=${file}`);
}

/** The operator's page, at one of its lists. */
export async function desk(t, parlor, list = 'connections', how = {}) {
  const page = await blank(t, how.options, how);
  await page.goto(`${parlor.url}/admin/#/${list}`);
  return page;
}

/**
 * To another list, by the address. What is shown from now on is of that one: a
 * page hears of its new address a moment after it has it.
 */
export async function visit(page, list) {
  await page.evaluate((hash) => new Promise((resolve) => {
    window.addEventListener('hashchange', resolve, { once: true });
    window.location.hash = hash;
  }), `#/${list}`);
}

/** To another list, by the link of this name; the list has this title. */
export async function follow(page, name, title = name) {
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name: title, exact: true }).waitFor();
}

/** The texts in one column of what is shown, from 0. */
export function column(page, number) {
  return page.locator('#table-body tr').evaluateAll(
    (rows, n) => rows.map((row) => row.children[n].textContent), number);
}

/** Waits until there are just these texts in a column, in this order. */
export function columnIs(page, number, texts) {
  return becomes(() => column(page, number), texts);
}

/** The row of this key, which its first cell has, and no other text. */
export function row(page, key) {
  return page.locator('#table-body tr').filter(
    { has: page.locator('th').getByText(key, { exact: true }) });
}

/** Waits until the row of this key has these texts. */
export function rowIs(page, key, texts) {
  return becomes(
    () => row(page, key).locator('th, td').allTextContents(), texts);
}

/** Waits until the button, link or row that this labels has the focus. */
export function labelIsFocused(page, label) {
  return becomes(() => page.evaluate(
    () => document.activeElement.getAttribute('aria-label')), label);
}

export function dialog(page) {
  return page.getByRole('dialog');
}

/** Refreshes, and waits until this is so. */
export async function refreshed(page, check) {
  await page.getByRole('button', { name: 'Refresh' }).click();
  await check();
}
