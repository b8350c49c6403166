// SPDX-License-Identifier: MIT

/**
 * Why something that was asked for did not happen. `code` is one of the
 * server's (docs/protocol.md) or one of the client's own:
 *
 * - `queue_full`: too much waits for the connection already; nothing was sent.
 * - `unknown_outcome`: a message was sent, and no answer will come: perhaps it
 *   was said. `cause` is why no answer is waited for. A publish's `key` lets
 *   it be tried again without being said twice.
 * - `connection_lost`: the same, for what is not sent again by itself on the
 *   next connection.
 * - `timeout`: connected, but no answer to a question in time.
 * - `closed`: the client was closed, or is not to come back; no message was
 *   sent.
 * - `left_room`, `not_in_room`: the room was left, or never joined.
 * - `unreachable`: no connection comes about, time and again, perhaps for this
 *   `status` of HTTP; it is tried on.
 * - `no_websocket`: this platform has none, and none was passed.
 */
export class ParlorError extends Error {
  constructor(code, message, details = {}) {
    super(message);
    this.name = 'ParlorError';
    this.code = code;
    this.retryable = false;
    Object.assign(this, details);
  }

  /** Of a frame of type `error`. */
  static of(frame) {
    const details = { retryable: frame.retryable === true };
    if (frame.retry_after_ms !== undefined) {
      details.retryAfterMs = frame.retry_after_ms;
    }
    return new ParlorError(frame.code, frame.message, details);
  }
}

/** What became of a publish: with its key it may be tried again. */
export function withKey(error, key) {
  return new ParlorError(error.code, error.message, { ...error, key });
}
