# SPDX-License-Identifier: MIT
"""A node whose packets get lost on their way to the other nodes, or theirs on
the way to it, while all are talking and etcd is there for all."""

import pytest

from support.parting import Parting


@pytest.mark.parametrize("place", [0, 1], ids=["home", "standby"])
@pytest.mark.parametrize("way", ["mute", "deaf"])
async def test_one_way_is_lost(apart, network, way, place):
    x = await Parting.begin(apart, network, place)
    ways = [(x.outlying, there) for there in x.rest]
    if way == "deaf":
        ways = [(there, here) for here, there in ways]
    network.lose(*ways)
    await x.outlast()
