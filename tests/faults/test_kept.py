# SPDX-License-Identifier: MIT
"""What was confirmed in rooms in which nobody is, and what clients say of
themselves: nodes keep it while they are out, and until others have it."""

import asyncio
import contextlib
import json
import time

import websockets

from support.environment import DEADLINE
from support.published import Writers, contents
from support.service import until

ROOMS = [f"room-{i}" for i in range(24)]


async def frame_of(ws, kind):
    """The next one of that kind."""
    while True:
        frame = json.loads(await asyncio.wait_for(ws.recv(), DEADLINE))
        if frame["type"] == kind:
            return frame


async def reply_to(ws, id):
    while True:
        frame = json.loads(await asyncio.wait_for(ws.recv(), DEADLINE))
        if frame.get("id") == id:
            return frame


async def present(node, user):
    """A connection that has said something of itself."""
    ws = await websockets.connect(
        f"ws://{node.place.host}:{node.port}/ws/{user}?room=hall",
        compression=None, ping_interval=None)
    await ws.send(json.dumps({"type": "presence", "room": "hall",
                              "data": {"on": node.name}, "id": 1}))
    await frame_of(ws, "presence_state")
    # What it is told must not wait, or its pings do.
    asyncio.create_task(read_all(ws))
    return ws


async def read_all(ws):
    with contextlib.suppress(websockets.ConnectionClosed):
        async for _ in ws:
            pass


async def presence(node):
    """What each user in the hall says, for who comes in now; None where nobody
    is let in for now."""
    async with websockets.connect(
            f"ws://{node.place.host}:{node.port}/ws/eve",
            compression=None) as ws:
        await ws.send(json.dumps({"type": "join", "room": "hall",
                                  "presence": True, "id": 1}))
        joined = await reply_to(ws, 1)
        if joined["type"] == "error":
            assert joined["code"] == "unavailable", joined
            return None
        state = (await frame_of(ws, "presence_state"))["state"]
        return {user: told[0]["data"] for user, told in state.items()}


def outs(node):
    return len(node.said("out of the cluster"))


async def test_all_leases_end_and_nothing_is_lost(cluster):
    """AUDIT 5 and 6: as where etcd is away for longer than `cluster.ttl`."""
    writer = Writers(cluster.nodes, ROOMS)
    await writer.publish_all("precious")
    people = {f"on-{node.name}": await present(node, f"on-{node.name}")
              for node in cluster.nodes}
    said = {f"on-{node.name}": {"on": node.name} for node in cluster.nodes}
    await until(lambda: cluster.knows(people, 1))
    for one in cluster.etcd.members:
        one.stop()
    await asyncio.sleep(2 * cluster.ttl)
    for one in cluster.etcd.members:
        one.go_on()
    await until(lambda: all(outs(node) for node in cluster.nodes))
    await cluster.whole()
    # They come in again one after the other.
    end = time.monotonic() + DEADLINE
    for node in cluster.nodes:
        for room in ROOMS:
            assert await contents(node, room) == ["precious"], (node.name, room)
        while (known := await presence(node)) != said:
            assert time.monotonic() < end, (node.name, known)
            await asyncio.sleep(0.1)
    # And once more by their keys.
    await writer.publish_all("precious")
    for room in ROOMS:
        assert await contents(cluster.nodes[0], room) == ["precious"], room
    for ws in people.values():
        await ws.close()


async def test_who_was_standby_keeps_what_the_next_one_has_not(apart, network):
    """AUDIT 1: the next one has come in, and does not reach the home."""
    home, coming, before = apart.in_order(ROOMS[0])
    rooms = [x for x in ROOMS if apart.in_order(x)[:2] == [home, coming]]
    coming.drain()
    await until(lambda: not coming.runs)
    await apart.whole()
    await Writers([home], rooms).publish_all("precious")
    network.cut([coming.place], [home.place])
    coming.start()
    await until(lambda: before.sees(3))
    # Long enough for one that does not wait.
    await asyncio.sleep(1)
    home.kill()
    await apart.see([coming, before], 2)
    for room in rooms:
        assert await contents(coming, room) == ["precious"], room
