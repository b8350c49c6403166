# SPDX-License-Identifier: MIT
"""Hundreds of kinds of bad JSON, on the wire and in every dialect: each gets
the documented answer, and the connection goes on to work."""

import pytest

from support.bad_json import (
    all_kinds, no_command, no_json, unknown_types, wrong_members)
from support.client import Client, TextClient
from support.environment import SLOWDOWN
from support.lines import in_line
from support.process import cpu_seconds
from support.shapes import error

WITHOUT_RATE = ["limits.errors=0", "limits.messages-per-second=0",
                "limits.message-bytes=1000000"]


@pytest.fixture
def service(start_server):
    return start_server(*WITHOUT_RATE)


def test_there_are_many_kinds():
    kinds = [text for text, _ in all_kinds(1_000_000)]
    assert len(kinds) == len(set(kinds)) > 280


@pytest.mark.parametrize("path", ["/ws/ann", "/ws", "/chat/ann"])
async def test_each_gets_its_error_and_the_connection_goes_on(service, path):
    async with Client(service, path) as ann:
        for n, (text, code) in enumerate(all_kinds(1_000_000)):
            await ann.send_raw(text)
            await ann.send("ping", id=n)
            answer = await ann.receive()
            # Where it could be read before the fault.
            answer.pop("id", None)
            assert answer == error(code), text[:200]
            assert answer["retryable"] is False
            assert len(answer["message"]) < 300, text[:200]
            await ann.expect("pong", id=n)
        await ann.join("tea")
        await ann.say("tea", "still here")


async def test_in_dialect_text_what_is_no_command_is_a_line(service):
    kinds = [*no_json(60_000), *no_command(), *unknown_types()]
    async with TextClient(service, "/ws/bob?dialect=text") as bob:
        await bob.enter()
        for text in kinds:
            await bob.send_raw(text)
            await bob.expect(f"bob: {in_line(text)}")


async def test_in_dialect_text_a_wrong_command_is_an_error(service):
    async with TextClient(service, "/ws/bob?dialect=text") as bob:
        await bob.enter()
        for text in wrong_members():
            await bob.send_raw(text)
            line = await bob.receive()
            assert line.startswith("error: "), (text[:200], line)
        await bob.send_raw("still here")
        await bob.expect("bob: still here")


def test_over_http_it_is_a_problem(service):
    with service.http.kept_alive() as connection:
        for text, _ in all_kinds():
            connection.request("POST", "/api/v1/disconnect", text.encode(),
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 400, (text[:200], body)
    assert service.http.get("/health/live").status == 200


@pytest.mark.parametrize("content", [
    "1e999999", "-1e999999", "1e-999999", "123456789" * 100,
    "0." + "3" * 1000, '"\\ud83c\\udf89"', '"\\u0000"',
    '{"a":1,"a":2}', '{"__proto__":{"x":1}}', '"\\u2028</script>"'])
async def test_strange_but_good_json_arrives_as_it_was_sent(service, content):
    async with Client(service, "/ws/ann?room=tea") as ann:
        await ann.send_raw(f'{{"type":"chat","room":"tea","content":{content}}}')
        heard = []
        ann.decode = lambda text: heard.append(text) or {}
        while not any('"type":"chat"' in text for text in heard):
            await ann.receive()
        assert f'"content":{content},' in heard[-1]


async def test_of_members_with_one_name_the_last_one_counts(service):
    async with Client(service, "/ws/ann") as ann:
        await ann.send_raw('{"type":"join","type":"ping","id":1,"id":2}')
        assert await ann.receive() == {"type": "pong", "id": 2}


async def test_a_depth_of_100_000_takes_no_time(service):
    """As much as one message has room for, a hundred times."""
    async with Client(service, "/ws/ann") as ann:
        used = cpu_seconds(service)
        for _ in range(100):
            await ann.send_raw('{"a":' * 100_000)
            assert await ann.receive() == error("bad_json")
        assert cpu_seconds(service) - used < 10 * SLOWDOWN
