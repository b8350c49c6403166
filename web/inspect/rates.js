// SPDX-License-Identifier: MIT
// Rates, each of two updates. Pure.

const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** What a handler took, in its own unit; it is given in microseconds. */
export function tookOf(us) {
  if (!Number.isFinite(us)) return '–';
  const [value, unit] = us < 1000 ? [us, 'µs']
    : us < 1e6 ? [us / 1000, 'ms'] : [us / 1e6, 's'];
  return `${short.format(value)} ${unit}`;
}

/** In milliseconds; between two that are closer than this there is no rate. */
const LEAST = 200;

/**
 * How fast counters grow. What was not there before, or has fallen since, has no
 * rate yet: that is null. What is not there any more is forgotten.
 */
export class Rates {
  #at = null;
  #before = new Map();
  #rates = new Map();

  /**
   * `counters` are pairs of a key and a number, `at` is in milliseconds of a
   * clock that only goes forward.
   */
  take(counters, at) {
    const seconds = this.#at === null ? 0 : (at - this.#at) / 1000;
    if (this.#at !== null && seconds * 1000 < LEAST) return;
    const now = new Map(counters);
    this.#rates = new Map([...now].map(([key, value]) => {
      const before = this.#before.get(key);
      const grew = before !== undefined && value >= before && seconds > 0;
      return [key, grew ? (value - before) / seconds : null];
    }));
    this.#before = now;
    this.#at = at;
  }

  /** A second; null where it is not known. */
  of(key) {
    return this.#rates.get(key) ?? null;
  }

  clear() {
    this.#at = null;
    this.#before = new Map();
    this.#rates = new Map();
  }
}
