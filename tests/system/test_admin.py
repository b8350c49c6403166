# SPDX-License-Identifier: MIT
"""/admin and /health: lists, pages, kicks, and who may ask."""

import contextlib
from urllib.parse import quote

import pytest

from support.client import Client
from support.waiting import eventually


@pytest.fixture
def service(start_server):
    return start_server()


async def test_connections_has_the_keys_of_the_exercise(service):
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/ann") as tab, Client(service, "/ws/bob"):
        await ann.join("tea")
        await tab.join("tea")
        await eventually(
            lambda: service.admin()["connections_per_room"], {"tea": 2})
        seen = service.admin()
        assert seen["rooms"] == ["tea"] and seen["total"] == 3
        assert seen["users_per_room"] == {"tea": ["ann"]}
        assert seen["unique_users"] == 2
        [node] = seen["nodes"]
        assert node["id"] == ann.connected["node"]
        assert node["connections"] == 3 and isinstance(node["status"], str)
        assert "connections" not in seen


def pages(service, path, key, size, id):
    """Walks through all pages; answers the ids in their order."""
    found, after = [], ""
    while True:
        page = service.admin(f"{path}limit={size}{after}")[key]
        assert len(page) <= size
        if not page:
            return found
        found += [one[id] for one in page]
        after = "&after=" + quote(found[-1], safe="")


async def test_the_detail_comes_in_pages(service):
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(
            Client(service, f"/ws/user-{n}")) for n in range(11)]
        path = "/admin/connections?detail=1&"
        in_twos = pages(service, path, "connections", 2, "id")
        assert sorted(in_twos) == sorted(client.id for client in clients)
        assert pages(service, path, "connections", 100, "id") == in_twos
        one = service.admin(path + "limit=1")["connections"]
        assert [each["id"] for each in one] == in_twos[:1]


async def test_rooms_and_users_are_listed_in_pages(service):
    async with contextlib.AsyncExitStack() as stack:
        for n in range(7):
            client = await stack.enter_async_context(
                Client(service, f"/ws/user-{n}"))
            await client.join(f"room-{n}")
        await client.join("room-0")
        tab = await stack.enter_async_context(Client(service, "/ws/user-0"))
        await tab.join("room-0")
        rooms = service.admin("/admin/rooms")["rooms"]
        assert {"room": "room-0", "users": 2, "connections": 3} in rooms
        assert {"room": "room-1", "users": 1, "connections": 1} in rooms
        users = service.admin("/admin/users")["users"]
        assert {"user_id": "user-0", "connections": 2} in users
        assert {"user_id": "user-1", "connections": 1} in users
        assert sorted(pages(service, "/admin/rooms?", "rooms", 3, "room")) \
            == [f"room-{n}" for n in range(7)]
        assert sorted(pages(service, "/admin/users?", "users", 3, "user_id")) \
            == [f"user-{n}" for n in range(7)]


async def test_one_room_and_one_user_can_be_looked_at(service):
    name = "tea / 茶"
    async with Client(service, "/ws/ann%20b") as ann:
        await ann.join(name)
        path = f"/admin/rooms/{quote(name, safe='')}"
        assert service.http.get(path).status == 200
        assert service.admin(path)["users"] == ["ann b"]
        answer = service.http.get("/admin/users/ann%20b")
        assert answer.status == 200 and ann.id in answer.body.decode()
    for path in ("/admin/rooms/nothing", "/admin/users/nobody"):
        answer = service.http.get(path)
        assert answer.status == 404 and answer.is_problem


