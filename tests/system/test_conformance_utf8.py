# SPDX-License-Identifier: MIT
"""RFC 6455 §8.1 on the wire, by category 6 of the Autobahn testsuite: what is
UTF-8 comes back, and what is not closes with 1007 as early as it shows."""

import pytest

from support.conformance import fragments, in_chops, more, run, text
from support.raw_client import CLOSE, TEXT, RawClient

SAMPLE = "Hello-µ@ßöäüàá-UTF-8!!"
KOSME = "κόσμε"

# First and last of each length, and what is next to what must not be.
GOOD_CODE_POINTS = [
    0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000,
    0xFEFF, 0xFFFE, 0xFDD0, 0x1FFFE, 0x1FFFF, 0x8FFFF, 0x10FFFE, 0x10FFFF]

GOOD = [b"", SAMPLE.encode(), KOSME.encode(), "🎉🎊".encode(),
        "\U0010ffff".encode() * 3,
        "".join(map(chr, range(0x80, 0x800, 37))).encode()]

BAD = {
    "6.6 a text that is cut": KOSME.encode()[:-1],
    "6.3 a surrogate in a text": KOSME.encode() + b"\xed\xa0\x80edited",
    "6.8 five bytes": b"\xf8\x88\x80\x80\x80",
    "6.8 six bytes": b"\xfc\x84\x80\x80\x80\x80",
    "6.10 above the last": b"\xf4\x90\x80\x80",
    "6.10 far above it": b"\xf7\xbf\xbf\xbf",
    "6.12 80 alone": b"\x80",
    "6.12 BF alone": b"\xbf",
    "6.12 many continuations": b"\x80\xbf\x80\xbf",
    "6.13 leads of two without more": b"\xc3 \xc4 ",
    "6.13 leads of three without more": b"\xe2 \xe3 ",
    "6.13 leads of four without more": b"\xf0 \xf1 ",
    "6.14 one missing of two": b"\xc3",
    "6.14 one missing of three": b"\xe2\x82",
    "6.14 one missing of four": b"\xf0\x9f\x8e",
    "6.15 all of them in a row": b"\xc3\xe2\x82\xf0\x9f\x8e",
    "6.16 FE": b"\xfe",
    "6.16 FF": b"\xff",
    "6.17 a slash in two": b"\xc0\xaf",
    "6.17 a slash in three": b"\xe0\x80\xaf",
    "6.17 a slash in four": b"\xf0\x80\x80\xaf",
    "6.18 the longest of two, too long": b"\xc1\xbf",
    "6.18 the longest of three, too long": b"\xe0\x9f\xbf",
    "6.18 the longest of four, too long": b"\xf0\x8f\xbf\xbf",
    "6.19 NUL in two": b"\xc0\x80",
    "6.19 NUL in three": b"\xe0\x80\x80",
    "6.20 the first high surrogate": b"\xed\xa0\x80",
    "6.20 the last high surrogate": b"\xed\xaf\xbf",
    "6.20 the first low surrogate": b"\xed\xb0\x80",
    "6.20 the last low surrogate": b"\xed\xbf\xbf",
    "6.21 a pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80"}

bad = pytest.mark.parametrize("payload", BAD.values(), ids=BAD)


@pytest.mark.parametrize("payload", GOOD, ids=range(len(GOOD)))
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_6_texts_come_back_however_they_are_cut(echo, payload, size):
    run(echo, text(payload), [(TEXT, payload)], cut=in_chops(size))
    run(echo, fragments(TEXT, payload, size), [(TEXT, payload)])


def test_6_every_edge_of_the_code_points_is_good(echo):
    payloads = [chr(point).encode() for point in GOOD_CODE_POINTS]
    run(echo, b"".join(map(text, payloads)),
        [(TEXT, payload) for payload in payloads])


@bad
def test_6_a_bad_text_closes_with_1007(echo, payload):
    run(echo, text(payload), [], 1007)


@bad
def test_6_so_it_does_in_fragments_of_a_byte(echo, payload):
    run(echo, fragments(TEXT, payload, 1), [], 1007)


@bad
def test_6_so_it_does_within_a_longer_text(echo, payload):
    run(echo, text(b"fine until here" * 10 + payload + b"."), [], 1007)


def told(peer):
    """What the service closes with, while more is expected of the client."""
    frame = peer.read_frame()
    assert frame is not None and frame.opcode == CLOSE
    return frame.code


@pytest.mark.parametrize("start", [
    KOSME.encode() + b"\xf4\x90", KOSME.encode() + b"\xed\xa0", b"\xc0",
    b"\xe0\x9f", b"\xf5", b"a\x80"], ids=repr)
def test_6_4_it_is_told_at_the_first_wrong_byte(echo, start):
    """The rest of fragment, frame or message never comes."""
    with RawClient(echo, "/echo") as peer:
        peer.send(text(b"well ", fin=False) + more(start, fin=False))
        assert told(peer) == 1007
    with RawClient(echo, "/echo") as peer:
        frame = text(start + b"x" * 100)
        peer.send(frame[:len(frame) - 100])
        assert told(peer) == 1007
    with RawClient(echo, "/echo") as peer:
        for byte in text(b"")[:1] + bytes([0xff]) + (1 << 20).to_bytes(8, "big") \
                + bytes(4) + start:
            peer.send(bytes([byte]))
        assert told(peer) == 1007


def test_6_5_a_text_that_may_go_on_is_waited_for(echo):
    with RawClient(echo, "/echo") as peer:
        peer.send(text(b"\xf4\x8f\xbf", fin=False))
        peer.send(more(b"\xbf"))
        assert peer.read_frame().payload == "\U0010ffff".encode()
