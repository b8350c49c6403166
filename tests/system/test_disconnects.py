# SPDX-License-Identifier: MIT
"""Both exercises of the seeds: whatever the way out, everything is undone."""

import contextlib

import pytest

from support.child_client import child_client
from support.client import Client
from support.crowd import PATIENT
from support.environment import SLOWDOWN
from support.raw_client import RawClient
from support.waiting import eventually


@pytest.fixture
def service(start_server):
    return start_server("heartbeat.interval=200ms",
                        f"heartbeat.timeout={int(5000 * SLOWDOWN)}ms")


@pytest.fixture
def patient(start_server):
    """Of those who go it does not hear by their silence."""
    return start_server(*PATIENT)


def exercise(service):
    """What S0 asks /admin/connections for."""
    seen = service.admin()
    return (sorted(seen["rooms"]), seen["total"],
            {room: sorted(users)
             for room, users in seen["users_per_room"].items()})


async def test_three_clients_and_a_force_quit_are_counted_right(patient):
    service = patient
    async with Client(service, "/ws/ann?room=tea"), \
            Client(service, "/ws/bob?room=tea"), \
            child_client(service, "carol", "milk") as carol:
        await eventually(lambda: exercise(service), (
            ["milk", "tea"], 3, {"milk": ["carol"], "tea": ["ann", "bob"]}))
        carol.kill()
        await eventually(lambda: exercise(service), (
            ["tea"], 2, {"tea": ["ann", "bob"]}))
    await eventually(lambda: exercise(service), ([], 0, {}))


async def count_after(service, connection):
    line = await service.logged(event="client gone", connection=connection)
    return line["code"], line["verdict"], line["active_connections"]


async def test_the_counter_goes_up_and_down(service):
    async with Client(service, "/ws/ann") as ann:
        line = await service.logged(
            event="client connected", connection=ann.id)
        assert line["user"] == "ann" and line["active_connections"] == 1
        async with Client(service, "/ws/bob") as bob:
            line = await service.logged(
                event="client connected", connection=bob.id)
            assert line["active_connections"] == 2
        assert await count_after(service, bob.id) == (1000, "clean close", 1)
    assert await count_after(service, ann.id) == (1000, "clean close", 0)


@pytest.mark.parametrize("code, verdict", [
    (1000, "clean close"), (1001, "client navigated away"),
    (1011, "disconnect"), (3000, "disconnect"), (4999, "disconnect")])
async def test_a_close_has_its_verdict(service, code, verdict):
    async with Client(service, "/ws/ann") as ann:
        await ann.close(code, "good bye")
        line = await service.logged(event="client gone", connection=ann.id)
        assert line["code"] == code and line["verdict"] == verdict
        assert line["reason"] == "good bye" and line["user"] == "ann"
        assert line["active_connections"] == 0


async def test_a_killed_process_is_counted_out(service):
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        async with child_client(service, "carol", "tea") as carol:
            await ann.until("user_joined", user_id="carol")
            carol.kill()
            await ann.until("user_left", user_id="carol", reason="closed")
        line = await service.logged(event="client gone", user="carol")
        assert line["verdict"] == "abnormal close" and line["code"] == 1006
        assert line["active_connections"] == 1
    assert (await count_after(service, ann.id))[2] == 0


async def test_a_vanished_socket_is_counted_out(service):
    async with Client(service, "/ws/ann") as ann:
        ann.vanish()
        assert await count_after(service, ann.id) == (
            1006, "abnormal close", 0)


async def test_a_reset_socket_is_counted_out(service):
    async with Client(service, "/ws/bob") as bob:
        await bob.join("tea")
        async with Client(service, "/ws/ann") as ann:
            await ann.join("tea")
            ann.reset()
            assert await count_after(service, ann.id) == (
                1006, "abnormal close", 1)
        await bob.until("user_left", user_id="ann", reason="closed")


async def test_a_half_open_client_is_counted_out(service):
    async with Client(service, "/ws/bob") as bob:
        await bob.join("tea")
        with RawClient(service, "/ws/ann?room=tea") as ann:
            id = ann.until("connected")["connection"]
            await bob.until("user_left", user_id="ann", reason="timeout")
            assert await count_after(service, id) == (
                1006, "abnormal close", 1)
        await bob.close()
        assert (await count_after(service, bob.id))[2] == 0


async def test_after_every_way_out_at_once_nothing_is_left(service):
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(
            Client(service, f"/ws/user-{n}?room=tea")) for n in range(12)]
        silent = stack.enter_context(RawClient(service, "/ws/half?room=tea"))
        silent.until("connected")
        child = await stack.enter_async_context(
            child_client(service, "child", "tea"))
        child.kill()
        for n, client in enumerate(clients):
            if n % 3 == 0:
                client.vanish()
            elif n % 3 == 1:
                client.reset()
            else:
                await client.close()
        await eventually(lambda: exercise(service), ([], 0, {}))
    service.stop()
    assert len(service.log.find(event="client connected")) == 14
    assert len(service.log.find(event="client gone")) == 14


async def test_a_client_that_goes_before_its_join_is_done_is_no_ghost(patient):
    service = patient
    for turn in range(30):
        client = Client(service, f"/ws/user-{turn}?room=tea")
        await client.__aenter__()
        await client.send("join", room="milk")
        client.reset()
    await eventually(lambda: exercise(service), ([], 0, {}))
