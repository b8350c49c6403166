# SPDX-License-Identifier: MIT
"""Who is in, as one etcd decides it."""

import json
import time

import pytest

from support.environment import DEADLINE
from support.etcd import text64
from support.waiting import until

# So long that nothing in a test waits for it.
LONG = int(10 * DEADLINE)


@pytest.fixture
def start(etcd, start_node):
    """Nodes on that etcd, each at an address of its own."""
    ports = iter(range(5401, 6000))

    def begin(name, **options):
        options = {"etcd": etcd.urls, "ttl": 2,
                   "address": f"127.0.0.1:{next(ports)}", **options}
        return start_node(name, **options)

    return begin


def key(name):
    return f"/parlor/nodes/{name}"


def check_same_views(*nodes):
    """All saw the same of the revisions at which they were in."""
    for x in nodes:
        for y in nodes:
            first = max(min(x.views()), min(y.views()))
            last = min(max(x.views()), max(y.views()))
            seen = [
                {revision: members for revision, members in z.views().items()
                 if first <= revision <= last
                 and {x.name, y.name} <= {m["id"] for m in members}}
                for z in (x, y)]
            assert seen[0] == seen[1], (x.name, y.name)


def test_a_node_that_is_alone_is_in(start):
    a = start("a", address="127.0.0.1:5999")
    view = a.wait_for_members("a")
    assert view["members"][0] == {
        "id": "a", "incarnation": view["revision"],
        "address": "127.0.0.1:5999", "version": 2, "state": "active"}
    lease = a.events("lease")[0]
    assert 0 < lease["left_ms"] <= 1800
    assert a.told.all.index(lease) < a.told.all.index(view)


def test_nodes_see_each_other_come_and_go_in_the_same_order(start):
    a, b = start("a", ttl=LONG), start("b", ttl=LONG)
    a.wait_for_members("a", "b")
    b.wait_for_members("a", "b")
    c = start("c", ttl=LONG)
    for node in (a, b, c):
        node.wait_for_members("a", "b", "c")
    marks = [node.mark() for node in (a, c)]
    # In good order: at once, though its lease is long.
    assert b.quit() == 0
    for node, mark in zip((a, c), marks):
        node.wait_for_members("a", "c", after=mark)
    check_same_views(a, b, c)
    assert not a.events("expelled", "fenced")


def test_a_lease_is_renewed(start):
    a = start("a", ttl=5)
    first = a.wait_for("lease")
    for _ in range(4):
        mark = a.told.all.index(a.events("lease")[-1]) + 1
        assert a.wait_for("lease", mark)["left_ms"] > 0
    assert first["left_ms"] <= 4500
    assert not a.events("fenced", "expelled")
    # Nor had any of them to be asked for twice.
    assert not any(x.get("event") == "etcd fails" for x in a.log.all)


def test_a_draining_node_says_so_and_stays_the_same(start):
    a, b = start("a", ttl=LONG), start("b", ttl=LONG)
    before = b.wait_for_members("a", "b")
    a.wait_for_members("a", "b")
    a.say("drain")
    at = b.told.wait_for(
        lambda x: x["event"] == "view" and x["members"][0]["state"] == "draining")
    after = b.told.all[at]
    assert after["members"][0] == {**before["members"][0], "state": "draining"}
    a.say("activate")
    b.wait_for_members("a", "b", state="active", after=at + 1)


def test_a_killed_node_is_out_when_its_lease_ends(start):
    a, b = start("a"), start("b")
    b.wait_for_members("a", "b")
    mark = b.mark()
    a.kill()
    b.wait_for_members("b", after=mark)


def test_a_node_that_is_known_to_be_dead_is_taken_out_at_once(start):
    a, b = start("a", ttl=LONG), start("b", ttl=LONG)
    b.wait_for_members("a", "b")
    mark = b.mark()
    a.kill()
    b.say("evict a")
    b.wait_for_members("b", after=mark)


