# SPDX-License-Identifier: MIT
"""One client of a room that waits until what it said is confirmed, which
wsload does not: it goes on once it hears itself."""

import json
import time
from types import SimpleNamespace

from .growth import RawClient
from .servers import Failure

CONTENT = "x" * 98
# An empty pong, masked; a node gives up on who is silent for 30 s.
PONG, EVERY = b"\x8a\x80\0\0\0\0", 5
REPLY, CHAT, ERROR = (b'"type":"%b"' % kind
                      for kind in (b"reply", b"chat", b"error"))


class Talker:
    """In a room, on the node at a port. What it hears is counted and not
    read, so that it takes little time itself."""

    def __init__(self, port, user, room):
        self._client = RawClient(
            SimpleNamespace(port=port, ws_dialect="typed", tls=None),
            f"/ws/{user}")
        self._client.until("connected")
        self._client.send_json(type="join", room=room, id="join")
        joined = self._client.until("reply")
        if not joined["ok"]:
            raise Failure(f"{user} is not let in: {joined}")
        self._message = json.dumps(
            {"type": "chat", "room": room, "content": CONTENT, "id": 1})
        self._kept = b""
        self._signs = time.monotonic() + EVERY

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._client.socket.close()

    def say(self, count, in_flight):
        """So many messages, so many of them at once; returns when all are
        confirmed."""
        burst = text_frame(self._message) * in_flight
        for _ in range(count // in_flight):
            self._client.send(burst)
            self._await(REPLY, in_flight)

    def hear(self, count):
        """Returns when so many messages of others, or its own, have come."""
        self._await(CHAT, count)

    def _await(self, mark, count):
        while count > 0:
            data = self._client.socket.recv(1 << 16)
            if not data:
                raise Failure("a node has closed the connection")
            if time.monotonic() > self._signs:
                self._client.send(PONG)
                self._signs = time.monotonic() + EVERY
            data = self._kept + data
            if ERROR in data:
                raise Failure(f"a node refuses: {data[:300]!r}")
            count -= data.count(mark)
            # A mark may be cut in two.
            self._kept = data[-len(mark) + 1:]


def text_frame(text):
    """A masked frame, whose mask changes nothing."""
    size = len(text)
    if not 125 < size < 65536:
        raise Failure("a message has 126 bytes and more")
    return b"\x81\xfe" + size.to_bytes(2, "big") + bytes(4) + text.encode()
