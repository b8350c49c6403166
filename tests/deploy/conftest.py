# SPDX-License-Identifier: MIT
"""Where the repository, the build and the binary are."""

import os
import pathlib
import subprocess

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def repository():
    return REPOSITORY


@pytest.fixture(scope="session")
def build():
    return pathlib.Path(os.environ.get("PARLOR_BUILD",
                                       REPOSITORY / "build/release"))


@pytest.fixture(scope="session")
def binary(build):
    return pathlib.Path(os.environ.get("PARLOR_BIN", build / "parlor"))


@pytest.fixture(scope="session")
def run():
    """Runs a command to its end; what it printed."""
    def run(*command, **options):
        done = subprocess.run([str(x) for x in command], text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, **options)
        assert done.returncode == 0, done.stdout
        return done.stdout
    return run
