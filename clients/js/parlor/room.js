// SPDX-License-Identifier: MIT
import { Members } from './members.js';
import { Presence } from './presence.js';

/** For how long what was said is kept by default, less a margin. */
const KEPT_MS = 280000;

/** The numbered frames in which nothing is said. */
const ATTENDANCE = new Set(['user_joined', 'user_left']);

/**
 * One room that the application wants to be in, across connections: where it
 * stands in the room's order, and so what to hand on, what to ask for after a
 * reconnect, and what is missing. Decides; sends nothing.
 */
export class Room {
  members = new Members();
  presence = new Presence();
  /** What this connection shows there; undefined where it shows nothing. */
  shown;
  /** `out`, `joining` (a join is under way) or `in`. */
  phase = 'out';
  #rewind;
  #wantsPresence;
  /** {epoch, seq}: everything up to it was handed on; null before a join. */
  #anchor;
  /** The last number that was handed on, or that a join's reply stands for. */
  #seq;
  /** {epoch, seq} of the last join's reply; what is not above it is replay. */
  #joinedAt = null;
  /** How much of the replay is still to come. */
  #awaited = 0;
  /** Whether the replay has every number, or is but a rewind. */
  #whole = false;
  /** Whether something was said since the room's epoch is known. */
  #isSaid = false;
  /** Until when nothing can have been said behind one's back. */
  #silentUntil = -Infinity;

  constructor(name, { since, rewind, presence } = {}) {
    this.name = name;
    this.#anchor = since ? { epoch: since.epoch, seq: since.seq } : null;
    this.#seq = since?.seq ?? 0;
    this.#rewind = rewind;
    this.#wantsPresence = presence === true;
  }

  get epoch() {
    return this.#joinedAt?.epoch;
  }

  /** {epoch, seq} of the last that was handed on, where one is in it. */
  get last() {
    return { epoch: this.epoch, seq: this.#seq };
  }

  get wantsPresence() {
    return this.#wantsPresence;
  }

  /** Where to go on from in another session; null before the first join. */
  get position() {
    return this.#anchor && { ...this.#anchor };
  }

  showPresence() {
    this.#wantsPresence = true;
  }

  joinFrame() {
    const frame = { type: 'join', room: this.name };
    if (this.#anchor) frame.since = this.#anchor;
    else if (this.#rewind > 0) frame.rewind = this.#rewind;
    if (this.#wantsPresence) frame.presence = true;
    return frame;
  }

  /** A join's reply. Returns the gap, if something may be missing. */
  joined(reply, now) {
    const to = { epoch: reply.epoch, seq: reply.seq };
    const before = this.#anchor;
    const handed = this.#seq;
    this.phase = 'in';
    this.members.replace(reply);
    this.#joinedAt = to;
    this.#awaited = reply.replayed ?? 0;
    this.#whole = reply.recovered === true;
    if (this.#whole) {
      this.#settle();
      return undefined;
    }
    const missed = before && !(before.epoch === to.epoch
      ? to.seq === before.seq || to.seq === handed
      : to.seq === 1 && now < this.#silentUntil);
    this.#isSaid = false;
    this.#anchor = this.#awaited > 0 ? null : to;
    this.#seq = this.#awaited > 0 ? 0 : to.seq;
    return missed ? this.#gap(
      'not_recovered', { epoch: before.epoch, seq: handed }, to) : undefined;
  }

  /**
   * A numbered frame. `hand`: whether it is for the application, which never
   * gets one twice or out of order; `replayed`: whether it is older than the
   * join; `gap`: what is missing before it.
   */
  take({ type, seq }) {
    if (this.phase !== 'in') return { hand: false, replayed: false };
    if (!ATTENDANCE.has(type)) this.#isSaid = true;
    const replayed = seq <= this.#joinedAt.seq;
    if (!replayed) this.#endReplay();
    const hand = seq > this.#seq;
    const gap = hand ? this.#hole(seq, replayed) : undefined;
    if (hand) {
      this.#seq = seq;
      if (!replayed || !this.#whole) this.#anchor = { epoch: this.epoch, seq };
    }
    if (replayed) {
      this.#awaited -= 1;
      this.#settle();
    }
    return { hand, replayed, gap };
  }

  /** A `room_reset`: the room goes on under another epoch. */
  reset({ epoch, seq }) {
    if (this.phase !== 'in') return undefined;
    const from = { epoch: this.epoch, seq: this.#seq };
    this.#joinedAt = { epoch, seq };
    this.#anchor = { epoch, seq };
    this.#seq = seq;
    this.#awaited = 0;
    return seq === from.seq ? undefined
      : this.#gap('room_reset', from, this.#joinedAt);
  }

  /** The room let go of this connection. */
  lost() {
    this.phase = 'out';
    this.#awaited = 0;
    this.#silentUntil = -Infinity;
  }

  /**
   * The connection ended. A room of one who was alone ends with it, unless
   * something was said there: then it is kept for a while, with its epoch. So
   * where a new one is found soon, in which nothing has happened yet, nothing
   * was missed.
   */
  cutOff(user, now) {
    const wasSilent = this.phase === 'in' && !this.#isSaid
      && this.members.isOnly(user);
    const before = this.phase === 'in' ? -Infinity : this.#silentUntil;
    this.lost();
    this.#silentUntil = wasSilent ? now + KEPT_MS : before;
  }

  #endReplay() {
    this.#awaited = 0;
    this.#settle();
  }

  /**
   * Where a replay is through, everything up to the join is known. Before that
   * a recovery would have to begin where this one did: a replay may cross
   * epochs, and its frames do not say which is theirs.
   */
  #settle() {
    const { seq } = this.#joinedAt;
    const isWhole = !this.#whole || this.#seq >= seq - 1;
    if (this.#awaited > 0 || !isWhole || this.#seq > seq) return;
    this.#anchor = { ...this.#joinedAt };
    this.#seq = seq;
  }

  /** The gap between the last number and this one, if there is one. */
  #hole(seq, replayed) {
    const isRewind = replayed && !this.#whole;
    if (isRewind || seq === this.#seq + 1) return undefined;
    return this.#gap('hole', { epoch: this.epoch, seq: this.#seq },
      { epoch: this.epoch, seq: seq - 1 });
  }

  #gap(reason, from, to) {
    return { room: this.name, reason, from, to: { ...to } };
  }
}
