# SPDX-License-Identifier: MIT
"""Cases for `/echo`, as the Autobahn testsuite has them: what is sent, what has
to come back, and how it has to end."""

import struct

import pytest

from .raw_client import (
    BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, RawClient, frame_bytes)

# What the service closes an echo with by itself.
OF_THE_SERVICE = (1002, 1003, 1007, 1009)
OFFER = {"Sec_WebSocket_Extensions": "permessage-deflate"}


def text(payload=b"", **how):
    return frame_bytes(TEXT, payload, **how)


def binary(payload=b"", **how):
    return frame_bytes(BINARY, payload, **how)


def more(payload=b"", **how):
    """A fragment after the first one."""
    return frame_bytes(CONTINUATION, payload, **how)


def ping(payload=b"", **how):
    return frame_bytes(PING, payload, **how)


def pong(payload=b"", **how):
    return frame_bytes(PONG, payload, **how)


def close(code, reason=b""):
    return frame_bytes(CLOSE, struct.pack("!H", code) + reason)


def fragments(first, payload, size, between=b""):
    """A message in pieces of that size, with something between them."""
    pieces = [payload[at:at + size]
              for at in range(0, len(payload), size)] or [b""]
    return between.join(
        frame_bytes(CONTINUATION if n else first, piece,
                    fin=n + 1 == len(pieces))
        for n, piece in enumerate(pieces))


def case(name, sent, *heard, end=None):
    """`heard` has (opcode, payload), a bare payload being a text. `end` is the
    code that the service closes with; without one it goes on to serve."""
    heard = [one if isinstance(one, tuple) else (TEXT, one) for one in heard]
    return pytest.param(sent, heard, end, id=name)


def cases(table):
    return pytest.mark.parametrize("sent, heard, end", table)


def whole(data):
    yield data


def in_chops(size):
    """Writes of that many bytes each."""
    def cut(data):
        for at in range(0, len(data), size):
            yield data[at:at + size]
    return cut


def run(service, sent, heard, end=None, cut=whole, leaves=False, **headers):
    with RawClient(service, "/echo", **headers) as peer:
        if leaves or end not in OF_THE_SERVICE:
            peer.leaves()
        for piece in cut(sent):
            peer.send(piece)
        for one in heard:
            frame = peer.read_frame()
            assert frame is not None, "the stream ended"
            assert (frame.opcode, frame.payload) == one
        if end is None:
            peer.send(text(b"still there?"))
            assert peer.read_frame().payload == b"still there?"
            peer.send_close(1000)
        frame = peer.read_frame()
        assert frame is not None, "the stream ended without a close frame"
        assert frame.opcode == CLOSE
        assert frame.code == (end or 1000)
        if end is not None:
            peer.send_close(end)
        assert peer.rest() == b"", "something came behind the close frame"
