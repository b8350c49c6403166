# SPDX-License-Identifier: MIT
"""An etcd that is emptied, restored or exchanged: seen, said, and gone on from."""

import time

import pytest

from support.environment import DEADLINE

from test_etcd_roster import check_same_views, key

LOST = "etcd has lost its history"


def knows(event):
    return lambda x: x.get("event") == event


@pytest.fixture
def start(etcd, start_node):
    ports = iter(range(5401, 6000))

    def begin(name, **options):
        return start_node(name, **{
            "etcd": etcd.urls, "ttl": 2,
            "address": f"127.0.0.1:{next(ports)}", **options})

    return begin


def emptied(member, kept):
    member.begin_anew()


def restored(member, kept):
    member.begin_anew(kept)


def exchanged(member, kept):
    member.begin_anew(token="another")


@pytest.mark.parametrize("loss", [emptied, restored, exchanged])
def test_all_go_on_above_what_they_knew(etcd, start, loss):
    member = etcd.members[0]
    nodes = [start(name) for name in "ab"]
    for node in nodes:
        node.wait_for_members("a", "b")
    kept = member.keep()
    etcd.wait_until_up()
    # What etcd will know nothing of.
    c = start("c")
    for node in [*nodes, c]:
        node.wait_for_members("a", "b", "c")
    nodes.append(c)
    known = max(max(node.views()) for node in nodes)
    marks = [node.mark() for node in nodes]
    loss(member, kept)
    etcd.wait_until_up()
    for node, mark in zip(nodes, marks):
        at = node.told.wait_for(lambda x: x["event"] == "expelled", mark)
        view = node.wait_for_members("a", "b", "c", after=at)
        assert view["revision"] > known
        assert all(x["incarnation"] > known for x in view["members"])
    # One of them has put it right, and said so: perhaps not here yet.
    end = time.monotonic() + DEADLINE
    while not any(x.get("event") == LOST
                  for node in nodes for x in node.log.all):
        assert time.monotonic() < end, "nobody says that etcd has lost it"
        time.sleep(0.02)
    # And all follow.
    d = start("d")
    for node in [*nodes, d]:
        node.wait_for_members("a", "b", "c", "d")
    last = max(d.views())
    assert all(node.views()[last] == d.views()[last] for node in nodes)


def test_who_knows_nothing_begins_below_and_follows(etcd, start):
    """It was started while the others were out."""
    member = etcd.members[0]
    for _ in range(50):
        etcd.put("/elsewhere", "x")
    a = start("a")
    a.wait_for_members("a")
    known = max(a.views())
    a.stop()
    member.begin_anew()
    etcd.wait_until_up()
    b = start("b")
    b.wait_for_members("b")
    mark = b.mark()
    a.go_on()
    for node, after in ((a, 0), (b, mark)):
        view = node.wait_for_members("a", "b", after=node.told.wait_for(
            lambda x: x["event"] == "expelled", after))
        assert view["revision"] > known
    check_same_views(a, b)


def test_a_history_that_makes_no_sense_is_none(etcd, start):
    etcd.put("/parlor/history", "yesterday")
    a = start("a")
    view = a.wait_for_members("a")
    assert view["revision"] == int(etcd.read(key("a"))[0]["create_revision"])


def test_endpoints_of_two_clusters_let_nobody_in(start_etcd, start_node):
    one, other = start_etcd(), start_etcd()
    nodes = [start_node("a", etcd=[*one.urls, *other.urls], ttl=2),
             start_node("b", etcd=[*other.urls, *one.urls], ttl=2,
                        address="127.0.0.1:5402")]
    for node in nodes:
        node.log.wait_for(knows("etcd endpoints are of different clusters"))
        assert not node.events("view")
    # Each is asked again and again.
    other.stop()
    for node in nodes:
        node.wait_for_members("a", "b")


def test_an_endpoint_of_another_cluster_is_passed_over(
        start_etcd, start_node):
    three, other = start_etcd(3), start_etcd()
    a = start_node("a", etcd=[*other.urls, *three.urls], ttl=2)
    a.wait_for_members("a")
    a.log.wait_for(knows("etcd endpoints are of different clusters"))
    assert three.read(key("a"))
    assert not other.read(key("a"))
    # Nor was it asked for more.
    assert not any("another cluster" in x.get("problem", "")
                   for x in a.log.all)
