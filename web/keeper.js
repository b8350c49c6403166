// SPDX-License-Identifier: MIT
import { jsonOf, read, written } from './kept.js';

const KEPT = 'parlor';

/** In milliseconds, from a change until it is kept. */
const WAIT = 300;

/** Who one was in this tab before it was loaded anew, and what was there; or null. */
export function remembered() {
  try {
    return read(sessionStorage.getItem(KEPT));
  } catch {
    return null; // A browser that keeps nothing.
  }
}

function keep(kept) {
  for (const value of written(kept)) {
    const json = jsonOf(value);
    try {
      if (json) {
        sessionStorage.setItem(KEPT, json);
        return;
      }
    } catch {
      // It is full: with less, perhaps.
    }
  }
}

/** Leaves nothing in this tab. */
export function forget() {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // There was nothing.
  }
}

/** Keeps what there is, a little after each change and when the page goes. */
export class Keeper {
  #current;
  #timer = null;

  /** `current()` returns what is to be kept; null where nobody is known. */
  constructor(current) {
    this.#current = current;
    window.addEventListener('pagehide', () => this.now());
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.now();
    });
  }

  soon() {
    this.#timer ??= setTimeout(() => this.now(), WAIT);
  }

  now() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const kept = this.#current();
    if (kept) keep(kept);
  }
}
