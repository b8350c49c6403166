# SPDX-License-Identifier: MIT
"""What systemd is told (sd_notify(3)), by a socket that plays its part."""

import socket

import pytest

from support.environment import DEADLINE
from support.frozen_thread import frozen_thread
from support.raw_client import RawClient


class Manager:
    """Systemd's end of the notification socket."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(DEADLINE)

    def hear(self):
        """The next message, by its variables."""
        return dict(line.split("=", 1)
                    for line in self.socket.recv(4096).decode().splitlines())

    def hears_nothing_for(self, seconds, under_way=0):
        """But for so many messages, which may have been on their way."""
        self.socket.settimeout(seconds)
        with pytest.raises(TimeoutError):
            for _ in range(under_way + 1):
                self.hear()
        self.socket.settimeout(DEADLINE)


@pytest.fixture
def manager(tmp_path):
    result = Manager(tmp_path)
    yield result
    result.socket.close()


def start(start_server, manager, **more):
    return start_server(env={"NOTIFY_SOCKET": manager.path, **more})


def test_it_is_ready_when_it_listens_and_says_that_it_stops(
        start_server, manager):
    service = start(start_server, manager)
    said = manager.hear()
    assert said["READY"] == "1"
    assert str(service.port) in said["STATUS"]
    with RawClient(service, "/ws/ann") as ann:
        ann.until("connected")
        service.terminate()
        assert manager.hear()["STOPPING"] == "1"
        _, close = ann.until_close()
        ann.answer_close(close)
    assert service.wait() == 0


def test_it_shows_life_only_while_all_threads_turn(start_server, manager):
    service = start(start_server, manager, WATCHDOG_USEC="200000")
    assert manager.hear()["READY"] == "1"
    for _ in range(3):
        assert manager.hear() == {"WATCHDOG": "1"}
    with frozen_thread(service.process.pid, "parlor-io"):
        # Ten times a second it would.
        manager.hears_nothing_for(1, under_way=5)
    assert manager.hear() == {"WATCHDOG": "1"}


def test_without_a_watchdog_it_shows_none(start_server, manager):
    start(start_server, manager)
    assert manager.hear()["READY"] == "1"
    manager.hears_nothing_for(0.5)


def test_a_watchdog_of_another_process_is_not_fed(start_server, manager):
    start(start_server, manager, WATCHDOG_USEC="200000", WATCHDOG_PID="1")
    assert manager.hear()["READY"] == "1"
    manager.hears_nothing_for(0.5)


def test_a_manager_that_has_gone_is_no_reason_to_stop(start_server, tmp_path):
    service = start_server(
        env={"NOTIFY_SOCKET": str(tmp_path / "nobody")})
    service.log.wait_for(event="service manager does not listen")
    with RawClient(service, "/ws/ann") as ann:
        ann.until("connected")
