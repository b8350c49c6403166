# SPDX-License-Identifier: MIT
"""A control group of 256 MiB, and readers so slow that their outboxes would
need three times that: the slowest are closed, and the kernel ends nobody."""

import pytest

from support.cgroup import MemoryGroup
from support.client import Client
from support.crowd import PATIENT, Crowd
from support.environment import DEADLINE, measures_memory
from support.process import resident
from support.waiting import eventually

LIMIT = 256 << 20
SLOW = 800
BLOCK = "x" * 60_000


@pytest.fixture
def group():
    made = MemoryGroup(LIMIT)
    yield made
    made.remove()


@pytest.fixture
def confined(group, start_server):
    """A service in that group; it ends before the group is removed."""
    return start_server(
        "limits.messages-per-second=0", "history.total-bytes=16777216",
        "limits.members-announced=0", "limits.outbox-stall=60s",
        *PATIENT, preexec_fn=group.enter)


@measures_memory
async def test_slow_readers_do_not_exhaust_the_memory(group, confined):
    assert str(confined.process.pid) in (
        group.path / "cgroup.procs").read_text().split()
    with Crowd(confined, "tea", SLOW):
        async with Client(confined, "/ws/reader?room=tea") as reader, \
                Client(confined, "/ws/talker") as talker:
            await eventually(confined.total, SLOW + 2)
            await talker.join("tea")
            for n in range(120):
                await talker.send("chat", room="tea", content=[n, BLOCK])
                await reader.until("chat", content=[n, BLOCK])
                await talker.until("chat", content=[n, BLOCK])
                assert resident(confined) < LIMIT
            await eventually(confined.total, 2, deadline=3 * DEADLINE)
            await eventually(
                lambda: confined.http.get("/health/ready").status, 200)
    print(f"peak {(group.peak or 0) / (1 << 20):.0f} MiB")
    confined.stop()
    assert len(confined.log.find(event="client gone", code=4008)) == SLOW
    assert group.oom_kills == 0
