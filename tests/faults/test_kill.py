# SPDX-License-Identifier: MIT
"""Nodes that are killed while all are talking: what was confirmed is there,
once, in one order, and nobody who stayed was disconnected."""

import time

import pytest

from support.talk import ROOM, Talk, arrive, check, members_are


@pytest.mark.parametrize("place", [0, 1, 2],
                         ids=["home", "standby", "bystander"])
async def test_a_node_is_killed(cluster, place):
    members = await arrive(cluster)
    everyone = [x for group in members.values() for x in group]
    victim = cluster.in_order(ROOM)[place]
    stayed = [x for node, group in members.items() if node is not victim
              for x in group]
    talk = Talk(everyone)
    await talk.confirmed(20)
    for one in stayed:
        one.silences.clear()
    begun = time.monotonic()
    victim.kill()
    await cluster.whole()
    known = time.monotonic()
    await talk.confirmed(20)
    await talk.stop()
    told = await check(everyone, stayed)
    await members_are(stayed[0], [x.name for x in everyone])
    print(f"failover: {1000 * max(max(x.silences) for x in stayed):.0f} ms "
          f"without a message, {1000 * (known - begun):.0f} ms until all saw "
          f"two nodes; {told} messages")
    for one in everyone:
        await one.leave()
