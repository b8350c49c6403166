# SPDX-License-Identifier: MIT
"""One frame that asks for an answer, across connections."""

from __future__ import annotations

from typing import Callable, Optional

from .clock import Timer
from .errors import FrameError, ParlorError
from .frames import Frame

# Called once: with the error, or with the frame that answers.
Settle = Callable[[Optional[ParlorError], Frame], None]

# What has an effect on others, which asking again might have twice.
_EFFECTS = frozenset({"chat", "private"})


class Request:
    """It is settled once: with the answer, or with the error that ended it."""

    def __init__(self, *, id: int, type: str, text: str, room: Optional[str],
                 resend: bool, urgent: bool, volatile: bool,
                 settle: Settle) -> None:
        self.id = id
        self.type = type
        self.text = text
        self.size = len(text.encode())
        self.room = room
        self.resend = resend
        self.urgent = urgent
        self.volatile = volatile
        self._settle = settle
        #: When it was sent on this connection; None while it waits.
        self.sent_at: Optional[float] = None
        #: Which of all sendings its last one was.
        self.sending = 0
        self.timer: Optional[Timer] = None
        # When it was first sent on a connection that ended before the answer.
        self._lost_since: Optional[float] = None

    @property
    def in_flight(self) -> bool:
        return self.sent_at is not None

    @property
    def sent_since(self) -> Optional[float]:
        """Since when the service may have served it; None if it never got it."""
        return self.sent_at if self._lost_since is None else self._lost_since

    def stop_timer(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def refused(self) -> None:
        """The service has dropped it. What became of an earlier sending stays
        open."""
        self.sent_at = None

    def lost(self) -> None:
        """The connection ended before the answer."""
        if self._lost_since is None:
            self._lost_since = self.sent_at
        self.sent_at = None

    def answer(self, reply: Frame) -> None:
        """Raises FrameError where the reply is none."""
        try:
            self._settle(None, reply)
        except FrameError as problem:
            self.fail(ParlorError("bad_frame", str(problem)))
            raise

    def fail(self, error: ParlorError) -> None:
        self._settle(error, {})

    def give_up(self, cause: ParlorError) -> None:
        """Waits no longer. Where it may have been served, the outcome is
        unknown."""
        if self.sent_since is None or self.type not in _EFFECTS:
            self.fail(cause)
            return
        error = ParlorError(
            "unknown_outcome",
            f"perhaps this was published ({cause.message})")
        error.__cause__ = cause
        self.fail(error)
