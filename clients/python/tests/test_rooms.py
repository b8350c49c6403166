# SPDX-License-Identifier: MIT
"""Joining, rejoining, and what the application is told of it."""

import pytest
from fakes.clock import settled
from fakes.fixture import Heard, Play, error_of, online, soon
from fakes.service import TIME, chat
from parlor_client import (
    ErrorOccurred, Gap, Joined, Members, MembersChanged, Message, Position,
    PresenceChanged, PrivateMessage, Shown, Signal, SystemNotice, UserJoined,
    UserLeft)


def came(user, seq, **more):
    return {"type": "user_joined", "room": "tea", "user_id": user, "seq": seq,
            **more}


def went(user, seq, reason="left"):
    return {"type": "user_left", "room": "tea", "user_id": user, "seq": seq,
            "reason": reason}


def failed():
    return {"type": "error", "code": "internal", "retryable": True,
            "message": "Room has failed: tea"}


async def test_a_join_tells_where_one_is_and_who_is_there():
    play = await online()
    room = play.client.room("tea", rewind=10)
    joining = soon(room.join())
    await settled()
    join = play.socket.admit(seq=4, members=["ann", "bob"])
    assert join["rewind"] == 10
    joined = await joining
    assert joined == Joined("tea", "e1", 4, ("ann", "bob"), 2, False, 0)
    assert await Heard(room.events()).take() == [joined]
    assert room.members == Members(("ann", "bob"), 2)
    assert play.client.joined == ["tea"]
    assert (await error_of(room.join())).code == "bad_request"


async def test_a_second_part_of_a_program_joins_the_same_room():
    play = await online("tea")
    play.socket.say(chat(2))
    second = play.client.room("tea", rewind=5)
    joined = await second.join()
    assert joined == Joined("tea", "e1", 2, ("ann",), 1, False, 0)
    heard = Heard(second.events())
    play.socket.say(chat(3))
    assert [x.seq for x in await heard.take(Message)] == [3]
    assert [x.seq for x in await play.rooms["tea"].take(Message)] == [2, 3]
    assert await second.leave() is False
    await settled()
    assert heard.ended and heard.error is None
    assert play.client.joined == ["tea"]
    assert play.socket.sent == []


async def test_a_room_is_left_at_the_end_of_its_block():
    play = await online()

    async def use():
        async with play.client.room("tea") as room:
            async for message in room:
                return message.content

    used = soon(use())
    await settled()
    play.socket.admit()
    play.socket.say(chat(2), chat(3))
    await settled()
    play.socket.reply(play.socket.take("leave"), room="tea")
    assert await used == "m2"
    assert play.client.joined == []


async def test_a_join_before_the_connection_waits_for_it():
    play = Play()
    joining = soon(play.client.room("tea").join())
    await play.begin()
    play.socket.greet()
    play.socket.admit()
    assert (await joining).room == "tea"


async def test_a_join_that_nobody_awaits_is_taken_back():
    play = await online()
    joining = soon(play.client.room("tea").join())
    await settled()
    joining.cancel()
    await settled()
    assert play.client.joined == []
    assert [x["type"] for x in play.socket.sent] == ["join", "leave"]
    play.socket.admit()
    play.socket.say(chat(2))
    assert play.client.state == "online"


async def test_a_join_that_is_refused_is_one_no_more():
    play = await online()
    room = play.client.room("tea")
    joining = soon(room.join())
    await settled()
    publishing = soon(room.publish("x"))
    await settled()
    play.socket.refuse(play.socket.take("join"), "room_full", retryable=True)
    error = await error_of(joining)
    assert (error.code, error.retryable) == ("room_full", True)
    assert (await error_of(publishing)).code == "room_full"
    assert play.client.joined == []
    await play.come_back()
    assert play.socket.sent == []
    # Another time it may be let in.
    joining = soon(room.join())
    await settled()
    play.socket.admit()
    await joining


async def test_who_iterates_over_a_room_that_does_not_let_one_in_learns_it():
    play = await online()
    heard = Heard(play.client.room("tea"))
    await settled()
    play.socket.refuse(play.socket.take("join"), "forbidden")
    await settled()
    assert heard.error.code == "forbidden"


async def test_a_join_that_is_not_answered_in_time_is_taken_back():
    play = await online()
    joining = soon(play.client.room("tea").join())
    await settled()
    play.socket.take("join")
    await play.clock.advance(15)
    assert (await error_of(joining)).code == "timeout"
    assert play.socket.take("leave")["room"] == "tea"


