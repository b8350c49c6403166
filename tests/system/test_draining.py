# SPDX-License-Identifier: MIT
"""The end that takes its time: clients go a few at a time, nobody holds it up
for longer than drain.timeout, and a second signal ends it at once."""

import asyncio
import contextlib
import time

import pytest
import websockets

from support.client import Client
from support.crowd import PATIENT, Crowd
from support.raw_client import RawClient
from support.waiting import eventually


async def enter(stack, service, count):
    return [await stack.enter_async_context(
        Client(service, f"/ws/user-{n}?room=tea")) for n in range(count)]


async def test_drain_rate_spreads_the_closes_and_the_returns(start_server):
    """Ten at 20 a second: two at once, each 100 ms, and each told to come back
    50 ms after the one before."""
    service = start_server("drain.rate=20", "limits.max-connections=100")
    async with contextlib.AsyncExitStack() as stack:
        clients = await enter(stack, service, 10)

        async def end_of(client):
            closing = await client.until("closing")
            at = time.monotonic()
            await client.expect_close(1012)
            return at, closing["retry_after_ms"]

        began = time.monotonic()
        service.terminate()
        ends = await asyncio.gather(*map(end_of, clients))
        times, returns = zip(*sorted(ends))
        assert sorted(returns) == list(range(500, 1000, 50))
        # What is a pause too few is a burst; a slow machine adds to it.
        assert times[-1] - began >= 0.3
        assert await asyncio.to_thread(service.wait) == 0


async def test_until_its_turn_a_connection_goes_on_as_ever(start_server):
    service = start_server("drain.rate=4", "drain.timeout=10min",
                           "limits.max-connections=20")
    async with contextlib.AsyncExitStack() as stack:
        clients = await enter(stack, service, 20)
        service.terminate()
        await service.logged(event="closing")
        asked = 0
        for client in clients:
            with contextlib.suppress(AssertionError,
                                     websockets.ConnectionClosed):
                await client.ok("rooms")
                asked += 1
        assert asked >= 5
        assert await asyncio.to_thread(service.wait) == 0
        assert len(service.log.find(event="client gone", code=1012)) == 20


async def test_a_second_sigterm_ends_at_once(start_server):
    """Though clients are there that could stay for minutes: the last of them for
    two."""
    service = start_server("drain.rate=1", "drain.timeout=10min",
                           "limits.max-connections=500")
    async with contextlib.AsyncExitStack() as stack:
        await enter(stack, service, 120)
        began = time.monotonic()
        service.terminate()
        await service.logged(event="closing")
        service.terminate()
        await service.logged(event="stopping at once")
        assert await asyncio.to_thread(service.wait) == 0
        assert time.monotonic() - began < 60


def publish_blocks(service):
    """100 messages in `tea`, of 6 MB together."""
    for _ in range(100):
        answer = service.http.post(
            "/api/v1/publish", {"room": "tea", "content": "x" * 60_000})
        assert answer.status == 200


def flooded(service, size):
    """Members for each of whom more waits than kernels take."""
    crowd = Crowd(service, "tea", size)
    crowd.__enter__()
    crowd.wait_until_in()
    publish_blocks(service)
    return contextlib.closing(crowd)


def test_many_that_do_not_read_hold_it_up_for_drain_timeout(start_server):
    """Not for limits.outbox-stall, which is longer."""
    service = start_server("drain.timeout=1s", "limits.outbox-stall=10min",
                           "limits.outbox-bytes=100000000",
                           "limits.outboxes-bytes=1000000000", *PATIENT)
    with flooded(service, 20):
        assert service.total() == 20
        began = time.monotonic()
        service.terminate()
        assert service.wait() == 0
        assert time.monotonic() - began > 0.9


def test_who_reads_late_still_gets_its_close(start_server):
    service = start_server("limits.outbox-stall=10min", "drain.timeout=10min",
                           "limits.outbox-bytes=100000000", *PATIENT)
    with RawClient(service, "/ws/late?room=tea", receive_buffer=4096) as late:
        late.until("connected")
        late.send_json(type="join", room="tea", id=1)
        late.until("reply", id=1)
        publish_blocks(service)
        service.terminate()
        service.log.wait_for(event="closing")
        texts, close = late.until_close()
        assert sum(text["type"] == "chat" for text in texts) == 100
        assert close.code == 1012
        late.answer_close(close)
        assert service.wait() == 0


async def test_new_clients_are_told_to_come_back_for_a_while(start_server):
    service = start_server("drain.notice=5s", "drain.rate=1",
                           "drain.timeout=10min")
    async with contextlib.AsyncExitStack() as stack:
        await enter(stack, service, 60)
        service.terminate()
        await eventually(lambda: service.http.get("/health/ready").status, 503)
        async with Client(service, "/ws/late", greeted=False) as late:
            closing = await late.expect("closing")
            assert closing["code"] == 1012 and closing["retry_after_ms"] > 0
            await late.expect_close(1012)
        # Who comes just at its end may be accepted by the kernel alone.
        with pytest.raises((OSError, websockets.InvalidMessage)):
            while True:
                async with Client(service, "/ws/later", greeted=False) as late:
                    await late.expect_close(1012)
        service.terminate()
    assert await asyncio.to_thread(service.wait) == 0
