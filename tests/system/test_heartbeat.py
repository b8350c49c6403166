# SPDX-License-Identifier: MIT
"""The service pings; who stays silent is dropped, who is not stays."""

import threading
import time

from support.client import Client
from support.environment import SLOWDOWN
from support.raw_client import PING, PONG, TEXT, RawClient
from support.waiting import eventually

QUICK = ("heartbeat.interval=200ms",
         f"heartbeat.timeout={int(2000 * SLOWDOWN)}ms")

# The same where somebody has to answer in time.
UNHURRIED = ("heartbeat.interval=200ms",
             f"heartbeat.timeout={int(5000 * SLOWDOWN)}ms")


def listen(raw, seconds, answer):
    """Reads for a while; answers the number of pings that came."""
    pings, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        frame = raw.read_frame()
        assert frame is not None, "the service closed the connection"
        if frame.opcode == PING:
            pings += 1
            answer(frame)
    return pings


def test_the_service_pings_and_says_how_often(start_server):
    service = start_server(*UNHURRIED)
    with RawClient(service, "/ws/ann") as ann:
        assert ann.until("connected")["ping_ms"] == 200
        assert listen(ann, 6 * SLOWDOWN, lambda ping: ann.send_frame(
            PONG, ping.payload)) >= 2


def test_a_client_that_talks_but_sends_no_pong_is_not_silent(start_server):
    service = start_server(*UNHURRIED)
    with RawClient(service, "/ws/ann") as ann:
        listen(ann, 6 * SLOWDOWN, lambda _: ann.send_json(type="ping"))
        ann.send_json(type="ping", id="alive")
        ann.until("pong", id="alive")


async def test_a_client_that_answers_pings_stays_for_many_timeouts(
        start_server):
    service = start_server(*UNHURRIED)
    async with Client(service, "/ws/ann") as ann:
        for _ in range(2):
            with RawClient(service, "/ws/silent") as silent:
                id = silent.until("connected")["connection"]
                await service.logged(event="client gone", connection=id)
        await ann.send("ping", id=1)
        await ann.expect("pong", id=1)


async def test_a_silent_client_is_dropped_everywhere(start_server):
    service = start_server(*UNHURRIED)
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        with RawClient(service, "/ws/bob?room=tea") as bob:
            id = bob.until("connected")["connection"]
            await ann.until("user_joined", user_id="bob")
            await ann.until("user_left", user_id="bob", reason="timeout")
            line = await service.logged(event="client gone", connection=id)
            assert line["code"] == 1006
            assert line["verdict"] == "abnormal close"
            assert line["active_connections"] == 1
            await eventually(service.total, 1)
            reply = await ann.ok("private", to="bob", content="x")
            assert reply["delivered"] == 0


def test_the_socket_of_a_silent_client_is_closed(start_server):
    service = start_server(*QUICK)
    with RawClient(service, "/ws/ann") as ann:
        while ann.read_frame() is not None:
            pass


def say(service, count):
    for n in range(count):
        assert service.http.post("/api/v1/publish", {
            "room": "tea", "content": [n, "x" * 10_000]}).status == 200


def test_who_takes_what_is_ahead_of_a_ping_is_not_silent(start_server):
    """A slow link: pings wait behind what was said before, and are answered
    when they come."""
    service = start_server("heartbeat.interval=1s", "heartbeat.timeout=3s",
                           "limits.outbox-stall=3s")
    with RawClient(service, "/ws/ann?room=tea", receive_buffer=16384) as ann:
        ann.until("connected")
        ann.send_json(type="join", room="tea", id=1)
        ann.until("reply", id=1)
        # On a thread, so that what is said early is taken meanwhile.
        saying = threading.Thread(target=say, args=(service, 72))
        saying.start()
        heard, started = 0, time.monotonic()
        while heard < 72:
            frame = ann.read_frame()
            assert frame is not None, "the service closed the connection"
            if frame.opcode == PING:
                ann.send_frame(PONG, frame.payload)
            elif frame.opcode == TEXT and frame.json["type"] == "chat":
                heard += 1
                pace = started + heard / 8 - time.monotonic()
                time.sleep(max(0, pace))
        saying.join()
        ann.send_json(type="ping", id="alive")
        ann.until("pong", id="alive")


def test_half_a_frame_is_not_a_sign_of_life_for_ever(start_server):
    service = start_server(*QUICK)
    with RawClient(service, "/ws/ann") as ann:
        ann.send(bytes([0x80 | TEXT, 0x80 | 100]) + bytes(4) + b"{")
        while ann.read_frame() is not None:
            pass


async def test_a_room_join_of_a_silent_client_is_undone_once(start_server):
    service = start_server(*UNHURRIED)
    async with Client(service, "/chat/ann") as ann:
        await ann.join("tea")
        await ann.expect("user_joined", user_id="ann")
        with RawClient(service, "/ws/bob?room=tea") as bob:
            bob.until("connected")
            await ann.expect("user_joined", user_id="bob")
            await ann.expect("user_left", user_id="bob", reason="timeout")
        await ann.say("tea", "afterwards")
        await ann.expect("message", content="afterwards")
    service.stop()
    assert len(service.log.find(event="client gone", user="bob")) == 1


def test_a_ping_of_the_client_is_answered_with_its_payload(server):
    with RawClient(server, "/ws/pinging") as ann:
        ann.send_frame(PING, b"are you there")
        while (frame := ann.read_frame()).opcode != PONG:
            pass
        assert frame.payload == b"are you there"
