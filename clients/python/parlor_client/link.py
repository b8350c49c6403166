# SPDX-License-Identifier: MIT
"""One WebSocket, from its opening to its end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Mapping, Optional, Protocol

from .clock import Clock, Timer
from .close_codes import ABNORMAL, NORMAL
from .errors import FrameError
from .events import Connection, Limits
from .frames import Frame, number_of, object_of, parse, text_of
from .liveness import Action, Liveness
from .transport import Socket, SocketEnd, Transport

_PING = '{"type":"ping"}'


@dataclass(frozen=True)
class LinkEnd:
    """How a link ended. `closing` is the frame of that type, `probed`: somebody
    waited for a sign of life, `violation`: the server said what is not of this protocol."""

    code: int
    reason: str
    closing: Optional[Frame]
    probed: bool
    status: Optional[int]
    violation: bool


class LinkListener(Protocol):
    """Who is told of a link. `greeted` comes first, `ended` last and once;
    nothing comes after `Link.close`."""

    def greeted(self, connection: Connection) -> None:
        """The service's first frame came."""

    def frame(self, frame: Frame) -> None:
        """Any other came. May raise FrameError, which ends the link."""

    def ended(self, end: LinkEnd) -> None:
        """The connection is gone."""


class Link:
    """Opens the WebSocket, gives up where nothing comes, and notices where
    nothing comes any more. Times are seconds. Not thread-safe."""

    def __init__(self, *, transport: Transport, url: str,
                 headers: Mapping[str, str], clock: Clock,
                 connect_timeout: float, listener: LinkListener) -> None:
        self._clock = clock
        self._listener = listener
        self._closing: Optional[Frame] = None
        self._liveness: Optional[Liveness] = None
        self._timer: Optional[Timer] = None
        # Until when the greeting has to come.
        self._deadline = math.inf
        self._probed = False
        self._violation = False
        self._over = False
        self._socket: Socket = transport.open(url, headers, self)
        self._give_up_in(connect_timeout)

    def send(self, text: str) -> None:
        """Lost where the socket is not open."""
        if not self._over:
            self._socket.send(text)

    def probe(self, limit: float) -> None:
        """Ends, unless something comes within the limit."""
        if self._over:
            return
        self._probed = True
        if self._liveness is None:
            self._give_up_in(limit)
            return
        self.send(_PING)
        self._liveness.pinged(limit, self._clock.now())
        self._watch()

    def close(self) -> None:
        """Ends it from this side; what was sent before is served."""
        if self._over:
            return
        self._finish()
        self._socket.close(NORMAL)

    def abort(self) -> None:
        """Waits for the peer no longer."""
        self._finish()
        self._socket.abort()

    async def wait_closed(self) -> None:
        """Until the connection is gone."""
        await self._socket.wait_closed()

    # -- transport.Listener

    def opened(self) -> None:
        """What counts is the greeting."""

    def heard(self) -> None:
        if self._over:
            return
        self._probed = False
        if self._liveness is not None:
            self._liveness.heard(self._clock.now())

    def received(self, text: str) -> None:
        if self._over:
            return
        try:
            self._take(parse(text))
        except FrameError as problem:
            self._violation = True
            self._drop(str(problem))

    def ended(self, end: SocketEnd) -> None:
        self._end(end)

    # -- within

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "closing":
            self._closing = frame
        if self._liveness is not None:
            self._listener.frame(frame)
        elif frame["type"] == "connected":
            self._greet(connection_of(frame))

    def _greet(self, connection: Connection) -> None:
        interval = connection.ping_interval
        self._liveness = Liveness(
            math.inf if interval is None else interval, self._clock.now())
        self._watch()
        self._listener.greeted(connection)

    def _watch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        assert self._liveness is not None
        action, delay = self._liveness.check(self._clock.now())
        if action is Action.DROP:
            self._drop("nothing came")
            return
        if action is Action.PING:
            self.send(_PING)
        if delay < math.inf:
            self._timer = self._clock.call_later(delay, self._watch)

    def _give_up_in(self, delay: float) -> None:
        """Unless the greeting comes before that. A second limit lengthens
        none."""
        now = self._clock.now()
        self._deadline = min(self._deadline, now + delay)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(
            self._deadline - now, lambda: self._drop("nothing came"))

    def _drop(self, reason: str) -> None:
        """Does not wait for a peer that may be gone."""
        if self._over:
            return
        self._socket.abort()
        self._end(SocketEnd(ABNORMAL, reason))

    def _end(self, end: SocketEnd) -> None:
        if self._over:
            return
        self._finish()
        self._listener.ended(LinkEnd(
            end.code, end.reason, self._closing, self._probed, end.status,
            self._violation))

    def _finish(self) -> None:
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def connection_of(frame: Frame) -> Connection:
    """Of a `connected` frame. Raises FrameError."""
    limits = object_of(frame, "limits") if "limits" in frame else {}

    def limit(name: str) -> Optional[int]:
        return number_of(limits, name) if name in limits else None

    ping = number_of(frame, "ping_ms", 0)
    rooms = frame.get("rooms")
    return Connection(
        text_of(frame, "user_id"), str(frame.get("connection", "")),
        str(frame.get("node", "")),
        tuple(x for x in rooms if isinstance(x, str))
        if isinstance(rooms, list) else (),
        ping / 1000 if ping > 0 else None,
        Limits(limit("message_bytes"), limit("rooms_per_connection"),
               limit("messages_per_second") or 0, limit("message_burst"),
               limit("json_depth")))
