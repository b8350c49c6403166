# SPDX-License-Identifier: MIT
"""All rooms that the application wants to be in."""

from __future__ import annotations

import asyncio
import functools
from typing import Callable, Dict, List, Optional

from .clock import Clock
from .cursor import Cursor
from .errors import ParlorError
from .event_queue import RoomQueue
from .events import Joined, Position
from .frames import Frame, names_of, number_of, text_of
from .keys import KEY_LIFETIME
from .membership import Membership
from .request import Request, Settle
from .request_queue import RequestQueue

_PUBLISH = "chat"

# The next connection joins what these have ended.
_OF_THE_CONNECTION = ("connection_lost", "closed")


def _ignore(error: Optional[ParlorError], reply: Frame) -> None:
    """Nobody waits for the answer."""


class Memberships:
    """Joins the rooms on each new connection, and again where one let go of
    us."""

    def __init__(self, *, requests: RequestQueue, clock: Clock,
                 random: Callable[[], float],
                 user: Callable[[], Optional[str]]) -> None:
        """`user` says who one is."""
        self._requests = requests
        self._clock = clock
        self._random = random
        self._user = user
        self._all: Dict[str, Membership] = {}
        self._checking = False

    def names(self) -> List[str]:
        return list(self._all)

    def find(self, room: object) -> Optional[Membership]:
        return self._all.get(room) if isinstance(room, str) else None

    def is_self(self, user: str) -> bool:
        return user == self._user()

    def join(self, room: str, queue: RoomQueue, *, since: Optional[Position],
             rewind: Optional[int], presence: bool,
             online: bool) -> asyncio.Future[Joined]:
        """Done when one is in it, on whichever connection that is. Each call
        wants a `leave` of its own."""
        found = self._all.get(room)
        if found is None:
            found = Membership(
                Cursor(room, since=since, rewind=rewind), presence=presence,
                requests=self._requests, clock=self._clock,
                random=self._random)
            self._all[room] = found
            if online:
                self._enter(found)
        elif presence and not found.wants_presence:
            self._ask_for_presence(found)
        found.joins += 1
        found.subscribe(queue)
        waiter: asyncio.Future[Joined] = (
            asyncio.get_running_loop().create_future())
        if found.cursor.inside:
            joined = found.standing()
            waiter.set_result(joined)
            queue.put(joined, found.cursor.last)
            queue.advance(found.cursor.position)
        else:
            found.waiters.append(waiter)
        return waiter

    def leave(self, room: str, queue: RoomQueue) -> asyncio.Future[bool]:
        """Done when the server has let go, or the connection is gone, with True;
        with False where one stays, for another has joined it, too."""
        done: asyncio.Future[bool] = (
            asyncio.get_running_loop().create_future())
        queue.end()
        found = self._all.get(room)
        if found is None:
            done.set_result(True)
            return done
        found.unsubscribe(queue)
        found.joins -= 1
        if found.joins > 0:
            done.set_result(False)
            return done
        is_known = found.cursor.inside or found.joining
        self._forget(found, ParlorError("left_room", f"left room: {room}"))
        if is_known:
            def settle(error: Optional[ParlorError], reply: Frame) -> None:
                if not done.done():
                    done.set_result(True)

            self._tell_leave(room, settle)
        else:
            done.set_result(True)
        return done

    def enter_all(self) -> None:
        """A new connection."""
        for found in list(self._all.values()):
            self._enter(found)

    def lost(self) -> None:
        """The connection is gone."""
        for found in self._all.values():
            found.stop_timers()
            found.joining = False
            found.cursor.cut_off(found.members, self._user(),
                                 self._clock.now())

    def close(self, error: ParlorError, wanted: bool) -> None:
        """The end. `wanted`: the application has closed the client."""
        for found in list(self._all.values()):
            found.end(None if wanted else error)
            self._forget(found, error)

    def check(self) -> None:
        """Some room may have let go of us, which one is not said: asks in which
        we are, and joins the others again."""
        if self._checking:
            return
        self._checking = True
        suspects = [x for x in self._all.values() if x.cursor.inside]
        self._requests.ask(
            {"type": "rooms"}, functools.partial(self._checked, suspects),
            urgent=True)

    def forgot_keys(self, room: str) -> None:
        """The room has forgotten the keys of what was published before."""
        self._give_up_publishes(room, True)

    def _checked(self, suspects: List[Membership],
                 error: Optional[ParlorError], reply: Frame) -> None:
        self._checking = False
        if error is not None:
            return
        rooms = names_of(reply, "rooms")
        for found in suspects:
            if (found.cursor.inside and found.room not in rooms
                    and self._all.get(found.room) is found):
                found.cursor.outside()
                self._enter(found)

    def _ask_for_presence(self, found: Membership) -> None:
        """A second join is answered by what the first one did not ask for."""
        found.wants_presence = True
        if found.cursor.inside or found.joining:
            self._requests.ask(
                {"type": "join", "room": found.room, "presence": True},
                _ignore, urgent=True)

    def _tell_leave(self, room: str, settle: Settle) -> None:
        """Whatever the answer, one is not in it any more."""
        self._requests.ask({"type": "leave", "room": room}, settle,
                           urgent=True)

    def _enter(self, found: Membership) -> None:
        found.joining = True
        self._requests.ask(
            found.cursor.join_frame(found.wants_presence),
            functools.partial(self._join_answered, found), urgent=True)

    def _join_answered(self, found: Membership, error: Optional[ParlorError],
                       reply: Frame) -> None:
        if self._all.get(found.room) is not found:
            return
        if error is not None:
            self._refused(found, error)
        else:
            self._entered(found, reply)

    def _entered(self, found: Membership, reply: Frame) -> None:
        cursor = found.cursor
        recovered = reply.get("recovered") is True
        forgotten = text_of(reply, "epoch") != cursor.epoch and not recovered
        replayed = number_of(reply, "replayed", 0)
        found.members.replace(reply)
        gap = cursor.joined(reply, self._clock.now())
        again = found.entered
        found.joining = False
        found.entered = True
        found.backoff.reset()
        self._give_up_publishes(found.room, forgotten)
        now = found.members.snapshot()
        joined = Joined(found.room, text_of(reply, "epoch"),
                        number_of(reply, "seq"), now.members, now.count,
                        recovered, replayed, again)
        found.resolve(joined)
        if gap is not None:
            found.tell(gap)
        found.tell(joined)
        found.advance()
        self._show_again(found)
        self._requests.pump()

    def _give_up_publishes(self, room: str, forgotten: bool) -> None:
        """Those whose repetition the room would take for new ones."""
        oldest = self._clock.now() - KEY_LIFETIME

        def is_too_old(request: Request) -> bool:
            since = request.sent_since
            return (request.type == _PUBLISH and request.room == room
                    and since is not None and (forgotten or since < oldest))

        self._requests.give_up(is_too_old, ParlorError(
            "unknown_outcome",
            "the room does not know its messages of before any more"))

    def _show_again(self, found: Membership) -> None:
        """Presence data lives as long as a connection does."""
        pending = self._requests.has(
            lambda x: x.type == "presence" and x.room == found.room)
        if found.shown and not pending:
            self._requests.ask(
                {"type": "presence", "room": found.room,
                 "data": found.shown[0]}, _ignore, room=found.room,
                resend=True)

    def _refused(self, found: Membership, error: ParlorError) -> None:
        if error.code in _OF_THE_CONNECTION:
            return
        found.joining = False
        found.cursor.outside()
        if found.entered and (error.retryable or error.code == "timeout"):
            delay = error.retry_after
            found.timer = self._clock.call_later(
                found.backoff.next() if delay is None else delay,
                functools.partial(self._enter, found))
            return
        found.end(error)
        self._forget(found, error)
        if error.code == "timeout":
            # It may have been let in all the same.
            self._tell_leave(found.room, _ignore)

    def _forget(self, found: Membership, error: ParlorError) -> None:
        del self._all[found.room]
        found.stop_timers()
        found.reject(error)
        self._requests.give_up(lambda x: x.room == found.room, error)
