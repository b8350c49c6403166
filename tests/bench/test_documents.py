# SPDX-License-Identifier: MIT
"""What --update-docs writes, and what it leaves alone."""

import pytest

from harness import documents
from results_for_tests import figure, work

RESULTS = {
    "date": "2026-01-01 00:00 UTC", "command": "tests/bench/run",
    "runs": 3, "cores": (0, 1), "peers": ["ws 8"],
    "machine": {"cpu": "C", "cores": 2, "memory_gib": 4, "system": "Debian",
                "kernel": "6", "congestion_control": "cubic",
                "open_files": 20000, "parlor": "parlor 1", "commit": "abc",
                "compiler": "c++ 12"},
    "works": [work([figure(limit=[1.0], Parlor=[1.0, 1.2, 1.1])])],
    "counts": {"versions": "a", "accepted_versions": "a", "rows": [
        {"id": "rooms", "title": "counted rooms", "failed": None,
         "instructions": 7.0, "accepted": 7.0, "differs_pct": 0.0}]},
    "growth": {"failed": None, "rooms": [
        {"before_kib": 1024, "with_kib": 2048, "after_kib": 1536,
         "open_us": 9.0, "end_us": 8.0}],
        "sizes": [{"members": 10000, "join_us": 1.0, "leave_us": 2.0,
                   "disconnect_us": 3.0, "later_ms": 4.0}]}}


def test_only_what_is_between_the_marks_is_replaced(tmp_path):
    path = tmp_path / "benchmarks.md"
    path.write_text("before\n<!-- table -->\nold\n<!-- /table -->\nafter\n")
    documents.update_docs(path, RESULTS)
    text = path.read_text()
    assert text.startswith("before\n<!-- table -->\n\nMeasured 2026")
    assert text.endswith("\n\n<!-- /table -->\nafter\n")
    assert "old" not in text
    for part in ("1.1 (1–1.2)", "commit abc", "- Peers: ws 8",
                 "](benchmarks.svg)", "| counted rooms | 7.0 | 7.0 | +0.0 % |",
                 "| 10,000 | 1 | 2 | 3 | 4 |", "| 1.0 | 2.0 | 1.5 |"):
        assert part in text
    assert "<svg" in (tmp_path / "benchmarks.svg").read_text()


def test_a_document_without_the_marks_is_left_alone(tmp_path):
    path = tmp_path / "benchmarks.md"
    path.write_text("no marks\n")
    with pytest.raises(SystemExit):
        documents.update_docs(path, RESULTS)
    assert path.read_text() == "no marks\n"
    assert not path.with_suffix(".svg").exists()


def test_what_was_not_measured_has_no_table():
    text = documents.terminal({**RESULTS, "works": [], "growth": None})
    assert "counted rooms" in text and "members" not in text
