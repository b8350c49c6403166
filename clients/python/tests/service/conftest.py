# SPDX-License-Identifier: MIT
"""The built binary, which tests start, kill, stop and start again."""

import contextlib

import pytest
from ports import free_port
from support.environment import BINARY
from support.server import Server


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not BINARY.is_file():
        pytest.exit(f"no binary at {BINARY}: build it or set PARLOR_BIN", 2)


class Service:
    """A service at one port, over its restarts."""

    def __init__(self, *options):
        self.port = free_port()
        self._options = (f"server.port={self.port}", *options)
        self._server = None
        self.start()

    def start(self):
        self._server = Server(*self._options)

    def kill(self):
        self._server.kill()

    def stop(self):
        """SIGTERM: it sends its clients home."""
        self._server.stop()

    @property
    def tls(self):
        return self._server.tls

    @property
    def process(self):
        return self._server.process

    @property
    def log(self):
        return self._server.log

    @property
    def http(self):
        return self._server.http

    def end(self):
        if self._server.alive:
            with contextlib.suppress(AssertionError):
                self._server.kill()


@pytest.fixture
def start_service():
    """`start_service("limits.rooms=3")`."""
    started = []

    def start(*options):
        started.append(Service(*options))
        return started[-1]

    yield start
    for service in started:
        print("\n".join(service.log.text))
        service.end()


@pytest.fixture
def service(start_service):
    """One with the defaults."""
    return start_service()
