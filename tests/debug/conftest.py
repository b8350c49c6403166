# SPDX-License-Identifier: MIT
"""What debug builds alone have, by the support of tests/system: `PARLOR_BIN` has
the inspector, by default it is what tests/run builds for this."""

import os
import pathlib

import pytest
from coroutines import within

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("PARLOR_BIN", str(
    ROOT / "build" / "release" / "tests" / "debug" / "parlor_inspected"))

pytest.register_assert_rewrite("support.server", "viewing")

from support.environment import BINARY, TEST_DEADLINE  # noqa: E402
from support.server import Server  # noqa: E402


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not BINARY.is_file():
        pytest.exit(f"no binary at {BINARY}: tests/run builds it", 2)


pytest_pyfunc_call = within(TEST_DEADLINE)


@pytest.fixture
def start_server():
    """Starts services of this test alone; each has to end well."""
    started = []

    def start(*options, **keywords):
        started.append(Server(*options, **keywords))
        return started[-1]

    yield start
    for service in started:
        print("\n".join(service.log.text))
        service.stop()


@pytest.fixture
def service(start_server):
    return start_server()
