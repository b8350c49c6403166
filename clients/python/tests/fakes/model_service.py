# SPDX-License-Identifier: MIT
"""A service of one room as docs/protocol.md has it."""

import json
import math

from parlor_client.transport import SocketEnd

from .service import TIME

# How many entries a room remembers.
_LOG = 12


class _Socket:
    """One connection; the test moves its frames."""

    def __init__(self, service, listener):
        self.service, self.listener = service, listener
        self.to_service, self.to_client = [], []
        self.inside = False

    def send(self, text):
        if self.service.socket is self:
            self.to_service.append(json.loads(text))

    def close(self, code):
        self.service.forget(self)

    def abort(self):
        self.service.forget(self)

    async def wait_closed(self):
        pass


class ModelService:
    """Numbers, epochs, a short log, recovery, keys. Both directions of its one
    connection are queues that the test moves frame by frame, and cuts off where
    it likes."""

    def __init__(self):
        #: Everything that was ever said, in its order.
        self.ever = []
        self.socket = None
        self._epochs = 0
        # How many frames are refused as too fast, and the first of them.
        self._refusals = 0
        self._refusal = None
        self.restart()

    def open(self, url, headers, listener):
        self.cut()
        socket = self.socket = _Socket(self, listener)
        listener.opened()
        socket.to_client.append({
            "type": "connected", "user_id": "ann", "ping_ms": 0,
            "limits": {}})
        return socket

    # -- what the test does

    def move_up(self):
        """One frame comes to the service."""
        if self.socket and self.socket.to_service:
            self._handle(self.socket.to_service.pop(0))

    def move_down(self):
        """One frame comes to the client."""
        if not self.socket or not self.socket.to_client:
            return
        frame = self.socket.to_client.pop(0)
        # Whatever was sent before one hears of it is refused as well.
        if frame is self._refusal:
            self._refusals = len(self.socket.to_service)
            self._refusal = None
        self.socket.listener.heard()
        self.socket.listener.received(json.dumps(frame))

    def cut(self):
        """The connection breaks; what was on its way is lost."""
        socket = self.socket
        if socket:
            self.forget(socket)
            socket.listener.ended(SocketEnd(1006))

    def say(self, content):
        """Someone else says something."""
        self._number({"type": "chat", "room": "tea", "content": content,
                      "sender": "bob", "timestamp": TIME})

    def restart(self):
        """The room loses everything."""
        self.cut()
        self._epochs += 1
        self._epoch, self._seq = f"e{self._epochs}", 0
        self._log, self._keys = [], {}

    def fail_over(self):
        """The room goes on elsewhere, with what it knows."""
        self._epochs += 1
        self._epoch = f"e{self._epochs}"
        if self.socket and self.socket.inside:
            self.socket.to_client.append({
                "type": "room_reset", "room": "tea", "epoch": self._epoch,
                "seq": self._seq, "reason": "failover"})

    def tighten(self):
        """The client has been too fast."""
        if self.socket and not self._refusal:
            self._refusals = math.inf

    @property
    def idle(self):
        return not self.socket or not (
            self.socket.to_service or self.socket.to_client)

    # -- within

    def forget(self, socket):
        if self.socket is not socket:
            return
        self.socket = None
        self._refusals, self._refusal = 0, None
        if socket.inside:
            self._number({"type": "user_left", "room": "tea",
                          "user_id": "ann", "reason": "closed"})

    def _number(self, frame):
        self._seq += 1
        numbered = {**frame, "seq": self._seq}
        self._log.append((self._epoch, numbered))
        del self._log[:-_LOG]
        if frame["type"] == "chat":
            self.ever.append(frame["content"])
        if self.socket and self.socket.inside:
            self.socket.to_client.append(numbered)

    def _handle(self, frame):
        answers = self.socket.to_client
        if self._refusals > 0:
            refusal = {"type": "error", "id": frame["id"],
                       "code": "rate_limited", "message": "too fast",
                       "retryable": True, "retry_after_ms": 20}
            if self._refusals == math.inf and self._refusal is None:
                self._refusal = refusal
            self._refusals -= 1
            answers.append(refusal)
        elif frame["type"] == "join":
            self._join(frame)
        elif frame["type"] == "chat":
            self._publish(frame)
        else:
            answers.append({"type": "reply", "id": frame["id"], "ok": True})

    def _join(self, frame):
        since = frame.get("since")
        place = self._place(since) if since else None
        replay = [] if place is None else [x for _, x in self._log[place:]]
        self._number({"type": "user_joined", "room": "tea",
                      "user_id": "ann"})
        self.socket.inside = True
        self.socket.to_client += [{
            "type": "reply", "id": frame["id"], "ok": True, "room": "tea",
            "epoch": self._epoch, "seq": self._seq,
            "members": ["ann", "bob"], "recovered": place is not None,
            "replayed": len(replay)}, *replay]

    def _place(self, since):
        """The first entry behind this one in the log; None where it is not
        there."""
        place = (since["epoch"], since["seq"])
        for i, (epoch, frame) in enumerate(self._log):
            if (epoch, frame["seq"]) == place:
                return i + 1
        if not self._log:
            return 0 if place == (self._epoch, self._seq) else None
        epoch, frame = self._log[0]
        return 0 if place == (epoch, frame["seq"] - 1) else None

    def _publish(self, frame):
        key = frame["key"]
        if key not in self._keys:
            self._number({"type": "chat", "room": "tea", "sender": "ann",
                          "content": frame["content"], "timestamp": TIME})
            self._keys[key] = {"seq": self._seq, "epoch": self._epoch}
        self.socket.to_client.append({
            "type": "reply", "id": frame["id"], "ok": True,
            **self._keys[key]})
