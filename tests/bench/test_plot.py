# SPDX-License-Identifier: MIT
"""What the picture shows."""

import xml.etree.ElementTree

from harness import plot
from results_for_tests import figure, work

SPACE = "{http://www.w3.org/2000/svg}"

RESULTS = [work([figure(limit=[2.0], Parlor=[1.0], ws=[300.0])],
                title="1×1000 & <more>"),
           work([], failed="Parlor: died")]


def drawn(kind, results=RESULTS):
    root = xml.etree.ElementTree.fromstring(plot.svg(results))
    return list(root.iter(SPACE + kind))


def box(text):
    """Roughly where a text is: a letter is 0.6 of its height wide."""
    size = {"title": 15, "value": 11, "tick": 11}.get(text.get("class"), 12)
    width = 0.6 * size * len(text.text)
    left = float(text.get("x")) - {
        "start": 0, "middle": width / 2, "end": width}[text.get("text-anchor")]
    bottom = float(text.get("y"))
    return left, left + width, bottom - size * 0.8, bottom


def test_each_contender_but_the_reference_has_a_bar():
    assert [bar.get("class") for bar in drawn("rect")] == ["subject", "peer"]
    names = [t.text for t in drawn("text") if t.get("class") == "name"]
    assert names == ["Parlor", "ws"]


def test_the_bars_end_where_the_ratio_is():
    scale = plot.Scale(plot.all_bars(RESULTS))
    cheaper, dearer = drawn("rect")
    assert float(cheaper.get("x")) == round(scale(0.5), 1)
    right = float(dearer.get("x")) + float(dearer.get("width"))
    assert abs(right - scale(150)) < 0.2
    assert scale(0.5) < scale(1) < scale(150) <= plot.WIDTH - plot.RIGHT


def test_texts_do_not_overlap_and_are_inside():
    boxes = [box(text) for text in drawn("text")]
    height = float(drawn("svg")[0].get("height"))
    for i, (left, right, top, bottom) in enumerate(boxes):
        assert 0 <= left and right <= plot.WIDTH
        assert 0 <= top and bottom <= height
        for other in boxes[:i]:
            assert (right <= other[0] or other[1] <= left
                    or bottom <= other[2] or other[3] <= top)


def test_the_scale_has_round_marks_around_all_values():
    assert plot.steps(0.3, 30) == [0.2, 0.5, 1, 2, 5, 10, 20, 50]
    assert plot.steps(1, 10) == [1, 2, 5, 10]


def test_a_goal_in_units_is_a_ratio_too():
    one = figure(limit=[200.0], Parlor=[6000.0])
    one.update(max_ratio=None, at_most=4000)
    [bars] = plot.all_bars([work([one])])
    assert bars.goal == 20 and bars.ratios == {"Parlor": 30}
