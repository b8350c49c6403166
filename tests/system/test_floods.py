# SPDX-License-Identifier: MIT
"""Clients that do too much of something: they are held up or sent away, and
nobody else notices."""

import asyncio
import contextlib
import time

import pytest

from support.client import Client
from support.environment import (
    SLOWDOWN, measures_memory, of_plain_sockets)
from support.process import resident
from support.raw_client import (
    PING, PONG, TEXT, RawClient, RawSocket, frame_bytes, upgrade_request)
from support.waiting import eventually


async def is_prompt(server):
    """Somebody else is served."""
    async with Client(server, "/ws/bystander") as other:
        started = time.monotonic()
        await other.ok("rooms")
        assert time.monotonic() - started < 2 * SLOWDOWN


def pour(peer, data, most):
    """Sends the same again and again, to that many bytes or until the service
    closes."""
    sent = 0
    with contextlib.suppress(OSError):
        while sent < most:
            sent += peer.socket.send(data)


@measures_memory
@pytest.mark.parametrize("opcode", [PING, TEXT], ids=["pings", "messages"])
async def test_who_does_not_read_the_answers_is_not_stored(
        start_server, opcode):
    """Unread pongs and unread errors count as what waits for any client."""
    service = start_server("limits.outbox-stall=1s", "limits.errors=0",
                           "limits.messages-per-second=0")
    before = resident(service)
    with RawClient(service, "/ws/mallory", receive_buffer=4096) as mallory:
        id = mallory.until("connected")["connection"]
        pouring = asyncio.create_task(asyncio.to_thread(
            pour, mallory, frame_bytes(opcode, b"x" * 125) * 400, 60_000_000))
        while not pouring.done():
            await is_prompt(service)
            assert resident(service) - before < 20_000_000
        line = await service.logged(event="client gone", connection=id)
        # 1008 where it was the rate of pings that it met first.
        assert line["code"] in (1006, 1008, 4008)


async def test_a_flood_of_pings_that_reads_is_answered(server):
    pings = frame_bytes(PING, b"p" * 125)
    with RawClient(server, "/ws/pinging") as peer:
        for _ in range(50):
            peer.send(pings * 100)
            answers = 0
            while answers < 100:
                answers += peer.read_frame().opcode == PONG
        await is_prompt(server)


EMPTY = (frame_bytes(TEXT, fin=False) + frame_bytes(0, fin=False) * 1000
         + frame_bytes(0, b'{"type":"ping"}'))


@pytest.mark.parametrize("data", [
    frame_bytes(PING), frame_bytes(PONG), EMPTY],
    ids=["pings", "pongs", "empty fragments"])
async def test_what_says_nothing_has_a_rate(server, data):
    """Far above what anybody needs it closes, and nobody else notices."""
    with RawClient(server, "/ws/mallory") as mallory:
        flood = data * (1_000_000 // len(data))
        pouring = asyncio.create_task(asyncio.to_thread(mallory.send, flood))
        texts, close = await asyncio.to_thread(mallory.until_close)
        assert (close.code, close.reason) == (1008, "Too many control frames")
        assert texts[-1]["type"] == "closing" and not texts[-1]["reconnect"]
        await is_prompt(server)
        mallory.reset()
        await pouring


async def test_a_flood_of_messages_reaches_nobody(start_server):
    """But for what the rate allows. Ten seconds of it close with 4006: see
    test_closes_on_the_wire.py."""
    service = start_server("limits.messages-per-second=10",
                           "limits.message-burst=10")
    text = b'{"type":"chat","room":"tea","content":"' + b"x" * 1000 + b'"}'
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        began = time.monotonic()
        with RawClient(service, "/ws/mallory?room=tea") as mallory:
            for _ in range(20):
                mallory.send(frame_bytes(TEXT, text) * 20)
                answers = 0
                while answers < 20:
                    answer = mallory.read_frame().json
                    answers += (answer["type"] == "chat"
                                or answer.get("code") == "rate_limited")
            await is_prompt(service)
        await ann.send("ping", id="end")
        chats = 0
        while (frame := await ann.receive()).get("id") != "end":
            chats += frame["type"] == "chat"
        assert 10 <= chats <= 20 + 10 * (time.monotonic() - began)


async def test_a_flood_of_joins_makes_no_rooms(start_server):
    service = start_server("limits.rooms-per-connection=5", "limits.rooms=7",
                           "limits.messages-per-second=0")
    async with Client(service, "/ws/mallory") as mallory, \
            Client(service, "/ws/eve") as eve:
        for n in range(2000):
            await mallory.send("join", room=f"m{n}", id=n)
        answers = [await mallory.answer(n) for n in range(2000)]
        assert [one["type"] for one in answers[:6]] == ["reply"] * 5 + ["error"]
        assert {one.get("code") for one in answers[5:]} == {"limit_exceeded"}
        for n in range(5):
            await eve.request("join", room=f"e{n}")
        assert len(service.admin()["rooms"]) == 7
        await is_prompt(service)
    await eventually(lambda: service.admin()["rooms"], [])


async def test_rooms_that_are_joined_and_left_leave_nothing(start_server):
    service = start_server("limits.messages-per-second=0")
    async with Client(service, "/ws/mallory") as mallory:
        for start in range(0, 10_000, 500):
            names = [f"room-{n}" for n in range(start, start + 500)]
            for name in names:
                await mallory.send("join", room=name)
                await mallory.send("leave", room=name)
            await mallory.send("ping", id=start)
            await mallory.expect("pong", id=start)
        assert (await mallory.ok("rooms"))["rooms"] == []
        await eventually(lambda: service.admin()["rooms"], [])
        await is_prompt(service)


@measures_memory
async def test_a_flood_of_reconnects_leaves_nothing(start_server):
    service = start_server()

    def reconnect(times):
        for _ in range(times):
            with RawSocket(service) as peer:
                peer.send(upgrade_request("/ws/mallory?room=tea").encode())
                assert peer.read_head() == 101
                peer.reset()

    reconnect(500)
    await eventually(service.total, 0)
    before = resident(service)
    for _ in range(4):
        await asyncio.to_thread(reconnect, 1000)
        await is_prompt(service)
    await eventually(service.total, 0)
    await eventually(lambda: service.admin()["rooms"], [])
    assert resident(service) - before < 10_000_000


@of_plain_sockets
async def test_sockets_that_say_nothing_hold_nobody_up(start_server):
    service = start_server("limits.handshake-timeout=1s")
    silent = []
    for n in range(300):
        silent.append(RawSocket(service))
        if n % 2 == 0:
            silent[-1].send(b"GET /ws/ann HTTP/1.1\r\nHost: 127.")
    await is_prompt(service)
    for peer in silent[::2]:
        assert await asyncio.to_thread(peer.read_head) == 408
    for peer in silent[1::2]:
        assert await asyncio.to_thread(peer.rest) == b""
    for peer in silent:
        peer.socket.close()


async def test_half_a_message_of_each_of_many_is_bounded(start_server):
    """Announcing is cheap: memory is taken for what came, not for what is
    said to come."""
    service = start_server("limits.message-bytes=16777216")
    head = bytes([0x81, 0xFF]) + (16_777_216).to_bytes(8, "big") + bytes(4)
    before = resident(service)
    peers = [RawClient(service, f"/ws/half-{n}") for n in range(100)]
    for peer in peers:
        peer.send(head + b"x" * 1000)
    await is_prompt(service)
    assert resident(service) - before < 60_000_000
    for peer in peers:
        peer.reset()
    await eventually(service.total, 0)
