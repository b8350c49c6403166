# SPDX-License-Identifier: MIT
"""Clients of a service that runs."""

import asyncio
import datetime

from fakes.visitor import SOON, Visitor, online, url_of
from parlor_client import (
    Joined, MembersChanged, Message, ParlorError, PresenceChanged,
    PrivateMessage, Signal, SystemNotice, UserJoined, UserLeft, connect)
from parlor_client.api import Api


async def test_what_is_said_comes_to_all_in_one_order(service):
    async with online(service, "ann", "tea") as ann, \
            online(service, "bob", "tea") as bob:
        both = [publish for i in range(100) for publish in (
            ann.rooms["tea"].publish(f"a{i}"),
            bob.rooms["tea"].publish(f"b{i}"))]
        positions = await asyncio.gather(*both)
        last = max(x.seq for x in positions)
        for visitor in (ann, bob):
            await visitor.records["tea"].heard(
                Message, lambda x: x.seq == last)
        said = [[(x.seq, x.content) for x in v.records["tea"].of(Message)]
                for v in (ann, bob)]
        assert said[0] == said[1]
        assert [x for _, x in said[0] if x[0] == "a"] == [
            f"a{i}" for i in range(100)]
        assert len({x.seq for x in positions}) == 200


async def test_who_comes_and_goes_is_told(service):
    async with online(service, "ann", "tea") as ann:
        async with online(service, "bob", "tea"):
            await ann.records["tea"].heard(UserJoined)
            await ann.records["tea"].heard(
                MembersChanged, lambda x: x.members == ("ann", "bob"))
        left = await ann.records["tea"].heard(UserLeft)
        assert (left.user, left.reason) == ("bob", "closed")
        await ann.records["tea"].heard(
            MembersChanged, lambda x: x.members == ("ann",))


async def test_messages_are_iterated_over(service):
    async with connect(url_of(service), user="ann", ssl=service.tls) as ann:
        async with ann.room("tea") as room:
            assert ann.joined == ["tea"]
            await room.publish({"n": 2**60, "tags": ["é", None]})
            async for message in room:
                break
            assert (message.sender, message.content) == (
                "ann", {"n": 2**60, "tags": ["é", None]})
            age = datetime.datetime.now(datetime.timezone.utc) \
                - message.timestamp
            assert abs(age) < datetime.timedelta(days=1)
            assert message.gap is None and not message.replayed
        assert ann.joined == []


async def test_who_comes_later_gets_the_last_messages_and_history(service):
    async with online(service, "ann", "tea") as ann, \
            online(service, "bob") as bob:
        for content in range(12):
            await ann.rooms["tea"].publish(content)
        joined = await bob.enter("tea", rewind=2)
        assert joined.replayed == 2
        room, record = bob.rooms["tea"], bob.records["tea"]
        await ann.rooms["tea"].publish("now")
        await record.heard(Message, lambda x: x.content == "now")
        assert [(x.content, x.replayed) for x in record.of(Message)] == [
            (10, True), (11, True), ("now", False)]
        page = await room.history(limit=2)
        assert [x.content for x in page] == [11, "now"]
        assert [x.content for x in await room.history(
            before=page[0].seq, limit=2)] == [9, 10]
        everything = [x.content async for x in room.history_backwards(page=5)]
        assert everything == ["now", *range(11, -1, -1)]


async def test_signals_and_presence_come_to_the_others(service):
    async with online(service, "ann", "tea") as ann, \
            online(service, "bob") as bob:
        await bob.enter("tea", presence=True)
        assert ann.rooms["tea"].signal("typing", {"on": True})
        signal = await bob.records["tea"].heard(Signal)
        assert (signal.user, signal.name, signal.data) == (
            "ann", "typing", {"on": True})
        await ann.rooms["tea"].show({"away": True})
        change = await bob.records["tea"].heard(
            PresenceChanged, lambda x: "ann" in x.users)
        assert change.users["ann"][0].data == {"away": True}
        await ann.client.close()
        await bob.records["tea"].heard(
            PresenceChanged, lambda x: not x.users
            and bob.records["tea"].of(UserLeft))


async def test_private_messages_and_notices_come(service):
    api = Api(url_of(service), ssl=service.tls)
    async with online(service, "ann") as ann, online(service, "bob") as bob:
        assert await ann.client.send("bob", "psst") == 1
        assert await ann.client.send("zoe", "psst") == 0
        heard = await bob.record.heard(PrivateMessage)
        assert (heard.sender, heard.content, heard.origin) == (
            "ann", "psst", None)
        assert await api.send("bob", "by http") == 1
        heard = await bob.record.heard(
            PrivateMessage, lambda x: x.content == "by http")
        assert (heard.sender, heard.origin) == ("server", "api")
        await api.broadcast("soon")
        notice = await ann.record.heard(SystemNotice)
        assert notice.content == "soon"


async def test_questions_are_answered(service):
    async with online(service, "ann", "tea", "attic") as ann:
        assert sorted(await ann.client.list_rooms()) == ["attic", "tea"]
        assert (await ann.rooms["tea"].list_members()).members == ("ann",)
        assert await ann.client.ping() >= 0
        assert ann.client.connection.limits.json_depth == 32


async def test_what_the_service_refuses_is_raised(start_service):
    service = start_service("limits.members-per-room=1")
    async with online(service, "ann", "tea"), online(service, "bob") as bob:
        try:
            await bob.enter("tea")
            raise AssertionError("let in")
        except ParlorError as error:
            assert (error.code, error.retryable) == ("room_full", True)


async def test_a_name_that_proxies_would_change_gets_through(service):
    async with online(service, "a/b ?#%", "te/a") as odd:
        assert odd.client.user == "a/b ?#%"
        await odd.rooms["te/a"].publish("x")
        message = await odd.records["te/a"].heard(Message)
        assert message.sender == "a/b ?#%"


async def test_who_names_nobody_is_given_a_name(service):
    async with connect(url_of(service), ssl=service.tls, **SOON) as client:
        assert client.user.startswith("anon-")


async def test_more_than_the_rate_allows_is_said_in_its_order(start_service):
    service = start_service("limits.messages-per-second=50",
                            "limits.message-burst=10")
    async with online(service, "ann", "tea") as ann:
        room = ann.rooms["tea"]
        positions = await asyncio.gather(
            *(room.publish(i) for i in range(60)))
        assert [x.seq for x in positions] == sorted(
            x.seq for x in positions)
        await ann.records["tea"].heard(Message, lambda x: x.content == 59)
        assert [x.content for x in ann.records["tea"].of(Message)] == list(
            range(60))


async def test_a_large_room_is_counted(start_service):
    service = start_service("limits.members-listed=3")
    others = [Visitor(service, name) for name in ("bob", "cid", "dan", "eve")]
    for other in others:
        await other.client.open()
        await other.enter("tea")
    async with online(service, "ann") as ann:
        joined = await ann.enter("tea")
        assert (joined.members, joined.count) == (None, 5)
        for other in others[1:]:
            await other.client.close()
        await ann.records["tea"].heard(
            MembersChanged, lambda x: x.members == ("ann", "bob"))
    await others[0].client.close()


async def test_a_client_that_closes_was_heard(service):
    async with online(service, "bob", "tea") as bob:
        async with online(service, "ann", "tea") as ann:
            ann.rooms["tea"].signal("last", 1)
        assert (await bob.records["tea"].heard(Signal)).name == "last"
        assert bob.records["tea"].of(Joined)
