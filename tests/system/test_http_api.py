# SPDX-License-Identifier: MIT
"""/api/v1: publish, send, broadcast, disconnect."""

import json

import pytest

from support.client import Client
from support.raw_client import RawSocket
from support.shapes import TIMESTAMP, api_chat, message
from support.waiting import eventually, unique


@pytest.fixture
def room():
    return unique("room")


def user(name):
    return f"/ws/{unique(name)}"


def publish(server, **fields):
    answer = server.http.post("/api/v1/publish", fields)
    assert answer.status == 200, answer
    return answer.json


async def test_publish_reaches_the_room_and_says_where_it_is(server, room):
    async with Client(server, user("ann")) as ann, \
            Client(server, user("bob").replace("/ws", "/chat")) as bob:
        joined = await ann.join(room)
        await bob.join(room)
        await ann.expect("user_joined")
        await bob.expect("user_joined")
        answer = publish(server, room=room, content={"n": 1}, sender="robot")
        assert answer == {"seq": 3, "epoch": joined["epoch"]}
        assert await ann.receive() == api_chat(room, {"n": 1}, "robot", 3)
        assert await bob.receive() == message(
            room, {"n": 1}, "robot", 3, origin="api")


async def test_without_a_sender_it_comes_from_the_server(server, room):
    async with Client(server, user("ann")) as ann:
        await ann.join(room)
        publish(server, room=room, content="x")
        assert await ann.receive() == api_chat(room, "x", "server", 2)


async def test_publish_leaves_out_a_user_or_a_connection(server, room):
    path = user("ann")
    async with Client(server, path) as ann, Client(server, path) as tab, \
            Client(server, user("bob")) as bob:
        for client in (bob, ann, tab):
            await client.join(room)
        await bob.expect("user_joined")
        publish(server, room=room, content="one", exclude=tab.id)
        publish(server, room=room, content="two", exclude=ann.user)
        assert [(await tab.receive())["type"] for _ in "12"] == ["skip"] * 2
        assert await ann.receive() == api_chat(room, "one", "server", 3)
        assert await ann.receive() == {"type": "skip", "room": room, "seq": 4}
        assert await bob.receive() == api_chat(room, "one", "server", 3)
        assert await bob.receive() == api_chat(room, "two", "server", 4)


def test_publish_to_an_empty_room_is_taken(server, room):
    assert publish(server, room=room, content="x")["seq"] == 1
    assert room not in server.admin()["rooms"]


async def test_send_reaches_every_connection_of_the_user(server):
    path = user("ann")
    async with Client(server, path) as one, Client(server, path) as two:
        answer = server.http.post(
            "/api/v1/send", {"user": one.user, "content": [1, "two"]})
        assert (answer.status, answer.json) == (200, {"delivered": 2})
        for client in (one, two):
            assert await client.receive() == {
                "type": "private", "to": one.user, "content": [1, "two"],
                "sender": "server", "timestamp": TIMESTAMP,
                "origin": "api"}


async def test_broadcast_reaches_everyone_but_the_excluded(start_server):
    service = start_server()
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/ann") as tab, \
            Client(service, "/ws/bob") as bob:
        for content, without in (("a", "ann"), ("b", tab.id), ("c", None)):
            body = {"content": content}
            if without:
                body["exclude"] = without
            assert service.http.post(
                "/api/v1/broadcast", body).status == 200
        for client, wanted in ((ann, "bc"), (tab, "c"), (bob, "abc")):
            for content in wanted:
                await client.expect("system", content=content)


async def test_disconnect_closes_all_connections_of_the_user(server, room):
    path = user("ann")
    async with Client(server, path) as one, Client(server, path) as two, \
            Client(server, user("bob")) as bob:
        for client in (bob, one, two):
            await client.join(room)
        answer = server.http.post("/api/v1/disconnect", {"user": one.user})
        assert 200 <= answer.status < 300
        for client in (one, two):
            frames = await client.expect_close(4004)
            assert frames[-1]["type"] == "closing"
            assert frames[-1]["reconnect"] is False
        await bob.until("user_left", user_id=one.user, reason="kicked")


