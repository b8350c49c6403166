# SPDX-License-Identifier: MIT
"""Publishing on the WebSocket: order, numbers, exclude_self, contents."""

import asyncio

import pytest

from support.client import Client
from support.raw_client import TEXT, RawClient
from support.shapes import chat
from support.waiting import unique


@pytest.fixture
def room():
    return unique("room")


def user(name):
    return f"/ws/{unique(name)}"


CONTENTS = [
    "", "plain", "你好 🎉", "quote\" back\\slash /", "\u0000\u001f\u007f\u2028",
    None, True, False, 0, -1, 1.5, 9007199254740993, -9223372036854775808,
    18446744073709551615, [], {}, [1, [2, [3]]],
    {"b": 1, "a": {"type": "join", "seq": 5}}]


@pytest.mark.parametrize("content", CONTENTS, ids=repr)
async def test_any_json_value_arrives_as_it_was_sent(server, room, content):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await ann.say(room, content)
        got = (await ann.expect("chat"))["content"]
        assert got == content and type(got) is type(content)


async def test_escapes_are_the_letters_they_stand_for(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await ann.send_raw(rf'{{"\u0074ype":"ch\u0061t","room":"{room}",'
                           r'"content":"\u00e9\ud83c\udf89\/"}')
        assert await ann.receive() == chat(room, "é🎉/", ann.user, 2)


async def test_exclude_self_gives_the_sender_a_skip_instead(server, room):
    path = user("ann")
    async with Client(server, path) as ann, Client(server, path) as tab, \
            Client(server, user("bob")) as bob:
        for client in (ann, tab, bob):
            await client.join(room)
        await ann.expect("user_joined")
        await tab.expect("user_joined")
        reply = await ann.say(room, "to others", exclude_self=True)
        assert reply["seq"] == 3
        assert await ann.receive() == {"type": "skip", "room": room, "seq": 3}
        assert await tab.receive() == chat(room, "to others", ann.user, 3)
        assert await bob.receive() == chat(room, "to others", ann.user, 3)


async def test_exclude_self_false_excludes_nobody(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await ann.say(room, "to all", exclude_self=False)
        assert await ann.receive() == chat(room, "to all", ann.user, 2)


async def test_commands_sent_in_one_go_are_done_in_order(server, room):
    async with Client(server, user("ann")) as ann:
        for turn in range(10):
            await ann.send("join", room=room, id=f"join {turn}")
            await ann.send("chat", room=room, content=turn, id=f"chat {turn}")
            await ann.send("leave", room=room, id=f"leave {turn}")
            await ann.send("chat", room=room, content="late",
                           id=f"late {turn}")
        for turn in range(10):
            for step, type in (("join", "reply"), ("chat", "reply"),
                               ("leave", "reply"), ("late", "error")):
                frame = await ann.answer(f"{step} {turn}")
                assert frame["type"] == type, (step, turn, frame)
        heard = [(await ann.expect("chat"))["content"] for _ in range(10)]
        assert sorted(heard) == list(range(10))


async def test_all_members_see_one_order(start_server):
    service = start_server("limits.messages-per-second=0")
    clients = [Client(service, f"/ws/user-{n}") for n in range(8)]
    for client in clients:
        await client.__aenter__()
        await client.join("tea")

    async def publish(client):
        for n in range(50):
            await client.send("chat", room="tea", content=n)

    async def read(client):
        frames = [await client.until("chat") for _ in range(400)]
        return [(one["seq"], one["sender"], one["content"]) for one in frames]

    await asyncio.gather(*(publish(client) for client in clients))
    order, *others = await asyncio.gather(*(read(one) for one in clients))
    assert all(other == order for other in others)
    assert [seq for seq, _, _ in order] == list(range(9, 409))
    for client in clients:
        mine = [n for _, sender, n in order if sender == client.user]
        assert mine == list(range(50)), "a sender's own order is lost"
        await client.close()


async def test_a_message_in_many_fragments_is_one_message(server, room):
    with RawClient(server, user("ann")) as ann:
        ann.send_json(type="join", room=room, id=1)
        ann.until("reply", id=1)
        text = f'{{"type":"chat","room":"{room}","content":"é"}}'.encode()
        ann.send_frame(TEXT, text[:1], fin=False)
        for byte in text[1:-1]:
            ann.send_frame(0, bytes([byte]), fin=False)
        ann.send_frame(0, text[-1:])
        assert ann.until("chat")["content"] == "é"


async def test_rooms_lists_the_rooms_of_this_connection(server, room):
    async with Client(server, user("ann")) as ann:
        assert (await ann.ok("rooms"))["rooms"] == []
        for name in (f"{room}-b", f"{room}-a"):
            await ann.join(name)
        assert sorted((await ann.ok("rooms"))["rooms"]) == [
            f"{room}-a", f"{room}-b"]
        await ann.ok("leave", room=f"{room}-a")
        assert (await ann.ok("rooms"))["rooms"] == [f"{room}-b"]


async def test_members_lists_each_user_once_in_order(server, room):
    path = user("ann")
    async with Client(server, user("zoe")) as zoe, \
            Client(server, path) as first, Client(server, path) as second:
        for client in (zoe, second, first):
            await client.join(room)
        assert (await zoe.ok("members", room=room))["members"] == [
            first.user, zoe.user]
