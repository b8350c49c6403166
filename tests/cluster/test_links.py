# SPDX-License-Identifier: MIT
"""Links between real processes."""

import itertools

import pytest
from ports import free_port

from support.certificates import Authority
from support.proxy import Proxy


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path, "authority")


class Town:
    """Nodes that know each other by views that the test makes."""

    def __init__(self, start_node, authority):
        self._start_node = start_node
        self._authority = authority
        self._ports = {}
        self._stays = {}
        self._revision = itertools.count(1)
        self.nodes = {}

    def start(self, name, authority=None, **options):
        """A node with a certificate, on the port that its name always has."""
        port = self._ports.setdefault(name, free_port())
        if not options:
            authority = authority or self._authority
            certificate, key = authority.certificate()
            options = {"ca": authority.file, "certificate": certificate,
                       "key": key}
        node = self._start_node(name, listen=f"127.0.0.1:{port}", **options)
        self.nodes[name] = node
        self._stays[name] = next(self._revision)
        node.port = port
        node.wait_for("listening", port=port)
        return node

    def renew(self, name):
        """A new stay of a node."""
        self._stays[name] = next(self._revision)

    def view(self, *names):
        members = " ".join(
            f"{name} {self._stays[name]} 127.0.0.1:{self._ports[name]}"
            for name in sorted(names))
        return f"view {next(self._revision)} {members}"

    def show(self, *names, to=None):
        """Tells nodes that just these are in."""
        line = self.view(*names)
        for name in to or names:
            self.nodes[name].say(line)

    def link(self, *names):
        """Starts nodes and waits until each has a link to each other."""
        for name in names:
            self.start(name)
        self.show(*names)
        self.wait_for_links(*names)
        return [self.nodes[name] for name in names]

    def wait_for_links(self, *names, after=0):
        for one, other in itertools.permutations(names, 2):
            self.nodes[one].wait_for("up", peer=other, after=after)


@pytest.fixture
def town(start_node, authority):
    return Town(start_node, authority)


def report(node, peer):
    mark = node.mark()
    node.say(f"report {peer}")
    return node.wait_for("report", after=mark, peer=peer)


def wait_until_heard(node, peer, count):
    while (seen := report(node, peer))["heard"] < count:
        pass
    return seen


def send(node, peer, count, size=100):
    mark = node.mark()
    node.say(f"send {peer} {count} {size}")
    return node.wait_for("sent", after=mark)["count"]


def test_all_nodes_are_linked_to_each_other(town):
    a, b, c = town.link("a", "b", "c")
    stays = {x["peer"]: x["stay"] for x in a.events("up")}
    assert stays == {"b": 2, "c": 3}
    assert all(x["version"] == 2 for x in b.events("up"))
    assert len(c.events("up")) == 2


def test_what_is_sent_arrives_in_order_and_whole(town):
    nodes = town.link("a", "b", "c")
    for node in nodes:
        for peer in {"a", "b", "c"} - {node.name}:
            node.say(f"send {peer} 20000 100")
    for node in nodes:
        for peer in {"a", "b", "c"} - {node.name}:
            seen = wait_until_heard(node, peer, 20000)
            assert seen["heard"] == 20000
            assert seen["in_order"]
            # They went many at once.
            assert seen["frames"] < 20000
    assert not any(node.events("down", "wrong") for node in nodes)


def test_large_and_empty_bodies_arrive(town):
    a, b = town.link("a", "b")
    for size in (0, 1, 65536, 1_000_000, 5_000_000):
        assert send(a, "b", 3, size) == 3
    seen = wait_until_heard(b, "a", 15)
    assert seen["in_order"]
    assert seen["bytes"] >= 3 * 6_065_537


def test_a_peer_that_is_stuck_is_refused_more(town):
    a, b = town.link("a", "b")
    b.say("stuck")
    wanted = 2_000_000
    taken = send(a, "b", wanted, 100)
    assert 0 < taken < wanted
    # It is the peer's own fault, and the link's life goes on.
    assert send(b, "a", 100) == 100
    wait_until_heard(a, "b", 100)
    b.say("unstuck")
    assert wait_until_heard(b, "a", taken)["in_order"]
    assert send(a, "b", 1000) == 1000
    seen = wait_until_heard(b, "a", taken + 1000)
    assert seen["in_order"]
    assert not a.events("down") and not b.events("down")


def test_large_bodies_fill_the_queue_by_their_bytes(town):
    a, b = town.link("a", "b")
    b.say("stuck")
    # It does what it is told in order.
    report(b, "a")
    # Of the first, all pieces but the last are taken as they come.
    sent = send(a, "b", 1000, 1 << 20)
    assert sent in (64, 65)
    b.say("unstuck")
    assert wait_until_heard(b, "a", sent)["in_order"]


