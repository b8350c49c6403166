# SPDX-License-Identifier: MIT
"""What a process has used and holds."""

import pathlib
import time


def cpu_seconds(pid):
    """CPU time of all its threads, by the scheduler's clock."""
    used = 0
    for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            used += int((thread / "schedstat").read_text().split()[0])
        except FileNotFoundError:
            pass  # the thread has ended
    return used * 1e-9


def resident_kib(pid):
    """VmRSS."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines()
              if line.startswith("VmRSS:")]
    return int(line.split()[1])


def cpu_when_idle(pid, pause=0.01, patience=10):
    """Waits until the process uses no CPU time any more; its CPU time. The
    pause is longer than a tick of the kernel, at which a thread that does not
    sleep is accounted for."""
    deadline = time.monotonic() + patience
    used = cpu_seconds(pid)
    while time.monotonic() < deadline:
        time.sleep(pause)
        before, used = used, cpu_seconds(pid)
        if before == used:
            break
    return used
