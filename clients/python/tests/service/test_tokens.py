# SPDX-License-Identifier: MIT
"""What needs a service with tokens."""

import functools
import logging
import time

import jwt
import pytest
from fakes.fixture import error_of, soon
from fakes.visitor import Visitor, online
from parlor_client import ErrorOccurred, Message, ParlorError, StateChanged

KEY = b"a key of 32 bytes for the tests."
ANOTHER = b"another key of 32 bytes, as old."


def token_for(user, seconds, key=KEY, **claims):
    return jwt.encode({"sub": user, "exp": time.time() + seconds, **claims},
                      key, "HS256")


@pytest.fixture
def start_guarded(start_service, tmp_path):
    file = tmp_path / "key"
    file.touch(0o600)
    file.write_bytes(KEY)
    return functools.partial(
        start_service, "auth.algorithm=HS256", f"auth.key-file={file}")


@pytest.fixture
def guarded(start_guarded):
    return start_guarded()


class Bearer:
    """Makes tokens and remembers why."""

    def __init__(self, make):
        self.reasons = []
        self._make = make

    async def __call__(self, reason):
        self.reasons.append(reason)
        return self._make(reason)


async def test_the_token_says_who_one_is(guarded):
    async with online(guarded, None, "tea", get_token=lambda reason: (
            token_for("ann", 600))) as ann:
        assert ann.client.user == "ann"


@pytest.mark.parametrize("user, seconds, key, code", [
    ("ann", 600, ANOTHER, 4002), ("bob", 600, KEY, 4001),
    ("ann", -60, KEY, 4002)])
async def test_a_wrong_token_is_told_and_the_client_stays_away(
        guarded, user, seconds, key, code):
    bearer = Bearer(lambda reason: token_for(user, seconds, key))
    visitor = Visitor(guarded, "ann", get_token=bearer)
    error = await error_of(visitor.client.open())
    assert (error.code, error.close_code) == ("closed", code)
    # Where another token might be good, others are asked for first.
    assert len(bearer.reasons) == (5 if code == 4002 else 1)
    assert token_for(user, seconds, key) not in str(error)


async def test_without_a_token_nobody_is_let_in(start_guarded):
    service = start_guarded("auth.hello-timeout=1s")
    visitor = Visitor(service, "ann")
    opening = soon(visitor.client.open())
    change = await visitor.record.heard(
        StateChanged, lambda x: x.state == "waiting")
    assert change.code == 4009
    await visitor.client.close()
    assert (await error_of(opening)).code == "closed"


async def test_where_a_token_has_expired_another_one_is_asked_for(guarded):
    bearer = Bearer(lambda reason: token_for(
        "ann", 600 if reason == "expired" else -60))
    async with online(guarded, "ann", get_token=bearer):
        assert bearer.reasons == ["connect", "expired"]


async def test_a_token_is_renewed_in_place(guarded):
    bearer = Bearer(lambda reason: token_for(
        "ann", 26 if reason == "connect" else 600))
    async with online(guarded, "ann", "tea", get_token=bearer) as ann:
        number = 0
        while "expiring" not in bearer.reasons:
            await ann.rooms["tea"].publish(number)
            number += 1
        # Behind it on the same connection.
        await ann.rooms["tea"].publish("still here")
        await ann.records["tea"].heard(
            Message, lambda x: x.content == "still here")
        assert [x.state for x in ann.record.of(StateChanged)] == [
            "connecting", "online"]
        assert ann.record.of(ErrorOccurred) == []


async def test_after_a_token_has_expired_one_comes_back_with_another(guarded):
    bearer = Bearer(lambda reason: token_for(
        "ann", 3 if reason == "connect" else 600)
        if reason != "expiring" else None)
    async with online(guarded, "ann", "tea", get_token=bearer) as ann:
        change = await ann.record.heard(
            StateChanged, lambda x: x.state == "waiting")
        assert change.code == 4002
        await ann.rooms["tea"].publish("back")
        assert bearer.reasons[0] == "connect"
        assert bearer.reasons[-1] == "expired"


async def test_contents_and_tokens_are_never_logged(guarded, caplog):
    caplog.set_level(logging.DEBUG)
    tokens = []

    def get_token(reason):
        tokens.append(token_for("ann", 600))
        return tokens[-1]

    async with online(guarded, "ann", "tea", get_token=get_token) as ann:
        await ann.rooms["tea"].publish("between us")
        await ann.records["tea"].heard(Message)
    assert "state=online" in caplog.text
    assert "between us" not in caplog.text
    assert tokens[0] not in caplog.text


async def test_a_room_that_the_token_does_not_allow_is_refused(guarded):
    async with online(guarded, "ann", get_token=lambda reason: token_for(
            "ann", 600, rooms=["tea"], publish=False)) as ann:
        await ann.enter("tea")
        for asked in (ann.enter("attic"), ann.rooms["tea"].publish("x")):
            error = await error_of(asked)
            assert isinstance(error, ParlorError)
            assert (error.code, error.retryable) == ("forbidden", False)
