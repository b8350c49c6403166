# SPDX-License-Identifier: MIT
"""Nodes that are stopped for a while, as a machine that swaps or is suspended:
shorter than their lease, and longer."""

import asyncio

import pytest

from support.talk import ROOM, Talk, arrive, check, members_are


@pytest.mark.parametrize("place", [0, 1], ids=["home", "standby"])
@pytest.mark.parametrize("seconds", [1.5, 20])
async def test_a_node_is_stopped(cluster, place, seconds):
    members = await arrive(cluster)
    everyone = [x for group in members.values() for x in group]
    victim = cluster.in_order(ROOM)[place]
    stayed = [x for node, group in members.items() if node is not victim
              for x in group]
    talk = Talk(everyone)
    await talk.confirmed(20)
    victim.stop()
    await asyncio.sleep(seconds)
    victim.go_on()
    await cluster.whole()
    await talk.confirmed(20)
    await talk.stop()
    await check(everyone, stayed)
    await members_are(stayed[0], [x.name for x in everyone])
    print(f"longest silence {max(max(x.silences) for x in stayed):.1f} s")
    for one in everyone:
        await one.leave()
