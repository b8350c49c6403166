# SPDX-License-Identifier: MIT
"""For what nobody tells of."""

import time

from .environment import DEADLINE


def until(what):
    """Until this is true, before the deadline."""
    end = time.monotonic() + DEADLINE
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)
