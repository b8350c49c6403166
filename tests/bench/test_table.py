# SPDX-License-Identifier: MIT
"""What a table says of results."""

from harness import layout, table
from results_for_tests import figure, work

BESIDE_PEERS = work([figure(limit=[2.0], Parlor=[3.0, 2.0, 4.0], ws=[8.0])],
                    peers=["ws", "nchan"],
                    peer_failures={"nchan": "ended at start: no module"})


def test_a_row_has_medians_spread_and_ratio():
    headings, [row] = table.works([work([figure(
        limit=[2.0], Parlor=[3.0, 2.0, 4.0])])])
    assert dict(zip(headings, row)) == {
        "work": "rooms", "unit": "µs", "against": "limit: 2",
        "Parlor": "3 (2–4)", "ratio": "1.50", "goal": "≤ 1.1 ×", "met": "no"}


def test_peers_have_columns_of_their_own():
    headings, [row] = table.works([BESIDE_PEERS])
    assert headings[-2:] == ("ws", "nchan") and row[-2:] == ("8", "–")


def test_a_peer_that_failed_hides_no_figure_of_parlor():
    _, [row] = table.works([BESIDE_PEERS])
    assert row[3] == "3 (2–4)"
    assert table.peer_failures([BESIDE_PEERS]) == [
        "nchan, rooms: ended at start: no module"]


def test_a_row_that_no_peer_was_in_leaves_their_columns_empty():
    _, rows = table.works(
        [BESIDE_PEERS, work([figure(limit=[1.0], Parlor=[1.0])])])
    assert rows[1][-2:] == ("", "")


def test_a_failed_row_says_why():
    _, [row] = table.works([work([], failed="Parlor: died with -6")])
    assert row == ("rooms", "FAILED: Parlor: died with -6")


def test_only_a_count_that_differs_notably_is_marked():
    def cell(percent):
        row = {"title": "rooms", "failed": None, "instructions": 100.0,
               "accepted": 100.0, "differs_pct": percent}
        return table.counts([row])[1][0][-1]
    assert cell(0.4) == "+0.4 %" and cell(-12.0) == "-12.0 % !"


def test_text_is_aligned_and_a_reason_stands_behind_its_title():
    shown = layout.text(("work", "n"), [("a", "1"), ("long", "22"),
                                        ("bad",)[:1] + ("FAILED",)])
    assert shown.splitlines() == [
        "work  n", "a     1", "long  22", "bad   FAILED"]


def test_markdown_keeps_its_columns():
    shown = layout.markdown(("a", "b", "c"), [("x|y", "why")])
    assert shown.splitlines() == [
        "| a | b | c |", "|---|---|---|", "| x\\|y | why |  |"]
