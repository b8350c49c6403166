# SPDX-License-Identifier: MIT
"""The examples of docs/protocol.md: fenced blocks of the language `parlor`.

    # /ws/ann?room=tea           connects the one client of the block
    # bob /chat/bob              connects a client with a name
    > {"type":"ping"}            a frame that the client sends
    bob< {"type":"pong"}         the next frame that `bob` gets

Frames are compared whole; the value "*" stands for any. Lines that are no
JSON are frames of the dialect `text`. The greeting `connected` need not be
shown. Without a line `#` the client is /ws/alice.
"""

import json
import re
from dataclasses import dataclass, field

from .client import Client

STEP = re.compile(r"(?:(?P<name>\w+) ?)?(?P<sign>[<>]) (?P<frame>.*)")
PLACE = re.compile(r"# ?(?:(?P<name>\w+) )?(?P<target>/\S+)$")


@dataclass
class Example:
    """The first line's number, and the lines."""

    line: int
    lines: list = field(default_factory=list)

    def steps(self):
        """(name, sign, frame or target) with the sign `#` for connecting."""
        found = []
        for number, text in enumerate(self.lines, self.line):
            if not text.strip():
                continue
            match = STEP.fullmatch(text) or PLACE.fullmatch(text)
            assert match, f"line {number} is no step of an example: {text}"
            name = match["name"] or ""
            sign = "#" if text.startswith("#") else match["sign"]
            if sign != "#" and not any(
                    one[:2] == (name, "#") for one in found):
                assert not name, f"line {number}: {name} is not connected"
                found.append(("", "#", "/ws/alice"))
            found.append((name, sign, match[
                "target" if sign == "#" else "frame"]))
        return found


def examples(markdown):
    """All blocks of the language `parlor`."""
    found, open_block = [], None
    for number, line in enumerate(markdown.splitlines(), 1):
        if open_block is not None and line.strip() == "```":
            found.append(open_block)
            open_block = None
        elif open_block is not None:
            open_block.lines.append(line)
        elif line.strip() == "```parlor":
            open_block = Example(number + 1)
    assert open_block is None, "a block is not closed"
    return found


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def same(expected, real):
    """Equal, member for member, but for "*"."""
    if expected == "*":
        return True
    if isinstance(expected, dict) and isinstance(real, dict):
        return expected.keys() == real.keys() and all(
            same(value, real[key]) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(real, list):
        return len(expected) == len(real) and all(map(same, expected, real))
    return type(expected) is type(real) and expected == real


class Visitor(Client):
    """A client of either kind of dialect."""

    decode = staticmethod(parsed)

    def __init__(self, server, target):
        super().__init__(server, target, greeted=False)
        self._shown = False

    async def compare(self, expected):
        real = await self.receive()
        if not self._shown and is_greeting(real) and not is_greeting(expected):
            real = await self.receive()
        self._shown = True
        assert same(expected, real), (
            f"expected {json.dumps(expected)}\n  got    {json.dumps(real)}")


def is_greeting(frame):
    return isinstance(frame, dict) and frame.get("type") == "connected"
