# SPDX-License-Identifier: MIT
"""A service that takes what a socket sends as its rate allows."""

import math


class LimitedService:
    """A token bucket. Until `open`, the uplink stalls. Of a client in one room,
    whose join it has counted."""

    def __init__(self, play, *, burst, per_second):
        self.said = []
        self.refusals = 0
        self._play = play
        self._burst, self._per_second = burst, per_second
        self._tokens = burst - 1
        self._at = play.clock.now()
        self._stalled = list(play.socket.sent)
        play.socket.on_sent = self._stalled.append

    def open(self):
        """The uplink moves again. What it holds arrives at once."""
        self._play.socket.on_sent = lambda frame: self._arrive([frame])
        self._arrive(self._stalled)

    def _arrive(self, frames):
        """Answers come a moment later, in one go."""
        answers = [self._answer(frame) for frame in frames]
        self._play.clock.call_later(
            0.001, lambda: self._play.socket.say(*answers))

    def _answer(self, frame):
        now = self._play.clock.now()
        earned = (now - self._at) * self._per_second
        self._tokens = min(self._burst, self._tokens + earned)
        self._at = now
        if self._tokens < 1 - 1e-6:
            self.refusals += 1
            after = math.ceil(
                (1 - self._tokens) * 1000 / self._per_second)
            return {"type": "error", "id": frame["id"], "message": "too fast",
                    "code": "rate_limited", "retryable": True,
                    "retry_after_ms": after}
        self._tokens -= 1
        self.said.append(frame["content"])
        return {"type": "reply", "id": frame["id"], "ok": True,
                "seq": len(self.said), "epoch": "e1"}
