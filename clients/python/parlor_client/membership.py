# SPDX-License-Identifier: MIT
"""One room that the application wants to be in."""

from __future__ import annotations

import asyncio
from typing import Any, Callable, List, Optional

from .backoff import Backoff
from .clock import Clock, Timer
from .cursor import Cursor
from .errors import ParlorError
from .event_queue import RoomQueue
from .events import Joined, MembersChanged, RoomEvent
from .member_list import MemberList
from .members import MemberTable
from .presence import PresenceTable
from .request_queue import RequestQueue


class Membership:
    """What is known of the room, across connections, and who takes its events.
    `Memberships` joins it."""

    def __init__(self, cursor: Cursor, *, presence: bool,
                 requests: RequestQueue, clock: Clock,
                 random: Callable[[], float]) -> None:
        self.cursor = cursor
        self.members = MemberTable()
        self.presence = PresenceTable()
        self.wants_presence = presence
        #: What this connection shows, as a list of one; empty for nothing.
        self.shown: List[Any] = []
        #: How often it was joined and not left.
        self.joins = 0
        #: A join is unanswered.
        self.joining = False
        #: One has been in it before.
        self.entered = False
        self.backoff = Backoff(1.0, 20.0, random)
        self.timer: Optional[Timer] = None
        self.waiters: List[asyncio.Future[Joined]] = []
        self._queues: List[RoomQueue] = []
        self.list = MemberList(
            cursor=cursor, members=self.members, requests=requests,
            clock=clock, random=random, changed=self.tell_members)

    @property
    def room(self) -> str:
        return self.cursor.room

    def subscribe(self, queue: RoomQueue) -> None:
        """Events go there from now on."""
        self._queues.append(queue)

    def unsubscribe(self, queue: RoomQueue) -> None:
        self._queues = [x for x in self._queues if x is not queue]

    def tell(self, event: RoomEvent) -> None:
        for queue in self._queues:
            queue.put(event, self.cursor.last)

    def tell_members(self) -> None:
        now = self.members.snapshot()
        self.tell(MembersChanged(self.room, now.members, now.count))

    def advance(self) -> None:
        """All that a frame has brought was told."""
        for queue in self._queues:
            queue.advance(self.cursor.position)

    def standing(self, *, recovered: bool = False, replayed: int = 0,
                 again: bool = False) -> Joined:
        """Where one is in the room, as a join resolves."""
        joined_at = self.cursor.last
        now = self.members.snapshot()
        return Joined(self.room, joined_at.epoch, joined_at.seq, now.members,
                      now.count, recovered, replayed, again)

    def resolve(self, joined: Joined) -> None:
        waiters, self.waiters = self.waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(joined)

    def reject(self, error: ParlorError) -> None:
        waiters, self.waiters = self.waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_exception(error.copy())

    def end(self, error: Optional[ParlorError]) -> None:
        """Nothing is told any more."""
        for queue in self._queues:
            queue.end(error)

    def stop_timers(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        self.list.stop()