async def test_a_join_whose_answer_was_lost_is_made_again():
    play = await online()
    joining = soon(play.client.room("tea").join())
    await settled()
    await play.come_back()
    play.socket.admit()
    await joining


async def test_events_come_as_they_are_once_in_their_order():
    play = await online("tea")
    play.socket.say(
        chat(2), chat(2), came("bob", 3, members=["ann", "bob"]),
        {"type": "skip", "room": "tea", "seq": 4}, went("bob", 5, "closed"),
        {"type": "private", "to": "ann", "content": "psst", "sender": "bob",
         "timestamp": TIME},
        {"type": "system", "content": "notice", "timestamp": TIME},
        {"type": "signal", "room": "tea", "name": "typing", "data": True,
         "user_id": "bob"},
        chat(6, {"any": ["json"]}))
    events = await play.rooms["tea"].take()
    time = events[0].timestamp
    assert events == [
        Message("tea", "bob", "m2", time, 2),
        UserJoined("tea", "bob", 3, False),
        MembersChanged("tea", ("ann", "bob"), 2),
        UserLeft("tea", "bob", 5, False, "closed"),
        MembersChanged("tea", ("ann",), 1),
        Signal("tea", "typing", True, "bob"),
        Message("tea", "bob", {"any": ["json"]}, time, 6)]
    assert await play.heard.take() == [
        PrivateMessage("bob", "ann", "psst", time),
        SystemNotice("notice", time)]


async def test_what_the_application_says_has_its_origin():
    play = await online("tea")
    play.socket.say(
        chat(2, origin="api"), chat(3),
        {"type": "private", "to": "ann", "content": "psst", "sender": "server",
         "timestamp": TIME, "origin": "api"},
        # In what a client says, it is content.
        chat(4, {"origin": "api"}))
    assert [x.origin for x in await play.rooms["tea"].take(Message)] == [
        "api", None, None]
    assert [x.origin for x in await play.heard.take(PrivateMessage)] == [
        "api"]


async def test_members_follow_joins_leaves_and_counts():
    play = await online("tea")
    play.socket.say(
        came("bob", 2, members=["ann", "bob"]), went("bob", 3),
        came("zoe", 4, member_count=101),
        {"type": "members_count", "room": "tea", "count": 4821})
    changes = await play.rooms["tea"].take(MembersChanged)
    assert [(x.members, x.count) for x in changes] == [
        (("ann", "bob"), 2), (("ann",), 1), (None, 101), (None, 4821)]


async def test_after_a_reconnect_one_recovers_what_was_missed():
    play = await online("tea")
    play.socket.say(chat(2))
    await play.come_back()
    await play.rooms["tea"].take()
    join = play.socket.admit(
        seq=5, members=["ann", "bob"], recovered=True, replayed=2)
    assert join["since"] == {"epoch": "e1", "seq": 2}
    play.socket.say(came("bob", 3), chat(4), chat(6))
    events = await play.rooms["tea"].take()
    assert [type(x) for x in events] == [
        Joined, UserJoined, Message, Message]
    assert events[0].again and events[0].recovered
    assert [(x.seq, x.replayed) for x in events[1:]] == [
        (3, True), (4, True), (6, False)]


async def test_what_could_not_be_recovered_is_told():
    play = await online("tea")
    play.socket.say(chat(2))
    await play.come_back()
    await play.rooms["tea"].take()
    play.socket.admit(epoch="e2", seq=1)
    gap, joined = await play.rooms["tea"].take()
    assert gap == Gap(
        "tea", "not_recovered", Position("e1", 2), Position("e2", 1))
    assert joined.again and not joined.recovered


async def test_who_iterates_over_messages_is_told_of_gaps_by_the_next_one():
    play = await online()
    room = play.client.room("tea")
    heard = Heard(room)
    await settled()
    play.socket.admit()
    play.socket.say(chat(2), chat(5))
    play.socket.say({"type": "room_reset", "room": "tea", "epoch": "e2",
                     "seq": 9, "reason": "failover"}, chat(12), chat(13))
    assert [(x.seq, x.gap) for x in await heard.take()] == [
        (2, None),
        (5, Gap("tea", "hole", Position("e1", 2), Position("e1", 4))),
        # Of two in a row, all that they span.
        (12, Gap("tea", "hole", Position("e1", 5), Position("e2", 11))),
        (13, None)]