def test_a_large_body_over_a_slow_way_ends_no_link(town):
    """It takes longer than a link may be silent."""
    a, b = town.start("a"), town.start("b")
    slow = Proxy(("127.0.0.1", a.port), delay=0.2)
    a.say(f"view 9 a 1 127.0.0.1:{a.port} b 2 127.0.0.1:{b.port}")
    b.say(f"view 9 a 1 127.0.0.1:{slow.port} b 2 127.0.0.1:{b.port}")
    for node, peer in ((a, "b"), (b, "a")):
        node.wait_for("up", peer=peer)
    # 64 KiB at a time.
    assert send(a, "b", 1, 1_500_000) == 1
    assert wait_until_heard(b, "a", 1)["bytes"] == 1_500_000
    assert not a.events("down") and not b.events("down")
    slow.close()


def test_a_body_that_is_larger_than_the_queue_arrives(town):
    a, b = town.link("a", "b")
    assert send(a, "b", 1, 100 << 20) == 1
    seen = wait_until_heard(b, "a", 1)
    assert seen["bytes"] == 100 << 20
    assert not a.events("down") and not b.events("down")


@pytest.mark.parametrize("victim", ["a", "b"])
def test_a_killed_node_is_down_and_known_to_be_dead(town, victim):
    nodes = dict(zip("ab", town.link("a", "b")))
    other = nodes["a" if victim == "b" else "b"]
    nodes[victim].kill()
    other.wait_for("down", peer=victim)
    other.wait_for("dead", peer=victim)
    assert send(other, victim, 1) == 0


@pytest.mark.parametrize("victim", ["a", "b"])
def test_a_stopped_node_is_down_and_not_known_to_be_dead(town, victim):
    nodes = dict(zip("ab", town.link("a", "b")))
    other = nodes["a" if victim == "b" else "b"]
    nodes[victim].stop()
    other.wait_for("down", peer=victim)
    mark = other.mark()
    nodes[victim].go_on()
    # It is linked to anew by itself.
    other.wait_for("up", after=mark, peer=victim)
    assert not other.events("dead")
    assert send(other, victim, 10) == 10
    assert wait_until_heard(nodes[victim], other.name, 10)["in_order"]


def test_a_restarted_node_is_linked_to_as_another_stay(town):
    a, b, c = town.link("a", "b", "c")
    for _ in range(5):
        town.nodes["b"].kill()
        marks = {node: node.mark() for node in (a, c)}
        b = town.start("b")
        town.show("a", "b", "c")
        for node in (a, c):
            up = node.wait_for("up", after=marks[node], peer="b")
            b.wait_for("up", peer=node.name)
        assert up["stay"] == town._stays["b"]
        assert send(a, "b", 100) == 100
        assert wait_until_heard(b, "a", 100)["in_order"]
    assert not a.events("wrong")


def test_nodes_that_do_not_know_of_each_other_are_not_linked(town):
    town.start("a")
    b = town.start("b")
    town.show("b", to=["b"])
    town.show("a", to=["a"])
    town.show("a", "b", to=["b"])
    # The newer view is on its way to the other; but a stay from before it,
    # in a view without it, is over.
    b.log.wait_for(lambda x: x.get("event") == "no link"
                   and "that node is not in the cluster" in x["why"])
    assert not b.events("up")
    town.show("a", "b")
    town.wait_for_links("a", "b")


def test_a_node_that_is_newer_than_the_view_is_linked_to(town):
    a = town.start("a")
    town.show("a")
    town.start("b")
    town.show("a", "b", to=["b"])
    a.wait_for("up", peer="b")


@pytest.mark.parametrize("renewed", ["a", "b"])
def test_a_new_stay_begins_with_new_links(town, renewed):
    a, b = town.link("a", "b")
    town.renew(renewed)
    town.show("a", "b", to=[renewed])
    # Its own links end before the other has heard of it.
    town.nodes[renewed].wait_for("down")
    town.show("a", "b")
    for node in (a, b):
        node.wait_for("down")
        town.wait_for_links("a", "b", after=node.told.all.index(
            node.events("down")[0]))
    assert send(a, "b", 10) == 10
    assert wait_until_heard(b, "a", 10)["in_order"]


def test_a_node_that_is_not_in_the_view_any_more_loses_its_link(town):
    a, b = town.link("a", "b")
    town.show("a", to=["a"])
    a.wait_for("down", peer="b")
    b.wait_for("down", peer="a")


def test_a_node_that_is_expelled_loses_all_links(town):
    a, b, c = town.link("a", "b", "c")
    a.say("view 0")
    for node, peer in ((a, "b"), (a, "c"), (b, "a"), (c, "a")):
        node.wait_for("down", peer=peer)
    assert send(b, "c", 1) == 1


def test_a_node_that_ends_well_says_good_bye(town):
    a, b = town.link("a", "b")
    assert b.quit() == 0
    down = a.wait_for("down", peer="b")
    assert down["why"] == "the peer says: this node stops"


def test_another_node_at_an_address_is_not_taken_for_the_one_meant(town):
    a, b = town.start("a"), town.start("b")
    a.say(f"view 9 a 1 127.0.0.1:{a.port} b 2 127.0.0.1:{b.port}")
    # "aa" is said to live where a lives.
    b.say(f"view 9 aa 1 127.0.0.1:{a.port} b 2 127.0.0.1:{b.port}")
    b.log.wait_for(lambda x: x.get("event") == "no link"
                   and "another node listens" in x["why"])
    assert not b.events("up")
