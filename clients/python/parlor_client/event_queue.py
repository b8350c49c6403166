# SPDX-License-Identifier: MIT
"""Events between the client and an application that takes them in its time."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Deque, Generic, Optional, TypeVar

from .errors import ParlorError
from .events import EventsDropped, Gap, Position, RoomEvent

T = TypeVar("T")


class QueueEnd(Exception):
    """Nothing comes any more."""


class EventQueue(Generic[T]):
    """A queue that one fills at once and others wait for. It ends once: what was
    in it can still be taken, then `get` raises. Bound to one event loop; not
    thread-safe."""

    def __init__(self) -> None:
        self._items: Deque[T] = deque()
        self._changed = asyncio.Event()
        self._ended = False
        self._error: Optional[ParlorError] = None

    def __len__(self) -> int:
        return len(self._items)

    @property
    def ended(self) -> bool:
        """Nothing is appended any more."""
        return self._ended

    def append(self, item: T) -> None:
        """Nothing where it has ended."""
        if self._ended:
            return
        self._items.append(item)
        self._changed.set()

    def end(self, error: Optional[ParlorError] = None) -> None:
        """`error` is what `get` raises; None where the end was wanted."""
        if self._ended:
            return
        self._ended = True
        self._error = error
        self._changed.set()

    async def get(self) -> T:
        """The oldest. Raises QueueEnd behind the last, or the error that ended
        it."""
        while not self._items:
            if self._ended:
                if self._error is not None:
                    raise self._error.copy()
                raise QueueEnd
            self._changed.clear()
            await self._changed.wait()
        return self._items.popleft()

    def tail(self) -> Optional[T]:
        return self._items[-1] if self._items else None

    def replace_tail(self, item: T) -> None:
        self._items[-1] = item


@dataclass
class _Entry:
    """An event of a room, and the position up to which everything was taken once
    it has been."""

    event: RoomEvent
    position: Optional[Position]


class RoomQueue:
    """A room's events for one part of the application. Where that does not keep
    up, a `Gap` takes the place of all that does not fit, and grows until there
    is space again."""

    def __init__(self, room: str, limit: int) -> None:
        self._room = room
        self._limit = limit
        self._queue: EventQueue[_Entry] = EventQueue()
        # Up to which place everything was put.
        self._last: Optional[Position] = None
        # The gap at the tail that may still grow.
        self._overflow: Optional[_Entry] = None
        #: Up to which place everything was taken; None before a join.
        self.position: Optional[Position] = None

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def ended(self) -> bool:
        """Nothing is put into it any more."""
        return self._queue.ended

    def put(self, event: RoomEvent, last: Position) -> None:
        """`last` is where the room's order stands with this event."""
        if len(self._queue) < self._limit:
            self._overflow = None
            self._queue.append(_Entry(event, None))
        else:
            self._drop(last)
        self._last = last

    def advance(self, position: Optional[Position]) -> None:
        """Everything up to there is in the queue."""
        tail = self._queue.tail()
        if tail is not None:
            tail.position = position
        elif position is not None:
            self.position = position

    def end(self, error: Optional[ParlorError] = None) -> None:
        """See EventQueue."""
        self._queue.end(error)

    async def get(self) -> RoomEvent:
        """See EventQueue."""
        entry = await self._queue.get()
        if entry.position is not None:
            self.position = entry.position
        return entry.event

    def _drop(self, last: Position) -> None:
        if self._overflow is not None:
            before = self._overflow.event
            assert isinstance(before, Gap)
            self._overflow.event = Gap(
                self._room, "slow_consumer", before.start, last)
            return
        self._overflow = _Entry(
            Gap(self._room, "slow_consumer", self._last, last), None)
        self._queue.append(self._overflow)


class NoticeQueue:
    """Events of the client for one part of the application. Where that does not
    keep up, `EventsDropped` takes their place."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._queue: EventQueue[object] = EventQueue()

    def put(self, event: object) -> None:
        if len(self._queue) < self._limit:
            self._queue.append(event)
            return
        tail = self._queue.tail()
        if isinstance(tail, EventsDropped):
            self._queue.replace_tail(EventsDropped(tail.count + 1))
        else:
            self._queue.append(EventsDropped(1))

    def end(self) -> None:
        self._queue.end()

    async def get(self) -> object:
        return await self._queue.get()
