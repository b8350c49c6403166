# SPDX-License-Identifier: MIT
"""Endpoints of etcd one of which has gone, and one whose name no resolver
answers for: the next one is asked before the lease ends."""

import socket

import pytest

from support.service import until

# The node's own /etc/resolv.conf: nobody else sees it.
WITH_RESOLVER = ["unshare", "--mount", "sh", "-c",
                 'mount --bind "$0" /etc/resolv.conf && exec "$@"']


@pytest.fixture
def silent_resolver(network, tmp_path):
    """The file that names it."""
    place = network.places["etcd"]
    with network.at(place):
        deaf = socket.socket(type=socket.SOCK_DGRAM)
        deaf.bind((place.host, 53))
    file = tmp_path / "resolv.conf"
    file.write_text(f"nameserver {place.host}\noptions timeout:5 attempts:5\n")
    yield file
    deaf.close()


def gone_named_good(cluster):
    """Three endpoints: a follower that will be gone, a name, the leader."""
    leader = cluster.etcd.leader()
    gone = next(x for x in cluster.etcd.members if x is not leader)
    return gone, [gone.url, "http://etcd.nobody.example:2379", leader.url]


@pytest.mark.ttl(5)
async def test_a_name_that_nobody_answers_for_costs_no_lease(
        apart, silent_resolver):
    gone, endpoints = gone_named_good(apart)
    node = apart.nodes[0]
    node.drain()
    await until(lambda: not node.runs)
    await apart.whole()
    node.around = [*WITH_RESOLVER, str(silent_resolver)]
    node.endpoints = endpoints
    node.start()
    await apart.whole()
    gone.kill()
    await until(lambda: node.said("etcd answers"))
    assert {x["endpoint"] for x in node.said("etcd fails")} >= {
        *endpoints[:2]}, "it was not asked"
    assert not node.said("out of the cluster")
    # And from the beginning, with the first one gone.
    node.drain()
    await until(lambda: not node.runs)
    node.start()
    await apart.whole()