def test_a_node_that_lives_objects(start):
    """Whatever made the others take it for dead: two of them do at once."""
    nodes = [start(name, ttl=LONG) for name in "abc"]
    for node in nodes:
        node.wait_for_members("a", "b", "c")
    a, b, c = nodes
    b.say("evict a")
    c.say("evict a")
    a.say("evict b")
    for node, suspect in ((b, "a"), (c, "a"), (a, "b")):
        node.log.wait_for(lambda x: x["event"] == "node refuses links and lives"
                          and x["node"] == suspect)
    a.log.wait_for(lambda x: x["event"] == "asked whether this node lives"
                   and x["by"] == "c")
    for node in nodes:
        assert not node.events("expelled"), node.name
        assert len(node.events("view")[-1]["members"]) == 3


def test_challenges_leave_nothing_behind(start, etcd):
    a, b, c = (start(name, ttl=LONG) for name in "abc")
    a.wait_for_members("a", "b", "c")
    b.wait_for_members("a", "b", "c")
    mark = b.mark()
    c.kill()
    a.say("evict c")
    b.say("evict c")
    b.say("evict a")
    b.wait_for_members("a", "b", after=mark)
    b.log.wait_for(lambda x: x["event"] == "node refuses links and lives")
    etcd.until_empty("/parlor/challenges/")


def test_a_node_that_answers_no_challenges_is_not_taken_out(start, etcd):
    """One of the version before: its lease says whether it lives."""
    a = start("a", ttl=LONG)
    a.wait_for_members("a")
    etcd.put(key("old"), json.dumps(
        {"address": "127.0.0.1:1", "version": 1, "state": "active"}))
    a.wait_for_members("a", "old")
    b = start("b")
    a.wait_for_members("a", "b", "old")
    mark = a.mark()
    a.say("evict old")
    a.say("evict b")
    b.kill()
    a.wait_for_members("a", "old", after=mark)
    assert etcd.read(key("old"))


def test_who_is_not_in_is_not_taken_out(start, etcd):
    a = start("a", ttl=LONG)
    a.wait_for_members("a")
    etcd.put(key("x") + "y", "not a node's")
    a.say("evict x")
    a.say("evict a")
    a.say("lease")
    a.wait_for("asked")
    assert etcd.read(key("x") + "y")
    assert not a.events("expelled")


def test_a_node_that_was_taken_out_comes_in_as_another_incarnation(
        start, etcd):
    a, b = start("a", ttl=LONG), start("b", ttl=LONG)
    a.wait_for_members("a", "b")
    b.wait_for_members("a", "b")
    was = a.incarnation()
    mark = b.mark()
    etcd.delete(key("a"))
    a.wait_for("expelled")
    b.wait_for_members("b", after=mark)
    b.wait_for_members("a", "b", after=mark)
    a.wait_for_members("a", "b", after=a.told.all.index(
        a.events("expelled")[0]))
    assert a.incarnation() > was
    check_same_views(a, b)


def test_the_first_that_is_back_waits_for_the_others(start, etcd):
    """It may be the one that knows least."""
    nodes = [start(name, ttl=LONG) for name in "abc"]
    a, b, c = nodes
    for node in nodes:
        node.wait_for_members("a", "b", "c")
    for node in (b, c):
        node.stop()
    mark = a.mark()
    etcd.delete_below(key(""))
    out = a.told.wait_for(lambda x: x["event"] == "expelled", mark)
    for node in (b, c):
        node.go_on()
    back = a.told.wait_for(lambda x: x["event"] == "view", out)
    names = [member["id"] for member in a.told.all[back]["members"]]
    assert names == ["a", "b", "c"]


def test_but_not_for_ever(start, etcd):
    nodes = [start(name) for name in "abc"]
    for node in nodes:
        node.wait_for_members("a", "b", "c")
    for node in nodes[1:]:
        node.kill()
    mark = nodes[0].mark()
    etcd.delete_below(key(""))
    nodes[0].told.wait_for(lambda x: x["event"] == "expelled", mark)
    nodes[0].wait_for_members("a", after=mark)


def revoke(etcd):
    lease = etcd.read(key("a"))[0]["lease"]
    etcd.ask("/v3/lease/revoke", {"ID": lease})


