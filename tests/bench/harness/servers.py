# SPDX-License-Identifier: MIT
"""The servers under test: started, watched and ended."""

import contextlib
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

from ports import free_port

from . import kinds, peers

START_DEADLINE = 20
STOP_DEADLINE = 20


class Failure(Exception):
    """A run that gave no figure, with the reason for the table."""


KINDS = {**kinds.KINDS, **peers.KINDS}


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Server:
    """A running server, pinned to its cores; `stop` it or leave `running`."""

    # What support.raw_client wants to know of a server.
    ws_dialect = "typed"
    tls = None

    def __init__(self, programs, contender, cores):
        self.contender = contender
        self.kind = KINDS[contender.kind]
        self.port = free_port()
        self.core = cores[0]
        self._directory = tempfile.TemporaryDirectory()
        pinned = ",".join(str(core) for core in cores[:contender.cores])
        self.command = ["taskset", "-c", pinned, *self.kind.command(
            programs, self.port, contender, self._directory.name)]
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self._errors)
        self.pid = self._process.pid  # taskset becomes the server

    def file(self, name):
        """One that the server wrote into its directory, until `kill`."""
        return pathlib.Path(self._directory.name) / name

    def pids(self):
        """Its process and those that it has started."""
        with open(f"/proc/{self.pid}/task/{self.pid}/children",
                  encoding="ascii") as children:
            return [self.pid, *map(int, children.read().split())]

    def wait_until_it_listens(self):
        deadline = time.monotonic() + START_DEADLINE
        while not listens(self.port) \
                or len(self.pids()) <= self.kind.workers:
            if self._process.poll() is not None:
                raise Failure(f"ended at start: {self._last_words()}")
            if time.monotonic() > deadline:
                raise Failure(f"no listener after {START_DEADLINE} s: "
                              f"{self._last_words()}")
            time.sleep(0.02)

    def stop(self):
        """Ends it; fails where it had died or ends badly."""
        ended = self._process.poll()
        if ended is not None:
            raise Failure(f"died with {ended}: {self._last_words()}")
        self._process.terminate()
        try:
            code = self._process.wait(STOP_DEADLINE)
        except subprocess.TimeoutExpired:
            raise Failure(f"still there {STOP_DEADLINE} s after SIGTERM")
        if code not in (self.kind.status, -signal.SIGTERM):
            raise Failure(f"ended with {code}: {self._last_words()}")

    def kill(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._errors.close()
        self._directory.cleanup()

    def _last_words(self):
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").splitlines()
        errors = [line for line in lines if "error" in line.lower()]
        said = errors or lines or ["it said nothing"]
        return said[-1][:300]


@contextlib.contextmanager
def running(programs, contender, cores):
    server = Server(programs, contender, cores)
    try:
        server.wait_until_it_listens()
        yield server
        server.stop()
    finally:
        server.kill()
