# SPDX-License-Identifier: MIT
"""Nodes that are stopped and started one after the other, as fast as they say
that they are ready: nothing that was confirmed is lost."""

import asyncio
import os
import time
import urllib.request

import pytest
from conftest import ended
from coroutines import patience

from support.environment import DEADLINE, SLOWDOWN
from support.published import Writers, contents
from support.service import PATIENCE, Cluster, until
from support.talk import Talk, arrive, check

ROOMS = [f"room-{i}" for i in range(24)]

# Of all three nodes; 200 now and then.
ROUNDS = int(os.environ.get("PARLOR_TEST_ROUNDS", "20"))

# Nothing that was said may be forgotten for its age or its number meanwhile.
KEPT = ("--history.size=100000", "--history.ttl=2h",
        "--history.room-bytes=67108864")

WRITERS = 6


@pytest.fixture
def remembering(tmp_path):
    yield from ended(Cluster(tmp_path, options=KEPT))


def is_ready(node):
    try:
        with urllib.request.urlopen(
                f"http://{node.place.host}:{node.port}/health/ready",
                timeout=PATIENCE) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until_ready(node):
    """As fast as it says so."""
    end = time.monotonic() + DEADLINE
    while not is_ready(node):
        assert time.monotonic() < end, "it is never ready"
        time.sleep(0.002)


async def restart(node):
    """As fast as it ends and says that it is ready."""
    node.drain()
    code = await asyncio.to_thread(node.process.wait, DEADLINE)
    assert code == 0, (node.name, code)
    node.start()
    await asyncio.to_thread(wait_until_ready, node)


@patience((300 + 20 * ROUNDS) * SLOWDOWN)
@pytest.mark.parametrize("writers", [0, WRITERS], ids=["quiet", "published"])
async def test_a_quick_rolling_restart_loses_nothing(remembering, writers):
    """While nobody is connected, so that a room is where it has to be alone."""
    nodes = remembering.nodes
    for node in nodes:
        await asyncio.to_thread(wait_until_ready, node)
    load = Writers(nodes, ROOMS, writers)
    begun = time.monotonic()
    for turn in range(ROUNDS):
        if not writers:
            await load.publish_all(f"round {turn}", turn)
        for node in nodes:
            await restart(node)
    took = time.monotonic() - begun
    await load.stop()
    told = {room: await contents(nodes[0], room) for room in ROOMS}
    lost = {room: missing for room, said in load.said.items()
            if (missing := sorted(set(said) - set(told[room])))}
    assert not lost
    # In their order, and none twice.
    assert told == load.said
    print(f"{3 * ROUNDS} restarts in {took:.0f} s; "
          f"{sum(map(len, told.values()))} confirmed messages, none lost")


@patience((300 + 20 * ROUNDS) * SLOWDOWN)
async def test_who_talks_meanwhile_loses_nothing(remembering):
    members = await arrive(remembering)
    everyone = [x for group in members.values() for x in group]
    talk = Talk(everyone, pause=0.02)
    begun = time.monotonic()
    for _ in range(ROUNDS):
        for node in remembering.nodes:
            await restart(node)
    took = time.monotonic() - begun
    await talk.confirmed(10)
    await talk.stop()
    told = await check(everyone, [])
    confirmed = {seq: content for x in everyone
                 for content, seq in x.confirmed.items()}
    for one in everyone:
        first = min(one.log)
        lost = [(seq, content) for seq, content in confirmed.items()
                if seq > first and (
                    seq not in one.log
                or one.log[seq].get("content") != content)]
        # Where they are instead, and what is in their place.
        found = {x.get("content"): seq for seq, x in one.log.items()}
        assert not lost, (one.name, one.epoch, [
            (seq, content, found.get(content), one.log.get(seq))
            for seq, content in lost])
    print(f"{3 * ROUNDS} restarts in {took:.0f} s; {told} messages; "
          f"{sum(x.returns for x in everyone)} returns")
    for one in everyone:
        await one.leave()


async def test_nodes_move_to_other_members_of_etcd(cluster):
    """One after the other, as docs/operations.md says."""
    for node in cluster.nodes:
        await asyncio.to_thread(wait_until_ready, node)
    await Writers(cluster.nodes, ROOMS).publish_all("precious")
    for node in cluster.nodes:
        node.endpoints = cluster.etcd.urls[1:]
        await restart(node)
    cluster.etcd.members[0].kill()
    for room in ROOMS:
        assert await contents(cluster.nodes[0], room) == ["precious"], room


@pytest.mark.ttl(10)
async def test_who_stops_waits_until_two_others_have_what_it_had(cluster):
    """The one that is to have a copy is slow; then the other one dies."""
    await asyncio.to_thread(wait_until_ready, cluster.nodes[2])
    first, second, third = cluster.in_order(ROOMS[0])
    rooms = [x for x in ROOMS if cluster.in_order(x)[:2] == [first, second]]
    await Writers([first], rooms).publish_all("precious")
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
