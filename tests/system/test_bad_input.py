# SPDX-License-Identifier: MIT
"""Whatever a client writes, it gets the documented error and others lose
nothing."""

import json

import pytest

from support.client import Client
from support.raw_client import BINARY, TEXT, RawClient
from support.shapes import ANY, chat, error
from support.waiting import unique


def user(name):
    return f"/ws/{unique(name)}"


async def answered_by(server, text, expected):
    """The text gets this frame, and the connection goes on."""
    async with Client(server, user("ann")) as ann:
        await ann.send_raw(text)
        frame = await ann.receive()
        assert frame == expected
        assert isinstance(frame["message"], str) and frame["message"]
        assert frame["retryable"] is False
        await ann.send("ping", id="alive")
        await ann.expect("pong", id="alive")


@pytest.mark.parametrize("text", [
    "", " ", "{", "}", '{"type"', '{"type":"ping"', '{"type":"ping"}}',
    '{"type":"ping"} {}', "{'type':'ping'}", "hello", '{"type":"ping",}',
    '{"type":nope}', '{"type":"\x01"}', '{"type":"\\x"}', "NaN",
    '{"type":"chat","room":"r","content":NaN}', "[1,2"])
async def test_what_is_no_json_is_bad_json(server, text):
    await answered_by(server, text, error("bad_json"))


@pytest.mark.parametrize("text", [
    "[]", "42", '"ping"', "null", "true", '[{"type":"ping"}]'])
async def test_json_that_is_no_object_is_a_bad_request(server, text):
    await answered_by(server, text, error("bad_request"))


@pytest.mark.parametrize("type", [5, None, True, [], {}, ["ping"]])
async def test_a_type_that_is_no_string_is_a_bad_request(server, type):
    await answered_by(
        server, json.dumps({"type": type}), error("bad_request"))


@pytest.mark.parametrize("type", [
    "", "PING", "ping ", "connected", "user_joined", "x" * 200, "你好"])
async def test_an_unknown_type_is_named_in_the_error(server, type):
    async with Client(server, user("ann")) as ann:
        await ann.send(type, id=1)
        frame = await ann.receive()
        assert frame == error("unknown_type", id=1)
        assert frame["message"].startswith(
            f"Unknown message type: {type}"[:80])


async def test_type_and_action_must_agree(server):
    async with Client(server, user("ann")) as ann:
        await ann.send_json({"type": "ping", "action": "ping", "id": 1})
        await ann.expect("pong", id=1)
        await ann.send_json({"type": "ping", "action": "rooms", "id": 2})
        assert await ann.receive() == error("bad_request", id=2)


@pytest.mark.parametrize("id", [
    1.5, True, [], {}, "i" * 67, "é" * 34], ids=repr)
async def test_a_wrong_id_is_a_bad_request(server, id):
    async with Client(server, user("ann")) as ann:
        await ann.send("ping", id=id)
        assert await ann.receive() == error("bad_request")


@pytest.mark.parametrize("id", [
    0, -7, 9007199254740993, "", "i" * 62, "é" * 31, "\"\\\n"], ids=repr)
async def test_a_good_id_is_echoed_as_it_came(server, id):
    async with Client(server, user("ann")) as ann:
        await ann.send("ping", id=id)
        assert await ann.receive() == {"type": "pong", "id": id}
        await ann.send("dance", id=id)
        assert await ann.receive() == error("unknown_type", id=id)


BAD_NAMES = [5, None, True, [], {}, "", "a\nb", "a\u0000b", "\u007f",
             "n" * 256, "é" * 128]


@pytest.mark.parametrize("name", BAD_NAMES, ids=lambda n: repr(n)[:12])
@pytest.mark.parametrize("frame", [
    {"type": "join", "room": ANY}, {"type": "leave", "room": ANY},
    {"type": "chat", "room": ANY, "content": "c"},
    {"type": "private", "to": ANY, "content": "c"},
    {"type": "members", "room": ANY}], ids=lambda f: f["type"])
async def test_a_bad_name_is_a_bad_request(server, frame, name):
    frame = {key: name if value is ANY else value
             for key, value in frame.items()}
    await answered_by(server, json.dumps({**frame, "id": "n"}),
                      error("bad_request", id="n"))


@pytest.mark.parametrize("name", ["n" * 255, "é" * 127, " ", "a/b", "🎉"])
async def test_a_good_name_is_taken(server, name):
    async with Client(server, user("ann")) as ann:
        assert (await ann.join(name))["room"] == name
        await ann.ok("leave", room=name)


@pytest.mark.parametrize("fields", [
    {"type": "chat", "content": "c", "exclude_self": "yes"},
    {"type": "chat", "content": "c", "exclude_self": 1}])
async def test_a_flag_that_is_no_bool_is_a_bad_request(server, fields):
    async with Client(server, user("ann")) as ann:
        room = unique("room")
        await ann.join(room)
        await ann.send_json({**fields, "room": room})
        assert await ann.receive() == error("bad_request")


@pytest.mark.parametrize("type, fields", [
    ("chat", {"content": "c"}), ("members", {}), ("leave", {})])
async def test_commands_for_a_room_one_is_not_in(server, type, fields):
    async with Client(server, user("ann")) as ann:
        assert await ann.request(type, room=unique("room"), id=1, **fields) \
            == error("not_in_room", id=1)


async def test_unknown_members_are_ignored(server):
    async with Client(server, user("ann")) as ann:
        room = unique("room")
        await ann.join(room, colour="red", nested={"a": [1]})
        await ann.send("chat", room=room, content="x", extra=None)
        assert await ann.receive() == chat(room, "x", ann.user, 2)


def test_a_binary_frame_closes_with_1003(server):
    with RawClient(server, user("ann")) as ann:
        ann.send_frame(BINARY, b'{"type":"ping"}')
        assert ann.until_close()[1].code == 1003


@pytest.mark.parametrize("payload", [
    b"\xff", b'{"type":"\xc3"}', b"\xed\xa0\x80", b"\xc0\xaf",
    b"\xf4\x90\x80\x80"])
def test_text_that_is_not_utf8_closes_with_1007(server, payload):
    with RawClient(server, user("ann")) as ann:
        ann.send_frame(TEXT, payload)
        assert ann.until_close()[1].code == 1007


async def test_others_in_the_room_lose_nothing(server):
    room = unique("room")
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob")) as bob, \
            Client(server, user("eve")) as eve:
        for client in (ann, bob, eve):
            await client.join(room)
        for n in range(20):
            await bob.send("chat", room=room, content=n)
            await eve.send_raw(["{", "[]", '{"type":7}', "💥"][n % 4])
        with RawClient(server, f"{user('mallory')}?room={room}") as mallory:
            mallory.send_frame(BINARY, b"\x00")
            mallory.until_close()
        for n in range(20):
            await ann.until("chat", content=n, sender=bob.user)
        for _ in range(20):
            await eve.until("error")
        await eve.say(room, "sorry")
        await ann.until("chat", content="sorry", sender=eve.user)
