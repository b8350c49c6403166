# SPDX-License-Identifier: MIT
"""No descriptors left: accepting pauses, nobody who is there notices, and it
goes on by itself."""

import asyncio
import resource
import time

from support.client import Client
from support.environment import (
    DEADLINE, SLOWDOWN, of_plain_sockets, without_sanitizer)
from support.process import cpu_seconds
from support.raw_client import RawSocket
from support.waiting import eventually

DESCRIPTORS = 80

REQUEST = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def answers(peer):
    return peer.read_head() == 200


@without_sanitizer
@of_plain_sockets
async def test_without_descriptors_accepting_pauses_and_goes_on(start_server):
    service = start_server("limits.handshake-timeout=60s", "limits.http-idle=60s")
    resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE,
                     (DESCRIPTORS, DESCRIPTORS))
    async with Client(service, "/ws/ann") as ann:
        # More than it can accept; those that it does not wait in the kernel.
        peers = [RawSocket(service) for _ in range(2 * DESCRIPTORS)]
        for peer in peers:
            peer.send(REQUEST)
        await service.logged(event="accepting connections fails")
        # The pauses reach a second; ann is served meanwhile.
        await asyncio.sleep(2)
        began, used = time.monotonic(), cpu_seconds(service)
        while time.monotonic() - began < 3:
            await ann.ok("rooms")
            await asyncio.sleep(0.1)
        used = cpu_seconds(service) - used
        print(f"{used:.2f} s of CPU in 3 s")
        assert used < 0.3 * SLOWDOWN
        # Half of them go, and the others have their turn.
        served = [peer for peer in peers if peer.listen(0.001) is not None
                  and peer.heard(b"HTTP/1.1 200")]
        assert 0 < len(served) < DESCRIPTORS
        for peer in served:
            peer.socket.close()
        waiting = [peer for peer in peers if peer not in served]
        assert await asyncio.to_thread(answers, waiting[0])
        for peer in waiting:
            peer.socket.close()
        # And so has who comes now.
        await eventually(lambda: service.http.get("/health/live").status, 200,
                         deadline=DEADLINE)
        async with Client(service, "/ws/bob") as bob:
            await bob.ok("rooms")
    service.stop()
    assert len(service.log.find(event="accepting connections fails")) < 20
