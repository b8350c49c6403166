// SPDX-License-Identifier: MIT
import { Backoff } from './backoff.js';
import { ParlorError } from './errors.js';
import { KEY_LIFETIME_MS } from './keys.js';
import { MemberList } from './member_list.js';
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
  #user;
  #checking = false;

  /** `user()` says who one is. */
  constructor({ requests, clock, random, emit, user }) {
    this.#user = user;
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

  isSelf(user) {
    return user === this.#user();
  }

  /**
   * Resolves when one is in it, on whichever connection that is. Each call
   * wants a `leave` of its own.
   */
  join(name, options, online) {
    let entry = this.#entries.get(name);
    if (!entry) {
      entry = this.#entryOf(new Room(name, options));
      this.#entries.set(name, entry);
      if (online) this.#enter(entry);
    } else if (options.presence === true && !entry.room.wantsPresence) {
      this.#askForPresence(entry);
    }
    entry.joins += 1;
    if (entry.room.phase === 'in') {
      return Promise.resolve(standing(
        entry.room, { ...entry.room.last, recovered: false }));
    }
    return new Promise((resolve, reject) => {
      entry.waiters.push({ resolve, reject });
    });
  }

  /**
   * Resolves when the server has let go, or the connection is gone, with true;
   * with false where one stays, for another has joined it, too.
   */
  leave(name) {
    const entry = this.#entries.get(name);
    if (!entry) {
      return Promise.reject(
        new ParlorError('not_in_room', `Not in room: ${name}`));
    }
    entry.joins -= 1;
    if (entry.joins > 0) return Promise.resolve(false);
    const { phase } = entry.room;
    this.#forget(entry, new ParlorError('left_room', `Left room: ${name}`));
    if (phase === 'out') return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#tellLeave(name, () => resolve(true));
    });
  }

  /** A new connection. */
  enterAll() {
    for (const entry of this.#entries.values()) this.#enter(entry);
  }

  /** The connection is gone. */
  lost() {
    for (const entry of this.#entries.values()) {
      this.#stopTimers(entry);
      entry.room.cutOff(this.#user(), this.#clock.now());
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

  /** Somebody has left a room, or more has changed there. */
  refreshMembers(name) {
    this.#entries.get(name)?.list.refresh();
  }

  #entryOf(room) {
    return {
      room,
      /** How often it was joined and not left. */
      joins: 0,
      waiters: [],
      entered: false,
      backoff: new Backoff({ base: 1000, random: this.#random }),
      timer: undefined,
      list: new MemberList({
        room, requests: this.#requests, clock: this.#clock,
        random: this.#random, tell: () => this.#tellMembers(room) }),
    };
  }

  #stopTimers(entry) {
    this.#clock.clearTimeout(entry.timer);
    entry.list.stop();
  }

  #tellMembers(room) {
    this.#emit('members', { room: room.name, ...room.members.snapshot() });
  }

  /** A second join is answered by what the first one did not ask for. */
  #askForPresence(entry) {
    entry.room.showPresence();
    if (entry.room.phase === 'out') return;
    this.#requests.ask(
      { type: 'join', room: entry.room.name, presence: true },
      { urgent: true, settle: () => {} });
  }

  /** Whatever the answer, one is not in it any more. */
  #tellLeave(name, settle) {
    this.#requests.ask({ type: 'leave', room: name }, { urgent: true, settle });
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
    const gap = room.joined(reply, this.#clock.now());
    const again = entry.entered;
    entry.entered = true;
    entry.backoff.reset();
    this.#giveUpPublishes(room.name, forgotten);
    const result = standing(room, reply);
    for (const { resolve } of entry.waiters.splice(0)) resolve(result);
    if (gap) this.#emit('gap', gap);
    this.#emit('joined', { ...result, again });
    this.#tellMembers(room);
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
    // It may have been let in all the same.
    if (error.code === 'timeout') this.#tellLeave(room.name, () => {});
    if (known) this.#emit('room_lost', { room: room.name, error });
  }

  #forget(entry, error) {
    const { name } = entry.room;
    this.#entries.delete(name);
    this.#stopTimers(entry);
    for (const { reject } of entry.waiters.splice(0)) reject(error);
    this.#requests.fail((x) => x.room === name, error);
  }
}

/** What a join resolves to. */
function standing(room, { epoch, seq, recovered, replayed = 0 }) {
  const { members, count } = room.members.snapshot();
  return { room: room.name, epoch, seq, members, count, recovered, replayed };
}
