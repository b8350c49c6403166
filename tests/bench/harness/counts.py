# SPDX-License-Identifier: MIT
"""Instructions per delivery, counted by callgrind. They hardly vary, so a
regression shows in one run on a machine that is not quiet."""

import json
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace

from .measure import WSLOAD_PATIENCE, fault_in, generate, wsload_command
from .process import cpu_when_idle
from .servers import Failure, Server
from .works import ARRIVING, PARLOR, Contender, Pace, Work, fanout

PACE = Pace(1, {"settle": 0.1})
# From here on a difference is worth a look; see docs/benchmarks.md.
NOTABLE_PCT = 1.0


@dataclass(frozen=True)
class Count:
    """A work of two sizes, of which only the difference counts: what the
    start, the joins and the end cost is in both."""

    work: Work
    size_option: str  # of wsload
    size: int
    counted: str      # what of its report the instructions are divided by


def by_rounds(work, rounds):
    """One after the other they come: what shares a send() with what, while all
    are told of each, would depend on how fast the server is."""
    calm = replace(work, options={**work.options, "concurrency": 1})
    return Count(calm, "rounds", rounds, "delivered_total")


COUNTED = (Contender("Parlor", "counted parlor"),)

COUNTS = (
    by_rounds(fanout("batched", "fan-out 1×100, 4 publishers × window 8",
                     members=100, publishers=4, window=8,
                     contenders=COUNTED), 50),
    by_rounds(fanout("unbatched", "fan-out 1×100, window 1", members=100,
                     contenders=COUNTED), 500),
    by_rounds(fanout("rooms", "20 rooms × 10, window 1", rooms=20,
                     members=10, contenders=COUNTED), 100),
    by_rounds(Work("private", "private messages, 20 pairs", "pingpong",
                   {"pairs": 20, "window": 1}, (), COUNTED,
                   publish="private"), 200),
    Count(Work("connect", "connect + join + vanish", "connect", {}, (),
               (replace(COUNTED[0], options=ARRIVING[1].options),),
               publish=None, traffic=False), "conns", 500, "conns"),
)


def available():
    return shutil.which("valgrind") is not None


def install(root):
    """Fails later where it fails, with valgrind's absence as the reason."""
    # Tables alone go to stdout.
    subprocess.run([str(root / "deploy" / "install-packages"),
                    str(root / "tests" / "bench" / "packages.txt")],
                   stdout=sys.stderr)


def instructions(log):
    """All instructions that callgrind counted."""
    found = re.search(r"refs:\s+([\d,]+)", log)
    if found is None:
        raise Failure("callgrind counted nothing: " + log.strip()[-300:])
    return int(found[1].replace(",", ""))


def run_once(programs, work, cores):
    """Instructions of a whole run on a fresh server, and wsload's report."""
    server = Server(programs, work.contenders[0], cores)
    try:
        server.wait_until_it_listens()
        report, status = generate(
            wsload_command(programs, work, PACE, server, cores),
            WSLOAD_PATIENCE)
        if fault := fault_in(report, status, work):
            raise Failure(fault)
        # Or its end would overtake the last disconnects.
        cpu_when_idle(server.pid, pause=0.1)
        server.stop()
        return instructions(server.file("callgrind.log").read_text()), report
    finally:
        server.kill()


def measure_one(programs, count, cores, progress):
    totals, units = [], []
    for size in (count.size, 2 * count.size):
        progress(f"count {count.work.id}: {count.size_option} {size}")
        work = replace(count.work, options={**count.work.options,
                                            count.size_option: size})
        total, report = run_once(programs, work, cores)
        totals.append(total)
        units.append(report[count.counted])
    return (totals[1] - totals[0]) / (units[1] - units[0])


def measure(programs, cores, progress):
    """A row for each count; `failed` says why it has no figure, or is None."""
    rows = []
    for count in COUNTS:
        row = {"id": count.work.id, "title": count.work.title,
               "failed": None, "instructions": None}
        try:
            row["instructions"] = measure_one(
                programs, count, cores, progress)
        except Failure as failure:
            row["failed"] = str(failure)
        rows.append(row)
    return rows


def versions(machine):
    """What the counts depend on besides Parlor's own code."""
    return f"{machine['compiler']}, {' '.join(platform.libc_ver())}"


def remarks(compared):
    """What makes the comparison doubtful, for people."""
    said = []
    if compared["versions"] != compared["accepted_versions"]:
        said.append("The accepted values are of other versions: "
                    f"{compared['accepted_versions'] or 'none'}")
    return said


def compare(rows, accepted):
    """Adds to each row the accepted value, where there is one, and by how
    many percent the row differs from it."""
    compared = []
    for row in rows:
        wanted = accepted.get(row["id"])
        counted = row["instructions"]
        differs = None
        if wanted and counted is not None:
            differs = 100 * (counted - wanted) / wanted
        compared.append({**row, "accepted": wanted, "differs_pct": differs})
    return compared


def read_accepted(path):
    if not path.is_file():
        return {"versions": None, "instructions": {}}
    return json.loads(path.read_text(encoding="utf-8"))


def write_accepted(path, rows, versions):
    """A row without a figure keeps its accepted value."""
    values = read_accepted(path)["instructions"]
    values.update({row["id"]: round(row["instructions"], 1) for row in rows
                   if row["instructions"] is not None})
    path.write_text(json.dumps(
        {"versions": versions, "instructions": values}, indent=2) + "\n",
        encoding="utf-8")
