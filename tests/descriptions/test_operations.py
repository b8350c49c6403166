# SPDX-License-Identifier: MIT
"""docs/operations.md knows every line that the service may log."""

import re

from support.environment import REPOSITORY

EVENT = re.compile(r'''
    \b(?: (?: debug | info | warn | error ) \( \s*
      | (?: record | line_of ) \( \s* [\w:.]+ , \s* )
    "([^"]+)"''', re.VERBOSE)


def events():
    return {event
            for folder in ("actors", "app", "auth", "cluster", "inspection",
                           "messages", "telemetry", "transport")
            for file in (REPOSITORY / folder).rglob("*.cpp")
            for event in EVENT.findall(file.read_text())}


def test_every_close_code_is_explained():
    text = (REPOSITORY / "docs/operations.md").read_text()
    rows = re.search(r"\| Code \|.*\n\|[-|]+\n((?:\|.*\n)+)", text)[1]
    explained = [int(code) for row in rows.splitlines()
                 for code in row.split("|")[1].split(",")]
    codes = re.findall(r"^  \w+ = (\d{4}),$", (
        REPOSITORY / "messages/error.hpp").read_text(), re.M)
    assert len(codes) > 15
    assert sorted(explained) == [int(code) for code in codes]


def test_there_is_a_place_to_count_the_repeats_of_each():
    header = (REPOSITORY / "telemetry/repeats.hpp").read_text()
    places = int(re.search(r"size_t places = (\d+);", header)[1])
    assert len(events()) <= places // 2


def test_every_event_of_the_log_is_explained():
    text = (REPOSITORY / "docs/operations.md").read_text()
    assert len(events()) > 40
    assert {"client gone", "core actor failed", "log lines lost",
            "lines left out"} <= events()
    assert [x for x in sorted(events()) if f"`{x}`" not in text] == []
