# SPDX-License-Identifier: MIT
"""Connecting, reconnecting and staying away."""

import asyncio

import pytest
from fakes.clock import settled
from fakes.fixture import Play, error_of, online, soon
from parlor_client import (
    Client, ErrorOccurred, ParlorError, StateChanged, SystemNotice, connect)


async def test_a_client_is_online_with_the_first_frame():
    play = Play()
    opening = await play.begin()
    assert play.client.state == "connecting"
    assert play.socket.url == "ws://parlor.test/ws/ann"
    play.socket.open()
    await settled()
    assert not opening.done()
    play.socket.greet()
    connection = await opening
    assert connection == play.client.connection
    assert (connection.user, connection.id, connection.ping_interval) == (
        "ann", "c1", 15)
    assert connection.limits.messages_per_second == 50
    assert [x.state for x in await play.heard.take(StateChanged)] == [
        "connecting", "online"]
    assert await play.client.open() == connection


async def test_what_is_wrong_with_the_options_is_said_at_once():
    for wrong in (lambda: connect("ftp://a"), lambda: connect("nonsense"),
                  lambda: connect("ws://a", user=""),
                  lambda: connect("ws://a", user="a\n"),
                  lambda: connect("ws://a", max_queued=0),
                  lambda: connect("ws://a", max_buffered=True),
                  lambda: Client("ws://a").room(""),
                  lambda: Client("ws://a").room("tea", rewind=-1)):
        with pytest.raises((ValueError, ParlorError)):
            wrong()


async def test_who_was_given_a_name_keeps_it():
    play = Play(user=None)
    await play.begin()
    assert play.socket.url == "ws://parlor.test/ws"
    play.socket.greet(user_id="anon-1")
    assert play.client.user == "anon-1"
    await play.come_back()
    assert play.socket.url == "ws://parlor.test/ws/anon-1"


async def test_attempts_are_further_and_further_apart():
    play = Play()
    await play.begin()
    for wait in (0.25, 0.5, 1, 2, 4, 8, 10, 10):
        play.socket.end(1006)
        change = (await play.heard.take(StateChanged))[-1]
        assert change == StateChanged("waiting", 1006, "", True, wait)
        before = len(play.transport.sockets)
        await play.clock.advance(wait - 0.001)
        assert len(play.transport.sockets) == before
        await play.clock.advance(0.001)
        assert len(play.transport.sockets) == before + 1


async def fail(play, attempts, **end):
    """So many attempts come to nothing, and the next one is made."""
    for _ in range(attempts):
        play.socket.end(1006, **end)
        await play.clock.advance(10)


async def test_what_never_comes_about_is_tried_on_and_not_in_silence():
    play = Play(user="a/b")
    await play.begin()
    await fail(play, 2, reason="HTTP 404", status=404)
    assert await play.heard.take(ErrorOccurred) == []
    await fail(play, 9, reason="HTTP 404", status=404)
    [occurred] = await play.heard.take(ErrorOccurred)
    assert (occurred.error.code, occurred.error.status,
            occurred.error.retryable) == ("unreachable", 404, True)
    assert "ws://parlor.test/ws?user=a%2Fb: HTTP 404" in str(occurred.error)


async def test_the_first_connection_has_a_limit_of_its_own():
    play = Play(open_timeout=5)
    opening = await play.begin()
    play.socket.end(1006, "Name or service not known")
    await play.clock.advance(4.9)
    assert not opening.done()
    await play.clock.advance(0.1)
    error = await error_of(opening)
    assert error.code == "unreachable"
    assert "Name or service not known" in error.message
    assert play.client.state == "closed"
    assert not play.clock.timers
    assert (await error_of(play.client.open())).code == "closed"


async def test_a_first_connection_that_is_late_has_no_limit_if_one_wants():
    play = Play(open_timeout=None)
    opening = await play.begin()
    await fail(play, 100)
    play.socket.greet()
    assert (await opening).user == "ann"


async def test_who_does_not_wait_for_the_connection_leaves_nothing_behind():
    play = Play()

    async def use():
        async with play.client:
            raise AssertionError("never online")

    task = soon(use())
    await settled()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert play.client.state == "closed"
    assert play.socket.closed_by_client == 1000
    assert not play.clock.timers