@pytest.mark.parametrize("loss", [
    revoke,
    lambda etcd: etcd.delete(key("a")),
    # Another's value under its name is not its own stay any more. It goes with
    # the lease, since it is put with that.
    lambda etcd: etcd.put(key("a"), "{}", etcd.read(key("a"))[0]["lease"]),
], ids=["lease-revoked", "key-deleted", "key-replaced"])
def test_a_node_that_lost_its_key_begins_anew(start, etcd, loss):
    a = start("a")
    a.wait_for_members("a")
    was = a.incarnation()
    loss(etcd)
    a.wait_for("expelled")
    mark = a.told.all.index(a.events("expelled")[0])
    a.wait_for("lease", mark)
    a.wait_for_members("a", after=mark)
    assert a.incarnation() > was


def test_a_node_whose_name_was_taken_is_out_and_has_no_lease(start, etcd):
    a = start("a", ttl=LONG)
    a.wait_for_members("a")
    etcd.put(key("a"), json.dumps(
        {"address": "127.0.0.1:1", "version": 1, "state": "active"}))
    a.wait_for("expelled")
    a.log.wait_for(lambda x: x.get("event") == "another node has this name")
    a.say("lease")
    a.wait_for("asked", left_ms=-1)


def test_a_restarted_node_takes_its_name_back_at_once(start):
    b = start("b", ttl=LONG)
    b.wait_for_members("b")
    incarnations = []
    for _ in range(20):
        mark = b.mark()
        a = start("a", ttl=LONG, address="127.0.0.1:5400")
        view = b.wait_for_members("a", "b", after=mark)
        incarnations.append(view["members"][0]["incarnation"])
        a.wait_for_members("a", "b")
        a.kill()
    assert incarnations == sorted(set(incarnations))
    # Between two of them there was none.
    ids = [[m["id"] for m in x["members"]] for x in b.events("view")]
    assert ids == [["b"]] + [["a", "b"], ["b"]] * 19 + [["a", "b"]]


def test_a_name_that_another_node_has_is_waited_for(start):
    a = start("a", ttl=LONG)
    a.wait_for_members("a")
    other = start("a", ttl=LONG)
    other.log.wait_for(
        lambda x: x.get("event") == "another node has this name")
    assert not other.events("view")
    a.quit()
    other.wait_for_members("a")
    assert not a.events("expelled")


def test_a_name_and_address_that_another_node_has_are_waited_for(start):
    """As where one configuration was copied. Nobody is disturbed meanwhile."""
    a = start("a", address="127.0.0.1:5400", ttl=5)
    a.wait_for_members("a")
    other = start("a", address="127.0.0.1:5400", ttl=5)
    other.log.wait_for(
        lambda x: x.get("event") == "another node has this name"
        and "at the same address" in x["why"])
    a.log.wait_for(lambda x: x["event"] == "asked whether this node lives")
    # It goes on waiting, and the holder to be in.
    for _ in range(4):
        a.wait_for("lease", a.mark())
    assert not other.events("view")
    assert not a.events("expelled")
    assert len(a.events("view")) == 1
    a.kill()
    other.wait_for_members("a")


def test_a_stopped_node_finds_its_lease_over_and_begins_anew(start):
    a, b = start("a"), start("b")
    a.wait_for_members("a", "b")
    b.wait_for_members("a", "b")
    was = a.incarnation()
    mark = b.mark()
    a.stop()
    b.wait_for_members("b", after=mark)
    # What it is asked first of all when it goes on.
    a.say("lease")
    a.go_on()
    assert a.wait_for("asked")["left_ms"] <= 0
    a.wait_for("expelled")
    b.wait_for_members("a", "b", after=mark)
    a.wait_for_members("a", "b",
                       after=a.told.all.index(a.events("expelled")[0]))
    assert a.incarnation() > was


def test_a_node_without_etcd_is_fenced_before_its_lease_ends(start, etcd):
    a = start("a")
    a.wait_for_members("a")
    etcd.members[0].stop()
    a.wait_for("fenced")
    a.say("lease")
    assert a.wait_for("asked")["left_ms"] <= 0
    assert not a.events("expelled")
    mark = a.mark()
    etcd.members[0].go_on()
    assert a.wait_for("lease", mark)["left_ms"] > 0


def test_a_restart_of_etcd_is_no_reason_to_begin_anew(start, etcd):
    a, b = start("a", ttl=LONG), start("b", ttl=LONG)
    a.wait_for_members("a", "b")
    b.wait_for_members("a", "b")
    etcd.members[0].kill()
    etcd.members[0].start()
    etcd.wait_until_up()
    mark = a.mark()
    b.quit()
    a.wait_for_members("a", after=mark)
    assert not a.events("expelled")


