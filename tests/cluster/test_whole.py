# SPDX-License-Identifier: MIT
"""Roster and links together, as a node has them: the views of etcd decide whom
links are held to, and a link that is lost tells who is dead."""

import itertools

import pytest
from ports import free_port

from support.certificates import Authority
from test_links import send, wait_until_heard

# So long that nothing in a test waits for it.
LONG = 60


@pytest.fixture
def start(etcd, start_node, tmp_path):
    authority = Authority(tmp_path, "authority")
    ports = {}

    def begin(name, **options):
        port = ports.setdefault(name, free_port())
        certificate, key = authority.certificate()
        return start_node(
            name, etcd=etcd.urls, listen=f"127.0.0.1:{port}",
            address=f"127.0.0.1:{port}", ca=authority.file,
            certificate=certificate, key=key, **{"ttl": LONG, **options})

    return begin


def wait_for_all(nodes, marks):
    """Each has a view with just these, and a link to each other."""
    names = sorted(node.name for node in nodes)
    for node, mark in zip(nodes, marks):
        node.wait_for_members(*names, after=mark)
    for (one, mark), (other, _) in itertools.permutations(
            list(zip(nodes, marks)), 2):
        one.wait_for("up", peer=other.name)


def check_talk(nodes):
    for one, other in itertools.permutations(nodes, 2):
        assert send(one, other.name, 50) == 50
    for one, other in itertools.permutations(nodes, 2):
        assert wait_until_heard(one, other.name, 50)["in_order"]


def test_nodes_find_each_other_and_talk(start):
    nodes = [start(name) for name in "abc"]
    wait_for_all(nodes, [0, 0, 0])
    check_talk(nodes)


@pytest.mark.parametrize("victim", range(3))
def test_a_killed_node_is_out_long_before_its_lease_ends(start, victim):
    nodes = [start(name) for name in "abc"]
    wait_for_all(nodes, [0, 0, 0])
    dead = nodes.pop(victim)
    marks = [node.mark() for node in nodes]
    dead.kill()
    for node, mark in zip(nodes, marks):
        node.wait_for_members(*(n.name for n in nodes), after=mark)
    check_talk(nodes)


def test_a_node_that_is_killed_and_started_twenty_times(start):
    a, c = start("a"), start("c")
    wait_for_all([a, c], [0, 0])
    for _ in range(20):
        marks = [node.mark() for node in (a, c)]
        b = start("b")
        for node, mark in zip((a, c), marks):
            node.wait_for("up", peer="b", after=mark)
            b.wait_for("up", peer=node.name)
        assert send(b, "a", 10) == 10
        assert wait_until_heard(a, "b", 10)["in_order"]
        b.kill()
    assert not a.events("wrong") and not c.events("wrong")
    assert send(a, "c", 10) == 10


def test_a_stopped_node_comes_back_with_new_links(start):
    nodes = a, b, c = [start(name, ttl=5) for name in "abc"]
    wait_for_all(nodes, [0, 0, 0])
    was = b.incarnation()
    marks = [node.mark() for node in nodes]
    b.stop()
    for node, mark in ((a, marks[0]), (c, marks[2])):
        node.wait_for("down", peer="b", after=mark)
        node.wait_for_members("a", "c", after=mark)
    b.go_on()
    b.wait_for("expelled")
    for node, mark in ((a, marks[0]), (c, marks[2])):
        stay = node.wait_for("up", peer="b", after=mark)["stay"]
        b.wait_for("up", peer=node.name, after=marks[1])
    b.wait_for_members("a", "b", "c", after=marks[1])
    assert stay == b.incarnation() > was
    assert not a.events("dead") and not c.events("dead")


def test_a_node_that_ends_well_is_not_taken_for_dead(start):
    a, b = start("a"), start("b")
    wait_for_all([a, b], [0, 0])
    mark = a.mark()
    assert b.quit() == 0
    a.wait_for("down", peer="b", after=mark)
    a.wait_for_members("a", after=mark)
    assert not a.events("dead")
