# SPDX-License-Identifier: MIT
"""A node that etcd knows and that no other node can be linked to."""

from cluster_support.certificates import Authority

from support.service import until
from support.talk import Member

ROOMS = [f"room{i}" for i in range(8)]


async def test_all_say_why_and_it_is_not_ready(cluster, tmp_path):
    a, b, c = cluster.nodes
    c.drain()
    await until(lambda: not c.runs)
    await cluster.whole()
    members = [Member([node], f"{node.name}-{room}", room)
               for node in (a, b) for room in ROOMS]
    for one in members:
        await one.say(f"{one.name} before")
    c.certify(Authority(tmp_path, "other"))
    c.start()
    for node, peer in ((a, "c"), (b, "c"), (c, "a"), (c, "b")):
        await until(lambda: node.said("node cannot be linked", node=peer))
    assert any("TLS" in x["why"] for x in c.said("node cannot be linked"))
    assert any("TLS" in x["problem"] for x in a.said("a stranger is turned away"))
    for node, status in ((a, 200), (b, 200), (c, 503)):
        await until(lambda: node.get("/health/ready")[0] == status)
    await until(lambda: "linked to too few" in c.get("/health/ready")[1])
    assert 'parlor_node_linked{node="c"} 0\n' in a.get("/metrics")[1]
    assert 'parlor_node_linked{node="b"} 1\n' in a.get("/metrics")[1]
    # It has no part in any room then, and none waits for what it may have.
    for one in members:
        await one.say(f"{one.name} without it")
    # With a good certificate it is one of them.
    c.kill()
    c.certify(cluster.authority)
    c.start()
    await cluster.whole()
    for one in members:
        await one.say(f"{one.name} at last")
    await until(lambda: c.get("/health/ready")[0] == 200)
    for one in members:
        await one.leave()
