# SPDX-License-Identifier: MIT
"""A node whose settings would lose what the others confirm."""

from support.service import until
from support.talk import Member


async def test_a_node_without_history_waits(cluster):
    a, b, c = cluster.nodes
    c.drain()
    await until(lambda: not c.runs)
    await cluster.whole()
    c.options = ["--history.size=0"]
    c.start()
    await until(lambda: c.said(
        "settings differ between nodes", setting="history.size", here=0,
        there=256))
    assert c.get("/health/ready")[0] == 503
    assert a.sees(2) and b.sees(2)
    ann = Member([a], "ann", "room")
    await ann.say("kept")
    c.kill()
    c.options = ["--history.size=20"]
    c.start()
    await cluster.whole()
    await ann.leave()
