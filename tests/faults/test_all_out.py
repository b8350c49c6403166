# SPDX-License-Identifier: MIT
"""All nodes lose their leases at once, as after an outage of etcd."""

import pytest

from support.parting import Parting
from support.service import until


def times_in(node):
    return sum(x["event"] == "in the cluster" for x in node.log())


@pytest.mark.ttl(6)
async def test_one_that_is_behind_is_the_first_that_is_back(apart, network):
    """It waits for the others: what they have confirmed without it is kept."""
    x = await Parting.begin(apart, network, 2)
    network.cut([x.outlying], x.rest)
    await x.come_and_go()
    await x.links_end()
    await x.talk.confirmed(20, x.stayed)
    before = times_in(x.victim)
    for node in x.others:
        node.stop()
    apart.etcd.delete_below("/parlor/nodes/")
    await until(lambda: times_in(x.victim) > before)
    for node in x.others:
        node.go_on()
    await x.heal()
    assert x.outs() == 3
    told = await x.end()
    print(f"{told} messages")
