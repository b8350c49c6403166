# SPDX-License-Identifier: MIT
"""An etcd of three members, of which one fails."""

import time

import pytest

from support.environment import DEADLINE
from support.proxy import Proxy
from support.waiting import until
from test_etcd_roster import check_same_views

# Longer than anything is waited for.
LONG = int(10 * DEADLINE)


@pytest.fixture
def three(start_etcd):
    return start_etcd(3)


@pytest.fixture
def start(three, start_node):
    ports = iter(range(5401, 6000))

    def begin(name, first=0, **options):
        urls = three.urls[first:] + three.urls[:first]
        return start_node(name, **{
            "etcd": urls, "ttl": 5, "address": f"127.0.0.1:{next(ports)}",
            **options})

    return begin


def all_in(start):
    nodes = [start(name, first) for first, name in enumerate("abc")]
    for node in nodes:
        node.wait_for_members("a", "b", "c")
    return nodes


def check_follow(nodes, start):
    """Changes are still heard by all, each of whom is who it was."""
    was = [node.incarnation() for node in nodes]
    late = start("d")
    for node in [*nodes, late]:
        node.wait_for_members("a", "b", "c", "d")
    marks = [node.mark() for node in nodes]
    late.quit()
    for node, mark in zip(nodes, marks):
        node.wait_for_members("a", "b", "c", after=mark)
    assert was == [node.incarnation() for node in nodes]
    for node in nodes:
        assert not node.events("expelled"), node.name
    check_same_views(*nodes)


def test_the_leader_is_killed(three, start):
    nodes = all_in(start)
    three.leader().kill()
    check_follow(nodes, start)


def test_a_follower_is_killed(three, start):
    nodes = all_in(start)
    leader = three.leader()
    next(m for m in three.members if m is not leader).kill()
    check_follow(nodes, start)


@pytest.mark.parametrize("whom", ["leader", "follower"])
def test_a_member_hangs(three, start, whom):
    nodes = all_in(start)
    leader = three.leader()
    hung = leader if whom == "leader" else next(
        m for m in three.members if m is not leader)
    hung.stop()
    check_follow(nodes, start)
    hung.go_on()


def test_a_majority_that_hangs_fences_all_and_comes_back(three, start):
    nodes = all_in(start)
    for member in three.members[:2]:
        member.stop()
    for node in nodes:
        node.wait_for("fenced")
    marks = [node.mark() for node in nodes]
    for member in three.members[:2]:
        member.go_on()
    for node, mark in zip(nodes, marks):
        assert node.wait_for("lease", mark)["left_ms"] > 0


def behind(member, **options):
    return Proxy(("127.0.0.1", int(member.url.rsplit(":", 1)[1])), **options)


def test_a_lease_counts_from_when_it_was_asked_for(etcd, start_node):
    """It is what fencing rests on: etcd counts from when it was asked."""
    proxy = behind(etcd.members[0], delay=1)
    a = start_node("a", etcd=f"http://127.0.0.1:{proxy.port}", ttl=10)
    for _ in range(2):
        left = a.wait_for("lease", a.mark())["left_ms"]
        assert 0 < left <= 8000
    proxy.close()


@pytest.fixture
def cut_off(etcd, start_node):
    """A node whose etcd is behind a proxy, the proxy, and another node."""
    proxy = behind(etcd.members[0])
    a = start_node("a", etcd=f"http://127.0.0.1:{proxy.port}", ttl=LONG)
    b = start_node("b", etcd=etcd.urls, ttl=LONG, address="127.0.0.1:5402")
    a.wait_for_members("a", "b")
    yield a, proxy, b
    proxy.close()


def test_a_node_is_taken_out_though_etcd_fails_at_first(cut_off):
    a, proxy, b = cut_off
    b.kill()
    proxy.cut()
    mark = a.mark()
    a.say("evict b")
    a.log.wait_for(lambda x: x.get("event") == "etcd fails")
    proxy.mend()
    a.wait_for_members("a", after=mark)


def test_an_etcd_that_fails_is_not_asked_without_a_pause(cut_off):
    """Nor while somebody is to be taken out."""
    a, proxy, _ = cut_off
    proxy.cut()
    a.say("evict b")
    begun = time.monotonic()
    time.sleep(2)
    until(lambda: proxy.refused > 3)
    assert proxy.refused < 30 * (time.monotonic() - begun)


def test_a_lease_is_given_back_by_an_endpoint_that_answers(three, start):
    leader = three.leader()
    first = next(i for i, x in enumerate(three.members) if x is not leader)
    a, b = start("a", first, ttl=LONG), start("b", first + 1, ttl=LONG)
    a.wait_for_members("a", "b")
    b.wait_for_members("a", "b")
    mark = b.mark()
    three.members[first].stop()
    a.quit()
    b.wait_for_members("b", after=mark)
    three.members[first].go_on()


def test_a_lease_is_given_back_by_the_endpoint_that_is_asked(
        etcd, start_node):
    urls = [*etcd.urls, "http://127.0.0.1:1"]
    a = start_node("a", etcd=urls, ttl=LONG)
    b = start_node("b", etcd=urls, ttl=LONG, address="127.0.0.1:5402")
    a.wait_for_members("a", "b")
    b.wait_for_members("a", "b")
    mark = b.mark()
    a.quit()
    b.wait_for_members("b", after=mark)


def test_changes_that_were_compacted_end_a_stay(etcd, start_node):
    proxy = behind(etcd.members[0])
    a = start_node("a", etcd=f"http://127.0.0.1:{proxy.port}", ttl=LONG,
                   address="127.0.0.1:5401")
    a.wait_for_members("a")
    was = a.incarnation()
    proxy.cut()
    b = start_node("b", etcd=etcd.urls, ttl=LONG, address="127.0.0.1:5402")
    revision = b.wait_for_members("a", "b")["revision"]
    etcd.put("/elsewhere", "x")
    etcd.ask("/v3/kv/compaction", {"revision": str(revision + 1)})
    proxy.mend()
    a.wait_for("expelled")
    a.wait_for_members("a", "b")
    assert a.incarnation() > was
    # The others saw that it was out.
    b.wait_for_members("b")
    last = max(a.views())
    b.wait_for("view", revision=last)
    assert a.views()[last] == b.views()[last]
    proxy.close()


def test_changes_that_were_missed_and_kept_are_caught_up_with(
        etcd, start_node):
    proxy = behind(etcd.members[0])
    a = start_node("a", etcd=f"http://127.0.0.1:{proxy.port}", ttl=LONG,
                   address="127.0.0.1:5401")
    a.wait_for_members("a")
    proxy.cut()
    b = start_node("b", etcd=etcd.urls, ttl=LONG, address="127.0.0.1:5402")
    b.wait_for_members("a", "b")
    b.say("drain")
    at = b.told.wait_for(
        lambda x: x["event"] == "view" and x["members"][-1]["state"] != "active")
    proxy.mend()
    a.wait_for("view", revision=b.told.all[at]["revision"])
    assert not a.events("expelled")
    check_same_views(a, b)
    proxy.close()
