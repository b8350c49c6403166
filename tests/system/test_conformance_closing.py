# SPDX-License-Identifier: MIT
"""RFC 6455 §5.5.1 and §7 on the wire, by category 7 of the Autobahn testsuite:
every way to close."""

import pytest

from support.conformance import (
    case, cases, close, fragments, in_chops, more, ping, run, text)
from support.raw_client import CLOSE, TEXT, RawClient, frame_bytes

HELLO = b"Hello World!"
BIG = b"BAsd7&jh23" * 26214
BYE = close(1000)
MAY_BE_SENT = [*range(1000, 1004), *range(1007, 1015), 3000, 3999, 4000, 4999]
MUST_NOT_BE_SENT = [
    0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]


@pytest.mark.parametrize("size", [1, 100_000])
@cases([
    case("7.1.1 a text, then a close", text(HELLO) + BYE, HELLO, end=1000),
    case("7.1.2 two closes", BYE + BYE, end=1000),
    case("7.1.3 a ping behind the close", BYE + ping(b"late"), end=1000),
    case("7.1.4 a text behind the close", BYE + text(HELLO), end=1000),
    case("7.1.5 a close within a text",
         text(b"a", fin=False) + BYE + more(b"b"), end=1000),
    case("7.3.2 a payload of one byte", frame_bytes(CLOSE, b"\x03"), end=1002),
    case("7.3.3 a code alone", BYE, end=1000),
    case("7.3.4 a code and a reason", close(1000, HELLO), end=1000),
    case("7.3.5 the longest reason", close(1000, b"*" * 123), end=1000),
    case("7.3.6 a longer one", close(1000, b"*" * 124), end=1002),
    case("7.5.1 a reason that is not UTF-8",
         close(1000, b"\xce\xba\xed\xa0\x80"), end=1007),
    case("a reason that is cut", close(1000, b"\xce"), end=1007),
    case("nonsense behind the close", BYE + b"\xff" * 100, end=1000),
    case("not masked", frame_bytes(CLOSE, b"\x03\xe8", masked=False),
         end=1002)])
def test_7_closes(echo, sent, heard, end, size):
    run(echo, sent, heard, end, cut=in_chops(size))


def test_7_1_6_what_was_sent_before_is_answered_before(echo):
    run(echo, text(BIG) + BYE + ping(b"late"), [(TEXT, BIG)], 1000)


def test_7_3_1_a_close_without_a_payload_is_answered_by_one(echo):
    with RawClient(echo, "/echo") as peer:
        peer.leaves()
        peer.send(frame_bytes(CLOSE))
        frame = peer.read_frame()
        assert (frame.opcode, frame.payload) == (CLOSE, b"")
        assert peer.rest() == b""


@pytest.mark.parametrize("code", MAY_BE_SENT)
@pytest.mark.parametrize("reason", [b"", HELLO])
def test_7_7_a_good_code_is_answered_by_itself(echo, code, reason):
    run(echo, close(code, reason), [], code, leaves=True)


@pytest.mark.parametrize("code", MUST_NOT_BE_SENT)
@pytest.mark.parametrize("reason", [b"", HELLO])
def test_7_9_another_code_is_an_error(echo, code, reason):
    run(echo, close(code, reason), [], 1002)


def test_the_service_ends_the_stream_and_not_the_client(echo):
    """RFC 6455 §7.1.1: else it would be the client that keeps TIME_WAIT."""
    with RawClient(echo, "/echo") as peer:
        peer.leaves()
        peer.send(BYE)
        assert peer.read_frame().code == 1000
        assert peer.rest() == b""


def test_who_goes_without_a_close_disturbs_nobody(echo):
    for sent in (b"", b"\x81", text(b"a", fin=False), text(BIG)[:1000],
                 fragments(TEXT, BIG, 9999)[:-5]):
        with RawClient(echo, "/echo") as peer:
            peer.send(sent)
            peer.end()
            assert peer.rest() == b""
        with RawClient(echo, "/echo") as peer:
            peer.send(sent)
            peer.reset()
    run(echo, text(HELLO), [(TEXT, HELLO)])
