# SPDX-License-Identifier: MIT
"""The Debian package, installed in a Debian that has nothing else."""

import contextlib
import re
import shutil
import subprocess
import time
import urllib.request

import pytest

from support.chroot import copied, inside, needs_a_chroot

pytestmark = needs_a_chroot


@pytest.fixture
def clean(debian, tmp_path):
    with copied(debian, tmp_path / "root") as root:
        yield root


def answered(port):
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(
                    f"http://127.0.0.1:{port}/health/ready") as answer:
                return answer.status
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_names_what_it_needs_and_what_is_configuration(package, run):
    said = run("dpkg-deb", "--info", package)
    for library in ("libc6", "libcaf-core", "libssl3", "libsystemd0"):
        assert library in said
    assert run("dpkg-deb", "--info", package, "conffiles").split() == [
        "/etc/parlor/parlor.ini"]


def test_it_installs_runs_and_goes_away_in_a_clean_debian(
        clean, package, run):
    shutil.copy(package, clean / "parlor.deb")
    apt = inside(clean, "apt-get", "-q", "-o", "Acquire::Retries=3")
    run(*apt, "update")
    run(*apt, "-y", "install", "--no-install-recommends", "/parlor.deb")
    service = subprocess.Popen(
        inside(clean, "parlor", "--config-file=/etc/parlor/parlor.ini",
               "--server.port=0"), stderr=subprocess.PIPE, text=True)
    try:
        for line in service.stderr:
            if found := re.search(r"listening .*port=(\d+)", line):
                break
        assert found
        assert answered(found[1]) == 200
    finally:
        service.terminate()
        assert service.wait(30) == 0
        service.stderr.close()
    run(*inside(clean, "dpkg", "--purge", "parlor"))
    # In /proc things go while one looks.
    left = [x for folder in clean.iterdir() if folder.name != "proc"
            for x in folder.rglob("*parlor*") if "var/log" not in str(x)]
    assert left == []
