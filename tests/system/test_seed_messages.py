# SPDX-License-Identifier: MIT
"""S2's typed message protocol, frame by frame."""

import pytest

from support.client import Client
from support.shapes import (ANY, TIMESTAMP, chat, error, user_joined,
                            user_left)
from support.waiting import unique


@pytest.fixture
def room():
    return unique("room")


def user(name):
    return f"/ws/{unique(name)}"


async def test_connected_tells_the_client_who_and_where_it_is(server):
    async with Client(server, "/ws/greeted") as ann:
        hello = ann.connected
        assert hello["user_id"] == "greeted"
        assert isinstance(hello["rooms"], list)
        assert isinstance(hello["connection"], str) and hello["connection"]
        assert isinstance(hello["node"], str) and hello["node"]
        assert hello["ping_ms"] == 15000
        assert isinstance(hello["limits"], dict) and hello["limits"]


async def test_connected_lists_the_rooms_that_have_members(start_server):
    service = start_server()
    async with Client(service, "/ws/ann") as ann:
        assert ann.connected["rooms"] == []
        await ann.join("tea")
        async with Client(service, "/ws/bob") as bob:
            assert bob.connected["rooms"] == ["tea"]


async def test_connected_lists_at_most_a_hundred_rooms(start_server):
    service = start_server("limits.rooms-per-connection=200",
                           "limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann:
        for n in range(120):
            await ann.join(f"room-{n}")
        async with Client(service, "/ws/bob") as bob:
            assert len(bob.connected["rooms"]) == 100


async def test_a_join_is_answered_and_told_to_the_others(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        reply = await ann.request("join", room=room, id="j1")
        assert reply == {
            "type": "reply", "id": "j1", "ok": True, "room": room,
            "epoch": ANY, "seq": 1, "members": [ann.user],
            "recovered": False, "replayed": 0}
        assert isinstance(reply["epoch"], str) and reply["epoch"]
        second = await bob.join(room)
        assert second["seq"] == 2 and second["epoch"] == reply["epoch"]
        assert second["members"] == sorted([ann.user, bob.user])
        assert await ann.receive() == user_joined(
            bob.user, room, sorted([ann.user, bob.user]), 2)


async def test_a_chat_reaches_every_member_and_its_sender(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        await ann.join(room)
        joined = await bob.join(room)
        await ann.expect("user_joined")
        reply = await bob.request("chat", room=room, content="hi", id=7)
        assert reply == {"type": "reply", "id": 7, "ok": True, "seq": 3,
                         "epoch": joined["epoch"]}
        expected = chat(room, "hi", bob.user, 3)
        assert await ann.receive() == expected
        assert await bob.receive() == expected


async def test_without_an_id_nothing_is_answered(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.send("join", room=room)
        await ann.send("chat", room=room, content="first")
        await ann.send("leave", room=room)
        await ann.send("join", room=room, id="again")
        await ann.answer("again")
        assert await ann.receive() == chat(room, "first", ann.user, 2)
        await ann.send("ping")
        await ann.expect("pong")


@pytest.mark.parametrize("key", ["type", "action"])
@pytest.mark.parametrize("word", ["chat", "message"])
async def test_both_words_and_both_keys_publish(server, room, key, word):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await ann.send_json({key: word, "room": room, "content": "x"})
        assert await ann.receive() == chat(room, "x", ann.user, 2)


async def test_what_a_client_says_of_itself_is_not_believed(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room, sender="root", user_id="root", seq=99)
        await ann.send("chat", room=room, content="x", sender="root",
                       user_id="root", timestamp="1970", seq=99)
        assert await ann.receive() == chat(room, "x", ann.user, 2)
        await ann.send("private", to=ann.user, content="y", sender="root",
                       timestamp="1970")
        await ann.expect("private", sender=ann.user, timestamp=TIMESTAMP)


async def test_a_private_message_reaches_its_user_alone(server):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        reply = await ann.request("private", to=bob.user, content={"n": [1]},
                                  id="p")
        assert reply == {"type": "reply", "id": "p", "ok": True,
                         "delivered": 1}
        assert await bob.receive() == {
            "type": "private", "to": bob.user, "content": {"n": [1]},
            "sender": ann.user, "timestamp": TIMESTAMP}
        await ann.send("ping", id="end")
        await ann.expect("pong", id="end")


async def test_leaving_is_told_to_the_others_with_its_reason(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        await ann.join(room)
        await bob.join(room)
        await ann.expect("user_joined")
        await bob.ok("leave", room=room)
        assert await ann.receive() == user_left(bob.user, room, "left", 3)
        await ann.say(room, "alone")
        again = await bob.join(room)
        assert again["seq"] == 5 and again["members"] == sorted(
            [ann.user, bob.user])


async def test_an_unknown_type_is_the_seeds_error(server):
    async with Client(server, user("ann")) as ann:
        await ann.send("dance")
        frame = await ann.receive()
        assert frame == error("unknown_type")
        assert frame["message"] == "Unknown message type: dance"
        assert frame["retryable"] is False


async def test_a_system_message_reaches_everyone(start_server):
    service = start_server()
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/chat/bob") as bob:
        service.http.post("/api/v1/broadcast", {"content": "down at 5"})
        for client in (ann, bob):
            assert await client.receive() == {
                "type": "system", "content": "down at 5",
                "timestamp": TIMESTAMP}


async def test_ping_is_answered_by_pong(server):
    async with Client(server, user("ann")) as ann:
        await ann.send("ping")
        assert await ann.receive() == {"type": "pong"}
        await ann.send("ping", id=5)
        assert await ann.receive() == {"type": "pong", "id": 5}
