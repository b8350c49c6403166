# SPDX-License-Identifier: MIT
"""What is raised."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class ParlorError(Exception):
    """Why something that was asked for did not happen.

    `code` is one of the service's (docs/protocol.md, "Errors") or one of the
    client's own:

    - `queue_full`: too many requests wait already; nothing was sent.
    - `unknown_outcome`: a message was sent, and no answer will come: perhaps it
      was published. `__cause__` is why no answer is awaited any more. The `key`
      of a publish lets it be tried again without being published twice.
    - `connection_lost`: the same, for what is not sent again by itself on the
      next connection.
    - `timeout`: connected, but no answer in time.
    - `closed`: the client was closed, or will not reconnect (`close_code`,
      `close_reason`); no message was sent.
    - `left_room`, `not_in_room`: the room was left, or never joined.
    - `too_large`: longer than the service takes.
    - `bad_token`: `get_token` returned something that is no token.
    - `bad_frame`: the server said something that is not of this protocol.
    - `unreachable`: no connection comes about (`url`, and `status` where HTTP
      answered).
    """

    def __init__(self, code: str, message: str, *, retryable: bool = False,
                 retry_after: Optional[float] = None,
                 key: Optional[str] = None,
                 close_code: Optional[int] = None,
                 close_reason: Optional[str] = None,
                 status: Optional[int] = None,
                 url: Optional[str] = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable
        #: Seconds, where the service said so.
        self.retry_after = retry_after
        #: Of a publish: with it, it may be tried again.
        self.key = key
        self.close_code = close_code
        self.close_reason = close_reason
        self.status = status
        self.url = url

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    @classmethod
    def of_frame(cls, frame: Mapping[str, Any]) -> ParlorError:
        """Of a frame of type `error`."""
        after = frame.get("retry_after_ms")
        return cls(
            str(frame.get("code", "internal")),
            str(frame.get("message", "")),
            retryable=frame.get("retryable") is True,
            retry_after=after / 1000 if isinstance(after, (int, float))
            else None)

    def copy(self) -> ParlorError:
        """The same as another object, so that each of several who wait has a
        traceback of its own."""
        made = type(self)(
            self.code, self.message, retryable=self.retryable,
            retry_after=self.retry_after, key=self.key,
            close_code=self.close_code, close_reason=self.close_reason,
            status=self.status, url=self.url)
        made.__cause__ = self.__cause__
        return made


class FrameError(ValueError):
    """A frame of the server that is not of this protocol. Ends the connection;
    applications see it as `bad_frame`."""
