# SPDX-License-Identifier: MIT
"""Where a client stands in the order of a room."""

from __future__ import annotations

import math
from typing import Any, Dict, NamedTuple, Optional

from .events import Gap, Position
from .frames import Frame, number_of, text_of
from .members import MemberTable

# Seconds for which a room keeps what was published by default, less a margin.
_KEPT = 280.0

# Numbered frames that carry no message.
_ATTENDANCE = frozenset({"user_joined", "user_left"})


class Taken(NamedTuple):
    """What to do with a numbered frame: whether it is for the application, which
    never gets one twice or out of order; whether it is older than the join; what
    is missing before it."""

    deliver: bool
    replayed: bool
    gap: Optional[Gap] = None


class Cursor:
    """One room across connections: where it stands in the room's order, and so
    what to deliver, from where to recover after a reconnect, and what is missing.
    Decides; sends nothing. Times are seconds."""

    def __init__(self, room: str, *, since: Optional[Position] = None,
                 rewind: Optional[int] = None) -> None:
        self.room = room
        #: One is in the room: a join was answered on this connection.
        self.inside = False
        self._rewind = rewind
        # Everything up to it was delivered; None before a join.
        self._anchor = since
        # The last number that was delivered, or that a join's reply stands for.
        self._seq = since.seq if since else 0
        # Of the last join's reply; what is not above it is replay.
        self._joined_at: Optional[Position] = None
        # How many frames of the replay are still to come.
        self._awaited = 0
        # Whether the replay has every number, or is but a rewind.
        self._whole = False
        # Whether something was published since the epoch is known.
        self._spoken = False
        # Until when nothing can have been published in one's absence.
        self._silent_until = -math.inf

    @property
    def epoch(self) -> Optional[str]:
        return self._joined_at.epoch if self._joined_at else None

    @property
    def last(self) -> Position:
        """The last that was delivered. To be asked for behind a join alone."""
        assert self._joined_at is not None
        return Position(self._joined_at.epoch, self._seq)

    @property
    def position(self) -> Optional[Position]:
        """Where another session may go on from; None before the first join."""
        return self._anchor

    def join_frame(self, presence: bool) -> Frame:
        frame: Dict[str, Any] = {"type": "join", "room": self.room}
        if self._anchor is not None:
            frame["since"] = {
                "epoch": self._anchor.epoch, "seq": self._anchor.seq}
        elif self._rewind:
            frame["rewind"] = self._rewind
        if presence:
            frame["presence"] = True
        return frame

    def joined(self, reply: Frame, now: float) -> Optional[Gap]:
        """A join's reply. Returns the gap, if something may be missing."""
        end = Position(text_of(reply, "epoch"), number_of(reply, "seq"))
        awaited = number_of(reply, "replayed", 0)
        before = self._anchor
        delivered = self._seq
        self.inside = True
        self._joined_at = end
        self._awaited = awaited
        self._whole = reply.get("recovered") is True
        if self._whole:
            self._settle()
            return None
        missed = before is not None and not self._is_same(
            before, delivered, end, now)
        self._spoken = False
        self._anchor = None if awaited > 0 else end
        self._seq = 0 if awaited > 0 else end.seq
        if not missed:
            return None
        assert before is not None
        return Gap(self.room, "not_recovered",
                   Position(before.epoch, delivered), end)

    def take(self, frame: Frame) -> Taken:
        """A numbered frame."""
        seq = number_of(frame, "seq")
        if not self.inside:
            return Taken(False, False)
        assert self._joined_at is not None
        if frame["type"] not in _ATTENDANCE:
            self._spoken = True
        replayed = seq <= self._joined_at.seq
        if not replayed:
            self._awaited = 0
            self._settle()
        deliver = seq > self._seq
        gap = self._hole(seq, replayed) if deliver else None
        if deliver:
            self._seq = seq
            if not replayed or not self._whole:
                self._anchor = Position(self._joined_at.epoch, seq)
        if replayed:
            self._awaited -= 1
            self._settle()
        return Taken(deliver, replayed, gap)

    def reset(self, frame: Frame) -> Optional[Gap]:
        """A `room_reset`: the room goes on under another epoch."""
        end = Position(text_of(frame, "epoch"), number_of(frame, "seq"))
        if not self.inside:
            return None
        start = self.last
        self._joined_at = end
        self._anchor = end
        self._seq = end.seq
        self._awaited = 0
        if end.seq == start.seq:
            return None
        return Gap(self.room, "room_reset", start, end)

    def outside(self) -> None:
        """The room let go of this connection."""
        self.inside = False
        self._awaited = 0
        self._silent_until = -math.inf

    def cut_off(self, members: MemberTable, user: Optional[str],
                now: float) -> None:
        """The connection ended. The room of one who was alone ends with it,
        unless something was published there: then it is kept for a while, with
        its epoch. So where a new room is found soon, in which nothing has
        happened yet, nothing was missed."""
        was_silent = (self.inside and not self._spoken
                      and members.is_only(user))
        before = -math.inf if self.inside else self._silent_until
        self.outside()
        self._silent_until = now + _KEPT if was_silent else before

    def _is_same(self, before: Position, delivered: int, end: Position,
                 now: float) -> bool:
        """Whether nothing lies between the last place and this one."""
        if before.epoch == end.epoch:
            return end.seq in (before.seq, delivered)
        return end.seq == 1 and now < self._silent_until

    def _settle(self) -> None:
        """Where a replay is through, everything up to the join is known. Before
        that a recovery would have to begin where this one did: a replay may
        cross epochs, and its frames do not say which is theirs."""
        assert self._joined_at is not None
        seq = self._joined_at.seq
        is_whole = not self._whole or self._seq >= seq - 1
        if self._awaited > 0 or not is_whole or self._seq > seq:
            return
        self._anchor = self._joined_at
        self._seq = seq

    def _hole(self, seq: int, replayed: bool) -> Optional[Gap]:
        """The gap between the last number and this one, if there is one."""
        is_rewind = replayed and not self._whole
        if is_rewind or seq == self._seq + 1:
            return None
        epoch = self.last.epoch
        return Gap(self.room, "hole", Position(epoch, self._seq),
                   Position(epoch, seq - 1))
