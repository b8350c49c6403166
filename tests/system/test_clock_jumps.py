# SPDX-License-Identifier: MIT
"""The clock of the machine is set forward and back while people are there:
nobody is dropped, and what lasts for a time lasts as long as before. The
service's CLOCK_REALTIME alone is another (libfaketime); nobody else's is."""

import asyncio
import datetime
import time

import jwt
import pytest
from faketime import LIBRARY, TRUE_MONOTONIC

from support.client import Client
from support.environment import without_sanitizer
from support.waiting import eventually

SECRET = "a secret of the tests that is long enough"

pytestmark = without_sanitizer

HOUR, DAY = 3600, 86_400


class Clock:
    """The service's clock, which is set by a file."""

    def __init__(self, directory):
        self._file = directory / "clock"
        self.set(0)
        self.environment = {
            "LD_PRELOAD": str(LIBRARY), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_TIMESTAMP_FILE": str(self._file), **TRUE_MONOTONIC}

    def set(self, offset):
        """Seconds that it is ahead."""
        self.offset = offset
        # In one step: the service reads it whenever it looks at its clock.
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset:+d}s\n")
        fresh.rename(self._file)


@pytest.fixture
def clock(tmp_path):
    if LIBRARY is None:
        pytest.skip("libfaketime is not installed: tests/packages.txt")
    return Clock(tmp_path)


def offset_of(line):
    """How far ahead the time of a line in the log is, in seconds."""
    then = datetime.datetime.fromisoformat(
        line["time"].replace("Z", "+00:00"))
    return then.timestamp() - time.time()


def token(sub, at, lasts):
    return {"extra_headers": {"Authorization": "Bearer " + jwt.encode(
        {"sub": sub, "exp": int(at) + lasts}, SECRET, "HS256")}}


@pytest.mark.parametrize("jumps", [
    [HOUR, 0], [DAY, 0], [-HOUR, 0], [-DAY, 0, DAY]],
    ids=["an hour", "a day", "back an hour", "back and forth a day"])
async def test_a_jump_of_the_clock_drops_nobody(
        start_server, clock, tmp_path, jumps):
    key = tmp_path / "key"
    key.write_text(SECRET)
    key.chmod(0o600)
    service = start_server(
        "auth.algorithm=HS256", f"auth.key-file={key}",
        "heartbeat.interval=200ms", "heartbeat.timeout=60s",
        "history.ttl=60s", env=clock.environment)
    async with Client(service, "/ws", **token("ann", time.time(), 600)) as ann, \
            Client(service, "/ws", **token("bob", time.time(), 600)) as bob:
        await ann.join("tea")
        await bob.join("tea")
        first = await ann.say("tea", "first", key="k")
        for offset in jumps:
            clock.set(offset)
            # Some heartbeats, and whatever else is done in time.
            await asyncio.sleep(0.7)
            # A repeat is known, and told where the first was.
            again = await ann.say("tea", "again", key="k")
            assert again["seq"] == first["seq"]
            await ann.say("tea", offset)
            await bob.until("chat", content=offset)
            # Who comes is judged by the clock as it is, and gets the history.
            new = token("carol", time.time() + offset, 60)
            async with Client(service, "/ws", **new) as carol:
                reply = await carol.join("tea", rewind=10)
                assert reply["replayed"] >= 2, reply
                line = await service.logged(
                    event="client connected", connection=carol.id)
            assert abs(offset_of(line) - offset) < 60, line
        await eventually(lambda: service.admin()["users_per_room"],
                         {"tea": ["ann", "bob"]})
    service.stop()
    assert {line["verdict"] for line in service.log.find(
        event="client gone")} == {"clean close"}


async def test_a_token_ends_by_the_time_that_passes(
        start_server, clock, tmp_path):
    """A clock that is set back does not lengthen it."""
    key = tmp_path / "key"
    key.write_text(SECRET)
    key.chmod(0o600)
    service = start_server(
        "auth.algorithm=HS256", f"auth.key-file={key}", env=clock.environment)
    async with Client(service, "/ws", **token("ann", time.time(), 10)) as ann:
        clock.set(-DAY)
        await ann.expect_close(4002, reason="Token expired")
    await eventually(service.total, 0)
