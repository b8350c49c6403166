# SPDX-License-Identifier: MIT
"""Tests may be coroutines. Those in this folder play the service on a clock that
stands; those in service/ drive the built one."""

import os

import pytest
from coroutines import within

# Seconds after which a test hangs. It is never waited for.
HANGS = 240 * float(os.environ.get("PARLOR_TEST_SLOWDOWN", "1"))

pytest_pyfunc_call = within(HANGS)

pytest.register_assert_rewrite("fakes.fixture", "fakes.visitor")
