# SPDX-License-Identifier: MIT
"""S2's manager with user ids: one connection a user, the newest."""

import pytest

from support.client import Client
from support.waiting import eventually


@pytest.fixture
def service(start_server):
    return start_server("limits.max-connections-per-user=1")


async def test_a_new_connection_replaces_the_old_one(service):
    async with Client(service, "/ws/ann") as old:
        async with Client(service, "/ws/ann") as new:
            frames = await old.expect_close(
                4000, reason="Replaced by new connection")
            assert frames[-1]["type"] == "closing"
            assert frames[-1]["code"] == 4000
            assert frames[-1]["reason"] == "Replaced by new connection"
            assert frames[-1]["reconnect"] is False
            await new.send("ping", id=1)
            await new.expect("pong", id=1)
            await eventually(service.total, 1)


async def test_the_end_of_the_old_connection_leaves_the_new_one_alone(service):
    async with Client(service, "/ws/ann") as old:
        async with Client(service, "/ws/ann") as new, \
                Client(service, "/ws/bob") as bob:
            await old.expect_close(4000)
            await service.logged(event="client gone", connection=old.id)
            reply = await bob.ok("private", to="ann", content="are you there")
            assert reply["delivered"] == 1
            await new.expect("private", content="are you there", sender="bob")


async def test_a_replaced_member_leaves_its_rooms(service):
    async with Client(service, "/ws/bob") as bob, \
            Client(service, "/ws/ann") as old:
        await bob.join("tea")
        await old.join("tea")
        async with Client(service, "/ws/ann") as new:
            await bob.until("user_left", user_id="ann", room="tea")
            assert (await bob.ok("members", room="tea"))["members"] == ["bob"]
            assert (await new.ok("rooms"))["rooms"] == []
            await new.join("tea")
            await bob.until("user_joined", user_id="ann")


async def test_a_hundred_replacements_leave_one_connection(service):
    last = None
    for _ in range(100):
        client = await Client(service, "/ws/ann").__aenter__()
        if last is not None:
            await last.expect_close(4000, reason="Replaced by new connection")
        last = client
    await eventually(service.total, 1)
    answer = service.http.post(
        "/api/v1/send", {"user": "ann", "content": "to the last"})
    assert answer.json == {"delivered": 1}
    await last.expect("private", content="to the last")
    await last.close()


async def test_a_user_is_sent_to_by_id(service):
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await bob.send("private", to="ann", content="only you")
        await ann.expect("private", content="only you", sender="bob", to="ann")
        await bob.send("ping", id="after")
        await bob.expect("pong", id="after")


async def test_a_broadcast_can_exclude_a_user(service):
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        for content, without in (("not ann", "ann"), ("not bob", "bob")):
            answer = service.http.post(
                "/api/v1/broadcast", {"content": content, "exclude": without})
            assert answer.status == 200
        await ann.expect("system", content="not bob")
        await bob.expect("system", content="not ann")


async def test_the_online_users_are_listed(service):
    async with Client(service, "/ws/bob"), Client(service, "/ws/ann"):
        await eventually(
            lambda: {one["user_id"]
                     for one in service.admin("/admin/users")["users"]},
            {"ann", "bob"})
