# SPDX-License-Identifier: MIT
"""/debug/actors, /debug/actors/{id} and /debug/overview."""

import contextlib
import os
import re

import pytest

from support.client import Client
from support.crowd import Crowd
from support.frozen_thread import ask_often, frozen_thread
from viewing import (all_actors, ask, get, of_kind, rooms, the, the_room,
                     wait_until)

CORE = ["admin", "directory", "inspector", "meter", "node", "registry"]


def test_every_actor_is_listed(service):
    actors = all_actors(service)
    kinds = sorted(one["kind"] for one in actors)
    # One lane a thread is the registry's, a room is the canary; the scheduler
    # has a watch, too.
    assert kinds == sorted([*CORE, "lane", "lane", "room", "watch", "watch",
                            "watch"])
    assert len({one["id"] for one in actors}) == len(actors)
    for one in actors:
        assert set(one) == {"id", "kind", "title", "thread", "mailbox",
                            "handled", "busy_us"}
    threads = {one["kind"]: one["thread"] for one in actors}
    assert threads["registry"] == 0 and threads["meter"] is None


async def test_rooms_connections_and_lanes_are_listed(service):
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("tea")
        await bob.join("tea")
        await ann.join("milk")
        assert sorted(x["title"] for x in of_kind(service, "connection")) == [
            "ann", "bob"]
        opened = rooms(service)
        assert sorted(x["title"] for x in opened) == ["milk", "tea"]
        assert {x["thread"] for x in opened} <= {0, 1}
        found = all_actors(service, "search=TEA")
        assert [x["title"] for x in found] == ["tea"]
        assert all_actors(service, f"search={opened[0]['id']}")[0] == opened[0]
        assert all_actors(service, "search=coffee") == []
        assert all_actors(service, "kind=room&thread=9") == []
    wait_until(lambda: not of_kind(service, "connection"),
               "connections to leave the list")
    wait_until(lambda: not rooms(service), "rooms, too")


def test_pages_hold_everyone_once(service):
    with Crowd(service, "hall", 200):
        wait_until(lambda: len(of_kind(service, "connection")) == 200,
                   "everybody to be in")
        ids = [x["id"] for x in all_actors(service, "kind=connection", 7)]
        assert ids == sorted(set(ids)) and len(ids) == 200
        page = get(service, "/debug/actors?kind=connection&limit=7")
        assert page["total"] == 200 and page["complete"]


async def test_an_actor_shows_state_and_messages(service):
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("tea")
        await bob.join("tea")
        for _ in range(80):
            await ann.request("chat", room="tea", content="a secret word")
        shown = the_room(service)
        assert shown["state"]["room"] == "tea"
        assert shown["state"]["connections"] == 2
        assert shown["handled"] >= 82 and shown["busy_us"] > 0
        assert shown["mailbox"] == 0
        assert len(shown["messages"]) == 64
        last = shown["messages"][-1]
        assert last["message"] == "publish"
        assert last["sender"]["kind"] == "connection"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z", last["at"])
        assert last["took_us"] > 0
        sender = get(service, f"/debug/actors/{last['sender']['id']}")
        assert sender["title"] == "ann"
        for one in all_actors(service):
            body = ask(service, f"/debug/actors/{one['id']}").body
            assert b"secret" not in body


async def test_who_monitors_whom_is_told(service):
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        connection, room = the(service, "connection"), the_room(service)
        registry = the(service, "registry")
        monitors = {(x["kind"], x["from"]) for x in connection["linked_from"]
                    if x["relation"] == "monitors"}
        assert monitors == {("room", room["id"]),
                            ("registry", registry["id"])}
        assert {"relation": "monitors", "to": connection["id"],
                "kind": "connection"} in registry["links"]
        owned = [x["to"] for x in room["links"] if x["relation"] == "owns"]
        lanes = {x["id"] for x in of_kind(service, "lane")}
        assert owned and set(owned) <= lanes
        watched = {x["kind"] for x in the(service, "node")["links"]
                   if x["relation"] == "monitors"}
        assert watched == {"directory", "registry", "admin"}


