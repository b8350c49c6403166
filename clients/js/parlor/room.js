// SPDX-License-Identifier: MIT
import { Members } from './members.js';
import { Presence } from './presence.js';

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
  /** The last number that was handed on. */
  #seq;
  /** {epoch, seq} of the last join's reply; what is not above it is replay. */
  #joinedAt = null;
  /** How much of the replay is still to come. */
  #awaited = 0;
  /** Whether the replay has every number, or is but a rewind. */
  #whole = false;

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

  /** Where to go on from in another session; null before the first join. */
  get position() {
    return this.#anchor && { ...this.#anchor };
  }

  joinFrame() {
    const frame = { type: 'join', room: this.name };
    if (this.#anchor) frame.since = this.#anchor;
    else if (this.#rewind > 0) frame.rewind = this.#rewind;
    if (this.#wantsPresence) frame.presence = true;
    return frame;
  }

  /** A join's reply. Returns the gap, if something may be missing. */
  joined(reply) {
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
    this.#anchor = this.#awaited > 0 ? null : to;
    this.#seq = this.#awaited > 0 ? 0 : to.seq;
    const same = before?.epoch === to.epoch
      && (to.seq === before.seq || to.seq === handed);
    if (!before || same) return undefined;
    return this.#gap('not_recovered', { epoch: before.epoch, seq: handed }, to);
  }

  /**
   * A numbered frame. `hand`: whether it is for the application, which never
   * gets one twice or out of order; `replayed`: whether it is older than the
   * join; `gap`: what is missing before it.
   */
  take({ seq }) {
    if (this.phase !== 'in') return { hand: false, replayed: false };
    const replayed = seq <= this.#joinedAt.seq;
    if (replayed) this.#awaited -= 1;
    if (seq <= this.#seq) {
      this.#settle();
      return { hand: false, replayed };
    }
    const gap = this.#hole(seq, replayed);
    this.#seq = seq;
    if (replayed && this.#whole) this.#settle();
    else this.#anchor = { epoch: this.epoch, seq };
    if (replayed && !this.#whole) this.#settle();
    return { hand: true, replayed, gap };
  }

  /** A `room_reset`: the room goes on under another epoch. */
  reset({ epoch, seq }) {
    if (this.phase !== 'in') return undefined;
    const from = { epoch: this.epoch, seq: this.#seq };
    const same = seq === this.#seq || seq === this.#anchor?.seq;
    this.#joinedAt = { epoch, seq };
    this.#anchor = { epoch, seq };
    this.#seq = seq;
    this.#awaited = 0;
    return same ? undefined : this.#gap('room_reset', from, this.#joinedAt);
  }

  /** The connection ended, or the room let go of it. */
  lost() {
    this.phase = 'out';
    this.#awaited = 0;
  }

  /**
   * Where a replay is through, the anchor is the join. Before that a recovery
   * would have to begin where this one did: a replay may cross epochs, and its
   * frames do not say which is theirs.
   */
  #settle() {
    const through = this.#awaited <= 0
      && (!this.#whole || this.#seq >= this.#joinedAt.seq - 1);
    if (through && !(this.#anchor?.seq > this.#joinedAt.seq)) {
      this.#anchor = { ...this.#joinedAt };
    }
  }

  /** The gap between the last number and this one, if there is one. */
  #hole(seq, replayed) {
    const { epoch, seq: joined } = this.#joinedAt;
    if (replayed && !this.#whole) return undefined;
    // A rewind has not every number, and a join's own is told by its reply.
    const last = !replayed && this.#seq < joined
      && (!this.#whole || this.#seq === joined - 1) ? joined : this.#seq;
    if (seq === last + 1) return undefined;
    return this.#gap('hole', { epoch, seq: last }, { epoch, seq: seq - 1 });
  }

  #gap(reason, from, to) {
    return { room: this.name, reason, from, to: { ...to } };
  }
}
