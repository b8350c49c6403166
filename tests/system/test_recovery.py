# SPDX-License-Identifier: MIT
"""PROTOCOL §3, §8.2: `since`: all that was missed, before all that is new, or
nothing."""

import asyncio

import pytest

from support.client import Client, TextClient
from support.shapes import api_chat, chat, message, user_joined, user_left
from support.waiting import eventually, unique


@pytest.fixture
def room():
    return unique("room")


def user(name, endpoint="ws"):
    return f"/{endpoint}/{unique(name)}"


def place(reply, seq=None):
    return {"epoch": reply["epoch"],
            "seq": reply["seq"] if seq is None else seq}


async def test_what_was_missed_comes_before_what_is_new(server, room):
    path = user("bob")
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        async with Client(server, path) as bob:
            known = await bob.join(room)
        await ann.until("user_left")
        for n in range(3):
            await ann.say(room, n)
        async with Client(server, path) as bob:
            await bob.send("join", room=room, since=place(known), id=1)
            reply = await bob.expect("reply", id=1)
            await ann.send("chat", room=room, content="new")
            assert (reply["recovered"], reply["replayed"]) == (True, 4)
            assert reply["seq"] == 7 and reply["epoch"] == known["epoch"]
            assert await bob.receive() == user_left(
                bob.user, room, "closed", 3)
            for n in range(3):
                assert await bob.receive() == chat(room, n, ann.user, 4 + n)
            assert await bob.receive() == chat(room, "new", ann.user, 8)


async def test_in_action_the_own_join_follows_the_replay(server, room):
    path = user("bob", "chat")
    async with Client(server, user("ann")) as ann:
        start = await ann.join(room)
        await ann.say(room, "hi")
        async with Client(server, path) as bob:
            reply = await bob.join(room, since=place(start))
            assert (reply["recovered"], reply["replayed"]) == (True, 1)
            assert await bob.receive() == message(room, "hi", ann.user, 2)
            assert await bob.receive() == user_joined(
                bob.user, room, sorted([ann.user, bob.user]), 3)


async def test_a_second_tab_recovers_up_to_the_reply(server, room):
    path = user("ann", "chat")
    async with Client(server, path) as first, Client(server, path) as second:
        start = await first.join(room)
        await first.say(room, "hi")
        reply = await second.join(room, since=place(start))
        assert (reply["seq"], reply["replayed"]) == (2, 1)
        assert (await second.expect("message"))["seq"] == 2
        assert (await second.expect("user_joined"))["seq"] == 2


