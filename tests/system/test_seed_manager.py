# SPDX-License-Identifier: MIT
"""S0's production ConnectionManager: three indexes that always agree."""

import time

import pytest

from support.client import Client
from support.waiting import eventually


@pytest.fixture
def service(start_server):
    return start_server()


def details(service):
    return service.admin("/admin/connections?detail=1")["connections"]


def indexes(service):
    seen = service.admin()
    return (seen["total"], seen["unique_users"], seen["connections_per_room"],
            {one["user_id"]: sorted(one["rooms"])
             for one in details(service)})


async def test_connect_with_a_room_joins_it(service):
    async with Client(service, "/ws/ann?room=tea") as ann:
        await ann.say("tea", "here at once")
        await ann.expect("chat", room="tea", content="here at once")
        await eventually(lambda: service.admin()["users_per_room"],
                         {"tea": ["ann"]})


async def test_every_connection_has_the_seeds_metadata(service):
    async with Client(service, "/ws/ann?room=tea",
                      user_agent_header="tea client/1") as ann:
        await ann.say("tea", "settled")
        await eventually(lambda: details(service)[0]["rooms"], ["tea"])
        [meta] = details(service)
        assert meta["id"] == ann.id
        assert meta["user_id"] == "ann"
        assert abs(meta["connected_at"] - time.time()) < 60
        assert meta["ip"] == "127.0.0.1"
        assert meta["outbox_bytes"] >= 0
        assert meta["node"] == ann.connected["node"]
        assert meta["rtt_ms"] is None or meta["rtt_ms"] >= 0
        assert "client" in meta


async def test_the_round_trip_time_is_measured(start_server):
    service = start_server("heartbeat.interval=100ms", "heartbeat.timeout=5s")
    async with Client(service, "/ws/ann"):
        await eventually(
            lambda: isinstance(details(service)[0]["rtt_ms"], (int, float)),
            True)


async def test_send_to_user_says_whether_someone_got_it(service):
    async with Client(service, "/ws/ann") as ann:
        answer = service.http.post(
            "/api/v1/send", {"user": "ann", "content": {"n": 1}})
        assert (answer.status, answer.json) == (200, {"delivered": 1})
        await ann.expect("private", to="ann", content={"n": 1})
        answer = service.http.post(
            "/api/v1/send", {"user": "nobody", "content": "x"})
        assert (answer.status, answer.json) == (200, {"delivered": 0})


async def test_a_room_broadcast_can_leave_one_connection_out(service):
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/ann") as second, \
            Client(service, "/ws/bob") as bob:
        for client in (ann, second, bob):
            await client.join("tea")
        answer = service.http.post("/api/v1/publish", {
            "room": "tea", "content": "not to one tab", "exclude": second.id})
        seq = answer.json["seq"]
        await ann.until("chat", content="not to one tab", seq=seq)
        await bob.until("chat", content="not to one tab", seq=seq)
        await second.until("skip", room="tea", seq=seq)


async def test_a_room_broadcast_can_leave_one_user_out(service):
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/ann") as second, \
            Client(service, "/ws/bob") as bob:
        for client in (ann, second, bob):
            await client.join("tea")
        seq = service.http.post("/api/v1/publish", {
            "room": "tea", "content": "not to ann",
            "exclude": "ann"}).json["seq"]
        await bob.until("chat", content="not to ann", seq=seq)
        await ann.until("skip", room="tea", seq=seq)
        await second.until("skip", room="tea", seq=seq)


async def test_the_indexes_agree_after_each_step(service):
    async with Client(service, "/ws/ann") as ann:
        async with Client(service, "/ws/bob") as bob:
            await ann.join("tea")
            await bob.join("tea")
            await bob.join("milk")
            await eventually(lambda: indexes(service), (
                2, 2, {"milk": 1, "tea": 2},
                {"ann": ["tea"], "bob": ["milk", "tea"]}))
        await ann.until("user_left", user_id="bob", room="tea")
        await eventually(lambda: indexes(service), (
            1, 1, {"tea": 1}, {"ann": ["tea"]}))
    await eventually(lambda: indexes(service), (0, 0, {}, {}))
