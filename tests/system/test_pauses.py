# SPDX-License-Identifier: MIT
"""The whole process is stopped for longer than any deadline, as a virtual
machine that is moved: what came meanwhile counts, and silence of the service is
not its clients'."""

import contextlib
import signal
import time

import jwt
import pytest

from support.environment import SLOWDOWN
from support.process import stands
from support.raw_client import PING, PONG, RawClient, RawSocket
from support.waiting import wait_until

SECRET = "a secret of the tests that is long enough"

TIMEOUT = 4 * SLOWDOWN
QUICK = ("heartbeat.interval=500ms",
         f"heartbeat.timeout={int(1000 * TIMEOUT)}ms")


@contextlib.contextmanager
def stopped(service, seconds=2 * TIMEOUT):
    """What happens in here comes while the service does nothing."""
    service.process.send_signal(signal.SIGSTOP)
    try:
        wait_until(lambda: stands(service), True)
        until = time.monotonic() + seconds
        yield
        time.sleep(max(0, until - time.monotonic()))
    finally:
        service.process.send_signal(signal.SIGCONT)


def next_of(client, opcode):
    while (frame := client.read_frame()) is not None:
        if frame.opcode == opcode:
            return frame
    raise AssertionError("the service closed the connection")


def request(service, path="/health/live"):
    return (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{service.port}"
            "\r\n\r\n").encode()


@pytest.fixture
def crowd(start_server):
    """A service, and many who are in, and show it until all of them are."""
    with contextlib.ExitStack() as stack:
        service = start_server("server.threads=1", *QUICK)
        clients, shown = [], time.monotonic()
        for n in range(600):
            clients.append(stack.enter_context(
                RawClient(service, f"/ws/ann-{n}")))
            clients[-1].until("connected")
            if time.monotonic() - shown > TIMEOUT / 8:
                show_life(clients)
                shown = time.monotonic()
        show_life(clients)
        yield service, clients


def show_life(clients):
    for client in clients:
        client.send_frame(PONG, b"unasked")


def test_who_spoke_meanwhile_stays(crowd):
    service, clients = crowd
    with stopped(service):
        for client in clients:
            client.send_frame(PING, b"here")
    for client in clients:
        assert next_of(client, PONG).payload == b"here"


def test_who_could_only_have_answered_stays(crowd):
    service, clients = crowd
    with stopped(service):
        pass
    for client in clients:
        client.send_frame(PONG, next_of(client, PING).payload)
    for client in clients:
        client.send_json(type="ping", id=1)
        client.until("pong", id=1)


def test_who_stays_silent_is_dropped_nevertheless(start_server):
    service = start_server(*QUICK)
    with RawClient(service, "/ws/ann") as ann:
        ann.until("connected")
        with stopped(service):
            pass
        while ann.read_frame() is not None:
            pass


def test_a_request_that_came_meanwhile_is_answered(start_server):
    service = start_server("limits.http-idle=2s",
                           "limits.handshake-timeout=2s")
    with RawSocket(service) as idle, RawSocket(service) as begun:
        idle.send(request(service))
        assert idle.read_head() == 200
        begun.send(request(service)[:-2])
        with stopped(service, 4):
            idle.send(request(service))
            begun.send(b"\r\n")
        assert idle.read_head() == 200
        assert begun.read_head() == 200


def test_a_short_pause_is_no_excuse_and_what_came_in_it_counts(start_server):
    service = start_server("limits.http-idle=800ms",
                           "limits.handshake-timeout=800ms")
    for _ in range(5):
        with RawSocket(service) as begun:
            begun.send(request(service)[:-2])
            with stopped(service, 0.9):
                begun.send(b"\r\n")
            assert begun.read_head() == 200


def test_a_hello_that_came_meanwhile_is_in_time(start_server, tmp_path):
    key = tmp_path / "key"
    key.write_text(SECRET)
    key.chmod(0o600)
    service = start_server("auth.algorithm=HS256", f"auth.key-file={key}",
                           "auth.hello-timeout=3s")
    token = jwt.encode({"sub": "ann", "exp": int(time.time()) + 600}, SECRET)
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(RawClient(service, "/ws"))
                   for _ in range(20)]
        with stopped(service, 5):
            for client in clients[:5]:
                client.send_json(type="hello", token=token)
        for client in clients[:5]:
            client.until("connected")


def test_a_close_that_came_meanwhile_ends_cleanly(start_server):
    service = start_server(*QUICK)
    with RawClient(service, "/ws/ann") as ann:
        id = ann.until("connected")["connection"]
        with stopped(service):
            ann.send_close(1001, "bye")
        assert ann.until_close()[1].code == 1001
        line = service.log.wait_for(event="client gone", connection=id)
        assert line["code"] == 1001
