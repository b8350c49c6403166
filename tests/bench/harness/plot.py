# SPDX-License-Identifier: MIT
"""The table of works as a picture: for each figure a bar per contender, its
ratio to the reference on a logarithmic scale."""

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH = 860
LEFT, RIGHT = 90, 70  # names; values
TOP = 66              # title, note and scale
BAR, HEADING, GAP = 16, 20, 8

# Grey is read on white and on black; a viewer in the dark gets brighter.
STYLE = """
text { font: 12px sans-serif; fill: #6e7781; }
.title { font-size: 15px; font-weight: bold; }
.work { font-weight: bold; }
.value, .tick { font-size: 11px; }
.subject { fill: #2f81f7; }
.peer { fill: #8c959f; }
.grid { stroke: #8c959f; stroke-opacity: .3; }
.one { stroke: #8c959f; stroke-width: 1.5; }
.goal { stroke: #d4700a; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #adbac7; }
  .peer { fill: #768390; }
}
"""


@dataclass(frozen=True)
class Bars:
    """One figure: who has which ratio to the reference, and the goal's."""

    title: str
    ratios: dict
    subject: str
    goal: float


def bars_of(result, figure):
    """None where there is nothing to be a ratio of."""
    medians = {name: summary["median"]
               for name, summary in figure["contenders"].items()}
    reference = medians.pop(result["reference"], 0)
    ratios = {name: median / reference for name, median in medians.items()
              if median > 0} if reference > 0 else {}
    if not ratios:
        return None
    goal = figure["max_ratio"]
    if goal is None and figure["at_most"] is not None:
        goal = figure["at_most"] / reference
    title = f"{result['title']} {figure['name']}".strip()
    return Bars(title, ratios, result["subject"], goal)


def all_bars(results):
    found = [bars_of(result, figure) for result in results
             for figure in result["figures"]]
    return [bars for bars in found if bars is not None]


def steps(least, most):
    """1, 2, 5, 10 and so on, from below the least to above the most."""
    exponents = range(math.floor(math.log10(least)) - 1,
                      math.ceil(math.log10(most)) + 2)
    # Not 10 ** exponent * digit: that would be 0.30000000000000004 and such.
    marks = [float(f"{digit}e{exponent}")
             for exponent in exponents for digit in (1, 2, 5)]
    first = max(i for i, mark in enumerate(marks) if mark <= least)
    last = min(i for i, mark in enumerate(marks) if mark >= most)
    return marks[first:last + 1]


class Scale:
    """From ratios to places on the line."""

    def __init__(self, groups):
        values = [1.0]
        for bars in groups:
            values += bars.ratios.values()
            values += [bars.goal] if bars.goal else []
        self.marks = steps(min(values), max(values))
        if len(self.marks) == 1:
            self.marks = [0.5, 1.0, 2.0]
        self._low = math.log(self.marks[0])
        self._span = math.log(self.marks[-1]) - self._low

    def __call__(self, ratio):
        share = (math.log(ratio) - self._low) / self._span
        return LEFT + share * (WIDTH - LEFT - RIGHT)


def text(x, y, content, style, anchor="start"):
    return (f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" '
            f'text-anchor="{anchor}">{escape(content)}</text>')


def line(x, top, bottom, style):
    return (f'<line class="{style}" x1="{x:.1f}" y1="{top:.1f}" '
            f'x2="{x:.1f}" y2="{bottom:.1f}"/>')


def draw_grid(scale, top, bottom):
    return [line(scale(mark), top, bottom, "one" if mark == 1 else "grid")
            for mark in scale.marks]


def draw_bar(scale, y, name, ratio, style):
    one, end = scale(1), scale(ratio)
    return [text(LEFT - 6, y + BAR - 5, name, "name", "end"),
            f'<rect class="{style}" x="{min(one, end):.1f}" y="{y + 2:.1f}" '
            f'width="{max(abs(end - one), 1):.1f}" height="{BAR - 4}"/>',
            text(max(one, end) + 4, y + BAR - 5, f"{ratio:.2f}", "value")]


def draw_group(scale, y, bars):
    parts = [text(LEFT, y + HEADING - 6, bars.title, "work")]
    y += HEADING
    parts += draw_grid(scale, y, y + BAR * len(bars.ratios))
    for name, ratio in bars.ratios.items():
        subject = name == bars.subject
        parts += draw_bar(scale, y, name, ratio,
                          "subject" if subject else "peer")
        if subject and bars.goal:
            parts.append(line(scale(bars.goal), y, y + BAR, "goal"))
        y += BAR
    return parts


def svg(results):
    """The whole picture; works that failed are not in it."""
    groups = all_bars(results)
    scale = Scale(groups)
    body, y = [], TOP + GAP
    for bars in groups:
        body += draw_group(scale, y, bars)
        y += HEADING + BAR * len(bars.ratios) + GAP
    title = "Cost as a ratio to limit's (2 I/O threads: to one thread's)"
    note = "logarithmic; shorter is better; orange: Parlor's goal"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'height="{y}" viewBox="0 0 {WIDTH} {y}" role="img">',
        f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>",
        text(8, 20, title, "title"),
        text(8, 38, note, "tick"),
        *(text(scale(mark), TOP - 6, f"{mark:g}", "tick", "middle")
          for mark in scale.marks),
        *body, "</svg>", ""])
