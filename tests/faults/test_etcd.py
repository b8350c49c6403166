# SPDX-License-Identifier: MIT
"""etcd fails, and the nodes do not: nobody loses a message, though they may have
to wait."""

import asyncio

from support.talk import Talk, arrive, check, members_are


async def test_the_leader_of_etcd_is_killed(cluster):
    members = await arrive(cluster)
    everyone = [x for group in members.values() for x in group]
    talk = Talk(everyone)
    await talk.confirmed(20)
    cluster.etcd.leader().kill()
    await talk.confirmed(50)
    await talk.stop()
    await check(everyone, everyone)
    await members_are(everyone[0], [x.name for x in everyone])
    for one in everyone:
        await one.leave()


async def test_all_of_etcd_is_stopped_for_ten_seconds(cluster):
    members = await arrive(cluster)
    everyone = [x for group in members.values() for x in group]
    talk = Talk(everyone)
    await talk.confirmed(20)
    for one in cluster.etcd.members:
        one.stop()
    await asyncio.sleep(10)
    for one in cluster.etcd.members:
        one.go_on()
    await cluster.whole()
    await talk.confirmed(20)
    await talk.stop()
    await check(everyone, everyone)
    await members_are(everyone[0], [x.name for x in everyone])
    for one in everyone:
        await one.leave()
