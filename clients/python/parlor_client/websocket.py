# SPDX-License-Identifier: MIT
"""WebSockets by the library `websockets`: its Sans-I/O part, which is the same
from version 10 on, on a transport of asyncio's. It follows no redirect, which
would show a token to whoever is there, and has no timer of its own."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl as ssl_module
from typing import Any, Callable, List, Mapping, Optional, cast

import websockets.client
from websockets.exceptions import PayloadTooBig
from websockets.frames import Frame, Opcode
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI, parse_uri

from .close_codes import ABNORMAL, TOO_BIG
from .endpoint import SUBPROTOCOL
from .transport import Listener, Socket, SocketEnd

# `ClientConnection` until version 10, `ClientProtocol` from 11 on.
_Protocol: Any = getattr(websockets.client, "ClientProtocol", None) or getattr(
    websockets.client, "ClientConnection")

# The library would log headers and messages, tokens among them, for debugging.
_LOG = logging.getLogger("parlor_client.websocket")
_LOG.setLevel(logging.WARNING)

_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r\n]")
_LOCATION = re.compile(rb"\r\nlocation:[ \t]*([!-~]{1,300})", re.IGNORECASE)

# As much of an answer that is no upgrade is kept, to say what it was.
_KEPT_BYTES = 16384


class WebSocketTransport:
    """Opens WebSockets over TCP, and over TLS where the URL says wss."""

    def __init__(self, ssl: Optional[ssl_module.SSLContext] = None, *,
                 max_size: int) -> None:
        """`ssl` is by default one that trusts whom the system trusts. `max_size`
        is the longest message in bytes."""
        self._ssl = ssl
        self._max_size = max_size

    def open(self, url: str, headers: Mapping[str, str],
             listener: Listener) -> Socket:
        uri = parse_uri(url)
        tls = None
        if uri.secure:
            if self._ssl is None:
                self._ssl = ssl_module.create_default_context()
            tls = self._ssl
        protocol = _Protocol(
            uri, subprotocols=[cast(Subprotocol, SUBPROTOCOL)],
            max_size=self._max_size, logger=_LOG)
        return _WebSocket(protocol, uri, headers, listener, tls)


class _WebSocket(asyncio.Protocol):
    """One of them, from the search for its host on."""

    def __init__(self, protocol: Any, uri: WebSocketURI,
                 headers: Mapping[str, str], listener: Listener,
                 tls: Optional[ssl_module.SSLContext]) -> None:
        self._protocol = protocol
        self._headers = headers
        self._listener = listener
        self._transport: Optional[asyncio.Transport] = None
        self._opened = False
        self._over = False
        # What came before the handshake was through.
        self._answer = b""
        # The fragments of a message.
        self._parts: List[bytes] = []
        loop = asyncio.get_running_loop()
        self._closed: asyncio.Future[None] = loop.create_future()
        self._connecting = loop.create_task(
            self._connect(uri, tls))

    # -- Socket

    def send(self, text: str) -> None:
        if self._is_open:
            self._protocol.send_text(text.encode())
            self._flush()

    def close(self, code: int) -> None:
        if self._is_open:
            self._protocol.send_close(code)
            self._flush()
        elif not self._opened:
            self.abort()

    def abort(self) -> None:
        self._over = True
        self._connecting.cancel()
        if self._transport is not None:
            self._transport.abort()
        else:
            self._gone()

    async def wait_closed(self) -> None:
        await asyncio.shield(self._closed)

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        request = self._protocol.connect()
        for name, value in self._headers.items():
            request.headers[name] = value
        self._protocol.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        if not self._opened and len(self._answer) < _KEPT_BYTES:
            self._answer += data
        self._listener.heard()
        self._step(lambda: self._protocol.receive_data(data))

    def eof_received(self) -> None:
        self._step(self._protocol.receive_eof)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        self._end(self._how_it_ended())
        self._gone()

    # -- within

    @property
    def _is_open(self) -> bool:
        return (self._opened and not self._over
                and self._protocol.state.name == "OPEN")

    async def _connect(self, uri: WebSocketURI,
                       tls: Optional[ssl_module.SSLContext]) -> None:
        try:
            await asyncio.get_running_loop().create_connection(
                lambda: self, uri.host, uri.port, ssl=tls)
        except (OSError, UnicodeError) as error:
            # UnicodeError is of a host that IDNA cannot write.
            self._end(SocketEnd(ABNORMAL, str(error) or type(error).__name__))
            self._gone()

    def _step(self, receive: Callable[[], object]) -> None:
        """Lets the protocol receive something, and does what it wants then."""
        if self._over:
            return
        try:
            receive()
        except Exception as error:
            # What answers is no HTTP, or none that the library reads.
            self._fail(str(error))
            return
        self._flush()
        for event in self._protocol.events_received():
            self._take(event)
        problem = self._protocol.handshake_exc or self._protocol.parser_exc
        if not self._opened and problem is not None:
            # From version 15 on that is not raised.
            self._fail(str(problem))
        elif self._protocol.close_rcvd is not None or (
                self._protocol.parser_exc is not None):
            self._end(self._how_it_ended())
            if self._transport is not None:
                self._transport.close()

    def _take(self, event: Any) -> None:
        if self._over:
            return
        if not isinstance(event, Frame):
            self._handshaken()
        elif event.opcode in _DATA:
            self._parts.append(bytes(event.data))
            if event.fin:
                data, self._parts = b"".join(self._parts), []
                self._message(data)

    def _handshaken(self) -> None:
        if self._protocol.handshake_exc is not None:
            return
        if self._protocol.subprotocol != SUBPROTOCOL:
            self._fail(f"the server does not speak {SUBPROTOCOL}")
        else:
            self._opened = True
            self._answer = b""
            self._listener.opened()

    def _message(self, data: bytes) -> None:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._fail("a message is no UTF-8")
            return
        self._listener.received(text)

    def _fail(self, reason: str) -> None:
        """It is of no use."""
        status = None
        found = _STATUS.match(self._answer)
        if found and not self._opened:
            status = int(found[1])
            where = _LOCATION.search(self._answer)
            if status != 101:
                reason = f"HTTP {status}"
            if where and 300 <= status < 400:
                reason += f", redirected to {where[1].decode()}"
        self._end(SocketEnd(ABNORMAL, reason, status))
        if self._transport is not None:
            self._transport.abort()

    def _how_it_ended(self) -> SocketEnd:
        said = self._protocol.close_rcvd
        problem = self._protocol.parser_exc
        if said is not None:
            return SocketEnd(said.code, said.reason)
        if isinstance(problem, PayloadTooBig):
            return SocketEnd(TOO_BIG, "a message is longer than max_size")
        if problem is not None and not isinstance(problem, EOFError):
            return SocketEnd(ABNORMAL, f"no WebSocket frame: {problem}")
        return SocketEnd(ABNORMAL)

    def _end(self, end: SocketEnd) -> None:
        if self._over:
            return
        self._over = True
        self._listener.ended(end)

    def _gone(self) -> None:
        if not self._closed.done():
            self._closed.set_result(None)

    def _flush(self) -> None:
        if self._transport is None:
            return
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            elif self._transport.can_write_eof():
                self._transport.write_eof()
