// SPDX-License-Identifier: MIT

/**
 * Why something that was asked for did not happen. `code` is one of the
 * server's (docs/protocol.md) or one of the client's own:
 *
 * - `queue_full`: too much waits for the connection already; nothing was sent.
 * - `connection_lost`: it was sent, the answer never came, and asking again
 *   might do it twice.
 * - `unknown_outcome`: the same for a publish, where the room has forgotten
 *   what would tell a repetition from a new message.
 * - `timeout`: connected, but no answer in time.
 * - `closed`: the client was closed, or is not to come back.
 * - `left_room`, `not_in_room`: the room was left, or never joined.
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
