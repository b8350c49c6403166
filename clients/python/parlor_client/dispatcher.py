# SPDX-License-Identifier: MIT
"""Turns the server's frames into events."""

from __future__ import annotations

import dataclasses
from typing import Callable, Optional

from .events import (
    ClientEvent, Message, PresenceChanged, PrivateMessage, Signal,
    SystemNotice, UserJoined, UserLeft)
from .frames import Frame, origin_of, number_of, text_of, time_of
from .members import MemberTable
from .membership import Membership
from .memberships import Memberships


def message_of(frame: Frame, room: str, replayed: bool = False) -> Message:
    """A `chat` frame as the application sees it."""
    return Message(
        room, text_of(frame, "sender"), frame.get("content"), time_of(frame),
        number_of(frame, "seq"), replayed, origin_of(frame))


class Dispatcher:
    """The cursors decide on numbered frames; applications take the events from
    their queues."""

    def __init__(self, rooms: Memberships,
                 tell: Callable[[ClientEvent], None]) -> None:
        """`tell` is for what belongs to no room."""
        self._rooms = rooms
        self._tell = tell

    def take(self, frame: Frame) -> bool:
        """False where the type is none of an event. Raises FrameError."""
        kind = frame["type"]
        if kind == "private":
            self._tell(PrivateMessage(
                text_of(frame, "sender"), text_of(frame, "to"),
                frame.get("content"), time_of(frame), origin_of(frame)))
            return True
        if kind == "system":
            self._tell(SystemNotice(frame.get("content"), time_of(frame)))
            return True
        handle = _IN_ROOM.get(kind)
        if handle is None:
            return False
        # None where it was left meanwhile.
        found = self._rooms.find(frame.get("room"))
        if found is not None:
            handle(self, frame, found)
            found.advance()
        return True

    def _chat(self, frame: Frame, found: Membership) -> None:
        # First: what cannot be read was not delivered.
        message = message_of(frame, found.room)
        replayed = self._numbered(frame, found)
        if replayed is not None:
            found.tell(dataclasses.replace(message, replayed=replayed))

    def _user_joined(self, frame: Frame, found: Membership) -> None:
        user = text_of(frame, "user_id")
        # As above.
        MemberTable().replace(frame)
        replayed = self._numbered(frame, found)
        if replayed is None or (replayed and self._rooms.is_self(user)):
            return
        if not replayed:
            # The join's reply has counted the replayed ones already.
            found.members.replace(frame)
        found.tell(UserJoined(
            found.room, user, number_of(frame, "seq"), replayed))
        if not replayed:
            found.tell_members()

    def _user_left(self, frame: Frame, found: Membership) -> None:
        user = text_of(frame, "user_id")
        replayed = self._numbered(frame, found)
        if replayed is None or (replayed and self._rooms.is_self(user)):
            # One's own return is in `Joined` alone.
            return
        if not replayed:
            found.members.remove(user)
        found.tell(UserLeft(
            found.room, user, number_of(frame, "seq"), replayed,
            str(frame.get("reason", "left"))))
        if not replayed:
            found.tell_members()
            found.list.refresh()

    def _skip(self, frame: Frame, found: Membership) -> None:
        self._numbered(frame, found)

    def _members_count(self, frame: Frame, found: Membership) -> None:
        if found.cursor.inside and found.members.replace(frame):
            found.tell_members()
            found.list.refresh()

    def _room_reset(self, frame: Frame, found: Membership) -> None:
        gap = found.cursor.reset(frame)
        if gap is not None:
            found.tell(gap)
            found.members.doubt()
            found.list.refresh()
        if frame.get("reason") == "restart":
            self._rooms.forgot_keys(found.room)

    def _signal(self, frame: Frame, found: Membership) -> None:
        if found.cursor.inside:
            found.tell(Signal(
                found.room, text_of(frame, "name"), frame.get("data"),
                text_of(frame, "user_id")))

    def _presence_state(self, frame: Frame, found: Membership) -> None:
        found.presence.replace(frame)
        self._tell_presence(found)

    def _presence_diff(self, frame: Frame, found: Membership) -> None:
        found.presence.apply(frame)
        self._tell_presence(found)

    def _tell_presence(self, found: Membership) -> None:
        if found.cursor.inside:
            found.tell(PresenceChanged(found.room, found.presence.snapshot()))

    def _numbered(self, frame: Frame, found: Membership) -> Optional[bool]:
        """Whether it is older than the join; None where it is not to be
        delivered."""
        taken = found.cursor.take(frame)
        if taken.gap is not None:
            found.tell(taken.gap)
        return taken.replayed if taken.deliver else None


_IN_ROOM: dict[str, Callable[[Dispatcher, Frame, Membership], None]] = {
    "chat": Dispatcher._chat,
    "user_joined": Dispatcher._user_joined,
    "user_left": Dispatcher._user_left,
    "skip": Dispatcher._skip,
    "members_count": Dispatcher._members_count,
    "room_reset": Dispatcher._room_reset,
    "signal": Dispatcher._signal,
    "presence_state": Dispatcher._presence_state,
    "presence_diff": Dispatcher._presence_diff,
}
