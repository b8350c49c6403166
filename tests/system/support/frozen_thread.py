# SPDX-License-Identifier: MIT
"""One thread of a process stopped, while the others go on."""

import concurrent.futures
import contextlib
import ctypes
import http.client
import os
import pathlib

from .environment import SLOWDOWN

PTRACE_DETACH = 17
PTRACE_SEIZE = 0x4206
PTRACE_INTERRUPT = 0x4207
WALL = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p,
                         ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def _ptrace(request, thread):
    if _libc.ptrace(request, thread, None, None) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


@contextlib.contextmanager
def frozen_thread(process, name, which=0):
    """Stops one thread of that name as a debugger does; the first is 0."""
    tasks = sorted(pathlib.Path(f"/proc/{process}/task").iterdir(),
                   key=lambda x: int(x.name))
    thread = [int(x.name) for x in tasks
              if (x / "comm").read_text().strip() == name][which]
    _ptrace(PTRACE_SEIZE, thread)
    _ptrace(PTRACE_INTERRUPT, thread)
    os.waitpid(thread, WALL)
    try:
        yield thread
    finally:
        _ptrace(PTRACE_DETACH, thread)


def ask(port, path):
    """The status and body; None where the thread that accepted it hangs."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5 * SLOWDOWN)
    with contextlib.closing(connection), contextlib.suppress(TimeoutError):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    return None


def ask_often(port, path):
    """The kernel deals connections out: some reach the other thread."""
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: ask(port, path), range(16)))
    return {x for x in answers if x is not None}
