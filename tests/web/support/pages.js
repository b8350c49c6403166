// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';

import { chromium } from 'playwright-core';

import { atEnd } from '../../../clients/js/test/support/at_end.js';
import { becomes, DEADLINE } from '../../../clients/js/test/support/parlor.js';
import { slowDown } from './slow_page.js';

/** In milliseconds, by which pages hear everything later. */
const SLOW_PAGES = Number(process.env.PARLOR_TEST_SLOW_PAGES ?? 0);

export const launchOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Chromium refuses its sandbox to root, as whom continuous integration runs.
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  // It is large, and may not have been read from the disk yet.
  timeout: 4 * DEADLINE,
};

let shared = null;

/** One browser for all tests of a file; each test has contexts of its own. */
export async function browser() {
  shared ??= await chromium.launch(launchOptions);
  return shared;
}

export async function closeBrowser() {
  await shared?.close();
  shared = null;
}

/** What a page complains of: errors, and what its policy has stopped. */
function watch(page) {
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`${error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') page.complaints.push(message.text());
  });
}

/** Waits until it has complained: one hears of that a moment later. */
export function complained(page) {
  return becomes(() => page.complaints.length > 0, true);
}

/** An empty page; `t` closes it and checks that it never complained. */
export async function blank(t, options = {}, { of, allowed = /^$/ } = {}) {
  const context = await (of ?? await browser()).newContext(options);
  context.setDefaultTimeout(DEADLINE);
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      // eslint-disable-next-line no-console -- how the test gets to hear of it
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  if (SLOW_PAGES > 0) await context.addInitScript(slowDown, SLOW_PAGES);
  const page = await context.newPage();
  watch(page);
  atEnd(t, async () => {
    await context.close().catch(() => {}); // Killed by the test, perhaps.
    assert.deepEqual(page.complaints.filter((x) => !allowed.test(x)), []);
  });
  return page;
}

/** A page in which someone has come in. */
export async function guest(t, parlor, name, room = 'tea', how = {}) {
  const page = await blank(t, how.options, how);
  await page.goto(`${parlor.url}/`);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Room', { exact: true }).fill(room);
  await page.getByRole('button', { name: 'Come in' }).click();
  await member(page, name).waitFor();
  return page;
}

export async function say(page, text) {
  const field = page.locator('#composer-text');
  await field.fill(text);
  await field.press('Enter');
}

/** A message in the log, with just this text. */
export function said(page, text) {
  return page.locator('#log .message .text').getByText(text, { exact: true });
}

export function member(page, name) {
  return page.locator('#member-list').getByText(name, { exact: true });
}

/** The texts of all messages, in their order. */
export function texts(page) {
  return page.locator('#log .message .text').allTextContents();
}

/** Waits until there are just these messages, in this order. */
export function textsAre(page, wanted) {
  return becomes(() => texts(page), wanted);
}

/** Waits until this is so. */
export async function until(page, wanted, look) {
  await page.waitForFunction(look, wanted, { timeout: DEADLINE });
}

/** What Chromium itself says of a service that is gone; the page asks why. */
export const refusedConnections
  = /WebSocket connection to .* failed|Failed to load resource/;
