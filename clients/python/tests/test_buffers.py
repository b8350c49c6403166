# SPDX-License-Identifier: MIT
"""What waits for an application that does not take it."""

from fakes.clock import settled
from fakes.fixture import Heard, error_of, online, soon
from fakes.service import TIME, chat
from parlor_client import (
    EventsDropped, Gap, Joined, Message, Position, SystemNotice)
from parlor_client.event_queue import RoomQueue


async def take(events, count):
    return [await anext(events) for _ in range(count)]


async def test_what_a_slow_application_does_not_take_becomes_a_gap():
    play = await online()
    room = await play.join("tea", max_buffered=3)
    events = room.events()
    # The join itself is the first of three.
    play.socket.say(*(chat(seq) for seq in range(2, 8)))
    assert isinstance(await anext(events), Joined)
    # There is no space yet: the gap is one more than fit.
    play.socket.say(chat(8))
    assert [x.seq for x in await take(events, 2)] == [2, 3]
    play.socket.say(chat(9), chat(10))
    rest = await take(events, 3)
    assert rest[0] == Gap(
        "tea", "slow_consumer", Position("e1", 3), Position("e1", 8))
    assert [x.seq for x in rest[1:]] == [9, 10]
    # Nothing is missing unsaid: 2, 3, the gap up to 8, 9, 10.
    assert room.position == Position("e1", 10)


async def test_a_slow_part_of_a_program_hinders_no_other():
    play = await online("tea")
    slow = play.client.room("tea", max_buffered=1)
    await slow.join()
    play.socket.say(*(chat(seq) for seq in range(2, 100)))
    heard = await play.rooms["tea"].take(Message, Gap)
    assert [x.seq for x in heard] == list(range(2, 100))
    events = slow.events()
    assert [type(x) for x in await take(events, 2)] == [Joined, Gap]
    play.socket.say(chat(100))
    assert (await anext(events)).seq == 100


async def test_a_buffer_stays_bounded_over_reconnects():
    play = await online()
    room = await play.join("tea", max_buffered=2)
    for i in range(50):
        play.socket.say(chat(2), chat(3))
        # That was a good connection.
        await play.clock.advance(6)
        await play.come_back()
        play.socket.admit(epoch=f"e{i + 2}", seq=1)
    assert len(room._queue) == 3
    gap = (await take(room.events(), 3))[-1]
    assert gap == Gap(
        "tea", "slow_consumer", Position("e1", 2), Position("e51", 1))


async def test_the_position_is_that_of_what_the_application_has_taken():
    play = await online()
    room = await play.join("tea")
    events = room.events()
    play.socket.say(chat(2), chat(3), {"type": "skip", "room": "tea",
                                       "seq": 4})
    assert room.position is None
    await take(events, 2)
    assert room.position == Position("e1", 2)
    await take(events, 1)
    # What brings no event belongs to the one before it.
    assert room.position == Position("e1", 4)
    play.socket.say({"type": "skip", "room": "tea", "seq": 5})
    assert room.position == Position("e1", 5)
    leaving = soon(room.leave())
    await settled()
    play.socket.reply(play.socket.take("leave"))
    await leaving
    assert room.position == Position("e1", 5)


async def test_with_its_position_another_client_goes_on():
    play = await online()
    room = play.client.room("tea", since=Position("e0", 3))
    assert room.position == Position("e0", 3)
    joining = soon(room.join())
    await settled()
    join = play.socket.admit(epoch="e1", seq=2)
    assert join["since"] == {"epoch": "e0", "seq": 3}
    await joining
    gap = await anext(room.events())
    assert gap == Gap(
        "tea", "not_recovered", Position("e0", 3), Position("e1", 2))


async def test_while_a_replay_comes_the_position_is_one_that_can_be_recovered():
    play = await online()
    room = await play.join("tea")
    events = room.events()
    await take(events, 1)
    await play.come_back()
    play.socket.admit(epoch="e2", seq=5, recovered=True, replayed=2)
    play.socket.say(chat(2))
    await take(events, 2)
    # 2 may be of e1 or e2: only the beginning is known for sure.
    assert room.position == Position("e1", 1)
    play.socket.say(chat(3), chat(4))
    await take(events, 2)
    assert room.position == Position("e2", 5)


async def test_events_of_the_client_that_nobody_takes_are_counted():
    play = await online(max_buffered=2)
    events = play.client.events()
    for i in range(5):
        play.socket.say(
            {"type": "system", "content": i, "timestamp": TIME})
    taken = await take(events, 3)
    assert [x.content for x in taken[:2]] == [0, 1]
    assert taken[2] == EventsDropped(3)
    play.socket.say({"type": "system", "content": 5, "timestamp": TIME})
    assert (await anext(events)).content == 5


async def test_who_takes_events_no_more_holds_nothing():
    play = await online()
    play.client.events()
    for _ in range(10):
        events = play.client.events()
        del events
    await settled()
    play.socket.say({"type": "system", "content": 1, "timestamp": TIME})
    assert [x.content for x in await play.heard.take(SystemNotice)] == [1]
    assert len(play.client._listeners) == 1


async def test_what_was_buffered_is_still_there_behind_the_end():
    play = await online()
    room = await play.join("tea")
    play.socket.say(chat(2))
    play.socket.end(4004, "Kicked")
    heard = Heard(room)
    assert [x.seq for x in await heard.take()] == [2]
    assert heard.error.close_code == 4004
    # And for the next who asks.
    assert (await error_of(anext(aiter(room)))).code == "closed"


def test_a_queue_that_has_ended_takes_nothing():
    queue = RoomQueue("tea", 2)
    queue.end()
    queue.put(Joined("tea", "e", 1, None, 1, False, 0), Position("e", 1))
    assert len(queue) == 0
