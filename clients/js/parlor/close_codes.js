// SPDX-License-Identifier: MIT

// What a client does after each close (docs/protocol.md, "Closes").
const NEVER = new Set([1000, 1002, 1003, 1007, 1008, 1009, 4000, 4001, 4004]);
export const TOKEN_EXPIRED = 4002;

/**
 * Whether to come back after a connection ended, and how soon.
 *
 * `code` and `reason` are those of the close event; `closing` is the frame of
 * that type which came before it, if one did. It wins: the server knows, and
 * its close frame may have got lost. A code that nobody has heard of is come
 * back from, with backoff: to stay away is the worse mistake.
 *
 * Returns `{ code, reason, reconnect, afterMs }`; `afterMs` is undefined where
 * the backoff decides.
 */
export function judgeClose({ code, reason = '', closing }, canRenewToken) {
  const verdict = {
    code: closing?.code ?? code,
    reason: closing?.reason ?? reason,
    afterMs: closing?.retry_after_ms,
  };
  verdict.reconnect = closing?.reconnect ?? !NEVER.has(verdict.code);
  if (verdict.code === TOKEN_EXPIRED && !canRenewToken) {
    verdict.reconnect = false;
  }
  return verdict;
}
