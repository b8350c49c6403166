# SPDX-License-Identifier: MIT
"""The client and the built service, which is killed, stopped, frozen and
full."""

import asyncio
import signal

from fakes.fixture import error_of, soon
from fakes.visitor import Visitor, online
from parlor_client import (
    Gap, Joined, Message, StateChanged, UserJoined, UserLeft)


def is_state(state):
    return lambda change: change.state == state


def back(joined):
    return joined.again


def contents(visitor):
    return [x.content for x in visitor.records["tea"].of(Message)]


async def cut(visitor):
    """The connection that there is, or comes, breaks."""
    client = visitor.client
    await visitor.record.until(lambda: client.state == "online")
    client._connector._link._socket._transport.abort()
    await visitor.record.until(lambda: client.state != "online")


async def test_both_come_back_to_a_service_that_was_killed(service):
    async with online(service, "ann", "tea") as ann, \
            online(service, "bob", "tea") as bob:
        await ann.rooms["tea"].publish("before")
        await bob.records["tea"].heard(Message)
        await asyncio.to_thread(service.kill)
        await ann.record.heard(StateChanged, is_state("waiting"))
        offline = [soon(ann.rooms["tea"].publish(x)) for x in ("one", "two")]
        await asyncio.to_thread(service.start)
        for visitor in (ann, bob):
            await visitor.records["tea"].heard(Joined, back)
        await asyncio.gather(*offline)
        # Who was back first has said it before the other came: the gap.
        await bob.rooms["tea"].publish("after")
        await ann.records["tea"].heard(
            Message, lambda x: x.content == "after")
        assert contents(ann) == ["before", "one", "two", "after"]
        for visitor in (ann, bob):
            gap = await visitor.records["tea"].heard(Gap)
            assert gap.reason == "not_recovered"
            assert gap.start.epoch != gap.end.epoch


async def test_a_connection_that_breaks_recovers_all(service):
    async with online(service, "ann", "tea") as ann, \
            online(service, "bob", "tea") as bob:
        for i in range(20):
            await cut(bob)
            await ann.rooms["tea"].publish(i)
            await bob.records["tea"].heard(
                Message, lambda x, i=i: x.content == i)
        assert contents(bob) == list(range(20))
        assert bob.records["tea"].of(Gap) == []
        # Not even of oneself, who went and came.
        assert not [x for x in bob.records["tea"].of((UserJoined, UserLeft))
                    if x.user == "bob"]
        assert any(x.replayed for x in bob.records["tea"].of(Message))


async def test_a_publish_is_said_once_whenever_the_connection_breaks(service):
    async with online(service, "ann", "tea") as ann, \
            online(service, "bob", "tea") as bob:
        for i in range(20):
            publishing = soon(ann.rooms["tea"].publish(i))
            for _ in range(i % 5):
                await asyncio.sleep(0)
            await cut(ann)
            await publishing
        await bob.records["tea"].heard(Message, lambda x: x.content == 19)
        assert contents(bob) == list(range(20))


async def test_a_service_that_stops_says_when_to_come_back(service):
    async with online(service, "ann", "tea") as ann:
        await asyncio.to_thread(service.stop)
        change = await ann.record.heard(StateChanged, is_state("waiting"))
        assert (change.code, change.reconnect) == (1012, True)
        assert change.retry_in is not None
        await asyncio.to_thread(service.start)
        await ann.records["tea"].heard(Joined, back)
        await ann.rooms["tea"].publish("x")


async def test_who_was_kicked_stays_away(service):
    async with online(service, "ann", "tea") as ann:
        answer = await asyncio.to_thread(
            service.http.post, "/api/v1/disconnect", {"user": "ann"})
        assert answer.status == 200
        change = await ann.record.heard(StateChanged, is_state("closed"))
        assert change.code == 4004
        error = await ann.records["tea"].end()
        assert (error.code, error.close_code) == ("closed", 4004)
        assert (await error_of(
            ann.rooms["tea"].publish("x"))).code == "closed"


async def test_who_was_replaced_leaves_the_place_to_the_other(start_service):
    service = start_service("limits.max-connections-per-user=1")
    async with online(service, "ann") as one, online(service, "ann") as two:
        change = await one.record.heard(StateChanged, is_state("closed"))
        assert change.reason == "Replaced by new connection"
        assert two.client.state == "online"


async def test_a_full_service_is_tried_again_until_there_is_a_place(
        start_service):
    service = start_service("limits.max-connections=1")
    async with online(service, "ann") as ann:
        bob = Visitor(service, "bob")
        opening = soon(bob.client.open())
        change = await bob.record.heard(StateChanged, is_state("waiting"))
        assert change.code == 4003
        await ann.client.close()
        await opening
        await bob.client.close()


async def test_a_service_that_hangs_is_noticed(start_service):
    service = start_service("heartbeat.interval=1s", "heartbeat.timeout=10min")
    async with online(service, "ann", close_timeout=0.1) as ann:
        service.process.send_signal(signal.SIGSTOP)
        try:
            change = await ann.record.heard(
                StateChanged, is_state("waiting"))
            assert (change.code, change.reason) == (1006, "nothing came")
        finally:
            service.process.send_signal(signal.SIGCONT)


async def test_a_client_that_blocks_is_closed_and_recovers(start_service):
    """It takes nothing from its socket for so long that the service gives up;
    what its buffers hold comes first, and the rest is recovered."""
    service = start_service("limits.outbox-bytes=65536",
                            "limits.outbox-stall=1s")
    text = "x" * 20000
    async with online(service, "ann", "tea") as ann:
        bob = Visitor(service, "bob")
        await bob.client.open()
        await bob.enter("tea")
        transport = bob.client._connector._link._socket._transport
        transport.pause_reading()
        number = 0
        while not closed(service):
            await ann.rooms["tea"].publish([number, text])
            number += 1
        transport.resume_reading()
        last = await ann.rooms["tea"].publish("last")
        await bob.records["tea"].heard(
            (Message, Gap), lambda x: (
                x.seq if isinstance(x, Message) else x.end.seq) >= last.seq)
        # Nothing is missing unsaid.
        place = None
        for event in bob.records["tea"].of((Message, Gap)):
            if isinstance(event, Gap):
                place = None
            elif event.content != "last":
                number = event.content[0]
                assert place is None or number == place + 1
                place = number
        await bob.client.close()


def closed(service):
    """Whether the service has closed a slow consumer."""
    return any("slow consumer" in line for line in list(service.log.text))


async def test_a_slow_application_is_told_what_it_has_missed(service):
    async with online(service, "ann", "tea") as ann, \
            online(service, "bob") as bob:
        room = bob.client.room("tea", max_buffered=5)
        await room.join()
        for i in range(20):
            await ann.rooms["tea"].publish(i)
        # What a room answers comes behind what was said there.
        await room.list_members()
        messages = aiter(room)
        taken = [await anext(messages) for _ in range(4)]
        assert [x.content for x in taken] == [0, 1, 2, 3]
        last = await ann.rooms["tea"].publish("on")
        message = await anext(messages)
        assert (message.content, message.gap.reason) == ("on", "slow_consumer")
        assert message.gap.start.seq == taken[-1].seq
        assert message.gap.end.seq == last.seq - 1
        # What it has missed is still kept.
        page = await room.history(before=last.seq, limit=16)
        assert [x.content for x in page] == list(range(4, 20))
