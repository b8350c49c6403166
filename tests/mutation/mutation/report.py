# SPDX-License-Identifier: MIT
"""What came of the mutants: kept in a file, printed, and counted."""

import json
import pathlib

from . import drawing

NOTICED = ("failed", "hung")
MISSED = ("missed", "unreached")


def equivalents(file):
    """Key: reason, of the mutants that change nothing. In the file a reason is
    indented below its key."""
    reasons = {}
    key = None
    for line in pathlib.Path(file).read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            if key is None:
                raise SystemExit(f"mutation: a reason without a key: {line}")
            reasons[key] = f"{reasons[key]} {line.strip()}".strip()
        else:
            key = line.strip()
            reasons[key] = ""
    without = [x for x, reason in reasons.items() if not reason]
    if without:
        raise SystemExit(f"mutation: no reason for {without[0]}")
    return reasons


class Results:
    """Outcomes by key, written as they come."""

    def __init__(self, place, resume):
        self.file = pathlib.Path(place, "results.json")
        self.before = json.loads(self.file.read_text()) \
            if resume and self.file.exists() else {}
        self.all = {}

    def known(self, key):
        """The outcome and how, of what was noticed before."""
        before = self.before.get(key)
        return before if before and before[0] in NOTICED else None

    def note(self, key, outcome, how):
        self.all[key] = [outcome, how]
        self.file.write_text(json.dumps({**self.before, **self.all}, indent=1))


def told(mutant, outcome, how):
    names = {"failed": "noticed", "hung": "noticed, hangs",
             "unreached": "MISSED, reached by no test", "missed": "MISSED"}
    line = f"{names.get(outcome, outcome)}: {mutant.path}:{mutant.line}: " \
        f"{mutant.kind}"
    return f"{line}; {how}" if how else line


def table(mutants):
    """By folder and by group, as docs/correctness.md has it."""
    rows = {}
    for mutant in mutants:
        group = drawing.group_of(mutant.path)
        for name in ((group, drawing.folder_of(mutant.path)), (group, "")):
            row = rows.setdefault(name, [0, 0, 0, 0])
            row[0] += 1
            row[1] += mutant.outcome in NOTICED
            row[2] += mutant.outcome == "equivalent"
            row[3] += mutant.outcome in MISSED
    lines = ["| Group | Folder | Drawn | Noticed | Equivalent | Missed | Score |",
             "|---|---|---|---|---|---|---|"]
    for (group, folder), row in sorted(rows.items()):
        counted = row[1] + row[3]
        score = f"{100 * row[1] / counted:.0f} %" if counted else ""
        name = folder or "**all**"
        lines.append(f"| {group} | {name} | {row[0]} | {row[1]} | {row[2]} "
                     f"| {row[3]} | {score} |")
    return "\n".join(lines)
