# SPDX-License-Identifier: MIT
"""etcd is emptied, restored from an older copy, or exchanged for another one,
while all are talking: nodes go on by themselves, and nothing is lost."""

import pytest

from support.service import Cluster, until
from support.talk import Talk, arrive, check, members_are

LOSSES = {"emptied": {}, "restored": {"kept": True},
          "exchanged": {"token": "another"}}


def times_in(node):
    return sum(x["event"] == "in the cluster" for x in node.log())


async def restarted_last(cluster):
    """The last node, which has come in once more."""
    last = cluster.nodes[-1]
    last.kill()
    await cluster.whole()
    last.start()
    await cluster.whole()
    return last


async def all_in_again(cluster, before):
    """More often than before."""
    await until(lambda: all(times_in(x) > n for x, n in before.items()))
    await cluster.whole()


@pytest.fixture
def alone(tmp_path):
    """A cluster with an etcd of one member."""
    cluster = Cluster(tmp_path, members=1)
    yield cluster
    cluster.end()
    cluster.show()


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
async def test_etcd_begins_anew(alone, loss):
    member = alone.etcd.members[0]
    kept = member.keep()
    alone.etcd.wait_until_up()
    await alone.whole()
    members = await arrive(alone)
    everyone = [x for group in members.values() for x in group]
    talk = Talk(everyone)
    # Revisions that a copy knows nothing of.
    last = await restarted_last(alone)
    await talk.confirmed(20)
    before = {node: times_in(node) for node in alone.nodes}
    returns = [x.returns for x in everyone]
    member.begin_anew(**{**loss, **({"kept": kept} if "kept" in loss else {})})
    await all_in_again(alone, before)
    await talk.confirmed(20)
    await talk.stop()
    stayed = [x for node, group in members.items() if node is not last
              for x in group]
    await check(everyone, stayed)
    await members_are(everyone[0], [x.name for x in everyone])
    assert returns == [x.returns for x in everyone], "disconnected"
    for one in everyone:
        await one.leave()


async def test_three_members_are_restored_from_a_snapshot(cluster, tmp_path):
    """By etcdctl, as docs/operations.md says."""
    cluster.etcd.snapshot(tmp_path / "snapshot")
    members = await arrive(cluster)
    everyone = [x for group in members.values() for x in group]
    talk = Talk(everyone)
    # What the snapshot knows nothing of.
    last = await restarted_last(cluster)
    await talk.confirmed(20)
    before = {node: times_in(node) for node in cluster.nodes}
    cluster.etcd.restore(tmp_path / "snapshot")
    await all_in_again(cluster, before)
    await talk.confirmed(20)
    await talk.stop()
    await check(everyone, [x for node, group in members.items()
                           if node is not last for x in group])
    assert any(x.said("etcd has lost its history") for x in cluster.nodes)
    for one in everyone:
        await one.leave()
