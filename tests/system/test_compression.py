# SPDX-License-Identifier: MIT
"""permessage-deflate (RFC 7692): agreed on where `compression.enabled` says so
and a client offers it, on every message by itself."""

import contextlib
import json
import zlib

import pytest
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory)

from support.client import Client
from support.environment import measures_memory
from support.raw_client import TEXT, RawClient, RawSocket, upgrade_request

OFFER = {"Sec_WebSocket_Extensions": "permessage-deflate"}
ANSWER = (b"Sec-WebSocket-Extensions: permessage-deflate; "
          b"server_no_context_takeover; client_no_context_takeover")
RSV1 = 4
PROSE = "the deploy is green and nobody has looked at the room yet. " * 40


def packed(text, level=9):
    """The payload of a compressed message."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    data = text if isinstance(text, bytes) else text.encode()
    return (packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.fixture
def compressing(start_server):
    return start_server("compression.enabled")


def library(server, target, *, takeover=False, **window):
    """A client of python3-websockets that offers compression."""
    offer = ClientPerMessageDeflateFactory(
        server_no_context_takeover=takeover,
        client_no_context_takeover=takeover, **window)
    return Client(server, target, extensions=[offer])


def head_of_answer(server, extensions):
    """The head that an offer is answered with."""
    with RawSocket(server) as peer:
        peer.send(upgrade_request(
            "/ws/ann", Sec_WebSocket_Extensions=extensions).encode())
        return peer.take_head()


def high_water(server):
    """Bytes of memory that the service has had at most."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as lines:
        fields = dict(line.split(":", 1) for line in lines)
    return int(fields["VmHWM"].split()[0]) * 1024


async def test_nothing_is_agreed_on_unless_it_is_switched_on(server):
    async with library(server, "/ws/ann") as ann:
        assert ann.ws.extensions == []
    assert b"Extensions" not in head_of_answer(server, "permessage-deflate")


@pytest.mark.parametrize("offer, answer", [
    ("permessage-deflate", ANSWER),
    ("permessage-deflate; client_max_window_bits", ANSWER),
    ("permessage-deflate; server_max_window_bits=15",
     ANSWER + b"; server_max_window_bits=12"),
    ("permessage-deflate; server_max_window_bits=8",
     ANSWER + b"; server_max_window_bits=8"),
    ("permessage-deflate; mux, permessage-deflate", ANSWER),
    (["permessage-deflate; mux", "permessage-deflate"], ANSWER),
    ("permessage-deflate; server_max_window_bits=16", None),
    ("permessage-deflate; client_max_window_bits; client_max_window_bits",
     None),
    ("permessage-bzip2", None), (None, None)])
def test_an_offer_is_answered(compressing, offer, answer):
    lines = head_of_answer(compressing, offer).split(b"\r\n")
    assert [line for line in lines if b"Extensions" in line] \
        == ([answer] if answer else [])


@pytest.mark.parametrize("window", [
    {}, {"server_max_window_bits": 9}, {"server_max_window_bits": 12},
    {"server_max_window_bits": 15, "client_max_window_bits": 15},
    {"client_max_window_bits": 9}, {"takeover": True}], ids=str)
async def test_a_client_of_another_make_is_understood(compressing, window):
    async with library(compressing, "/ws/ann", **window) as ann, \
            Client(compressing, "/ws/bob") as bob:
        assert len(ann.ws.extensions) == 1
        for one in (ann, bob):
            await one.join("tea")
        for sender in (ann, bob):
            for content in ("x", PROSE, "", PROSE[:200], "é" * 3000):
                await sender.send("chat", room="tea", content=content)
                for one in (ann, bob):
                    heard = await one.until("chat")
                    assert heard["content"] == content


async def test_members_get_each_their_form(compressing):
    with contextlib.ExitStack() as stack:
        raw = {name: stack.enter_context(RawClient(
            compressing, f"/ws/{name}", **headers))
            for name, headers in (("ann", OFFER), ("bob", {}), ("cem", OFFER))}
        for one in raw.values():
            one.send_json(type="join", room="tea", id=1)
            one.until("reply", id=1)
        raw["bob"].send_json(type="chat", room="tea", content=PROSE)
        sizes = {}
        for name, one in raw.items():
            while (frame := one.read_frame()).json["type"] != "chat":
                pass
            assert frame.json["content"] == PROSE
            sizes[name] = frame.packed_size
        assert sizes["bob"] is None
        assert sizes["ann"] == sizes["cem"] < len(PROSE) / 3


@pytest.mark.parametrize("payload, code", [
    (packed(b" " * 65537), 1009), (packed(bytes(60_000_000)), 1009),
    (b"\xff\xff", 1007), (b"", 1007), (packed(PROSE)[:20], 1007),
    (packed(b"\xff"), 1007)], ids=[
        "too big", "bomb", "corrupt", "empty", "half", "not UTF-8"])
def test_a_bad_message_is_closed_with_its_code(compressing, payload, code):
    with RawClient(compressing, "/ws/ann", **OFFER) as ann:
        ann.send_frame(TEXT, payload, rsv=RSV1)
        _, frame = ann.until_close()
        assert frame.code == code
        assert ann.answer_close(frame) == b""


def test_1002_for_what_was_not_agreed_on(compressing):
    with RawClient(compressing, "/ws/ann") as ann:
        ann.send_frame(TEXT, packed("{}"), rsv=RSV1)
        assert ann.until_close()[1].code == 1002


@measures_memory
def test_a_gigabyte_in_a_megabyte_takes_no_memory(start_server):
    service = start_server("compression.enabled",
                           "limits.message-bytes=1100000")
    bomb = packed(bytes(1_000_000_000))
    assert len(bomb) < 1_100_000
    before = high_water(service)
    with RawClient(service, "/ws/ann", **OFFER) as ann:
        pieces = [bomb[at:at + 1000] for at in range(0, len(bomb), 1000)]
        for n, piece in enumerate(pieces):
            ann.send_frame(TEXT if n == 0 else 0, piece,
                           rsv=RSV1 if n == 0 else 0,
                           fin=n + 1 == len(pieces))
        assert ann.until_close()[1].code == 1009
    assert high_water(service) - before < 12_000_000


@measures_memory
def test_many_messages_that_grow_take_no_memory(start_server):
    service = start_server("compression.enabled",
                           "limits.messages-per-second=0")
    ping = packed(json.dumps({"type": "ping", "pad": " " * 65000}))
    before = high_water(service)
    with RawClient(service, "/ws/ann", **OFFER) as ann:
        for _ in range(20):
            for _ in range(100):
                ann.send_frame(TEXT, ping, rsv=RSV1)
            for _ in range(100):
                ann.until("pong")
    assert high_water(service) - before < 12_000_000
