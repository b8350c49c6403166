// SPDX-License-Identifier: MIT

/** In milliseconds, from the end of one refresh to the next. */
const INTERVAL = 5000;

/**
 * Refreshes at once where it is asked to, and again and again where a box is
 * ticked and the page is seen. One refresh at a time; what is asked for while
 * one is under way comes behind it.
 */
export class Refresher {
  #run;
  #box;
  #timer = null;
  #current = null;
  #again = false;

  constructor(run, box) {
    this.#run = run;
    this.#box = box;
    box.addEventListener('change', () => this.#look());
    document.addEventListener('visibilitychange', () => this.#look());
  }

  /** Resolves when what is true now is shown. */
  now() {
    clearTimeout(this.#timer);
    if (this.#current) this.#again = true;
    else this.#current = this.#all();
    return this.#current;
  }

  async #all() {
    try {
      do {
        this.#again = false;
        await this.#run();
      } while (this.#again);
    } finally {
      this.#current = null;
    }
    if (this.#goesOn) this.#timer = setTimeout(() => this.now(), INTERVAL);
  }

  get #goesOn() {
    return this.#box.checked && !document.hidden;
  }

  #look() {
    if (this.#goesOn) this.now();
    else clearTimeout(this.#timer);
  }
}
