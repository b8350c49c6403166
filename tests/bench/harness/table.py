# SPDX-License-Identifier: MIT
"""The results as tables: for each, its headings and rows."""

from .attacks import GOAL_MS
from .counts import NOTABLE_PCT
from .layout import number

# More than this of the server's core taken by others makes figures doubtful.
FOREIGN_LIMIT = 10


def spread(summary):
    """`median (min–max)`, the median alone where there was one run."""
    if len(summary["values"]) == 1:
        return number(summary["median"])
    return (f"{number(summary['median'])} "
            f"({number(summary['min'])}–{number(summary['max'])})")


def goal(figure):
    if figure["max_ratio"] is not None:
        return f"≤ {figure['max_ratio']:g} ×"
    if figure["at_most"] is not None:
        return f"≤ {figure['at_most']:,g} {figure['unit']}"
    return "–"


def peers_of(results):
    """Their names, in the order of their columns."""
    return list(dict.fromkeys(
        name for result in results for name in result["peers"]))


def peer_cell(result, figure, name):
    if name in figure["contenders"]:
        return spread(figure["contenders"][name])
    return "–" if name in result["peers"] else ""


def work_rows(result, peers):
    if result["failed"]:
        return [(result["title"], f"FAILED: {result['failed']}")]
    rows = []
    for figure in result["figures"]:
        by_name = figure["contenders"]
        title = f"{result['title']} {figure['name']}".strip()
        ratio = figure["ratio"]
        rows.append((
            title, figure["unit"],
            f"{result['reference']}: {spread(by_name[result['reference']])}",
            spread(by_name[result["subject"]]),
            "–" if ratio is None else f"{ratio:.2f}", goal(figure),
            {None: "–", True: "yes", False: "no"}[figure["met"]],
            *(peer_cell(result, figure, name) for name in peers)))
    return rows


def works(results):
    peers = peers_of(results)
    headings = ("work", "unit", "against", "Parlor", "ratio", "goal", "met",
                *peers)
    return headings, [row for result in results
                      for row in work_rows(result, peers)]


def count_row(row):
    if row["failed"]:
        return row["title"], f"FAILED: {row['failed']}"
    differs = row["differs_pct"]
    return (row["title"], f"{row['instructions']:,.1f}",
            "–" if row["accepted"] is None else f"{row['accepted']:,.1f}",
            "–" if differs is None else f"{differs:+.1f} %"
            + (" !" if abs(differs) > NOTABLE_PCT else ""))


def counts(rows):
    return (("instructions per delivery", "counted", "accepted", "differs"),
            [count_row(row) for row in rows])


def sizes(growth):
    return (("members", "join, µs", "leave, µs", "disconnect, µs",
             "within 1.5 s after a join, ms"),
            [(f"{size['members']:,}",
              *(number(size[key]) for key in (
                  "join_us", "leave_us", "disconnect_us", "later_ms")))
             for size in growth["sizes"]])


def rooms(growth):
    def mib(kib):
        return f"{kib / 1024:.1f}"
    return (("round", "room opened, µs", "room ended, µs",
             "resident before, MiB", "with 10,000 rooms", "after"),
            [(str(i), number(one["open_us"]), number(one["end_us"]),
              *(mib(one[key]) for key in (
                  "before_kib", "with_kib", "after_kib")))
             for i, one in enumerate(growth["rooms"], 1)])


def attack_row(row):
    if row["failed"]:
        return row["title"], f"FAILED: {row['failed']}"
    latency = row["latency_ms"]
    return (row["title"],
            *(number(latency[key]) for key in ("median", "p99", "max")),
            "yes" if latency["p99"] < GOAL_MS else "no")


def attacks(rows):
    return (("what others send", "median, ms", "p99, ms", "longest, ms",
             f"p99 < {GOAL_MS} ms"), [attack_row(row) for row in rows])


PLACES = {("a", "b"): "publisher's (a), b confirms",
          ("b", "a"): "member's (b), a confirms",
          ("c", "a"): "the third (c), a confirms"}


def deliveries(cluster):
    return (("home", "in flight", "a, µs", "b, µs", "c, µs", "all, µs",
             "one node, µs", "ratio"),
            [(PLACES[row["home"], row["standby"]], str(row["in_flight"]),
              *(spread(row[name])
                for name in ("a", "b", "c", "all", "one", "ratio")))
             for row in cluster["deliveries"]])


LOADS = {"rate": "1,200/s", "window": "all they take"}


def loads(cluster):
    return (("members of a room", "messages", "one node, µs", "all three, µs", "ratio",
             "the busiest, µs", "three carry, × one"),
            [("on all three nodes" if row["spread"] else "on one of the nodes",
              LOADS[row["load"]],
              *(spread(row[name])
                for name in ("one", "all", "ratio", "busiest", "capacity")))
             for row in cluster["loads"]])


def beside(cluster):
    """What there is to say of the machine and of nodes that do nothing."""
    if not cluster["idle"]:
        return []
    low, high = min(cluster["idle"]), max(cluster["idle"])
    before = ", ".join(f"{load:.1f}" for load in cluster["load"])
    return ["", f"A node without anything to do: {number(low)}–{number(high)} "
            "µs of CPU time a second; taken off in this table. Load averages "
            f"before the runs: {before}."]


def peer_failures(results):
    """Why a peer has no figure in a row."""
    return [f"{name}, {result['title']}: {reason}" for result in results
            for name, reason in result["peer_failures"].items()]


def doubts(results):
    """Works whose figures other processes may have spoilt."""
    return [f"{r['title']}: other processes took up to "
            f"{r['foreign_pct']:.0f} % of the server's core"
            for r in results if r["foreign_pct"] > FOREIGN_LIMIT]
