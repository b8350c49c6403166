# SPDX-License-Identifier: MIT
"""Asks the application for tokens."""

from __future__ import annotations

import asyncio
import inspect
from typing import Awaitable, Callable, Literal, Optional, TypeVar, Union

from .clock import Clock
from .errors import ParlorError

TokenReason = Literal["connect", "expiring", "expired"]

#: A function of the application, or a coroutine function. None is no token.
GetToken = Callable[
    [TokenReason], Union[None, str, Awaitable[Optional[str]]]]

T = TypeVar("T")


async def within(clock: Clock, seconds: float,
                 awaitable: Awaitable[T]) -> T:
    """Its result; raises asyncio.TimeoutError, and cancels it, where it takes
    longer by this clock."""
    task = asyncio.ensure_future(awaitable)
    late = False

    def give_up() -> None:
        nonlocal late
        late = True
        task.cancel()

    timer = clock.call_later(seconds, give_up)
    try:
        return await task
    except asyncio.CancelledError:
        if late:
            raise asyncio.TimeoutError from None
        raise
    finally:
        timer.cancel()
        task.cancel()


class TokenSource:
    """Awaits each token for so many seconds at most."""

    def __init__(self, get_token: Optional[GetToken], clock: Clock,
                 limit: float) -> None:
        self._get_token = get_token
        self._clock = clock
        self._limit = limit

    @property
    def exists(self) -> bool:
        """False where the application has none to give."""
        return self._get_token is not None

    async def ask(self, reason: TokenReason) -> Optional[str]:
        """A token; None where the application gives none. Raises `timeout`,
        `bad_token`, or whatever the application's function does."""
        if self._get_token is None:
            return None
        given = self._get_token(reason)
        if inspect.isawaitable(given):
            try:
                given = await within(self._clock, self._limit, given)
            except asyncio.TimeoutError:
                raise ParlorError(
                    "timeout", "get_token gave no token in time") from None
        if given is None or given == "":
            return None
        if not isinstance(given, str):
            raise ParlorError(
                "bad_token", f"a token is no {type(given).__name__}")
        return given
