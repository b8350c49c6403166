// SPDX-License-Identifier: MIT
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { atEnd } from './at_end.js';
import { Parlor } from './parlor.js';

const KEY = 'a key for tests that nobody else will ever use';

/** A service that wants tokens of this key. */
export async function guarded(t, ...options) {
  const folder = mkdtempSync(join(tmpdir(), 'parlor-'));
  atEnd(t, () => rmSync(folder, { recursive: true }));
  const file = join(folder, 'key');
  writeFileSync(file, KEY, { mode: 0o600 });
  return Parlor.start(t, 'auth.algorithm=HS256', `auth.key-file=${file}`,
    ...options);
}

/** A JWT for so many seconds. */
export function tokenFor(sub, seconds, key = KEY) {
  const encoded = (value) => Buffer.from(JSON.stringify(value))
    .toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${
    encoded({ sub, iat: now, exp: now + seconds })}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}
