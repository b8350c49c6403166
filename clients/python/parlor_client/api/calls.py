# SPDX-License-Identifier: MIT
"""The calls of the HTTP API."""

from __future__ import annotations

import json
import ssl as ssl_module
from typing import Any, AsyncIterator, Callable, Dict, Optional, TypeVar
from urllib.parse import quote, urlencode

from ..endpoint import USER_AGENT
from ..errors import FrameError, ParlorError
from ..events import Position
from ..frames import Frame, number_of, text_of
from ..keys import KeyMaker
from ..values import Json, check_name, frame_text
from .decoding import (
    connection_detail, node_status, overview, readiness, room_count,
    room_detail, rows, stats, user_count)
from .exchange import Answer, HttpEndpoint, NoAnswer, NotSent
from .values import (
    ConnectionDetail, NodeStatus, Overview, Readiness, RoomCount, RoomDetail,
    Stats, UserCount)

T = TypeVar("T")

# As the service has it by default; it checks again.
_JSON_DEPTH = 32

# Bytes of a body; not to be configured.
_BODY_BYTES = 1024 * 1024

_CODES = {
    400: "bad_request", 401: "unauthorized", 403: "forbidden",
    404: "not_found", 413: "too_large", 429: "limit_exceeded",
    503: "unavailable"}
_RETRYABLE = (408, 429, 502, 503, 504)


class Api:
    """Calls of an application or an administrator. Each is one request on a
    connection of its own, in a thread, so that the event loop never waits. Keeps
    no state: to be used from any event loop, in any thread.

    All raise ParlorError: `unreachable` where no connection came about,
    `unknown_outcome` where a request that changes something was sent and not
    answered, `timeout` where another was, and for an HTTP error, with its
    `status`: `bad_request`, `unauthorized`, `forbidden`, `not_found`,
    `too_large`, `limit_exceeded`, `unavailable` or `http_error`.
    """

    def __init__(self, url: str, *, token: Optional[str] = None,
                 ssl: Optional[ssl_module.SSLContext] = None,
                 timeout: float = 10.0,
                 max_size: int = 64 * 1024 * 1024) -> None:
        """`url` is the service's, with http or https, or that of `admin.port`;
        `token` is that of `admin.token-file`; `ssl` is by default one that
        trusts whom the system trusts. `timeout` is seconds for each step of the
        network, `max_size` bytes of an answer. Raises ValueError for what can be
        of no use."""
        self._endpoint = HttpEndpoint(url, ssl, timeout, max_size)
        self._keys = KeyMaker()
        self._headers: Dict[str, str] = {"User-Agent": USER_AGENT}
        if token is not None:
            if not token.isascii() or not token.isprintable() or " " in token:
                raise ValueError("a token is one word of printable ASCII")
            self._headers["Authorization"] = f"Bearer {token}"

    # -- doing

    async def publish(self, room: str, content: Json, *,
                      sender: Optional[str] = None,
                      exclude: Optional[str] = None,
                      key: Optional[str] = None) -> Position:
        """A message in a room, of `sender` or of the service itself, but not to
        the user or connection `exclude`. Returns its place. An error has the
        `key` with which it can be tried again and is published once."""
        check_name("room", room)
        if key is None:
            key = self._keys.next()
        check_name("key", key)
        body = _body(room=room, content=(content,), sender=sender,
                     exclude=exclude, key=key)
        try:
            return await self._post("publish", body, _position)
        except ParlorError as error:
            error.key = key
            raise

    async def send(self, user: str, content: Json) -> int:
        """A private message. Returns how many connections got it."""
        check_name("user", user)
        return await self._post(
            "send", _body(user=user, content=(content,)),
            lambda frame: number_of(frame, "delivered"))

    async def broadcast(self, content: Json, *,
                        exclude: Optional[str] = None
                        ) -> tuple[NodeStatus, ...]:
        """A notice to everyone. Returns the nodes of a cluster: one that is
        `silent` has perhaps not got it."""
        return await self._post(
            "broadcast", _body(content=(content,), exclude=exclude),
            lambda frame: rows(frame, "nodes", node_status, True))

    async def disconnect(self, user: str) -> int:
        """Closes all connections of a user with 4004. Returns how many; raises
        `not_found` for who has none."""
        check_name("user", user)
        return await self._post(
            "disconnect", _body(user=user),
            lambda frame: number_of(frame, "disconnected"))

    async def disconnect_connection(self, id: str) -> None:
        """Closes one connection with 4004. Raises `not_found`."""
        await self._request("DELETE", f"/admin/connections/{_part(id)}")

    # -- looking

    async def overview(self) -> Overview:
        """Rooms, users and connections as numbers."""
        return await self._get("/admin/connections", overview)

    async def stats(self) -> Stats:
        """Numbers of the whole service."""
        return await self._get("/admin/stats", stats)

    async def connections(self, *, page: int = 100
                          ) -> AsyncIterator[ConnectionDetail]:
        """All connections, by id, asked for in pages of so many (1 to 1000)."""
        async for x in self._pages("/admin/connections", "connections",
                                   connection_detail, _id_of, page,
                                   detail="1"):
            yield x

    async def rooms(self, *, page: int = 100) -> AsyncIterator[RoomCount]:
        """All rooms with members, by name, asked for in pages."""
        async for x in self._pages("/admin/rooms", "rooms", room_count,
                                   _room_of, page):
            yield x

    async def users(self, *, page: int = 100) -> AsyncIterator[UserCount]:
        """All users, by name, asked for in pages."""
        async for x in self._pages("/admin/users", "users", user_count,
                                   _user_of, page):
            yield x

    async def room(self, name: str) -> RoomDetail:
        """Raises `not_found` for a room without members."""
        check_name("room", name)
        return await self._get(f"/admin/rooms/{_part(name)}", room_detail)

    async def user(self, name: str) -> tuple[ConnectionDetail, ...]:
        """The user's connections. Raises `not_found` for who has none."""
        check_name("user", name)
        return await self._get(
            f"/admin/users/{_part(name)}",
            lambda frame: rows(frame, "connections", connection_detail))

    async def metrics(self) -> str:
        """In Prometheus' text format."""
        answer = await self._request("GET", "/metrics")
        return answer.body.decode("utf-8", "replace")

    async def is_live(self) -> bool:
        """Whether the process answers."""
        answer = await self._exchange("GET", "/health/live", None)
        return answer.status == 200

    async def readiness(self) -> Readiness:
        """Whether it serves clients, and if not, why."""
        answer = await self._exchange("GET", "/health/ready", None)
        if answer.status not in (200, 503):
            raise _problem(answer)
        return _decoded(answer, lambda frame: readiness(
            frame, answer.status == 200))

    # -- within

    async def _get(self, target: str, decode: Callable[[Frame], T]) -> T:
        return _decoded(await self._request("GET", target), decode)

    async def _post(self, name: str, body: bytes,
                    decode: Callable[[Frame], T]) -> T:
        return _decoded(
            await self._request("POST", f"/api/v1/{name}", body), decode)

    async def _pages(self, path: str, member: str,
                     decode: Callable[[Frame], T], key: Callable[[T], str],
                     page: int, **query: str) -> AsyncIterator[T]:
        after: Dict[str, str] = {}
        while True:
            target = path + "?" + urlencode(
                {**query, "limit": str(page), **after})
            found = await self._get(
                target, lambda frame: rows(frame, member, decode))
            for x in found:
                yield x
            if len(found) < page:
                return
            after = {"after": key(found[-1])}

    async def _request(self, method: str, target: str,
                       body: Optional[bytes] = None) -> Answer:
        """An answer that is no error."""
        answer = await self._exchange(method, target, body)
        if not 200 <= answer.status < 300:
            raise _problem(answer)
        return answer

    async def _exchange(self, method: str, target: str,
                        body: Optional[bytes]) -> Answer:
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            return await self._endpoint.request(
                method, target, headers, body)
        except NotSent as cause:
            raise ParlorError(
                "unreachable", str(cause), retryable=True) from cause
        except NoAnswer as cause:
            code = "timeout" if method == "GET" else "unknown_outcome"
            raise ParlorError(
                code, f"no answer: {cause}", retryable=True) from cause


