# SPDX-License-Identifier: MIT
"""Notices a connection on which nothing comes any more."""

from __future__ import annotations

import enum
import math
from typing import NamedTuple, Optional


class Action(enum.Enum):
    """What to do about a connection now."""

    WAIT = "wait"
    PING = "ping"
    DROP = "drop"


class Check(NamedTuple):
    """What to do now, and after how many seconds to check again."""

    action: Action
    delay: float


class Liveness:
    """After two ping intervals in which nothing came the client sends a `ping`;
    another interval later it gives up. A value: the time is passed in, in
    seconds."""

    def __init__(self, interval: float, now: float) -> None:
        """`interval` is `math.inf` where the service sends no pings."""
        self._interval = interval
        self._heard_at = now
        self._give_up_at: Optional[float] = None

    def heard(self, now: float) -> None:
        """Something came."""
        self._heard_at = now
        self._give_up_at = None

    def pinged(self, limit: float, now: float) -> None:
        """A `ping` was sent: gives up unless something comes within `limit`."""
        before = math.inf if self._give_up_at is None else self._give_up_at
        self._give_up_at = min(before, now + limit)

    def check(self, now: float) -> Check:
        """What to do at this time."""
        if self._give_up_at is not None:
            left = self._give_up_at - now
            return Check(Action.WAIT, left) if left > 0 else Check(
                Action.DROP, 0)
        left = self._heard_at + 2 * self._interval - now
        if left > 0:
            return Check(Action.WAIT, left)
        self.pinged(self._interval, now)
        return Check(Action.PING, self._interval)