def test_what_one_revision_changes_is_one_view(start, etcd):
    a, b = start("a", ttl=LONG), start("b", ttl=LONG)
    a.wait_for_members("a", "b")
    b.wait_for_members("a", "b")
    value = text64(json.dumps(
        {"address": "127.0.0.1:1", "version": 1, "state": "active"}))
    put = [{"request_put": {"key": text64(key(name)), "value": value}}
           for name in ("x", "y", "z")]
    etcd.ask("/v3/kv/txn", {"success": put})
    delete = [{"request_delete_range": {"key": text64(key("x"))}},
              {"request_delete_range": {"key": text64(key("z"))}},
              {"request_put": {"key": text64(key("w")), "value": value}}]
    etcd.ask("/v3/kv/txn", {"success": delete})
    for node in (a, b):
        node.wait_for_members("a", "b", "w", "y")
        assert [[m["id"] for m in x["members"]]
                for x in node.events("view")][-2:] == [
            ["a", "b", "x", "y", "z"], ["a", "b", "w", "y"]]
    check_same_views(a, b)


def test_keys_that_make_no_sense_are_no_members(start, etcd):
    a = start("a", ttl=LONG)
    a.wait_for_members("a")
    etcd.put(key("bad"), "{}")
    etcd.put(key("worse/x"), "\\")
    etcd.put("/parlor/nodesque", "{}")
    b = start("b", ttl=LONG)
    a.wait_for_members("a", "b")
    b.wait_for_members("a", "b")
    check_same_views(a, b)
    assert not a.events("expelled")


def differences(node):
    return [(x["setting"], x["here"], x["node"], x["there"])
            for x in node.log.all
            if x.get("event") == "settings differ between nodes"]


def test_what_settings_differ_in_is_logged_once(start):
    """And again where it has changed, but not with every view."""
    a = start("a", ttl=LONG, term=["size:7", "time:1"])
    a.wait_for_members("a")
    b = start("b", ttl=LONG, term=["size:8", "time:1"])
    a.wait_for_members("a", "b")
    c = start("c", ttl=LONG, term=["size:8", "time:2"])
    for node in (a, b, c):
        node.wait_for_members("a", "b", "c")
    b.say("drain")
    for node in (a, c):
        node.told.wait_for(lambda x: x["event"] == "view" and any(
            m["state"] == "draining" for m in x["members"]))
    b.quit()
    a.wait_for_members("a", "c")
    # What its process of before had is forgotten.
    start("b", ttl=LONG, term=["size:9", "time:1"])
    until(lambda: len(differences(a)) > 3 and len(differences(c)) > 4)
    assert differences(a) == [
        ("size", "7", "b", "8"), ("size", "7", "c", "8"),
        ("time", "1", "c", "2"), ("size", "7", "b", "9")]
    assert sorted(differences(c)) == [
        ("size", "8", "a", "7"), ("size", "8", "b", "9"),
        ("time", "2", "a", "1"), ("time", "2", "b", "1"),
        ("time", "2", "b", "1")]


def test_what_keeps_a_node_out_is_logged_once(start, etcd):
    def other_has(size):
        etcd.put(key("x"), json.dumps(
            {"address": "127.0.0.1:1", "version": 1, "state": "active",
             "terms": {"size": size}}))

    other_has("8")
    a = start("a", must="size:7")
    a.log.wait_for(lambda x: x.get("event") == "settings differ between nodes")
    # It looks again every second.
    time.sleep(2.5)
    other_has("9")
    until(lambda: len(differences(a)) > 1)
    assert differences(a) == [("size", "7", "x", "8"), ("size", "7", "x", "9")]
    assert not a.events("view")
    other_has("7")
    a.wait_for_members("a", "x")


def test_clusters_with_other_prefixes_do_not_see_each_other(start):
    a = start("a", prefix="/one", ttl=LONG)
    b = start("b", prefix="/two", ttl=LONG)
    a.wait_for_members("a")
    b.wait_for_members("b")
    a.quit()
    b.quit()
    assert len(a.events("view")) == len(b.events("view")) == 1
