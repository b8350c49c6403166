# SPDX-License-Identifier: MIT
"""Clients of the built service, which remember what they were told."""

import asyncio
import contextlib

from parlor_client import ErrorOccurred, connect

from .fixture import error_of, soon

# Reconnects soon, as befits a service that a test restarts.
SOON = {"backoff_base": 0.05, "backoff_cap": 0.5, "open_timeout": None}


class Record:
    """Takes all events of a source; `heard` waits for one, past or to come."""

    def __init__(self, source):
        self.events = []
        self.error = None
        self._changed = asyncio.Event()
        self._task = asyncio.ensure_future(self._take(source))

    async def _take(self, source):
        try:
            async for event in source:
                self.events.append(event)
                self._changed.set()
        except Exception as error:
            self.error = error
        self._changed.set()

    async def heard(self, type, fits=lambda event: True):
        """The first that fits. The test's own deadline is the only one."""
        checked = 0
        while True:
            for event in self.events[checked:]:
                if isinstance(event, type) and fits(event):
                    return event
            checked = len(self.events)
            assert not self._task.done(), (self.error, self.events)
            self._changed.clear()
            await self._changed.wait()

    async def until(self, predicate):
        """Until this is so, which events change."""
        while not predicate():
            assert not self._task.done(), (self.error, self.events)
            self._changed.clear()
            await self._changed.wait()

    async def end(self):
        """Waits for it; the error, if one ended it."""
        await self._task
        return self.error

    def of(self, type):
        return [x for x in self.events if isinstance(x, type)]


def url_of(server, scheme=None):
    return f"{scheme or ('https' if server.tls else 'http')}" \
        f"://127.0.0.1:{server.port}"


class Visitor:
    """A client, its events and those of the rooms that it has entered."""

    def __init__(self, server, user, **options):
        self.client = connect(url_of(server), user=user, **{
            **SOON, "ssl": server.tls, **options})
        self.record = Record(self.client.events())
        self.rooms, self.records = {}, {}

    async def enter(self, name, **options):
        room = self.rooms[name] = self.client.room(name, **options)
        joined = await room.join()
        self.records[name] = Record(room.events())
        return joined


@contextlib.asynccontextmanager
async def online(server, user, *rooms, **options):
    """A visitor that is in some rooms."""
    visitor = Visitor(server, user, **options)
    try:
        await visitor.client.open()
        for name in rooms:
            await visitor.enter(name)
        yield visitor
    finally:
        await visitor.client.close()


async def problem_with(url, **options):
    """What the application is told of a server."""
    client = connect(url, user="ann", **{**SOON, **options})
    events = client.events()
    opening = soon(client.open())
    async for event in events:
        if isinstance(event, ErrorOccurred):
            break
    assert not opening.done()
    await client.close()
    assert (await error_of(opening)).code == "closed"
    return event.error
