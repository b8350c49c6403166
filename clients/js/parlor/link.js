// SPDX-License-Identifier: MIT
import { Liveness } from './liveness.js';

const ABNORMAL = 1006;
const nothing = () => {};

/**
 * One WebSocket, from its opening to its end, of which it tells exactly once.
 * `on.greeted(frame)` comes with `connected`, then `on.frame(frame)` with each
 * other one, then `on.ended({ code, reason, closing })`. Nothing is told after
 * `close`.
 */
export class Link {
  #clock;
  #on;
  #socket;
  #closing;
  #liveness = null;
  #timer;
  #over = false;
  #greeted = false;

  constructor({ WebSocket, url, protocols, clock, connectTimeoutMs, on }) {
    this.#clock = clock;
    this.#on = on;
    this.#socket = new WebSocket(url, protocols);
    this.#socket.onmessage = ({ data }) => this.#take(data);
    this.#socket.onclose = ({ code, reason }) => this.#end(code, reason);
    // A close follows. Without a listener some implementations throw.
    this.#socket.onerror = nothing;
    this.#timer = clock.setTimeout(() => this.#drop(), connectTimeoutMs);
  }

  /** Of a text frame; lost where the socket is not open. */
  send(text) {
    if (!this.#over && this.#socket.readyState === 1) this.#socket.send(text);
  }

  /** Ends it from this side. */
  close() {
    if (this.#over) return;
    this.#finish();
    this.#socket.close(1000);
  }

  #take(data) {
    if (this.#over) return;
    this.#liveness?.heard(this.#clock.now());
    const frame = parsed(data);
    if (frame === undefined) return;
    if (frame.type === 'closing') this.#closing = frame;
    if (frame.type === 'connected' && !this.#greeted) this.#greet(frame);
    else this.#on.frame(frame);
  }

  #greet(frame) {
    this.#greeted = true;
    this.#clock.clearTimeout(this.#timer);
    if (frame.ping_ms > 0) {
      this.#liveness = new Liveness(frame.ping_ms, this.#clock.now());
      this.#watch();
    }
    this.#on.greeted(frame);
  }

  #watch() {
    const { action, inMs } = this.#liveness.check(this.#clock.now());
    if (action === 'drop') {
      this.#drop();
      return;
    }
    if (action === 'ping') this.send('{"type":"ping"}');
    this.#timer = this.#clock.setTimeout(() => this.#watch(), inMs);
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
    this.#on.ended({ code, reason, closing: this.#closing });
  }

  #finish() {
    this.#over = true;
    this.#clock.clearTimeout(this.#timer);
    this.#socket.onmessage = nothing;
    this.#socket.onclose = nothing;
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
