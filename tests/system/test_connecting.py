# SPDX-License-Identifier: MIT
"""PROTOCOL §1: endpoints, dialects, origins, ids, first rooms."""

import re
import time
from urllib.parse import quote

import pytest
import websockets

from support.client import Client, TextClient
from support.environment import DEADLINE
from support.raw_client import TEXT, RawClient, RawSocket, upgrade_request
from support.waiting import unique

ACTION, TYPED, LINES = "parlor.action.v1", "parlor.typed.v1", "parlor.text.v1"


async def dialect_of(client):
    """Says something in a room and looks at how it comes back."""
    room = unique("room")
    await client.send("join", room=room)
    await client.send("chat", room=room, content="x")
    while True:
        frame = await client.receive()
        if isinstance(frame, str):
            return "text"
        if frame["type"] in ("chat", "message"):
            return {"chat": "typed", "message": "action"}[frame["type"]]


async def test_without_a_name_a_client_gets_a_random_one(server):
    async with Client(server, "/ws") as one, Client(server, "/ws") as two:
        assert re.fullmatch("anon-[0-9a-f]{16}", one.user)
        assert one.user != two.user


async def test_the_query_names_the_user(server):
    name = unique("a/b.. ?")
    path = f"/ws?user={quote(name, safe='')}&room={unique('room')}"
    async with Client(server, path) as client:
        assert client.user == name
        await client.say(path.split("=")[-1], "x")
    async with Client(server, "/ws/ann?user=bob") as client:
        assert client.user == "ann"


@pytest.mark.parametrize("query, status", [
    ("user=", 400), ("user=a&user=a", 400), ("user=%00", 400),
    ("user=server", 403)])
async def test_no_query_names_what_is_no_user(server, query, status):
    with pytest.raises(websockets.InvalidStatusCode) as refused:
        async with Client(server, f"/ws?{query}"):
            pass
    assert refused.value.status_code == status


@pytest.mark.parametrize("path, dialect", [
    ("/ws", "typed"), ("/ws/ann", "typed"), ("/chat/ann", "action")])
async def test_each_endpoint_has_its_dialect(server, path, dialect):
    async with Client(server, path) as client:
        assert await dialect_of(client) == dialect


@pytest.mark.parametrize("path, wanted", [
    ("/ws/d1?dialect=action", "action"), ("/chat/d2?dialect=typed", "typed"),
    ("/ws?dialect=typed", "typed")])
async def test_the_query_chooses_the_dialect(server, path, wanted):
    async with Client(server, path) as client:
        assert await dialect_of(client) == wanted


@pytest.mark.parametrize("path, offered, answered, wanted", [
    ("/ws/s1", [ACTION], ACTION, "action"),
    ("/chat/s2", [TYPED], TYPED, "typed"),
    ("/ws/s3", ["mqtt", ACTION], ACTION, "action"),
    ("/ws/s4?dialect=typed", [ACTION], ACTION, "action"),
    ("/ws/s5", ["mqtt"], None, "typed"),
    ("/chat/s6", ["mqtt", "wamp"], None, "action"),
    ("/ws/s7?dialect=action", ["mqtt"], None, "action")])
async def test_a_known_subprotocol_is_taken_and_answered(
        server, path, offered, answered, wanted):
    async with Client(server, path, subprotocols=offered) as client:
        assert client.ws.subprotocol == answered
        assert await dialect_of(client) == wanted


@pytest.mark.parametrize("path, options", [
    ("/ws/t1?dialect=text", {}), ("/chat/t2?dialect=text", {}),
    ("/ws/t3", {"subprotocols": [LINES]})])
async def test_lines_can_be_chosen_everywhere(server, path, options):
    async with TextClient(server, path, **options) as client:
        assert await dialect_of(client) == "text"


async def test_dialect_ws_sets_what_ws_speaks_unless_chosen(start_server):
    service = start_server("dialect.ws=text")
    async with TextClient(service, "/ws/ann") as ann:
        assert await dialect_of(ann) == "text"
    async with Client(service, "/ws/bob?dialect=typed") as bob:
        assert await dialect_of(bob) == "typed"
    async with Client(service, "/ws/bob", subprotocols=[TYPED]) as bob:
        assert await dialect_of(bob) == "typed"
    async with Client(service, "/chat/zoe") as zoe:
        assert await dialect_of(zoe) == "action"


