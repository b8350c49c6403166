// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import net from 'node:net';
import test from 'node:test';
import { promisify } from 'node:util';

import { COUNT, FIRST, freePort } from './support/free_port.js';

// So many that numbers drawn at random would meet.
const MANY = 200;

const OTHER = `
  import { freePort } from '${new URL('./support/free_port.js', import.meta.url)}';
  for (let i = 0; i < ${MANY}; i++) console.log(await freePort());
`;

async function drawn() {
  const ports = [];
  for (let i = 0; i < MANY; i++) ports.push(await freePort());
  return ports;
}

test('nobody gets a port that another has', async () => {
  const here = await drawn();
  const { stdout } = await promisify(execFile)(
    process.execPath, ['--input-type=module', '--eval', OTHER]);
  const all = [...here, ...stdout.trim().split('\n').map(Number)];
  assert.equal(all.length, 2 * MANY);
  assert.equal(new Set(all).size, 2 * MANY);
});

test('a port that somebody listens on is not given', async (t) => {
  const server = net.createServer();
  t.after(() => server.close());
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const taken = server.address().port;
  t.mock.method(Math, 'random', (() => {
    const first = [taken, taken];
    const { random } = Math;
    return () => (first.length
      ? (first.shift() - FIRST + 0.5) / COUNT : random());
  })());
  assert.notEqual(await freePort(), taken);
});
