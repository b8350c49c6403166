# SPDX-License-Identifier: MIT
"""One HTTP request, in a thread of the event loop's executor."""

from __future__ import annotations

import asyncio
import http.client
import ssl as ssl_module
from dataclasses import dataclass
from typing import Mapping, Optional
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back. Redirects are not followed: a token is for one server."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


class NotSent(Exception):
    """No connection came about: the request had no effect."""


class NoAnswer(Exception):
    """The request was sent, and no whole answer came: it may have had an
    effect."""


class HttpEndpoint:
    """Where requests go. Each has a connection of its own. Thread-safe."""

    def __init__(self, url: str, ssl: Optional[ssl_module.SSLContext],
                 timeout: float, max_size: int) -> None:
        """`timeout` is seconds for each step of the network, `max_size` bytes of
        an answer. Raises ValueError for what is no http URL."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an http URL: {url!r}")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError(f"a URL with more than a path: {url!r}")
        self._host = parts.hostname
        self._port = parts.port
        self._base = parts.path.rstrip("/")
        self._timeout = timeout
        self._max_size = max_size
        self._ssl: Optional[ssl_module.SSLContext] = None
        if parts.scheme == "https":
            self._ssl = ssl or ssl_module.create_default_context()

    async def request(self, method: str, target: str,
                      headers: Mapping[str, str],
                      body: Optional[bytes]) -> Answer:
        """Raises NotSent or NoAnswer. Where the task is cancelled, the request
        goes on in its thread until it is answered or late."""
        return await asyncio.to_thread(
            self._exchange, method, target, headers, body)

    def _exchange(self, method: str, target: str, headers: Mapping[str, str],
                  body: Optional[bytes]) -> Answer:
        connection = self._connection()
        try:
            try:
                connection.connect()
            except OSError as cause:
                raise NotSent(str(cause) or type(cause).__name__) from cause
            connection.request(
                method, self._base + target, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read(self._max_size + 1)
            if len(content) > self._max_size:
                raise NoAnswer(f"more than {self._max_size} bytes")
            if answer.length:
                # Reading so many bytes at most does not tell.
                raise NoAnswer("the answer broke off")
            return Answer(
                answer.status, answer.reason,
                {name.lower(): value for name, value in answer.getheaders()},
                content)
        except (OSError, http.client.HTTPException) as cause:
            raise NoAnswer(str(cause) or type(cause).__name__) from cause
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._ssl is None:
            return http.client.HTTPConnection(
                self._host, self._port, timeout=self._timeout)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=self._timeout, context=self._ssl)
