# SPDX-License-Identifier: MIT
"""What a mutant is, and how many of them are put into one file (mutant
schemata): each is there, and one is active while the program runs."""

import difflib
import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edit:
    """Bytes `start` to `end` of the file become `text`. The mode says what the
    range is: `value` (an expression), `condition` (of an if or a loop),
    `statement` (with its semicolon) or `insert` (an empty range before a
    statement)."""
    start: int
    end: int
    mode: str
    text: str


@dataclass
class Mutant:
    kind: str
    path: str  # from the root of the tree
    function: str
    edits: tuple
    key: str = ""  # recognises the mutant when lines have moved
    number: int = 0  # its number in the instrumented build
    line: int = 0
    outcome: str = ""
    how: str = ""
    source: str = field(default="", repr=False)

    def mutated(self, source):
        """The source file with this mutant alone."""
        for edit in sorted(self.edits, key=lambda e: -e.start):
            source = source[:edit.start] + encoded(edit) + source[edit.end:]
        return source

    def diff(self, source):
        lines = [text.decode().splitlines(keepends=True)
                 for text in (source, self.mutated(source))]
        return "".join(difflib.unified_diff(
            *lines, f"a/{self.path}", f"b/{self.path}", n=2))


def encoded(edit):
    text = edit.text.encode()
    return text + b" " if edit.mode == "insert" else text


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def told(edit, source):
    text = squeezed(edit.text)
    if edit.mode == "insert":
        line = source[edit.start:].split(b"\n")[0].decode()
        return f"{text} before {squeezed(line)}"
    return f"{squeezed(source[edit.start:edit.end].decode())} -> {text}".strip()


def give_keys(mutants, source):
    """Equal slips in one function are numbered in the order of the file."""
    seen = {}
    for mutant in sorted(mutants, key=lambda m: (m.edits[0].start, m.kind,
                                                 m.edits[0].text)):
        what = " & ".join(told(edit, source) for edit in mutant.edits)
        where = f"{mutant.function}: " if mutant.function else ""
        key = f"{mutant.path}: {where}{mutant.kind}: {what}"
        seen[key] = seen.get(key, 0) + 1
        mutant.key = key if seen[key] == 1 else f"{key} #{seen[key]}"
        mutant.line = source[:mutant.edits[0].start].count(b"\n") + 1


SELECT = "parlor_mutant({})"


def wrapped(edit, number, original):
    """The text in the instrumented file. Lines stay where they are, so that an
    error of the compiler names the mutant."""
    active = SELECT.format(number)
    text = squeezed(edit.text)
    match edit.mode:
        case "insert":
            return f"if ({active}) {text} "
        case "statement":
            return f"{{ if ({active}) {{ {text} }} else {original} }}"
        case "condition":
            return f"({active} ? ({text}) : static_cast<bool>({original}))"
        case "value":
            return f"({active} ? ({text}) : ({original}))"
    raise ValueError(edit.mode)


def instrumented(source, mutants, header="mutation/runtime.hpp"):
    """The source file with all of these mutants, chosen by their numbers."""
    edits = [(edit, mutant.number) for mutant in mutants
             for edit in mutant.edits]
    edits.sort(key=lambda e: (e[0].start, e[0].end > e[0].start, -e[0].end))
    head = f'#include "{header}"\n#line 1\n'.encode()
    return head + rendered(source, 0, len(source), edits)


def rendered(source, start, end, edits):
    out = []
    at = start
    while edits:
        (edit, number), *edits = edits
        inner = []
        if edit.end > edit.start:
            inner = [e for e in edits if e[0].end <= edit.end
                     and e[0].start < edit.end]
            if len(inner) != sum(e[0].start < edit.end for e in edits):
                raise ValueError(f"mutants overlap at byte {edit.start}")
            edits = edits[len(inner):]
        out.append(source[at:edit.start])
        original = rendered(source, edit.start, edit.end, inner).decode()
        out.append(wrapped(edit, number, original).encode())
        at = edit.end
    out.append(source[at:end])
    return b"".join(out)
