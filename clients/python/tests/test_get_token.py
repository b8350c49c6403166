# SPDX-License-Identifier: MIT
"""Tokens of the application."""

import asyncio

import pytest
from fakes.clock import settled
from fakes.fixture import Play, error_of, online
from parlor_client import ErrorOccurred, StateChanged


def token_of(socket):
    return socket.headers["Authorization"].removeprefix("Bearer ")


async def refuse(play, times):
    """The service takes every token for one that has expired."""
    for _ in range(times):
        await settled()
        play.socket.open()
        play.socket.say({"type": "closing", "code": 4002, "reconnect": True,
                         "reason": "Token expired"})
        play.socket.end(4002)
        await play.clock.advance(10)


async def test_each_connection_asks_for_a_token():
    reasons = []

    async def get_token(reason):
        reasons.append(reason)
        return f"token.{len(reasons)}"

    play = Play(get_token=get_token)
    await play.begin()
    assert token_of(play.socket) == "token.1"
    play.socket.greet()
    await play.come_back()
    assert token_of(play.transport.sockets[1]) == "token.2"
    await refuse(play, 1)
    assert token_of(play.socket) == "token.3"
    assert reasons == ["connect", "connect", "expired"]


async def test_a_token_is_renewed_before_it_expires():
    play = await online(get_token=lambda reason: f"for.{reason}")
    await settled()
    play.socket.say({"type": "token_expiring", "in_ms": 25000})
    await settled()
    refresh = play.socket.take("refresh")
    assert refresh["token"] == "for.expiring"
    play.socket.refuse(refresh, "unauthorized")
    [occurred] = await play.heard.take(ErrorOccurred)
    assert occurred.error.code == "unauthorized"


async def test_a_token_that_comes_too_late_is_for_nobody():
    late = asyncio.get_running_loop().create_future()
    play = await online(
        get_token=lambda reason: late if reason == "expiring" else "a")
    play.socket.say({"type": "token_expiring", "in_ms": 25000})
    await settled()
    await play.come_back()
    late.set_result("late")
    await settled()
    assert play.socket.sent == []
    assert play.client.state == "online"


async def test_a_token_that_cannot_be_had_is_asked_for_again_later():
    working = False

    async def get_token(reason):
        if not working:
            raise OSError("the identity service is down")
        return "a"

    play = Play(get_token=get_token)
    await play.begin()
    assert play.client.state == "waiting"
    [occurred] = await play.heard.take(ErrorOccurred)
    assert "identity" in str(occurred.error.__cause__)
    working = True
    await play.clock.advance(0.25)
    assert len(play.transport.sockets) == 1


async def test_a_client_that_was_closed_while_it_waited_for_a_token_stays_so():
    token = asyncio.get_running_loop().create_future()
    play = Play(get_token=lambda reason: token)
    opening = await play.begin()
    await play.client.close()
    assert (await error_of(opening)).code == "closed"
    await settled()
    assert play.transport.sockets == []
    assert token.cancelled()
    assert not play.clock.timers


async def test_a_client_can_be_closed_by_who_is_asked_for_a_token():
    play, through = None, []

    async def get_token(reason):
        if reason == "expiring":
            await play.client.close()
            through.append(play.client.state)
        return "a"

    play = Play(get_token=get_token)
    await play.begin()
    play.socket.greet()
    play.socket.say({"type": "token_expiring", "in_ms": 25000})
    await settled()
    assert through == ["closed"]
    assert await play.heard.take(ErrorOccurred) == []
    first = Play(get_token=lambda reason: first.client.close())
    opening = await first.begin()
    assert (await error_of(opening)).code == "closed"
    assert first.transport.sockets == []


async def test_a_token_that_no_header_can_hold_ends_the_client():
    play = Play(get_token=lambda reason: "a b\r\n")
    error = await error_of(await play.begin())
    assert (error.code, error.close_code) == ("closed", 1006)
    assert "token" in error.message
    assert play.transport.sockets == []


async def test_another_token_is_asked_for_where_one_has_expired():
    reasons = []
    play = Play(get_token=lambda reason: reasons.append(reason) or "a")
    opening = await play.begin()
    await refuse(play, 2)
    play.socket.greet()
    await opening
    assert reasons == ["connect", "expired", "expired"]


async def test_tokens_are_asked_for_only_so_many_times():
    reasons = []
    play = Play(get_token=lambda reason: reasons.append(reason) or "a")
    opening = await play.begin()
    await refuse(play, 5)
    error = await error_of(opening)
    assert (error.code, error.close_code) == ("closed", 4002)
    assert len(reasons) == 5


async def test_a_token_that_was_good_for_a_while_counts_for_none():
    play = Play(get_token=lambda reason: "a")
    await play.begin()
    for _ in range(10):
        play.socket.greet()
        await play.clock.advance(5)
        await refuse(play, 1)
    assert play.client.state == "connecting"


async def test_who_has_no_other_token_stays_away():
    play = Play(
        get_token=lambda reason: "a" if reason == "connect" else None)
    opening = await play.begin()
    await refuse(play, 1)
    error = await error_of(opening)
    assert (error.close_code, error.close_reason) == (4002, "Token expired")
    assert len(play.transport.sockets) == 1
    change = (await play.heard.take(StateChanged))[-1]
    assert change.state == "closed"


async def test_who_gives_no_tokens_stays_away_from_a_service_that_wants_one():
    play = Play()
    opening = await play.begin()
    await refuse(play, 1)
    assert (await error_of(opening)).close_code == 4002


async def test_the_application_has_only_so_long_for_a_token():
    never = asyncio.get_running_loop().create_future()
    play = Play(get_token=lambda reason: asyncio.shield(never),
                connect_timeout=3)
    await play.begin()
    await play.clock.advance(2.9)
    assert play.client.state == "connecting"
    await play.clock.advance(0.1)
    assert play.client.state == "waiting"
    [occurred] = await play.heard.take(ErrorOccurred)
    assert occurred.error.code == "timeout"
    await play.client.close()
    assert not play.clock.timers


@pytest.mark.parametrize("token", [{"token": "a"}, 7, b"a"])
async def test_a_token_that_is_none_is_told(token):
    play = Play(get_token=lambda reason: token)
    await play.begin()
    [occurred] = await play.heard.take(ErrorOccurred)
    assert occurred.error.code == "bad_token"
    assert play.client.state == "waiting"
