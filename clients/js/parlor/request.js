// SPDX-License-Identifier: MIT
import { ParlorError } from './errors.js';

/** What has an effect on others, which asking again might have twice. */
const EFFECTS = new Set(['chat', 'private']);

/**
 * One frame that asks for an answer, across connections. It is settled once:
 * with the answer, or with the error that ended it.
 */
export class Request {
  /** When it was sent on this connection; undefined while it waits. */
  sentAt;
  /** Which of all sendings its last one was. */
  sending;
  timer;
  /** When it was first sent on a connection that ended before the answer. */
  #lostSince;
  #settle;

  constructor({ id, type, text, room, resend, urgent, volatile, settle }) {
    this.id = id;
    this.type = type;
    this.text = text;
    this.room = room;
    this.resend = resend;
    this.urgent = urgent;
    this.volatile = volatile;
    this.#settle = settle;
  }

  get underWay() {
    return this.sentAt !== undefined;
  }

  /** Since when the service may have served it; undefined if it never got it. */
  get sentSince() {
    return this.#lostSince ?? this.sentAt;
  }

  /** The service has dropped it. What became of an earlier sending stays open. */
  refused() {
    this.sentAt = undefined;
  }

  /** The connection ended before the answer. */
  lost() {
    this.#lostSince ??= this.sentAt;
    this.sentAt = undefined;
  }

  answer(reply) {
    this.#settle(null, reply);
  }

  fail(error) {
    this.#settle(error);
  }

  /** Waits no longer. Where it may have been served, the outcome is unknown. */
  giveUp(cause) {
    const open = this.sentSince !== undefined && EFFECTS.has(this.type);
    this.#settle(open ? new ParlorError(
      'unknown_outcome', `perhaps this was said: ${cause.message}`, { cause })
      : cause);
  }
}
