# SPDX-License-Identifier: MIT
"""The Debian package, installed in a Debian that has nothing else."""

import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.request

import pytest

RELEASE = "bookworm"

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="chroot needs root"),
    pytest.mark.skipif(bool(os.environ.get("PARLOR_TEST_SANITIZERS")),
                       reason="a binary with a sanitizer is not packaged"),
]


@pytest.fixture(scope="module")
def package(build, run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    run("cpack", "-G", "DEB", "-B", folder, "--config",
        build / "CPackConfig.cmake", cwd=folder)
    found = list(folder.glob("*.deb"))
    assert len(found) == 1
    return found[0]


def mirror():
    """Where this machine gets Debian from."""
    folder = pathlib.Path("/etc/apt")
    for file in [folder / "sources.list", *folder.glob("sources.list.d/*")]:
        if file.is_file():
            found = re.search(r"^(?:deb|URIs:)\s.*?(https?://\S+/debian)/?(?:\s|$)",
                              file.read_text(), re.M)
            if found:
                return found[1]
    return "http://deb.debian.org/debian"


@pytest.fixture(scope="module")
def debian(repository, run):
    """A small Debian in a folder, kept for the next time."""
    cache = repository / ".cache"
    cache.mkdir(exist_ok=True)
    with open(cache / "debian.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = cache / f"debian-{RELEASE}"
        if not (root / "complete").exists():
            shutil.rmtree(root, ignore_errors=True)
            run("debootstrap", "--variant=minbase", RELEASE, root, mirror())
            (root / "complete").touch()
        yield root


@pytest.fixture
def clean(debian, tmp_path):
    """A copy of it, to be spoilt."""
    root = tmp_path / "root"
    subprocess.run(["cp", "-a", debian, root], check=True)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copy("/etc/hosts", root / "etc/hosts")
    subprocess.run(["mount", "--bind", "/proc", root / "proc"], check=True)
    yield root
    subprocess.run(["umount", root / "proc"], check=True)
    shutil.rmtree(root)


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
    inside = ["chroot", clean, "env", "DEBIAN_FRONTEND=noninteractive",
              "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
    run(*inside, "apt-get", "-q", "update")
    run(*inside, "apt-get", "-q", "-y", "install", "--no-install-recommends",
        "/parlor.deb")
    service = subprocess.Popen(
        [*map(str, inside), "parlor", "--config-file=/etc/parlor/parlor.ini",
         "--server.port=0"], stderr=subprocess.PIPE, text=True)
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
    run(*inside, "dpkg", "--purge", "parlor")
    # In /proc things go while one looks.
    left = [x for folder in clean.iterdir() if folder.name != "proc"
            for x in folder.rglob("*parlor*") if "var/log" not in str(x)]
    assert left == []
