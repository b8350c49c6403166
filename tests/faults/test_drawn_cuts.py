# SPDX-License-Identifier: MIT
"""Ways between nodes, and from and to etcd, on which all is lost for a while.
What is lost and for how long is drawn; PARLOR_TEST_SEED=7 draws the same."""

import asyncio
import os
import random

from support.service import until
from support.talk import Member, Talk, check, members_are

SEED = int(os.environ.get("PARLOR_TEST_SEED", random.randrange(1 << 32)))
ROUNDS = 8
ROOMS = [f"room{i}" for i in range(4)]


def drawn_ways(draw, places):
    """Of one node only: home and standby of a room at once are more than the two
    copies of it survive."""
    node, *others = draw.sample("abc", 3)
    etcd = draw.choice([[], ["etcd"]])
    ways = [way for x in others + etcd for way in ((node, x), (x, node))]
    if draw.random() < 0.5:
        ways = draw.sample(ways, draw.randint(1, len(ways)))
    print(*(f"{x}->{y}" for x, y in ways))
    return [(places[x], places[y]) for x, y in ways]


async def test_ways_are_lost_and_come_back(apart, network):
    print("seed", SEED)
    draw = random.Random(SEED)
    rooms = {room: [Member([node], f"{node.name}-{room}", room)
                    for node in apart.nodes] for room in ROOMS}
    everyone = [x for group in rooms.values() for x in group]
    for one in everyone:
        await one.joined()
    descriptors = {x: x.descriptors() for x in apart.nodes}
    talk = Talk(everyone, pause=0.03)
    await talk.confirmed(5)
    for _ in range(ROUNDS):
        network.lose(*drawn_ways(draw, network.places))
        await asyncio.sleep(draw.choice([0.3, 1.5, 4]))
        network.heal()
        await asyncio.sleep(draw.choice([0, 0.3, 1]))
        await apart.whole()
        await talk.confirmed(2)
    await talk.stop()
    for group in rooms.values():
        await check(group, [x for x in group if not x.jumps])
        for one in group:
            await members_are(one, [x.name for x in group])
    assert not any(x.returns for x in everyone), "disconnected"
    await until(lambda: apart.knows([x.name for x in everyone], 1))
    await until(lambda: all(x.descriptors() <= count
                            for x, count in descriptors.items()))
    for one in everyone:
        await one.leave()
