# SPDX-License-Identifier: MIT
"""Everything that waits for an answer."""

from __future__ import annotations

import functools
import math
from typing import Callable, Dict, Optional, Set

from .clock import Clock, Timer
from .errors import ParlorError
from .events import Limits
from .frames import Frame
from .pacer import Pacer
from .request import Request, Settle
from .values import frame_text

# What the service takes until it has told.
_JSON_DEPTH = 32

# Seconds to wait where it refuses and does not say for how long.
_PAUSE = 1.0


class RequestQueue:
    """What is to be sent, in its order, and what was sent. Survives connections.
    What was not sent yet always may be; what was sent and not answered is sent
    again only where asking twice does nothing twice (`resend`)."""

    def __init__(self, *, clock: Clock, transmit: Callable[[str], None],
                 admits: Callable[[Request], bool], max_queued: int,
                 timeout: float) -> None:
        """`transmit` sends; `admits` says whether a request may be sent now:
        `pump` is to be called after any change of that. `timeout` is seconds."""
        self._clock = clock
        self._transmit = transmit
        self._admits = admits
        self._max_queued = max_queued
        self._timeout = timeout
        self._pacer = Pacer()
        self._message_bytes = math.inf
        self._json_depth = _JSON_DEPTH
        # All that are not settled, in the order in which they were asked for.
        # One that is refused, or whose connection ends, keeps its place.
        self._open: Dict[int, Request] = {}
        self._next_id = 1
        self._sendings = 0
        # When the service refuses one as too fast, those that were sent behind
        # it are most likely refused as well: behind which sending, up to which.
        self._suspect_after = 0
        self._suspect_up_to = 0
        self._timer: Optional[Timer] = None

    def ask(self, frame: Frame, settle: Settle, *, room: Optional[str] = None,
            resend: bool = False, urgent: bool = False) -> Optional[Request]:
        """Asks for something. `room`: waits until one is in it. `urgent`: goes
        before all others, and never outlives the connection. None where it was
        settled at once. Raises `bad_json` where no service would take it."""
        request = self._request(frame, settle, room=room, resend=resend,
                                urgent=urgent)
        if not self._fits(request):
            request.fail(self._too_large())
            return None
        self._open[request.id] = request
        self.pump()
        if (not urgent and self._waits(request)
                and self._count_queued() > self._max_queued):
            self._remove(request)
            request.fail(ParlorError(
                "queue_full", f"{self._max_queued} requests wait already"))
            return None
        return request

    def send_now(self, frame: Frame, settle: Settle, *, room: str) -> bool:
        """Sends it now or never; False where it was not."""
        request = self._request(frame, settle, room=room, volatile=True)
        if (not self._admits(request) or not self._fits(request)
                or self._pacer.take(self._clock.now()) > 0):
            return False
        self._open[request.id] = request
        self._send(request)
        return True

    def forget(self, request: Request) -> None:
        """Nobody waits for the answer. What was never sent is not sent."""
        if self._open.get(request.id) is request and (
                request.sent_since is None):
            self._remove(request)

    def begin(self, limits: Limits) -> None:
        """A connection has begun, with these limits."""
        self._pacer.begin(limits.messages_per_second, self._clock.now(),
                          limits.message_burst)
        self._message_bytes = (
            math.inf if limits.message_bytes is None else limits.message_bytes)
        if limits.json_depth is not None:
            self._json_depth = limits.json_depth

    def text_of(self, frame: Frame) -> str:
        """As it would be sent. Raises `bad_json`."""
        return frame_text(frame, self._json_depth)

    def pump(self) -> None:
        """Sends what may be sent."""
        if self._send_open(lambda x: x.urgent, math.inf):
            self._send_open(lambda x: not x.urgent and not x.volatile,
                            self._pacer.max_in_flight)

    def answer(self, frame: Frame) -> bool:
        """A reply, error or pong; False where nobody waits for it."""
        id = frame.get("id")
        request = self._open.get(id) if isinstance(id, int) else None
        if request is None or not request.in_flight:
            return False
        request.stop_timer()
        is_error = frame["type"] == "error"
        try:
            if (is_error and frame.get("code") == "rate_limited"
                    and not request.volatile):
                self._slow_down(request, ParlorError.of_frame(frame))
            else:
                del self._open[request.id]
                if is_error:
                    request.fail(ParlorError.of_frame(frame))
                else:
                    request.answer(frame)
        finally:
            self.pump()
        return True

    def dropped(self) -> None:
        """The connection is gone."""
        self._stop_timer()
        for request in list(self._open.values()):
            if not request.urgent and not request.in_flight:
                continue
            request.stop_timer()
            request.lost()
            if request.resend:
                continue
            del self._open[request.id]
            request.fail(ParlorError(
                "connection_lost",
                "the connection ended before the answer came"))

    def close(self, error: ParlorError) -> None:
        """Nothing will ever be sent again."""
        self._stop_timer()
        for request in list(self._open.values()):
            self._remove(request)
            request.give_up(error.copy())

    def give_up(self, wanted: Callable[[Request], bool],
                error: ParlorError) -> None:
        """Gives up what waits and fits, and will not repeat what is in flight
        and fits."""
        for request in [x for x in self._open.values() if wanted(x)]:
            if request.in_flight:
                request.resend = False
            else:
                self._remove(request)
                request.give_up(error.copy())

    def has(self, wanted: Callable[[Request], bool]) -> bool:
        """Whether something is open that fits."""
        return any(wanted(x) for x in self._open.values())

    def _request(self, frame: Frame, settle: Settle, *,
                 room: Optional[str] = None, resend: bool = False,
                 urgent: bool = False, volatile: bool = False) -> Request:
        id = self._next_id
        self._next_id += 1
        return Request(
            id=id, type=frame["type"], room=room, resend=resend, urgent=urgent,
            volatile=volatile, settle=settle,
            # The id first, so that the service can read it whatever follows.
            text=self.text_of({"id": id, **frame}))

    def _send_open(self, wanted: Callable[[Request], bool],
                   max_in_flight: float) -> bool:
        """Sends what is wanted and may be sent, in its order, until so many are
        in flight. False where the service's rate wants a pause first."""
        in_flight = sum(x.in_flight for x in self._open.values())
        held: Set[Optional[str]] = set()
        for request in list(self._open.values()):
            if not wanted(request) or request.id not in self._open:
                continue
            if request.in_flight:
                # It may have to be sent again: nothing may overtake it.
                if self._is_suspect(request):
                    held.add(request.room)
                continue
            if request.room in held or not self._admits(request):
                continue
            if not self._fits(request):
                self._remove(request)
                request.give_up(self._too_large())
                continue
            if in_flight >= max_in_flight:
                return True
            wait = self._pacer.take(self._clock.now())
            if wait > 0:
                self._pump_in(wait)
                return False
            in_flight += 1
            self._send(request)
        return True

    def _send(self, request: Request) -> None:
        request.sent_at = self._clock.now()
        self._sendings += 1
        request.sending = self._sendings
        request.timer = self._clock.call_later(
            self._timeout, functools.partial(self._timed_out, request))
        self._transmit(request.text)

    def _timed_out(self, request: Request) -> None:
        self._remove(request)
        request.give_up(ParlorError("timeout", "no answer in time"))
        self.pump()

    def _slow_down(self, request: Request, error: ParlorError) -> None:
        """It was dropped, so it may be sent again, whatever it is."""
        request.refused()
        pause = _PAUSE if error.retry_after is None else error.retry_after
        self._pacer.pause(pause, self._clock.now())
        is_suspect = self._is_suspect(request)
        # Also what was sent since the first refusal: the service may have
        # refused again before it came.
        self._suspect_up_to = self._sendings
        if is_suspect:
            return
        self._suspect_after = request.sending
        self._pacer.narrow()

    def _is_suspect(self, request: Request) -> bool:
        return self._suspect_after < request.sending <= self._suspect_up_to

    def _pump_in(self, delay: float) -> None:
        self._stop_timer()
        self._timer = self._clock.call_later(delay, self.pump)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _remove(self, request: Request) -> None:
        request.stop_timer()
        self._open.pop(request.id, None)

    def _waits(self, request: Request) -> bool:
        return request.id in self._open and not request.in_flight

    def _count_queued(self) -> int:
        return sum(not x.urgent and not x.in_flight
                   for x in self._open.values())

    def _fits(self, request: Request) -> bool:
        return request.size <= self._message_bytes

    def _too_large(self) -> ParlorError:
        return ParlorError(
            "too_large", f"more than {self._message_bytes:.0f} bytes")
