# SPDX-License-Identifier: MIT
"""Who shows what in a room."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping, Tuple

from .errors import FrameError
from .events import Shown
from .frames import Frame, object_of, text_of


class PresenceTable:
    """What each connection of each user shows in one room."""

    def __init__(self) -> None:
        self._users: Dict[str, Dict[str, Any]] = {}

    def replace(self, frame: Frame) -> None:
        """A `presence_state`: what was known is void."""
        state = object_of(frame, "state") if "state" in frame else {}
        self._users = {}
        self._add(state)

    def apply(self, frame: Frame) -> None:
        """A `presence_diff`."""
        joins = object_of(frame, "joins") if "joins" in frame else {}
        leaves = object_of(frame, "leaves") if "leaves" in frame else {}
        for user, connection, _ in _entries(leaves):
            connections = self._users.get(user, {})
            connections.pop(connection, None)
            if not connections:
                self._users.pop(user, None)
        self._add(joins)

    def snapshot(self) -> Mapping[str, Tuple[Shown, ...]]:
        return {user: tuple(Shown(connection, data)
                            for connection, data in connections.items())
                for user, connections in self._users.items()}

    def _add(self, users: Frame) -> None:
        for user, connection, data in _entries(users):
            self._users.setdefault(user, {})[connection] = data


def _entries(users: Frame) -> Iterator[Tuple[str, str, Any]]:
    for user, entries in users.items():
        if not isinstance(entries, list):
            raise FrameError("presence: no list of connections")
        for entry in entries:
            if not isinstance(entry, dict):
                raise FrameError("presence: no connection")
            yield user, text_of(entry, "connection"), entry.get("data")
