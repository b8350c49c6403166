# SPDX-License-Identifier: MIT
"""Small Debians in folders, and what is run inside them."""

import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import subprocess

import pytest

RELEASE = "bookworm"

needs_a_chroot = [
    pytest.mark.skipif(os.geteuid() != 0, reason="chroot needs root"),
    pytest.mark.skipif(bool(os.environ.get("PARLOR_TEST_SANITIZERS")),
                       reason="a binary with a sanitizer is not packaged"),
]


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


def debootstrapped(cache, run):
    """A small Debian that is kept for the next time, not to be written to."""
    cache.mkdir(exist_ok=True)
    with open(cache / "debian.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = cache / f"debian-{RELEASE}"
        if not (root / "complete").exists():
            shutil.rmtree(root, ignore_errors=True)
            run("debootstrap", "--variant=minbase", RELEASE, root, mirror())
            (root / "complete").touch()
    return root


@contextlib.contextmanager
def copied(debian, root):
    """A copy of it with this machine's network, to be spoilt."""
    subprocess.run(["cp", "-a", debian, root], check=True)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copy("/etc/hosts", root / "etc/hosts")
    subprocess.run(["mount", "--bind", "/proc", root / "proc"], check=True)
    try:
        yield root
    finally:
        subprocess.run(["umount", root / "proc"], check=True)
        shutil.rmtree(root)


def inside(root, *command, **environment):
    """The command, to be run in that Debian."""
    variables = {"DEBIAN_FRONTEND": "noninteractive",
                 "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
                         ":/sbin:/bin", **environment}
    return ["chroot", str(root), "env", "-i",
            *(f"{name}={value}" for name, value in variables.items()),
            *map(str, command)]
