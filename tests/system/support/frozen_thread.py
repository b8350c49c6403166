# SPDX-License-Identifier: MIT
"""One thread of a process stopped, while the others go on."""

import contextlib
import ctypes
import os
import pathlib

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
def frozen_thread(process, name):
    """Stops the first thread of that name as a debugger does."""
    tasks = sorted(pathlib.Path(f"/proc/{process}/task").iterdir(),
                   key=lambda x: int(x.name))
    thread = next(int(x.name) for x in tasks
                  if (x / "comm").read_text().strip() == name)
    _ptrace(PTRACE_SEIZE, thread)
    _ptrace(PTRACE_INTERRUPT, thread)
    os.waitpid(thread, WALL)
    try:
        yield thread
    finally:
        _ptrace(PTRACE_DETACH, thread)
