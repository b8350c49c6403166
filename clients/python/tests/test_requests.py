# SPDX-License-Identifier: MIT
"""What becomes of something that was asked for."""

import asyncio
import datetime

import pytest
from fakes.clock import settled
from fakes.fixture import Play, error_of, online, soon
from fakes.limited_service import LimitedService
from fakes.service import chat
from parlor_client import ErrorOccurred, Members, Position


async def in_tea(**options):
    """A client and its room."""
    play = Play(**options)
    opening = await play.begin()
    play.socket.greet()
    await opening
    return play, await play.enter("tea")


async def publish(room, *contents):
    """The tasks of these, begun in this order."""
    tasks = [soon(room.publish(content)) for content in contents]
    await settled()
    return tasks


async def come_back(play, **reply):
    """The next connection, in its room."""
    if play.client.state == "online":
        play.socket.end(1006)
    await play.clock.advance(0.25)
    play.socket.greet()
    play.socket.admit(**reply)
    await settled()


def contents(socket):
    return [x["content"] for x in socket.sent if x["type"] == "chat"]


def take(play, type):
    return play.socket.take(type)


async def test_a_publish_returns_its_place():
    play, room = await in_tea()
    publishing = soon(room.publish({"n": 1}, exclude_self=True))
    await settled()
    frame = take(play, "chat")
    assert frame["content"] == {"n": 1} and frame["exclude_self"] is True
    play.socket.reply(frame, seq=2, epoch="e1")
    assert await publishing == Position("e1", 2)


async def test_questions_are_answered():
    play, room = await in_tea()
    asked = [soon(x) for x in (
        room.list_members(), room.history(before=9, limit=2),
        play.client.list_rooms(), play.client.send("bob", [1]))]
    await settled()
    play.socket.reply(take(play, "members"), room="tea", member_count=300)
    history = take(play, "history")
    assert (history["before"], history["limit"]) == (9, 2)
    play.socket.reply(history, room="tea", messages=[
        chat(7), {**chat(8), "origin": "api"}])
    play.socket.reply(take(play, "rooms"), rooms=["tea"])
    play.socket.reply(take(play, "private"), delivered=2)
    members, messages, rooms, delivered = await asyncio.gather(*asked)
    assert members == Members(None, 300)
    assert [(x.seq, x.content, x.origin) for x in messages] == [
        (7, "m7", None), (8, "m8", "api")]
    assert messages[0].timestamp == datetime.datetime(
        2026, 11, 21, 1, 2, 3, 4000, datetime.timezone.utc)
    assert (rooms, delivered) == (["tea"], 2)


async def test_a_ping_tells_how_long_it_took():
    play = await online()
    asked = soon(play.client.ping())
    await settled()
    await play.clock.advance(0.25)
    play.socket.say({"type": "pong", "id": take(play, "ping")["id"]})
    assert await asked == 0.25


async def test_history_goes_backwards_page_by_page():
    play, room = await in_tea()

    async def all_of_it():
        return [x.seq async for x in room.history_backwards(
            before=9, page=3)]

    asked = soon(all_of_it())
    for before, seqs in ((9, (5, 7, 8)), (5, (2, 3, 4)), (2, (1,))):
        await settled()
        frame = take(play, "history")
        assert (frame["before"], frame["limit"]) == (before, 3)
        play.socket.reply(frame, messages=[chat(x) for x in seqs])
    assert await asked == [8, 7, 5, 4, 3, 2, 1]
    asked = soon(all_of_it())
    await settled()
    play.socket.reply(take(play, "history"), messages=[])
    assert await asked == []
    with pytest.raises(Exception, match="page"):
        async for _ in room.history_backwards(page=0):
            pass


async def test_an_error_is_raised():
    play, room = await in_tea()
    [publishing] = await publish(room, "x")
    play.socket.refuse(take(play, "chat"), "forbidden")
    error = await error_of(publishing)
    assert (error.code, error.retryable) == ("forbidden", False)
    assert str(error) == "forbidden: forbidden"


async def test_an_error_that_answers_nothing_is_an_event():
    play = await online()
    play.socket.say({"type": "error", "code": "room_full", "message": "full",
                     "retryable": True, "retry_after_ms": 500})
    [occurred] = await play.heard.take(ErrorOccurred)
    assert (occurred.error.code, occurred.error.retry_after) == (
        "room_full", 0.5)


