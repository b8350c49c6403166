// SPDX-License-Identifier: MIT

/**
 * Takes what a socket sends as the service's rate allows: a token bucket. Until
 * `open`, the uplink stalls.
 */
export class LimitedService {
  /** Contents of the messages that it took, in its order. */
  said = [];
  refusals = 0;
  #all;
  #burst;
  #perSecond;
  #tokens;
  #at;
  #stalled = [];

  /** Of a client in one room, whose join it has counted. */
  constructor(all, { burst, perSecond }) {
    this.#all = all;
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst - 1;
    this.#at = all.clock.now();
    all.service.socket.onsent = (frame) => this.#stalled?.push(frame);
    this.#stalled.push(...all.service.socket.sent);
  }

  /** The uplink moves again. What it holds arrives at once. */
  open() {
    const frames = this.#stalled;
    this.#all.service.socket.onsent = (frame) => this.#arrive([frame]);
    this.#arrive(frames);
  }

  /** Answers come a moment later, in one go. */
  #arrive(frames) {
    const answers = frames.map((frame) => this.#answer(frame));
    this.#all.clock.setTimeout(
      () => this.#all.service.socket.say(...answers), 1);
  }

  #answer({ id, content }) {
    const now = this.#all.clock.now();
    const earned = ((now - this.#at) * this.#perSecond) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#at = now;
    if (this.#tokens < 1) {
      this.refusals += 1;
      return {
        type: 'error', id, code: 'rate_limited', message: 'too fast',
        retryable: true,
        retry_after_ms: Math.ceil((1 - this.#tokens) * 1000 / this.#perSecond) };
    }
    this.#tokens -= 1;
    this.said.push(content);
    return { type: 'reply', id, ok: true, seq: this.said.length, epoch: 'e1' };
  }
}
