# SPDX-License-Identifier: MIT
"""Keeps one link to the service."""

from __future__ import annotations

import asyncio
from typing import Optional, Protocol

from .backoff import Backoff
from .clock import Clock, Timer
from .close_codes import ABNORMAL, NORMAL, TOKEN_EXPIRED, Verdict, judge_close
from .endpoint import endpoint_url, headers_for
from .errors import ParlorError
from .events import Connection, State, StateChanged
from .frames import Frame
from .link import Link, LinkEnd
from .options import Options
from .token_source import TokenReason, TokenSource
from .transport import Transport

# Seconds after which a connection was a good one: the backoff starts anew.
_STABLE = 5.0

# Seconds that a connection in doubt has to answer.
_PROBE = 3.0

# So many attempts in a row have come to nothing before the application is told.
_PATIENCE = 3

# So many tokens in a row may have expired, or be signed with an old key.
_MOST_TOKENS = 5


class ConnectorListener(Protocol):
    """Who is told of connections."""

    def turned(self, change: StateChanged,
               connection: Optional[Connection]) -> None:
        """The state has changed; `connection` with `online`."""

    def frame(self, frame: Frame) -> None:
        """A frame of the current connection. May raise FrameError."""

    def lost(self) -> None:
        """The current connection ended."""

    def problem(self, error: ParlorError) -> None:
        """No token is to be had, the server says what makes no sense, or no
        connection comes about time and again."""


