# SPDX-License-Identifier: MIT
"""WebSocket clients whose every wait has a deadline."""

import asyncio
import collections
import contextlib
import functools
import itertools
import json
import socket
import struct

import websockets

from .conversation import Conversation, Listening, dialect_of
from .environment import DEADLINE


class Client:
    """A client of the JSON dialects: `async with Client(server, "/ws/ann")`.

    `expect` takes the very next frame, `until` drops frames up to the wanted
    one, `request` picks out its answer and leaves the others in their order.
    """

    def __init__(self, server, target, *, greeted=True, **options):
        scheme = "wss" if server.tls else "ws"
        self._url = f"{scheme}://127.0.0.1:{server.port}{target}"
        self._greeted = greeted
        self._options = {"ssl": server.tls, **options}
        self._conversation = Conversation(dialect_of(
            target, options.get("subprotocols", ()), server.ws_dialect))
        self._pending = collections.deque()
        self._ids = itertools.count(1)
        self.name = target
        self.connected = None
        self.ws = None

    async def __aenter__(self):
        options = {"compression": None, "ping_interval": None,
                   "max_size": None, "max_queue": None,
                   "open_timeout": DEADLINE, "close_timeout": DEADLINE,
                   "create_protocol": functools.partial(
                       Listening, self._conversation)}
        self.ws = await websockets.connect(
            self._url, **{**options, **self._options})
        if self._greeted:
            self.connected = await self.expect("connected")
        return self

    async def __aexit__(self, *_):
        await self.close()

    @property
    def user(self):
        return self.connected["user_id"]

    @property
    def id(self):
        """The connection's id."""
        return self.connected["connection"]

    # -- sending

    async def send(self, type, **fields):
        await self.send_json({"type": type, **fields})

    async def send_json(self, value):
        await self.send_raw(json.dumps(value, ensure_ascii=False))

    async def send_raw(self, data):
        await asyncio.wait_for(self.ws.send(data), DEADLINE)

    # -- receiving

    async def receive(self):
        """The next frame."""
        return self._pending.popleft() if self._pending else await self._read()

    async def _read(self):
        try:
            text = await asyncio.wait_for(self.ws.recv(), DEADLINE)
        except asyncio.TimeoutError:
            raise AssertionError(f"{self.name}: nothing came") from None
        except websockets.ConnectionClosed:
            raise AssertionError(
                f"{self.name}: closed with {self.ws.close_code} "
                f"{self.ws.close_reason!r}") from None
        return self.decode(text)

    @staticmethod
    def decode(text):
        return json.loads(text)

    async def expect(self, type, **fields):
        """The next frame, which must be this one."""
        frame = await self.receive()
        assert fits(frame, type, fields), (
            f"{self.name}: wanted {type} {fields}, got {frame}")
        return frame

    async def until(self, type, **fields):
        """The first frame that fits; those before it are dropped."""
        while not fits(frame := await self.receive(), type, fields):
            pass
        return frame

    async def request(self, type, **fields):
        """Sends with an id; answers the reply or the error that carries it."""
        id = fields.setdefault("id", f"request-{next(self._ids)}")
        await self.send(type, **fields)
        return await self.answer(id)

    async def answer(self, id):
        """The reply or error with this id; other frames keep their order."""
        others = []
        while True:
            frame = await self.receive()
            if frame.get("id") == id:
                self._pending.extendleft(reversed(others))
                return frame
            others.append(frame)

    async def ok(self, type, **fields):
        """A request that must succeed."""
        reply = await self.request(type, **fields)
        assert reply["type"] == "reply" and reply["ok"] is True, reply
        return reply

    async def error(self, type, **fields):
        """A request that must fail."""
        reply = await self.request(type, **fields)
        assert reply["type"] == "error", reply
        return reply

    async def join(self, room, **fields):
        return await self.ok("join", room=room, **fields)

    async def say(self, room, content, **fields):
        return await self.ok("chat", room=room, content=content, **fields)

    # -- ending

    async def close(self, code=1000, reason=""):
        await self.ws.close(code, reason)

    async def expect_close(self, *codes, reason=None):
        """Reads to the end, a close with such a code; answers what came."""
        frames = list(self._pending)
        self._pending.clear()
        try:
            while True:
                text = await asyncio.wait_for(self.ws.recv(), DEADLINE)
                frames.append(self.decode(text))
        except asyncio.TimeoutError:
            raise AssertionError(f"{self.name}: not closed") from None
        except websockets.ConnectionClosed:
            pass
        assert self.ws.close_code in codes, (
            self.ws.close_code, self.ws.close_reason, frames)
        assert reason is None or self.ws.close_reason == reason, (
            self.ws.close_reason)
        return frames

    def vanish(self):
        """The end of a program: the socket closes without a close frame."""
        self.ws.transport.abort()

    def reset(self):
        """RST instead of FIN; nothing where the connection ended already."""
        peer = self.ws.transport.get_extra_info("socket")
        with contextlib.suppress(OSError, AttributeError):
            peer.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.ws.transport.abort()


class TextClient(Client):
    """A client of the dialect `text`: lines instead of JSON objects."""

    def __init__(self, server, target, **options):
        super().__init__(server, target, greeted=False, **options)

    @staticmethod
    def decode(text):
        return text

    async def expect(self, line):
        """The next line, which must be this one."""
        got = await self.receive()
        assert got == line, f"{self.name}: wanted {line!r}, got {got!r}"

    async def until(self, line):
        """Drops lines up to this one."""
        while await self.receive() != line:
            pass

    async def enter(self):
        """Says hello in the lobby and waits until it was said to all there."""
        await self.send_raw("hello")
        await self.until(f"{self.user}: hello")

    @property
    def user(self):
        return self.name.split("/")[2].split("?")[0]


def fits(frame, type, fields):
    """Has the type and these fields, whatever else."""
    return frame.get("type") == type and all(
        key in frame and frame[key] == value
        for key, value in fields.items())