async def test_a_kick_closes_one_connection(service):
    async with Client(service, "/ws/bob") as bob, \
            Client(service, "/ws/ann") as one, \
            Client(service, "/ws/ann") as two:
        await bob.join("tea")
        await one.join("tea")
        path = f"/admin/connections/{quote(one.id, safe='')}"
        assert service.http.delete(path).status == 204
        frames = await one.expect_close(4004)
        assert frames[-1]["type"] == "closing" and frames[-1]["code"] == 4004
        await bob.until("user_left", user_id="ann", reason="kicked")
        await two.send("ping", id=1)
        await two.expect("pong", id=1)
        line = await service.logged(event="client gone", connection=one.id)
        assert line["code"] == 4004 and line["verdict"] == "disconnect"
        assert service.http.delete(path).status == 404


async def test_a_user_can_be_kicked_as_a_whole(service):
    async with Client(service, "/ws/a%2Fb") as one, \
            Client(service, "/ws/a%2Fb") as two, \
            Client(service, "/ws/bob"):
        assert service.http.delete("/admin/users/a%2Fb").status == 204
        await one.expect_close(4004)
        await two.expect_close(4004)
        await eventually(service.total, 1)


@pytest.mark.parametrize("path", [
    "/admin/connections/unknown", "/admin/users/unknown"])
def test_kicking_who_is_not_there_is_404(server, path):
    answer = server.http.delete(path)
    assert answer.status == 404 and answer.is_problem


def test_unknown_pages_are_problems(server):
    answer = server.http.get("/admin/nonsense")
    assert answer.status == 404 and answer.is_problem


@pytest.mark.parametrize("query", ["limit=x", "limit=-1", "limit=0"])
def test_a_bad_page_size_is_400(server, query):
    answer = server.http.get(f"/admin/connections?detail=1&{query}")
    assert answer.status == 400 and answer.is_problem


GUARDED = [("GET", "/admin/connections"), ("GET", "/admin/stats"),
           ("DELETE", "/admin/users/x"), ("POST", "/api/v1/broadcast")]


def guarded(service, headers):
    return [
        service.http.post(path, {"content": 1}, **headers)
        if method == "POST" else
        service.http.request(method, path, headers=headers)
        for method, path in GUARDED]


@pytest.mark.parametrize("headers", [
    {"X_Forwarded_For": "127.0.0.1"}, {"X_Forwarded_Proto": "http"},
    {"X_Forwarded_Host": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"},
    {"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example"},
    {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_without_a_token_only_the_loopback_itself_may_ask(server, headers):
    for answer in guarded(server, headers):
        assert answer.status == 403 and answer.is_problem


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_loopback_host_may_ask(server, host):
    answer = server.http.get(
        "/admin/connections", Host=f"{host}:{server.port}")
    assert answer.status == 200


def test_with_a_token_its_bearer_alone_may_ask(start_server, tmp_path):
    file = tmp_path / "token"
    file.write_text("open-sesame-and-let-me-in\n")
    file.chmod(0o600)
    service = start_server(f"admin.token-file={file}")
    for headers in ({}, {"Authorization": "Bearer wrong"},
                    {"Authorization": "Bearer open-sesame-and-let-me-i"},
                    {"Authorization": "Basic open-sesame-and-let-me-in"},
                    {"Authorization": "Bearer "}):
        for answer in guarded(service, headers):
            assert answer.status == 401 and answer.is_problem
    bearer = {"Authorization": "Bearer open-sesame-and-let-me-in",
              "X_Forwarded_For": "10.0.0.1"}
    assert service.http.get("/admin/stats", **bearer).status == 200
    assert service.http.get("/health/live").status == 200
    service.stop()
    assert "open-sesame-and-let-me-in" not in service.log.whole


def test_health_says_alive_and_ready_and_shows_no_canary(server):
    for path in ("/health/live", "/health/ready"):
        assert server.http.whole(path).status == 200
    assert not [room for room in server.admin()["rooms"]
                if any(ord(letter) < 32 for letter in room)]
    assert server.http.get("/health/nonsense").status == 404


def test_health_is_for_everyone(server):
    for path in ("/health/live", "/health/ready"):
        assert server.http.whole(
            path, Host="parlor.example", X_Forwarded_For="10.0.0.1"
        ).status == 200
