# SPDX-License-Identifier: MIT
"""What is large takes long over a slow network, and the links of its nodes live
meanwhile."""

import asyncio
import json
import time
import urllib.error

import pytest
import websockets

from support.environment import DEADLINE
from support.talk import ROOM, Member

RATE = "3mbit"

# More than a second of the network's time, as one message.
LARGE = 1_000_000

KEYS = 10_000


def losses(nodes):
    return [(node.name, x["peer"]) for node in nodes for x in node.log()
            if x["event"] == "node not linked"]


@pytest.fixture
def slow(apart, network):
    for node in apart.nodes:
        network.slow(node.place, node.peer_port, RATE)
    return apart


def publish(node, content):
    """Until it is confirmed; it is said once, by its key."""
    end = time.monotonic() + DEADLINE
    while True:
        try:
            return node.post("/api/v1/publish", {
                "room": ROOM, "content": content, "key": content[:20]}, 20)
        except urllib.error.HTTPError as answer:
            assert answer.code == 503 and time.monotonic() < end, answer
            time.sleep(0.2)


async def test_a_large_message(slow):
    members = [Member([node], node.name, ROOM) for node in slow.nodes]
    for one in members:
        await one.say(f"{one.name}-small")
    # At the room's home, from which it goes to the others.
    home = slow.in_order(ROOM)[0]
    await asyncio.to_thread(publish, home, "x" * LARGE)
    for one in members:
        await one.say(f"{one.name}-after")
    assert not losses(slow.nodes)
    for one in members:
        await one.leave()


async def say_many(node, count):
    """Each by a key of its own, as fast as they go."""
    async with websockets.connect(
            f"ws://{node.place.host}:{node.port}/ws/many?room={ROOM}",
            compression=None, ping_interval=None, max_size=None) as ws:

        async def send():
            for i in range(count):
                await ws.send(json.dumps({
                    "type": "chat", "room": ROOM, "content": "x", "id": str(i),
                    "key": f"a-key-of-some-length-{i}"}))

        sending = asyncio.create_task(send())
        confirmed = 0
        while confirmed < count:
            frame = json.loads(await ws.recv())
            assert frame["type"] != "error", frame
            confirmed += frame["type"] == "reply" and "id" in frame
        await sending


async def test_a_large_state(apart, network):
    """As a standby that comes back gets it."""
    home, standby, _ = apart.in_order(ROOM)
    ann = Member([home], "ann", ROOM)
    await ann.joined()
    await say_many(home, KEYS)
    for node in apart.nodes:
        network.slow(node.place, node.peer_port, RATE)
    standby.kill()
    await apart.whole()
    standby.start()
    await apart.whole()
    before = losses(apart.nodes)
    begun = time.monotonic()
    await ann.say("after")
    print(f"confirmed {time.monotonic() - begun:.1f} s after it was back")
    assert losses(apart.nodes) == before
    await ann.leave()
