// SPDX-License-Identifier: MIT
// Updates of what is in view, over a WebSocket of its own.
import { at } from '../service.js';

/** In milliseconds, from the end of one attempt to the next. */
const PAUSE = 2000;

/** What is a comma, say, cannot be in a subprotocol. */
function subprotocols(token) {
  if (!token) return [];
  const safe = encodeURIComponent(token).replace(
    /[()]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return ['parlor.typed.v1', `bearer.${safe}`];
}

/** Tells the service what is in view, again after each reconnect. */
export class Live {
  #socket = null;
  #timer = null;
  #view = {};
  #sent = '';
  #serial = 0;
  #hear;
  #tell;
  #wanted = false;
  #token = '';

  /**
   * `hear(update)` is called with each update, `tell(state, why)` with 'online'
   * and 'waiting'.
   */
  constructor({ hear, tell }) {
    this.#hear = hear;
    this.#tell = tell;
  }

  start(token) {
    this.stop();
    this.#token = token;
    this.#wanted = true;
    this.#connect();
  }

  stop() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  /** From now on this is in view; an empty object is nothing. */
  show(view) {
    this.#view = view;
    this.#send();
  }

  #send() {
    const text = JSON.stringify(this.#view);
    const isOpen = this.#socket?.readyState === WebSocket.OPEN;
    if (!isOpen || text === this.#sent) return;
    this.#sent = text;
    this.#serial += 1;
    this.#socket.send(JSON.stringify({ ...this.#view, serial: this.#serial }));
  }

  #connect() {
    const url = new URL(at('debug/live'));
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url, subprotocols(this.#token));
    this.#socket = socket;
    this.#sent = '';
    socket.addEventListener('open', () => {
      this.#tell('online', '');
      this.#send();
    });
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.#socket) this.#take(data);
    });
    socket.addEventListener('close', ({ reason }) => {
      if (socket !== this.#socket || !this.#wanted) return;
      this.#tell('waiting', reason || 'The service does not answer.');
      this.#timer = setTimeout(() => this.#connect(), PAUSE);
    });
  }

  #take(data) {
    let update;
    try {
      update = JSON.parse(data);
    } catch {
      return; // Not of this service.
    }
    // Of what was in view before, the rest is not wanted any more.
    if (update.type !== 'update' || update.serial === this.#serial) {
      this.#hear(update);
    }
  }
}
