# SPDX-License-Identifier: MIT
"""What is no Parlor, or none that can be reached. All is tried on; the
application learns what it is."""

import contextlib
import socket

import pytest
from fakes.fixture import error_of
from fakes.odd_server import answer, odd_server, text_frame, upgrade
from fakes.visitor import SOON, problem_with
from parlor_client import ParlorError, connect
from parlor_client.api import Api


async def problem_of(respond, **options):
    async with odd_server(respond) as (port, requests):
        error = await problem_with(f"http://127.0.0.1:{port}", **options)
    return error, requests


@pytest.mark.parametrize("said, status, words", [
    (answer("404 Not Found", body=b"{}"), 404, "HTTP 404"),
    (answer("426 Upgrade Required"), 426, "HTTP 426"),
    (answer("200 OK", body=b"<html>"), 200, "HTTP 200"),
    (answer("503 Service Unavailable"), 503, "HTTP 503"),
    (b"HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     502, "HTTP 502"),
    (b"HTTP/1.0 500 Oops\r\nContent-Length: 0\r\n\r\n", 500, "HTTP 500"),
    (b"SSH-2.0-OpenSSH_9.2\r\n", None, "HTTP"),
    (b"\x15\x03\x01\x00\x02\x02\x16" * 4000, None, ""),
    (b"HTTP/1.1 101 Yes\r\n\r\n", 101, ""),
    (None, None, "")])
async def test_what_upgrades_nothing_is_told(said, status, words):
    error, _ = await problem_of(lambda request: said)
    assert (error.code, error.status, error.retryable) == (
        "unreachable", status, True)
    assert words in error.message and error.url in error.message


@pytest.mark.parametrize("options, words", [
    ({"subprotocol": None}, "does not speak parlor.typed.v1"),
    ({"subprotocol": "mqtt"}, "mqtt"),
    ({"accept": "x" * 28}, "Sec-WebSocket-Accept")])
async def test_what_speaks_another_protocol_is_told(options, words):
    error, _ = await problem_of(lambda request: upgrade(request, **options))
    assert error.code == "unreachable"
    assert words in error.message


@pytest.mark.parametrize("frames, code, words", [
    (text_frame(b"hello"), "bad_frame", "no JSON"),
    (text_frame(b'{"type":"connected"}'), "bad_frame", "user_id"),
    (text_frame(b'{"type":"connected","user_id":"a","limits":[]}'),
     "bad_frame", "limits"),
    (text_frame(b"\xff\xfe"), "unreachable", "UTF-8"),
    (b"\x83\x00", "unreachable", "no WebSocket frame"),
    (b"\x81\x80abcd", "unreachable", "no WebSocket frame"),
    (b"\x88\x02\x03\xf4", "unreachable", "closed with 1012")])
async def test_what_makes_no_sense_behind_the_upgrade_is_told(
        frames, code, words):
    error, _ = await problem_of(lambda request: upgrade(request) + frames)
    assert error.code == code
    assert words in error.message


async def test_a_message_that_is_too_long_ends_the_client():
    async with odd_server(lambda request: upgrade(request) + bytes(
            [0x81, 126, 0x10, 0])) as (port, requests):
        client = connect(f"http://127.0.0.1:{port}", max_size=1000, **SOON)
        error = await error_of(client.open())
        assert (error.code, error.close_code) == ("closed", 1009)
        assert "max_size" in error.message
        assert len(requests) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Go", "308 Go"])
async def test_a_redirect_is_told_and_shows_nobody_the_token(status):
    async with odd_server(lambda request: None) as (other, stolen):
        where = f"Location: http://127.0.0.1:{other}/ws/ann"
        error, requests = await problem_of(
            lambda request: answer(status, where),
            get_token=lambda reason: "a.secret")
        assert b"Bearer a.secret" in requests[0]
        assert f"redirected to http://127.0.0.1:{other}/ws/ann" \
            in error.message
        assert stolen == []
        async with odd_server(lambda request: answer(
                status, where)) as (port, requests):
            api = Api(f"http://127.0.0.1:{port}", token="secret")
            error = await error_of(api.stats())
            assert (error.code, error.status) == (
                "http_error", int(status[:3]))
            assert "redirected to" in error.message
        assert stolen == []


async def test_a_host_that_nobody_knows_is_told():
    error = await problem_with("http://parlor.invalid")
    assert error.code == "unreachable"
    assert "ws://parlor.invalid/ws/ann" in error.message
    error = await problem_with("http://" + "a" * 64 + ".invalid")
    assert error.code == "unreachable"


async def test_a_port_that_nobody_listens_at_is_told():
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        error = await problem_with(f"ws://127.0.0.1:{port}")
        assert "Connect call failed" in error.message
        error = await error_of(Api(f"http://127.0.0.1:{port}").stats())
        assert (error.code, error.retryable) == ("unreachable", True)


async def test_who_waits_for_no_longer_than_this_learns_why():
    client = connect("http://parlor.invalid", open_timeout=1)
    with pytest.raises(ParlorError) as raised:
        async with client:
            raise AssertionError("connected")
    assert raised.value.code == "unreachable"
    assert client.state == "closed"


@pytest.mark.parametrize("said, code, status", [
    (answer("200 OK", body=b"[]"), "bad_frame", 200),
    (answer("200 OK", body=b"{"), "bad_frame", 200),
    (answer("500 Oops", body=b"<html>"), "http_error", 500),
    (answer("503 Later", "Retry-After: 3", body=b'{"detail":7}'),
     "unavailable", 503),
    (b"SSH-2.0\r\n\r\n", "timeout", None), (None, "timeout", None),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "timeout", None),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
     "timeout", None)])
async def test_what_answers_the_api_as_no_parlor_does_is_told(
        said, code, status):
    async with odd_server(
            lambda request: said, patient=False) as (port, _):
        error = await error_of(Api(f"http://127.0.0.1:{port}").stats())
        assert (error.code, error.status) == (code, status)
        assert error.retry_after == (3 if status == 503 else None)


async def test_an_answer_that_is_too_long_is_not_read_to_its_end():
    async with odd_server(lambda request: answer(
            "200 OK", body=b" " * 5000)) as (port, _):
        error = await error_of(Api(
            f"http://127.0.0.1:{port}", max_size=4999).stats())
        assert error.code == "timeout" and "4999" in error.message


async def test_what_was_sent_and_not_answered_has_an_unknown_outcome():
    async with odd_server(lambda request: None) as (port, _):
        error = await error_of(Api(f"http://127.0.0.1:{port}").publish(
            "tea", "x"))
        assert error.code == "unknown_outcome" and error.key
        error = await error_of(Api(f"http://127.0.0.1:{port}").send("a", 1))
        assert error.code == "unknown_outcome" and error.key is None
