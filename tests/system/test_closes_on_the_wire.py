# SPDX-License-Identifier: MIT
"""Each close code arrives as a close frame, and nothing follows it."""

import contextlib
import socket
import time

import pytest

from support.environment import DEADLINE
from support.kernel import more_than_it_takes
from support.raw_client import BINARY, TEXT, RawClient
from support.process import sockets_of
from support.waiting import eventually, unique


@pytest.fixture
def ann_path():
    return f"/ws/{unique('ann')}"


def closed(client, code, reason=None, closing=True):
    """Reads the close frame, answers it, and reads that nothing follows."""
    texts, frame = client.until_close()
    assert frame.code == code
    assert reason is None or frame.reason == reason
    if closing:
        assert texts[-1]["type"] == "closing", texts
        assert texts[-1]["code"] == code
        assert texts[-1]["reason"] == frame.reason
        assert isinstance(texts[-1]["reconnect"], bool)
    assert client.answer_close(frame) == b""


def test_1000_answers_the_clients_close(server, ann_path):
    with RawClient(server, ann_path) as ann:
        ann.until("connected")
        ann.send_close(1000, "bye")
        texts, frame = ann.until_close()
        assert (texts, frame.code) == ([], 1000)
        assert ann.rest() == b""


def test_nothing_is_served_after_the_clients_close(server, ann_path):
    with RawClient(server, ann_path) as ann:
        ann.until("connected")
        ann.send_close(1001)
        ann.send_json(type="ping")
        texts, frame = ann.until_close()
        assert (texts, frame.code) == ([], 1001)
        assert ann.rest() == b""


def test_a_close_without_a_code_is_answered(server, ann_path):
    with RawClient(server, ann_path) as ann:
        ann.send_frame(8)
        assert ann.until_close()[1].payload in (b"", b"\x03\xe8")
        assert ann.rest() == b""


def test_a_close_amid_deliveries_is_the_last_frame(start_server):
    service = start_server("limits.messages-per-second=0")
    for _ in range(10):
        with RawClient(service, "/ws/ann") as ann:
            ann.send_json(type="join", room="tea")
            for n in range(200):
                ann.send_json(type="chat", room="tea", content=n)
            ann.send_close(1000)
            assert ann.until_close()[1].code == 1000
            assert ann.rest() == b""


@pytest.mark.parametrize("frame", [
    {"opcode": TEXT, "masked": False}, {"opcode": TEXT, "rsv": 4},
    {"opcode": 3}, {"opcode": 11}, {"opcode": 0}, {"opcode": 9, "fin": False},
    {"opcode": 9, "payload": b"x" * 126}, {"opcode": 8, "payload": b"x"},
    {"opcode": 8, "payload": b"\x03\xed"}], ids=str)
def test_1002_for_a_frame_against_the_protocol(server, ann_path, frame):
    with RawClient(server, ann_path) as ann:
        ann.send_frame(**{"payload": b"{}", **frame})
        closed(ann, 1002, closing=False)


def test_1003_for_a_binary_frame(server, ann_path):
    with RawClient(server, ann_path) as ann:
        ann.send_frame(BINARY, b"\x00")
        closed(ann, 1003, closing=False)


def test_1007_for_text_that_is_not_utf8(server, ann_path):
    with RawClient(server, ann_path) as ann:
        ann.send_frame(TEXT, b'{"type":"\xff"}')
        closed(ann, 1007, closing=False)


def test_1008_for_too_many_errors(start_server):
    service = start_server("limits.errors=3")
    with RawClient(service, "/ws/ann") as ann:
        for _ in range(50):
            ann.send_frame(TEXT, b"{")
        closed(ann, 1008)


@pytest.mark.parametrize("size", [65537, 10_000_000])
def test_1009_for_a_message_that_is_too_big(server, ann_path, size):
    with RawClient(server, ann_path) as ann:
        ann.send_frame(TEXT, b"x" * size)
        closed(ann, 1009, closing=False)


def test_1012_for_the_end_of_the_service(start_server):
    service = start_server()
    with RawClient(service, "/ws/ann") as ann:
        ann.until("connected")
        service.terminate()
        texts, frame = ann.until_close()
        assert frame.code == 1012
        assert texts[-1]["type"] == "closing"
        assert ann.answer_close(frame) == b""


@pytest.mark.parametrize("limit, reason", [
    (1, "Replaced by new connection"), (2, "Too many connections")])
def test_4000_for_a_connection_too_many(start_server, limit, reason):
    service = start_server(f"limits.max-connections-per-user={limit}")
    with contextlib.ExitStack() as stack:
        oldest = stack.enter_context(RawClient(service, "/ws/ann"))
        # Who is replaced before that may be told of the end alone.
        oldest.until("connected")
        for _ in range(limit):
            stack.enter_context(RawClient(service, "/ws/ann"))
        closed(oldest, 4000, reason)


def test_4003_for_a_full_service(start_server):
    service = start_server("limits.max-connections=1")
    with RawClient(service, "/ws/ann") as ann:
        ann.until("connected")
        with RawClient(service, "/ws/bob") as bob:
            closed(bob, 4003, "Server at capacity")


def test_4003_for_a_user_over_the_limit_with_reject_new(start_server):
    service = start_server("limits.max-connections-per-user=1",
                           "limits.per-user-policy=reject-new")
    with RawClient(service, "/ws/ann") as ann:
        ann.until("connected")
        with RawClient(service, "/ws/ann") as second:
            closed(second, 4003, "Too many connections")


def test_4004_for_whom_an_administrator_kicks(server, ann_path):
    with RawClient(server, ann_path) as ann:
        user = ann.until("connected")["user_id"]
        assert server.http.delete(f"/admin/users/{user}").status == 204
        closed(ann, 4004)


def test_4006_for_ten_seconds_of_too_much(start_server):
    service = start_server("limits.messages-per-second=1",
                           "limits.message-burst=1")
    with RawClient(service, "/ws/ann") as ann:
        ann.send_json(type="join", room="tea")
        until = time.monotonic() + DEADLINE
        while ann.listen(0.02) and not ann.heard(b'"closing"'):
            assert time.monotonic() < until, "never closed"
            ann.send_json(type="chat", room="tea", content="more")
        closed(ann, 4006)


def test_4008_for_a_client_that_does_not_read(start_server):
    service = start_server("limits.outbox-bytes=65536",
                           "limits.outbox-stall=10min")
    with RawClient(service, "/ws/ann", receive_buffer=4096) as ann:
        ann.send_json(type="join", room="tea", id=1)
        ann.until("reply", id=1)
        for _ in range(more_than_it_takes(60_000)):
            answer = service.http.post(
                "/api/v1/publish", {"room": "tea", "content": "x" * 60_000})
            assert answer.status == 200
        ann.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        closed(ann, 4008, closing=False)


@pytest.mark.parametrize("answer", ["never", "with a reset", "with the end"])
async def test_a_client_that_answers_no_close_is_let_go(start_server, answer):
    service = start_server("limits.outbox-stall=300ms")
    before = sockets_of(service)
    with RawClient(service, "/ws/ann") as ann:
        id = ann.until("connected")["connection"]
        assert service.http.delete("/admin/users/ann").status == 204
        ann.until_close()
        if answer == "with a reset":
            ann.reset()
        elif answer == "with the end":
            ann.end()
        line = service.log.wait_for(event="client gone", connection=id)
        assert line["code"] == 4004 and line["active_connections"] == 0
        # Its socket, too, though the client still has its own end.
        await eventually(lambda: sockets_of(service), before)
