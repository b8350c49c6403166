# SPDX-License-Identifier: MIT
"""A node that is killed and started at its address, again and again."""

from support.environment import SANITIZED
from support.talk import ROOM, Talk, arrive, check, members_are

TIMES = 20


async def test_a_node_comes_back_twenty_times(cluster):
    members = await arrive(cluster)
    everyone = [x for group in members.values() for x in group]
    victim = cluster.in_order(ROOM)[0]
    stayed = [x for node, group in members.items() if node is not victim
              for x in group]
    others = [node for node in cluster.nodes if node is not victim]
    talk = Talk(everyone, pause=0.02)
    await talk.confirmed(5)
    sizes = []
    for _ in range(TIMES):
        victim.kill()
        await cluster.whole()
        victim.start()
        await cluster.whole()
        await talk.confirmed(2)
        sizes.append(sum(node.resident() for node in others))
    await talk.stop()
    await check(everyone, stayed)
    await members_are(stayed[0], [x.name for x in everyone])
    # The room's history fills at first.
    growth = sizes[-1] - sizes[TIMES // 2]
    print(f"{growth >> 10} KiB more after the last ten")
    assert SANITIZED or growth < 8 << 20, sizes
    for one in everyone:
        await one.leave()
