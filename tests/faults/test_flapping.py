# SPDX-License-Identifier: MIT
"""A node whose network comes and goes, while all are talking."""

import asyncio

import pytest

from support.parting import Parting


# Shorter than the links and the lease need to notice, and longer.
@pytest.mark.parametrize("times, gone, there", [(10, 1, 1), (4, 3, 1)],
                         ids=["short", "long"])
async def test_a_network_flaps(apart, network, times, gone, there):
    x = await Parting.begin(apart, network, 0)
    for i in range(times):
        network.cut([x.outlying], [*x.rest, network.places["etcd"]])
        if i == times // 2:
            await x.come_and_go()
        await asyncio.sleep(gone)
        network.heal()
        await asyncio.sleep(there)
    await apart.whole()
    told = await x.end()
    print(f"longest silence {x.silence(x.everyone):.1f} s; "
          f"{x.outs()} times a node had to come in anew; {told} messages")
