// SPDX-License-Identifier: MIT

/**
 * Notices a connection on which nothing comes any more. The server's pings are
 * invisible in a browser, so after twice their interval without a frame the
 * client asks by a `ping` of its own; another interval later it gives up. A
 * pure value: the time is told.
 */
export class Liveness {
  #pingMs;
  #heardAt;
  #askedAt = null;

  constructor(pingMs, now) {
    this.#pingMs = pingMs;
    this.#heardAt = now;
  }

  heard(now) {
    this.#heardAt = now;
    this.#askedAt = null;
  }

  /** What to do now, `wait`, `ping` or `drop`, and when to look again. */
  check(now) {
    if (this.#askedAt !== null) {
      const left = this.#askedAt + this.#pingMs - now;
      return left > 0 ? { action: 'wait', inMs: left } : { action: 'drop' };
    }
    const left = this.#heardAt + 2 * this.#pingMs - now;
    if (left > 0) return { action: 'wait', inMs: left };
    this.#askedAt = now;
    return { action: 'ping', inMs: this.#pingMs };
  }
}
