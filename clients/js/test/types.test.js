// SPDX-License-Identifier: MIT
// parlor.d.ts is written by hand: this keeps it true.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import * as parlor from '../parlor.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

test('TypeScript takes what is right and refuses what is wrong', () => {
  const require = createRequire(import.meta.url);
  const { status, stdout } = spawnSync(process.execPath, [
    require.resolve('typescript/bin/tsc'), '--noEmit', '--strict',
    '--target', 'es2022', '--module', 'nodenext',
    here('types/usage.ts')], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});

test('every member is declared, and nothing else', () => {
  const text = readFileSync(here('../parlor.d.ts'), 'utf8');
  const [, body] = text.match(/export class Client \{\n(.*?)\n\}/s);
  const declared = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[<(:]/gm)]
    .map(([, name]) => name);
  assert.deepEqual([...new Set(declared)].sort(),
    Object.getOwnPropertyNames(parlor.Client.prototype).sort());
  const exported = [...text.matchAll(/^export (?:class|function) (\w+)/gm)]
    .map(([, name]) => name);
  assert.deepEqual(exported.sort(), Object.keys(parlor).sort());
});
