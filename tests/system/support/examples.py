# SPDX-License-Identifier: MIT
"""The examples of docs/protocol.md: fenced blocks of the language `parlor`.

    # /ws/ann?room=tea           connects the one client of the block
    # bob /chat/bob              connects a client with a name
    > {"type":"ping"}            a frame that the client sends
    bob< {"type":"pong"}         the next frame that `bob` gets
    # bob closes                 ends the connection of `bob`

Frames are compared whole; the value "*" stands for any. A value like "$E" is
learned where it is first expected, and is the same wherever else it stands. Lines that are no
JSON are frames of the dialect `text`. The greeting `connected` need not be
shown. Without a line `#` the client is /ws/alice.
"""

import json
import re
from dataclasses import dataclass, field

from .client import Client

STEP = re.compile(r"(?:(?P<name>\w+) ?)?(?P<sign>[<>]) (?P<frame>.*)")
PLACE = re.compile(r"# ?(?:(?P<name>\w+) )?(?P<target>/\S+|closes)$")
NAMED = re.compile(r"\$\w+")


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


def same(expected, real, known=None):
    """Equal, member for member, but for "*" and what is learned as `known`."""
    known = {} if known is None else known
    if expected == "*":
        return True
    if isinstance(expected, str) and NAMED.fullmatch(expected):
        return known.setdefault(expected, real) == real
    if isinstance(expected, dict) and isinstance(real, dict):
        return expected.keys() == real.keys() and all(
            same(value, real[key], known) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(real, list):
        return len(expected) == len(real) and all(
            same(*pair, known) for pair in zip(expected, real))
    return type(expected) is type(real) and expected == real


def filled_in(text, known):
    """A frame to send, with what was learned."""
    return NAMED.sub(
        lambda name: str(known.get(name.group(), name.group())), text)


class Visitor(Client):
    """A client of either kind of dialect."""

    decode = staticmethod(parsed)

    def __init__(self, server, target):
        super().__init__(server, target, greeted=False)
        self._shown = False

    async def compare(self, expected, known):
        real = await self.receive()
        if not self._shown and is_greeting(real) and not is_greeting(expected):
            real = await self.receive()
        self._shown = True
        assert same(expected, real, known), (
            f"expected {json.dumps(expected)}\n  got    {json.dumps(real)}"
            f"\n  where  {json.dumps(known)}")


def is_greeting(frame):
    return isinstance(frame, dict) and frame.get("type") == "connected"
