# SPDX-License-Identifier: MIT
"""PROTOCOL §6: each row where the seeds' code is wrong, and what holds."""

import asyncio
import contextlib

import pytest

from support.client import Client
from support.raw_client import RawClient
from support.shapes import chat, error, user_left
from support.waiting import eventually, unique


@pytest.fixture
def room():
    return unique("room")


def user(name):
    return f"/ws/{unique(name)}"


async def test_a_disconnect_removes_only_its_own_connection(start_server):
    service = start_server("limits.max-connections-per-user=1")
    async with Client(service, "/ws/bob") as bob, \
            Client(service, "/ws/ann") as old:
        await bob.join("tea")
        await old.join("tea")
        async with Client(service, "/ws/ann") as new:
            await new.join("tea")
            await old.expect_close(4000, reason="Replaced by new connection")
            await service.logged(event="client gone", connection=old.id)
            reply = await bob.ok("private", to="ann", content="you")
            assert reply["delivered"] == 1
            await new.until("private", content="you")
            await bob.say("tea", "all")
            await new.until("chat", content="all")
            assert (await bob.ok("members", room="tea"))["members"] == [
                "ann", "bob"]
        await bob.until("user_left", user_id="ann", reason="closed")


async def test_the_last_one_out_ends_the_room(start_server):
    service = start_server()
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        first = await ann.join("tea")
        await bob.join("tea")
        await ann.ok("leave", room="tea")
        await bob.close()
        await eventually(lambda: service.admin()["rooms"], [])
        assert service.admin("/admin/rooms")["rooms"] == []
        again = await ann.join("tea")
        assert again["seq"] == 1 and again["epoch"] != first["epoch"]


@pytest.mark.parametrize("way_out, reason", [
    ("leave", "left"), ("close", "closed"), ("vanish", "closed")])
async def test_whoever_goes_is_told_to_have_left(
        server, room, way_out, reason):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        await ann.join(room)
        await bob.join(room)
        await ann.expect("user_joined")
        if way_out == "leave":
            await bob.send("leave", room=room)
        elif way_out == "close":
            await bob.close()
        else:
            bob.vanish()
        assert await ann.receive() == user_left(bob.user, room, reason, 3)


async def test_a_client_over_capacity_sees_4003_and_not_1006(start_server):
    service = start_server("limits.max-connections=1")
    async with Client(service, "/ws/ann"):
        async with Client(service, "/ws/bob", greeted=False) as bob:
            await bob.expect_close(4003, reason="Server at capacity")


async def test_a_join_with_a_sender_is_a_join(server, room):
    async with Client(server, user("ann")) as ann:
        reply = await ann.ok("join", room=room, sender="somebody")
        assert reply["members"] == [ann.user]


async def test_leave_is_handled(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await ann.ok("leave", room=room)
        assert await ann.request("chat", room=room, content="x", id=1) == \
            error("not_in_room", id=1)


@pytest.mark.parametrize("frame", [
    {"type": "join"}, {"type": "leave"}, {"type": "chat", "room": "r"},
    {"type": "chat", "content": "c"}, {"type": "message"},
    {"type": "private", "to": "u"}, {"type": "private", "content": "c"},
    {"type": "members"}, {}])
async def test_a_missing_key_keeps_the_connection(server, frame):
    async with Client(server, user("ann")) as ann:
        await ann.send_json(frame)
        assert await ann.receive() == error("bad_request")
        await ann.send_json({**frame, "id": "again"})
        assert await ann.receive() == error("bad_request", id="again")
        await ann.send("ping", id="alive")
        await ann.expect("pong", id="alive")


async def test_who_is_not_in_the_room_cannot_speak_in_it(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("eve")) as eve:
        await ann.join(room)
        await eve.send("chat", room=room, content="intrusion")
        assert await eve.receive() == error("not_in_room")
        assert await eve.request("chat", room=room, content="x", id=2) == \
            error("not_in_room", id=2)
        await ann.say(room, "undisturbed")
        assert await ann.receive() == chat(room, "undisturbed", ann.user, 2)


async def test_above_a_hundred_members_only_their_number_is_sent(
        server, room):
    async with contextlib.AsyncExitStack() as stack:
        ann = await stack.enter_async_context(Client(server, user("ann")))
        await ann.join(room)
        for count in range(2, 103):
            client = await stack.enter_async_context(
                Client(server, user("member")))
            reply = await client.join(room)
            frame = await ann.expect("user_joined", user_id=client.user)
            for shown in (reply, frame):
                if count <= 100:
                    assert len(shown["members"]) == count
                    assert shown["members"] == sorted(shown["members"])
                else:
                    assert "members" not in shown
                    assert shown["member_count"] == count
        reply = await ann.ok("members", room=room)
        assert "members" not in reply and reply["member_count"] == 102


async def test_a_second_connection_does_not_hide_the_first(server, room):
    path = user("ann")
    async with Client(server, path) as first, Client(server, path) as second, \
            Client(server, user("bob")) as bob:
        for client in (first, second, bob):
            await client.join(room)
        reply = await bob.ok("private", to=first.user, content="both")
        assert reply["delivered"] == 2
        for client in (first, second):
            await client.until("private", content="both")
        await bob.say(room, "all")
        for client in (first, second):
            await client.expect("chat", content="all")
        await second.close()
        await server.logged(event="client gone", connection=second.id)
        reply = await bob.ok("private", to=first.user, content="one")
        assert reply["delivered"] == 1
        await first.expect("private", content="one")


async def test_a_member_that_does_not_read_holds_nobody_up(start_server):
    service = start_server("limits.messages-per-second=0")
    text = "x" * 10000
    with RawClient(service, "/ws/slow?room=tea", receive_buffer=4096):
        async with Client(service, "/ws/ann") as ann, \
                Client(service, "/ws/bob") as bob:
            await ann.join("tea")
            await bob.join("tea")
            for n in range(300):
                await ann.send("chat", room="tea", content=[n, text])
            for client in (ann, bob):
                for n in range(300):
                    await client.until("chat", content=[n, text])


async def test_members_that_go_during_a_broadcast_cost_others_nothing(
        start_server):
    service = start_server("limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("tea")
        await bob.join("tea")
        for turn in range(10):
            going = [Client(service, f"/ws/going-{n}?room=tea")
                     for n in range(8)]
            await asyncio.gather(*(client.__aenter__() for client in going))
            for n, client in enumerate(going):
                await ann.send("chat", room="tea", content=[turn, n])
                client.vanish()
        for turn in range(10):
            for n in range(8):
                await bob.until("chat", content=[turn, n])
        await eventually(lambda: service.admin()["users_per_room"],
                         {"tea": ["ann", "bob"]})
