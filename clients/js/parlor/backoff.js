// SPDX-License-Identifier: MIT

/**
 * How long to wait before the next attempt: exponential with full jitter, so
 * that clients who lost their server together do not come back together.
 */
export class Backoff {
  #base;
  #cap;
  #random;
  #attempts = 0;

  constructor({ base = 500, cap = 20000, random = Math.random } = {}) {
    this.#base = base;
    this.#cap = cap;
    this.#random = random;
  }

  /** Milliseconds. */
  next() {
    const ceiling = Math.min(this.#cap, this.#base * 2 ** this.#attempts);
    // Beyond this the ceiling is the cap, whatever the exponent.
    this.#attempts = Math.min(this.#attempts + 1, 30);
    return Math.floor(this.#random() * ceiling);
  }

  reset() {
    this.#attempts = 0;
  }
}
