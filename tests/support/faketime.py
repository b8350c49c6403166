# SPDX-License-Identifier: MIT
"""Debian's libfaketime, for processes that are to have another clock."""

import pathlib

# None where it is not installed: tests/packages.txt.
LIBRARY = next(pathlib.Path("/usr/lib").glob(
    "*/faketime/libfaketimeMT.so.1"), None)

# Of time that passes, a process is to know the truth.
TRUE_MONOTONIC = {"FAKETIME_DONT_FAKE_MONOTONIC": "1",
                  "DONT_FAKE_MONOTONIC": "1"}


def ahead(hours):
    """The environment of a process whose clock is so far off."""
    return {"LD_PRELOAD": str(LIBRARY), "FAKETIME": f"{hours:+}h",
            **TRUE_MONOTONIC}
