# SPDX-License-Identifier: MIT
"""A whole run, on a small project whose test looks at everything but one."""

import argparse
import pathlib
import shutil
import subprocess

import pytest

from mutation import cpp, plans, report, trying

SMALL = pathlib.Path(__file__).parent / "small"
FORGOTTEN = "part/counter.cpp: counter::add: dropped assignment: ++refused; ->"
STEP = plans.Step("program", "small")


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "tree"
    shutil.copytree(SMALL, root)
    (root / "tests/mutation").mkdir(parents=True)
    (root / "tests/mutation/equivalent.txt").write_text("# none\n")
    subprocess.run(["cmake", "-G", "Ninja", "-B", tmp_path / "base", root],
                   check=True, stdout=subprocess.DEVNULL)
    return root


@pytest.fixture
def run(project, tmp_path, monkeypatch):
    monkeypatch.setitem(plans.STEPS, "part", [STEP])
    monkeypatch.setattr(trying.Runner, "processor", 1)

    def run(**more):
        chosen = argparse.Namespace(
            seed=1, count=100, group=None, jobs=1, fast=False, slow=False, draw=False,
            resume=False, build=tmp_path / "base", **more)
        mutants = cpp.session(project, ["part"], chosen, tmp_path / "made")
        return {x.key: x for x in mutants}
    return run


def test_what_no_test_looks_at_is_told_with_its_diff(run, project, capsys):
    mutants = run()
    outcomes = {key: x.outcome for key, x in mutants.items()}
    assert outcomes.pop(FORGOTTEN) == "missed"
    assert "missed" not in outcomes.values()
    assert "unreached" not in outcomes.values()
    said = capsys.readouterr().out
    assert f"MISSED: part/counter.cpp:6: dropped assignment\n  {FORGOTTEN}\n" \
        in said
    assert "\n-    ++refused;\n" in said
    # Without an end.
    assert outcomes["part/counter.cpp: counter::drain: dropped assignment: "
                    "--count; ->"] == "hung"
    row = report.table(mutants.values()).splitlines()[-1]
    noticed = len(mutants) - 1
    assert row == (f"| single node | part | {noticed + 1} | {noticed} | 0 | 1 "
                   f"| {100 * noticed / (noticed + 1):.0f} % |")
    # Another run does the same.
    again = run()
    assert {key: x.outcome for key, x in again.items()} == {
        **outcomes, FORGOTTEN: "missed"}

    (project / "tests/mutation/equivalent.txt").write_text(
        f"{FORGOTTEN}\n    Nobody asks for it.\n")
    assert run()[FORGOTTEN].outcome == "equivalent"


def test_a_reason_is_wanted_for_what_is_equivalent(tmp_path):
    file = tmp_path / "equivalent.txt"
    file.write_text("a: b: c: d -> e\n    why\n    it is\nf: g: h: i -> j\n")
    with pytest.raises(SystemExit, match="no reason for f: g: h: i -> j"):
        report.equivalents(file)
    file.write_text("a: b: c: d -> e\n    why\n    it is\n")
    assert report.equivalents(file) == {"a: b: c: d -> e": "why it is"}
