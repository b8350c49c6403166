# SPDX-License-Identifier: MIT
"""A node whose packets get lost on their way to the other nodes, or theirs on
the way to it, while all are talking and etcd is there for all."""

import time

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
    # Before anybody knows: what is told of them is lost on the way.
    await x.come_and_go()
    await x.links_end()
    await x.refusal()
    healed = time.monotonic()
    await x.heal()
    back = time.monotonic()
    told = await x.end()
    print(f"longest silence {x.silence(x.everyone):.1f} s; "
          f"{back - healed:.1f} s until all were linked; "
          f"{x.outs()} nodes had to come in anew; {told} messages")
