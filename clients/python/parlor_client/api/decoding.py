# SPDX-License-Identifier: MIT
"""Reads what the HTTP API answers. Raises FrameError for what is none."""

from __future__ import annotations

from typing import Callable, Optional, Tuple, TypeVar

from ..errors import FrameError
from ..frames import Frame, names_of, number_of, object_of, objects_of, text_of
from .values import (
    ConnectionDetail, NodeStatus, Overview, Readiness, RoomCount, RoomDetail,
    Stats, UserCount)

T = TypeVar("T")


def rows(frame: Frame, member: str, decode: Callable[[Frame], T],
         optional: bool = False) -> Tuple[T, ...]:
    """A list of objects; empty where an optional one is not there."""
    if optional and member not in frame:
        return ()
    return tuple(decode(x) for x in objects_of(frame, member))


def _measure(frame: Frame, member: str) -> float:
    value = frame.get(member)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise FrameError(f"{member} is no number")
    return value


def _optional_measure(frame: Frame, member: str) -> Optional[float]:
    return None if frame.get(member) is None else _measure(frame, member)


def node_status(frame: Frame) -> NodeStatus:
    count = frame.get("connections")
    return NodeStatus(text_of(frame, "id"), text_of(frame, "status"),
                      count if isinstance(count, int) else None)


def connection_detail(frame: Frame) -> ConnectionDetail:
    return ConnectionDetail(
        text_of(frame, "id"), text_of(frame, "user_id"),
        tuple(names_of(frame, "rooms")), _measure(frame, "connected_at"),
        text_of(frame, "ip"), text_of(frame, "client"),
        _optional_measure(frame, "rtt_ms"), number_of(frame, "outbox_bytes"),
        text_of(frame, "node"))


def stats(frame: Frame) -> Stats:
    return Stats(
        number_of(frame, "total_connections"),
        number_of(frame, "unique_users"), number_of(frame, "max_connections"),
        number_of(frame, "rooms"))


def room_count(frame: Frame) -> RoomCount:
    return RoomCount(text_of(frame, "room"), number_of(frame, "users"),
                     number_of(frame, "connections"))


def room_detail(frame: Frame) -> RoomDetail:
    return RoomDetail(
        text_of(frame, "room"), tuple(names_of(frame, "users")),
        number_of(frame, "connections"), number_of(frame, "seq"),
        text_of(frame, "epoch"))


def user_count(frame: Frame) -> UserCount:
    return UserCount(text_of(frame, "user_id"),
                     number_of(frame, "connections"))


def overview(frame: Frame) -> Overview:
    users = object_of(frame, "users_per_room")
    counts = object_of(frame, "connections_per_room")
    return Overview(
        number_of(frame, "total"), number_of(frame, "unique_users"),
        {room: tuple(names_of(users, room)) for room in users},
        {room: number_of(counts, room) for room in counts},
        rows(frame, "nodes", node_status, True))


def readiness(frame: Frame, ready: bool) -> Readiness:
    """Of `/health/ready`: a state, or a problem."""
    said = frame.get("status" if ready else "detail")
    if not isinstance(said, str):
        raise FrameError("no state of a service")
    return Readiness(ready, said, _optional_measure(frame, "loop_lag_ms"))