async def test_a_connection_that_lasted_lets_the_backoff_begin_anew():
    play = Play()
    await play.begin()
    await fail(play, 3)
    play.socket.greet()
    await play.clock.advance(4.9)
    play.socket.end(1006)
    assert (await play.heard.take(StateChanged))[-1].retry_in == 2
    await play.clock.advance(2)
    play.socket.greet()
    await play.clock.advance(5)
    play.socket.end(1006)
    assert (await play.heard.take(StateChanged))[-1].retry_in == 0.25


async def test_one_reconnects_when_the_service_said():
    play = await online()
    play.socket.say({"type": "closing", "code": 1012, "reconnect": True,
                     "reason": "Server is closing", "retry_after_ms": 750})
    play.socket.end(1012)
    assert (await play.heard.take(StateChanged))[-1] == StateChanged(
        "waiting", 1012, "Server is closing", True, 0.75)
    await play.clock.advance(0.75)
    assert len(play.transport.sockets) == 2


@pytest.mark.parametrize("code", [1008, 4000, 4001, 4004])
async def test_one_stays_away_where_the_close_code_says_so(code):
    play = await online("tea")
    waiting = soon(play.client.send("bob", "x"))
    await settled()
    play.socket.end(code, "why")
    assert (await play.heard.take(StateChanged))[-1] == StateChanged(
        "closed", code, "why", False)
    await settled()
    assert play.heard.ended and play.heard.error is None
    # Who iterates over a room has to learn that nothing will come.
    assert play.rooms["tea"].error.code == "closed"
    assert play.rooms["tea"].error.close_code == code
    assert (await error_of(waiting)).code in (
        "unknown_outcome", "connection_lost")
    error = await error_of(play.client.send("bob", "x"))
    assert (error.code, error.close_code, error.close_reason) == (
        "closed", code, "why")
    await play.clock.advance(1000)
    assert len(play.transport.sockets) == 1


async def test_one_that_is_not_let_in_at_all_learns_why():
    play = Play()
    opening = await play.begin()
    play.socket.open()
    play.socket.say({"type": "closing", "code": 4001, "reconnect": False,
                     "reason": "the token is for another user"})
    play.socket.end(4001)
    error = await error_of(opening)
    assert (error.code, error.close_code) == ("closed", 4001)
    assert "another user" in str(error)


async def test_a_service_at_capacity_is_tried_again():
    play = Play()
    opening = await play.begin()
    play.socket.open()
    play.socket.end(4003, "Server at capacity")
    await play.clock.advance(0.25)
    play.socket.greet()
    await opening


async def test_a_client_that_is_closed_closes_and_what_iterates_ends():
    play = await online("tea")
    await play.client.close()
    assert play.socket.closed_by_client == 1000
    await settled()
    assert play.rooms["tea"].ended and play.rooms["tea"].error is None
    assert [x.state for x in await play.heard.take(StateChanged)] == ["closed"]
    assert play.heard.ended
    assert not play.clock.timers
    await play.client.close()
    assert (await error_of(play.client.open())).code == "closed"
    assert (await error_of(play.client.room("tea").join())).code == "closed"
    assert [x async for x in play.client.events()] == []


async def test_a_client_can_be_closed_at_any_time():
    idle = Play()
    await idle.client.close()
    assert idle.client.state == "closed"
    waiting = await online()
    waiting.socket.end(1006)
    await waiting.client.close()
    connecting = Play()
    opening = await connecting.begin()
    await connecting.client.close()
    assert (await error_of(opening)).code == "closed"
    for play in (idle, waiting, connecting):
        await play.clock.advance(1000)
        assert len(play.transport.sockets) <= 1
        assert not play.clock.timers


async def test_a_service_that_does_not_answer_the_close_is_not_waited_for():
    play = await online(close_timeout=2)

    async def never():
        await asyncio.get_running_loop().create_future()

    play.socket.wait_closed = never
    closing = soon(play.client.close())
    await play.clock.advance(1.9)
    assert not closing.done() and not play.socket.aborted
    await play.clock.advance(0.1)
    await closing
    assert play.socket.aborted


async def test_who_does_not_want_to_wait_goes_at_once():
    play = await online()
    play.socket.end(1006)
    play.client.reconnect()
    assert len(play.transport.sockets) == 2


