# SPDX-License-Identifier: MIT
"""Nodes that are stopped and started one after the other, as fast as they say
that they are ready, while nobody is connected."""

import asyncio
import json
import os
import time
import urllib.request

import websockets

from support.environment import DEADLINE
from support.service import until

ROOMS = [f"room-{i}" for i in range(24)]

# Issue 17 wants 20 now and then, and 200 once.
ROUNDS = int(os.environ.get("PARLOR_ROLLING_ROUNDS", "3"))


def is_ready(node):
    try:
        with urllib.request.urlopen(
                f"http://{node.place.host}:{node.port}/health/ready",
                timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until_ready(node):
    """As fast as it says so."""
    end = time.monotonic() + DEADLINE
    while not is_ready(node):
        assert time.monotonic() < end, "it is never ready"
        time.sleep(0.002)


async def publish(node, content, rooms):
    for room in rooms:
        receipt = await asyncio.to_thread(
            node.post, "/api/v1/publish",
            {"room": room, "content": content, "sender": "server"})
        assert receipt["seq"], receipt


async def contents(node, room):
    """What a room still knows, for who comes in now."""
    async with websockets.connect(
            f"ws://{node.place.host}:{node.port}/ws/eve",
            compression=None) as ws:
        await ws.send(json.dumps(
            {"type": "join", "room": room, "rewind": 200, "id": 1}))
        told = []
        while True:
            frame = json.loads(await asyncio.wait_for(ws.recv(), DEADLINE))
            if frame.get("id") == 1:
                missing = frame["replayed"]
            elif frame["type"] == "chat":
                told.append(frame["content"])
            if frame.get("id") == 1 or frame["type"] == "chat":
                if len(told) == missing:
                    return told


async def test_a_quick_rolling_restart_loses_nothing(cluster):
    for node in cluster.nodes:
        await asyncio.to_thread(wait_until_ready, node)
    said = []
    for turn in range(ROUNDS):
        said.append(f"round {turn}")
        await publish(cluster.nodes[turn % 3], said[-1], ROOMS)
        for node in cluster.nodes:
            node.drain()
            code = await asyncio.to_thread(node.process.wait, DEADLINE)
            assert code == 0, (node.name, code)
            node.start()
            await asyncio.to_thread(wait_until_ready, node)
    lost = [(room, said[len(told):])
            for room in ROOMS
            if (told := await contents(cluster.nodes[0], room)) != said]
    assert not lost


async def test_who_stops_waits_until_two_others_have_what_it_had(cluster):
    """The one that is to have a copy is slow; then the other one dies."""
    await asyncio.to_thread(wait_until_ready, cluster.nodes[2])
    first, second, third = cluster.in_order(ROOMS[0])
    rooms = [x for x in ROOMS if cluster.in_order(x)[:2] == [first, second]]
    await publish(first, "precious", rooms)
    views = changes_at(second)
    third.stop()
    first.drain()
    await until(lambda: changes_at(second) > views)
    # Long enough for one that does not wait, short enough for the lease.
    await asyncio.sleep(1.2)
    assert first.runs
    third.go_on()
    assert await asyncio.to_thread(first.process.wait, DEADLINE) == 0
    second.kill()
    await cluster.see([third], 1)
    for room in rooms:
        assert await contents(third, room) == ["precious"], room


def changes_at(node):
    return sum(x["event"] == "cluster changed" for x in node.log())