async def test_a_gap_is_told_though_who_waits_for_the_next_message_gives_up():
    play = await online()
    room = play.client.room("tea")
    await play.enter("tea")
    await room.join()
    play.socket.end(1006)
    taking = soon(anext(aiter(room)))
    await play.clock.advance(0.25)
    play.socket.greet()
    play.socket.admit(epoch="e2", seq=3)
    await settled()
    taking.cancel()
    await settled()
    play.socket.say(chat(4))
    message = await anext(aiter(room))
    assert message.gap.reason == "not_recovered"


async def test_a_room_that_goes_on_under_another_epoch_may_have_lost_something():
    play = await online("tea")
    play.socket.say(
        chat(2), chat(3), {"type": "room_reset", "room": "tea", "epoch": "e2",
                           "seq": 2, "reason": "failover"},
        chat(3, "another"))
    events = await play.rooms["tea"].take(Message, Gap)
    assert [x.content if isinstance(x, Message) else x.end for x in events] \
        == ["m2", "m3", Position("e2", 2), "another"]


async def test_what_comes_before_the_join_is_answered_is_anothers():
    play = await online()
    room = await play.enter("tea")
    # From events on, a Room of its own.
    other = play.client.room("tea")
    await other.join()
    await other.leave()
    first = play.client.room("attic")
    joining = soon(first.join())
    await settled()
    play.socket.say(chat(2, room="attic"))
    play.socket.admit(seq=4)
    await joining
    play.socket.say(chat(5, room="attic"))
    heard = await Heard(first.events()).take(Message, Gap)
    assert [x.seq for x in heard] == [5]
    assert room.name == "tea"


async def test_a_room_that_was_left_says_nothing_more():
    play = await online("attic")
    room = await play.join("tea")
    sent = soon(room.publish("x"))
    await settled()
    play.socket.take("chat")
    leaving = soon(room.leave())
    await settled()
    play.socket.say(chat(2), chat(2, "up here", "attic"))
    play.socket.reply(play.socket.take("leave"), room="tea")
    assert await leaving is True
    assert [x.content for x in await play.rooms["attic"].take(Message)] == [
        "up here"]
    await play.come_back()
    assert play.socket.take("join")["room"] == "attic"
    assert play.socket.sent == []
    assert (await error_of(room.leave())).code == "not_in_room"
    assert (await error_of(sent)).code == "connection_lost"


async def test_a_room_can_be_left_while_there_is_no_connection():
    play = await online()
    room = await play.enter("tea")
    assert room.position is not None
    mine = await play.join("attic")
    play.socket.end(1006)
    waiting = soon(mine.publish("x"))
    await settled()
    assert await mine.leave() is True
    assert (await error_of(waiting)).code == "left_room"
    await play.clock.advance(0.25)
    play.socket.greet()
    assert [x["room"] for x in play.socket.sent] == ["tea"]


async def test_leaving_is_over_when_the_connection_is():
    play = await online()
    room = await play.join("tea")
    leaving = soon(room.leave())
    await settled()
    play.socket.end(1006)
    assert await leaving is True


async def test_a_room_that_let_go_of_us_is_joined_again():
    play = await online("tea", "attic")
    play.socket.say(failed(), failed())
    play.socket.reply(play.socket.take("rooms"), rooms=["attic"])
    join = play.socket.admit(epoch="e2", seq=1)
    assert join["since"] == {"epoch": "e1", "seq": 1}
    assert [type(x) for x in await play.rooms["tea"].take()] == [Gap, Joined]
    # They were asked for once.
    assert play.socket.sent == []
    assert len(await play.heard.take(ErrorOccurred)) == 2


async def test_a_publish_that_says_one_is_not_in_joins_again_too():
    play = await online()
    room = play.client.room("tea")
    await play.enter("tea")
    await room.join()
    publishing = soon(room.publish("x"))
    await settled()
    play.socket.refuse(play.socket.take("chat"), "not_in_room")
    assert (await error_of(publishing)).code == "not_in_room"
    play.socket.reply(play.socket.take("rooms"), rooms=[])
    assert play.socket.take("join")["room"] == "tea"


async def test_a_room_that_lets_us_in_meanwhile_is_not_suspected():
    play = await online("tea")
    joining = soon(play.client.room("attic").join())
    await settled()
    play.socket.say(failed())
    play.socket.admit()
    await joining
    play.socket.reply(play.socket.take("rooms"), rooms=["tea"])
    assert play.socket.sent == []


