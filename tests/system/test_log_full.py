# SPDX-License-Identifier: MIT
"""Where the log goes is full, stuck or gone: the service goes on, and ends when
it is told to."""

import os
import socket
import subprocess
import time

import pytest
from ports import free_port

from support.client import Client
from support.environment import DEADLINE
from support.http_client import HttpClient
from support.server import command_line
from support.waiting import eventually


class Unlogged:
    """A service whose log nobody sees, so its port is chosen before."""

    ws_dialect = "typed"
    tls = None

    def __init__(self, stderr, **how):
        self.port = free_port()
        self.process = subprocess.Popen(
            command_line(f"server.port={self.port}", "log.level=debug"),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=stderr, **how)
        self.http = HttpClient(self.port)
        until = time.monotonic() + DEADLINE
        while True:
            try:
                return socket.create_connection(
                    ("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                assert self.process.poll() is None, "it ended"
                assert time.monotonic() < until, "it does not listen"
                time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


async def goes_on(service, reconnects=200):
    """People talk, and each who comes and goes is logged."""
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        for n in range(reconnects):
            async with Client(service, "/ws/bob") as bob:
                await bob.join("tea")
                await bob.say("tea", n)
            await ann.until("chat", content=n)
    await eventually(lambda: service.http.get("/health/ready").status, 200)
    service.process.terminate()
    assert service.process.wait(DEADLINE) == 0


async def test_a_full_disk():
    with open("/dev/full", "wb") as full, Unlogged(full) as service:
        await goes_on(service)


async def test_a_closed_stderr_is_nobody_elses_socket():
    """The next descriptor would have its number, and be sent the log."""
    with Unlogged(None, preexec_fn=lambda: os.close(2)) as service:
        fd = f"/proc/{service.process.pid}/fd"
        assert os.readlink(f"{fd}/2") == "/dev/null"
        await goes_on(service)


async def test_a_pipe_whose_reader_is_gone():
    read, write = os.pipe()
    os.close(read)
    with Unlogged(write) as service:
        os.close(write)
        await goes_on(service)


@pytest.mark.parametrize("filler", [b"", b"." * 4096], ids=["empty", "full"])
async def test_a_pipe_that_nobody_reads(filler):
    """It holds 64 KiB and then nothing more, from the beginning or from
    some time on."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    while filler:
        try:
            os.write(write, filler)
        except BlockingIOError:
            break
    os.set_blocking(write, True)
    with Unlogged(write) as service:
        os.close(write)
        await goes_on(service)
    os.close(read)
