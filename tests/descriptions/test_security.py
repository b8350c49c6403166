# SPDX-License-Identifier: MIT
"""docs/security.md names tests that exist, and limits as they are."""

import re

import pytest

from support.environment import REPOSITORY

TEXT = (REPOSITORY / "docs" / "security.md").read_text()
TESTS = sorted(set(re.findall(r"`([\w/]+/\w+\.(?:test\.js|cpp|py))`", TEXT)))


def defaults():
    section, found = "", {}
    for line in (REPOSITORY / "deploy/parlor.ini").read_text().splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
        elif match := re.match(r"([\w-]+) = (\S+)", line):
            found[f"{section}.{match[1]}"] = match[2].strip('"')
    return found


@pytest.mark.parametrize("name", TESTS)
def test_a_test_that_is_named_exists(name):
    path = name.removeprefix("tests/")
    assert (REPOSITORY / "tests" / path).is_file()


def test_every_hostile_test_is_named():
    for pattern in ("test_conformance_*.py", "test_hostile_*.py",
                    "test_bad_*.py", "test_floods.py"):
        for file in (REPOSITORY / "tests" / "system").glob(pattern):
            assert f"system/{file.name}" in TESTS


def test_limits_have_their_defaults():
    rows = re.findall(r"^\| `([\w.-]+)` \| (\S+) \|", TEXT, re.M)
    known = defaults()
    assert len(rows) > 15
    assert dict(rows) == {key: known.get(key) for key, _ in rows}


def test_keys_are_known():
    sections = {key.split(".")[0] for key in defaults()}
    for key in re.findall(r"`(\w+\.[\w-]+)`", TEXT):
        assert key.split(".")[0] not in sections or key in defaults(), key
