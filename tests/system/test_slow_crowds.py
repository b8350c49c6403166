# SPDX-License-Identifier: MIT
"""Members that never read while much is said in their room. What is bounded
is memory, whatever their number; who reads gets everything, in order and
without waiting for them. The messages are many for the first test and few, but
large, for ten thousand: what counts is that the kernel takes no more."""

import asyncio
import resource
import statistics
import time

import pytest

from support.client import Client
from support.crowd import PATIENT, Crowd
from support.environment import (
    DEADLINE, SLOWDOWN, measures_memory, of_plain_sockets)
from support.metrics import scrape, with_label
from support.process import resident
from support.raw_client import TEXT, RawClient, frame_bytes
from support.waiting import eventually

MEBIBYTE = 1 << 20

# How much resident memory may rise.
RISE = 64 * MEBIBYTE

MESSAGES = 100_000
PART = 500

TEN_THOUSAND = 10_000


def allow_descriptors(count):
    """Raises the limit of this process, which the service inherits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count:
        pytest.skip(f"{count} descriptors are needed, {hard} allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


class Peak:
    """The most memory that a service has while this is entered."""

    def __init__(self, service):
        self._service = service
        self.bytes = 0

    async def __aenter__(self):
        self._watch = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_):
        self._watch.cancel()

    async def _look(self):
        while True:
            self.bytes = max(self.bytes, resident(self._service))
            await asyncio.sleep(0.02)


def drop(peer, last):
    """Reads and drops what the publisher is told, to that message."""
    while not peer.heard(b'"content":%d,' % last):
        peer._buffer = peer._buffer[-100:]
        assert peer._more(), "the publisher was closed"


def count_through(peer, counted, wanted):
    """Reads what a member is told, and counts the messages."""
    while counted < wanted:
        frame = peer._read_frame()
        assert frame is not None, "a member that reads was closed"
        if b'"type":"chat"' in frame.payload:
            assert b'"content":%d,' % counted in frame.payload, frame.payload
            counted += 1
    return counted


@measures_memory
async def test_one_that_never_reads_100_000_messages(start_server):
    """Its outbox is bounded by limits.outbox-bytes, a socket's by the kernel.
    Who reads gets all 100,000, and is answered as fast as without it."""
    service = start_server("limits.messages-per-second=0", "history.size=16", *PATIENT)

    async def latency(client):
        times = []
        for _ in range(50):
            began = time.monotonic()
            await client.ok("rooms")
            times.append(time.monotonic() - began)
        return statistics.median(times)

    with RawClient(service, "/ws/reader?room=tea") as reader, \
            RawClient(service, "/ws/talker?room=tea") as talker:
        talker.until("connected")
        async with Client(service, "/ws/bystander") as bystander:
            usual = await latency(bystander)
            before = resident(service)
            with RawClient(service, "/ws/slow?room=tea",
                           receive_buffer=2048) as slow:
                id = slow.until("connected")["connection"]
                async with Peak(service) as peak:
                    counted, longest = 0, 0
                    for start in range(0, MESSAGES, PART):
                        talker.send(b"".join(frame_bytes(
                            TEXT, b'{"type":"chat","room":"tea","content":%d}'
                            % n) for n in range(start, start + PART)))
                        await asyncio.to_thread(drop, talker, start + PART - 1)
                        counted = await asyncio.to_thread(
                            count_through, reader, counted, start + PART)
                        if start % (20 * PART) == 0:
                            longest = max(longest, await latency(bystander))
                line = await service.logged(event="client gone", connection=id)
    print(f"rise {(peak.bytes - before) / MEBIBYTE:.1f} MiB, latency "
          f"{usual * 1000:.2f} ms, at most {longest * 1000:.2f} ms")
    assert line["code"] == 4008
    assert peak.bytes - before < RISE
    # A median of 50; what it must not do is wait for limits.outbox-stall.
    assert longest < 0.25 * SLOWDOWN


@of_plain_sockets
@measures_memory
async def test_ten_thousand_that_never_read(start_server):
    """Their outboxes together are bounded by limits.outboxes-bytes, of which
    the allocator makes twice as much at worst. With limits.outbox-bytes alone
    they could hold 10 GiB."""
    size, messages, block = TEN_THOUSAND, 30, "x" * 60_000
    allow_descriptors(size + 500)
    service = start_server(
        "limits.messages-per-second=0", "limits.max-connections=10100",
        "limits.outboxes-bytes=12582912", "limits.outbox-stall=20s",
        "limits.members-announced=0", "history.size=0", "log.level=info",
        "limits.handshake-timeout=60s", *PATIENT)
    with Crowd(service, "tea", size) as crowd:
        async with Client(service, "/ws/reader?room=tea") as reader, \
                Client(service, "/ws/talker") as talker:
            await eventually(service.total, size + 2, deadline=3 * DEADLINE)
            await talker.join("tea")
            before = resident(service)
            async with Peak(service) as peak:
                for n in range(messages):
                    await talker.send("chat", room="tea", content=[n, block])
                    await reader.until("chat", content=[n, block])
                    await talker.until("chat", content=[n, block])
                await eventually(service.total, 2, deadline=4 * DEADLINE)
    print(f"rise {(peak.bytes - before) / MEBIBYTE:.1f} MiB")
    assert peak.bytes - before < RISE
    # Not of its log, which may have been too fast for whoever reads it here.
    assert with_label(scrape(service), "parlor_connections_closed_total")[
        "4008"] == size
