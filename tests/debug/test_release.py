# SPDX-License-Identifier: MIT
"""A release has no inspector: no route, no code, no page of it."""

import os
import pathlib
import subprocess

import pytest

from support.environment import REPOSITORY
from viewing import ask

RELEASE = pathlib.Path(os.environ.get(
    "PARLOR_RELEASE_BIN", REPOSITORY / "build" / "release" / "parlor"))

# What is left is the place where it would be linked.
SEAM = {"start(caf::actor_system&, parlor::environment const&)", "host"}


@pytest.fixture
def release(start_server):
    return start_server(binary=RELEASE)


@pytest.mark.parametrize("path", [
    "/debug", "/debug/actors", "/debug/actors/1", "/debug/overview",
    "/debug/live", "/inspect", "/inspect/", "/web/inspect/app.js",
    "/web/inspect/inspect.css"])
def test_there_is_no_route(release, path):
    assert ask(release, path).status == 404
    upgrade = ask(release, path, headers={
        "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="})
    assert upgrade.status == 404


def symbols(binary):
    listed = subprocess.run(["nm", "-C", str(binary)], capture_output=True,
                            text=True, check=True).stdout
    return {line.split("parlor::inspection::", 1)[1]
            for line in listed.splitlines() if "parlor::inspection::" in line}


def test_there_is_no_code():
    all = symbols(RELEASE)
    assert any(one.startswith("start(") for one in all), "it was stripped"
    assert {one for one in all
            if one not in SEAM and not one.startswith("host::")} == set()


def test_there_is_no_text():
    data = RELEASE.read_bytes()
    for text in [b"Parlor inspector", b"/web/inspect/", b"debug/overview",
                 b"linked_from", b"busy_us"]:
        assert text not in data, text


def test_a_debug_build_has_all_of_it():
    """So that the tests above can fail."""
    debug = pathlib.Path(os.environ["PARLOR_BIN"])
    assert any("watch_state" in one for one in symbols(debug))
    data = debug.read_bytes()
    for text in [b"Parlor inspector", b"/web/inspect/", b"debug/overview",
                 b"linked_from", b"busy_us"]:
        assert text in data, text
