# SPDX-License-Identifier: MIT
"""The servers under test: how each is started and how its clients talk."""

import contextlib
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass

START_DEADLINE = 20
STOP_DEADLINE = 20


class Failure(Exception):
    """A run that gave no figure, with the reason for the table."""


@dataclass(frozen=True)
class Kind:
    """A server's command line and wsload's templates for it."""

    command: callable  # (programs, port, contender) -> list
    path: str
    join: str
    ready: str
    messages: dict


def parlor_command(programs, port, contender):
    options = {
        "server.port": port,
        "server.threads": contender.cores,
        "log.format": "json",
        "log.level": "warn",
        "limits.messages-per-second": 0,
    }
    command = [f"--{key}={value}" for key, value in options.items()]
    return [str(programs.parlor), *command,
            *(f"--{option}" for option in contender.options)]


def limit_command(programs, port, contender):
    return [str(programs.limit), str(port), "coalesce"]


CONTENT = '"content":"{content:100}"'

KINDS = {
    "parlor": Kind(
        parlor_command, "/ws/u{id}",
        '{"type":"join","room":"r{room}","id":1}', '"ok":true',
        {"room": '{"type":"chat","room":"r{room}",' + CONTENT + "}",
         "private": '{"type":"private","to":"u{peer}",' + CONTENT + "}"}),
    "limit": Kind(
        limit_command, "/ws",
        '{"type":"join","room":"r{room}","user":"u{id}"}', '"joined"',
        {"room": '{"type":"msg","room":"r{room}",' + CONTENT + "}",
         "private": '{"type":"dm","to":"u{peer}",' + CONTENT + "}"}),
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Server:
    """A running server, pinned to its cores; `stop` it or leave `running`."""

    def __init__(self, programs, contender, cores):
        self.contender = contender
        self.kind = KINDS[contender.kind]
        self.port = free_port()
        self.core = cores[0]
        pinned = ",".join(str(core) for core in cores[:contender.cores])
        self.command = ["taskset", "-c", pinned, *self.kind.command(
            programs, self.port, contender)]
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self._errors)
        self.pid = self._process.pid  # taskset becomes the server

    def wait_until_it_listens(self):
        deadline = time.monotonic() + START_DEADLINE
        while not listens(self.port):
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
        if code not in (0, -signal.SIGTERM):
            raise Failure(f"ended with {code}: {self._last_words()}")

    def kill(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _last_words(self):
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").splitlines()
        return lines[-1][:300] if lines else "it said nothing"


@contextlib.contextmanager
def running(programs, contender, cores):
    server = Server(programs, contender, cores)
    try:
        server.wait_until_it_listens()
        yield server
        server.stop()
    finally:
        server.kill()
