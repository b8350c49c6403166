// SPDX-License-Identifier: MIT
import { checkCount, checkName, checkPosition } from './arguments.js';
import { systemClock } from './clock.js';
import { Connector } from './connector.js';
import { Emitter } from './emitter.js';
import { endpointUrl, webSocketOf } from './endpoint.js';
import { ParlorError, withKey } from './errors.js';
import { Inbox, message } from './inbox.js';
import { keyMaker } from './keys.js';
import { Requests } from './requests.js';
import { Rooms } from './rooms.js';

const defaults = {
  maxQueued: 1000,
  requestTimeoutMs: 15000,
  connectTimeoutMs: 10000,
};

/**
 * A client of one Parlor: connects, comes back, rejoins its rooms and recovers
 * what it missed there. The package's README has its options and events.
 */
export class Client {
  #connector;
  #requests;
  #rooms;
  #inbox;
  #emitter = new Emitter();
  #clock;
  #newKey;
  #waiters = [];
  #info = null;
  #closed = null;

  constructor(url, options = {}) {
    const { clock = systemClock, random = Math.random } = options;
    const settings = { ...defaults, ...options, url };
    settings.WebSocket = webSocketOf(options.WebSocket);
    settings.fetch = options.fetch ?? globalThis.fetch;
    // What is wrong with these is said at once.
    if (options.user !== undefined) checkName('user', options.user);
    endpointUrl(url, options.user);
    this.#clock = clock;
    // A proxy of Vue's could not get at what is private in here.
    Object.defineProperty(this, '__v_skip', { value: true });
    const emit = (type, event) => this.#emitter.emit(type, event);
    this.#newKey = keyMaker(random);
    this.#connector = new Connector({
      options: settings, clock, random,
      on: {
        state: (state, details) => this.#emitter.hold(
          () => this.#turn(state, details)),
        frame: (frame) => this.#emitter.hold(() => this.#take(frame)),
        lost: () => this.#lost(),
        problem: (error) => emit('error', { error }),
      },
    });
    this.#requests = new Requests({
      clock,
      maxQueued: settings.maxQueued,
      timeoutMs: settings.requestTimeoutMs,
      transmit: (text) => this.#connector.send(text),
      admits: (request) => this.#admits(request),
    });
    this.#rooms = new Rooms({
      requests: this.#requests, clock, random, emit, user: () => this.user });
    this.#inbox = new Inbox({ rooms: this.#rooms, emit });
  }

  // -- events -----------------------------------------------------------------

  on(type, listener) {
    return this.#emitter.on(type, listener);
  }

  off(type, listener) {
    this.#emitter.off(type, listener);
  }

  // -- the connection ---------------------------------------------------------

  get state() {
    return this.#connector.state;
  }

  /** Who one is; before the first connection, who one wants to be. */
  get user() {
    return this.#connector.user;
  }

  /** The current connection's `connected`; null while there is none. */
  get connection() {
    return this.#info;
  }

  /** Resolves when online; rejects where that is not to be. */
  connect() {
    if (this.state === 'online') return Promise.resolve(this.#info);
    const result = new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
    this.#connector.start();
    return result;
  }

  /**
   * Does not wait for the next attempt's time. A connection that there is has
   * to answer shortly, or is replaced.
   */
  reconnect() {
    this.#connector.hurry();
  }

  close() {
    this.#connector.stop();
  }

  // -- rooms ------------------------------------------------------------------

  /** The rooms that were joined and not left. */
  get joined() {
    return this.#rooms.names();
  }

  async join(room, options = {}) {
    checkName('room', room);
    checkCount('rewind', options.rewind);
    checkPosition('since', options.since);
    if (this.#closed) throw this.#closed;
    return this.#rooms.join(room, options, this.state === 'online');
  }

  leave(room) {
    return this.#rooms.leave(room);
  }

  /** {epoch, seq} up to which everything was handed on; null if unknown. */
  position(room) {
    return this.#rooms.find(room)?.position ?? null;
  }

  async publish(room, content, { key = this.#newKey(), excludeSelf } = {}) {
    checkName('key', key);
    const frame = { type: 'chat', room, content, key };
    if (excludeSelf) frame.exclude_self = true;
    try {
      const { seq, epoch } = await this.#ask(frame, { room, resend: true });
      return { seq, epoch };
    } catch (error) {
      throw withKey(error, key);
    }
  }

  /** Volatile: sent now or never; false where it was not. */
  signal(room, name, data) {
    checkName('name', name);
    if (!this.#rooms.find(room)) return false;
    const frame = { type: 'signal', room, name };
    if (data !== undefined) frame.data = data;
    return this.#requests.ask(frame, {
      room,
      volatile: true,
      settle: (error) => {
        if (error && !isEnd(error)) {
          this.#emitter.emit('error', { error, request: frame });
        }
      },
    });
  }

  async presence(room, data) {
    const frame = { type: 'presence', room, data };
    const { data: shown } = JSON.parse(this.#requests.textOf(frame));
    const found = this.#rooms.find(room);
    if (found) found.shown = shown;
    try {
      await this.#ask(frame, { room, resend: true });
    } catch (error) {
      // What the server does not take is not shown to it again.
      if (found?.shown === shown && !error.retryable) found.shown = undefined;
      throw error;
    }
  }

  async history(room, { before, limit } = {}) {
    checkCount('before', before);
    checkCount('limit', limit);
    const frame = { type: 'history', room };
    if (before !== undefined) frame.before = before;
    if (limit !== undefined) frame.limit = limit;
    const { messages } = await this.#ask(frame, { room, resend: true });
    return messages.map((x) => message({ ...x, room }));
  }

  async members(room) {
    const frame = { type: 'members', room };
    const reply = await this.#ask(frame, { room, resend: true });
    return {
      members: reply.members ?? null,
      count: reply.member_count ?? reply.members.length,
    };
  }

  // -- everything else --------------------------------------------------------

  async private(to, content) {
    checkName('to', to);
    const { delivered } = await this.#ask({ type: 'private', to, content }, {});
    return { delivered };
  }

  /** In which rooms the server thinks that this connection is. */
  async rooms() {
    const { rooms } = await this.#ask({ type: 'rooms' }, { resend: true });
    return rooms;
  }

  /** How long a frame takes to the server and back, in milliseconds. */
  async ping() {
    const begin = this.#clock.now();
    await this.#ask({ type: 'ping' }, { resend: true });
    return this.#clock.now() - begin;
  }

  // -- within -----------------------------------------------------------------

  #ask(frame, options) {
    if (this.#closed) return Promise.reject(this.#closed);
    if (options.room !== undefined && !this.#rooms.find(options.room)) {
      return Promise.reject(new ParlorError(
        'not_in_room', `Not in room: ${options.room}`));
    }
    return this.#requests.request(frame, options);
  }

  #admits({ room, urgent }) {
    if (this.state !== 'online') return false;
    return urgent || room === undefined
      || this.#rooms.find(room)?.phase === 'in';
  }

  #begin() {
    this.#requests.begin(this.#info.limits);
    for (const { resolve } of this.#waiters.splice(0)) resolve(this.#info);
    this.#rooms.enterAll();
    this.#requests.pump();
  }

  #take(frame) {
    if (this.#inbox.take(frame)) return;
    if (frame.type === 'token_expiring') this.#renewToken();
    // Where a room has failed, or has let go of us, our list is wrong.
    if (frame.type === 'error'
        && (frame.code === 'internal' || frame.code === 'not_in_room'
          || frame.room !== undefined)) {
      this.#rooms.check();
    }
    if (this.#requests.answer(frame)) return;
    if (frame.type === 'error') {
      this.#emitter.emit('error', { error: ParlorError.of(frame) });
    }
  }

  async #renewToken() {
    const frame = this.#info;
    try {
      const token = await this.#connector.token('expiring');
      // For the connection that asked, and for no other.
      if (!token || this.#info !== frame) return;
      await this.#requests.request(
        { type: 'refresh', token }, { urgent: true });
    } catch (error) {
      if (!isEnd(error)) this.#emitter.emit('error', { error });
    }
  }

  #lost() {
    this.#rooms.lost();
    this.#requests.dropped();
  }

  #turn(state, { greeting = null, ...details }) {
    this.#info = greeting;
    this.#emitter.emit('state', { state, ...details });
    if (state === 'connecting') this.#closed = null;
    if (state === 'online') this.#begin();
    if (state === 'closed') this.#shut(details);
  }

  #shut({ code, reason }) {
    const why = reason ? `${code} ${reason}` : `${code}`;
    this.#closed = new ParlorError(
      'closed', `the connection is closed: ${why}`,
      { closeCode: code, closeReason: reason });
    this.#rooms.lost();
    this.#requests.close(this.#closed);
    this.#rooms.close(this.#closed);
    for (const { reject } of this.#waiters.splice(0)) reject(this.#closed);
  }
}

/** It ended with its connection, of which the application hears anyway. */
function isEnd({ code }) {
  return code === 'connection_lost' || code === 'closed';
}

/** A client that is online. */
export async function connect(url, options) {
  const client = new Client(url, options);
  await client.connect();
  return client;
}
