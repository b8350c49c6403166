# SPDX-License-Identifier: MIT
"""A node that hangs and is still in the cluster: what it has is not known, and
nobody is told that it is not there."""

import asyncio
import json

import pytest
import websockets
from conftest import ended

from support.environment import DEADLINE
from support.service import Cluster, until

USER = "ann"


@pytest.fixture
def patient(tmp_path):
    """A cluster that waits for a silent node for longer than the test."""
    yield from ended(Cluster(tmp_path, ttl=60))


def requests(user, connection, room):
    """Each way of asking for what a silent node may have, or of doing something to
    it, and what does not say that it is not there."""
    return [
        ("GET", f"/admin/users/{user}", None),
        ("GET", f"/admin/rooms/{room}", None),
        ("DELETE", f"/admin/connections/{connection}", None),
        ("DELETE", f"/admin/users/{user}", None),
        ("POST", "/api/v1/disconnect", {"user": user}),
        ("POST", "/api/v1/send", {"user": user, "content": 1}),
        ("POST", "/api/v1/publish", {"room": room, "content": 1}),
    ]


LISTS = ("/admin/connections", "/admin/connections?detail=1", "/admin/rooms",
         "/admin/users")


def connect(node, user):
    return websockets.connect(
        f"ws://{node.place.host}:{node.port}/ws/{user}", compression=None,
        ping_interval=None)


async def answer(ws, frame):
    await ws.send(json.dumps(frame))
    return json.loads(await ws.recv())


async def status(node, *request):
    """While this test's clients go on."""
    return await asyncio.to_thread(node.status, *request)


def silent_at(node, path):
    """Names of those that a list of that node is without."""
    code, text = node.get(path)
    assert code == 200, text
    return {x["id"] for x in json.loads(text)["nodes"]
            if x["status"] == "silent"}


async def test_what_a_silent_node_has_is_not_known(patient):
    home, asked, silent = patient.in_order(USER)
    async with connect(silent, USER) as ann, connect(asked, "bob") as bob:
        connection = json.loads(await ann.recv())["connection"]
        await bob.recv()
        silent.stop()
        # Its links are up for as long as its silence may be chance.
        kick = f"/admin/connections/{connection}"
        assert await status(asked, "DELETE", kick) == 503
        assert await status(asked, "GET", f"/admin/users/{USER}") == 503
        await until(lambda: not any(silent.name in x.linked()
                                    for x in (home, asked)))
        for node in (home, asked):
            assert await status(node, "DELETE", kick) == 503
            assert await status(node, "DELETE", f"/admin/users/{USER}") == 503
            assert await status(node, "GET", f"/admin/users/{USER}") == 503
            assert await status(node, "POST", "/api/v1/disconnect",
                                {"user": USER}) == 503
            assert await status(node, "POST", "/api/v1/send",
                                {"user": USER, "content": 1}) == 503
            told = await asyncio.to_thread(
                node.post, "/api/v1/broadcast", {"content": 1})
            assert {x["id"] for x in told["nodes"]
                    if x["status"] == "silent"} == {silent.name}
        # Both broadcasts come first.
        for _ in range(2):
            assert json.loads(await bob.recv())["type"] == "system"
        refused = await answer(bob, {"type": "private", "to": USER,
                                     "content": 1, "id": 1})
        assert refused["code"] == "unavailable"
        silent.go_on()
        await patient.whole()
        await until(lambda: asked.status("GET", "/admin/users/none") == 404)
        # What was asked of it may have been waiting there.
        await until(lambda: asked.status(
            "DELETE", f"/admin/users/{USER}") in (204, 404))
        await asyncio.wait_for(ann.wait_closed(), DEADLINE)
        assert ann.close_code == 4004


def led_by(cluster, node, count):
    """Names of rooms, and of users, that this node leads."""
    names = (f"name{i}" for i in range(10_000))
    return [x for x, _ in zip(
        (x for x in names if cluster.in_order(x)[0] is node), range(count))]


@pytest.fixture
def stuck(patient):
    """What is done with the last node, which goes on in any case."""
    silent = patient.nodes[-1]
    yield silent
    silent.go_on()


@pytest.mark.parametrize("links", ["are-up", "are-lost"])
async def test_no_method_says_that_it_is_not_there(patient, stuck, links):
    """Of a silent node that leads the user and the room as well."""
    asked = patient.nodes[0]
    count = len(requests("", "", ""))
    names = led_by(patient, stuck, 2 * count)
    there = []
    for user, room in zip(names[:count], names[count:]):
        ws = await connect(stuck, user)
        connection = json.loads(await ws.recv())["connection"]
        await answer(ws, {"type": "join", "room": room, "id": 1})
        there.append((user, connection, room))
    await until(lambda: asked.status(
        "GET", f"/admin/users/{there[-1][0]}") == 200)
    for i, one in enumerate(there):
        stuck.stop()
        if links == "are-lost":
            await until(lambda: stuck.name not in asked.linked())
        method, path, body = requests(*one)[i]
        assert await status(asked, method, path, body) == 503, (method, path)
        if links == "are-up":
            stuck.go_on()
            await patient.whole()
    stuck.stop()
    for path in LISTS:
        # Others may be silent, too, for as long as they have no turn.
        await until(lambda: silent_at(asked, path) == {stuck.name})
    stuck.go_on()


async def test_a_user_elsewhere_that_a_silent_node_leads(patient, stuck):
    """Nobody else knows where to find it."""
    asked, other, _ = patient.nodes
    user, = led_by(patient, stuck, 1)
    async with connect(other, user) as ann:
        connection = json.loads(await ann.recv())["connection"]
        await until(lambda: asked.status("GET", f"/admin/users/{user}") == 200)
        stuck.stop()
        for method, path, body, wanted in (
                ("GET", f"/admin/users/{user}", None, 200),
                ("POST", "/api/v1/send", {"user": user, "content": 1}, 503),
                ("POST", "/api/v1/disconnect", {"user": user}, 503),
                ("DELETE", f"/admin/users/{user}", None, 503),
                ("DELETE", f"/admin/connections/{connection}", None, 204)):
            assert await status(asked, method, path, body) == wanted, (
                method, path)