async def test_looking_changes_nothing(service):
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        # Answered once its connection knows that it is in.
        await ann.ok("members", room="tea")
        kinds = ["connection", "registry", "directory", "admin", "node"]
        before = {kind: the(service, kind) for kind in kinds}
        for _ in range(20):
            get(service, "/debug/overview")
            all_actors(service)
            for kind in kinds:
                the(service, kind)
        for kind in kinds:
            after = the(service, kind)
            assert after["handled"] == before[kind]["handled"], kind
            assert after["messages"] == before[kind]["messages"], kind
        # Whoever was looked at in its sleep wakes.
        await ann.request("chat", room="tea", content="still here")


def test_orders_show_those_with_the_most(service):
    with Crowd(service, "hall", 50):
        wait_until(lambda: len(of_kind(service, "connection")) == 50,
                   "everybody to be in")
        for order in ["busy", "handled", "mailbox"]:
            page = get(service, f"/debug/actors?order={order}&limit=10")
            key = "busy_us" if order == "busy" else order
            values = [x[key] for x in page["actors"]]
            assert values == sorted(values, reverse=True)
            assert page["next"] is None and page["order"] == order


def test_the_overview_sums_up(service):
    with Crowd(service, "hall", 100):
        def in_order():
            shown = get(service, "/debug/overview")["threads"]
            assert [x["thread"] for x in shown] == [0, 1, None]
            sums = {}
            for thread in shown:
                for kind in thread["kinds"]:
                    sums[kind["kind"]] = (sums.get(kind["kind"], 0)
                                          + kind["actors"])
            joins = sum(
                flow["messages"] for thread in shown
                for flow in thread["flows"]
                if (flow["from"], flow["to"]) == ("connection", "directory"))
            return (not any(x["silent"] for x in shown), joins,
                    sums.get("connection"), sums.get("room"))

        wait_until(lambda: in_order() == (True, 100, 100, 2),
                   "everybody to be in")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may stop a thread")
def test_a_thread_that_hangs_is_shown(service):
    with frozen_thread(service.process.pid, "parlor-io", 1):
        answers = ask_often(service.port, "/debug/overview")
        assert answers
        for status, body in answers:
            assert status == 200
            assert '"thread":1,"silent":true' in body
            assert '"thread":0,"silent":false' in body
    wait_until(lambda: not any(
        x["silent"] for x in get(service, "/debug/overview")["threads"]),
        "the thread to answer again")


@pytest.mark.parametrize("path, status", [
    ("/debug/actors/0", 400), ("/debug/actors/x", 400),
    ("/debug/actors/-1", 400), ("/debug/actors/1.5", 400),
    ("/debug/actors/18446744073709551616", 400), ("/debug/actors/%00", 400),
    ("/debug/actors/18446744073709551615", 404),
    ("/debug/actors/999999", 404), ("/debug/actors/1/2", 404),
    ("/debug/actors/", 400),
    ("/debug", 404), ("/debug/", 404), ("/debug/nothing", 404),
    ("/debug/actors?limit=0", 400), ("/debug/actors?limit=1001", 400),
    ("/debug/actors?limit=x", 400), ("/debug/actors?after=x", 400),
    ("/debug/actors?after=18446744073709551616", 400),
    ("/debug/actors?thread=-1", 400), ("/debug/actors?order=size", 400),
    ("/debug/actors?order=busy&after=3", 400),
    ("/debug/actors?search=%FF", 400)])
def test_bad_requests_are_refused(service, path, status):
    answer = ask(service, path)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == status


def test_a_page_beyond_all_pages_is_empty(service):
    page = get(service, "/debug/actors?after=18446744073709551615")
    assert page["actors"] == [] and page["next"] is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_looking_is_all_that_can_be_done(service, method):
    for path in ["/debug/actors", "/debug/overview", "/inspect"]:
        answer = ask(service, path, method)
        assert answer.status == 405 and answer.headers["allow"] == "GET, HEAD"
    assert ask(service, "/debug/actors", "HEAD").body == b""


def test_a_body_is_refused(service):
    assert ask(service, "/debug/actors", body=b"x").status == 400


async def test_actors_come_and_go_while_they_are_listed(service):
    async with contextlib.AsyncExitStack() as stack:
        for number in range(30):
            client = await stack.enter_async_context(
                Client(service, f"/ws/user-{number}"))
            await client.join(f"room-{number % 5}")
            ids = [x["id"] for x in all_actors(service, limit=5)]
            assert ids == sorted(set(ids))
            for one in ids[::7]:
                assert ask(service, f"/debug/actors/{one}").status in (200, 404)
