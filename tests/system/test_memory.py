# SPDX-License-Identifier: MIT
"""Memory that was needed once is given back when it is not any more."""

import asyncio

from support.client import Client
from support.environment import measures_memory
from support.process import resident
from support.waiting import eventually

CLIENTS = 100
ROOMS = 120  # each; at most limits.rooms-per-connection


async def fill(service, number):
    client = Client(service, f"/ws/user{number}")
    await client.__aenter__()
    for room in range(ROOMS):
        await client.join(f"{number}-{room}")
    return client


@measures_memory
async def test_rooms_that_ended_leave_no_memory_behind(start_server):
    service = start_server("limits.messages-per-second=0")
    before = resident(service)
    clients = await asyncio.gather(*(fill(service, i) for i in range(CLIENTS)))
    full = resident(service)
    assert full - before > 20_000_000
    for client in clients:
        await client.close()
    await eventually(service.total, 0)
    # It looks every 10 s.
    await eventually(lambda: resident(service) - before < 8_000_000, True,
                     deadline=60)
