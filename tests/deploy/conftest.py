# SPDX-License-Identifier: MIT
"""Where the repository, the build and the binary are."""

import os
import pathlib
import subprocess

import pytest

from support.chroot import debootstrapped

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


@pytest.fixture(scope="session")
def package(build, run, tmp_path_factory):
    """The Debian package of this build."""
    folder = tmp_path_factory.mktemp("package")
    run("cpack", "-G", "DEB", "-B", folder, "--config",
        build / "CPackConfig.cmake", cwd=folder)
    found = list(folder.glob("*.deb"))
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="session")
def debian(repository, run):
    """A folder with a small Debian, not to be written to."""
    return debootstrapped(repository / ".cache", run)


@pytest.fixture(scope="session")
def npm(repository):
    """What tests/deploy/package.json names."""
    folder = repository / "tests/deploy/node_modules"
    assert folder.is_dir(), "run tests/support/npm-ci tests/deploy"
    return folder
