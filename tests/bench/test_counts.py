# SPDX-License-Identifier: MIT
"""Counts: read from callgrind, compared with what was accepted, and kept."""

import pytest

from harness import counts
from harness.servers import Failure


def row(id, instructions, failed=None):
    return {"id": id, "title": id, "failed": failed,
            "instructions": instructions}


def test_the_sum_is_read_from_callgrinds_words():
    log = ("==7== Events    : Ir\n==7== Collected : 98548213\n==7== \n"
           "==7== I   refs:      98,548,213\n")
    assert counts.instructions(log) == 98548213


def test_without_a_sum_the_reason_is_callgrinds_last_word():
    with pytest.raises(Failure, match="unrecognised instruction"):
        counts.instructions("==7== valgrind: unrecognised instruction\n")


def test_the_start_and_the_end_cancel_out(monkeypatch):
    def run_once(programs, work, cores):
        rounds = work.options["rounds"]
        return 5000 + 70 * rounds, {"delivered_total": 10 * rounds}
    monkeypatch.setattr(counts, "run_once", run_once)
    each = counts.measure_one(None, counts.COUNTS[0], None, lambda text: None)
    assert each == 7


def test_differences_are_percent_of_the_accepted():
    rows = counts.compare(
        [row("a", 110.0), row("b", 99.0), row("new", 5.0),
         row("bad", None, "died")],
        {"a": 100.0, "b": 100.0, "bad": 100.0})
    assert [one["differs_pct"] for one in rows] == [10, -1, None, None]
    assert [one["accepted"] for one in rows] == [100, 100, None, 100]


def test_accepting_keeps_what_could_not_be_counted(tmp_path):
    path = tmp_path / "counts.json"
    assert counts.read_accepted(path)["instructions"] == {}
    counts.write_accepted(path, [row("a", 1.04), row("b", 2.0)], "g++ 12")
    counts.write_accepted(path, [row("a", 3.0), row("b", None)], "g++ 13")
    assert counts.read_accepted(path) == {
        "versions": "g++ 13", "instructions": {"a": 3.0, "b": 2.0}}


def test_other_versions_are_remarked():
    same = {"versions": "g++ 12", "accepted_versions": "g++ 12"}
    assert counts.remarks(same) == []
    [remark] = counts.remarks({**same, "accepted_versions": "g++ 11"})
    assert "g++ 11" in remark
