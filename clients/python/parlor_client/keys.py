# SPDX-License-Identifier: MIT
"""Idempotency keys of publishes."""

from __future__ import annotations

import itertools
import secrets

# Seconds for which a room remembers a key, less a margin.
KEY_LIFETIME = 280.0


class KeyMaker:
    """Keys that no other client of the same user makes."""

    def __init__(self) -> None:
        self._prefix = secrets.token_hex(12)
        self._count = itertools.count(1)

    def next(self) -> str:
        return f"{self._prefix}-{next(self._count)}"
