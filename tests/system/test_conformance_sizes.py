# SPDX-License-Identifier: MIT
"""Categories 9, 10, 12 and 13 of the Autobahn testsuite on the wire: large and
many messages, whole and in pieces, plain and compressed (RFC 7692)."""

import os
import random
import zlib

import pytest

from support.conformance import (
    OFFER, binary, fragments, in_chops, more, ping, run, text)
from support.raw_client import (
    BINARY, CONTINUATION, PONG, TEXT, RawClient, frame_bytes)

KIB, MIB = 1024, 1024 * 1024
LIMIT = 4 * MIB
RSV1 = 4


def payload_of(opcode, size):
    return (b"*" * size) if opcode == TEXT else os.urandom(size)


kinds = pytest.mark.parametrize("opcode", [TEXT, BINARY], ids=["text", "binary"])


@kinds
@pytest.mark.parametrize("size", [64 * KIB, 256 * KIB, MIB, LIMIT])
def test_9_1_a_large_message(echo, opcode, size):
    payload = payload_of(opcode, size)
    run(echo, frame_bytes(opcode, payload), [(opcode, payload)])


@kinds
@pytest.mark.parametrize("size", [64, 256, KIB, 64 * KIB, 4 * MIB])
def test_9_3_a_large_message_in_fragments(echo, opcode, size):
    payload = payload_of(opcode, MIB)
    run(echo, fragments(opcode, payload, size), [(opcode, payload)])


@kinds
@pytest.mark.parametrize("size", [64, 1000, 2048])
def test_9_5_a_large_message_in_chops(echo, opcode, size):
    payload = payload_of(opcode, 256 * KIB)
    run(echo, frame_bytes(opcode, payload), [(opcode, payload)],
        cut=in_chops(size))


@kinds
@pytest.mark.parametrize("size", [0, 16, 64, 256, KIB, 4 * KIB])
def test_9_7_a_thousand_messages(echo, opcode, size):
    payload = payload_of(opcode, size)
    with RawClient(echo, "/echo") as peer:
        for _ in range(100):
            peer.send(frame_bytes(opcode, payload) * 10)
            for _ in range(10):
                frame = peer.read_frame()
                assert (frame.opcode, frame.payload) == (opcode, payload)


@pytest.mark.parametrize("sent", [
    text(b"*" * (LIMIT + 1)), text(b"*" * (LIMIT + 1))[:14],
    binary(bytes(LIMIT + 1)), fragments(TEXT, b"*" * (LIMIT + 1), 64 * KIB),
    text(b"*" * LIMIT, fin=False) + more(b"*"),
    text(b"*", fin=False) + more(b"*" * LIMIT)[:14]],
    ids=["whole", "head", "binary", "fragments", "two", "head of the second"])
def test_9_above_the_limit_closes_with_1009(echo, sent):
    run(echo, sent, [], 1009)


def test_9_fragments_without_end_close_with_1009(echo):
    run(echo, text(b"", fin=False) + more(b"", fin=False) * 100_000, [], 1008)


