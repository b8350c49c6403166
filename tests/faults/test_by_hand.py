# SPDX-License-Identifier: MIT
"""deploy/cluster, as one who tries a cluster out by hand."""

import json
import os
import subprocess
import time

import pytest
import websockets
from ports import first_of

from support.environment import DEADLINE, PARLOR, REPOSITORY

# What it takes behind the first port: those of nodes, of their links, of etcd's
# clients and of its members.
TAKEN = [*range(1, 4), *range(5, 8), *range(9, 12), *range(19, 22)]


@pytest.fixture
def by_hand(tmp_path):
    http = first_of(TAKEN)
    environment = {
        **os.environ, "PARLOR_BIN": str(PARLOR),
        "PARLOR_CLUSTER_STATE": str(tmp_path / "cluster"),
        "PARLOR_CLUSTER_HTTP": str(http),
        "PARLOR_CLUSTER_PEER": str(http + 4),
        "PARLOR_CLUSTER_ETCD": str(http + 8)}

    def run(*arguments, code=0):
        result = subprocess.run(
            [REPOSITORY / "deploy/cluster", *arguments], env=environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=2 * DEADLINE)
        assert result.returncode == code, result.stderr
        return result.stdout + result.stderr

    run.http = http
    yield run
    run("down")


def talk(port, name):
    return websockets.connect(
        f"ws://127.0.0.1:{port}/ws/{name}?room=r", compression=None,
        # Commands are waited for, and meanwhile nobody answers.
        ping_interval=None)


async def until(ws, **fields):
    while True:
        frame = json.loads(await ws.recv())
        if fields.items() <= frame.items():
            return frame


def up(by_hand):
    """Until all are ready: one that is slow to say so may be asked again."""
    shown = by_hand("up")
    end = time.monotonic() + DEADLINE
    while shown.count('"status":"ready"') != 3:
        assert time.monotonic() < end, shown
        shown = by_hand("status")


async def test_up_kill_drain_and_down(by_hand):
    up(by_hand)
    async with talk(by_hand.http + 1, "ann") as ann:
        await ann.send('{"type":"members","room":"r","id":"in"}')
        await until(ann, id="in", ok=True)
        bob = await talk(by_hand.http + 3, "bob")
        await until(ann, type="user_joined", user_id="bob")
        by_hand("kill", "2")
        assert "node2  not running" in by_hand("status")
        await ann.send('{"type":"chat","room":"r","content":"hi"}')
        assert (await until(bob, type="chat"))["content"] == "hi"
        by_hand("up")
        by_hand("drain", "3")
        assert (await until(bob, type="closing"))["code"] == 1012
        await until(ann, type="user_left", user_id="bob")
    up(by_hand)
    by_hand("down")
    assert by_hand("status").count("not running") == 6


@pytest.mark.parametrize("arguments", [
    (), ("rise",), ("kill",), ("kill", "4"), ("drain", "one"),
    ("up", "2")], ids=" ".join)
def test_what_it_does_not_know(by_hand, arguments):
    assert "say up, status, kill N" in by_hand(*arguments, code=1)
    assert "not running" in by_hand("kill", "1", code=1)