async def test_a_connection_that_ends_while_rooms_are_asked_for_is_no_hindrance():
    play = await online("tea")
    play.socket.say(failed())
    play.socket.take("rooms")
    await play.come_back()
    play.socket.admit(recovered=True)
    play.socket.say(failed())
    play.socket.take("rooms")


async def test_who_is_not_let_in_again_for_now_tries_later():
    play = await online("tea")
    await play.come_back()
    for delay in (0.5, 1):
        play.socket.refuse(
            play.socket.take("join"), "room_full", retryable=True)
        assert play.socket.sent == []
        await play.clock.advance(delay)
    play.socket.refuse(play.socket.take("join"), "rate_limited",
                       retryable=True, retry_after_ms=100)
    await play.clock.advance(0.2)
    play.socket.admit(seq=3, recovered=True, replayed=1)
    assert [type(x) for x in await play.rooms["tea"].take()] == [Joined]
    assert not play.rooms["tea"].ended


async def test_a_refused_rejoin_is_not_tried_twice_on_the_next_connection():
    play = await online("tea")
    await play.come_back()
    play.socket.refuse(play.socket.take("join"), "room_full", retryable=True)
    play.socket.end(1006)
    await play.clock.advance(0.5)
    play.socket.greet()
    await play.clock.advance(14)
    assert [x["type"] for x in play.socket.sent].count("join") == 1


async def test_who_is_not_let_in_again_at_all_is_told():
    play = await online()
    room = play.client.room("tea")
    await play.enter("tea")
    await room.join()
    play.socket.end(1006)
    waiting = soon(room.publish("x"))
    await play.clock.advance(0.25)
    play.socket.greet()
    play.socket.refuse(play.socket.take("join"), "forbidden")
    await settled()
    assert play.rooms["tea"].error.code == "forbidden"
    assert (await error_of(waiting)).code == "forbidden"
    assert play.client.joined == []
    # What was lost can be joined again by the same object.
    joining = soon(room.join())
    await settled()
    play.socket.admit()
    await joining


async def test_more_rooms_than_the_rate_allows_are_joined_one_by_one():
    play = Play()
    await play.begin()
    play.socket.greet(limits={})
    names = [f"r{i}" for i in range(60)]
    for name in names:
        await play.enter(name)
    play.socket.end(1006)
    await play.clock.advance(0.25)
    play.socket.greet(limits={"messages_per_second": 20})
    assert len(play.socket.sent) == 10
    await play.clock.advance(1)
    assert len(play.socket.sent) == 30
    await play.clock.advance(1.5)
    assert [x["room"] for x in play.socket.sent] == names


async def test_presence_is_shown_again_after_a_reconnect_and_kept():
    play = await online()
    room = play.client.room("tea", presence=True)
    joining = soon(room.join())
    await settled()
    assert play.socket.admit()["presence"] is True
    await joining
    heard = Heard(room.events())
    showing = soon(room.show({"mood": "calm"}))
    await settled()
    play.socket.reply(play.socket.take("presence"))
    await showing
    play.socket.say(
        {"type": "presence_state", "room": "tea", "state": {
            "ann": [{"connection": "c1", "data": {"mood": "calm"}}]}},
        {"type": "presence_diff", "room": "tea", "leaves": {},
         "joins": {"bob": [{"connection": "c2", "data": 1}]}})
    wanted = {"ann": (Shown("c1", {"mood": "calm"}),),
              "bob": (Shown("c2", 1),)}
    assert (await heard.take(PresenceChanged))[-1].users == wanted
    assert room.presence == wanted
    await play.come_back()
    assert play.socket.admit(seq=2)["presence"] is True
    assert play.socket.take("presence")["data"] == {"mood": "calm"}


async def test_presence_that_the_service_does_not_take_is_not_shown_again():
    play = await online()
    room = play.client.room("tea")
    await play.enter("tea")
    await room.join()
    showing = soon(room.show(1))
    await settled()
    play.socket.refuse(play.socket.take("presence"), "too_large")
    assert (await error_of(showing)).code == "too_large"
    await play.come_back()
    play.socket.admit()
    assert play.socket.sent == []


async def test_a_second_join_may_ask_for_presence():
    play = await online("tea")
    await play.client.room("tea", presence=True, rewind=5).join()
    join = play.socket.take("join")
    assert join["presence"] is True and "rewind" not in join
    await play.client.room("tea", presence=True).join()
    assert play.socket.sent == []
    await play.come_back()
    assert play.socket.take("join")["presence"] is True


