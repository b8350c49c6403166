# SPDX-License-Identifier: MIT
"""A room, as the application sees it."""

from __future__ import annotations

import dataclasses
from types import TracebackType
from typing import (
    TYPE_CHECKING, AsyncIterator, List, Mapping, Optional, Tuple, Type)

from .errors import ParlorError
from .event_queue import QueueEnd, RoomQueue
from .events import (
    Gap, Joined, Members, Message, Position, RoomEvent, Shown)
from .values import Json, check_count, check_name, check_positive

if TYPE_CHECKING:
    from .client import Client


class Room:
    """What one part of an application has to do with a room: made by
    `Client.room`. Joined by `async with`, by iterating, or by `join`; left at
    the end of `async with`, or by `leave`. Over reconnects one stays in it.

    Iterating gives messages; `events` gives all events; both take from the same
    buffer. Several Rooms of one name have a buffer each, and the room is left
    when each has left it; from where on messages come, the first one says.

    To be used on the client's event loop alone.
    """

    def __init__(self, client: Client, name: str, *,
                 since: Optional[Position], rewind: Optional[int],
                 presence: bool, max_buffered: int) -> None:
        check_name("room", name)
        check_count("rewind", rewind)
        check_positive("max_buffered", max_buffered)
        if since is not None:
            check_count("since.seq", since.seq)
        self._client = client
        self._name = name
        self._since = since
        self._rewind = rewind
        self._presence = presence
        self._max_buffered = max_buffered
        self._queue: Optional[RoomQueue] = None
        # What may be missing before the next message.
        self._gap: Optional[Gap] = None
        self._position: Optional[Position] = since

    # -- being in it

    @property
    def name(self) -> str:
        """The room's name."""
        return self._name

    async def join(self) -> Joined:
        """Returns when one is in the room. Raises ParlorError, also where the
        room was joined already: `bad_request`."""
        if self._queue is not None and not self._queue.ended:
            raise ParlorError("bad_request", f"joined already: {self._name}")
        queue = RoomQueue(self._name, self._max_buffered)
        self._queue = queue
        try:
            joined = await self._client._join(
                self._name, queue, since=self._since, rewind=self._rewind,
                presence=self._presence)
        except ParlorError:
            self._queue = None
            raise
        except BaseException:
            # Nobody waits for it any more.
            self._client._leave(self._name, queue)
            self._queue = None
            raise
        return joined

    async def leave(self) -> bool:
        """Returns when the service knows, True where one is in the room no
        more; False where one stays, for another `Room` has joined it, too. What
        iterates ends. Raises `not_in_room` where it was not joined."""
        if self._queue is None:
            raise ParlorError("not_in_room", f"not in room: {self._name}")
        queue, self._queue = self._queue, None
        self._position = queue.position or self._position
        return await self._client._leave(self._name, queue)

    async def __aenter__(self) -> Room:
        await self.join()
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]],
                        error: Optional[BaseException],
                        traceback: Optional[TracebackType]) -> None:
        if self._queue is not None:
            await self.leave()

    # -- what comes

    async def __aiter__(self) -> AsyncIterator[Message]:
        """Messages, in the room's order, each once; joins the room where that
        was not done. Ends when the room is left or the client closed by the
        application. Raises ParlorError where the connection was closed for good
        (`closed`), or one was not let in again."""
        async for event in self.events():
            if isinstance(event, Gap):
                self._gap = event if self._gap is None else (
                    dataclasses.replace(event, start=self._gap.start))
            elif isinstance(event, Message):
                gap, self._gap = self._gap, None
                yield event if gap is None else dataclasses.replace(
                    event, gap=gap)

    async def events(self) -> AsyncIterator[RoomEvent]:
        """All that happens in the room, in its order; otherwise as iterating."""
        if self._queue is None:
            await self.join()
        queue = self._queue
        assert queue is not None
        while True:
            try:
                event = await queue.get()
            except QueueEnd:
                return
            yield event

    @property
    def position(self) -> Optional[Position]:
        """The place up to which the application has taken all events: with
        `since` another client goes on there. None before the first join."""
        if self._queue is not None and self._queue.position is not None:
            return self._queue.position
        return self._position

    @property
    def members(self) -> Members:
        """Who is in the room, as far as the client knows by now."""
        return self._client._membership(self._name).members.snapshot()

    @property
    def presence(self) -> Mapping[str, Tuple[Shown, ...]]:
        """Who shows what, as far as the client knows by now. Known where the
        room was joined with `presence`, or one shows something oneself."""
        return self._client._membership(self._name).presence.snapshot()

    # -- what one does

    async def publish(self, content: Json, *, key: Optional[str] = None,
                      exclude_self: bool = False) -> Position:
        """Returns the message's place when it was published. Waits for a
        connection, keeps the order of calls, and publishes once: the error of a
        publish has its `key`, with which it can be tried again."""
        return await self._client._publish(
            self._name, content, key, exclude_self)

    def signal(self, name: str, data: Json = None) -> bool:
        """Tells the others in passing. Volatile: sent now or never; False where
        it was not. Raises ParlorError for what no service would take."""
        return self._client._signal(self._name, name, data)

    async def show(self, data: Json) -> None:
        """Shows data to the others for as long as one is in the room, over
        reconnects, too (presence). 2048 bytes of JSON at most."""
        await self._client._show(self._name, data)

    async def history(self, *, before: Optional[int] = None,
                      limit: Optional[int] = None) -> List[Message]:
        """Messages that the service keeps, oldest first: the last `limit` (100)
        of those below number `before`."""
        return await self._client._history(self._name, before, limit)

    async def history_backwards(
            self, *, before: Optional[int] = None,
            page: int = 100) -> AsyncIterator[Message]:
        """All messages that the service keeps, newest first, asked for in pages
        of so many."""
        if page < 1:
            raise ParlorError("bad_request", "page has to be 1 at least")
        while True:
            messages = await self.history(before=before, limit=page)
            for message in reversed(messages):
                yield message
            if not messages or messages[0].seq <= 1:
                return
            before = messages[0].seq

    async def list_members(self) -> Members:
        """Who is in the room, as the service says now."""
        return await self._client._list_members(self._name)
