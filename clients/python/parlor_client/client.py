# SPDX-License-Identifier: MIT
"""The client of one Parlor."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl as ssl_module
import weakref
from types import TracebackType
from typing import (
    Any, AsyncIterator, Callable, Coroutine, List, Optional, Type, TypeVar, cast)

from .clock import Clock, LoopClock
from .connector import Connector, as_error
from .dispatcher import Dispatcher, message_of
from .endpoint import endpoint_url
from .errors import ParlorError
from .event_queue import NoticeQueue, QueueEnd, RoomQueue
from .events import (
    ClientEvent, Connection, ErrorOccurred, Joined, Members, Message,
    Position, State, StateChanged)
from .frames import Frame, names_of, number_of, objects_of, text_of
from .keys import KeyMaker
from .members import MemberTable
from .membership import Membership
from .memberships import Memberships
from .options import Options
from .request import Request
from .request_queue import RequestQueue
from .room import Room
from .token_source import GetToken, within
from .values import Json, check_count, check_name, check_positive
from .websocket import WebSocketTransport

T = TypeVar("T")

_log = logging.getLogger("parlor_client")

# What ended with its connection the application sees by the state.
_OF_THE_CONNECTION = ("connection_lost", "closed")


class Client:
    """Connects, reconnects, rejoins its rooms and recovers what was missed
    there: made by `connect`. For one use: what is closed stays closed.

    Everything happens on the event loop on which it was opened, and is to be
    called there; not thread-safe.
    """

    def __init__(self, url: str, options: Options = Options()) -> None:
        """Raises ParlorError (`bad_request`) or ValueError for what can be of no
        use."""
        if options.user is not None:
            check_name("user", options.user)
        endpoint_url(url, options.user)
        for name in ("max_queued", "max_buffered", "max_size"):
            check_positive(name, getattr(options, name))
        self._options = options
        self._clock: Clock = options.clock or LoopClock()
        self._keys = KeyMaker()
        self._connection: Optional[Connection] = None
        self._closed: Optional[ParlorError] = None
        self._is_wanted = False
        self._opening: List[asyncio.Future[Connection]] = []
        self._listeners: weakref.WeakSet[NoticeQueue] = weakref.WeakSet()
        self._tasks: set[asyncio.Task[None]] = set()
        self._connector = Connector(
            url=url, options=options, clock=self._clock,
            transport=options.transport or WebSocketTransport(
                options.ssl, max_size=options.max_size),
            listener=self)
        self._requests = RequestQueue(
            clock=self._clock, transmit=self._connector.send,
            admits=self._admits, max_queued=options.max_queued,
            timeout=options.request_timeout)
        self._rooms = Memberships(
            requests=self._requests, clock=self._clock, random=options.random,
            user=lambda: self._connector.user)
        self._dispatcher = Dispatcher(self._rooms, self._tell)

    # -- the connection

    async def open(self) -> Connection:
        """Returns when online. Raises `unreachable` (or `bad_frame`) where that
        is not so within `open_timeout`, and `closed` where the service does not
        let this client in; the client is closed then."""
        if self._closed is not None:
            raise self._closed.copy()
        if self._connection is not None:
            return self._connection
        waiter: asyncio.Future[Connection] = (
            asyncio.get_running_loop().create_future())
        self._opening.append(waiter)
        self._connector.start()
        limit = self._options.open_timeout
        if limit is None:
            return await waiter
        try:
            return await within(self._clock, limit, waiter)
        except asyncio.TimeoutError:
            error = self._connector.last_error or ParlorError(
                "unreachable", "no connection in time", retryable=True)
            await self.close()
            raise error.copy() from error.__cause__

    async def close(self) -> None:
        """Ends the connection. What was sent before is served; what waits for an
        answer raises. What iterates ends. Waits for the service for
        `close_timeout` at most."""
        self._is_wanted = True
        link = self._connector.stop()
        try:
            if link is not None:
                await within(self._clock, self._options.close_timeout,
                             link.wait_closed())
        except asyncio.TimeoutError:
            assert link is not None
            link.abort()
        finally:
            # At the end: one of them may have called this.
            for task in list(self._tasks):
                task.cancel()

    async def __aenter__(self) -> Client:
        try:
            await self.open()
        except BaseException:
            # A task that is cancelled meanwhile leaves nothing behind.
            self._connector.stop()
            raise
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]],
                        error: Optional[BaseException],
                        traceback: Optional[TracebackType]) -> None:
        await self.close()

    def reconnect(self) -> None:
        """Does not wait for the next attempt's time. A connection that there is
        has 3 s to answer, or is replaced: for an application that knows of a
        change of network."""
        self._connector.hurry()

    @property
    def state(self) -> State:
        """`idle`, `connecting`, `online`, `waiting` (for the next attempt) or
        `closed`."""
        return self._connector.state

    @property
    def user(self) -> Optional[str]:
        """Who one is; before the first connection, who one wants to be."""
        return self._connector.user

    @property
    def connection(self) -> Optional[Connection]:
        """The current connection; None while there is none."""
        return self._connection

    def events(self) -> AsyncIterator[ClientEvent]:
        """What belongs to no room, from this call on, for one part of the
        application: `max_buffered` are kept for it at most. Ends with the
        client."""
        queue = NoticeQueue(self._options.max_buffered)
        if self._closed is not None:
            queue.end()
        else:
            self._listeners.add(queue)
        return _iterate(queue)

    # -- rooms

    def room(self, name: str, *, rewind: Optional[int] = None,
             since: Optional[Position] = None, presence: bool = False,
             max_buffered: Optional[int] = None) -> Room:
        """A room to be joined. `rewind`: how many messages of before to get,
        where there is no `since`: where to go on, such as an earlier
        `Room.position`. `presence`: be told who shows what. `max_buffered`: how
        many events wait for the application, by default that of the client."""
        return Room(self, name, rewind=rewind, since=since, presence=presence,
                    max_buffered=self._options.max_buffered
                    if max_buffered is None else max_buffered)

    @property
    def joined(self) -> List[str]:
        """The rooms that were joined and not left."""
        return self._rooms.names()

    # -- everything else

    async def send(self, to: str, content: Json) -> int:
        """A private message. Returns how many connections of the user got it, 0
        for one who is not there. Raises `connection_lost` where that is not
        known."""
        check_name("to", to)
        return await self._ask(
            {"type": "private", "to": to, "content": content},
            lambda reply: number_of(reply, "delivered"))

    async def list_rooms(self) -> List[str]:
        """In which rooms the service thinks that this connection is."""
        return await self._ask(
            {"type": "rooms"}, lambda reply: names_of(reply, "rooms"),
            resend=True)

    async def ping(self) -> float:
        """Seconds that a frame takes to the service and back."""
        begin = self._clock.now()
        await self._ask({"type": "ping"}, _nothing, resend=True)
        return self._clock.now() - begin

    # -- for Room

    def _membership(self, room: str) -> Membership:
        found = self._rooms.find(room)
        if found is None:
            raise ParlorError("not_in_room", f"not in room: {room}")
        return found

    async def _join(self, room: str, queue: RoomQueue, *,
                    since: Optional[Position], rewind: Optional[int],
                    presence: bool) -> Joined:
        if self._closed is not None:
            raise self._closed.copy()
        return await self._rooms.join(
            room, queue, since=since, rewind=rewind, presence=presence,
            online=self.state == "online")

    def _leave(self, room: str, queue: RoomQueue) -> asyncio.Future[bool]:
        return self._rooms.leave(room, queue)

    async def _publish(self, room: str, content: Json, key: Optional[str],
                       exclude_self: bool) -> Position:
        if key is None:
            key = self._keys.next()
        check_name("key", key)
        frame: Frame = {
            "type": "chat", "room": room, "content": content, "key": key}
        if exclude_self:
            frame["exclude_self"] = True
        try:
            return await self._ask(
                frame, lambda reply: Position(
                    text_of(reply, "epoch"), number_of(reply, "seq")),
                room=room, resend=True)
        except ParlorError as error:
            error.key = key
            raise

    def _signal(self, room: str, name: str, data: Json) -> bool:
        check_name("name", name)
        frame: Frame = {"type": "signal", "room": room, "name": name}
        if data is not None:
            frame["data"] = data
        if self._rooms.find(room) is None:
            self._requests.text_of(frame)
            return False

        def settle(error: Optional[ParlorError], reply: Frame) -> None:
            if error is not None and error.code not in _OF_THE_CONNECTION:
                self._tell(ErrorOccurred(error))

        return self._requests.send_now(frame, settle, room=room)

    async def _show(self, room: str, data: Json) -> None:
        frame: Frame = {"type": "presence", "room": room, "data": data}
        shown = [json.loads(self._requests.text_of(frame))["data"]]
        found = self._rooms.find(room)
        if found is not None:
            found.shown = shown
        try:
            await self._ask(frame, _nothing, room=room, resend=True)
        except ParlorError as error:
            # What the server does not take is not shown to it again.
            if (found is not None and found.shown is shown
                    and not error.retryable):
                found.shown = []
            raise

    async def _history(self, room: str, before: Optional[int],
                       limit: Optional[int]) -> List[Message]:
        check_count("before", before)
        check_count("limit", limit)
        frame: Frame = {"type": "history", "room": room}
        if before is not None:
            frame["before"] = before
        if limit is not None:
            frame["limit"] = limit
        return await self._ask(
            frame, lambda reply: [
                message_of(x, room, True)
                for x in objects_of(reply, "messages")],
            room=room, resend=True)

    async def _list_members(self, room: str) -> Members:
        return await self._ask(
            {"type": "members", "room": room}, _members_of, room=room,
            resend=True)

    # -- connector.ConnectorListener

    def turned(self, change: StateChanged,
               connection: Optional[Connection]) -> None:
        """For the connector."""
        self._connection = connection
        _log.debug("state=%s code=%s reason=%s retry_in=%s", change.state,
                   change.code, change.reason, change.retry_in)
        self._tell(change)
        if connection is not None:
            self._begin(connection)
        elif change.state == "closed":
            self._shut(change)

    def frame(self, frame: Frame) -> None:
        """For the connector."""
        if self._dispatcher.take(frame):
            return
        kind = frame["type"]
        if kind == "token_expiring":
            self._start(self._renew_token())
        # Where a room has failed, or has let go of us, our list is wrong.
        if kind == "error" and (
                frame.get("code") in ("internal", "not_in_room")
                or "room" in frame):
            self._rooms.check()
        if kind in ("reply", "error", "pong") and (
                self._requests.answer(frame)):
            return
        if kind == "error":
            self._tell(ErrorOccurred(ParlorError.of_frame(frame)))

    def lost(self) -> None:
        """For the connector."""
        self._rooms.lost()
        self._requests.dropped()

    def problem(self, error: ParlorError) -> None:
        """For the connector."""
        _log.warning("%s", error)
        self._tell(ErrorOccurred(error))

    # -- within

    async def _ask(self, frame: Frame, decode: Callable[[Frame], T], *,
                   room: Optional[str] = None, resend: bool = False) -> T:
        """What `decode` makes of the reply."""
        if self._closed is not None:
            raise self._closed.copy()
        if room is not None:
            self._membership(room)
        waiter: asyncio.Future[T] = (
            asyncio.get_running_loop().create_future())

        def settle(error: Optional[ParlorError], reply: Frame) -> None:
            if waiter.done():
                return
            if error is not None:
                waiter.set_exception(error)
            else:
                waiter.set_result(decode(reply))

        request = self._requests.ask(frame, settle, room=room, resend=resend)
        try:
            return await waiter
        except asyncio.CancelledError:
            if request is not None:
                self._requests.forget(request)
            raise

    def _admits(self, request: Request) -> bool:
        if self._connector.state != "online":
            return False
        if request.urgent or request.room is None:
            return True
        found = self._rooms.find(request.room)
        return found is not None and found.cursor.inside

    def _begin(self, connection: Connection) -> None:
        self._requests.begin(connection.limits)
        waiters, self._opening = self._opening, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(connection)
        self._rooms.enter_all()
        self._requests.pump()

    async def _renew_token(self) -> None:
        connection = self._connection
        try:
            token = await self._connector.token("expiring")
            # For the connection that asked, and for no other.
            if token is None or self._connection is not connection:
                return
            self._requests.ask({"type": "refresh", "token": token},
                               self._refreshed, urgent=True)
        except Exception as cause:
            self.problem(as_error(cause, "bad_token", "get_token failed"))

    def _refreshed(self, error: Optional[ParlorError], reply: Frame) -> None:
        if error is not None and error.code not in _OF_THE_CONNECTION:
            self.problem(error)

    def _shut(self, change: StateChanged) -> None:
        why = f"{change.code} {change.reason}".rstrip()
        error = ParlorError(
            "closed", f"the connection is closed: {why}",
            close_code=change.code, close_reason=change.reason)
        self._closed = error
        self._rooms.lost()
        self._requests.close(error)
        self._rooms.close(error, self._is_wanted)
        waiters, self._opening = self._opening, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_exception(error.copy())
        for queue in list(self._listeners):
            queue.end()

    def _tell(self, event: ClientEvent) -> None:
        for queue in list(self._listeners):
            queue.put(event)

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _nothing(reply: Frame) -> None:
    """Of a reply that says no more than that it was done."""


def _members_of(reply: Frame) -> Members:
    table = MemberTable()
    table.replace(reply)
    return table.snapshot()


async def _iterate(queue: NoticeQueue) -> AsyncIterator[ClientEvent]:
    while True:
        try:
            event = await queue.get()
        except QueueEnd:
            return
        yield cast(ClientEvent, event)


def connect(url: str, *, user: Optional[str] = None,
            get_token: Optional[GetToken] = None,
            ssl: Optional[ssl_module.SSLContext] = None,
            max_queued: int = 1000, max_buffered: int = 1000,
            max_size: int = 16 * 1024 * 1024, request_timeout: float = 15.0,
            connect_timeout: float = 10.0,
            open_timeout: Optional[float] = 30.0,
            close_timeout: float = 5.0, backoff_base: float = 0.5,
            backoff_cap: float = 20.0) -> Client:
    """A client, to be opened by `async with` or `Client.open`. The package's
    README says what each option is; times are seconds, sizes bytes. Raises
    ParlorError (`bad_request`) or ValueError for what can be of no use."""
    return Client(url, Options(
        user=user, get_token=get_token, ssl=ssl, max_queued=max_queued,
        max_buffered=max_buffered, max_size=max_size,
        request_timeout=request_timeout, connect_timeout=connect_timeout,
        open_timeout=open_timeout, close_timeout=close_timeout,
        backoff_base=backoff_base, backoff_cap=backoff_cap))
