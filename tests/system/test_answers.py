# SPDX-License-Identifier: MIT
"""What a client asks for makes it wait, and does not close it; and what it asks
for and does not take is bounded."""

import json
import threading
import time

import pytest

from support.crowd import PATIENT
from support.metrics import scrape
from support.raw_client import TEXT, RawClient

ETHERNET = 1448
ROOMS = [f"room-{n}" for n in range(40)]


def fill(service, rooms, messages, size):
    """Something to ask for: that many messages in each room."""
    with service.http.kept_alive() as connection:
        for room in rooms:
            for n in range(messages):
                connection.request(
                    "POST", "/api/v1/publish",
                    json.dumps({"room": room, "content": [n, "x" * size]}),
                    {"Content-Type": "application/json"})
                answer = connection.getresponse()
                assert (answer.status, bool(answer.read())) == (200, True)


def slow_reader(service, target="/ws/ann", receive_buffer=16384):
    client = RawClient(service, target, receive_buffer=receive_buffer,
                       segment=ETHERNET)
    client.until("connected")
    return client


def read(client, answered):
    """Reads 2 MB/s or so until all that was asked for is answered; answers how
    many messages of others came."""
    chats, left = 0, set(answered)
    while left:
        frame = client.read_frame()
        assert frame is not None and frame.opcode != 8, (frame, left)
        if frame.opcode == TEXT:
            said = frame.json
            left.discard(said.get("id"))
            chats += said["type"] == "chat"
        time.sleep(len(frame.payload) / 2_000_000)
    return chats


@pytest.fixture
def service(start_server):
    return start_server("limits.outbox-bytes=262144",
                        "limits.outbox-stall=5min",
                        "limits.messages-per-second=0", *PATIENT)


def test_joins_with_what_was_said_before_are_all_answered(service):
    fill(service, ROOMS, 15, 4000)
    with slow_reader(service) as ann:
        for n, room in enumerate(ROOMS):
            ann.send_json(type="join", room=room, rewind=15, id=n)
        ann.send_json(type="ping", id="last")
        heard = read(ann, [*range(40), "last"])
        assert heard >= 39 * 15
        ann.send_json(type="ping", id="alive")
        ann.until("pong", id="alive")


def test_histories_are_all_answered(service):
    fill(service, ["tea"], 50, 10_000)
    with slow_reader(service) as ann:
        ann.send_json(type="join", room="tea", id="join")
        for n in range(20):
            ann.send_json(type="history", room="tea", limit=100, id=n)
        read(ann, ["join", *range(20)])
        ann.send_json(type="ping", id="alive")
        ann.until("pong", id="alive")


def test_who_was_away_recovers_all_rooms_at_once(service):
    with slow_reader(service) as ann:
        places = {}
        for n, room in enumerate(ROOMS):
            ann.send_json(type="join", room=room, id=n)
            reply = ann.until("reply", id=n)
            places[room] = {"epoch": reply["epoch"], "seq": reply["seq"]}
            ann.send_json(type="chat", room=room, content="first")
            ann.until("chat", room=room)
    fill(service, ROOMS, 15, 4000)
    with slow_reader(service) as ann:
        for n, room in enumerate(ROOMS):
            ann.send_json(type="join", room=room, since=places[room], id=n)
        read(ann, range(40))
        ann.send_json(type="ping", id="alive")
        ann.until("pong", id="alive")


@pytest.mark.parametrize("question", [
    {"type": "ping"}, {"type": "rooms"}, {"type": "members", "room": "r" * 200},
    {"type": "presence", "room": "r" * 200, "data": "x" * 2000}],
    ids=lambda x: x["type"])
def test_many_short_answers_are_all_given(service, question):
    with slow_reader(service) as ann:
        for n in range(100):
            room = "r" * (200 if n == 0 else 100 + n)
            ann.send_json(type="join", room=room, id=f"join-{n}")
        read(ann, [f"join-{n}" for n in range(100)])
        count = 6000 if question["type"] == "ping" else 150

        def ask():
            for n in range(count):
                ann.send_json(**question, id=n)

        # Who only sends would be held up, and read nothing.
        asking = threading.Thread(target=ask)
        asking.start()
        read(ann, range(count))
        asking.join()
        ann.send_json(type="ping", id="alive")
        ann.until("pong", id="alive")


def test_what_is_asked_for_and_not_taken_is_bounded(service):
    fill(service, ["tea"], 50, 10_000)
    with slow_reader(service) as ann:
        ann.send_json(type="join", room="tea", id="join")
        ann.until("reply", id="join")
        for n in range(60):
            ann.send_json(type="history", room="tea", limit=100, id=n)
        until = time.monotonic() + 2
        while time.monotonic() < until:
            held = scrape(service)["parlor_outbox_bytes"]
            # Twice what waits at most, for memory grows by doubling.
            assert held < 2 * (262_144 + 8 * 520_000), held
            time.sleep(0.05)
        read(ann, range(10))
