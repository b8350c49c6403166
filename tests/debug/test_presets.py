# SPDX-License-Identifier: MIT
"""Who builds by the presets gets the inspector in a debug build alone."""

import subprocess

import pytest

from support.environment import REPOSITORY


@pytest.mark.parametrize("preset, there", [("debug", "ON"), ("release", "OFF")])
def test_a_preset_has_the_inspector_or_not(preset, there, tmp_path):
    configured = subprocess.run(
        ["cmake", "--preset", preset, "-B", str(tmp_path),
         "-DBUILD_TESTING=OFF"],
        cwd=REPOSITORY, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False)
    assert configured.returncode == 0, configured.stderr
    cache = (tmp_path / "CMakeCache.txt").read_text(encoding="utf-8")
    assert f"\nPARLOR_INSPECTOR:BOOL={there}\n" in cache
