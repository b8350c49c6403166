// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { atEnd } from '../../../clients/js/test/support/at_end.js';
import { Parlor } from '../../../clients/js/test/support/parlor.js';
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

/** The texts in one column of what is shown, from 0. */
export function column(page, number) {
  return page.locator('#table-body tr').evaluateAll(
    (rows, n) => rows.map((row) => row.children[n].textContent), number);
}

export function row(page, text) {
  return page.locator('#table-body tr').filter({ hasText: text });
}

export function dialog(page) {
  return page.getByRole('dialog');
}

/** Refreshes, and waits until this is so. */
export async function refreshed(page, check) {
  await page.getByRole('button', { name: 'Refresh' }).click();
  await check();
}
