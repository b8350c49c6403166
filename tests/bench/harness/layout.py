# SPDX-License-Identifier: MIT
"""Tables for a terminal and for a document. A row with fewer cells than
there are headings says in its last one why it has no figures."""


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 1 else f"{value:.4g}"


def text(headings, rows):
    """Aligned columns."""
    rows = [headings, *rows]
    full = [row for row in rows if len(row) == len(headings)]
    widths = [max(len(row[i]) for row in full) for i in range(len(headings))]
    widths[0] = max(len(row[0]) for row in rows)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths))
        .rstrip() if len(row) == len(headings)
        else f"{row[0].ljust(widths[0])}  {row[1]}" for row in rows)


def markdown(headings, rows):
    def line(cells):
        safe = [cell.replace("|", "\\|") for cell in cells]
        return "| " + " | ".join(safe) + " |"
    lines = [line(headings), "|" + "---|" * len(headings)]
    for row in rows:
        missing = len(headings) - len(row)
        lines.append(line([*row, *[""] * missing]))
    return "\n".join(lines)
