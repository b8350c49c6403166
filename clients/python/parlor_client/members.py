# SPDX-License-Identifier: MIT
"""Who is in a room."""

from __future__ import annotations

import math
from typing import List, Optional

from .events import Members
from .frames import Frame, names_of, number_of


class MemberTable:
    """The users in one room; only how many, where the server lists none."""

    def __init__(self) -> None:
        self._names: Optional[List[str]] = None
        self._count = 0
        # So many were too many for a list.
        self._too_many = math.inf
        # Whether joins and leaves may be missing, or void.
        self._doubtful = False

    def doubt(self) -> None:
        """What was told may not be so any more, until somebody tells all."""
        self._doubtful = True

    def replace(self, frame: Frame) -> bool:
        """A frame with `members`, `member_count` or `count`; False without."""
        if "members" in frame:
            self._names = list(names_of(frame, "members"))
            self._count = len(self._names)
            self._too_many = math.inf
            self._doubtful = False
            return True
        for member in ("member_count", "count"):
            if member in frame:
                self._count = number_of(frame, member)
                self._names = None
                self._doubtful = False
                if member == "member_count":
                    self._too_many = min(self._too_many, self._count)
                return True
        return False

    @property
    def worth_asking(self) -> bool:
        """Whether the server knows better: they may be few enough to be
        listed."""
        return self._doubtful or (
            self._names is None and self._count < self._too_many)

    def is_only(self, user: Optional[str]) -> bool:
        return self._names == [user]

    def remove(self, user: str) -> None:
        if self._names is None:
            self._count = max(0, self._count - 1)
            return
        self._names = [name for name in self._names if name != user]
        self._count = len(self._names)

    def snapshot(self) -> Members:
        names = None if self._names is None else tuple(self._names)
        return Members(names, self._count)