async def test_who_asks_to_reconnect_has_the_connection_asked():
    play = await online()
    first = play.socket
    play.client.reconnect()
    assert first.take("ping")
    await play.clock.advance(2.9)
    assert play.client.state == "online"
    await play.clock.advance(0.1)
    await play.clock.advance(0)
    assert first.aborted
    # At once: it was asked for.
    assert len(play.transport.sockets) == 2
    play.socket.greet()
    play.client.reconnect()
    await play.clock.advance(1)
    play.socket.say({"type": "pong"})
    await play.clock.advance(10)
    assert len(play.transport.sockets) == 2


async def test_an_attempt_that_hangs_is_hurried_and_given_up():
    play = Play(connect_timeout=10)
    await play.begin()
    play.client.reconnect()
    await play.clock.advance(3)
    assert len(play.transport.sockets) == 2
    await play.clock.advance(9.9)
    assert play.client.state == "connecting"
    await play.clock.advance(0.1)
    assert play.client.state == "waiting"
    assert play.socket.aborted


async def test_a_silent_connection_is_asked_then_dropped():
    play = await online()
    first = play.socket
    await play.clock.advance(29.9)
    assert first.sent == []
    await play.clock.advance(0.1)
    assert first.sent == [{"type": "ping"}]
    await play.clock.advance(14.9)
    assert play.client.state == "online"
    await play.clock.advance(0.1)
    assert play.client.state == "waiting"
    change = (await play.heard.take(StateChanged))[-1]
    assert (change.code, change.reason) == (1006, "nothing came")
    # What comes of it now is nobody's.
    first.say({"type": "system", "content": "late", "timestamp": "x"})
    first.end(4000)
    assert play.client.state == "waiting"
    assert await play.heard.take(SystemNotice) == []


async def test_a_connection_that_speaks_is_not_asked():
    play = await online()
    for _ in range(20):
        await play.clock.advance(20)
        play.socket.ping()
    assert play.socket.sent == []
    await play.clock.advance(30)
    play.socket.say({"type": "pong"})
    await play.clock.advance(29.9)
    assert play.client.state == "online"


async def test_frames_of_later_versions_are_none():
    play = await online("tea")
    for text in ('{"type":"future"}', '{"type":"__class__"}',
                 '{"type":"chat","room":"attic","seq":1}',
                 '{"type":"chat","room":["tea"]}',
                 '{"type":"reply","id":99,"ok":true}',
                 '{"type":"reply","id":[1]}', '{"type":"connected"}',
                 '{"type":"presence_state","room":"tea","count":200}'):
        play.socket.raw(text)
    assert play.client.state == "online"
    assert await play.heard.take() == []


@pytest.mark.parametrize("text", [
    "", "nonsense", "[]", "null", "1", "{}", '{"type":1}', "[" * 100000,
    '{"type":"chat","room":"tea"}', '{"type":"chat","room":"tea","seq":"1"}',
    '{"type":"chat","room":"tea","seq":2,"sender":"b","timestamp":"x"}',
    '{"type":"user_joined","room":"tea","seq":2,"user_id":null}',
    '{"type":"room_reset","room":"tea","seq":2}',
    '{"type":"presence_diff","room":"tea","joins":3}',
    '{"type":"system","content":1}', '{"type":"private","to":"ann"}'])
async def test_frames_of_no_version_end_the_connection(text):
    play = await online("tea")
    play.socket.raw(text)
    assert play.socket.aborted
    assert play.client.state == "waiting"
    [occurred] = await play.heard.take(ErrorOccurred)
    assert occurred.error.code == "bad_frame"
    # It may have been a proxy's.
    await play.clock.advance(0.25)
    play.socket.greet()
    assert play.socket.take("join")["since"] == {"epoch": "e1", "seq": 1}


async def test_a_first_frame_of_another_kind_of_service_is_told():
    play = Play(open_timeout=1)
    opening = await play.begin()
    play.socket.open()
    play.socket.raw("hello, who are you?")
    await play.clock.advance(1)
    error = await error_of(opening)
    assert error.code == "bad_frame"


async def test_a_reply_that_is_none_raises_for_whom_it_is():
    play = await online("tea")
    room = play.client.room("tea")
    publishing = soon(room.join())
    await publishing
    publishing = soon(room.publish("x"))
    await settled()
    play.socket.reply(play.socket.take("chat"), seq="x")
    error = await error_of(publishing)
    assert (error.code, bool(error.key)) == ("bad_frame", True)
    assert play.client.state == "waiting"
