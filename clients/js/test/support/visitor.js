// SPDX-License-Identifier: MIT
import WebSocket from 'ws';

import { Client } from '../../parlor.js';
import { atEnd } from './at_end.js';
import { within } from './parlor.js';

/** A client of the real service that remembers what it was told. */
export class Visitor {
  events = [];
  #waiting = [];

  constructor(t, parlor, user, options = {}) {
    this.client = new Client(parlor.url, {
      user, WebSocket, backoff: { base: 50, cap: 500 }, ...options });
    atEnd(t, () => this.client.close());
    for (const type of ['state', 'message', 'private', 'joined', 'user_joined',
      'user_left', 'members', 'gap', 'room_lost', 'signal', 'presence',
      'error', 'system']) {
      this.client.on(type, (event) => this.#hear({ ...event, type }));
    }
  }

  static async online(t, parlor, user, ...rooms) {
    const visitor = new Visitor(t, parlor, user);
    await within(visitor.client.connect(), `${user} to be online`);
    for (const room of rooms) {
      await within(visitor.client.join(room), `${user} to be in ${room}`);
    }
    return visitor;
  }

  /** The first event, past or to come, that fits. */
  heard(type, fits = () => true) {
    const found = (event) => event.type === type && fits(event);
    const past = this.events.find(found);
    if (past) return Promise.resolve(past);
    return within(new Promise((resolve) => {
      this.#waiting.push({ found, resolve });
    }), `${this.client.user} to hear ${type}`);
  }

  contents() {
    return this.events.filter(({ type }) => type === 'message')
      .map(({ content }) => content);
  }

  #hear(event) {
    this.events.push(event);
    this.#waiting = this.#waiting.filter(({ found, resolve }) => {
      if (!found(event)) return true;
      resolve(event);
      return false;
    });
  }
}
