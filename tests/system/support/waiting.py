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


def _looks(look, wanted, deadline):
    """Goes on until `look()` equals `wanted`."""
    until = time.monotonic() + deadline
    while (seen := look()) != wanted:
        assert time.monotonic() < until, (
            f"after {deadline} s still {seen!r}, not {wanted!r}")
        yield


async def eventually(look, wanted, deadline=DEADLINE):
    """Looks until `look()` equals `wanted`, while this test's clients go on."""
    for _ in _looks(look, wanted, deadline):
        await asyncio.sleep(PAUSE_BETWEEN_LOOKS)


def wait_until(look, wanted, deadline=DEADLINE):
    """The same for a test that is no coroutine."""
    for _ in _looks(look, wanted, deadline):
        time.sleep(PAUSE_BETWEEN_LOOKS)
