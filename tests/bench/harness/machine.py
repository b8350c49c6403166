# SPDX-License-Identifier: MIT
"""The machine: its cores, limits and versions."""

import os
import platform
import resource
import subprocess


def raise_file_limit():
    """For this process and what it starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def cores():
    """Two cores, the server's and the generator's; the same where only one
    is there."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[1 % len(allowed)]


def first_line(*command, cwd=None):
    try:
        result = subprocess.run(command, cwd=cwd, capture_output=True,
                                text=True, timeout=10, check=True)
        return result.stdout.strip().splitlines()[0]
    except (OSError, IndexError, subprocess.SubprocessError):
        return "unknown"


def value_of(path, key, separator):
    """The value of the first line `key separator value` of a file."""
    try:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                name, _, value = line.partition(separator)
                if name.strip() == key:
                    return value.strip().strip('"')
    except OSError:
        pass
    return "unknown"


def commit(root):
    """The commit that is checked out, and whether files differ from it."""
    name = first_line("git", "rev-parse", "--short", "HEAD", cwd=root)
    clean = subprocess.run(["git", "diff", "--quiet", "HEAD"], cwd=root,
                           stderr=subprocess.DEVNULL).returncode == 0
    return name if clean else f"{name} with changes"


def describe(root, parlor):
    memory_kib = int(value_of("/proc/meminfo", "MemTotal", ":").split()[0])
    return {
        "cpu": value_of("/proc/cpuinfo", "model name", ":"),
        "cores": os.cpu_count(),
        "memory_gib": round(memory_kib / 2**20, 1),
        "system": value_of("/etc/os-release", "PRETTY_NAME", "="),
        "kernel": platform.release(),
        "congestion_control": first_line(
            "cat", "/proc/sys/net/ipv4/tcp_congestion_control"),
        "open_files": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        "parlor": first_line(str(parlor), "--version"),
        "commit": commit(root),
        "compiler": first_line("c++", "--version"),
    }
