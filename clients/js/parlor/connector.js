// SPDX-License-Identifier: MIT
import { Backoff } from './backoff.js';
import { judgeClose } from './close_codes.js';
import { endpointUrl, subprotocols } from './endpoint.js';
import { Link } from './link.js';

/** A connection that lasted so long was a good one: the backoff starts anew. */
const STABLE_MS = 5000;

/**
 * Keeps one link to the service, and makes a new one whenever it ends and its
 * close code allows it. Tells `on.state(state, details)` with each change,
 * `on.frame(frame)` of the current link, `on.lost()` when it has ended, and
 * `on.problem(error)` where no token was to be had.
 *
 * States: `idle`, `connecting`, `online`, `waiting` (for the next attempt) and
 * `closed`.
 */
export class Connector {
  state = 'idle';
  user;
  #options;
  #clock;
  #on;
  #backoff;
  #link = null;
  #timer;
  #greetedAt;
  #tokenReason = 'connect';
  /** Counts attempts, so that a token for an earlier one is not used. */
  #attempt = 0;

  constructor({ options, clock, random, on }) {
    this.#options = options;
    this.#clock = clock;
    this.#on = on;
    this.#backoff = new Backoff({ ...options.backoff, random });
    this.user = options.user;
  }

  start() {
    if (this.state !== 'idle' && this.state !== 'closed') return;
    this.#backoff.reset();
    this.#open();
  }

  /** Does not wait for the next attempt's time. */
  hurry() {
    if (this.state !== 'waiting') return;
    this.#clock.clearTimeout(this.#timer);
    this.#open();
  }

  stop() {
    if (this.state === 'idle' || this.state === 'closed') return;
    this.#attempt += 1;
    this.#clock.clearTimeout(this.#timer);
    this.#link?.close();
    this.#link = null;
    this.#become('closed', { code: 1000, reason: '', reconnect: false });
  }

  send(text) {
    this.#link?.send(text);
  }

  /** A token from the application; undefined where it gives none. */
  async token(reason) {
    return this.#options.getToken?.({ reason });
  }

  async #open() {
    this.#attempt += 1;
    const attempt = this.#attempt;
    this.#greetedAt = undefined;
    this.#become('connecting', {});
    let token;
    if (this.#options.getToken) {
      try {
        token = await this.token(this.#tokenReason);
      } catch (error) {
        if (attempt === this.#attempt) this.#tokenFailed(error);
        return;
      }
      if (attempt !== this.#attempt) return;
    }
    this.#tokenReason = 'connect';
    this.#connect(token);
  }

  #connect(token) {
    try {
      this.#link = new Link({
        WebSocket: this.#options.WebSocket,
        url: endpointUrl(this.#options.url, this.user),
        protocols: subprotocols(token),
        clock: this.#clock,
        connectTimeoutMs: this.#options.connectTimeoutMs,
        on: {
          greeted: (frame) => this.#greet(frame),
          frame: (frame) => this.#on.frame(frame),
          ended: (how) => this.#ended(how),
        },
      });
    } catch (error) {
      // The platform refuses the URL or the token: it will do so again.
      this.#become('closed',
        { code: 1006, reason: error.message, reconnect: false });
    }
  }

  #greet(frame) {
    this.#greetedAt = this.#clock.now();
    // Who was given a name keeps it.
    this.user = frame.user_id;
    this.#become('online', { greeting: frame });
  }

  #ended(how) {
    this.#link = null;
    if (this.#clock.now() - this.#greetedAt >= STABLE_MS) this.#backoff.reset();
    const verdict = judgeClose(how, this.#options.getToken !== undefined);
    if (verdict.code === 4002) this.#tokenReason = 'expired';
    this.#on.lost();
    this.#comeBack(verdict);
  }

  #tokenFailed(error) {
    this.#on.problem(error);
    this.#comeBack({ code: 1006, reason: 'no token', reconnect: true });
  }

  #comeBack({ code, reason, reconnect, afterMs }) {
    if (!reconnect) {
      this.#become('closed', { code, reason, reconnect });
      return;
    }
    const retryInMs = afterMs ?? this.#backoff.next();
    this.#timer = this.#clock.setTimeout(() => this.#open(), retryInMs);
    this.#become('waiting', { code, reason, reconnect, retryInMs });
  }

  #become(state, details) {
    this.state = state;
    this.#on.state(state, details);
  }
}
