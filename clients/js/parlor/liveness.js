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
  /** When to give up; null while nothing was asked. */
  #giveUpAt = null;

  /** `pingMs`: Infinity where one only asks when told to. */
  constructor(pingMs, now) {
    this.#pingMs = pingMs;
    this.#heardAt = now;
  }

  heard(now) {
    this.#heardAt = now;
    this.#giveUpAt = null;
  }

  /** A `ping` was sent: gives up unless something comes within the limit. */
  asked(limitMs, now) {
    this.#giveUpAt = Math.min(this.#giveUpAt ?? Infinity, now + limitMs);
  }

  /** What to do now, `wait`, `ping` or `drop`, and when to look again. */
  check(now) {
    if (this.#giveUpAt !== null) {
      const left = this.#giveUpAt - now;
      return left > 0 ? { action: 'wait', inMs: left } : { action: 'drop' };
    }
    const left = this.#heardAt + 2 * this.#pingMs - now;
    if (left > 0) return { action: 'wait', inMs: left };
    this.asked(this.#pingMs, now);
    return { action: 'ping', inMs: this.#pingMs };
  }
}
