# SPDX-License-Identifier: MIT
"""Where the binary is, and how patient a test has to be."""

import os
import pathlib

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]

BINARY = pathlib.Path(
    os.environ.get("PARLOR_BIN", REPOSITORY / "build" / "release" / "parlor")
).absolute()

# Sanitizers and loaded machines: PARLOR_TEST_SLOWDOWN=3 stretches every limit.
SLOWDOWN = float(os.environ.get("PARLOR_TEST_SLOWDOWN", "1"))

# PARLOR_TEST_TLS=1: every service speaks TLS, and so does every client.
EVERYTHING_BY_TLS = bool(os.environ.get("PARLOR_TEST_TLS"))

of_plain_sockets = pytest.mark.skipif(
    EVERYTHING_BY_TLS, reason="plain sockets are needed")

# For tests that look at the memory of the process: a sanitizer's own books are
# larger.
measures_memory = pytest.mark.skipif(
    bool(os.environ.get("PARLOR_TEST_SANITIZERS")),
    reason="the binary has a sanitizer")

# For tests that leave the process no descriptor, or load something before its
# sanitizer: UBSan asks by a pipe whether memory can be read.
without_sanitizer = pytest.mark.skipif(
    bool(os.environ.get("PARLOR_TEST_SANITIZERS")),
    reason="the sanitizer itself would fail")

# Seconds that one wait may take. It is never waited for where things go well: a
# machine may be as slow as it likes.
DEADLINE = 60 * SLOWDOWN

# Seconds that one whole test may take.
TEST_DEADLINE = 300 * SLOWDOWN
