# SPDX-License-Identifier: MIT
"""README.md's table of the others: what it says of Parlor is so."""

import re

import pytest

from support.environment import REPOSITORY

TEXT = (REPOSITORY / "README.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")]
        for line in re.search(r"\| Parlor \|.*\n\|[-|]+\n((?:\|.*\n)+)",
                              TEXT)[1].splitlines()]
OF_PARLOR = {row[0]: row[1] for row in ROWS}


@pytest.fixture
def default():
    """The default of a key, as in deploy/parlor.ini."""
    ini = (REPOSITORY / "deploy/parlor.ini").read_text()

    def default(section, key):
        return re.search(rf"^\[{section}\]\n(?:(?!\[).*\n)*?{key} = (.*)$",
                         ini, re.M)[1]
    return default


def size(bytes):
    return (f"{int(bytes) // 2 ** 20} MiB" if int(bytes) >= 2 ** 20
            else f"{int(bytes) // 2 ** 10} KiB")


def test_every_row_is_whole():
    assert len(ROWS) > 10
    assert {len(row) for row in ROWS} == {9}
    assert all(cell for row in ROWS for cell in row[:8])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_parlor_has_is_shown(row):
    shown = re.fullmatch(r"\[.*\]\((.*)\)", row[8])
    assert (shown is None) == (row[1] == "**no**")
    if shown:
        assert (REPOSITORY / shown[1]).is_file()


def test_the_figures_are_the_defaults(default):
    said = OF_PARLOR
    assert said["Recovery of what was missed"].startswith(
        f"{default('history', 'ttl').removesuffix('min')} min, "
        f"{default('history', 'size')} messages")
    assert said["What may wait for a slow client"] == (
        f"{size(default('limits', 'outbox-bytes'))}, then 4008")
    assert said["Longest message of a client"] == size(
        default("limits", "message-bytes"))
    interval, timeout = (default("heartbeat", key).removesuffix("s")
                         for key in ("interval", "timeout"))
    assert said["Ping, and when silence ends"] == (
        f"{interval} s, {timeout} s")
    patience = default("drain", "timeout").removesuffix("s")
    assert said["A stop sends clients home"] == (
        f"{default('drain', 'rate')} a second, {patience} s")
    limits = (REPOSITORY / "messages/limits.hpp").read_text()
    minutes = re.search(r"minutes key_ttl\{(\d+)\}", limits)
    assert said["Said once, by a key"] == f"{minutes[1]} min"


def test_pictures_and_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)", TEXT):
        if "://" not in target:
            assert (REPOSITORY / target).exists(), target
