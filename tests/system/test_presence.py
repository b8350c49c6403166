# SPDX-License-Identifier: MIT
"""PROTOCOL §8.4: presence data, its changes, signals, and the grace."""

import asyncio
import contextlib
import json

import pytest

from support.client import Client, TextClient
from support.crowd import PATIENT
from support.raw_client import TEXT, RawClient, frame_bytes
from support.shapes import error, user_left
from support.waiting import eventually, unique


@pytest.fixture
def room():
    return unique("room")


def user(name, endpoint="ws"):
    return f"/{endpoint}/{unique(name)}"


def of(client, data):
    return {client.user: [{"connection": client.id, "data": data}]}


def state(room, *presences):
    return {"type": "presence_state", "room": room, "state": {
        name: one for each in presences for name, one in each.items()}}


def diff(room, joins={}, leaves={}):
    return {"type": "presence_diff", "room": room, "joins": joins,
            "leaves": leaves}


DATA = [None, True, 0, "", [], {}, {"mood": "fine", "n": [1, None]}, "é🎉"]


@pytest.mark.parametrize("data", DATA, ids=repr)
async def test_presence_is_any_json_value(server, room, data):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await ann.send("presence", room=room, data=data)
        assert await ann.receive() == state(room, of(ann, data))
        assert await ann.receive() == diff(room, of(ann, data))


