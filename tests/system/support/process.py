# SPDX-License-Identifier: MIT
"""What the kernel knows of a service's process."""

import contextlib
import os
import pathlib


def resident(server):
    """Bytes of memory that it has."""
    with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def sockets_of(server):
    """How many sockets it has open."""
    folder = f"/proc/{server.process.pid}/fd"
    count = 0
    for fd in os.listdir(folder):
        # It may be closed while one looks.
        with contextlib.suppress(FileNotFoundError):
            count += os.readlink(f"{folder}/{fd}").startswith("socket:")
    return count


def stands(server):
    """Whether a signal has stopped all of its threads."""
    return all(field(x, 0) == "T" for x in pathlib.Path(
        f"/proc/{server.process.pid}/task").glob("*/stat"))


def cpu_seconds(server):
    """Time that its threads have run, in the kernel too."""
    stat = pathlib.Path(f"/proc/{server.process.pid}/stat")
    return (int(field(stat, 11)) + int(field(stat, 12))) / os.sysconf(
        "SC_CLK_TCK")


def field(stat, number):
    """Behind the name, which may have brackets in it: see proc(5)."""
    return stat.read_text(encoding="ascii").rpartition(")")[2].split()[number]
