# SPDX-License-Identifier: MIT
"""PROTOCOL §2, §5: a `key` makes a publish idempotent, also over HTTP."""

import pytest

from support.client import Client
from support.shapes import chat, error
from support.waiting import unique


@pytest.fixture
def room():
    return unique("room")


def user(name):
    return f"/ws/{unique(name)}"


def publish(server, body, **headers):
    return server.http.post("/api/v1/publish", body, **headers)


async def test_a_repeat_gets_the_first_one_s_place(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        await ann.join(room)
        await bob.join(room)
        first = await ann.say(room, "once", key="k")
        again = await ann.say(room, "once more", key="k")
        assert (again["seq"], again["epoch"]) == (3, first["epoch"])
        assert first["seq"] == 3
        assert (await ann.say(room, "next"))["seq"] == 4
        assert await bob.receive() == chat(room, "once", ann.user, 3)
        assert await bob.receive() == chat(room, "next", ann.user, 4)


async def test_a_repeat_after_a_reconnect_is_known(server, room):
    path = user("ann")
    async with Client(server, path) as ann, Client(server, user("bob")) as bob:
        await bob.join(room)
        await ann.join(room)
        first = await ann.say(room, "once", key="k")
        ann.vanish()
        await bob.until("user_left")
        async with Client(server, path) as back:
            await back.join(room)
            assert (await back.say(room, "once", key="k"))["seq"] == \
                first["seq"]
            await bob.ok("leave", room=room)


async def test_a_repeat_without_an_id_is_silent(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        for _ in range(3):
            await ann.send("chat", room=room, content="once", key="k")
        assert await ann.receive() == chat(room, "once", ann.user, 2)
        await ann.send("ping")
        await ann.expect("pong")


async def test_a_thousand_repeats_are_served(start_server):
    # Each takes read credit: one that is not given back would stop the client.
    service = start_server("limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        for _ in range(1000):
            await ann.send("chat", room="tea", content=1, key="k")
        await ann.expect("chat")
        assert (await ann.say("tea", "end"))["seq"] == 3


async def test_both_tabs_at_once_say_it_once(start_server):
    service = start_server("limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as one, \
            Client(service, "/ws/ann") as two, \
            Client(service, "/ws/bob") as bob:
        for client in (one, two, bob):
            await client.join("tea")
        for n in range(100):
            for client in (one, two) if n % 2 else (two, one):
                await client.send("chat", room="tea", content=n,
                                  key=f"key-{n}", id=n)
        seqs = [[(await client.answer(n))["seq"] for n in range(100)]
                for client in (one, two)]
        assert seqs[0] == seqs[1]
        assert sorted(seqs[0]) == list(range(3, 103))
        heard = [(await bob.expect("chat"))["content"] for _ in range(100)]
        assert sorted(heard) == list(range(100))


async def test_keys_are_of_one_user_and_one_room(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        other = f"{room}-other"
        for name in (room, other):
            await ann.join(name)
            await bob.join(name)
        seqs = [(await client.say(name, "x", key="k"))["seq"]
                for name in (room, other) for client in (ann, bob)]
        assert seqs == [3, 4, 3, 4]


@pytest.mark.parametrize("key", [
    "", 5, None, True, [], {}, "a\nb", "x" * 256, "x" * 10240])
async def test_a_bad_key_is_refused_and_nothing_is_said(server, room, key):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        reply = await ann.request(
            "chat", room=room, content=1, key=key, id="bad")
        assert reply == error("bad_request", id="bad")
        assert "key" in reply["message"]
        answer = publish(server, {"room": room, "content": 1, "key": key})
        assert answer.status == 400 and answer.is_problem
        assert (await ann.say(room, "good", key="x" * 255))["seq"] == 2


async def test_a_post_with_a_key_is_posted_once(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        body = {"room": room, "content": "once", "key": "k"}
        first = publish(server, body).json
        assert first["seq"] == 2
        assert publish(server, body).json == first
        header = {"room": room, "content": "once"}
        for value in ("k", '"k"'):
            assert publish(server, header, Idempotency_Key=value).json == first
            assert publish(server, body, Idempotency_Key=value).json == first
        other = publish(server, header, Idempotency_Key="l").json
        assert other["seq"] == 3
        named = publish(server, {**header, "sender": "ci"},
                        Idempotency_Key="k").json
        assert named["seq"] == 4
        assert [(await ann.expect("chat"))["seq"] for _ in range(3)] == [
            2, 3, 4]


def test_keys_that_differ_are_refused(server, room):
    body = {"room": room, "content": 1, "key": "k"}
    assert publish(server, body, Idempotency_Key="l").status == 400
    assert publish(server, {"room": room, "content": 1},
                   Idempotency_Key="x" * 300).status == 400


def test_a_key_is_known_where_nobody_is(start_server):
    service = start_server("history.size=0")
    body = {"room": "tea", "content": 1, "key": "k"}
    first = publish(service, body).json
    assert publish(service, body).json == first
    assert service.admin()["rooms"] == []


async def test_a_client_s_key_is_not_the_api_s(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        mine = await ann.say(room, "mine", key="k")
        body = {"room": room, "content": "posted", "sender": ann.user,
                "key": "k"}
        posted = publish(server, body).json
        assert posted["seq"] == mine["seq"] + 1
        assert publish(server, body).json == posted
