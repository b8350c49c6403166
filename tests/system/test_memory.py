# SPDX-License-Identifier: MIT
"""Memory that was needed once is given back when it is not any more."""

import asyncio
import contextlib

import pytest

from support.client import Client
from support.crowd import PATIENT
from support.environment import DEADLINE, measures_memory
from support.process import resident
from support.raw_client import RawSocket, upgrade_request
from support.waiting import eventually

CLIENTS = 100
ROOMS = 120  # each; at most limits.rooms-per-connection


async def fill(service, number):
    client = Client(service, f"/ws/user{number}")
    await client.__aenter__()
    for room in range(ROOMS):
        await client.join(f"{number}-{room}")
    return client


@measures_memory
async def test_rooms_that_ended_leave_no_memory_behind(start_server):
    service = start_server("limits.messages-per-second=0", *PATIENT)
    before = resident(service)
    clients = await asyncio.gather(*(fill(service, i) for i in range(CLIENTS)))
    full = resident(service)
    assert full - before > 20_000_000
    for client in clients:
        await client.close()
    await eventually(service.total, 0)
    # It looks every 10 s.
    await eventually(lambda: resident(service) - before < 8_000_000, True,
                     deadline=2 * DEADLINE)


CHUNKED = "\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
POSTED = "POST /api/v1/send HTTP/1.1\r\nContent-Type: application/json" + CHUNKED
ENDLESS = {
    "a line": "GET /", "a header": "GET / HTTP/1.1\r\nX: ",
    "empty lines": "\r\n",
    "an extension": POSTED + "1;", "a quoted one": POSTED + '1;x="',
    "an extension behind a chunk": POSTED + "1\r\nx\r\n1;",
    "the last chunk's extension": POSTED + "0;",
    "trailers": POSTED + "0\r\nX: ",
    "an extension with GET": "GET /health/live HTTP/1.1" + CHUNKED + "1;",
    "trailers with HEAD": "HEAD / HTTP/1.1" + CHUNKED + "0\r\nX: ",
    "trailers at no path": "POST /nowhere HTTP/1.1" + CHUNKED + "0\r\nX: ",
    "an upgrade's body": upgrade_request(
        "/ws/ann", Transfer_Encoding="chunked") + "1;",
}


def pour(peer, data, most):
    """Sends the same again and again, to that many bytes or the end."""
    with contextlib.suppress(OSError):
        for _ in range(most // len(data)):
            peer.socket.sendall(data)


@measures_memory
@pytest.mark.parametrize("start", ENDLESS.values(), ids=ENDLESS.keys())
async def test_a_request_without_end_is_not_kept(start_server, start):
    service = start_server()
    before = resident(service)
    more = b"\r\n" if start == "\r\n" else b"x"
    with RawSocket(service) as peer:
        peer.send(start.encode())
        await asyncio.to_thread(pour, peer, more * 65536, 100_000_000)
        assert resident(service) - before < 10_000_000


@measures_memory
@pytest.mark.parametrize("line", [
    "GET /health/live", "HEAD /health/live", "GET /", "GET /nowhere",
    "POST /nowhere", "DELETE /admin/users/x", "GET /ws/ann",
    "POST /api/v1/send"])
async def test_bodies_of_many_are_not_kept(start_server, tmp_path, line):
    token = tmp_path / "token"
    token.write_text("open-sesame-and-let-me-in")
    token.chmod(0o600)
    service = start_server(f"admin.token-file={token}")
    size = 1_048_576
    head = (f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
            f"application/json\r\nContent-Length: {size}\r\n\r\n")
    before = resident(service)
    with contextlib.ExitStack() as open_:
        for _ in range(30):
            peer = open_.enter_context(RawSocket(service))
            await asyncio.to_thread(peer.send, head.encode() + b"x" * (size - 1))
        assert resident(service) - before < 15_000_000


@measures_memory
async def test_bodies_behind_the_token_are_bounded(start_server):
    service = start_server("server.threads=1")
    size = 1_048_576
    head = ("POST /api/v1/send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
            f"application/json\r\nContent-Length: {size}\r\n\r\n")
    before = resident(service)
    with contextlib.ExitStack() as open_:
        for _ in range(60):
            peer = open_.enter_context(RawSocket(service))
            await asyncio.to_thread(peer.send, head.encode() + b"x" * (size - 1))
        assert resident(service) - before < 45_000_000
