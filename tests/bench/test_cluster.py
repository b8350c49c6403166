# SPDX-License-Identifier: MIT
"""How a room over three nodes is chosen, spoken in and shown."""

import socket
from types import SimpleNamespace

import pytest

from harness import cluster, documents, talker
from harness.servers import Failure
from test_documents import RESULTS

ORDER = {"room-0": "abc", "room-1": "cab", "room-2": "cba"}


def weight(node, room):
    return -ORDER.get(room, "abc").index(node)


def test_a_room_has_its_home_and_standby_where_they_are_wanted():
    assert cluster.room_at(weight, "c", "a") == "room-1"
    assert cluster.room_at(weight, "c", "b") == "room-2"
    with pytest.raises(Failure, match="home at b and standby c"):
        cluster.room_at(weight, "b", "c")


def test_a_message_is_a_masked_frame_of_its_size():
    text = "x" * 200
    frame = talker.text_frame(text)
    assert frame[:8] == b"\x81\xfe\x00\xc8\0\0\0\0"
    assert frame[8:] == text.encode()
    for size in (125, 65536):
        with pytest.raises(Failure):
            talker.text_frame("x" * size)


@pytest.fixture
def wire():
    """A talker that is in, and the node's end of its connection."""
    ours, theirs = socket.socketpair()
    one = talker.Talker.__new__(talker.Talker)
    one._client = SimpleNamespace(socket=ours, send=ours.sendall)
    one._kept, one._signs = b"", float("inf")
    with ours, theirs:
        ours.settimeout(5)
        yield one, theirs


@pytest.mark.parametrize("cut", range(1, 20))
def test_what_comes_in_pieces_is_counted_once(wire, cut):
    one, node = wire
    text = b'{"type":"chat"}{"type":"reply"}' * 3
    for i in range(0, len(text), cut):
        node.sendall(text[i:i + cut])
    node.shutdown(socket.SHUT_WR)
    one.hear(3)
    with pytest.raises(Failure, match="closed"):
        one.hear(1)


def test_who_only_listens_gives_a_sign_of_life(wire):
    one, node = wire
    one._signs = 0
    node.sendall(b'{"type":"chat"}')
    one.hear(1)
    assert node.recv(100) == talker.PONG


def test_an_error_ends_it(wire):
    one, node = wire
    node.sendall(b'{"type":"error","code":"unavailable"}')
    with pytest.raises(Failure, match="unavailable"):
        one.hear(1)


def measured(**figures):
    return cluster.merged([[figures], [figures], [figures]],
                          [x for x in figures if not isinstance(
                              figures[x], float)],
                          [x for x in figures if isinstance(
                              figures[x], float)])


PART = {"failed": None, "idle": [2000.0, 1500.0], "load": [0.5],
        "deliveries": measured(home="c", standby="a", in_flight=10, a=1.0,
                               b=2.0, c=3.0, all=6.0, one=2.0, ratio=3.0),
        "loads": measured(spread=True, load="rate", one=10.0, all=30.0, busiest=12.0,
                          ratio=3.0, capacity=0.8333)}


def test_the_document_has_both_tables(tmp_path):
    path = tmp_path / "scaling.md"
    path.write_text("before\n<!-- table -->\nold\n<!-- /table -->\nafter\n")
    documents.update_scaling(path, {**RESULTS, "works": [], "counts": None,
                                    "growth": None, "cluster": PART})
    text = path.read_text()
    assert text.startswith("before\n<!-- table -->\n\nMeasured 2026")
    assert text.endswith("\n\n<!-- /table -->\nafter\n")
    assert ("| the third (c), a confirms | 10 | 1 (1–1) | 2 (2–2) | 3 (3–3) "
            "| 6 (6–6) | 2 (2–2) | 3 (3–3) |") in text
    assert "| on all three nodes | 1,200/s | 10 (10–10) | 30 (30–30) |" in text
    assert "1,500–2,000 µs of CPU time a second" in text


def test_what_failed_says_why():
    failed = {"failed": "no cluster: x", "deliveries": [], "loads": [],
              "idle": [], "load": [0.5]}
    text = documents.terminal({**RESULTS, "works": [], "counts": None,
                               "growth": None, "cluster": failed})
    assert "FAILED:" in text and "- no cluster: x" in text
