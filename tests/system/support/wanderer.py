# SPDX-License-Identifier: MIT
"""A client that listens all the time and checks all that it hears."""

import asyncio
import json

import websockets

from .client import Client
from .environment import DEADLINE
from .rooms_record import RoomView


class Wanderer(Client):
    """Requests answer None where the connection ended before the reply.

    `connected` stays None where newer ones replaced it before its greeting.
    """

    def __init__(self, server, target, record):
        super().__init__(server, target, greeted=False)
        self._record = record
        self._asked = {}
        self._marks = set()
        self._heard = asyncio.Event()
        self._listener = None
        self.views = {}

    async def __aenter__(self):
        await super().__aenter__()
        first = await self.receive()
        if first["type"] == "connected":
            self.connected = first
        else:
            assert first["code"] == 4000, first
        self._listener = asyncio.create_task(self._listen())
        return self

    async def ask(self, type, *, wait=True, **fields):
        """Sends with an id; where told so, waits for the answer."""
        id, answer = next(self._ids), asyncio.Future()
        self._asked[id] = (type, fields.get("room"), answer)
        try:
            await self.send(type, id=id, **fields)
        except websockets.ConnectionClosed:
            return None
        if not wait or self._listener.done():
            return None
        return await asyncio.wait_for(answer, 3 * DEADLINE)

    async def heard(self, content):
        """Waits for a chat with this content."""
        while content not in self._marks:
            assert not self._listener.done(), f"{self.name} was closed"
            self._heard.clear()
            await asyncio.wait_for(self._heard.wait(), 3 * DEADLINE)

    async def finish(self):
        """Waits for the end; raises what went wrong while listening."""
        await asyncio.wait_for(self._listener, 3 * DEADLINE)

    async def _listen(self):
        try:
            while True:
                self._take(json.loads(await self.ws.recv()))
        except websockets.ConnectionClosed:
            pass
        finally:
            for _, _, answer in self._asked.values():
                if not answer.done():
                    answer.set_result(None)
            self._heard.set()

    def _take(self, frame):
        if "id" in frame:
            type, room, answer = self._asked.pop(frame["id"])
            if frame["type"] == "reply":
                self._done(type, room, frame)
            if not answer.done():
                answer.set_result(frame)
        elif "seq" in frame:
            room = frame["room"]
            assert room in self.views, f"{self.name} not in {room}: {frame}"
            self.views[room].see(frame)
            self._marks.add(str(frame.get("content")))
            self._heard.set()
        else:
            assert frame["type"] in ("private", "closing", "system"), frame

    def _done(self, type, room, reply):
        if type == "join" and room in self.views:
            self.views[room].joined_again(reply)
        elif type == "join":
            self.views[room] = RoomView(self._record, self.user, reply)
        elif type == "leave":
            del self.views[room]
