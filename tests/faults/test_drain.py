# SPDX-License-Identifier: MIT
"""A rolling deploy: one node after the other is drained and started anew, and
those who talk lose nothing."""

import asyncio

from support.environment import DEADLINE
from support.talk import Talk, arrive, check, members_are


async def test_a_rolling_deploy_loses_nothing(cluster):
    members = await arrive(cluster)
    everyone = [x for group in members.values() for x in group]
    talk = Talk(everyone)
    await talk.confirmed(10)
    for node in cluster.nodes:
        node.drain()
        code = await exit_code(node)
        assert code == 0, (node.name, code)
        await cluster.whole()
        await talk.confirmed(10)
        node.start()
        await cluster.whole()
        await talk.confirmed(10)
    await talk.stop()
    await check(everyone, [])
    await members_are(everyone[0], [x.name for x in everyone])
    for one in everyone:
        await one.leave()


async def exit_code(node):
    return await asyncio.to_thread(node.process.wait, DEADLINE)
