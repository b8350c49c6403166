# SPDX-License-Identifier: MIT
"""docs/operations.md knows every line that the service may log."""

import re

from support.environment import REPOSITORY

EVENT = re.compile(r'log::(?:debug|info|warn|error)\(\s*"([^"]+)"')


def events():
    return {event
            for folder in ("actors", "app", "auth", "cluster", "inspection",
                           "messages", "transport")
            for file in (REPOSITORY / folder).rglob("*.cpp")
            for event in EVENT.findall(file.read_text())}


def test_every_event_of_the_log_is_explained():
    text = (REPOSITORY / "docs/operations.md").read_text()
    assert len(events()) > 10
    assert [x for x in sorted(events()) if f"`{x}`" not in text] == []
