// SPDX-License-Identifier: MIT
// The README's first example does what it says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';

import { atEnd } from '../support/at_end.js';
import { Parlor, within } from '../support/parlor.js';

const here = (path) => new URL(path, import.meta.url).href;

test('the quick start talks', async (t) => {
  const parlor = await Parlor.start(t);
  const readme = readFileSync(new URL('../../../../README.md', import.meta.url),
    'utf8');
  const [, example] = readme.match(/```js\n(.*?)```/s);
  assert.match(example, /clients\/js\/parlor\.js/);
  const folder = mkdtempSync(join(tmpdir(), 'parlor-'));
  atEnd(t, () => rmSync(folder, { recursive: true }));
  const file = join(folder, 'alice.mjs');
  // Node has a WebSocket from 22 on; here it may be an older one.
  writeFileSync(file, `import WebSocket from '${
    here('../../node_modules/ws/wrapper.mjs')}';
globalThis.WebSocket ??= WebSocket;
${example.replace('./clients/js/parlor.js', here('../../parlor.js'))
    .replace('http://127.0.0.1:8080', parlor.url)}`);
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'inherit'] });
  atEnd(t, () => child.kill());
  const lines = createInterface({ input: child.stdout });
  await within(new Promise((resolve) => {
    lines.on('line', (line) => {
      if (line === 'alice: hello') resolve();
    });
  }), 'alice to say hello');
});
