# SPDX-License-Identifier: MIT
"""RFC 6455 §5 on the wire, by the categories 1 to 5 of the Autobahn testsuite:
framing, pings and pongs, reserved bits, opcodes, fragments."""

import pytest

from support.conformance import (
    binary, case, cases, fragments, in_chops, more, ping, pong, run, text)
from support.raw_client import BINARY, PONG, TEXT, frame_bytes

SIZES = [0, 1, 125, 126, 127, 128, 65535, 65536, 65537]
HELLO = b"Hello, \xc3\xbcber!"
BYTES = bytes(range(256))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_1_a_frame_of_every_size_comes_back(echo, opcode, size):
    payload = (b"*" if opcode == TEXT else b"\xfe") * size
    run(echo, frame_bytes(opcode, payload), [(opcode, payload)])


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_1_a_frame_in_chops_comes_back(echo, opcode):
    payload = b"*" * 65536
    run(echo, frame_bytes(opcode, payload), [(opcode, payload)],
        cut=in_chops(997))


def lengths(length, first):
    """The head of a frame with a length of so many bytes."""
    return bytes([0x81, 0x80 | first]) + length + bytes(4)


@cases([
    case("16 bits for 125", lengths(b"\x00\x7d", 126), end=1002),
    case("64 bits for 125", lengths(bytes(7) + b"\x7d", 127), end=1002),
    case("64 bits for 65535", lengths(bytes(6) + b"\xff\xff", 127), end=1002),
    case("the highest bit", lengths(b"\x80" + bytes(7), 127), end=1002),
    case("8 EiB", lengths(b"\x7f" + b"\xff" * 7, 127), end=1009),
    case("4 GiB", lengths(b"\x00\x00\x00\x01" + bytes(4), 127), end=1009),
    case("not masked", text(HELLO, masked=False), end=1002),
    case("an empty one, not masked", text(masked=False), end=1002)])
def test_1_wrong_heads(echo, sent, heard, end):
    run(echo, sent, heard, end)


PINGS = b"".join(ping(b"%d" % n) for n in range(10))
PONGS = [(PONG, b"%d" % n) for n in range(10)]


@pytest.mark.parametrize("size", [1, 1000])
@cases([
    case("2.1 without a payload", ping(), (PONG, b"")),
    case("2.2 with a text", ping(HELLO), (PONG, HELLO)),
    case("2.3 with bytes", ping(b"\x00\xff\xfe\xfd"),
         (PONG, b"\x00\xff\xfe\xfd")),
    case("2.4 of 125 bytes", ping(b"\xfe" * 125), (PONG, b"\xfe" * 125)),
    case("2.5 of 126 bytes", ping(b"\xfe" * 126), end=1002),
    case("2.7 a pong for nothing", pong()),
    case("2.8 a pong for nothing with a payload", pong(b"unasked")),
    case("2.9 such a pong, then a ping", pong(b"unasked") + ping(b"asked"),
         (PONG, b"asked")),
    case("2.10 ten pings", PINGS, *PONGS),
    case("a pong of 125 bytes", pong(b"x" * 125)),
    case("a pong of 126 bytes", pong(b"x" * 126), end=1002),
    case("a ping, not masked", ping(b"x", masked=False), end=1002)])
def test_2_pings_and_pongs(echo, sent, heard, end, size):
    run(echo, sent, heard, end, cut=in_chops(size))


def test_2_a_thousand_pings_in_one_go(echo):
    run(echo, b"".join(ping(b"%d" % n) for n in range(1000)),
        [(PONG, b"%d" % n) for n in range(1000)])


@cases([
    case("3.1 RSV3 in a text", text(HELLO, rsv=1), end=1002),
    case("3.2 RSV2 in the second text", text(HELLO) + text(HELLO, rsv=2),
         HELLO, end=1002),
    case("3.3 RSV2 and RSV3", text(HELLO) + text(HELLO, rsv=3), HELLO,
         end=1002),
    case("3.4 RSV1", text(HELLO) + text(HELLO, rsv=4) + ping(), HELLO,
         end=1002),
    case("3.5 RSV1 and RSV3 in a binary", binary(BYTES, rsv=5), end=1002),
    case("3.6 RSV1 and RSV2 in a ping", ping(HELLO, rsv=6), end=1002),
    case("3.7 all of them in a close", frame_bytes(8, b"", rsv=7), end=1002),
    case("RSV1 in a fragment", text(b"a", fin=False) + more(b"b", rsv=4),
         end=1002)])
