# SPDX-License-Identifier: MIT
"""What the kernel knows of a service's process."""

import contextlib
import os


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


def cpu_seconds(server):
    """Time that its threads have run, in the kernel too."""
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
