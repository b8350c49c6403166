# SPDX-License-Identifier: MIT
"""Clients that do not read, do not ask, or do not finish asking."""

import time

from support.client import Client
from support.crowd import PATIENT
from support.environment import DEADLINE
from support.kernel import more_than_it_takes
from support.raw_client import RawClient, RawSocket, upgrade_request
from support.waiting import eventually

BLOCK = "x" * 60_000


def flood(service, room, blocks):
    with service.http.kept_alive() as connection:
        for _ in range(blocks):
            connection.request(
                "POST", "/api/v1/publish",
                f'{{"room":"{room}","content":"{BLOCK}"}}',
                {"Content-Type": "application/json"})
            answer = connection.getresponse()
            assert (answer.status, bool(answer.read())) == (200, True)


def slow_member(service):
    """A member of `tea` that reads nothing more."""
    slow = RawClient(service, "/ws/slow?room=tea", receive_buffer=4096)
    id = slow.until("connected")["connection"]
    slow.send_json(type="join", room="tea", id=1)
    slow.until("reply", id=1)
    return slow, id


async def test_an_outbox_over_its_limit_closes_with_4008(start_server):
    service = start_server("limits.outbox-bytes=65536",
                           "limits.outbox-stall=500ms",
                           "limits.messages-per-second=0")
    slow, id = slow_member(service)
    with slow:
        async with Client(service, "/ws/ann") as ann:
            await ann.join("tea")
            for n in range(more_than_it_takes(60_000)):
                await ann.send("chat", room="tea", content=[n, BLOCK])
                await ann.until("chat", content=[n, BLOCK])
            line = await service.logged(event="client gone", connection=id)
            assert line["code"] == 4008 and line["verdict"] == "disconnect"
            await eventually(lambda: service.admin()["connections_per_room"],
                             {"tea": 1})
            assert (await ann.ok("members", room="tea"))["members"] == ["ann"]


async def test_an_outbox_that_stalls_closes_with_4008(start_server):
    service = start_server("limits.outbox-bytes=100000000",
                           "limits.outbox-stall=500ms")
    slow, id = slow_member(service)
    with slow:
        flood(service, "tea", more_than_it_takes(60_000))
        line = await service.logged(event="client gone", connection=id)
        assert line["code"] == 4008


async def test_a_slow_client_that_reads_again_in_time_stays(start_server):
    service = start_server("limits.outbox-bytes=100000000",
                           "limits.outbox-stall=10min", *PATIENT)
    slow, _ = slow_member(service)
    with slow:
        flood(service, "tea", 100)
        for _ in range(100):
            assert slow.until("chat")["content"] == BLOCK
        slow.send_json(type="ping", id="still here")
        slow.until("pong", id="still here")


def test_a_client_that_never_asks_is_closed(start_server):
    service = start_server("limits.handshake-timeout=1s")
    with RawSocket(service) as peer:
        assert peer.rest() == b""


def test_a_client_that_does_not_finish_asking_is_closed(start_server):
    service = start_server("limits.handshake-timeout=1s")
    request = upgrade_request("/ws/ann").encode()
    with RawSocket(service) as peer:
        peer.send(request[:-2])
        assert peer.read_head() == 408
        peer.rest()


def test_a_client_that_asks_byte_by_byte_is_closed(start_server):
    service = start_server("limits.handshake-timeout=1s")
    with RawSocket(service) as peer:
        peer.send(b"GET /ws/ann HTTP/1.1\r\nX: ")
        until = time.monotonic() + DEADLINE
        while not peer.heard(b"\r\n\r\n"):
            assert time.monotonic() < until, "still listened to"
            peer.listen(0.05)
            peer.send(b"x")
        assert peer.read_head() == 408


def test_an_idle_http_connection_is_closed(start_server):
    service = start_server("limits.http-idle=1s")
    with RawSocket(service) as peer:
        peer.send(f"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:"
                  f"{service.port}\r\n\r\n".encode())
        assert peer.read_head() == 200
        peer.rest()


async def test_a_quiet_websocket_is_not_idle_http(start_server):
    service = start_server("limits.http-idle=1s",
                           "limits.handshake-timeout=1s",
                           "heartbeat.interval=700ms",
                           "heartbeat.timeout=60s")
    with RawClient(service, "/ws/ann") as ann:
        pings = 0
        while pings < 2:
            frame = ann.read_frame()
            assert frame is not None, "closed"
            pings += frame.opcode == 9
        ann.send_json(type="ping", id=1)
        ann.until("pong", id=1)


def test_answers_that_are_taken_slowly_are_not_cut(start_server):
    """Each waits for longer than a connection may be idle."""
    answers = 80
    service = start_server("limits.http-idle=500ms")
    page = service.http.get("/asyncapi.yaml").body
    with RawSocket(service, receive_buffer=4096, segment=1448) as slow:
        slow.send(b"GET /asyncapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  * answers)
        for number in range(answers):
            assert slow.read_head() == 200
            for begin in range(0, len(page), 8192):
                part = page[begin:begin + 8192]
                assert slow.take(len(part)) == part
                if number < 8:
                    time.sleep(0.1)
