# SPDX-License-Identifier: MIT
"""S2's LimitedConnectionManager: capacity, and connections of one user."""

import asyncio
import contextlib

from support.client import Client
from support.waiting import eventually


async def test_a_full_service_accepts_and_closes_with_4003(start_server):
    service = start_server("limits.max-connections=2")
    async with Client(service, "/ws/ann") as ann, Client(service, "/ws/bob"):
        late = Client(service, "/ws/carol", greeted=False)
        async with late:
            frames = await late.expect_close(4003, reason="Server at capacity")
        assert [frame["type"] for frame in frames] == ["closing"]
        assert frames[0]["code"] == 4003
        assert frames[0]["reconnect"] is True
        await ann.send("ping", id=1)
        await ann.expect("pong", id=1)


async def test_a_place_that_gets_free_can_be_taken(start_server):
    service = start_server("limits.max-connections=1")
    async with Client(service, "/ws/ann") as ann:
        ann.vanish()
        await eventually(service.total, 0)
        async with Client(service, "/ws/bob"):
            await eventually(service.total, 1)


async def test_refused_clients_take_no_place(start_server):
    service = start_server("limits.max-connections=1")
    async with Client(service, "/ws/ann") as ann:
        for _ in range(10):
            async with Client(service, "/ws/bob", greeted=False) as refused:
                await refused.expect_close(4003)
        assert service.total() == 1
        await ann.close()
        await eventually(service.total, 0)
        async with Client(service, "/ws/bob"):
            pass


async def test_a_refused_client_evicts_nobody(start_server):
    service = start_server("limits.max-connections=1",
                           "limits.max-connections-per-user=1")
    async with Client(service, "/ws/bob") as bob:
        async with Client(service, "/ws/carol", greeted=False) as carol:
            await carol.expect_close(4003, reason="Server at capacity")
        await bob.send("ping", id=1)
        await bob.expect("pong", id=1)


async def test_the_sixth_connection_of_a_user_closes_the_first(server):
    async with contextlib.AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(Client(server, "/ws/six"))
                for _ in range(6)]
        frames = await tabs[0].expect_close(4000, reason="Too many connections")
        assert frames[-1]["type"] == "closing"
        assert frames[-1]["reconnect"] is False
        sender = await stack.enter_async_context(Client(server, "/ws/sender"))
        reply = await sender.ok("private", to="six", content="to five")
        assert reply["delivered"] == 5
        for tab in tabs[1:]:
            await tab.expect("private", content="to five")


async def test_with_reject_new_the_newcomer_is_refused(start_server):
    service = start_server("limits.max-connections-per-user=2",
                           "limits.per-user-policy=reject-new")
    async with Client(service, "/ws/ann") as first, \
            Client(service, "/ws/ann") as second:
        async with Client(service, "/ws/ann", greeted=False) as third:
            frames = await third.expect_close(
                4003, reason="Too many connections")
        assert [frame["type"] for frame in frames] == ["closing"]
        assert frames[0]["reconnect"] is True
        for tab in (first, second):
            await tab.send("ping", id=1)
            await tab.expect("pong", id=1)


async def test_many_at_once_never_pass_the_limit(start_server):
    service = start_server("limits.max-connections=10")

    async def attempt(n):
        client = Client(service, f"/ws/user-{n}", greeted=False)
        await client.__aenter__()
        first = await client.receive()
        if first["type"] == "closing":
            await client.expect_close(4003, reason="Server at capacity")
        return client, first["type"] == "connected"

    results = await asyncio.gather(*(attempt(n) for n in range(40)))
    assert sum(lives for _, lives in results) == 10
    await eventually(service.total, 10)
    for client, _ in results:
        await client.close()
    await eventually(service.total, 0)


async def test_many_at_once_of_one_user_end_with_the_limit(start_server):
    service = start_server("limits.max-connections-per-user=3")
    clients = [Client(service, "/ws/ann", greeted=False) for _ in range(30)]
    await asyncio.gather(*(client.__aenter__() for client in clients))
    await eventually(service.total, 3)
    assert service.admin("/admin/stats")["unique_users"] == 1
    for client in clients:
        await client.close()
    await eventually(service.total, 0)


async def test_the_statistics_are_the_seeds(start_server):
    service = start_server("limits.max-connections=7")
    async with Client(service, "/ws/ann"), Client(service, "/ws/ann"), \
            Client(service, "/ws/bob"):
        stats = service.admin("/admin/stats")
        assert {"total_connections": 3, "unique_users": 2,
                "max_connections": 7}.items() <= stats.items()
