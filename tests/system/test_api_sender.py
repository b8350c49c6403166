# SPDX-License-Identifier: MIT
"""PROTOCOL §8: nobody passes for the service itself."""

import pytest

from support.client import Client
from support.raw_client import exchange, upgrade_request


def publish(service, **body):
    answer = service.http.post("/api/v1/publish", {"room": "tea", **body})
    assert answer.status == 200
    return answer.json


@pytest.mark.parametrize("name, path", [
    ("server", "server"), ("server", "%73erver"), ("the house", "the%20house")])
def test_the_name_is_reserved(start_server, name, path):
    service = start_server(f"api.sender={name}")
    for target in (f"/ws/{path}", f"/chat/{path}"):
        assert exchange(service, upgrade_request(target)) == 403


async def test_it_is_told_as_the_services_own(start_server):
    service = start_server("api.sender=house")
    async with Client(service, "/ws/server") as ann, \
            Client(service, "/chat/bob") as bob:
        await ann.join("tea")
        await bob.join("tea")
        publish(service, content=1)
        publish(service, content=2, sender="server")
        await ann.send("chat", room="tea", content=3, origin="api")
        heard = [await ann.until("chat") for _ in range(3)]
        assert [(x["sender"], x.get("origin")) for x in heard] == [
            ("house", "api"), ("server", "api"), ("server", None)]
        heard = [await bob.until("message") for _ in range(3)]
        assert [(x["user_id"], x.get("origin")) for x in heard] == [
            ("house", "api"), ("server", "api"), ("server", None)]
        service.http.post("/api/v1/send", {"user": "server", "content": 4})
        letter = await ann.until("private")
        assert (letter["sender"], letter["origin"]) == ("house", "api")
        await bob.send("private", to="server", content=5, origin="api")
        assert "origin" not in await ann.until("private")
        reply = await ann.request("history", room="tea")
        assert [x.get("origin") for x in reply["messages"]] == [
            "api", "api", None]
    async with Client(service, "/ws/carol") as carol:
        await carol.join("tea", rewind=3)
        heard = [await carol.until("chat") for _ in range(3)]
        assert [x.get("origin") for x in heard] == ["api", "api", None]


async def test_its_keys_are_its_own(start_server):
    service = start_server()
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        await ann.request("chat", room="tea", content=1, key="k")
        first = publish(service, content=2, sender="ann", key="k")
        other = publish(service, content=3, key="k")
        assert len({first["seq"], other["seq"]}) == 2
        heard = [(await ann.until("chat"))["content"] for _ in range(2)]
        assert publish(service, content=2, sender="ann", key="k") == first
        assert publish(service, content=3, key="k") == other
        repeat = await ann.request("chat", room="tea", content=4, key="k")
        assert repeat["seq"] < first["seq"]
        assert heard == [2, 3] or heard == [1, 2]
