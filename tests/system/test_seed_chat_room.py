# SPDX-License-Identifier: MIT
"""S2's complete chat room: /chat/{user_id} and the dialect `action`."""

import pytest

from support.client import Client
from support.shapes import (ANY, TIMESTAMP, chat, error, message, user_joined,
                            user_left)
from support.waiting import unique


@pytest.fixture
def room():
    return unique("room")


def user(name):
    return f"/chat/{unique(name)}"


async def act(client, action, **fields):
    """A frame as this seed's clients write it."""
    await client.send_json({"action": action, **fields})


async def test_a_whole_visit_looks_as_in_the_seed(start_server):
    service = start_server()
    async with Client(service, "/chat/ann") as ann:
        assert ann.connected["user_id"] == "ann"
        assert ann.connected["rooms"] == []
        await act(ann, "join", room="tea")
        assert await ann.receive() == user_joined("ann", "tea", ["ann"], 1)
        async with Client(service, "/chat/bob") as bob:
            assert bob.connected["rooms"] == ["tea"]
            await act(bob, "join", room="tea")
            joined = user_joined("bob", "tea", ["ann", "bob"], 2)
            assert await bob.receive() == joined
            assert await ann.receive() == joined
            await act(ann, "message", room="tea", content="hi bob")
            expected = message("tea", "hi bob", "ann", 3)
            assert await ann.receive() == expected
            assert await bob.receive() == expected
            await act(bob, "leave", room="tea")
            assert await ann.receive() == user_left("bob", "tea", "left", 4)
        await act(ann, "message", room="tea", content="alone")
        assert await ann.receive() == message("tea", "alone", "ann", 5)


async def test_the_reply_of_a_join_comes_with_an_id(server, room):
    async with Client(server, user("ann")) as ann:
        reply = await ann.request("join", room=room)
        assert reply["ok"] is True and reply["seq"] == 1
        assert await ann.receive() == user_joined(
            ann.user, room, [ann.user], 1)


async def test_a_disconnect_tells_the_others(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        async with Client(server, user("bob")) as bob:
            await bob.join(room)
            await ann.until("user_joined", user_id=bob.user)
        assert await ann.receive() == user_left(bob.user, room, "closed", 3)


async def test_a_private_message_has_the_senders_user_id(server):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        await act(ann, "private", to=bob.user, content="psst")
        assert await bob.receive() == {
            "type": "private", "to": bob.user, "content": "psst",
            "user_id": ann.user, "timestamp": TIMESTAMP}


async def test_a_second_tab_is_told_to_itself_alone(server, room):
    path = user("ann")
    async with Client(server, path) as first, \
            Client(server, user("bob")) as bob, \
            Client(server, path) as second:
        await first.join(room)
        await bob.join(room)
        members = sorted([first.user, bob.user])
        await first.until("user_joined", user_id=bob.user)
        await bob.expect("user_joined", user_id=bob.user)
        assert (await second.join(room))["seq"] == 2
        assert await second.receive() == user_joined(
            first.user, room, members, 2)
        await bob.say(room, "next")
        for client in (first, second, bob):
            assert await client.receive() == message(room, "next", bob.user, 3)


async def test_the_end_of_one_tab_is_no_event(server, room):
    path = user("ann")
    async with Client(server, path) as first, \
            Client(server, user("bob")) as bob:
        await first.join(room)
        await bob.join(room)
        await bob.expect("user_joined")
        async with Client(server, path) as second:
            await second.join(room)
            await second.ok("leave", room=room)
            await second.join(room)
        await server.logged(event="client gone", connection=second.id)
        await bob.say(room, "next")
        assert await bob.receive() == message(room, "next", bob.user, 3)
        await first.close()
        assert await bob.receive() == user_left(
            first.user, room, "closed", 4)


async def test_a_second_join_of_one_connection_changes_nothing(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        await ann.join(room)
        await ann.expect("user_joined")
        first = await bob.join(room)
        await bob.expect("user_joined")
        await ann.expect("user_joined")
        again = await bob.join(room)
        assert {**again, "id": ANY} == {**first, "id": ANY}
        await bob.say(room, "only this")
        expected = message(room, "only this", bob.user, 3)
        assert await ann.receive() == expected
        assert await bob.receive() == expected


async def test_both_dialects_meet_in_one_room(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, f"/ws/{unique('bob')}") as bob:
        await ann.join(room)
        await ann.expect("user_joined")
        await bob.join(room)
        await ann.expect("user_joined", user_id=bob.user)
        await ann.say(room, "one")
        await bob.say(room, "two")
        assert await ann.receive() == message(room, "one", ann.user, 3)
        assert await bob.receive() == chat(room, "one", ann.user, 3)
        assert await ann.receive() == message(room, "two", bob.user, 4)
        assert await bob.receive() == chat(room, "two", bob.user, 4)


async def test_errors_are_told_as_in_the_typed_dialect(server, room):
    async with Client(server, user("ann")) as ann:
        await act(ann, "dance")
        frame = await ann.receive()
        assert frame == error("unknown_type")
        assert frame["message"] == "Unknown message type: dance"
        await act(ann, "message", room=room, content="x", id="m")
        assert await ann.receive() == error("not_in_room", id="m")


async def test_connecting_with_rooms_joins_them_after_connected(server, room):
    async with Client(server, f"{user('ann')}?room={room}-1&room={room}-2") \
            as ann:
        joined = {(await ann.expect("user_joined"))["room"] for _ in range(2)}
        assert joined == {f"{room}-1", f"{room}-2"}
