# SPDX-License-Identifier: MIT
"""Nodes that etcd knows and that others cannot be linked to: all say why, and
those who may go on do."""

import asyncio

import pytest
from cluster_support.certificates import Authority
from faketime import LIBRARY, ahead

from support.environment import DEADLINE
from support.service import Node, until
from support.talk import Member

ROOMS = [f"room{i}" for i in range(8)]


def of_another_authority(node, cluster):
    node.certify(Authority(cluster.folder, "other"))


def without_tls(node, cluster):
    node.speak_plainly()


def with_a_clock(node, hours):
    assert LIBRARY, "libfaketime is not installed: tests/packages.txt"
    node.environment = ahead(hours)


def expired(node, cluster):
    """As all know but the node itself, whose clock is slow."""
    with_a_clock(node, -12)
    node.certify(cluster.authority, days=(-1, -0.25))


def not_yet_valid(node, cluster):
    with_a_clock(node, 12)
    node.certify(cluster.authority, days=(0.25, 1))


# What the other two are told of its certificate, and what it is told.
UNLINKABLE = {
    "another-authority": (of_another_authority, "TLS", "TLS"),
    "plain": (without_tls, "TLS", ""),
    "expired": (expired, "certificate has expired",
                "alert certificate expired"),
    "not-yet-valid": (not_yet_valid, "certificate is not yet valid",
                      "bad certificate"),
}


async def joined_in_all_rooms(nodes):
    members = [Member([node], f"{node.name}-{room}", room)
               for node in nodes for room in ROOMS]
    for one in members:
        await one.say(f"{one.name} before")
    return members


async def go_on(members):
    """Rooms that waited, too."""
    for one in members:
        await one.say(f"{one.name} at last")
    for one in members:
        await one.leave()


def health(node):
    try:
        return node.get("/health/ready")
    except OSError:  # it does not listen yet
        return 0, ""


async def readiness(node, status, text=""):
    def is_so():
        found = health(node)
        return found[0] == status and text in found[1]

    try:
        await until(is_so)
    except AssertionError as late:
        raise AssertionError(node.name, health(node)) from late


def said_of_tls(node):
    return " ".join(x["problem"] for event in (
        "a stranger is turned away", "a node ends TLS")
        for x in node.said(event))


def whys(node):
    return " ".join(x["why"] for x in node.said("node cannot be linked"))


@pytest.mark.parametrize("spoil, heard, told", UNLINKABLE.values(),
                         ids=UNLINKABLE)
async def test_all_say_why_and_it_is_not_ready(cluster, spoil, heard, told):
    a, b, c = cluster.nodes
    c.drain()
    await until(lambda: not c.runs)
    await cluster.whole()
    members = await joined_in_all_rooms([a, b])
    spoil(c, cluster)
    c.start()
    for node, peer in ((a, "c"), (b, "c"), (c, "a"), (c, "b")):
        await until(lambda: node.said("node cannot be linked", node=peer))
    for node in (a, b):
        await until(lambda: heard in said_of_tls(node))
    await until(lambda: told in whys(c) + said_of_tls(c))
    await readiness(c, 503, "linked to too few")
    for node in (a, b):
        await readiness(node, 200)
        await until(lambda: node.counts('parlor_node_linked{node="c"} 0'))
    await until(lambda: a.counts('parlor_node_linked{node="b"} 1'))
    for peer in "ab":
        await until(
            lambda: c.counts(f'parlor_node_linked{{node="{peer}"}} 0'))
    # It has no part in any room then, and none waits for what it may have.
    for one in members:
        await one.say(f"{one.name} without it")
    # With a good certificate it is one of them.
    c.kill()
    c.environment = {}
    c.certify(cluster.authority)
    c.start()
    await cluster.whole()
    await go_on(members)
    await readiness(c, 200)


async def test_nodes_of_another_cluster_are_given_nothing(cluster):
    """They have the same etcd and the same prefix by mistake, and each other."""
    members = await joined_in_all_rooms(cluster.nodes)
    other = Authority(cluster.folder, "other")
    strangers = [Node(cluster, name, x.place)
                 for name, x in zip("xyz", cluster.nodes)]
    try:
        for one in strangers:
            one.certify(other)
            one.start()
        for one in strangers:
            await readiness(one, 503, "linked to too few")
            for node in cluster.nodes:
                await until(
                    lambda: one.said("node cannot be linked", node=node.name))
                await until(
                    lambda: node.said("node cannot be linked", node=one.name))
        for node in cluster.nodes:
            await readiness(node, 200)
            await until(lambda: node.counts('parlor_node_linked{node="x"} 0'))
    finally:
        for one in strangers:
            one.drain()
            await asyncio.to_thread(one.process.wait, DEADLINE)
    await go_on(members)
