# SPDX-License-Identifier: MIT
"""How long to wait before the next attempt."""

from __future__ import annotations

import random as random_module
from typing import Callable

# Beyond this many attempts the ceiling is the cap, whatever the exponent.
_MAX_EXPONENT = 30


class Backoff:
    """Exponential with full jitter, so that clients that lost their server
    together do not come back together."""

    def __init__(self, base: float, cap: float,
                 random: Callable[[], float] = random_module.random) -> None:
        """`base` and `cap` are seconds; `random` returns 0 to 1."""
        self._base = base
        self._cap = cap
        self._random = random
        self._attempts = 0

    def next(self) -> float:
        """Seconds to wait."""
        ceiling = min(self._cap, self._base * 2.0 ** self._attempts)
        self._attempts = min(self._attempts + 1, _MAX_EXPONENT)
        return self._random() * ceiling

    def reset(self) -> None:
        """The last attempt was a success."""
        self._attempts = 0