def test_10_a_message_that_is_cut_at_will(echo):
    chance = random.Random(10)
    for _ in range(20):
        payload = payload_of(TEXT, chance.randrange(100_000))
        size = chance.randrange(1, 5000)
        run(echo, fragments(TEXT, payload, 64 + size, ping(b"p")),
            [(PONG, b"p")] * max(0, -(-len(payload) // (64 + size)) - 1)
            + [(TEXT, payload)], cut=in_chops(chance.randrange(1, 20_000)))


def packed(payload, level=6, strategy=zlib.Z_DEFAULT_STRATEGY, bits=15):
    packer = zlib.compressobj(level, zlib.DEFLATED, -bits, 8, strategy)
    return (packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


def prose(size):
    words = "the deploy is green and nobody has looked at the röom yet ".encode()
    return (words * (size // len(words) + 1))[:size].decode(
        errors="ignore").encode()


CONTENTS = {"prose": prose, "one letter": lambda size: b"*" * size,
            "JSON": lambda size: (b'{"a":[1,2,3],"b":null},' * size)[:size],
            "hexadecimal noise": lambda size: os.urandom(size).hex()[:size]
            .encode()}


@pytest.mark.parametrize("size", [0, 16, 64, 256, KIB, 8 * KIB, 128 * KIB])
@pytest.mark.parametrize("content", CONTENTS)
def test_12_compressed_messages_come_back(echo, content, size):
    payload = CONTENTS[content](size)
    sent = frame_bytes(TEXT, packed(payload), rsv=RSV1)
    run(echo, sent * 5, [(TEXT, payload)] * 5, **OFFER)


@pytest.mark.parametrize("size", [16, KIB, 128 * KIB])
def test_12_compressed_bytes_come_back(echo, size):
    payload = os.urandom(size)
    run(echo, frame_bytes(BINARY, packed(payload), rsv=RSV1) + binary(b"\xff"),
        [(BINARY, payload), (BINARY, b"\xff")], **OFFER)


@pytest.mark.parametrize("size", [1, 64, KIB])
def test_12_a_compressed_message_in_fragments(echo, size):
    payload = prose(20 * KIB)
    deflated = packed(payload)
    pieces = [deflated[at:at + size] for at in range(0, len(deflated), size)]
    sent = ping(b"p").join(
        frame_bytes(CONTINUATION if n else TEXT, piece,
                    rsv=0 if n else RSV1, fin=n + 1 == len(pieces))
        for n, piece in enumerate(pieces))
    run(echo, sent, [(PONG, b"p")] * (len(pieces) - 1) + [(TEXT, payload)],
        cut=in_chops(100), **OFFER)


@pytest.mark.parametrize("offer", [
    "permessage-deflate", "permessage-deflate; client_no_context_takeover",
    "permessage-deflate; server_no_context_takeover",
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate; client_max_window_bits=9",
    "permessage-deflate; client_max_window_bits=15",
    "permessage-deflate; server_max_window_bits=9",
    "permessage-deflate; server_max_window_bits=15",
    "permessage-deflate; client_no_context_takeover; "
    "server_no_context_takeover; client_max_window_bits=10; "
    "server_max_window_bits=10"])
def test_13_every_parameter(echo, offer):
    bits = 9 if "client_max_window_bits=9" in offer else 10
    payloads = [prose(size) for size in (0, 100, 2000, 40_000)]
    sent = b"".join(frame_bytes(TEXT, packed(payload, bits=bits), rsv=RSV1)
                    for payload in payloads)
    run(echo, sent, [(TEXT, payload) for payload in payloads],
        Sec_WebSocket_Extensions=offer)


@pytest.mark.parametrize("make", [
    lambda x: packed(x, level=0), lambda x: packed(x, level=9),
    lambda x: packed(x, strategy=zlib.Z_FIXED),
    lambda x: packed(x, strategy=zlib.Z_HUFFMAN_ONLY),
    lambda x: packed(x[:100]) + b"\x00\x00\xff\xff" + packed(x[100:]),
    lambda x: packed(x) + b"\x00\x00\xff\xff\x00"],
    ids=["stored", "best", "fixed", "Huffman", "two blocks", "empty block"])
def test_rfc_7692_7_2_3_every_form_of_a_block(echo, make):
    payload = prose(3000)
    run(echo, frame_bytes(TEXT, make(payload), rsv=RSV1), [(TEXT, payload)],
        **OFFER)


@pytest.mark.parametrize("payload, code", [
    (b"\x07\xff\xff", 1007), (b"", 1007), (packed(prose(KIB))[:-9], 1007),
    (packed(b"\xff"), 1007), (packed(b"\xe2\x82"), 1007),
    (packed(bytes(LIMIT + 1)), 1009), (packed(bytes(200 * MIB)), 1009)],
    ids=["no block", "empty", "cut", "not UTF-8", "UTF-8 that is cut",
         "a byte too long", "a bomb"])
def test_what_cannot_be_inflated(echo, payload, code):
    run(echo, frame_bytes(TEXT, payload, rsv=RSV1), [], code, **OFFER)


@pytest.mark.parametrize("sent", [
    ping(b"", rsv=RSV1), text(b"a", fin=False) + more(b"b", rsv=RSV1),
    text(b"a", rsv=2), text(b"a", rsv=5)])
def test_rsv1_is_for_the_first_fragment_of_a_message(echo, sent):
    run(echo, sent, [], 1002, **OFFER)
