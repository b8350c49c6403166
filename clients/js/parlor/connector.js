// SPDX-License-Identifier: MIT
import { Backoff } from './backoff.js';
import { judgeClose, TOKEN_EXPIRED } from './close_codes.js';
import { endpointUrl, subprotocols } from './endpoint.js';
import { Link } from './link.js';
import { onNetworkBack } from './network.js';
import { whyUnreachable } from './reach.js';
import { TokenSource } from './token_source.js';

/** A connection that lasted so long was a good one: the backoff starts anew. */
const STABLE_MS = 5000;

/** How long a connection that is in doubt has to answer. */
const PROBE_MS = 3000;

/** So many attempts in a row have come to nothing before it is asked why. */
const PATIENCE = 3;

/** So many tokens in a row may have expired, or be signed with an old key. */
const MOST_TOKENS = 5;

/**
 * Keeps one link to the service, and makes a new one whenever it ends and its
 * close code allows it. Tells `on.state(state, details)` with each change,
 * `on.frame(frame)` of the current link, `on.lost()` when it has ended, and
 * `on.problem(error)` where no token was to be had, or no connection comes about
 * again and again. Any of these may call back: `stop` is final.
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
  #tokens;
  #link = null;
  #timer;
  #greetedAt;
  #tokenReason = 'connect';
  #tokensRefused = 0;
  #refusal = '';
  /** Attempts in a row that did not come as far as a WebSocket. */
  #failures = 0;
  #ignoreNetwork = () => {};
  /** Counts attempts, so that what belongs to an earlier one is not used. */
  #attempt = 0;

  constructor({ options, clock, random, on }) {
    this.#options = options;
    this.#clock = clock;
    this.#on = on;
    this.#backoff = new Backoff({ ...options.backoff, random });
    this.#tokens = new TokenSource({
      getToken: options.getToken, clock, limitMs: options.connectTimeoutMs });
    this.user = options.user;
  }

  start() {
    if (this.state !== 'idle' && this.state !== 'closed') return;
    this.#backoff.reset();
    this.#tokensRefused = 0;
    this.#failures = 0;
    this.#tokenReason = 'connect';
    this.#ignoreNetwork = onNetworkBack(() => this.hurry());
    this.#open();
  }

  /** Does not wait: for the next attempt's time, or for a link that is dead. */
  hurry() {
    this.#backoff.reset();
    if (this.state === 'waiting') this.#open();
    else this.#link?.probe(PROBE_MS);
  }

  stop() {
    if (this.state === 'closed') return;
    this.#link?.close();
    this.#end({ code: 1000, reason: '', reconnect: false });
  }

  send(text) {
    this.#link?.send(text);
  }

  /** A token from the application; undefined where it gives none. */
  token(reason) {
    return this.#tokens.ask(reason);
  }

  #open() {
    this.#clock.clearTimeout(this.#timer);
    this.#attempt += 1;
    const attempt = this.#attempt;
    this.#greetedAt = undefined;
    this.#become('connecting', {});
    // Who was told may have ended it, or begun another.
    if (attempt !== this.#attempt) return;
    if (this.#tokens.exists) this.#authorize(attempt);
    else this.#connect();
  }

  async #authorize(attempt) {
    const reason = this.#tokenReason;
    try {
      const token = await this.token(reason);
      if (attempt !== this.#attempt) return;
      if (token === undefined && reason === 'expired') {
        this.#end({
          code: TOKEN_EXPIRED, reason: this.#refusal, reconnect: false });
        return;
      }
      this.#tokenReason = 'connect';
      this.#connect(token);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.#on.problem(error);
      if (attempt !== this.#attempt) return;
      this.#comeBack({ code: 1006, reason: 'no token', reconnect: true });
    }
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
      this.#end({ code: 1006, reason: error.message, reconnect: false });
    }
  }

  #greet(frame) {
    this.#greetedAt = this.#clock.now();
    this.#failures = 0;
    // Who was given a name keeps it.
    this.user = frame.user_id;
    this.#become('online', { greeting: frame });
  }

  #ended(how) {
    this.#link = null;
    if (this.#clock.now() - this.#greetedAt >= STABLE_MS) {
      this.#backoff.reset();
      this.#tokensRefused = 0;
    }
    const verdict = judgeClose(how, this.#tokens.exists);
    if (verdict.code === TOKEN_EXPIRED) this.#tokenRefused(verdict);
    if (how.probed) verdict.afterMs ??= 0;
    this.#failures = how.opened ? 0 : this.#failures + 1;
    if (this.#failures === PATIENCE) this.#askWhy();
    this.#on.lost();
    this.#comeBack(verdict);
  }

  /** It is tried again all the same, but not in silence. */
  async #askWhy() {
    const error = await whyUnreachable({
      fetch: this.#options.fetch,
      url: endpointUrl(this.#options.url, this.user),
      clock: this.#clock,
      limitMs: this.#options.connectTimeoutMs,
    });
    if (this.#failures >= PATIENCE && this.state !== 'closed') {
      this.#on.problem(error);
    }
  }

  /** Another may cure it; if none does, the fault is elsewhere. */
  #tokenRefused(verdict) {
    this.#tokenReason = 'expired';
    this.#tokensRefused += 1;
    this.#refusal = verdict.reason;
    if (this.#tokensRefused >= MOST_TOKENS) verdict.reconnect = false;
  }

  #comeBack({ code, reason, reconnect, afterMs }) {
    if (!reconnect) {
      this.#end({ code, reason, reconnect });
      return;
    }
    const retryInMs = afterMs ?? this.#backoff.next();
    this.#timer = this.#clock.setTimeout(() => this.#open(), retryInMs);
    this.#become('waiting', { code, reason, reconnect, retryInMs });
  }

  #end(how) {
    this.#attempt += 1;
    this.#link = null;
    this.#clock.clearTimeout(this.#timer);
    this.#tokens.forget();
    this.#ignoreNetwork();
    this.#become('closed', how);
  }

  #become(state, details) {
    this.state = state;
    this.#on.state(state, details);
  }
}
