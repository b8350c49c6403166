# SPDX-License-Identifier: MIT
"""Waiting for what can only be asked for, not listened to."""

import asyncio
import itertools
import time

from .environment import DEADLINE

PAUSE_BETWEEN_LOOKS = 0.02

_counter = itertools.count(1)


def unique(word):
    """A name that no other test of this run uses."""
    return f"{word}-{next(_counter)}"


async def eventually(look, wanted, deadline=DEADLINE):
    """Looks until `look()` equals `wanted`; answers the seconds it took."""
    started = time.monotonic()
    while (seen := look()) != wanted:
        if time.monotonic() - started > deadline:
            raise AssertionError(
                f"after {deadline} s still {seen!r}, not {wanted!r}")
        await asyncio.sleep(PAUSE_BETWEEN_LOOKS)
    return time.monotonic() - started
