// SPDX-License-Identifier: MIT
import { setTimeout as pause } from 'node:timers/promises';

import { DEADLINE, Parlor } from '../../../clients/js/test/support/parlor.js';
import { blank } from './pages.js';

/** What Chromium itself says of answers that are none, or refusals. */
export const refusals = /Failed to load resource|WebSocket connection to .* failed/;

/** The inspector's page, at a place. */
export async function inspector(t, parlor, place = '', how = {}) {
  const page = await blank(t, how.options, how);
  await page.goto(`${parlor.url}/inspect${place}`);
  return page;
}

/** A box of the picture. */
export function box(page, kind, where = 'thread 0') {
  return page.getByRole('link', { name: new RegExp(`^${kind} on ${where}:`) });
}

/** A row of the list of actors, in which this text is. */
export function row(page, text) {
  return page.locator('#table-body tr').filter({ hasText: text });
}

/** A figure of the actor that is shown. */
export function figure(page, label) {
  return page.locator('#actor-figures .figure')
    .filter({ has: page.getByText(label, { exact: true }) }).locator('dd');
}

/** A part of its state. */
export function fact(page, name) {
  return page.locator('#actor-state .fact')
    .filter({ has: page.getByText(name, { exact: true }) }).locator('dd');
}

/** Keeps what the page says and hears over its WebSocket. */
export function overhear(page) {
  const heard = { said: [], updates: [], bytes: 0 };
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => heard.said.push(JSON.parse(payload)));
    socket.on('framereceived', ({ payload }) => {
      heard.bytes += payload.length;
      heard.updates.push(JSON.parse(payload));
    });
  });
  return heard;
}

/** Waits until this is so. */
export async function eventually(check, what) {
  const end = performance.now() + DEADLINE;
  while (!check()) {
    if (performance.now() > end) throw new Error(`waited for ${what}`);
    await pause(20);
  }
}

export { Parlor };