async def test_outside_of_a_room_nothing_is_said_there():
    play = await online()
    room = play.client.room("tea")
    for asked in (room.publish("x"), room.history(), room.list_members(),
                  room.show(1), room.leave()):
        assert (await error_of(asked)).code == "not_in_room"
    assert room.signal("typing") is False
    with pytest.raises(Exception, match="not in room"):
        room.members
    assert play.socket.sent == []


async def test_an_answer_that_does_not_come_in_time_is_a_timeout():
    play, room = await in_tea(request_timeout=1)
    asked = soon(room.list_members())
    await play.clock.advance(1)
    assert (await error_of(asked)).code == "timeout"


async def test_what_is_published_offline_is_sent_after_the_rejoin_in_order():
    play, room = await in_tea()
    play.socket.end(1006)
    tasks = await publish(room, "a", "b", "c")
    await play.clock.advance(0.25)
    play.socket.greet()
    assert contents(play.socket) == []
    play.socket.admit()
    assert contents(play.socket) == ["a", "b", "c"]
    assert len({x["key"] for x in play.socket.sent}) == 3
    for seq in (2, 3, 4):
        play.socket.reply(take(play, "chat"), seq=seq, epoch="e1")
    assert [x.seq for x in await asyncio.gather(*tasks)] == [2, 3, 4]


async def test_the_queue_is_bounded():
    play, room = await in_tea(max_queued=2)
    play.socket.end(1006)
    kept = [soon(room.publish("a")), soon(play.client.send("bob", "b"))]
    await settled()
    error = await error_of(room.publish("c"))
    assert (error.code, error.message) == (
        "queue_full", "2 requests wait already")
    assert (await error_of(
        play.client.send("bob", "d"))).code == "queue_full"
    await play.client.close()
    for one in kept:
        assert (await error_of(one)).code == "closed"


async def test_a_queue_that_is_full_hinders_nothing_that_can_be_sent():
    play, room = await in_tea(max_queued=1)
    await publish(room, *range(10))
    assert contents(play.socket) == list(range(10))


async def test_a_publish_that_nobody_awaits_is_not_sent():
    play, room = await in_tea()
    play.socket.end(1006)
    given_up, kept = await publish(room, "a", "b")
    given_up.cancel()
    await come_back(play)
    assert contents(play.socket) == ["b"]
    play.socket.reply(take(play, "chat"), seq=2, epoch="e1")
    await kept


async def test_a_publish_that_was_sent_keeps_its_place_though_nobody_awaits_it():
    play, room = await in_tea()
    [sent] = await publish(room, "a")
    sent.cancel()
    await come_back(play)
    await publish(room, "b")
    assert contents(play.socket) == ["a", "b"]


async def test_a_publish_whose_reply_was_lost_is_repeated_with_its_key():
    play, room = await in_tea()
    [publishing] = await publish(room, "x")
    first = take(play, "chat")
    await come_back(play, seq=4)
    second = take(play, "chat")
    assert second == first
    play.socket.reply(second, seq=2, epoch="e1")
    assert await publishing == Position("e1", 2)


async def test_what_was_in_flight_comes_before_what_was_queued_since():
    play, room = await in_tea()
    await publish(room, "a", "b")
    play.socket.end(1006)
    await publish(room, "c")
    await come_back(play)
    assert contents(play.socket) == ["a", "b", "c"]


async def test_a_publish_is_not_repeated_into_a_room_that_forgot_its_key():
    play, room = await in_tea()
    [sent] = await publish(room, "sent")
    play.socket.end(1006)
    [queued] = await publish(room, "queued")
    await come_back(play, epoch="e2", seq=1)
    error = await error_of(sent)
    assert error.code == "unknown_outcome" and error.key
    assert contents(play.socket) == ["queued"]
    await play.client.close()
    assert (await error_of(queued)).code == "unknown_outcome"


async def test_a_publish_is_repeated_into_a_room_that_went_on_elsewhere():
    play, room = await in_tea()
    await publish(room, "x")
    await come_back(play, epoch="e2", seq=1, recovered=True)
    assert contents(play.socket) == ["x"]