async def test_all_members_hear_of_changes_in_both_dialects(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob", "chat")) as bob:
        await ann.join(room)
        await bob.join(room)
        await bob.until("user_joined")
        await ann.until("user_joined")
        await ann.ok("presence", room=room, data=1)
        assert await ann.receive() == state(room, of(ann, 1))
        for client in (ann, bob):
            assert await client.receive() == diff(room, of(ann, 1))
        await bob.send("presence", room=room, data=2)
        assert await bob.receive() == state(room, of(ann, 1), of(bob, 2))
        for client in (ann, bob):
            assert await client.receive() == diff(room, of(bob, 2))
        await ann.send("presence", room=room, data=3)
        assert await bob.receive() == diff(room, of(ann, 3))


@pytest.mark.parametrize("way_out, reason", [
    ("leave", "left"), ("close", "closed"), ("vanish", "closed")])
async def test_a_connection_s_end_is_a_change(server, room, way_out, reason):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob:
        await ann.join(room)
        await bob.join(room)
        await bob.ok("presence", room=room, data=1)
        await ann.until("presence_diff")
        if way_out == "leave":
            await bob.ok("leave", room=room)
        elif way_out == "close":
            await bob.close()
        else:
            bob.vanish()
        assert await ann.receive() == user_left(bob.user, room, reason, 3)
        assert await ann.receive() == diff(room, leaves=of(bob, 1))


async def test_each_tab_has_its_own_presence(server, room):
    path = user("ann")
    async with Client(server, path) as one, Client(server, user("bob")) as bob:
        await bob.join(room)
        async with Client(server, path) as two:
            for client, data in ((one, 1), (two, 2)):
                await client.join(room)
                await client.ok("presence", room=room, data=data)
            shown = (await two.until("presence_state"))["state"]
            assert sorted(shown[one.user], key=lambda x: x["data"]) == [
                *of(one, 1)[one.user], *of(two, 2)[one.user]]
            # They may come in one, or in two.
            while two.id not in str((await bob.until("presence_diff"))["joins"]):
                pass
        await bob.until("presence_diff", joins={}, leaves=of(two, 2))


async def test_changes_are_told_together(server, room):
    """They come in one go, whatever the machine does."""
    with RawClient(server, user("ann")) as ann:
        id = ann.until("connected")["connection"]
        ann.send_json(type="join", room=room, id=1)
        name, = ann.until("reply", id=1)["members"]

        def mine(data):
            return {name: [{"connection": id, "data": data}]}
        ann.send(b"".join(frame_bytes(TEXT, json.dumps(
            {"type": "presence", "room": room, "data": n}).encode())
            for n in range(20)))
        frames = [ann.read_frame().json]
        while (last := frames[-1])["type"] != "presence_diff" \
                or last["joins"] != mine(19):
            frames.append(ann.read_frame().json)
        states = [one for one in frames if one["type"] == "presence_state"]
        assert states == [state(room, mine(0))]
        assert len(frames) <= 11, "not coalesced"


async def test_the_state_is_told_once(server, room):
    """It may be large: 500 connections say up to a megabyte."""
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        await ann.ok("presence", room=room, data=1)
        assert await ann.receive() == state(room, of(ann, 1))
        assert await ann.receive() == diff(room, of(ann, 1))
        for data in (1, 1, 2):
            await ann.ok("presence", room=room, data=data)
        assert await ann.receive() == diff(room, of(ann, 2))
        await ann.join(room, presence=True)
        assert await ann.receive() == state(room, of(ann, 2))


async def test_a_join_may_ask_for_presence(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob", "chat")) as bob:
        await ann.join(room)
        await ann.ok("presence", room=room, data=1)
        await ann.until("presence_diff")
        await bob.join(room, presence=True)
        await bob.expect("user_joined")
        assert await bob.receive() == state(room, of(ann, 1))


async def test_an_empty_state_is_empty(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room, presence=True)
        assert await ann.receive() == state(room)


async def test_too_much_presence_is_refused(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        reply = await ann.request(
            "presence", room=room, data="x" * 10240, id="big")
        assert reply == error("too_large", id="big", retryable=False)
        assert (await ann.request("presence", room=room, data="x" * 2047,
                                  id=1))["code"] == "too_large"
        await ann.ok("presence", room=room, data="x" * 2046)
        reply = await ann.request("presence", room=room, id="none")
        assert reply == error("bad_request", id="none")


async def test_of_very_many_only_the_number_is_told(start_server):
    service = start_server("limits.members-listed=2")
    async with contextlib.AsyncExitStack() as stack:
        clients = []
        for n in range(3):
            client = await stack.enter_async_context(
                Client(service, f"/ws/user-{n}"))
            await client.join("tea")
            await client.ok("presence", room="tea", data=n)
            clients.append(client)
        shown = await clients[2].until("presence_state")
        assert shown == {"type": "presence_state", "room": "tea", "count": 3}
        assert await clients[0].until("presence_diff", count=3) == {
            "type": "presence_diff", "room": "tea", "count": 3}
        await clients[2].ok("leave", room="tea")
        assert await clients[0].until("presence_state") == state(
            "tea", of(clients[0], 0), of(clients[1], 1))


# -- signals -------------------------------------------------------------------

async def test_a_signal_goes_to_all_but_its_sender(server, room):
    path = user("ann")
    async with Client(server, path) as ann, Client(server, path) as tab, \
            Client(server, user("bob", "chat")) as bob, \
            TextClient(server, f"{user('tim')}?dialect=text") as tim:
        for client in (ann, tab, bob):
            await client.join(room)
        await tim.send("join", room=room)
        for client in (ann, tab, bob):
            await client.until("user_joined", user_id=tim.user)
        reply = await ann.request("signal", room=room, name="typing",
                                  data={"on": True}, id=1)
        assert reply == {"type": "reply", "id": 1, "ok": True, "room": room}
        for client in (tab, bob):
            assert await client.receive() == {
                "type": "signal", "room": room, "name": "typing",
                "data": {"on": True}, "user_id": ann.user}
        # It has no number, and is in no history.
        assert (await ann.say(room, "said"))["seq"] == 4
        await tim.until(f"{ann.user}: said")
        assert (await ann.receive())["content"] == "said"
        assert len((await bob.ok("history", room=room))["messages"]) == 1


@pytest.mark.parametrize("fields", [
    {}, {"name": "n"}, {"data": 1}, {"name": "", "data": 1},
    {"name": 5, "data": 1}, {"name": "x" * 256, "data": 1},
    {"name": "a\nb", "data": 1}])
async def test_a_bad_signal_is_refused(server, room, fields):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        reply = await ann.request("signal", room=room, id=1, **fields)
        assert reply == error("bad_request", id=1)


async def test_signals_never_close_a_slow_client(start_server):
    service = start_server("limits.messages-per-second=0",
                           "limits.outbox-bytes=200000",
                           "limits.outbox-stall=10min", *PATIENT)
    with RawClient(service, "/ws/slow", receive_buffer=4096) as slow:
        slow.send_json(type="join", room="tea", id=1)
        slow.until("reply", id=1)
        async with Client(service, "/ws/ann") as ann, \
                Client(service, "/ws/bob") as bob:
            await ann.join("tea")
            await bob.join("tea")
            # Far more than kernels and the outbox hold.
            for n in range(400):
                await ann.send("signal", room="tea", name="n",
                               data=[n, "x" * 50000])
                if n % 50 == 49:
                    await bob.until("signal")
            await ann.say("tea", "end")
            slow.until("chat", content="end")


# -- grace ---------------------------------------------------------------------

async def test_a_user_who_comes_back_in_time_was_never_gone(start_server):
    service = start_server("presence.grace=10min")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("tea")
        known = await bob.join("tea")
        await ann.expect("user_joined")
        bob.vanish()
        await service.logged(event="client gone", connection=bob.id)
        assert (await ann.ok("members", room="tea"))["members"] == [
            "ann", "bob"]
        await eventually(
            lambda: service.admin()["connections_per_room"], {"tea": 1})
        await ann.say("tea", "meanwhile")
        async with Client(service, "/ws/bob") as back:
            reply = await back.join("tea", since={
                "epoch": known["epoch"], "seq": known["seq"]})
            assert (reply["recovered"], reply["seq"]) == (True, 3)
            assert (await back.receive())["content"] == "meanwhile"
            await ann.expect("chat", content="meanwhile")
            await back.ok("leave", room="tea")
            assert await ann.receive() == user_left("bob", "tea", "left", 4)


async def test_a_user_who_stays_away_has_left(start_server):
    service = start_server("presence.grace=300ms")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("tea")
        await bob.join("tea")
        await ann.expect("user_joined")
        loop = asyncio.get_running_loop()
        before = loop.time()
        bob.vanish()
        assert await ann.receive() == user_left("bob", "tea", "closed", 3)
        assert loop.time() - before >= 0.3


async def test_who_says_goodbye_has_left_at_once(start_server):
    service = start_server("presence.grace=60s")
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        for way_out in ("close", "leave", "kick"):
            async with Client(service, f"/ws/{way_out}") as bob:
                await bob.join("tea")
                await ann.expect("user_joined")
                if way_out == "leave":
                    await bob.ok("leave", room="tea")
                elif way_out == "kick":
                    service.http.delete("/admin/users/kick")
                else:
                    await bob.close()
                await ann.expect("user_left", user_id=way_out)


async def test_who_is_taken_to_be_there_has_a_place(start_server):
    service = start_server("presence.grace=60s", "limits.members-per-room=2")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob, \
            Client(service, "/ws/carol") as carol:
        await ann.join("tea")
        await bob.join("tea")
        bob.vanish()
        await eventually(
            lambda: service.admin()["connections_per_room"], {"tea": 1})
        refused = await carol.request("join", room="tea")
        assert refused["code"] == "room_full"
        async with Client(service, "/ws/bob") as back:
            assert (await back.join("tea"))["members"] == ["ann", "bob"]
            await back.ok("leave", room="tea")
            await carol.join("tea")
