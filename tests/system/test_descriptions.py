# SPDX-License-Identifier: MIT
"""/asyncapi.yaml and /openapi.yaml, and that what they do not say is noticed."""

import json

import pytest

from support import described_http
from support.conversation import Conversation, dialect_of
from support.description import take_complaints
from support.environment import REPOSITORY


@pytest.mark.parametrize("name", ["asyncapi.yaml", "openapi.yaml"])
def test_a_description_is_served(server, name):
    answer = server.http.get(f"/{name}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/yaml"
    assert answer.body == (REPOSITORY / "docs" / name).read_bytes()
    known = server.http.get(f"/{name}", If_None_Match=answer.headers["etag"])
    assert (known.status, known.body) == (304, b"")


CHAT = {"type": "chat", "room": "r", "content": 1, "sender": "ann",
        "timestamp": "2026-11-21T01:02:03.004Z", "seq": 1}


@pytest.mark.parametrize("dialect, frame, problem", [
    ("typed", CHAT, None),
    ("action", CHAT, "this type of frame"),
    ("typed", {**CHAT, "user_id": "ann"}, "'user_id' was unexpected"),
    ("typed", {**CHAT, "seq": 0}, "at $['seq']"),
    ("typed", {"type": "dance"}, "this type of frame"),
    ("typed", "dance", "no JSON object with a type"),
    ("typed", {"type": "closing", "code": 4004, "reason": "Kicked",
               "reconnect": True}, "at $['reconnect']"),
    ("typed", {"type": "closing", "code": 4008, "reason": "slow consumer",
               "reconnect": False}, "that this close is announced")])
def test_a_frame_that_is_not_described_is_noticed(dialect, frame, problem):
    Conversation(dialect).received(json.dumps(frame))
    found = take_complaints()
    assert problem in found if problem else not found


def test_a_reply_is_that_of_what_was_asked():
    reply = {"type": "reply", "id": 1, "ok": True, "room": "r"}
    for command, problem in (("leave", ""), ("ping", ""),
                             ("members", "is not valid under any of"),
                             ("chat", "'room' was unexpected"),
                             ("dance", "it has no such type")):
        talk = Conversation("typed")
        talk.sent(json.dumps({"type": command, "id": 1, "room": "r",
                              "content": 1}))
        talk.received(json.dumps(reply))
        assert problem in take_complaints(), command


@pytest.mark.parametrize("line, described", [
    ("ann: hi", True), ("ann joined tea", True), ("error: no", True),
    ('{"type"', False), ("ann went", False)])
def test_a_line_that_is_not_described_is_noticed(line, described):
    Conversation("text").received(line)
    assert (take_complaints() == "") is described


@pytest.mark.parametrize("code, reason, announced, problem", [
    (4004, "Kicked", True, ""), (4008, "slow consumer", False, ""),
    (4004, "Kicked", False, "without `closing`"),
    (4004, "kicked out", True, "this reason of a close"),
    (4010, "", False, "this close")])
def test_a_close_that_is_not_described_is_noticed(
        code, reason, announced, problem):
    talk = Conversation("typed")
    if announced:
        talk.received(json.dumps({"type": "closing", "code": code,
                                  "reason": reason, "reconnect": False}))
    talk.closed(code, reason)
    assert problem in take_complaints()


HEADERS = [("Server", "parlor"), ("Connection", "close"),
           ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
           ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
JSON = ("Content-Type", "application/json")
LIVE = b'{"status":"live"}'


@pytest.mark.parametrize("path, status, headers, body, problem", [
    ("/health/live", 200, [*HEADERS, JSON], LIVE, ""),
    ("/health/live", 200, [*HEADERS, JSON], b'{"status":"well"}', "at $["),
    ("/health/live", 200, [*HEADERS, JSON], b"live", "not JSON"),
    ("/health/live", 200, [*HEADERS, ("X-New", "1"), JSON], LIVE, "x-new"),
    ("/health/live", 200, [*HEADERS[1:], JSON], LIVE, "server is missing"),
    ("/health/live", 200, [*HEADERS, ("Content-Type", "text/plain")], LIVE,
     "content type text/plain"),
    ("/health/live", 204, HEADERS, b"", "the answer 204"),
    ("/health/live", 404, [*HEADERS, JSON], b"{}", "the answer 404"),
    ("/nowhere", 200, [*HEADERS, JSON], LIVE, "the answer 200")])
def test_an_answer_that_is_not_described_is_noticed(
        path, status, headers, body, problem):
    described_http.check("GET", path, None, status, headers, body)
    found = take_complaints()
    assert problem in found if problem else not found


def test_the_dialect_of_a_connection_is_known():
    assert dialect_of("/ws/ann") == "typed"
    assert dialect_of("/chat/ann?room=a") == "action"
    assert dialect_of("/ws", ws_dialect="text") == "text"
    assert dialect_of("/ws/ann?dialect=action") == "action"
    assert dialect_of("/chat/ann?dialect=text",
                      ["mqtt", " parlor.typed.v1"]) == "typed"
