# SPDX-License-Identifier: MIT
"""The time as the client sees it."""

from __future__ import annotations

import asyncio
from typing import Callable, Protocol


class Timer(Protocol):
    """What `Clock.call_later` returns."""

    def cancel(self) -> None:
        """The callback is not called any more; nothing where it was."""


class Clock(Protocol):
    """Seconds that never go back, and timers. Tests pass one that stands."""

    def now(self) -> float:
        """Seconds since some moment in the past."""

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Calls back after `delay` seconds."""


class LoopClock:
    """The running event loop's clock, which is monotonic."""

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(delay, callback)
