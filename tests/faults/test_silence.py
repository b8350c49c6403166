# SPDX-License-Identifier: MIT
"""A node that hangs and is still in the cluster: what it has is not known, and
nobody is told that it is not there."""

import asyncio
import json

import pytest
import websockets
from conftest import ended

from support.service import Cluster, until

USER = "ann"


@pytest.fixture
def patient(tmp_path):
    """A cluster that waits for a silent node for longer than the test."""
    yield from ended(Cluster(tmp_path, ttl=60))


def connect(node, user):
    return websockets.connect(
        f"ws://{node.place.host}:{node.port}/ws/{user}", compression=None,
        ping_interval=None)


async def answer(ws, frame):
    await ws.send(json.dumps(frame))
    return json.loads(await ws.recv())


async def test_what_a_silent_node_has_is_not_known(patient):
    home, asked, silent = patient.in_order(USER)
    async with connect(silent, USER) as ann, connect(asked, "bob") as bob:
        connection = json.loads(await ann.recv())["connection"]
        await bob.recv()
        silent.stop()
        # Its links are up for as long as its silence may be chance.
        kick = f"/admin/connections/{connection}"
        assert asked.status("DELETE", kick) == 503
        assert asked.status("GET", f"/admin/users/{USER}") == 503
        await until(lambda: not any(silent.name in x.linked()
                                    for x in (home, asked)))
        for node in (home, asked):
            assert node.status("DELETE", kick) == 503
            assert node.status("DELETE", f"/admin/users/{USER}") == 503
            assert node.status("GET", f"/admin/users/{USER}") == 503
            assert node.status("POST", "/api/v1/disconnect",
                               {"user": USER}) == 503
            assert node.status("POST", "/api/v1/send",
                               {"user": USER, "content": 1}) == 503
            told = node.post("/api/v1/broadcast", {"content": 1})
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
        await asyncio.wait_for(ann.wait_closed(), 10)
        assert ann.close_code == 4004
