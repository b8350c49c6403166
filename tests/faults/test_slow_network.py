# SPDX-License-Identifier: MIT
"""What is large takes long over a slow network. It is sent once, and the links of
its nodes live meanwhile."""

import asyncio
import itertools
import json
import time
import urllib.error

import websockets

from support.environment import DEADLINE
from support.talk import ROOM, Member

LARGE = 1_000_000

KEYS = 10_000


def losses(nodes):
    return [(node.name, x["peer"]) for node in nodes for x in node.log()
            if x["event"] == "node not linked"]


def slow_down(cluster, network, rate):
    for node in cluster.nodes:
        network.slow(node.place, node.peer_port, rate)


def publish(node, content):
    """Until it is confirmed, which HTTP waits 0.5 s for; it is said once, by its
    key. How often it was tried."""
    end = time.monotonic() + DEADLINE
    for tries in itertools.count(1):
        try:
            node.post("/api/v1/publish", {
                "room": ROOM, "content": content, "key": content[:20]}, 20)
            return tries
        except urllib.error.HTTPError as answer:
            assert answer.code == 503 and time.monotonic() < end, answer
            time.sleep(2)


async def test_a_large_message(apart, network):
    """Of a member of the home's node: it goes to each of the others."""
    members = [Member([node], node.name, ROOM) for node in apart.nodes]
    for one in members:
        await one.say(f"{one.name}-small")
    slow_down(apart, network, "3mbit")
    home, *others = apart.in_order(ROOM)
    await asyncio.to_thread(publish, home, "x" * LARGE)
    for one in members:
        await one.say(f"{one.name}-after")
    sent = {node.name: network.slowly_sent(node.place) for node in apart.nodes}
    print(f"bytes to each node: {sent}")
    assert all(LARGE < sent[node.name] < 1.3 * LARGE for node in others)
    assert sent[home.name] < 0.3 * LARGE
    assert not losses(apart.nodes)
    for one in members:
        await one.leave()


async def test_a_large_message_from_elsewhere(apart, network):
    """It goes to the home, and from there to all. Whoever tries again sends it to
    the home again, once a try, until the node itself knows that it was said."""
    members = [Member([node], node.name, ROOM) for node in apart.nodes]
    for one in members:
        await one.say(f"{one.name}-small")
    slow_down(apart, network, "3mbit")
    home, standby, relay = apart.in_order(ROOM)
    tries = await asyncio.to_thread(publish, relay, "x" * LARGE)
    for one in members:
        await one.say(f"{one.name}-after")
    sent = {node.name: network.slowly_sent(node.place) for node in apart.nodes}
    print(f"tries: {tries}, bytes to each node: {sent}")
    assert LARGE < sent[home.name] < (tries + 0.3) * 1.1 * LARGE
    assert all(LARGE < sent[node.name] < 1.3 * LARGE
               for node in (standby, relay))
    assert not losses(apart.nodes)
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
                    "key": f"a-key-of-some-length-{i:0200}"}))

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
    standby.kill()
    await apart.see([x for x in apart.nodes if x.runs], 2)
    slow_down(apart, network, "10mbit")
    standby.start()
    await apart.whole()
    before = losses(apart.nodes)
    begun = time.monotonic()
    await ann.say("after")
    sent = network.slowly_sent(standby.place)
    print(f"confirmed {time.monotonic() - begun:.1f} s after it was back, "
          f"by {sent} bytes")
    assert 1_000_000 < sent < 8_000_000
    assert losses(apart.nodes) == before
    await ann.leave()
