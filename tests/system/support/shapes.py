# SPDX-License-Identifier: MIT
"""Whole frames, for comparing with `==`; ANY stands for any value."""

import re
from unittest.mock import ANY


class _Timestamp:
    """RFC 3339, UTC, milliseconds."""

    def __eq__(self, other):
        return isinstance(other, str) and re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", other) is not None

    def __repr__(self):
        return "<a timestamp>"


TIMESTAMP = _Timestamp()


def error(code, **fields):
    return {"type": "error", "code": code, "message": ANY, "retryable": ANY,
            **fields}


def chat(room, content, sender, seq, **more):
    return {"type": "chat", "room": room, "content": content,
            "sender": sender, "timestamp": TIMESTAMP, "seq": seq, **more}


def api_chat(room, content, sender, seq):
    """The same where the HTTP API said it."""
    return chat(room, content, sender, seq, origin="api")


def message(room, content, user_id, seq, **more):
    return {"type": "message", "user_id": user_id, "room": room,
            "content": content, "timestamp": TIMESTAMP, "seq": seq, **more}


def user_joined(user_id, room, members, seq):
    return {"type": "user_joined", "user_id": user_id, "room": room,
            "members": members, "seq": seq}


def user_left(user_id, room, reason, seq):
    return {"type": "user_left", "user_id": user_id, "room": room,
            "reason": reason, "seq": seq}
