# SPDX-License-Identifier: MIT
"""A node is cut off while all are talking, and comes back: what was confirmed is
there, once, in one order, and nobody was disconnected."""

import asyncio
import time

import pytest

from support.parting import Parting

PLACES = pytest.mark.parametrize(
    "place", [0, 1, 2], ids=["home", "standby", "bystander"])


@PLACES
async def test_a_node_is_cut_off_from_all(apart, network, place):
    """It decides nothing more, and the others go on without it."""
    x = await Parting.begin(apart, network, place)
    begun = time.monotonic()
    network.cut([x.outlying], [*x.rest, network.places["etcd"]])
    await asyncio.gather(x.refusal(), apart.see(x.others, 2))
    known = time.monotonic()
    await x.come_and_go()
    await x.talk.confirmed(20, x.stayed)
    silence = x.silence(x.stayed)
    healed = time.monotonic()
    await x.heal()
    back = time.monotonic()
    told = await x.end()
    print(f"failover: {silence:.1f} s without a message, {known - begun:.1f} s "
          f"until the others saw two nodes and those who were cut off were "
          f"refused; {back - healed:.1f} s until all were back; {told} messages")


@PLACES
async def test_a_node_is_cut_off_from_the_others_alone(apart, network, place):
    """All leases are renewed, so nobody takes its part: rooms that need it
    wait."""
    x = await Parting.begin(apart, network, place)
    network.cut([x.outlying], x.rest)
    await x.outlast()
