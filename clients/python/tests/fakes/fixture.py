# SPDX-License-Identifier: MIT
"""A client before a service that the test plays, on a clock that stands."""

import asyncio

from parlor_client.client import Client
from parlor_client.options import Options

from .clock import FakeClock, settled
from .service import FakeTransport


class Heard:
    """Takes all events of a source as they come."""

    def __init__(self, source):
        self._events = []
        self.error = None
        self.ended = False
        self._task = asyncio.ensure_future(self._take(source))

    async def _take(self, source):
        try:
            async for event in source:
                self._events.append(event)
        except Exception as error:
            self.error = error
        self.ended = True

    async def take(self, *types):
        """Those of these types since the last time, and forgets all."""
        await settled()
        events, self._events = self._events, []
        return [x for x in events if not types or isinstance(x, types)]


class Play:
    """The client, its service and its clock."""

    def __init__(self, url="http://parlor.test", **options):
        self.clock = FakeClock()
        self.transport = FakeTransport()
        self.client = Client(url, Options(**{
            "user": "ann", "clock": self.clock, "transport": self.transport,
            "random": lambda: 0.5, "open_timeout": None, **options}))
        self.heard = Heard(self.client.events())
        self.rooms = {}

    @property
    def socket(self):
        return self.transport.socket

    async def begin(self):
        """Lets the client connect; what comes of it."""
        opening = asyncio.ensure_future(self.client.open())
        await settled()
        return opening

    async def enter(self, name, **options):
        """A room that was joined, whose events are heard by themselves."""
        room = self.client.room(name, **options)
        self.rooms[name] = Heard(room.events())
        await settled()
        if any(x["type"] == "join" for x in self.socket.sent):
            self.socket.admit()
            await settled()
        await self.rooms[name].take()
        return room

    async def join(self, name, reply=None, **options):
        """A room that was joined, whose events nobody takes yet."""
        room = self.client.room(name, **options)
        joining = asyncio.ensure_future(room.join())
        await settled()
        self.socket.admit(**(reply or {}))
        await joining
        return room

    async def come_back(self):
        """Ends the connection and opens the next one."""
        self.socket.end(1006)
        await self.clock.advance(0.25)
        self.socket.greet()
        await settled()


async def online(*rooms, **options):
    """A client that is online and in some rooms."""
    play = Play(**options)
    opening = await play.begin()
    play.socket.greet()
    await opening
    for name in rooms:
        await play.enter(name)
    await play.heard.take()
    return play


async def error_of(awaitable):
    """The error that it raises."""
    try:
        result = await awaitable
    except Exception as error:
        return error
    raise AssertionError(f"no error, but {result!r}")


def soon(awaitable):
    """As a task, which begins at the next turn."""
    return asyncio.ensure_future(awaitable)
