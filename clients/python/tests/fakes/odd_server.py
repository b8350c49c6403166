# SPDX-License-Identifier: MIT
"""Servers that are no Parlor."""

import asyncio
import base64
import contextlib
import hashlib

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def upgrade(request, *, subprotocol="parlor.typed.v1", accept=None):
    """The answer that lets a WebSocket begin."""
    key = next(line.split(b":", 1)[1].strip() for line in request.split(
        b"\r\n") if line.lower().startswith(b"sec-websocket-key:"))
    if accept is None:
        accept = base64.b64encode(
            hashlib.sha1(key + _GUID).digest()).decode()
    lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket",
             "Connection: Upgrade", f"Sec-WebSocket-Accept: {accept}"]
    if subprotocol:
        lines.append(f"Sec-WebSocket-Protocol: {subprotocol}")
    return "\r\n".join([*lines, "", ""]).encode()


def text_frame(data):
    """A text message of a server's."""
    assert len(data) < 126
    return bytes([0x81, len(data)]) + data


def answer(status, *headers, body=b""):
    return "\r\n".join([f"HTTP/1.1 {status}", *headers,
                        f"Content-Length: {len(body)}", "", ""]).encode() + body


@contextlib.asynccontextmanager
async def odd_server(respond, *, patient=True):
    """Answers each request by the bytes of `respond(request)`, and waits for the
    client to go if it is patient; by None at once with the end. Gives port and
    requests."""
    requests = []

    async def serve(reader, writer):
        with contextlib.suppress(ConnectionError,
                                 asyncio.IncompleteReadError):
            request = await reader.readuntil(b"\r\n\r\n")
            requests.append(request)
            said = respond(request)
            if said is not None:
                writer.write(said)
                await writer.drain()
                if patient:
                    await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], requests
    finally:
        server.close()