async def test_a_publish_is_not_repeated_behind_the_rooms_failure():
    play, room = await in_tea()
    [publishing] = await publish(room, "x")
    play.socket.say({"type": "room_reset", "room": "tea", "epoch": "e2",
                     "seq": 1, "reason": "restart"})
    play.socket.end(1006)
    assert (await error_of(publishing)).code == "connection_lost"


async def test_a_publish_is_not_repeated_after_its_keys_time():
    play, room = await in_tea()
    [publishing] = await publish(room, "x")
    play.socket.end(1006)
    await play.clock.advance(280.1)
    play.client.reconnect()
    play.socket.greet()
    play.socket.admit()
    assert (await error_of(publishing)).code == "unknown_outcome"
    assert contents(play.socket) == []


async def test_what_must_not_happen_twice_is_not_asked_for_twice():
    play, room = await in_tea()
    sent = soon(play.client.send("bob", "psst"))
    asked = soon(room.list_members())
    await settled()
    play.socket.end(1006)
    assert (await error_of(sent)).code == "connection_lost"
    later = soon(play.client.send("bob", "later"))
    await come_back(play)
    note = take(play, "private")
    assert note["content"] == "later"
    play.socket.reply(note, delivered=1)
    assert await later == 1
    play.socket.reply(take(play, "members"), members=["ann"])
    assert await asked == Members(("ann",), 1)


async def test_a_room_that_is_not_there_yet_holds_up_no_other():
    play, room = await in_tea()
    attic = play.client.room("attic")
    joining = soon(attic.join())
    await settled()
    up = soon(attic.publish("up"))
    await publish(room, "down")
    assert contents(play.socket) == ["down"]
    play.socket.admit()
    await joining
    assert contents(play.socket) == ["down", "up"]
    up.cancel()


async def test_a_queue_is_emptied_no_faster_than_the_service_takes_it():
    play, room = await in_tea()
    play.socket.end(1006)
    await publish(room, *range(100))
    await play.clock.advance(0.25)
    play.socket.greet()
    play.socket.admit()
    limited = LimitedService(play, burst=20, per_second=50)
    assert len(contents(play.socket)) == 19
    limited.open()
    await play.clock.advance(1)
    assert len(limited.said) == 69
    await play.clock.advance(1)
    assert limited.said == list(range(100))
    assert limited.refusals == 0


async def test_no_more_is_in_flight_than_the_service_takes_at_once():
    play, room = await in_tea()
    await publish(room, *range(50))
    await play.clock.advance(10)
    assert contents(play.socket) == list(range(20))
    play.socket.reply(take(play, "chat"), seq=2, epoch="e1")
    assert contents(play.socket) == list(range(1, 21))


async def test_what_was_too_fast_is_said_again_and_nothing_before_it():
    play, room = await in_tea()
    [publishing] = await publish(room, "a")
    play.socket.refuse(take(play, "chat"), "rate_limited", retryable=True,
                       retry_after_ms=300)
    await publish(room, "b")
    # The service has one place then; at 50 a second the next is 20 ms later.
    await play.clock.advance(0.319)
    assert contents(play.socket) == []
    await play.clock.advance(0.001)
    assert contents(play.socket) == ["a"]
    await play.clock.advance(0.019)
    assert contents(play.socket) == ["a"]
    await play.clock.advance(0.001)
    assert contents(play.socket) == ["a", "b"]
    play.socket.reply(take(play, "chat"), seq=2, epoch="e1")
    await publishing


@pytest.mark.parametrize("burst, count, stall", [
    (5, 30, 0), (100, 250, 4), (20, 250, 4), (1, 30, 0), (3, 60, 0.5)])
async def test_what_was_refused_goes_back_to_its_place(burst, count, stall):
    play, room = await in_tea()
    limited = LimitedService(play, burst=burst, per_second=50)
    await publish(room, *range(count))
    await play.clock.advance(stall)
    limited.open()
    await play.clock.advance(10)
    assert limited.said == list(range(count))


@pytest.mark.parametrize("burst", [2, 3, 5, 6, 20, 41, 100])
async def test_a_service_that_tells_its_burst_refuses_nothing(burst):
    play = Play()
    await play.begin()
    play.socket.greet(limits={
        "messages_per_second": 50, "message_burst": burst})
    room = await play.enter("tea")
    limited = LimitedService(play, burst=burst, per_second=50)
    await publish(room, *range(100))
    await play.clock.advance(2)
    limited.open()
    await play.clock.advance(10)
    assert limited.said == list(range(100))
    assert limited.refusals == 0


