# SPDX-License-Identifier: MIT
"""The client of Parlor for Python (asyncio). README.md says how it is used."""

from .client import Client, connect
from .errors import ParlorError
from .events import (
    ClientEvent, Connection, ErrorOccurred, EventsDropped, Gap, Joined,
    Limits, Members, MembersChanged, Message, Position, PresenceChanged,
    PrivateMessage, RoomEvent, Shown, Signal, State, StateChanged,
    SystemNotice, UserJoined, UserLeft)
from .room import Room
from .token_source import GetToken, TokenReason
from .values import Json

__all__ = [
    "Client", "ClientEvent", "Connection", "ErrorOccurred", "EventsDropped",
    "Gap", "GetToken", "Joined", "Json", "Limits", "Members",
    "MembersChanged", "Message", "ParlorError", "Position", "PresenceChanged",
    "PrivateMessage", "Room", "RoomEvent", "Shown", "Signal", "State",
    "StateChanged", "SystemNotice", "TokenReason", "UserJoined", "UserLeft",
    "connect",
]
