# SPDX-License-Identifier: MIT
"""What the service would not take is refused before it is sent: it would be
refused on each connection, or end it."""

from __future__ import annotations

import json
import re
from typing import Any, Mapping, Optional, Sequence, Union

from .errors import ParlorError

#: What can be published: any JSON value.
Json = Union[
    None, bool, int, float, str, Sequence["Json"], Mapping[str, "Json"]]

_NAME_BYTES = 255
_CONTROL = re.compile("[\u0000-\u001f\u007f-\u009f]")


def check_name(what: str, name: object) -> None:
    """Of a user, a room, a key or a signal. Raises `bad_request`."""
    problem = _problem_of_name(name)
    if problem:
        raise ParlorError("bad_request", f"{what} {problem}")


def check_count(what: str, count: object) -> None:
    """Of a number that counts something; None where it was left out."""
    if count is None or (isinstance(count, int) and not isinstance(count, bool)
                         and count >= 0):
        return
    raise ParlorError("bad_request", f"{what} has to be an integer from 0 on")


def check_positive(what: str, count: object) -> None:
    """Of a number that bounds something."""
    if isinstance(count, int) and not isinstance(count, bool) and count > 0:
        return
    raise ParlorError("bad_request", f"{what} has to be an integer from 1 on")


def frame_text(frame: Mapping[str, Any], json_depth: int) -> str:
    """A frame as it is sent, whose values nest to `json_depth` at most. Raises
    `bad_json`."""
    try:
        text = json.dumps(frame, ensure_ascii=False, allow_nan=False,
                          separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError, RecursionError) as cause:
        raise ParlorError("bad_json", _reason(cause)) from cause
    if _depth(frame) > json_depth:
        raise ParlorError("bad_json", f"nested deeper than {json_depth}")
    return text


def _reason(cause: Exception) -> str:
    if isinstance(cause, UnicodeEncodeError):
        return "half of a surrogate pair"
    if isinstance(cause, RecursionError):
        return "nested too deep"
    return str(cause)


def _problem_of_name(name: object) -> Optional[str]:
    if not isinstance(name, str):
        return "has to be a string"
    if name == "":
        return "is empty"
    if _CONTROL.search(name):
        return "has a control character"
    try:
        encoded = name.encode()
    except UnicodeEncodeError:
        return "has half of a surrogate pair"
    if len(encoded) > _NAME_BYTES:
        return f"has more than {_NAME_BYTES} bytes of UTF-8"
    return None


def _depth(value: object) -> int:
    """How deep it nests. Level by level: the recursion limit is not ours."""
    depth = 0
    level: list[object] = [value]
    while level:
        inner: list[object] = []
        found = False
        for x in level:
            if isinstance(x, dict):
                found = True
                inner.extend(x.values())
            elif isinstance(x, (list, tuple)):
                found = True
                inner.extend(x)
        depth += found
        level = inner
    return depth