def _body(*, content: tuple[Json, ...] = (),
          **members: Optional[str]) -> bytes:
    """What is None is left out, but for the content: that may be null."""
    frame: Dict[str, Any] = {
        name: value for name, value in members.items() if value is not None}
    if content:
        frame["content"] = content[0]
    body = frame_text(frame, _JSON_DEPTH).encode()
    if len(body) > _BODY_BYTES:
        raise ParlorError("too_large", f"more than {_BODY_BYTES} bytes")
    return body


def _id_of(x: ConnectionDetail) -> str:
    return x.id


def _room_of(x: RoomCount) -> str:
    return x.room


def _user_of(x: UserCount) -> str:
    return x.user


def _part(name: str) -> str:
    """Of a path."""
    return quote(name, safe="")


def _position(frame: Frame) -> Position:
    return Position(text_of(frame, "epoch"), number_of(frame, "seq"))


def _object(answer: Answer) -> Frame:
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {}


def _decoded(answer: Answer, decode: Callable[[Frame], T]) -> T:
    try:
        return decode(_object(answer))
    except FrameError as problem:
        raise ParlorError("bad_frame", f"not an answer of Parlor: {problem}",
                          status=answer.status) from problem


def _problem(answer: Answer) -> ParlorError:
    """RFC 9457, or whatever a proxy answers."""
    frame = _object(answer)
    detail = frame.get("detail")
    said = detail if isinstance(detail, str) else answer.reason
    where = answer.headers.get("location")
    if where and 300 <= answer.status < 400:
        said += f", redirected to {where[:300]}"
    after = answer.headers.get("retry-after", "")
    return ParlorError(
        _CODES.get(answer.status, "http_error"),
        f"HTTP {answer.status}: {said}",
        retryable=answer.status in _RETRYABLE, status=answer.status,
        retry_after=float(after) if after.isdigit() else None)
