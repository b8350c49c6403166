# SPDX-License-Identifier: MIT
"""A machine that is suspended: its lease ends though its clock stands still."""

import struct
import time

import pytest

from support.environment import SLEEPING_CLOCK
from support.service import Cluster, until
from support.talk import ROOM, Member


@pytest.fixture
def slept(tmp_path):
    """Writes for how long a has been asleep, in seconds."""
    path = tmp_path / "slept"

    def write(seconds):
        with open(path, "r+b") as file:
            file.write(struct.pack("<q", int(seconds * 1e9)))

    path.write_bytes(bytes(8))
    write.path = path
    return write


@pytest.fixture
def sleepy(tmp_path, network, slept):
    assert SLEEPING_CLOCK.is_file(), "build sleeping_clock"
    cluster = Cluster(tmp_path, places=network.places, environments={"a": {
        "LD_PRELOAD": str(SLEEPING_CLOCK),
        "PARLOR_TEST_SLEPT": str(slept.path)}})
    yield cluster
    cluster.end()
    cluster.show()


async def test_who_wakes_confirms_nothing_alone(sleepy, network, slept):
    a, b, c = sleepy.nodes
    for node in (b, c):
        node.drain()
        await until(lambda: not node.runs)
    await until(lambda: a.sees(1))
    ann = Member([a], "ann", ROOM)
    await ann.say("before")
    # What etcd says meanwhile does not wait for who sleeps.
    a.stop()
    network.cut([a.place], [network.places["etcd"]])
    begun = time.monotonic()
    b.start()
    await until(lambda: b.sees(1))
    bob = Member([b], "bob", ROOM)
    await bob.say("of b")
    slept(time.monotonic() - begun)
    a.go_on()
    late = await ann.ask("late", patience=1)
    assert late is None or late["type"] == "error", late
    network.heal()
    await sleepy.whole()
    await bob.say("after")
    assert [x["content"] for x in bob.log.values() if x["type"] == "chat"] == [
        "of b", "after"]
    for one in (ann, bob):
        await one.leave()
