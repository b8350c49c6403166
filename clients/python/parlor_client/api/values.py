# SPDX-License-Identifier: MIT
"""What the HTTP API answers, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Tuple


@dataclass(frozen=True)
class NodeStatus:
    """A node of the service: `up`, `incomplete` (a part of it did not answer in
    time) or `silent` (what it has is missing)."""

    id: str
    status: str
    connections: Optional[int]


@dataclass(frozen=True)
class ConnectionDetail:
    """A connection, as administrators see it."""

    id: str
    user: str
    rooms: Tuple[str, ...]
    #: Seconds since 1970.
    connected_at: float
    ip: str
    #: The User-Agent.
    client: str
    #: Round trip in milliseconds; None where it was not measured yet.
    rtt_ms: Optional[float]
    outbox_bytes: int
    node: str


@dataclass(frozen=True)
class Stats:
    """Numbers of the whole service."""

    total_connections: int
    unique_users: int
    max_connections: int
    rooms: int


@dataclass(frozen=True)
class RoomCount:
    """How many are in a room."""

    room: str
    users: int
    connections: int


@dataclass(frozen=True)
class RoomDetail:
    """A room, and where it stands in its order."""

    room: str
    users: Tuple[str, ...]
    connections: int
    seq: int
    epoch: str


@dataclass(frozen=True)
class UserCount:
    """How many connections a user has."""

    user: str
    connections: int


@dataclass(frozen=True)
class Overview:
    """Rooms, users and connections as numbers. Only rooms with members are
    there."""

    total: int
    unique_users: int
    users_per_room: Dict[str, Tuple[str, ...]]
    connections_per_room: Dict[str, int]
    nodes: Tuple[NodeStatus, ...]


@dataclass(frozen=True)
class Readiness:
    """Whether the service is ready, and if not, why."""

    ready: bool
    status: str
    #: Milliseconds; None where it is not ready.
    loop_lag_ms: Optional[float]