async def test_what_is_refused_one_by_one_overtakes_nothing():
    play, room = await in_tea()
    await publish(room, *range(4))
    sent = [take(play, "chat") for _ in range(4)]

    async def refuse(frame):
        play.socket.refuse(frame, "rate_limited", retry_after_ms=20)
        await play.clock.advance(1)

    await refuse(sent[1])
    # 2 and 3 were sent when 1 was refused: they may be refused as well.
    await publish(room, 4, 5)
    assert contents(play.socket) == [1]
    await refuse(sent[3])
    assert contents(play.socket) == [1]
    await refuse(sent[2])
    # 1 was sent before that refusal came: it may be refused again.
    assert contents(play.socket) == [1]
    play.socket.reply(take(play, "chat"), seq=2, epoch="e1")
    await play.clock.advance(1)
    assert contents(play.socket) == [2, 3, 4, 5]


async def test_what_was_sent_since_a_refusal_may_be_refused_as_well():
    play, room = await in_tea()
    await publish(room, 0, 1)
    first, second = (take(play, "chat") for _ in range(2))
    play.socket.refuse(first, "rate_limited", retry_after_ms=20)
    await play.clock.advance(1)
    # 0 is sent again, and refused again; so is 1, which says so first.
    again = take(play, "chat")
    assert again["content"] == 0
    play.socket.refuse(second, "rate_limited", retry_after_ms=20)
    await play.clock.advance(1)
    assert contents(play.socket) == []
    play.socket.refuse(again, "rate_limited", retry_after_ms=20)
    await play.clock.advance(1)
    assert contents(play.socket) == [0, 1]


async def test_what_was_refused_keeps_its_place_over_connections():
    play, room = await in_tea()
    await publish(room, *range(3))
    play.socket.refuse(take(play, "chat"), "rate_limited", retry_after_ms=300)
    await publish(room, 3)
    await come_back(play)
    assert contents(play.socket) == [0, 1, 2, 3]


async def test_private_messages_keep_their_order_too():
    play = await online()
    for i in range(3):
        soon(play.client.send("bob", i))
    await settled()
    for _ in range(2):
        play.socket.refuse(
            take(play, "private"), "rate_limited", retry_after_ms=300)
    await play.clock.advance(1)
    assert [x["content"] for x in play.socket.sent] == [2, 0, 1]


async def test_what_was_refused_was_not_said_however_old_it_is():
    play, room = await in_tea()
    await publish(room, "x")
    play.socket.refuse(take(play, "chat"), "rate_limited", retry_after_ms=300)
    await come_back(play, epoch="e2", seq=1)
    assert contents(play.socket) == ["x"]


async def test_a_refusal_says_nothing_of_an_earlier_sending():
    play, room = await in_tea()
    [publishing] = await publish(room, "x")
    await come_back(play)
    play.socket.refuse(take(play, "chat"), "rate_limited", retry_after_ms=300)
    play.socket.end(1006)
    await play.clock.advance(0.5)
    play.socket.greet()
    play.socket.admit(epoch="e2", seq=1)
    assert (await error_of(publishing)).code == "unknown_outcome"


async def test_a_message_whose_answer_does_not_come_has_an_unknown_outcome():
    play, room = await in_tea(request_timeout=1)
    publishing = soon(room.publish("x", key="k"))
    whispering = soon(play.client.send("bob", "psst"))
    await play.clock.advance(1)
    error = await error_of(publishing)
    assert (error.code, error.key, error.retryable) == (
        "unknown_outcome", "k", False)
    assert error.__cause__.code == "timeout"
    assert (await error_of(whispering)).code == "unknown_outcome"
    assert take(play, "chat")["key"] == "k"
    again = soon(room.publish("x", key="k"))
    await settled()
    frame = take(play, "chat")
    assert frame["key"] == "k"
    play.socket.reply(frame, seq=2, epoch="e1")
    assert await again == Position("e1", 2)


