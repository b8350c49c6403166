# SPDX-License-Identifier: MIT
"""`/echo`, as an endpoint among the others. What it is for, conformance, is in
test_conformance_*.py."""

import threading

import pytest

from support.client import Client
from support.raw_client import (
    BINARY, TEXT, RawClient, exchange, frame_bytes, upgrade_request)
from support.waiting import eventually


@pytest.fixture
def echoing(start_server):
    return start_server("echo.enabled")


def test_it_is_not_there_unless_it_is_switched_on(server):
    assert server.http.get("/echo").status == 404
    assert exchange(server, upgrade_request("/echo")) == 404


def test_it_is_only_a_websocket(echoing):
    assert echoing.http.get("/echo").status == 426
    answer = echoing.http.post("/echo", {})
    assert (answer.status, answer.headers["allow"]) == (405, "GET")
    assert exchange(echoing, upgrade_request("/echo/ann")) == 404
    assert exchange(echoing, upgrade_request(
        "/echo", Origin="https://evil.example")) == 403


async def test_nobody_else_knows_of_it(echoing):
    async with Client(echoing, "/ws/ann") as ann:
        with RawClient(echoing, "/echo") as peer:
            for opcode, payload in ((TEXT, b'{"type":"ping"}'), (BINARY, b"\xff")):
                peer.send_frame(opcode, payload)
                frame = peer.read_frame()
                assert (frame.opcode, frame.payload) == (opcode, payload)
            assert echoing.total() == 1
            echoing.http.post("/api/v1/broadcast", {"content": "to all"})
            await ann.until("system")
            peer.send_frame(TEXT, b"end")
            assert peer.read_frame().payload == b"end"


def test_other_endpoints_take_no_bytes(echoing):
    with RawClient(echoing, "/ws/ann") as ann:
        ann.send_frame(BINARY, b"\xff")
        assert ann.until_close()[1].code == 1003


def test_it_has_the_limits_of_all(echoing):
    with RawClient(echoing, "/echo") as peer:
        peer.send_frame(BINARY, bytes(65536))
        assert peer.read_frame().payload == bytes(65536)
        peer.send_frame(BINARY, bytes(65537))
        assert peer.read_frame().code == 1009


def test_who_does_not_read_is_not_read(echoing):
    """So nothing is lost, and no more waits than an outbox may hold."""
    messages = [b"%08d" % n * 7000 for n in range(400)]
    with RawClient(echoing, "/echo", receive_buffer=4096) as peer:
        sender = threading.Thread(target=lambda: [
            peer.send(frame_bytes(BINARY, one)) for one in messages])
        sender.start()
        sender.join(timeout=0.3)
        assert sender.is_alive(), "all of it was taken"
        for one in messages:
            assert peer.read_frame().payload == one
        sender.join()


def test_a_silent_client_is_dropped(start_server):
    service = start_server("echo.enabled", "heartbeat.interval=100ms",
                           "heartbeat.timeout=400ms")
    with RawClient(service, "/echo") as peer:
        assert peer.read_frame().opcode == 9
        peer.rest()


async def test_the_end_of_the_service_closes_it(echoing):
    with RawClient(echoing, "/echo") as peer:
        echoing.terminate()
        frame = peer.read_frame()
        assert (frame.code, frame.reason) == (1012, "Server is closing")
        peer.send_close(1012)
        assert peer.rest() == b""
    await eventually(lambda: echoing.alive, False)
