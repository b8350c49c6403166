# SPDX-License-Identifier: MIT
"""Links that end, and connections that are refused, as by a firewall or a proxy
that ends: nobody is dead, and nobody is taken for dead."""

import pytest

from support.parting import Parting
from support.service import until
from support.talk import ROOM, Member, Talk, check

# Who refuses each other, by their places in the room's order.
REFUSED = {
    "home-and-standby": [(0, 1)],
    "home-and-all": [(0, 1), (0, 2)],
    "standby-and-all": [(1, 0), (1, 2)],
    "each-and-each": [(0, 1), (0, 2), (1, 2)],
}


async def asked_and_answered(nodes):
    """Each node that was taken for dead has answered."""
    await until(lambda: any(
        x.said("node refuses links and lives") for x in nodes))
    assert not any(x.said("took out a dead node") for x in nodes)


@pytest.mark.ttl(10)
@pytest.mark.parametrize("pairs", REFUSED.values(), ids=REFUSED)
async def test_nodes_that_refuse_each_other_live(apart, network, pairs):
    x = await Parting.begin(apart, network, pairs[0][0])
    places = [node.place for node in apart.in_order(ROOM)]
    for one, other in pairs:
        network.refuse((places[one], places[other]),
                       (places[other], places[one]))
    await x.come_and_go()
    await asked_and_answered(apart.nodes)
    await x.refusal()
    await x.heal()
    assert not x.outs()
    told = await x.end()
    print(f"{told} messages")


@pytest.mark.ttl(10)
async def test_the_last_two_do_not_take_out_each_other(apart, network):
    third = apart.in_order(ROOM)[2]
    third.drain()
    await until(lambda: not third.runs)
    both = apart.in_order(ROOM)
    members = [Member([node], node.name, ROOM) for node in both]
    talk = Talk(members)
    await talk.confirmed(20)
    one, other = (node.place for node in both)
    network.refuse((one, other), (other, one))
    await asked_and_answered(both)
    network.heal()
    await apart.whole()
    await talk.confirmed(20)
    await talk.stop()
    await check(members, members)
    assert not any(x.said("out of the cluster") for x in both)
    for one in members:
        await one.leave()