@pytest.mark.parametrize("by_service", [False, True])
async def test_only_what_was_never_sent_is_closed(by_service):
    play, room = await in_tea()
    [sent] = await publish(room, "sent")
    whispered = soon(play.client.send("bob", "psst"))
    asked = soon(room.list_members())
    [refused] = await publish(room, "refused")
    play.socket.refuse(
        play.socket.sent[-1], "rate_limited", retry_after_ms=300)
    [waiting] = await publish(room, "waiting")
    if by_service:
        play.socket.end(4004, "Kicked")
    else:
        await play.client.close()
    codes = [(await error_of(x)).code
             for x in (sent, whispered, asked, refused, waiting)]
    assert codes[0] == "unknown_outcome"
    assert codes[1] in ("unknown_outcome", "connection_lost")
    assert codes[2:] == ["closed"] * 3


async def end_by_leaving(play, room):
    await room.leave()


async def end_by_closing(play, room):
    await play.client.close()


async def end_by_a_limit(play, room):
    await play.clock.advance(0.25)
    play.socket.greet(limits={"message_bytes": 128})
    play.socket.admit()


async def end_by_a_refusal(play, room):
    await play.clock.advance(0.25)
    play.socket.greet()
    play.socket.refuse(take(play, "join"), "forbidden")


@pytest.mark.parametrize("end", [
    end_by_leaving, end_by_closing, end_by_a_limit, end_by_a_refusal])
async def test_what_was_sent_before_is_in_doubt_whatever_ends_it(end):
    play, room = await in_tea()
    [sent] = await publish(room, "x" * 99)
    play.socket.end(1006)
    await end(play, room)
    assert (await error_of(sent)).code == "unknown_outcome"


async def test_what_is_longer_than_the_service_takes_is_not_sent():
    play = Play()
    await play.begin()
    room = play.client.room("tea")
    joining = soon(room.join())
    await settled()
    [early] = await publish(room, "x" * 300)
    play.socket.greet(limits={"message_bytes": 256})
    play.socket.admit()
    await joining
    assert (await error_of(early)).code == "too_large"
    # Every character of it is two bytes.
    assert (await error_of(room.publish("é" * 100))).code == "too_large"
    await publish(room, "x" * 100)
    assert len(contents(play.socket)) == 1


async def test_what_cannot_be_sent_is_refused_at_once_connected_or_not():
    for connected in (True, False):
        play, room = await in_tea()
        if not connected:
            play.socket.end(1006)
        for asked, code in (
                (room.publish(float("nan")), "bad_json"),
                (room.publish("x", key="\n"), "bad_request"),
                (room.history(before=-1), "bad_request"),
                (room.history(limit=1.5), "bad_request"),
                (room.show(object()), "bad_json"),
                (play.client.send("", 1), "bad_request"),
                (play.client.send("bob", "\ud800"), "bad_json")):
            assert (await error_of(asked)).code == code
        with pytest.raises(Exception, match="bad_json"):
            room.signal("typing", {1, 2})
        assert play.socket.sent == []


async def test_how_deep_a_service_lets_values_nest_is_up_to_it():
    play, room = await in_tea()
    value = []
    for _ in range(40):
        value = [value]
    assert (await error_of(room.publish(value))).code == "bad_json"
    play.socket.end(1006)
    await play.clock.advance(0.25)
    play.socket.greet(limits={"json_depth": 64})
    play.socket.admit()
    await publish(room, value)
    assert contents(play.socket) == [value]


async def test_what_is_published_or_shown_is_what_it_was_then():
    play, room = await in_tea()
    play.socket.end(1006)
    value = {"n": 1}
    tasks = [soon(room.publish(value)), soon(room.show(value))]
    await settled()
    value["n"] = 2
    await come_back(play)
    assert contents(play.socket) == [{"n": 1}]
    assert take(play, "presence")["data"] == {"n": 1}
    for task in tasks:
        task.cancel()


async def test_a_signal_is_sent_now_or_never():
    play, room = await in_tea()
    assert room.signal("typing", True) is True
    frame = take(play, "signal")
    assert (frame["name"], frame["data"]) == ("typing", True)
    play.socket.refuse(frame, "rate_limited", retry_after_ms=100)
    [occurred] = await play.heard.take(ErrorOccurred)
    assert occurred.error.code == "rate_limited"
    play.socket.end(1006)
    assert room.signal("typing") is False
    await come_back(play)
    assert play.socket.sent == []
    assert "data" not in (room.signal("x") and take(play, "signal"))
