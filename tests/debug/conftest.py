# SPDX-License-Identifier: MIT
"""What debug builds alone have, by the support of tests/system: `PARLOR_BIN` has
the inspector, by default it is what tests/run builds for this."""

import asyncio
import inspect
import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("PARLOR_BIN", str(
    ROOT / "build" / "release" / "tests" / "debug" / "parlor_inspected"))
sys.path.insert(0, str(ROOT / "tests" / "system"))

pytest.register_assert_rewrite("support.server", "viewing")

from support.environment import BINARY, TEST_DEADLINE  # noqa: E402
from support.server import Server  # noqa: E402


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not BINARY.is_file():
        pytest.exit(f"no binary at {BINARY}: tests/run builds it", 2)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    test = pyfuncitem.obj
    if not inspect.iscoroutinefunction(test):
        return None
    arguments = {name: pyfuncitem.funcargs[name]
                 for name in pyfuncitem._fixtureinfo.argnames}
    asyncio.run(asyncio.wait_for(test(**arguments), TEST_DEADLINE))
    return True


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
