# SPDX-License-Identifier: MIT
"""Keeps what is sent below the service's rate."""

from __future__ import annotations

import math

# Enough for any service, and few for one that does not tell its burst.
_MAX_IN_FLIGHT = 20


class Pacer:
    """A token bucket below the service's `messages_per_second`, so that a queue
    that is emptied after a reconnect is not refused. All times are seconds."""

    def __init__(self) -> None:
        self._per_second = 0.0
        self._burst = math.inf
        self._tokens = 0.0
        self._at = 0.0
        self._not_before = 0.0

    def begin(self, per_second: float, now: float,
              burst: float | None = None) -> None:
        """A new connection. `per_second` of 0 lets everything pass. One half of
        the service's burst is for what a stalled uplink delivers at once, the
        other for what is sent right after it."""
        if burst is None:
            burst = 2 * _MAX_IN_FLIGHT + 1
        self._per_second = per_second
        self._burst = math.inf if per_second == 0 else max(1.0, min(
            _MAX_IN_FLIGHT, per_second / 2, math.floor((burst - 1) / 2)))
        self._tokens = self._burst
        self._at = now
        self._not_before = 0.0

    @property
    def max_in_flight(self) -> float:
        """How many requests may be unanswered at a time."""
        return self._burst if math.isinf(self._burst) else math.floor(
            self._burst)

    def narrow(self) -> None:
        """The service takes fewer at once than was thought."""
        self._burst = max(1.0, self._burst / 2)

    def take(self, now: float) -> float:
        """0 where something may be sent now, else seconds until it may."""
        if now < self._not_before:
            return self._not_before - now
        if self._per_second == 0:
            return 0.0
        earned = (now - self._at) * self._per_second
        self._tokens = min(self._burst, self._tokens + earned)
        self._at = now
        # Sums of fractions may fall short of a whole by a rounding error.
        if self._tokens >= 1 - 1e-9:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._per_second

    def pause(self, seconds: float, now: float) -> None:
        """The service has refused something as too fast."""
        self._not_before = max(self._not_before, now + seconds)
        self._tokens = 0.0
        self._at = self._not_before
