// SPDX-License-Identifier: MIT

/** As many rows as one page shows. */
export const PAGE_SIZE = 100;

/**
 * Where one is in a list of pages of which each begins behind a key. The way
 * back is what was passed. Pure.
 */
export class Pager {
  #passed = [''];
  #next = null;

  /** The key behind which this page begins; empty for the first one. */
  get after() {
    return this.#passed.at(-1);
  }

  /** From 1. */
  get number() {
    return this.#passed.length;
  }

  get hasPrevious() {
    return this.#passed.length > 1;
  }

  get hasNext() {
    return this.#next !== null;
  }

  /**
   * Takes what was asked for, a page and one row more: that one says whether
   * there is another page. Returns the rows to show.
   */
  take(rows, key) {
    const shown = rows.slice(0, PAGE_SIZE);
    this.#next = rows.length > PAGE_SIZE ? key(shown.at(-1)) : null;
    return shown;
  }

  next() {
    if (this.#next === null) return;
    this.#passed.push(this.#next);
    this.#next = null;
  }

  previous() {
    if (!this.hasPrevious) return;
    this.#passed.pop();
    this.#next = null;
  }
}

/**
 * A list that is here as a whole, as the service would answer for a page of it.
 * Where the key is gone, the page begins where it would be. The service sorts by
 * bytes, which is another order here for some characters: so that is second best.
 */
export function pageOf(all, after, limit, key) {
  let last = all.findIndex((one) => key(one) === after);
  if (last < 0) last = all.findLastIndex((one) => key(one) < after);
  return all.slice(last + 1, last + 1 + limit);
}
