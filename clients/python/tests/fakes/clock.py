# SPDX-License-Identifier: MIT
"""A clock that stands until it is advanced."""

import asyncio
import itertools

# More than any chain of tasks that a test sets off.
_TURNS = 60


async def settled():
    """Lets every task that can go on do so."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


class _Timer:
    def __init__(self, clock, at, order, callback):
        self.at, self.order, self.callback = at, order, callback
        self._clock = clock

    def cancel(self):
        self._clock.timers.discard(self)


class FakeClock:
    """Seconds; timers fire in `advance`."""

    def __init__(self):
        self._now = 0.0
        self._orders = itertools.count()
        self.timers = set()

    def now(self):
        return self._now

    def call_later(self, delay, callback):
        timer = _Timer(
            self, self._now + max(0.0, delay), next(self._orders), callback)
        self.timers.add(timer)
        return timer

    async def advance(self, seconds):
        """Calls what is due on the way, in its order; tasks go on in between."""
        until = self._now + seconds
        while True:
            await settled()
            due = [x for x in self.timers if x.at <= until + 1e-9]
            if not due:
                break
            timer = min(due, key=lambda x: (x.at, x.order))
            self.timers.discard(timer)
            self._now = max(self._now, timer.at)
            timer.callback()
        self._now = until
        await settled()
