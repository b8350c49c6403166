# SPDX-License-Identifier: MIT
"""The other end of a client's WebSocket, moved by the test."""

import json

from parlor_client.transport import SocketEnd

TIME = "2026-11-21T01:02:03.004Z"


class FakeSocket:
    """One WebSocket: `sent` is what the client sent and the test did not take."""

    def __init__(self, url, headers, listener):
        self.url, self.headers = url, dict(headers)
        self._listener = listener
        self.is_open = False
        self.sent = []
        self.closed_by_client = None
        self.aborted = False
        self.on_sent = None

    # -- what the client does

    def send(self, text):
        if not self.is_open:
            return
        frame = json.loads(text)
        if self.on_sent:
            self.on_sent(frame)
        else:
            self.sent.append(frame)

    def close(self, code):
        self.closed_by_client = code
        self.is_open = False

    def abort(self):
        self.aborted = True
        self.is_open = False

    async def wait_closed(self):
        pass

    # -- what the service does

    def greet(self, **more):
        """Lets the client in."""
        self.open()
        self.say({
            "type": "connected", "user_id": "ann", "rooms": [],
            "connection": "c1", "node": "local", "ping_ms": 15000,
            "limits": {"message_bytes": 65536, "rooms_per_connection": 128,
                       "messages_per_second": 50}, **more})

    def open(self):
        self.is_open = True
        self._listener.opened()

    def say(self, *frames):
        for frame in frames:
            self.raw(json.dumps(frame))

    def raw(self, text):
        self._listener.heard()
        self._listener.received(text)

    def ping(self):
        """A ping of the WebSocket's."""
        self._listener.heard()

    def end(self, code=1006, reason="", status=None):
        self.is_open = False
        self._listener.ended(SocketEnd(code, reason, status))

    def take(self, type):
        """The oldest request of this type that was not taken yet."""
        for frame in self.sent:
            if frame["type"] == type:
                self.sent.remove(frame)
                return frame
        raise AssertionError(f"no {type} in {self.sent}")

    def reply(self, request, **more):
        self.say({"type": "reply", "id": request["id"], "ok": True, **more})

    def refuse(self, request, code, **more):
        self.say({"type": "error", "id": request["id"], "code": code,
                  "message": code, "retryable": False, **more})

    def admit(self, **more):
        """Answers the oldest join."""
        join = self.take("join")
        self.reply(join, **{
            "room": join["room"], "epoch": "e1", "seq": 1,
            "members": ["ann"], "recovered": False, "replayed": 0, **more})
        return join


class FakeTransport:
    """All sockets that a client has opened."""

    def __init__(self):
        self.sockets = []

    def open(self, url, headers, listener):
        self.sockets.append(FakeSocket(url, headers, listener))
        return self.sockets[-1]

    @property
    def socket(self):
        return self.sockets[-1]


def chat(seq, content=None, room="tea", **more):
    """A frame of a message."""
    return {"type": "chat", "room": room,
            "content": f"m{seq}" if content is None else content,
            "sender": "bob", "timestamp": TIME, "seq": seq, **more}
