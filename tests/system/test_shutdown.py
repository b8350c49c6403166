# SPDX-License-Identifier: MIT
"""SIGTERM: everyone is told, everything is counted out, the exit is 0."""

import contextlib
import signal

import pytest
from ports import free_port

from support.client import Client, TextClient
from support.kernel import more_than_it_takes
from support.raw_client import RawClient, RawSocket

CODES = (1001, 1012)


async def test_every_client_is_closed_with_going_away_or_restart(
        start_server):
    service = start_server()
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(
            Client(service, f"/ws/user-{n}?room=tea")) for n in range(20)]
        lines = await stack.enter_async_context(
            TextClient(service, "/ws/lines?dialect=text"))
        service.terminate()
        for client in clients:
            frames = await client.expect_close(*CODES)
            if client.ws.close_code == 1012:
                assert frames[-1]["type"] == "closing"
                assert frames[-1]["code"] == 1012
                assert frames[-1]["reconnect"] is True
        await lines.expect_close(*CODES)
        assert service.wait() == 0
        await service.logged(event="client gone", active_connections=0)
        assert len(service.log.find(event="client gone")) == 21


def test_without_clients_it_ends_at_once(start_server):
    service = start_server()
    service.terminate()
    assert service.wait() == 0


def test_the_log_shows_each_client_leaving(start_server):
    service = start_server()
    with RawClient(service, "/ws/ann") as ann:
        id = ann.until("connected")["connection"]
        service.terminate()
        _, close = ann.until_close()
        ann.answer_close(close)
        assert service.wait() == 0
        line = service.log.wait_for(event="client gone", connection=id)
        assert line["code"] == close.code


@pytest.mark.parametrize("talk", [
    b"", b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /ws/ann HTTP/1.1\r\nHos"], ids=["silent", "idle http", "half"])
def test_other_connections_do_not_hold_it_up(start_server, talk):
    service = start_server()
    with RawSocket(service) as peer:
        peer.send(talk)
        if talk.endswith(b"\r\n\r\n"):
            assert peer.read_head() is not None
        service.http.get("/health/live")
        service.terminate()
        assert service.wait() == 0


def test_a_client_that_does_not_answer_the_close_does_not_hold_it_up(
        start_server):
    service = start_server("limits.outbox-stall=500ms")
    with RawClient(service, "/ws/ann") as ann:
        ann.until("connected")
        service.terminate()
        assert service.wait() == 0


def test_a_client_that_does_not_read_does_not_hold_it_up(start_server):
    service = start_server("limits.outbox-stall=500ms",
                           "limits.outbox-bytes=100000000")
    with RawClient(service, "/ws/ann?room=tea", receive_buffer=4096) as ann:
        ann.until("connected")
        ann.send_json(type="join", room="tea", id=1)
        ann.until("reply", id=1)
        for _ in range(more_than_it_takes(60_000)):
            answer = service.http.post(
                "/api/v1/publish", {"room": "tea", "content": "x" * 60000})
            assert answer.status == 200
        service.terminate()
        assert service.wait() == 0


async def test_clients_that_come_during_the_end_are_not_left_hanging(
        start_server):
    service = start_server()
    async with Client(service, "/ws/ann") as ann:
        service.terminate()
        await ann.expect_close(*CODES)
        with contextlib.suppress(ConnectionError):
            with RawSocket(service) as late:
                late.send(b"GET /ws/bob HTTP/1.1\r\n")
                late.rest()
        assert service.wait() == 0


def test_a_second_sigterm_may_hasten_the_end_and_no_more(start_server):
    service = start_server()
    with RawClient(service, "/ws/ann") as ann:
        ann.until("connected")
        service.terminate()
        with contextlib.suppress(ProcessLookupError):
            service.process.send_signal(signal.SIGTERM)
        ann.rest()
        ann.socket.close()
        assert service.wait() == 0


def test_a_restart_on_the_same_port_works_at_once(start_server):
    first = start_server(f"server.port={free_port()}")
    with RawClient(first, "/ws/ann") as ann:
        ann.until("connected")
        first.terminate()
        ann.answer_close(ann.until_close()[1])
        assert first.wait() == 0
    second = start_server(f"server.port={first.port}")
    assert second.port == first.port
    with RawClient(second, "/ws/ann") as ann:
        ann.until("connected")