async def test_nobody_hears_of_oneself_going_while_one_was_away():
    play = await online()
    room = play.client.room("tea")
    await play.enter("tea")
    await room.join()
    await play.come_back()
    await play.rooms["tea"].take()
    play.socket.admit(
        seq=6, members=["ann", "bob"], recovered=True, replayed=4)
    play.socket.say(went("ann", 2), came("ann", 3), went("ann", 4),
                    came("bob", 5))
    events = await play.rooms["tea"].take()
    assert [type(x) for x in events] == [Joined, UserJoined]
    assert events[1].user == "bob"


async def test_alone_in_a_silent_room_one_comes_back_without_a_gap():
    play = await online("tea")
    for epoch in ("e2", "e3"):
        await play.come_back()
        play.socket.admit(epoch=epoch, seq=1)
        await play.clock.advance(5)
    assert await play.rooms["tea"].take(Gap) == []


async def large(play, count=5):
    """A room of so many, which are not listed."""
    room = play.client.room("tea")
    joining = soon(room.join())
    await settled()
    join = play.socket.take("join")
    play.socket.reply(join, room="tea", epoch="e1", seq=5, recovered=False,
                      replayed=0, member_count=count)
    await joining
    heard = Heard(room.events())
    await heard.take()
    return room, heard


def shapes(changes):
    return [x.count if x.members is None else x.members for x in changes]


async def test_a_list_that_was_too_long_is_asked_for_when_enough_have_left():
    play = await online()
    room, heard = await large(play)
    play.socket.say(went("bob", 6))
    await play.clock.advance(0.5)
    play.socket.reply(play.socket.take("members"), member_count=4)
    await play.clock.advance(10)
    assert play.socket.sent == []
    play.socket.say(went("cid", 7), went("dan", 8))
    await play.clock.advance(1)
    play.socket.reply(play.socket.take("members"), members=["ann", "eve"])
    assert shapes(await heard.take(MembersChanged)) == [
        4, 4, 3, 2, ("ann", "eve")]
    play.socket.say(went("eve", 9))
    await play.clock.advance(12)
    assert play.socket.sent == []


async def test_a_count_that_falls_makes_a_list_worth_asking_for():
    play = await online()
    room, heard = await large(play)
    play.socket.say({"type": "members_count", "room": "tea", "count": 2})
    await play.clock.advance(1)
    play.socket.reply(play.socket.take("members"), members=["ann", "eve"])
    assert shapes(await heard.take(MembersChanged)) == [2, ("ann", "eve")]


async def test_members_are_asked_for_where_joins_were_void_or_missed():
    play = await online("tea")

    def reset(epoch, seq):
        play.socket.say({"type": "room_reset", "room": "tea", "epoch": epoch,
                         "seq": seq, "reason": "failover"})

    reset("e2", 1)
    await play.clock.advance(10)
    assert play.socket.sent == []
    reset("e3", 4)
    await play.clock.advance(1)
    play.socket.reply(play.socket.take("members"), members=["bob"])
    assert shapes(await play.rooms["tea"].take(MembersChanged)) == [("bob",)]
    reset("e4", 7)
    play.socket.say(came("cid", 8, members=["ann", "cid"]))
    await play.clock.advance(10)
    assert play.socket.sent == []


async def test_a_list_is_not_asked_for_in_a_room_that_was_left():
    play = await online()
    room, heard = await large(play)
    play.socket.say({"type": "members_count", "room": "tea", "count": 4})
    leaving = soon(room.leave())
    await settled()
    play.socket.reply(play.socket.take("leave"))
    await leaving
    await play.clock.advance(10)
    assert play.socket.sent == []


@pytest.mark.parametrize("reply", [
    {"epoch": None, "seq": 1}, {"epoch": "e", "seq": None},
    {"epoch": "e", "seq": 1, "replayed": "x"},
    {"epoch": "e", "seq": 1, "members": {}}])
async def test_a_join_whose_reply_makes_no_sense_is_made_again(reply):
    play = await online()
    room = play.client.room("tea")
    joining = soon(room.join())
    await settled()
    play.socket.reply(play.socket.take("join"), room="tea", **reply)
    assert (await error_of(joining)).code == "bad_frame"
    assert play.client.state == "waiting"
