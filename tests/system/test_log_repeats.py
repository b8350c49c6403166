# SPDX-License-Identifier: MIT
"""What repeats does not fill the log, and what was left out is counted."""

import asyncio

from support.client import Client
from support.raw_client import RawClient

REFUSED = 2000


def count(service, event):
    """(lines that there are, lines that were left out) of an event."""
    left_out = service.log.find(event="lines left out", of=event)
    return (len(service.log.find(event=event)),
            sum(line["lines"] for line in left_out))


def be_refused(service):
    for n in range(REFUSED):
        with RawClient(service, f"/ws/bob-{n}") as bob:
            _, close = bob.until_close()
            assert close.code == 4003


async def test_thousands_who_are_refused_leave_few_lines(start_server):
    service = start_server("limits.max-connections=1")
    async with Client(service, "/ws/ann") as ann:
        await asyncio.to_thread(be_refused, service)
        await ann.send("ping", id=1)
        await ann.expect("pong", id=1)
    service.stop()
    written, left_out = count(service, "client refused")
    assert written + left_out == REFUSED
    assert 0 < written < REFUSED / 2
    [gone] = service.log.find(event="client gone")
    assert gone["user"] == "ann"


def test_everybody_who_was_in_has_a_line(start_server):
    service = start_server()
    for n in range(200):
        with RawClient(service, f"/ws/user-{n}") as one:
            one.until("connected")
    service.stop()
    for event in ("client connected", "client gone"):
        assert {line["user"] for line in service.log.find(event=event)} == {
            f"user-{n}" for n in range(200)}
        assert count(service, event) == (200, 0)