def test_disconnecting_an_unknown_user_is_404(server):
    answer = server.http.post("/api/v1/disconnect", {"user": unique("x")})
    assert answer.status == 404 and answer.is_problem


@pytest.mark.parametrize("path, body", [
    ("publish", {}), ("publish", {"room": "r"}), ("publish", {"content": 1}),
    ("publish", {"room": 5, "content": 1}),
    ("publish", {"room": "", "content": 1}),
    ("publish", {"room": "a\nb", "content": 1}),
    ("publish", {"room": "r" * 256, "content": 1}),
    ("publish", {"room": "r", "content": 1, "sender": 5}),
    ("publish", {"room": "r", "content": 1, "sender": "a\nb"}),
    ("publish", {"room": "r", "content": 1, "exclude": ["a"]}),
    ("send", {"user": "u"}), ("send", {"content": 1}),
    ("send", {"user": [], "content": 1}), ("broadcast", {}),
    ("broadcast", {"content": 1, "exclude": 7}), ("disconnect", {}),
    ("disconnect", {"user": None}), ("publish", []), ("publish", None),
    ("publish", "text")])
def test_a_bad_body_is_400(server, path, body):
    answer = server.http.post(f"/api/v1/{path}", body)
    assert answer.status == 400 and answer.is_problem


def posted(server, body, content_type="application/json"):
    return server.http.request("POST", "/api/v1/publish", body,
                               {"Content_Type": content_type})


@pytest.mark.parametrize("body", [
    b"", b"{", b"\xff", b"[" * 10000, b'{"room":"r","content":"\xff"}',
    b'{"room":"r","content":' + b"[" * 40 + b"]" * 40 + b"}"])
def test_a_body_that_is_no_json_is_400(server, body):
    answer = posted(server, body)
    assert answer.status == 400 and answer.is_problem


@pytest.mark.parametrize("content_type", [
    "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
    "text/json"])
def test_other_content_types_are_415(server, content_type):
    answer = posted(server, b'{"room":"r","content":1}', content_type)
    assert answer.status == 415 and answer.is_problem


def test_a_content_type_may_have_parameters(server):
    assert posted(server, json.dumps({"room": unique("r"), "content": 1}),
                  "application/json; charset=utf-8").status == 200


def test_a_body_over_a_mebibyte_is_413(server):
    answer = posted(server, b"x" * (1024 * 1024 + 1))
    assert answer.status == 413 and answer.is_problem


def test_the_413_arrives_while_the_body_is_still_being_sent(server):
    with RawSocket(server) as peer:
        peer.send(f"POST /api/v1/publish HTTP/1.1\r\nHost: 127.0.0.1:"
                  f"{server.port}\r\nContent-Type: application/json\r\n"
                  f"Content-Length: 50000000\r\n\r\n".encode())
        for _ in range(32):
            peer.send(b"x" * 65536)
        assert peer.read_head() == 413


def test_unknown_routes_and_methods_are_problems(server):
    answer = server.http.post("/api/v1/nonsense", {})
    assert answer.status == 404 and answer.is_problem
    answer = server.http.get("/api/v1/publish")
    assert answer.status in (404, 405) and answer.is_problem


def test_a_connection_serves_many_requests(server):
    with server.http.kept_alive() as connection:
        for _ in range(3):
            connection.request("GET", "/admin/stats")
            assert connection.getresponse().read()
            mine = connection.sock.getsockname()
            connection.request("GET", "/nowhere")
            answer = connection.getresponse()
            assert (answer.status, bool(answer.read())) == (404, True)
            assert connection.sock.getsockname() == mine


async def test_http_requests_are_no_connections(server):
    server.http.get("/health/live")
    await eventually(server.total, 0)
