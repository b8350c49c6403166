# SPDX-License-Identifier: MIT
"""The port between the client and its WebSocket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Protocol


@dataclass(frozen=True)
class SocketEnd:
    """How a WebSocket ended. Where it never came about, `reason` says why, and
    `status` is what HTTP answered, if it did."""

    code: int
    reason: str = ""
    status: Optional[int] = None


class Listener(Protocol):
    """Who is told of one WebSocket, on the event loop's thread. Never from within
    a call to its socket."""

    def opened(self) -> None:
        """The handshake is through."""

    def heard(self) -> None:
        """Something came, a ping maybe."""

    def received(self, text: str) -> None:
        """A text message."""

    def ended(self, end: SocketEnd) -> None:
        """Nothing comes any more. Called once."""


class Socket(Protocol):
    """One WebSocket. Not thread-safe."""

    def send(self, text: str) -> None:
        """Nothing where it is not open."""

    def close(self, code: int) -> None:
        """Begins the closing handshake. What came before it is served."""

    def abort(self) -> None:
        """Ends it without waiting for the peer."""

    async def wait_closed(self) -> None:
        """Until the connection is gone."""


class Transport(Protocol):
    """Opens WebSockets."""

    def open(self, url: str, headers: Mapping[str, str],
             listener: Listener) -> Socket:
        """Begins to connect. `url` has ws or wss."""
