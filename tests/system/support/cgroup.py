# SPDX-License-Identifier: MIT
"""A control group with little memory, made below that of the tests where this
machine lets one."""

import contextlib
import os
import pathlib

import pytest

ROOT = pathlib.Path("/sys/fs/cgroup")


def own_groups():
    """Where the group of this process is, by controller; "" is version 2."""
    lines = pathlib.Path("/proc/self/cgroup").read_text().splitlines()
    return {controller: path.lstrip("/")
            for _, controllers, path in (x.split(":", 2) for x in lines)
            for controller in controllers.split(",")}


class MemoryGroup:
    """The limit is for the processes that enter it."""

    def __init__(self, size):
        groups = own_groups()
        if "memory" in groups:
            parent, self._limit = ROOT / "memory" / groups["memory"], (
                "memory.limit_in_bytes")
            self._events = "memory.oom_control"
        else:
            parent, self._limit = ROOT / groups.get("", ""), "memory.max"
            self._events = "memory.events"
        self.path = parent / f"parlor-test-{os.getpid()}"
        try:
            self.path.mkdir()
        except OSError as problem:
            pytest.skip(f"no control group can be made: {problem}")
        try:
            (self.path / self._limit).write_text(str(size))
        except OSError as problem:
            self.path.rmdir()
            pytest.skip(f"no memory can be limited in {parent}: {problem}")

    def enter(self):
        """For a child, before it becomes the service."""
        (self.path / "cgroup.procs").write_text(str(os.getpid()))

    @property
    def oom_kills(self):
        for line in (self.path / self._events).read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
        raise AssertionError(f"no oom_kill in {self._events}")

    @property
    def peak(self):
        """The most bytes that it has had, None where the kernel does not
        say."""
        for name in ("memory.max_usage_in_bytes", "memory.peak"):
            with contextlib.suppress(OSError):
                return int((self.path / name).read_text())
        return None

    def remove(self):
        """Once nobody is in it."""
        self.path.rmdir()
