# SPDX-License-Identifier: MIT
"""What applications are told. Values: immutable, and safe to share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Mapping, Optional, Tuple, Union

from .errors import ParlorError

State = Literal["idle", "connecting", "online", "waiting", "closed"]


@dataclass(frozen=True)
class Position:
    """A place in a room's order. `epoch` has no meaning to clients; numbers of
    another epoch are other numbers."""

    epoch: str
    seq: int


@dataclass(frozen=True)
class Gap:
    """What came after `start`, up to and with `end`, may be missing.

    `reason` is `not_recovered` (the service did not keep it), `room_reset` (the
    room goes on elsewhere), `hole` (a number is missing) or `slow_consumer` (the
    application did not take its events, and the room's buffer was full).
    `start` is None where nothing was received before."""

    room: str
    reason: Literal["not_recovered", "room_reset", "hole", "slow_consumer"]
    start: Optional[Position]
    end: Position


@dataclass(frozen=True)
class Message:
    """A message of a room; one's own, too."""

    room: str
    sender: str
    content: Any
    #: The server's time, UTC.
    timestamp: datetime
    seq: int
    #: Older than the join: it was recovered, or asked for by `rewind`.
    replayed: bool = False
    #: `api` where the application published it over HTTP. No client's message
    #: has it, whatever its name.
    origin: Optional[str] = None
    #: What may be missing before it. Only where messages are iterated over:
    #: `Room.events` has gaps as events.
    gap: Optional[Gap] = None


@dataclass(frozen=True)
class Joined:
    """One is in a room, for the first time or (`again`) after a reconnect."""

    room: str
    epoch: str
    seq: int
    #: Sorted; None in large rooms.
    members: Optional[Tuple[str, ...]]
    count: int
    #: Everything that was missed comes next. Where it is False after a
    #: reconnect, a `Gap` says what may be missing.
    recovered: bool
    #: How many events of before come next.
    replayed: int
    again: bool = False


@dataclass(frozen=True)
class UserJoined:
    """A user came. One's own coming is in `Joined` alone."""

    room: str
    user: str
    seq: int
    replayed: bool


@dataclass(frozen=True)
class UserLeft:
    """A user went: `left`, `closed`, `timeout`, `kicked` or `node_down`."""

    room: str
    user: str
    seq: int
    replayed: bool
    reason: str


@dataclass(frozen=True)
class MembersChanged:
    """Who is in a room now; `members` is None in large rooms."""

    room: str
    members: Optional[Tuple[str, ...]]
    count: int


@dataclass(frozen=True)
class Shown:
    """What one connection of a user shows of itself."""

    connection: str
    data: Any


@dataclass(frozen=True)
class PresenceChanged:
    """Who shows what in a room now."""

    room: str
    users: Mapping[str, Tuple[Shown, ...]]


@dataclass(frozen=True)
class Signal:
    """What matters only now, such as that a user types."""

    room: str
    name: str
    data: Any
    user: str


RoomEvent = Union[
    Message, Joined, UserJoined, UserLeft, MembersChanged, PresenceChanged,
    Signal, Gap]


@dataclass(frozen=True)
class Members:
    """Who is in a room; `members` is None in large rooms."""

    members: Optional[Tuple[str, ...]]
    count: int


@dataclass(frozen=True)
class Limits:
    """What the service takes of this connection."""

    message_bytes: Optional[int]
    rooms_per_connection: Optional[int]
    #: 0 is no limit.
    messages_per_second: float
    message_burst: Optional[int]
    json_depth: Optional[int]


@dataclass(frozen=True)
class Connection:
    """The current connection, as the service's first frame describes it."""

    user: str
    id: str
    node: str
    #: Rooms of the service that have members, 100 at most.
    rooms: Tuple[str, ...]
    #: Seconds; None where the service sends no pings.
    ping_interval: Optional[float]
    limits: Limits


@dataclass(frozen=True)
class StateChanged:
    """`code`, `reason` and `reconnect` are those of the close, with `waiting`
    and `closed`; `retry_in` is seconds, with `waiting`."""

    state: State
    code: Optional[int] = None
    reason: Optional[str] = None
    reconnect: Optional[bool] = None
    retry_in: Optional[float] = None


@dataclass(frozen=True)
class PrivateMessage:
    """A message to this user alone; `origin` as that of a `Message`."""

    sender: str
    to: str
    content: Any
    timestamp: datetime
    origin: Optional[str] = None


@dataclass(frozen=True)
class SystemNotice:
    """A notice of the service to everyone."""

    content: Any
    timestamp: datetime


@dataclass(frozen=True)
class ErrorOccurred:
    """An error that nobody awaits: of a signal, a token, a room, a server that
    is not reached."""

    error: ParlorError


@dataclass(frozen=True)
class EventsDropped:
    """The application did not take its events: so many are missing here."""

    count: int


ClientEvent = Union[
    StateChanged, PrivateMessage, SystemNotice, ErrorOccurred, EventsDropped]
