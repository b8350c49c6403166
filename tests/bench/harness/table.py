# SPDX-License-Identifier: MIT
"""The results as a table, for a terminal and for docs/benchmarks.md."""

HEADINGS = ("work", "unit", "against", "Parlor", "ratio", "goal", "met")

# More than this of the server's core taken by others makes figures doubtful.
FOREIGN_LIMIT = 10


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 1 else f"{value:.4g}"


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


def lines_of(result, peers):
    if result["failed"]:
        return [(result["title"], f"FAILED: {result['failed']}")]
    lines = []
    for figure in result["figures"]:
        by_name = figure["contenders"]
        title = f"{result['title']} {figure['name']}".strip()
        ratio = figure["ratio"]
        lines.append((
            title, figure["unit"],
            f"{result['reference']}: {spread(by_name[result['reference']])}",
            spread(by_name[result["subject"]]),
            "–" if ratio is None else f"{ratio:.2f}", goal(figure),
            {None: "–", True: "yes", False: "no"}[figure["met"]],
            *(peer_cell(result, figure, name) for name in peers)))
    return lines


def text(results):
    """Aligned columns; a failed row says why behind its title."""
    peers = peers_of(results)
    headings = (*HEADINGS, *peers)
    rows = [headings] + [line for r in results for line in lines_of(r, peers)]
    full = [row for row in rows if len(row) == len(headings)]
    widths = [max(len(row[i]) for row in full) for i in range(len(headings))]
    widths[0] = max(len(row[0]) for row in rows)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths))
        .rstrip() if len(row) == len(headings)
        else f"{row[0].ljust(widths[0])}  {row[1]}" for row in rows)


def markdown(results):
    def line(cells):
        safe = [cell.replace("|", "\\|") for cell in cells]
        return "| " + " | ".join(safe) + " |"
    peers = peers_of(results)
    headings = (*HEADINGS, *peers)
    rows = [line(headings), "|" + "---|" * len(headings)]
    for result in results:
        for cells in lines_of(result, peers):
            missing = len(headings) - len(cells)
            rows.append(line([*cells, *[""] * missing]))
    return "\n".join(rows)


def peer_failures(results):
    """Why a peer has no figure in a row."""
    return [f"{name}, {result['title']}: {reason}" for result in results
            for name, reason in result["peer_failures"].items()]


def doubts(results):
    """Works whose figures other processes may have spoilt."""
    return [f"{r['title']}: other processes took up to "
            f"{r['foreign_pct']:.0f} % of the server's core"
            for r in results if r["foreign_pct"] > FOREIGN_LIMIT]
