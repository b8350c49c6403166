# SPDX-License-Identifier: MIT
"""Fixtures: `server` is one for all with the defaults, `start_server` starts
others. Tests may be coroutines; each has a deadline."""

import pytest
from coroutines import within

pytest.register_assert_rewrite(
    "support.client", "support.raw_client", "support.server",
    "support.examples", "support.rooms_record")

from support import description  # noqa: E402
from support.environment import BINARY, TEST_DEADLINE  # noqa: E402
from support.server import Server  # noqa: E402


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not BINARY.is_file():
        pytest.exit(f"no binary at {BINARY}: build it or set PARLOR_BIN", 2)


pytest_pyfunc_call = within(TEST_DEADLINE)


@pytest.fixture(autouse=True)
def described():
    """Fails a test that was told something that docs/asyncapi.yaml or
    docs/openapi.yaml do not describe."""
    yield
    found = description.take_complaints()
    assert not found, found


class Shared:
    """The service that many tests use; a dead one is replaced."""

    def __init__(self):
        self.server = None

    def get(self):
        if self.server is None or not self.server.alive:
            self.server = Server()
        return self.server


@pytest.fixture(scope="session")
def shared():
    holder = Shared()
    yield holder
    if holder.server is not None:
        holder.server.stop()


@pytest.fixture
def server(shared):
    """The shared service. Take names from `unique`; the lobby is everyone's."""
    service = shared.get()
    before = len(service.log.text)
    yield service
    print("\n".join(service.log.text[before:]))
    assert service.alive, "the service died in this test"


@pytest.fixture(scope="session")
def echo():
    """The service that the conformance tests use."""
    service = Server("echo.enabled", "compression.enabled",
                     "limits.message-bytes=4194304")
    yield service
    service.stop()


@pytest.fixture
def start_server():
    """Starts services of this test alone: `start_server("limits.rooms=3")`."""
    started = []

    def start(*options, **keywords):
        started.append(Server(*options, **keywords))
        return started[-1]

    yield start
    failures = []
    for service in started:
        print("\n".join(service.log.text))
        try:
            service.stop()
        except AssertionError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
