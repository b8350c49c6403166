// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import { atEnd } from './at_end.js';
import { freePort } from './free_port.js';

const BINARY = process.env.PARLOR_BIN
  ?? fileURLToPath(new URL('../../../../build/release/parlor', import.meta.url));

const SLOWDOWN = Number(process.env.PARLOR_TEST_SLOWDOWN ?? 1);

/**
 * How long one wait may take; it never does where things go well. A client that
 * comes back waits up to 20 s between two attempts.
 */
export const DEADLINE = 30000 * SLOWDOWN;

/** The built service as a process, which can be killed and started again. */
export class Parlor {
  #options;
  #process = null;
  port = 0;
  scheme = 'http';
  log = [];

  /** Options such as `limits.rooms=3`. */
  static async start(t, ...options) {
    const parlor = new Parlor();
    parlor.#options = options;
    parlor.port = await freePort();
    atEnd(t, () => parlor.kill());
    await parlor.start();
    return parlor;
  }

  get url() {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  /** On the same port as before. */
  async start() {
    this.#process = spawn(BINARY, [
      `--server.port=${this.port}`, '--server.threads=2', '--log.format=json',
      ...this.#options.map((option) => `--${option}`),
    ], { stdio: ['ignore', 'ignore', 'pipe'] });
    const lines = createInterface({ input: this.#process.stderr });
    const listening = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('exit', (code) => reject(
        new Error(`the service ended with ${code}:\n${this.log.join('\n')}`)));
      lines.on('line', (line) => {
        this.log.push(line);
        if (line.includes('"event":"listening"')) resolve(JSON.parse(line));
      });
    });
    ({ scheme: this.scheme }
      = await within(listening, 'the service to listen'));
  }

  /** As a crash does it; resolves when it is gone. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** As an operator does it. */
  stop() {
    return this.#end('SIGTERM');
  }

  /** It is there, but does nothing any more. */
  freeze() {
    this.#process.kill('SIGSTOP');
  }

  /** Asks; with a body, has something done, which must not fail. */
  async json(path, body) {
    const response = await fetch(this.url + path, body && {
      method: 'POST', body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' } });
    const answer = await response.json();
    if (body) assert.ok(response.ok, `${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async #end(signal) {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    child.kill(signal);
    await within(gone, 'the service to end');
  }
}

/** A promise with a deadline. */
export async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`waited too long for ${what}`)), DEADLINE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks until it sees this; where it never does, the difference is told. */
export async function becomes(look, wanted) {
  const end = performance.now() + DEADLINE;
  for (;;) {
    const seen = await look();
    if (isDeepStrictEqual(seen, wanted)) return;
    if (performance.now() > end) assert.deepEqual(seen, wanted);
    await pause(20);
  }
}
