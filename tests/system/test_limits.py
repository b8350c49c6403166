# SPDX-License-Identifier: MIT
"""PROTOCOL §7: the limits of messages, errors and their rate."""

import pytest

from support.client import Client
from support.raw_client import TEXT, RawClient
from support.shapes import error


def padded(size):
    """A good frame of that many bytes."""
    head = '{"type":"ping","id":1,"pad":"'
    return head + "x" * (size - len(head) - 2) + '"}'


async def test_a_message_may_be_64_kib_and_no_more(server):
    async with Client(server, "/ws/big") as ann:
        await ann.send_raw(padded(65536))
        await ann.expect("pong")
        await ann.send_raw(padded(65537))
        await ann.expect_close(1009)


async def test_message_bytes_sets_the_limit(start_server):
    service = start_server("limits.message-bytes=1000")
    async with Client(service, "/ws/ann") as ann:
        await ann.send_raw(padded(1000))
        await ann.expect("pong")
        await ann.send_raw(padded(1001))
        await ann.expect_close(1009)


def test_fragments_count_together(start_server):
    service = start_server("limits.message-bytes=1000")
    with RawClient(service, "/ws/ann") as ann:
        ann.send_frame(TEXT, b'"' + b"x" * 400, fin=False)
        for _ in range(4):
            ann.send_frame(0, b"x" * 400, fin=False)
        assert ann.until_close()[1].code == 1009


def nested(depth):
    return '{"type":"ping","id":1,"a":' + "[" * depth + "]" * depth + "}"


@pytest.mark.parametrize("options, good, bad", [
    ([], 30, 33), (["limits.json-depth=4"], 2, 5)])
async def test_json_that_is_too_deep_is_bad_json(
        start_server, options, good, bad):
    service = start_server(*options)
    async with Client(service, "/ws/ann") as ann:
        await ann.send_raw(nested(good))
        await ann.expect("pong")
        await ann.send_raw(nested(bad))
        assert await ann.receive() == error("bad_json", id=1)
        await ann.send_raw("[" * 60000)
        assert await ann.receive() == error("bad_json")


async def test_more_than_limits_errors_closes_with_1008(start_server):
    service = start_server("limits.errors=5")
    async with Client(service, "/ws/ann") as ann:
        for text in ("{", "[]", '{"type":"dance"}', "{", "{}"):
            await ann.send_raw(text)
            await ann.expect("error")
        await ann.send_raw("{")
        frames = await ann.expect_close(1008)
        assert frames[-1]["type"] == "closing" and frames[-1]["code"] == 1008
        assert frames[-1]["reconnect"] is False


async def test_no_limit_of_errors_closes_nobody(start_server):
    service = start_server("limits.errors=0",
                           "limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann:
        for _ in range(300):
            await ann.send_raw("{")
        for _ in range(300):
            await ann.expect("error", code="bad_json")


async def test_errors_of_other_kinds_are_not_counted(start_server):
    service = start_server("limits.errors=3")
    async with Client(service, "/ws/ann") as ann:
        for _ in range(20):
            await ann.error("chat", room="elsewhere", content="x")
        await ann.join("tea")


async def test_too_many_messages_a_second_are_refused(start_server):
    service = start_server("limits.messages-per-second=1",
                           "limits.message-burst=5")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        await ann.join("tea")
        for n in range(30):
            await ann.send("chat", room="tea", content=n, id=n)
        answers = [await ann.answer(n) for n in range(30)]
        refused = [one for one in answers if one["type"] == "error"]
        assert 20 <= len(refused) <= 29
        for one in refused:
            assert one["code"] == "rate_limited" and one["retryable"] is True
            assert one["retry_after_ms"] > 0
        await bob.join("tea")


async def test_without_a_rate_nobody_is_refused(start_server):
    service = start_server("limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        for n in range(1000):
            await ann.send("chat", room="tea", content=n)
        for n in range(1000):
            await ann.expect("chat", content=n)


async def test_the_default_burst_is_a_hundred(server):
    async with Client(server, "/ws/bursting") as ann:
        for n in range(100):
            await ann.send("ping", id=n)
        for n in range(100):
            await ann.expect("pong", id=n)
