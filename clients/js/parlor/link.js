// SPDX-License-Identifier: MIT
import { Liveness } from './liveness.js';

const ABNORMAL = 1006;
const PING = '{"type":"ping"}';
const nothing = () => {};

/**
 * One WebSocket, from its opening to its end, of which it tells exactly once.
 * `on.greeted(frame)` comes with `connected`, then `on.frame(frame)` with each
 * other one, then `on.ended({ code, reason, closing, probed, opened })`. Nothing is told
 * after `close`.
 */
export class Link {
  #clock;
  #on;
  #socket;
  #closing;
  #liveness = null;
  #timer;
  /** Until when `connected` has to come. */
  #deadline = Infinity;
  /** Whether somebody waits for a sign of life. */
  #probed = false;
  #opened = false;
  #greeted = false;
  #over = false;

  constructor({ WebSocket, url, protocols, clock, connectTimeoutMs, on }) {
    this.#clock = clock;
    this.#on = on;
    this.#socket = new WebSocket(url, protocols);
    this.#socket.onopen = () => {
      this.#opened = true;
    };
    this.#socket.onmessage = ({ data }) => this.#take(data);
    this.#socket.onclose = ({ code, reason }) => this.#end(code, reason);
    this.#socket.onerror = () => this.#failed();
    this.#giveUpIn(connectTimeoutMs);
  }

  /** Of a text frame; lost where the socket is not open. */
  send(text) {
    if (!this.#over && this.#socket.readyState === 1) this.#socket.send(text);
  }

  /** Ends, unless something comes within the limit. */
  probe(limitMs) {
    if (this.#over) return;
    this.#probed = true;
    if (!this.#greeted) {
      this.#giveUpIn(limitMs);
      return;
    }
    this.send(PING);
    this.#liveness.asked(limitMs, this.#clock.now());
    this.#watch();
  }

  /** Ends it from this side. */
  close() {
    if (this.#over) return;
    this.#finish();
    this.#socket.close(1000);
  }

  #take(data) {
    if (this.#over) return;
    this.#opened = true;
    this.#probed = false;
    this.#liveness?.heard(this.#clock.now());
    const frame = parsed(data);
    if (frame === undefined) return;
    if (frame.type === 'closing') this.#closing = frame;
    if (frame.type === 'connected' && !this.#greeted) this.#greet(frame);
    else this.#on.frame(frame);
  }

  #greet(frame) {
    this.#greeted = true;
    const pingMs = frame.ping_ms > 0 ? frame.ping_ms : Infinity;
    this.#liveness = new Liveness(pingMs, this.#clock.now());
    this.#watch();
    this.#on.greeted(frame);
  }

  #watch() {
    this.#clock.clearTimeout(this.#timer);
    const { action, inMs } = this.#liveness.check(this.#clock.now());
    if (action === 'drop') {
      this.#drop();
      return;
    }
    if (action === 'ping') this.send(PING);
    if (inMs < Infinity) {
      this.#timer = this.#clock.setTimeout(() => this.#watch(), inMs);
    }
  }

  /** Unless `connected` comes before that. A second limit lengthens none. */
  #giveUpIn(ms) {
    const now = this.#clock.now();
    this.#deadline = Math.min(this.#deadline, now + ms);
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(
      () => this.#drop(), this.#deadline - now);
  }

  /**
   * A close follows, but for a Node that could not connect. Where it does, it
   * says no more than this.
   */
  #failed() {
    queueMicrotask(() => {
      if (!this.#opened) this.#end(ABNORMAL, '');
    });
  }

  /** Does not wait for a peer that may be gone to answer the close. */
  #drop() {
    if (this.#over) return;
    const socket = this.#socket;
    this.#end(ABNORMAL, 'nothing came');
    if (socket.terminate) socket.terminate();
    else socket.close();
  }

  #end(code, reason) {
    if (this.#over) return;
    this.#finish();
    this.#on.ended({
      code, reason, closing: this.#closing, probed: this.#probed,
      opened: this.#opened });
  }

  /** Without a listener for errors some implementations throw. */
  #finish() {
    this.#over = true;
    this.#clock.clearTimeout(this.#timer);
    this.#socket.onopen = nothing;
    this.#socket.onmessage = nothing;
    this.#socket.onclose = nothing;
    this.#socket.onerror = nothing;
  }
}

/** A frame is a JSON object with a type; anything else is none of ours. */
function parsed(data) {
  if (typeof data !== 'string') return undefined;
  try {
    const frame = JSON.parse(data);
    return typeof frame?.type === 'string' ? frame : undefined;
  } catch {
    return undefined;
  }
}
