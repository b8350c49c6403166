# SPDX-License-Identifier: MIT
"""What a client does after each close (docs/protocol.md, "Closes")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional

NORMAL = 1000
ABNORMAL = 1006
TOO_BIG = 1009
TOKEN_EXPIRED = 4002

# After these a client does not reconnect.
_FINAL = frozenset({1000, 1002, 1003, 1007, 1008, 1009, 4000, 4001, 4004})


@dataclass
class Verdict:
    """Whether to reconnect after a connection ended, and how soon."""

    code: int
    reason: str
    reconnect: bool
    # Seconds; None where the backoff decides.
    retry_after: Optional[float] = None


def judge_close(code: int, reason: str, closing: Optional[Mapping[str, Any]],
                can_renew_token: bool) -> Verdict:
    """`code` and `reason` are those of the close frame, `closing` the frame of
    that type before it, if there was one. The latter wins: the service knows,
    and its close frame may have been lost. After an unknown code the client
    reconnects with backoff: to stay away is the worse mistake."""
    verdict = Verdict(code, reason, code not in _FINAL)
    if closing is not None:
        said = closing.get("code")
        if isinstance(said, int):
            verdict.code = said
            verdict.reconnect = said not in _FINAL
        if isinstance(closing.get("reason"), str):
            verdict.reason = closing["reason"]
        if isinstance(closing.get("reconnect"), bool):
            verdict.reconnect = closing["reconnect"]
        after = closing.get("retry_after_ms")
        if isinstance(after, (int, float)) and after >= 0:
            verdict.retry_after = after / 1000
    if verdict.code == TOKEN_EXPIRED and not can_renew_token:
        verdict.reconnect = False
    return verdict
