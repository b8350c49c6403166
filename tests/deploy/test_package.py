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


@pytest.fixture
def client_package(repository, run, tmp_path):
    """That of the client library for Python."""
    return run(repository / "deploy/python-client", tmp_path / "deb").strip()


def install(root, package, run):
    """With what it needs, from Debian's archive."""
    shutil.copy(package, root / "this.deb")
    apt = inside(root, "apt-get", "-q", "-o", "Acquire::Retries=3")
    run(*apt, "update")
    run(*apt, "-y", "install", "--no-install-recommends", "/this.deb")


def left(root):
    """What has our name there. In /proc things go while one looks."""
    return [x for folder in root.iterdir() if folder.name != "proc"
            for x in folder.rglob("*parlor*") if "var/log" not in str(x)]


def test_the_python_client_installs_and_goes_away_in_a_clean_debian(
        clean, client_package, run):
    install(clean, client_package, run)
    said = run(*inside(clean, "python3", "-c", """if 1:
        import asyncio, parlor_client
        client = parlor_client.connect("http://127.0.0.1:9", open_timeout=0.1)
        try:
            asyncio.run(client.open())
        except parlor_client.ParlorError as error:
            print(error.code, parlor_client.__cached__)"""))
    code, compiled = said.split()
    assert code == "unreachable"
    assert (clean / compiled.lstrip("/")).is_file()
    run(*inside(clean, "dpkg", "--purge", "python3-parlor-client"))
    assert left(clean) == []


def test_it_names_what_it_needs_and_what_is_configuration(package, run):
    said = run("dpkg-deb", "--info", package)
    for library in ("libc6", "libcaf-core", "libssl3", "libsystemd0"):
        assert library in said
    assert run("dpkg-deb", "--info", package, "conffiles").split() == [
        "/etc/parlor/parlor.ini"]


def test_it_installs_runs_and_goes_away_in_a_clean_debian(
        clean, package, run):
    install(clean, package, run)
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
    assert left(clean) == []
