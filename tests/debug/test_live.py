# SPDX-License-Identifier: MIT
"""/debug/live: what is in view, again and again, and nothing else."""

import asyncio
import json

import pytest

from support.client import Client
from support.crowd import Crowd
from support.environment import DEADLINE
from viewing import Viewer, of_kind, the_room, wait_until


async def test_only_what_is_in_view_is_sent(service):
    async with Viewer(service) as viewer:
        await viewer.say({"picture": True, "serial": 1})
        first = await viewer.hear()
        assert set(first) == {"type", "serial", "picture"}
        await viewer.say({"list": {"kind": "registry"}, "serial": 2})
        while (update := await viewer.hear())["serial"] != 2:
            assert "list" not in update
        assert set(update) == {"type", "serial", "list"}
        assert update["list"]["total"] == 1
        one = update["list"]["actors"][0]["id"]
        await viewer.say({"actor": one, "serial": 3})
        while (update := await viewer.hear())["serial"] != 3:
            pass
        assert set(update) == {"type", "serial", "actor"}
        assert update["actor"]["state"]["closing"] is False


async def test_nothing_is_sent_where_nobody_looks(service):
    async with Viewer(service) as viewer:
        await viewer.say({"picture": True})
        await viewer.hear()
        await viewer.say({})
        await viewer.say("this is answered at once")
        while (await viewer.hear())["type"] == "update":
            pass
        # Three seconds of updates would have come here.
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(viewer.ws.recv(), 3)


async def test_numbers_go_on(service):
    async with Viewer(service) as viewer, Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        room = the_room(service)
        await viewer.say({"actor": room["id"]})
        before = (await viewer.hear())["actor"]["handled"]
        await ann.request("chat", room="tea", content="one more")
        while (await viewer.hear())["actor"]["handled"] <= before:
            pass


async def test_an_actor_that_ends_is_gone(service):
    async with Viewer(service) as viewer:
        async with Client(service, "/ws/ann"):
            [ann] = of_kind(service, "connection")
            await viewer.say({"actor": ann["id"]})
            assert (await viewer.hear())["actor"]["title"] == "ann"
        while "gone" not in (update := await viewer.hear())["actor"]:
            pass
        assert update["actor"] == {"id": ann["id"], "gone": True}


BAD = ["", "nonsense", "[]", "null", "1", '{"picture":1}', '{"actor":"x"}',
       '{"actor":-1}', '{"list":[]}', '{"list":{"order":"size"}}',
       '{"list":{"thread":"x"}}', '{"list":' + "[" * 100 + "}"]


@pytest.mark.parametrize("text", BAD)
async def test_a_bad_view_is_answered_and_the_viewer_stays(service, text):
    async with Viewer(service) as viewer:
        await viewer.say(text)
        answer = await viewer.hear()
        assert answer["type"] == "error" and answer["message"]
        await viewer.say({"picture": True})
        assert (await viewer.hear())["type"] == "update"


@pytest.mark.parametrize("view", [
    {"list": {"limit": 10 ** 30}}, {"list": {"limit": 0}},
    {"list": {"after": 10 ** 30}}, {"list": {"thread": 10 ** 30}},
    {"list": {"search": "x" * 10000}}, {"actor": 10 ** 30},
    {"actor": 0}, {"picture": True, "unknown": [1, {}]}])
async def test_huge_numbers_are_understood_as_well_as_can_be(service, view):
    async with Viewer(service) as viewer:
        await viewer.say({"picture": True, **view})
        update = await viewer.hear()
        assert update["type"] == "update"
        assert len(update.get("list", {}).get("actors", [])) <= 1000


async def test_too_many_errors_close(start_server):
    service = start_server("limits.errors=5")
    async with Viewer(service) as viewer:
        for _ in range(6):
            await viewer.say("nonsense")
        assert await viewer.closed() == 1008


async def test_what_is_no_text_closes(service):
    async with Viewer(service) as viewer:
        await viewer.say(b"\x00\x01")
        assert await viewer.closed() == 1003
    async with Viewer(service) as viewer:
        await viewer.say(json.dumps({"list": {"search": "x" * 100000}}))
        assert await viewer.closed() == 1009
    wait_until(lambda: not of_kind(service, "viewer"), "viewers to end")


async def test_a_flood_of_views_is_served_in_order(service):
    async with Viewer(service) as viewer:
        for number in range(1, 500):
            await viewer.say({"picture": True, "serial": number})
        while (await viewer.hear())["serial"] != 499:
            pass


async def test_many_actors_are_one_page(service):
    with Crowd(service, "hall", 500):
        wait_until(lambda: len(of_kind(service, "connection")) == 500,
                   "everybody to be in")
        async with Viewer(service) as viewer:
            await viewer.say({"picture": True, "list": {"limit": 20}})
            update = await viewer.hear()
            assert len(update["list"]["actors"]) == 20
            assert update["list"]["total"] > 500
            assert len(json.dumps(update)) < 20000


async def test_viewers_are_sent_home(start_server):
    service = start_server()
    async with Viewer(service) as viewer, Viewer(service) as idle:
        await viewer.say({"picture": True})
        await viewer.hear()
        service.terminate()
        assert await viewer.closed() == 1012
        assert await idle.closed() == 1012
    assert service.wait(DEADLINE) == 0
