// SPDX-License-Identifier: MIT
// The chat page in Chromium over HTTPS and WSS, with the certificate of
// `deploy/run --tls`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { atEnd } from '../../clients/js/test/support/at_end.js';
import { Parlor } from '../../clients/js/test/support/parlor.js';
import {
  closeBrowser, guest, member, refusedConnections, said, say,
} from './support/pages.js';

const SELF_SIGNED = fileURLToPath(
  new URL('../../deploy/self-signed', import.meta.url));

test.after(closeBrowser);

function certificate(t) {
  const folder = mkdtempSync(path.join(tmpdir(), 'parlor-tls-'));
  atEnd(t, () => rmSync(folder, { recursive: true }));
  execFileSync(SELF_SIGNED, [folder]);
  return [`tls.certificate=${folder}/certificate.pem`,
    `tls.key=${folder}/key.pem`];
}

test('two pages chat over TLS, and come back after a restart', async (t) => {
  const parlor = await Parlor.start(t, ...certificate(t));
  assert.match(parlor.url, /^https:/);
  const how = {
    options: { ignoreHTTPSErrors: true },
    allowed: refusedConnections,
  };
  const ann = await guest(t, parlor, 'ann', 'tea', how);
  const sockets = [];
  const bob = await guest(t, parlor, 'bob', 'tea', how);
  bob.on('websocket', (socket) => sockets.push(socket.url()));
  await member(ann, 'bob').waitFor();
  await say(ann, 'hello');
  await said(bob, 'hello').waitFor();
  await parlor.stop();
  await parlor.start();
  for (const page of [ann, bob]) {
    await page.getByText('Connected again.').waitFor({ state: 'attached' });
    // The list of members is the old one until one is in the room again, of
    // which the service has forgotten what was said.
    await page.getByText('Messages may be missing here.').waitFor();
  }
  await member(ann, 'bob').waitFor();
  await say(bob, 'still there');
  await said(ann, 'still there').waitFor();
  assert.ok(sockets.length > 0);
  assert.ok(sockets.every((url) => url.startsWith('wss://')), sockets);
});
