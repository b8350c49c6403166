// SPDX-License-Identifier: MIT
// Node's own WebSocket tells an error and no close where nobody answers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';

import { freePort } from './support/free_port.js';

const parlor = new URL('../parlor.js', import.meta.url).href;

test('an attempt with Node\'s own WebSocket ends where nobody answers',
  async () => {
    const script = `
      import { Client } from '${parlor}';
      const client = new Client('http://127.0.0.1:${await freePort()}', {
        connectTimeoutMs: 1e8, backoff: { base: 1 } });
      let times = 0;
      client.on('state', ({ state }) => {
        if (state === 'waiting') times += 1;
        if (times === 3) client.close();
      });
      client.connect().catch(({ code }) => console.log(code, times));`;
    const output = execFileSync(process.execPath, [
      '--experimental-websocket', '--input-type=module', '--eval', script],
    { encoding: 'utf8', timeout: 60000, stdio: ['ignore', 'pipe', 'ignore'] });
    assert.equal(output, 'closed 3\n');
  });
