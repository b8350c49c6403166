# SPDX-License-Identifier: MIT
"""Reads the server's frames. What is not of this protocol raises FrameError;
unknown types and members are no fault (docs/protocol.md, "Server to client")."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Dict, List, Optional, Type, TypeVar

from .errors import FrameError

Frame = Dict[str, Any]

T = TypeVar("T")


def parse(text: str) -> Frame:
    """A JSON object with a type."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise FrameError("a frame is no JSON") from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise FrameError("a frame is no object with a type")
    return frame


def text_of(frame: Frame, member: str) -> str:
    value = frame.get(member)
    if not isinstance(value, str):
        raise FrameError(f"{_type_of(frame)}: {member} is no string")
    return value


def number_of(frame: Frame, member: str,
              default: Optional[int] = None) -> int:
    value = frame.get(member, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise FrameError(f"{_type_of(frame)}: {member} is no integer")
    return value


def names_of(frame: Frame, member: str) -> List[str]:
    return _list_of(frame, member, str)


def object_of(frame: Frame, member: str) -> Frame:
    value = frame.get(member)
    if not isinstance(value, dict):
        raise FrameError(f"{_type_of(frame)}: {member} is no object")
    return value


def objects_of(frame: Frame, member: str) -> List[Frame]:
    return _list_of(frame, member, dict)


def time_of(frame: Frame, member: str = "timestamp") -> datetime:
    """RFC 3339 in UTC."""
    try:
        return datetime.fromisoformat(
            text_of(frame, member).replace("Z", "+00:00"))
    except ValueError:
        raise FrameError(f"{_type_of(frame)}: {member} is no time") from None


def origin_of(frame: Frame) -> Optional[str]:
    origin = frame.get("origin")
    return origin if isinstance(origin, str) else None


def _list_of(frame: Frame, member: str, kind: Type[T]) -> List[T]:
    value = frame.get(member)
    if not isinstance(value, list) or not all(
            isinstance(x, kind) for x in value):
        raise FrameError(
            f"{_type_of(frame)}: {member} is no list of {kind.__name__}")
    return value


def _type_of(frame: Frame) -> str:
    return str(frame.get("type", "a part"))[:40]