class Connector:
    """Makes a new link whenever one ends and its close code allows it. Not
    thread-safe."""

    def __init__(self, *, url: str, options: Options, clock: Clock,
                 transport: Transport, listener: ConnectorListener) -> None:
        self.state: State = "idle"
        #: Who one is; before the first connection, who one wants to be.
        self.user = options.user
        #: Why the last attempt came to nothing; None where it did not.
        self.last_error: Optional[ParlorError] = None
        self._url = url
        self._options = options
        self._clock = clock
        self._transport = transport
        self._listener = listener
        self._backoff = Backoff(
            options.backoff_base, options.backoff_cap, options.random)
        self._tokens = TokenSource(
            options.get_token, clock, options.connect_timeout)
        self._link: Optional[Link] = None
        self._timer: Optional[Timer] = None
        self._task: Optional[asyncio.Task[None]] = None
        self._greeted_at: Optional[float] = None
        self._token_reason: TokenReason = "connect"
        self._tokens_refused = 0
        self._refusal = ""
        # Attempts in a row that did not come as far as a greeting.
        self._failures = 0
        # Counts attempts, so that what belongs to an earlier one is not used.
        self._attempt = 0

    def start(self) -> None:
        if self.state == "idle":
            self._open()

    def hurry(self) -> None:
        """Does not wait: for the next attempt's time, or for a link that is
        dead."""
        self._backoff.reset()
        if self.state == "waiting":
            self._open()
        elif self._link is not None:
            self._link.probe(_PROBE)

    def stop(self) -> Optional[Link]:
        """Ends for good. Returns the link that is closing, if there is one."""
        if self.state == "closed":
            return None
        link = self._link
        if link is not None:
            link.close()
        self._end(Verdict(NORMAL, "", False))
        return link

    def send(self, text: str) -> None:
        if self._link is not None:
            self._link.send(text)

    async def token(self, reason: TokenReason) -> Optional[str]:
        """A token from the application; None where it gives none."""
        return await self._tokens.ask(reason)

    # -- link.LinkListener

    def greeted(self, connection: Connection) -> None:
        self._greeted_at = self._clock.now()
        self._failures = 0
        self.last_error = None
        # Who was given a name keeps it.
        self.user = connection.user
        self._become(StateChanged("online"), connection)

    def frame(self, frame: Frame) -> None:
        self._listener.frame(frame)

    def ended(self, end: LinkEnd) -> None:
        self._link = None
        if self._greeted_at is not None and (
                self._clock.now() - self._greeted_at >= _STABLE):
            self._backoff.reset()
            self._tokens_refused = 0
        verdict = judge_close(
            end.code, end.reason, end.closing, self._tokens.exists)
        if verdict.code == TOKEN_EXPIRED:
            self._token_refused(verdict)
        if end.probed and verdict.retry_after is None:
            verdict.retry_after = 0.0
        self._note(end)
        self._listener.lost()
        self._come_back(verdict)

    # -- within

    def _open(self) -> None:
        self._stop_timer()
        self._attempt += 1
        self._greeted_at = None
        self._become(StateChanged("connecting"))
        if self._tokens.exists:
            self._task = asyncio.get_running_loop().create_task(
                self._authorize(self._attempt))
        else:
            self._connect(None)

    async def _authorize(self, attempt: int) -> None:
        reason = self._token_reason
        try:
            token = await self.token(reason)
        except Exception as cause:
            if attempt == self._attempt:
                self._no_token(cause)
            return
        if attempt != self._attempt:
            return
        if token is None and reason == "expired":
            self._end(Verdict(TOKEN_EXPIRED, self._refusal, False))
            return
        self._token_reason = "connect"
        self._connect(token)

    def _no_token(self, cause: Exception) -> None:
        self.last_error = as_error(cause, "bad_token", "get_token failed")
        self._listener.problem(self.last_error)
        self._come_back(Verdict(ABNORMAL, "no token", True))

    def _connect(self, token: Optional[str]) -> None:
        try:
            headers = headers_for(token)
        except ValueError as problem:
            # It will be of no more use next time.
            self._end(Verdict(ABNORMAL, str(problem), False))
            return
        self._link = Link(
            transport=self._transport,
            url=endpoint_url(self._url, self.user), headers=headers,
            clock=self._clock,
            connect_timeout=self._options.connect_timeout, listener=self)

    def _note(self, end: LinkEnd) -> None:
        """Remembers why there is no connection, and tells it after some
        attempts: they go on, but not in silence."""
        url = endpoint_url(self._url, self.user)
        if end.violation:
            self.last_error = ParlorError(
                "bad_frame", end.reason, retryable=True, url=url)
            self._listener.problem(self.last_error)
        elif self._greeted_at is None:
            self.last_error = ParlorError(
                "unreachable", f"no connection to {url}: "
                f"{end.reason or f'closed with {end.code}'}",
                retryable=True,
                url=url, status=end.status, close_code=end.code)
        if self._greeted_at is None:
            self._failures += 1
        if self._failures == _PATIENCE and self.last_error is not None:
            self._listener.problem(self.last_error)

    def _token_refused(self, verdict: Verdict) -> None:
        """Another may cure it; if none does, the fault is elsewhere."""
        self._token_reason = "expired"
        self._tokens_refused += 1
        self._refusal = verdict.reason
        if self._tokens_refused >= _MOST_TOKENS:
            verdict.reconnect = False

    def _come_back(self, verdict: Verdict) -> None:
        if not verdict.reconnect:
            self._end(verdict)
            return
        delay = verdict.retry_after
        if delay is None:
            delay = self._backoff.next()
        self._timer = self._clock.call_later(delay, self._open)
        self._become(StateChanged(
            "waiting", verdict.code, verdict.reason, True, delay))

    def _end(self, verdict: Verdict) -> None:
        self._attempt += 1
        self._link = None
        self._stop_timer()
        if self._task is not None:
            # Soon: the application's function may have called this.
            asyncio.get_running_loop().call_soon(self._task.cancel)
        self._become(StateChanged(
            "closed", verdict.code, verdict.reason, False))

    def _become(self, change: StateChanged,
                connection: Optional[Connection] = None) -> None:
        self.state = change.state
        self._listener.turned(change, connection)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def as_error(cause: BaseException, code: str, what: str) -> ParlorError:
    """What an application's function raised, as an error that can be told."""
    if isinstance(cause, ParlorError):
        return cause
    error = ParlorError(code, f"{what}: {type(cause).__name__}")
    error.__cause__ = cause
    return error