@pytest.mark.parametrize("size", [1, 1000])
def test_3_reserved_bits(echo, sent, heard, end, size):
    run(echo, sent, heard, end, cut=in_chops(size))


@pytest.mark.parametrize("payload", [b"", HELLO])
@pytest.mark.parametrize("before", [b"", text(HELLO)], ids=["first", "second"])
@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
def test_4_opcodes_that_are_reserved(echo, opcode, before, payload):
    run(echo, before + frame_bytes(opcode, payload) + ping(),
        [(TEXT, HELLO)] if before else [], 1002)


def open_text(payload=b"a"):
    return text(payload, fin=False)


@pytest.mark.parametrize("size", [1, 1000])
@cases([
    case("5.1 a ping in fragments", ping(b"a", fin=False) + more(b"b"),
         end=1002),
    case("5.2 a pong in fragments", pong(b"a", fin=False) + more(b"b"),
         end=1002),
    case("a close in fragments", frame_bytes(8, b"", fin=False), end=1002),
    case("5.3 a text in two", open_text() + more(b"b"), b"ab"),
    case("5.6 a ping between", open_text() + ping(b"p") + more(b"b"),
         (PONG, b"p"), b"ab"),
    case("a pong between", open_text() + pong(b"p") + more(b"b"), b"ab"),
    case("5.9 a last fragment of nothing", more(b"x") + text(HELLO), end=1002),
    case("5.12 a fragment of nothing", more(b"x", fin=False) + text(HELLO),
         end=1002),
    case("5.15 a fragment behind the last",
         open_text() + more(b"b") + more(b"c", fin=False) + text(HELLO),
         b"ab", end=1002),
    case("5.18 a text within a text", open_text() + text(b"b"), end=1002),
    case("a binary within a text", open_text() + binary(b"b"), end=1002),
    case("a text within a binary", binary(b"a", fin=False) + text(b"b"),
         end=1002),
    case("5.19 pings all over",
         open_text() + more(b"b", fin=False) + ping(b"1")
         + more(b"c", fin=False) + more(b"d", fin=False) + ping(b"2")
         + more(b"e"),
         (PONG, b"1"), (PONG, b"2"), b"abcde"),
    case("empty fragments", open_text(b"") + more(fin=False) + more(), b""),
    case("an empty one at the end", open_text() + more(), b"a"),
    case("a binary in three",
         binary(b"\xff", fin=False) + more(b"\xfe", fin=False) + more(b"\xfd"),
         (BINARY, b"\xff\xfe\xfd")),
    case("a letter in its bytes",
         open_text(b"\xe2") + more(b"\x82", fin=False) + more(b"\xac"),
         "€".encode()),
    case("a close between", open_text() + frame_bytes(8, b"\x03\xe8"),
         end=1000)])
def test_5_fragments(echo, sent, heard, end, size):
    run(echo, sent, heard, end, cut=in_chops(size))


@pytest.mark.parametrize("size", [1, 2, 64, 4096])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_5_a_message_in_many_fragments_with_pings(echo, opcode, size):
    payload = b"0123456789abcdef" * (8 * size)
    pings = len(payload) // size - 1
    run(echo, fragments(opcode, payload, size, between=ping(b"p")),
        [(PONG, b"p")] * pings + [(opcode, payload)])


def test_messages_and_pings_are_answered_in_their_order(echo):
    sent, heard = b"", []
    for n in range(200):
        payload = b"%d" % n
        sent += text(payload) + ping(payload) + binary(payload)
        heard += [(TEXT, payload), (PONG, payload), (BINARY, payload)]
    run(echo, sent, heard)
