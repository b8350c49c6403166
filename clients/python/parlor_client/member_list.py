# SPDX-License-Identifier: MIT
"""Gets the list of a room's members back."""

from __future__ import annotations

from typing import Callable, Optional

from .backoff import Backoff
from .clock import Clock, Timer
from .cursor import Cursor
from .errors import ParlorError
from .frames import Frame
from .members import MemberTable
from .request_queue import RequestQueue


class MemberList:
    """The server lists members where they are few enough, and says so with the
    next join only: where enough have left, or joins and leaves were missed or
    void, one has to ask."""

    def __init__(self, *, cursor: Cursor, members: MemberTable,
                 requests: RequestQueue, clock: Clock,
                 random: Callable[[], float],
                 changed: Callable[[], None]) -> None:
        self._cursor = cursor
        self._members = members
        self._requests = requests
        self._clock = clock
        self._changed = changed
        # All who are in the room notice at the same time.
        self._backoff = Backoff(1.0, 60.0, random)
        self._timer: Optional[Timer] = None
        self._asking = False

    def refresh(self) -> None:
        """Somebody has left, or more has changed."""
        if not self._members.worth_asking or self._asking:
            return
        self._asking = True
        self._timer = self._clock.call_later(self._backoff.next(), self._ask)

    def stop(self) -> None:
        """The connection, or the membership, is over."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._asking = False

    def _ask(self) -> None:
        room = self._cursor.room
        if not self._members.worth_asking:
            self._asking = False
            return
        self._requests.ask({"type": "members", "room": room}, self._answered,
                           room=room)

    def _answered(self, error: Optional[ParlorError], reply: Frame) -> None:
        self._asking = False
        if error is not None or not self._cursor.inside:
            return
        if self._members.replace(reply):
            self._changed()
        if "members" in reply:
            self._backoff.reset()
        self.refresh()
