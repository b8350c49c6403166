# SPDX-License-Identifier: MIT
"""PROTOCOL §5: clients that say what they have to say and go at once."""

import contextlib
import json
import ssl
import time

import pytest

from support import certificates
from support.client import Client
from support.conversation import Conversation, dialect_of
from support.raw_client import (
    CLOSE, TEXT, RawClient, RawSocket, frame_bytes, upgrade_request)
from support.waiting import eventually

CLIENTS = 200
JOIN = {"type": "join", "room": "tea"}
GOODBYE = frame_bytes(CLOSE, b"\x03\xe8")


def chats(user, **more):
    return [{"type": "chat", "room": "tea", "content": f"{user}-{i}", **more}
            for i in range(3)]


class OneShot(RawClient):
    """Sends all that it has in one go, upgrade and close frame included, and
    waits for no answer."""

    how = {}

    def __init__(self, service, target, *said, end=GOODBYE):
        self._conversation = Conversation(
            dialect_of(target, (), service.ws_dialect))
        self._conversation.leaving = True
        RawSocket.__init__(self, service, **self.how)
        texts = [json.dumps(one).encode() for one in said]
        for one in texts:
            self._conversation.sent(one)
        self.send(upgrade_request(target).encode()
                  + b"".join(frame_bytes(TEXT, one) for one in texts) + end)

    def hear(self):
        """All that it is told, and the code of the close frame."""
        assert self.read_head() == 101
        heard = []
        with contextlib.closing(self.socket):
            while frame := self.read_frame():
                if frame.opcode == CLOSE:
                    return heard, frame.code
                heard.append(frame.json)
        return heard, None


class Leisurely(OneShot):
    """Takes up to 700 KB a second, and keeps little in the service's kernel."""

    how = {"receive_buffer": 65536, "segment": 1448}

    def _more(self):
        time.sleep(0.06)
        return super()._more()


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


def plain(user):
    return f"/ws/{user}", [JOIN, *chats(user)]


def again(user):
    return f"/ws/{user}?room=tea", [JOIN, *chats(user)]


def anew(user):
    return (f"/ws/{user}?room=tea",
            [{"type": "leave", "room": "tea"}, JOIN, *chats(user)])


def in_dialect_action(user):
    return f"/chat/{user}", [
        {"action": "join", "room": "tea"},
        *({"action": "message", "room": "tea", "content": one["content"]}
          for one in chats(user))]


def by_url(user):
    return f"/ws/{user}?room=tea", chats(user)


@pytest.mark.parametrize("kind", [plain, again, anew, in_dialect_action,
                                  by_url])
async def test_nothing_is_lost_of_those_who_go_at_once(service, kind):
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        clients = []
        for i in range(CLIENTS):
            target, said = kind(f"u{i}")
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
                          *chats(f"u{i}", id=2), end=b"")
            one.end()
            heard, code = one.hear()
            assert code is None
            assert [x["id"] for x in heard if x["type"] == "reply"] == [
                1, 2, 2, 2]
            assert await contents(observer, 3) == {f"u{i}": [0, 1, 2]}


def test_a_half_closed_client_has_the_time_that_it_takes(service):
    """Longer than the 10 s for which answers are waited for."""
    with service.http.kept_alive() as connection:
        for _ in range(8):
            connection.request(
                "POST", "/api/v1/publish",
                json.dumps({"room": "tea", "content": "x" * 60_000}),
                {"Content-Type": "application/json"})
            assert connection.getresponse().read()
    one = Leisurely(service, "/ws/ann", JOIN,
                    *({"type": "history", "room": "tea", "id": n}
                      for n in range(30)), end=b"")
    one.end()
    began = time.monotonic()
    heard, _ = one.hear()
    assert [x["id"] for x in heard if x["type"] == "reply"
            and "messages" in x] == list(range(30))
    assert time.monotonic() - began > 10


async def test_a_reset_takes_nothing_back(service):
    """A client that closes its socket without reading: what the service says
    to it is answered by a reset, in whatever state that meets it."""
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        for i in range(CLIENTS):
            OneShot(service, f"/ws/u{i}", JOIN, *chats(f"u{i}")).socket.close()
        assert await contents(observer, 3 * CLIENTS) == {
            f"u{i}": [0, 1, 2] for i in range(CLIENTS)}
    await eventually(service.total, 0)


async def test_more_than_the_credit_is_served(service):
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        many = [{"type": "chat", "room": "tea", "content": f"ann-{i}"}
                for i in range(60)]
        OneShot(service, "/ws/ann", JOIN, *many).socket.close()
        assert (await contents(observer, 60))["ann"] == list(range(60))


async def test_the_end_of_tls_is_an_end(start_server, tmp_path):
    made = certificates.make(tmp_path)
    service = start_server(*made.options)
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        for i in range(20):
            one = OneShot(service, f"/ws/u{i}", JOIN, *chats(f"u{i}"),
                          end=b"")
            # Sends close_notify and, as the other side may do, waits for that
            # of the service.
            with contextlib.suppress(ssl.SSLError, OSError):
                one.socket.unwrap()
            assert await contents(observer, 3) == {f"u{i}": [0, 1, 2]}


async def test_a_kick_comes_behind_what_was_said(service):
    async with Client(service, "/ws/observer") as observer:
        await observer.join("tea")
        for i in range(20):
            async with Client(service, f"/ws/u{i}") as client:
                for one in (JOIN, *chats(f"u{i}")):
                    await client.send_json(one)
                await client.request("ping")
                assert service.http.delete(f"/admin/users/u{i}").status == 204
                assert await contents(observer, 3) == {f"u{i}": [0, 1, 2]}
