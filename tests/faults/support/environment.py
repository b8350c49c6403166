# SPDX-License-Identifier: MIT
"""Where the service is, and how patient a test has to be."""

import os
import pathlib

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]

PARLOR = pathlib.Path(os.environ.get(
    "PARLOR_BIN", REPOSITORY / "build/release/parlor")).absolute()

# Sanitizers and loaded machines: PARLOR_TEST_SLOWDOWN=3 stretches every limit.
SLOWDOWN = float(os.environ.get("PARLOR_TEST_SLOWDOWN", "1"))

# A sanitizer keeps for a while what is freed.
SANITIZED = bool(os.environ.get("PARLOR_TEST_SANITIZERS"))

# Seconds that one wait may take. It is never waited for where things go well.
DEADLINE = 90 * SLOWDOWN

# Of a whole test.
TEST_DEADLINE = 300 * SLOWDOWN

# For LD_PRELOAD: sleeping_clock.cpp.
SLEEPING_CLOCK = pathlib.Path(os.environ.get(
    "PARLOR_SLEEPING_CLOCK",
    REPOSITORY / "build/release/tests/faults/libsleeping_clock.so")).absolute()
