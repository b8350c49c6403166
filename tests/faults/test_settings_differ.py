# SPDX-License-Identifier: MIT
"""A node whose settings are not those of the others (decision 0048)."""

import pytest

from support.service import until
from support.talk import Member

DIFFER = "settings differ between nodes"


async def restart(cluster, node, *options):
    """With other options."""
    node.drain()
    await until(lambda: not node.runs)
    await cluster.whole()
    node.options = list(options)
    node.start()


@pytest.mark.ttl(10)
async def test_a_node_without_history_waits(cluster):
    a, b, c = cluster.nodes
    await restart(cluster, c, "--history.size=0")
    await until(lambda: c.said(DIFFER, setting="history.size", here=0,
                               there=256, level="error"))
    assert c.get("/health/ready")[0] == 503
    assert a.sees(2) and b.sees(2)
    ann = Member([a], "ann", "room")
    await ann.say("kept")
    c.kill()
    c.options = ["--history.size=20"]
    c.start()
    await cluster.whole()
    await ann.leave()


@pytest.mark.ttl(10)
@pytest.mark.parametrize("setting, there, options", [
    ("api.sender", "server", ["--api.sender=the-house"]),
    ("auth.algorithm", "none", ["--auth.algorithm=HS256"])])
async def test_who_believes_other_names_waits(
        cluster, tmp_path, setting, there, options):
    a, b, c = cluster.nodes
    if setting.startswith("auth."):
        key = tmp_path / "auth.key"
        key.touch(0o600)
        key.write_text("a secret of more than thirty-two characters")
        options = [*options, f"--auth.key-file={key}"]
    await restart(cluster, c, *options)
    here = options[0].split("=")[1]
    await until(lambda: c.said(DIFFER, setting=setting, here=here, there=there,
                               level="error"))
    await until(lambda: f"{setting} is {here} here and {there} on node "
                in c.get("/health/ready")[1])
    assert c.get("/health/ready")[0] == 503
    await until(lambda: c.counts("parlor_cluster_members 0"))
    assert a.sees(2) and b.sees(2)
    await restart_as_the_others(cluster, c)


async def restart_as_the_others(cluster, node):
    node.kill()
    node.options = []
    node.start()
    await cluster.whole()


@pytest.mark.parametrize("setting, here, there", [
    ("limits.members-per-room", 7, 0), ("limits.members-announced", 7, 1000),
    ("limits.max-connections-per-user", 7, 100),
    ("limits.per-user-policy", "reject-new", "evict-oldest"),
    ("limits.message-bytes", 100000, 65536), ("history.size", 20, 256),
    ("presence.grace", "7s", "0s")])
async def test_other_differences_are_told_on_all_nodes(
        cluster, setting, here, there):
    *others, c = cluster.nodes
    await restart(cluster, c, f"--{setting}={here}")
    await cluster.whole()
    for node in others:
        await until(lambda: c.said(DIFFER, setting=setting, here=here,
                                   node=node.name, there=there, level="warn"))
        await until(lambda: node.said(DIFFER, setting=setting, here=there,
                                      node="c", there=here, level="warn"))
    for node in cluster.nodes:
        await until(lambda: node.counts("parlor_settings_differ 1"))
        await until(lambda: node.get("/health/ready")[0] == 200)
    # It goes as it came, node by node.
    await restart(cluster, c)
    await cluster.whole()
    for node in cluster.nodes:
        await until(lambda: node.counts("parlor_settings_differ 0"))
