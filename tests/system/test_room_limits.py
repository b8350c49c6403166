# SPDX-License-Identifier: MIT
"""PROTOCOL §7: the limits of rooms and of what is told about members."""

import pytest
import websockets

from support.client import Client
from support.shapes import chat
from support.waiting import eventually


async def test_a_connection_has_so_many_rooms_and_no_more(start_server):
    service = start_server("limits.rooms-per-connection=2")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/ann") as tab:
        await ann.join("one")
        await ann.join("two")
        await ann.join("two")
        assert (await ann.error("join", room="three"))["code"] == \
            "limit_exceeded"
        assert sorted((await ann.ok("rooms"))["rooms"]) == ["one", "two"]
        await tab.join("three")
        await tab.ok("leave", room="three")
        await ann.ok("leave", room="one")
        await ann.join("three")


async def test_too_many_rooms_in_the_query_are_refused(start_server):
    service = start_server("limits.rooms-per-connection=2")
    async with Client(service, "/ws/ann?room=a&room=b"):
        pass
    with pytest.raises(websockets.InvalidStatusCode) as refusal:
        async with Client(service, "/ws/ann?room=a&room=b&room=c"):
            pass
    assert refusal.value.status_code == 400


async def test_a_full_room_refuses_a_join(start_server):
    service = start_server("limits.members-per-room=2")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob, \
            Client(service, "/ws/eve") as eve:
        await ann.join("tea")
        await bob.join("tea")
        assert (await eve.error("join", room="tea"))["code"] == "room_full"
        assert (await eve.error("chat", room="tea", content="x"))["code"] == \
            "not_in_room"
        assert await ann.expect("user_joined", user_id="bob")
        await ann.say("tea", "calm")
        assert await ann.receive() == chat("tea", "calm", "ann", 3)
        await bob.ok("leave", room="tea")
        assert (await eve.join("tea"))["members"] == ["ann", "eve"]


async def test_the_service_has_so_many_rooms_and_no_more(start_server):
    service = start_server("limits.rooms=2")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("one")
        await ann.join("two")
        assert (await bob.error("join", room="three"))["code"] == \
            "limit_exceeded"
        answer = service.http.post(
            "/api/v1/publish", {"room": "three", "content": "x"})
        assert answer.status == 429 and answer.is_problem
        await bob.join("one")
        await ann.ok("leave", room="two")
        await eventually(lambda: service.admin()["rooms"], ["one"])
        await bob.join("three")


async def test_above_members_listed_only_the_number_is_sent(start_server):
    service = start_server("limits.members-listed=2")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob, \
            Client(service, "/ws/eve") as eve:
        await ann.join("tea")
        assert (await bob.join("tea"))["members"] == ["ann", "bob"]
        await ann.expect("user_joined", members=["ann", "bob"])
        for frame in (await eve.join("tea"), await bob.receive(),
                      await ann.receive(),
                      await ann.ok("members", room="tea")):
            assert frame["member_count"] == 3 and "members" not in frame
        assert service.admin()["users_per_room"] == {
            "tea": ["ann", "bob", "eve"]}


async def test_above_members_announced_only_the_count_is_told(start_server):
    service = start_server("limits.members-announced=2")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob, \
            Client(service, "/ws/eve") as eve, \
            Client(service, "/chat/zoe") as zoe:
        for client in (ann, bob, eve):
            await client.join("tea")
        before = (await ann.say("tea", "before"))["seq"]
        await ann.until("chat", content="before")
        assert (await zoe.join("tea"))["seq"] == before
        await zoe.until("user_joined", user_id="zoe", room="tea")
        assert await until_count(ann, 4) == []
        await zoe.close()
        assert await until_count(ann, 3) == []
        assert (await bob.say("tea", "after"))["seq"] == before + 1


async def until_count(client, count):
    """Reads up to that members_count; answers what else came."""
    others = []
    while (frame := await client.receive()) != {
            "type": "members_count", "room": "tea", "count": count}:
        if frame["type"] != "members_count":
            others.append(frame)
    return others
