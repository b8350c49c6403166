# SPDX-License-Identifier: MIT
"""PROTOCOL §8.3: `rewind` on join and the `history` query: chat alone."""

import pytest

from support.client import Client, TextClient
from support.shapes import chat, error, message
from support.waiting import unique


@pytest.fixture
def room():
    return unique("room")


def user(name, endpoint="ws"):
    return f"/{endpoint}/{unique(name)}"


async def fill(client, room, count):
    """Says 0, 1, 2…, with somebody coming and going in between."""
    for n in range(count):
        await client.say(room, n)


def contents(frames):
    return [one["content"] for one in frames]


@pytest.mark.parametrize("wanted, got", [
    (0, []), (1, [4]), (3, [2, 3, 4]), (5, [0, 1, 2, 3, 4]),
    (1000, [0, 1, 2, 3, 4]), (10 ** 30, [0, 1, 2, 3, 4])])
async def test_a_rewind_gets_the_last_chats(server, room, wanted, got):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob, \
            Client(server, user("eve")) as eve:
        await ann.join(room)
        await fill(ann, room, 2)
        await eve.join(room)
        await eve.ok("leave", room=room)
        await ann.say(room, 2)
        await ann.say(room, 3)
        await ann.say(room, 4)
        reply = await bob.join(room, rewind=wanted)
        assert (reply["recovered"], reply["replayed"]) == (False, len(got))
        frames = [await bob.receive() for _ in got]
        assert contents(frames) == got
        await ann.say(room, "live")
        assert (await bob.receive())["content"] == "live"


async def test_a_rewind_beyond_the_limit_gets_what_is_kept(start_server):
    service = start_server("history.size=2")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("tea")
        await fill(ann, "tea", 5)
        reply = await bob.join("tea", rewind=100)
        assert reply["replayed"] == 2
        assert contents([await bob.receive(), await bob.receive()]) == [3, 4]


async def test_a_rewind_wins_over_since(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        start = await ann.join(room)
        await fill(ann, room, 3)
        reply = await bob.join(room, rewind=1, since={
            "epoch": start["epoch"], "seq": start["seq"]})
        assert (reply["recovered"], reply["replayed"]) == (False, 1)
        assert (await bob.receive())["content"] == 2


async def test_a_second_join_rewinds_nothing(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await ann.say(room, "once", exclude_self=True)
        await ann.expect("skip")
        reply = await ann.join(room, rewind=10)
        assert (reply["recovered"], reply["replayed"]) == (False, 0)
        await ann.send("ping")
        await ann.expect("pong")


async def test_history_has_the_asker_s_dialect(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob", "chat")) as bob:
        await ann.join(room)
        await ann.say(room, {"n": 1})
        await bob.join(room)
        reply = await ann.ok("history", room=room)
        assert reply["room"] == room
        assert reply["messages"] == [chat(room, {"n": 1}, ann.user, 2)]
        reply = await bob.ok("history", room=room)
        assert reply["messages"] == [message(room, {"n": 1}, ann.user, 2)]


async def test_history_is_read_page_by_page(start_server):
    service = start_server("limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        await fill(ann, "tea", 250)
        assert len((await ann.ok("history", room="tea"))["messages"]) == 100
        pages, before = [], {}
        while page := (await ann.ok(
                "history", room="tea", limit=60, **before))["messages"]:
            pages.insert(0, page)
            before = {"before": page[0]["seq"]}
        assert [len(page) for page in pages] == [10, 60, 60, 60, 60]
        assert contents(sum(pages, [])) == list(range(250))


@pytest.mark.parametrize("fields, got", [
    ({"limit": 2}, [1, 2]), ({"limit": 0}, []), ({"before": 0}, []),
    ({"before": 2}, []), ({"before": 3}, [0]), ({"before": 10 ** 30}, [0, 1, 2]),
    ({"before": 4, "limit": 1}, [1]), ({"limit": 10 ** 30}, [0, 1, 2])])
async def test_before_and_limit(server, room, fields, got):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await fill(ann, room, 3)
        reply = await ann.ok("history", room=room, **fields)
        assert contents(reply["messages"]) == got


@pytest.mark.parametrize("fields", [
    {"before": -1}, {"before": "3"}, {"before": None}, {"before": 1.5},
    {"limit": -1}, {"limit": "all"}, {"limit": None}, {"limit": []}])
async def test_a_bad_question_is_refused(server, room, fields):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        reply = await ann.request("history", room=room, id=1, **fields)
        assert reply == error("bad_request", id=1)


async def test_a_stranger_is_told_nothing(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("eve")) as eve:
        await ann.join(room)
        await ann.say(room, "secret")
        for type, fields in (
                ("history", {}), ("presence", {"data": 1}),
                ("signal", {"name": "n", "data": 1})):
            reply = await eve.request(type, room=room, id=type, **fields)
            assert reply == error("not_in_room", id=type)


async def test_history_goes_on_when_all_have_left(server, room):
    path = user("ann")
    async with Client(server, path) as ann:
        await ann.join(room)
        await fill(ann, room, 2)
        await ann.ok("leave", room=room)
        server.http.post("/api/v1/publish", {"room": room, "content": 2})
        await ann.join(room)
        reply = await ann.ok("history", room=room)
        assert contents(reply["messages"]) == [0, 1, 2]


async def test_without_history_there_is_none(start_server):
    service = start_server("history.size=0")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("tea")
        await fill(ann, "tea", 3)
        assert (await ann.ok("history", room="tea"))["messages"] == []
        assert (await bob.join("tea", rewind=5))["replayed"] == 0


async def test_a_text_client_rewinds_and_is_not_answered(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await fill(ann, room, 2)
        async with TextClient(server, f"{user('bob')}?dialect=text") as bob:
            await bob.send("join", room=room, rewind=5)
            await bob.expect(f"{ann.user}: 0")
            await bob.expect(f"{ann.user}: 1")
            await bob.send("history", room=room, id=1)
            await ann.say(room, "next")
            await bob.expect(f"{ann.user}: next")


async def test_a_history_of_long_messages_arrives_whole(start_server):
    service = start_server("limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("tea")
        for n in range(40):
            await ann.say("tea", [n, "x" * 60000])
        kept = (await ann.ok("history", room="tea"))["messages"]
        # 1 MiB of them, whatever their number.
        assert 5 <= len(kept) <= 17
        assert [one["content"][0] for one in kept] == list(
            range(40 - len(kept), 40))
        reply = await bob.join("tea", rewind=40)
        got = [await bob.receive() for _ in range(reply["replayed"])]
        assert got and all(len(one["content"][1]) == 60000 for one in got)
