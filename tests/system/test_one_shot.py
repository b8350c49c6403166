# SPDX-License-Identifier: MIT
"""PROTOCOL §5: clients that say what they have to say and go at once."""

import contextlib
import json
import socket
import ssl

import pytest

from support import certificates
from support.client import Client
from support.raw_client import (
    CLOSE, TEXT, RawSocket, frame_bytes, upgrade_request)
from support.waiting import eventually

CLIENTS = 200


def frames(*commands):
    return b"".join(frame_bytes(TEXT, json.dumps(x).encode())
                    for x in commands)


def chats(room, user, type="chat", **more):
    return [{"type": type, "room": room, "content": f"{user}-{i}", **more}
            for i in range(3)]


GOODBYE = frame_bytes(CLOSE, b"\x03\xe8")
JOIN = {"type": "join", "room": "tea"}


def upgrade(target):
    return upgrade_request(target).encode()


class OneShot:
    """Sends all that it has in one go, and does not wait for an answer."""

    def __init__(self, service, target, *said, end=GOODBYE):
        self.peer = RawSocket(service)
        self.peer.send(upgrade(target) + frames(*said) + end)

    def half_close(self):
        self.peer.socket.shutdown(socket.SHUT_WR)

    def slam(self):
        """What the service says meanwhile is answered by a reset."""
        self.peer.socket.close()

    def hear(self):
        """All that it is told: its frames, and the code of the close."""
        assert self.peer.read_head() == 101
        heard = []
        with contextlib.closing(self.peer.socket):
            while frame := self.peer.read_frame():
                if frame.opcode == CLOSE:
                    return heard, frame.code
                heard.append(frame.json)
        return heard, None


async def contents(client, count):
    """So many messages of the room, by user in their order."""
    heard = {}
    while count > 0:
        frame = await client.until("chat")
        user, number = frame["content"].split("-")
        assert user == frame["sender"]
        heard.setdefault(user, []).append(int(number))
        count -= 1
    return heard


@pytest.fixture
def service(start_server):
    return start_server()


@pytest.mark.parametrize("case", ["join", "again", "leave", "action", "url"])
async def test_nothing_is_lost_of_those_who_go_at_once(service, case):
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        clients = []
        for i in range(CLIENTS):
            user = f"u{i}"
            said = chats("tea", user)
            target = f"/ws/{user}"
            if case == "url":
                target += "?room=tea"
            elif case == "again":
                target += "?room=tea"
                said = [JOIN, *said]
            elif case == "leave":
                target += "?room=tea"
                said = [{"type": "leave", "room": "tea"}, JOIN, *said]
            elif case == "action":
                target = f"/chat/{user}"
                said = [{"action": "join", "room": "tea"},
                        *({"action": "message", "room": "tea",
                           "content": x["content"]} for x in said)]
            else:
                said = [JOIN, *said]
            clients.append(OneShot(service, target, *said))
        heard = await contents(observer, 3 * CLIENTS)
        assert heard == {f"u{i}": [0, 1, 2] for i in range(CLIENTS)}
        for one in clients:
            assert one.hear()[1] == 1000


async def test_answers_come_before_the_close(service):
    one = OneShot(service, "/ws/ann", {**JOIN, "id": 1},
                  {"type": "chat", "room": "tea", "content": "hi", "id": 2},
                  {"type": "private", "to": "ann", "content": "me", "id": 3})
    heard, code = one.hear()
    assert code == 1000
    assert {x["id"] for x in heard if x["type"] == "reply"} == {1, 2, 3}
    assert {"chat", "private"} <= {x["type"] for x in heard}


async def test_a_half_closed_client_is_answered(service):
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        for i in range(20):
            one = OneShot(service, f"/ws/u{i}", {**JOIN, "id": 1},
                          *chats("tea", f"u{i}", id=2), end=b"")
            one.half_close()
            heard, code = one.hear()
            assert code is None
            assert [x["id"] for x in heard if x["type"] == "reply"] == [
                1, 2, 2, 2]
            assert await contents(observer, 3) == {f"u{i}": [0, 1, 2]}


async def test_a_reset_takes_nothing_back(service):
    """A client that closes its socket without reading: what the service says
    to it is answered by a reset, in whatever state that meets it."""
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        for i in range(CLIENTS):
            OneShot(service, f"/ws/u{i}", JOIN, *chats("tea", f"u{i}")).slam()
        assert await contents(observer, 3 * CLIENTS) == {
            f"u{i}": [0, 1, 2] for i in range(CLIENTS)}
    await eventually(lambda: service.admin.get(
        "/admin/stats")["total_connections"] == 0)


async def test_more_than_the_credit_is_served(service):
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        many = [{"type": "chat", "room": "tea", "content": f"ann-{i}"}
                for i in range(60)]
        OneShot(service, "/ws/ann", JOIN, *many).slam()
        assert (await contents(observer, 60))["ann"] == list(range(60))


async def test_the_end_of_tls_is_an_end(start_server, tmp_path):
    made = certificates.make(tmp_path)
    service = start_server(*made.options)
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        for i in range(20):
            one = OneShot(service, f"/ws/u{i}", JOIN, *chats("tea", f"u{i}"),
                          end=b"")
            # Sends close_notify and, as the other side may do, waits for that
            # of the service.
            with contextlib.suppress(ssl.SSLError, OSError):
                one.peer.socket.unwrap()
            assert await contents(observer, 3) == {f"u{i}": [0, 1, 2]}


async def test_a_kick_comes_behind_what_was_said(service):
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        for i in range(20):
            async with Client(service, f"/ws/u{i}") as client:
                for one in (JOIN, *chats("tea", f"u{i}")):
                    await client.send_json(one)
                await client.request("ping")
                assert service.admin.delete(f"/admin/users/u{i}") == 204
                assert await contents(observer, 3) == {f"u{i}": [0, 1, 2]}
