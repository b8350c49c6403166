// SPDX-License-Identifier: MIT
import { ParlorError } from './errors.js';

/** Asks the application for tokens, and waits for each only so long. */
export class TokenSource {
  #getToken;
  #clock;
  #limitMs;
  #timers = new Set();

  constructor({ getToken, clock, limitMs }) {
    this.#getToken = getToken;
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** False where the application has none to give. */
  get exists() {
    return this.#getToken !== undefined;
  }

  /** A token; undefined where the application gives none. */
  async ask(reason) {
    const token = await this.#inTime(
      new Promise((resolve) => {
        resolve(this.#getToken?.({ reason }));
      }));
    if (token === undefined || token === null || token === '') return undefined;
    if (typeof token !== 'string') {
      throw new ParlorError('bad_token', `a token is no ${typeof token}`);
    }
    return token;
  }

  /** Nobody waits for a token any more. */
  forget() {
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }

  async #inTime(promise) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = this.#clock.setTimeout(() => reject(new ParlorError(
        'timeout', 'getToken gave no token in time')), this.#limitMs);
    });
    this.#timers.add(timer);
    try {
      return await Promise.race([promise, late]);
    } finally {
      this.#clock.clearTimeout(timer);
      this.#timers.delete(timer);
    }
  }
}
