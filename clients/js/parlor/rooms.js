// SPDX-License-Identifier: MIT
import { ParlorError } from './errors.js';
import { Backoff } from './backoff.js';
import { KEY_LIFETIME_MS } from './keys.js';
import { Room } from './room.js';

const PUBLISH = 'chat';

/**
 * The rooms that the application wants to be in: joins them on each new
 * connection, and again where one let go of us.
 */
export class Rooms {
  #entries = new Map();
  #requests;
  #clock;
  #random;
  #emit;
  #checking = false;

  constructor({ requests, clock, random, emit }) {
    this.#requests = requests;
    this.#clock = clock;
    this.#random = random;
    this.#emit = emit;
  }

  names() {
    return [...this.#entries.keys()];
  }

  find(name) {
    return this.#entries.get(name)?.room;
  }

  /** Resolves when one is in it, on whichever connection that is. */
  join(name, options, online) {
    let entry = this.#entries.get(name);
    if (!entry) {
      entry = {
        room: new Room(name, options),
        waiters: [],
        entered: false,
        backoff: new Backoff({ base: 1000, random: this.#random }),
        timer: undefined,
      };
      this.#entries.set(name, entry);
      if (online) this.#enter(entry);
    }
    if (entry.room.phase === 'in') {
      return Promise.resolve(standing(
        entry.room, { ...entry.room.position, recovered: false }));
    }
    return new Promise((resolve, reject) => {
      entry.waiters.push({ resolve, reject });
    });
  }

  /** Resolves when the server has let go, or the connection is gone. */
  leave(name) {
    const entry = this.#entries.get(name);
    if (!entry) {
      return Promise.reject(
        new ParlorError('not_in_room', `Not in room: ${name}`));
    }
    const { phase } = entry.room;
    this.#forget(entry, new ParlorError('left_room', `Left room: ${name}`));
    if (phase === 'out') return Promise.resolve();
    return new Promise((resolve) => {
      // Whatever the answer, one is not in it any more.
      this.#requests.ask(
        { type: 'leave', room: name }, { urgent: true, settle: () => resolve() });
    });
  }

  /** A new connection. */
  enterAll() {
    for (const entry of this.#entries.values()) this.#enter(entry);
  }

  /** The connection is gone. */
  lost() {
    for (const entry of this.#entries.values()) {
      this.#clock.clearTimeout(entry.timer);
      entry.room.lost();
    }
  }

  /** The end. The rooms that one was in stay, for another connect. */
  close(error) {
    for (const entry of [...this.#entries.values()]) {
      if (!entry.entered) this.#forget(entry, error);
      for (const { reject } of entry.waiters.splice(0)) reject(error);
    }
  }

  /**
   * Some room may have let go of us, which one is not said: asks in which we
   * are, and joins the others again.
   */
  check() {
    if (this.#checking) return;
    this.#checking = true;
    const suspects = [...this.#entries.values()].filter(
      ({ room }) => room.phase === 'in');
    this.#requests.ask({ type: 'rooms' }, {
      urgent: true,
      settle: (error, reply) => {
        this.#checking = false;
        if (error) return;
        for (const entry of suspects) {
          const { name, phase } = entry.room;
          if (phase !== 'in' || reply.rooms.includes(name)
              || this.#entries.get(name) !== entry) continue;
          entry.room.lost();
          this.#enter(entry);
        }
      },
    });
  }

  /** The room has forgotten the keys of what was published before. */
  forgotKeys(name) {
    this.#giveUpPublishes(name, true);
  }

  #enter(entry) {
    const { room } = entry;
    room.phase = 'joining';
    this.#requests.ask(room.joinFrame(), {
      urgent: true,
      settle: (error, reply) => {
        if (this.#entries.get(room.name) !== entry) return;
        if (error) this.#refused(entry, error);
        else this.#entered(entry, reply);
      },
    });
  }

  #entered(entry, reply) {
    const { room } = entry;
    const forgotten = reply.epoch !== room.epoch && !reply.recovered;
    const gap = room.joined(reply);
    const again = entry.entered;
    entry.entered = true;
    entry.backoff.reset();
    this.#giveUpPublishes(room.name, forgotten);
    const result = standing(room, reply);
    for (const { resolve } of entry.waiters.splice(0)) resolve(result);
    if (gap) this.#emit('gap', gap);
    this.#emit('joined', { ...result, again });
    this.#emit('members', { room: room.name, ...room.members.snapshot() });
    this.#showAgain(room);
    this.#requests.pump();
  }

  /** Those whose repetition the room would take for new ones. */
  #giveUpPublishes(name, forgotten) {
    const oldest = this.#clock.now() - KEY_LIFETIME_MS;
    this.#requests.fail(
      (x) => x.type === PUBLISH && x.room === name && x.sentSince !== undefined
        && (forgotten || x.sentSince < oldest),
      new Error('the room does not know its messages of before any more'));
  }

  /** Presence data lives as long as a connection does. */
  #showAgain(room) {
    const pending = this.#requests.awaits(
      (x) => x.type === 'presence' && x.room === room.name);
    if (room.shown === undefined || pending) return;
    this.#requests.ask(
      { type: 'presence', room: room.name, data: room.shown },
      { room: room.name, resend: true, settle: () => {} });
  }

  #refused(entry, error) {
    // The next connection joins it.
    if (['connection_lost', 'closed'].includes(error.code)) return;
    const { room } = entry;
    room.lost();
    if (entry.entered && (error.retryable || error.code === 'timeout')) {
      entry.timer = this.#clock.setTimeout(
        () => this.#enter(entry), error.retryAfterMs ?? entry.backoff.next());
      return;
    }
    const known = entry.entered;
    this.#forget(entry, error);
    if (known) this.#emit('room_lost', { room: room.name, error });
  }

  #forget(entry, error) {
    const { name } = entry.room;
    this.#entries.delete(name);
    this.#clock.clearTimeout(entry.timer);
    for (const { reject } of entry.waiters.splice(0)) reject(error);
    this.#requests.fail((x) => x.room === name, error);
  }
}

/** What a join resolves to. */
function standing(room, { epoch, seq, recovered, replayed = 0 }) {
  const { members, count } = room.members.snapshot();
  return { room: room.name, epoch, seq, members, count, recovered, replayed };
}
