# SPDX-License-Identifier: MIT
"""A plugin of pytest that tests/run loads: where `CI` is true, a test that is
skipped fails, unless tests/skips.txt has it."""

import os
import pathlib

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]


def listed(text):
    """The (file, beginning of the reason) of each skip that is allowed. Why is
    indented below it."""
    allowed = []
    explained = True
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            explained = True
            continue
        if not explained:
            break
        file, _, reason = line.partition(": ")
        allowed.append((file, reason))
        explained = False
    if not explained:
        raise ValueError(f"tests/skips.txt does not say why: {allowed[-1]}")
    return allowed


def is_listed(path, reason, allowed):
    """Whether a skip in this file (from tests/) is allowed for this reason."""
    return any(path == file and reason.startswith(beginning)
               for file, beginning in allowed)


def refuse(report, path):
    if report.outcome != "skipped" or hasattr(report, "wasxfail") \
            or os.environ.get("CI") != "true":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) \
        else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    path = pathlib.Path(path).resolve()
    name = str(path.relative_to(TESTS)) if path.is_relative_to(TESTS) \
        else path.name
    allowed = listed((TESTS / "skips.txt").read_text())
    if not is_listed(name, reason, allowed):
        report.outcome = "failed"
        report.longrepr = f"skipped ({reason}), and not in tests/skips.txt"


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item):
    outcome = yield
    refuse(outcome.get_result(), item.path)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    outcome = yield
    refuse(outcome.get_result(), collector.path)
