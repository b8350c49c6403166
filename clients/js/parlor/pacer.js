// SPDX-License-Identifier: MIT

/** Enough for any, and few for a service that does not tell its burst. */
const MOST_AT_ONCE = 20;

/**
 * Keeps what is sent below the service's `messages_per_second`, so that a queue
 * that is emptied after a reconnect is not refused. A token bucket.
 */
export class Pacer {
  #perSecond = 0;
  #burst = Infinity;
  #tokens = 0;
  #at = 0;
  #notBefore = 0;

  /**
   * A new connection; `perSecond` of 0 lets everything pass. Half of the
   * service's burst is for what an uplink that stalls lets arrive at once, half
   * for what is sent right after it.
   */
  begin(perSecond, now, burst = 2 * MOST_AT_ONCE + 1) {
    this.#perSecond = perSecond;
    this.#burst = perSecond === 0 ? Infinity : Math.max(1,
      Math.min(MOST_AT_ONCE, perSecond / 2, Math.floor((burst - 1) / 2)));
    this.#tokens = this.#burst;
    this.#at = now;
    this.#notBefore = 0;
  }

  /** How many may be under way together. */
  get atOnce() {
    return Math.floor(this.#burst);
  }

  /** The service takes fewer at once than was thought. */
  narrow() {
    this.#burst = Math.max(1, this.#burst / 2);
  }

  /** 0 where something may be sent now, else milliseconds until it may. */
  take(now) {
    if (now < this.#notBefore) return this.#notBefore - now;
    if (this.#perSecond === 0) return 0;
    const earned = ((now - this.#at) * this.#perSecond) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#at = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#tokens) * 1000) / this.#perSecond);
  }

  /** The server has refused something as too fast. */
  pause(ms, now) {
    this.#notBefore = Math.max(this.#notBefore, now + ms);
    this.#tokens = 0;
    this.#at = this.#notBefore;
  }
}
