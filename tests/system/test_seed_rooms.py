# SPDX-License-Identifier: MIT
"""S2's RoomManager: JSON commands in, plain lines out."""

import pytest

from support.client import Client, TextClient
from support.waiting import eventually


@pytest.fixture
def service(start_server):
    return start_server()


def member(service, user):
    return TextClient(service, f"/ws/{user}?dialect=text")


async def test_others_read_who_joined_and_the_joiner_does_not(service):
    async with member(service, "ann") as ann, member(service, "bob") as bob:
        await ann.send("join", room="tea")
        await ann.send("message", room="tea", content="first")
        await ann.expect("ann: first")
        await bob.send("join", room="tea")
        await bob.send("message", room="tea", content="second")
        await ann.expect("bob joined tea")
        await ann.expect("bob: second")
        await bob.expect("bob: second")


async def test_others_read_who_left_and_the_one_who_leaves_does_not(service):
    async with member(service, "ann") as ann, member(service, "bob") as bob:
        await ann.send("join", room="tea")
        await ann.send("message", room="tea", content="first")
        await ann.expect("ann: first")
        await bob.send("join", room="tea")
        await ann.expect("bob joined tea")
        await bob.send("leave", room="tea")
        await ann.expect("bob left tea")
        await ann.send("message", room="tea", content="unheard by bob")
        await ann.expect("ann: unheard by bob")
        await bob.send("join", room="tea")
        await ann.expect("bob joined tea")
        await ann.send("message", room="tea", content="heard by both")
        await bob.expect("ann: heard by both")


async def test_a_disconnect_leaves_every_room(service):
    async with member(service, "ann") as ann:
        for room in ("tea", "milk"):
            await ann.send("join", room=room)
            await ann.send("message", room=room, content=f"first of {room}")
            await ann.expect(f"ann: first of {room}")
        async with member(service, "bob") as bob:
            for room in ("tea", "milk"):
                await bob.send("join", room=room)
                await ann.expect(f"bob joined {room}")
        left = {await ann.receive() for _ in range(3)}
        assert left == {"bob left tea", "bob left milk",
                        "bob left the chat"}


async def test_a_room_is_gone_with_its_last_member(service):
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        await eventually(lambda: service.admin()["rooms"], ["tea"])
        await ann.ok("leave", room="tea")
        await eventually(lambda: service.admin()["rooms"], [])


async def test_a_message_goes_to_its_room_alone(service):
    async with member(service, "ann") as ann, member(service, "bob") as bob:
        await ann.send("join", room="tea")
        await bob.send("join", room="milk")
        await bob.send("message", room="milk", content="only milk")
        await bob.expect("bob: only milk")
        await ann.send("message", room="tea", content="only tea")
        await ann.expect("ann: only tea")
        await bob.send("message", room="milk", content="milk again")
        await bob.expect("bob: milk again")


async def test_a_private_message_names_its_sender(service):
    async with member(service, "ann") as ann, member(service, "bob") as bob:
        await ann.send("private", to="bob", content="psst")
        await bob.expect("[Private from ann]: psst")
        await bob.send("private", to="ann", content={"n": 1})
        await ann.expect('[Private from bob]: {"n":1}')


async def test_a_private_message_to_nobody_is_an_error_line(service):
    async with member(service, "ann") as ann:
        await ann.send("private", to="nobody", content="psst")
        assert (await ann.receive()).startswith("error: ")


async def test_content_that_is_no_string_is_printed_as_compact_json(service):
    async with member(service, "ann") as ann:
        await ann.send("join", room="tea")
        for content, text in [({"n": [1, 2]}, '{"n":[1,2]}'), (7, "7"),
                              (True, "true"), ("plain", "plain")]:
            await ann.send("message", room="tea", content=content)
            await ann.expect(f"ann: {text}")


async def test_members_and_rooms_can_be_read_over_http(service):
    async with Client(service, "/ws/bob") as bob, \
            Client(service, "/ws/ann") as ann:
        await bob.join("tea")
        await ann.join("tea")
        await ann.join("milk")
        await eventually(lambda: service.admin()["users_per_room"],
                         {"milk": ["ann"], "tea": ["ann", "bob"]})
        assert sorted(service.admin()["rooms"]) == ["milk", "tea"]