async def test_a_replayed_join_has_no_members(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob, \
            Client(server, user("eve")) as eve:
        start = await ann.join(room)
        await bob.join(room)
        reply = await eve.join(room, since=place(start))
        assert reply["recovered"] is True
        assert await eve.receive() == {
            "type": "user_joined", "user_id": bob.user, "room": room, "seq": 2}


async def test_who_missed_nothing_has_recovered(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        await ann.join(room)
        await ann.say(room, "hi")
        reply = await bob.join(room, since=place(await ann.say(room, "ho")))
        assert (reply["recovered"], reply["replayed"]) == (True, 0)


@pytest.mark.parametrize("epoch, seq", [
    ("", 1), ("never", 1), ("0-0", 0), ("1-1", 1), ("f" * 40, 2),
    ("x" * 5000, 1), (None, 5), (None, 10 ** 30), (None, 18446744073709551615)])
async def test_a_place_that_never_was_recovers_nothing(
        server, room, epoch, seq):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        start = await ann.join(room)
        await ann.say(room, "hi")
        since = {"epoch": start["epoch"] if epoch is None else epoch,
                 "seq": seq}
        reply = await bob.join(room, since=since)
        assert (reply["recovered"], reply["replayed"]) == (False, 0)
        await ann.say(room, "next")
        assert (await bob.receive())["content"] == "next"


async def test_a_place_of_another_room_recovers_nothing(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        secret = await ann.join(f"{room}-secret")
        await ann.say(f"{room}-secret", "for us alone")
        await ann.join(room)
        await ann.say(room, "for all")
        reply = await bob.join(room, since=place(secret))
        assert (reply["recovered"], reply["replayed"]) == (False, 0)


@pytest.mark.parametrize("fields", [
    {"since": 1}, {"since": "x"}, {"since": None}, {"since": []},
    {"since": {}}, {"since": {"epoch": "1-1"}}, {"since": {"seq": 1}},
    {"since": {"epoch": 1, "seq": 1}}, {"since": {"epoch": "1-1", "seq": "1"}},
    {"since": {"epoch": "1-1", "seq": -1}},
    {"since": {"epoch": "1-1", "seq": 1.5}}, {"rewind": -1}, {"rewind": "all"},
    {"rewind": 0.5}, {"rewind": None}, {"presence": 1}])
async def test_a_bad_wish_is_refused_and_joins_nothing(server, room, fields):
    async with Client(server, user("ann")) as ann:
        error = await ann.error("join", room=room, **fields)
        assert error["code"] == "bad_request"
        assert next(iter(fields)) in error["message"]
        assert (await ann.error("chat", room=room, content=1))["code"] == \
            "not_in_room"


async def test_more_than_is_kept_is_not_recovered(start_server):
    service = start_server("history.size=3")
    async with Client(service, "/ws/ann") as ann:
        start = await ann.join("tea")
        for n in range(5):
            await ann.say("tea", n)
        for seq, replayed in ((1, None), (2, None), (3, 3), (4, 2), (6, 0)):
            async with Client(service, f"/ws/at-{seq}") as bob:
                reply = await bob.join("tea", since=place(start, seq))
                assert reply["recovered"] is (replayed is not None), seq
                if seq == 3:
                    got = [await bob.receive() for _ in range(replayed)]
                    assert [one["content"] for one in got] == [2, 3, 4]
            await ann.until("user_left")


async def test_a_crowd_that_comes_back_does_not_push_out_what_it_missed(
        start_server):
    service = start_server("history.size=3")
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        crowd = [Client(service, f"/ws/user-{n}") for n in range(30)]
        known = []
        for client in crowd:
            await client.__aenter__()
            known.append(await client.join("tea"))
        for client in crowd:
            await client.close()
        await ann.until("user_left", user_id=crowd[-1].user)
        await ann.say("tea", "missed by all")
        for n, since in enumerate(known):
            async with Client(service, f"/ws/user-{n}") as client:
                reply = await client.join("tea", since=place(since))
                assert reply["recovered"] is True
                await client.until("chat", content="missed by all")


async def test_what_is_too_old_is_not_recovered(start_server):
    service = start_server("history.ttl=3s")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        start = await ann.join("tea")
        last = await ann.say("tea", "old")
        await asyncio.sleep(3.1)
        reply = await bob.join("tea", since=place(start))
        assert (reply["recovered"], reply["replayed"]) == (False, 0)
        await bob.ok("leave", room="tea")
        # But the leave and the join are young, and nothing else was missed.
        reply = await bob.join("tea", since=place(last))
        assert reply["recovered"] is True


async def test_an_empty_room_recovers(start_server):
    service = start_server()
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        last = await ann.say("tea", "see you")
    await eventually(lambda: service.admin()["rooms"], [])
    assert service.admin("/admin/stats")["rooms"] == 0
    assert service.http.get("/admin/rooms/tea").status == 404
    posted = service.http.post(
        "/api/v1/publish", {"room": "tea", "content": "nobody?"}).json
    assert posted == {"seq": 4, "epoch": last["epoch"]}
    assert service.admin()["rooms"] == []
    async with Client(service, "/ws/ann") as ann:
        assert ann.connected["rooms"] == []
        reply = await ann.join("tea", since=place(last))
        assert (reply["recovered"], reply["replayed"]) == (True, 2)
        assert await ann.receive() == user_left("ann", "tea", "closed", 3)
        assert await ann.receive() == api_chat("tea", "nobody?", "server", 4)
        assert reply["members"] == ["ann"]


async def test_an_empty_room_ends_when_its_history_expires(start_server):
    service = start_server("history.ttl=300ms")
    async with Client(service, "/ws/ann") as ann:
        first = await ann.join("tea")
        last = await ann.say("tea", "see you")
        await ann.ok("leave", room="tea")
        await asyncio.sleep(5)
        again = await ann.join("tea", since=place(last))
        assert again["epoch"] != first["epoch"]
        assert (again["seq"], again["recovered"]) == (1, False)


@pytest.mark.parametrize("say", [True, False])
async def test_a_room_ends_at_once_where_nothing_is_kept(start_server, say):
    service = start_server(f"history.size={0 if say else 256}")
    async with Client(service, "/ws/ann") as ann:
        first = await ann.join("tea")
        if say:
            await ann.say("tea", "not kept")
        await ann.ok("leave", room="tea")
        await eventually(lambda: service.admin()["rooms"], [])
        again = await ann.join("tea")
        assert again["epoch"] != first["epoch"] and again["seq"] == 1


async def test_the_oldest_empty_room_gives_its_place(start_server):
    service = start_server("limits.rooms=2")
    async with Client(service, "/ws/ann") as ann:
        epochs = {}
        for name in ("a", "b", "c"):
            await ann.join(name)
            epochs[name] = (await ann.say(name, "kept"))["epoch"]
            await ann.ok("leave", room=name)
            # So long it has its place.
            await eventually(lambda: service.admin()["rooms"], [])
        assert (await ann.join("b"))["epoch"] == epochs["b"]
        assert (await ann.join("a"))["epoch"] != epochs["a"]
        error = await ann.error("join", room="d")
        assert error["code"] == "limit_exceeded"


async def test_all_rooms_together_keep_so_much_at_most(start_server):
    service = start_server("history.total-bytes=200000",
                           "limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann:
        for n in range(50):
            await ann.join(f"room-{n}")
            await ann.say(f"room-{n}", "x" * 10000)
            await ann.ok("leave", room=f"room-{n}")
        # The oldest give way within a second, and the newest are kept.
        await asyncio.sleep(4)
        await ann.join("new")
        await ann.say("new", "y" * 10000)
        reply = await ann.ok("history", room="new")
        assert len(reply["messages"]) == 1


async def test_a_text_client_recovers_lines(server, room):
    async with Client(server, user("ann")) as ann:
        start = await ann.join(room)
        await ann.say(room, "one")
        await ann.say(room, {"two": 2})
        async with TextClient(server, f"{user('bob')}?dialect=text") as bob:
            await bob.send("join", room=room, since=place(start))
            await bob.expect(f"{ann.user}: one")
            await bob.expect(f'{ann.user}: {{"two":2}}')


async def test_who_was_left_out_finds_the_message_when_it_recovers(
        server, room):
    path = user("ann")
    async with Client(server, path) as ann:
        start = await ann.join(room)
        await ann.say(room, "not to me", exclude_self=True)
        assert (await ann.receive())["type"] == "skip"
    async with Client(server, path) as ann:
        await ann.join(room, since=place(start))
        assert (await ann.receive())["content"] == "not to me"


async def test_many_recover_at_once(start_server):
    service = start_server("limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann:
        start = await ann.join("tea")
        for n in range(256):
            await ann.send("chat", room="tea", content=n)
        await ann.until("chat", content=255)

        async def recover(n):
            path = f"/{'ws' if n % 2 else 'chat'}/user-{n}"
            async with Client(service, path) as client:
                reply = await client.join("tea", since=place(start))
                assert reply["recovered"] is True
                got = [await client.receive()
                       for _ in range(reply["replayed"])]
                assert [one["seq"] for one in got] == list(
                    range(2, reply["seq"]))

        await asyncio.gather(*(recover(n) for n in range(100)))