async def refused(server, path, status, **options):
    with pytest.raises(websockets.InvalidStatusCode) as failure:
        async with Client(server, path, **options):
            pass
    assert failure.value.status_code == status


@pytest.mark.parametrize("path", [
    "/ws/ann?dialect=nonsense", "/ws/ann?dialect=", "/ws/a%00b",
    "/ws/a%0Ab", "/ws/a%1Fb", "/ws/a%7Fb", "/ws/%FF", "/ws/%C3", "/ws/%zz",
    "/ws/%", "/chat/a%0Ab", "/ws/" + "a" * 256, "/ws/" + "%C3%A9" * 128,
    "/ws/ann?room=", "/ws/ann?room=a%0Ab", "/ws/ann?room=%FF",
    "/ws/ann?room=" + "r" * 256, "/ws/ann?room=good&room=%00"])
async def test_bad_names_and_choices_are_refused_before_the_upgrade(
        server, path):
    await refused(server, path, 400)


@pytest.mark.parametrize("name", [
    "a", "a" * 255, "é" * 127, "a b", "a/b", "a+b", "a%b", "<&>\"'", "🎉",
    "a?b#c"])
async def test_good_names_are_percent_decoded_from_path_and_query(
        server, name):
    path = f"/ws/{quote(name, safe='')}?room={quote(name, safe='')}"
    async with Client(server, path) as client:
        assert client.user == name
        await client.say(name, "x")
        await client.expect("chat", room=name, sender=name)


async def test_first_rooms_are_joined_after_connected(server):
    room = unique("room")
    async with Client(server, f"/ws/{unique('ann')}") as ann:
        await ann.join(f"{room}-1")
        await ann.join(f"{room}-2")
        path = f"/ws/{unique('bob')}?room={room}-1&room={room}-2&room={room}-1"
        async with Client(server, path) as bob:
            # Nothing is promised on the order of two rooms.
            told = {(await ann.expect("user_joined", user_id=bob.user))["room"]
                    for _ in range(2)}
            assert told == {f"{room}-1", f"{room}-2"}
            await bob.say(f"{room}-2", "both")
            await bob.expect("chat", room=f"{room}-2", content="both")


def own(server):
    return f"http://127.0.0.1:{server.port}"


async def test_the_default_origin_is_the_same_one(server):
    async with Client(server, "/ws/ann", origin=own(server)):
        pass
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1",
                   own(server) + ".evil.example"):
        await refused(server, "/ws/ann", 403, origin=origin)


async def test_the_origin_list_names_who_may_connect(start_server):
    service = start_server(
        "origins.allow=https://app.example,https://b.example")
    for origin in ("https://app.example", "https://b.example"):
        async with Client(service, "/ws/ann", origin=origin):
            pass
    async with Client(service, "/ws/ann"):
        pass
    for origin in ("https://evil.example", "http://app.example"):
        await refused(service, "/ws/ann", 403, origin=origin)


async def test_a_star_allows_all_origins(start_server):
    service = start_server("origins.allow=*")
    async with Client(service, "/ws/ann", origin="https://any.example"):
        pass


def test_a_frame_in_the_segment_of_the_upgrade_is_served(server):
    until = time.monotonic() + DEADLINE
    with RawSocket(server) as peer:
        ping = b'{"type":"ping","id":"early"}'
        peer.send(upgrade_request("/ws/early").encode()
                  + bytes([0x80 | TEXT, 0x80 | len(ping)]) + bytes(4) + ping)
        assert peer.read_head() == 101
        while not peer.heard(b'"pong"'):
            peer.listen(0.05)
            assert time.monotonic() < until, "no answer"


def test_a_raw_client_can_talk(server):
    with RawClient(server, "/ws/raw") as raw:
        raw.until("connected", user_id="raw")
        raw.send_json(type="ping", id=1)
        raw.until("pong", id=1)
