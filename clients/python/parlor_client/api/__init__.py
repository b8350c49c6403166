# SPDX-License-Identifier: MIT
"""The HTTP API of Parlor (docs/protocol.md, "HTTP"), for asyncio."""

from .calls import Api
from .values import (
    ConnectionDetail, NodeStatus, Overview, Readiness, RoomCount, RoomDetail,
    Stats, UserCount)

__all__ = [
    "Api", "ConnectionDetail", "NodeStatus", "Overview", "Readiness",
    "RoomCount", "RoomDetail", "Stats", "UserCount"]
