# SPDX-License-Identifier: MIT
"""A user who comes and goes, and checks that nothing is missed or told twice."""

from .client import Client


class Truth:
    """(epoch, seq) -> what happened there, the same for all who saw it."""

    def __init__(self):
        self.events = {}

    def add(self, place, event):
        known = self.events.setdefault(place, event)
        assert known == event, f"two things at {place}: {known} and {event}"


def event_of(frame):
    match frame["type"]:
        case "chat":
            return "chat", frame["sender"], frame["content"]
        case "message":
            return "chat", frame["user_id"], frame["content"]
        case "user_joined":
            return "joined", frame["user_id"]
        case "user_left":
            return "left", frame["user_id"], frame["reason"]
    raise AssertionError(f"no sequenced frame: {frame}")


class Returner:
    """Remembers its place in a room from one connection to the next.

    What it sees goes on at the number after the last one it saw, always, but
    where a join said `recovered: false`: then it begins anew at the reply's.
    """

    def __init__(self, server, target, room, truth):
        self._server, self._target = server, target
        self.room, self._truth = room, truth
        self.epoch, self.seq = None, 0
        self.client = None
        self.recovered = []

    async def connect(self):
        self.client = await Client(self._server, self._target).__aenter__()

    async def join(self):
        since = {} if self.epoch is None else {
            "since": {"epoch": self.epoch, "seq": self.seq}}
        await self.client.send("join", room=self.room, id="join", **since)
        reply = await self.client.expect("reply", id="join")
        self.recovered.append(reply["recovered"])
        if reply["recovered"]:
            assert reply["epoch"] == self.epoch
            for _ in range(reply["replayed"]):
                self._see(await self.client.receive())
            # What is left is the own join, if that has a number.
            assert reply["seq"] - self.seq in (0, 1), (reply, self.seq)
        else:
            assert reply["replayed"] == 0
        self.epoch, self.seq = reply["epoch"], reply["seq"]
        if self._target.startswith("/chat/"):
            own = await self.client.expect(
                "user_joined", user_id=self.client.user)
            assert own["seq"] == reply["seq"] and "members" in own

    async def say(self, content, **fields):
        """Publishes, and reads up to the reply; answers the message's place."""
        await self.client.send(
            "chat", room=self.room, content=content, id="say", **fields)
        while (frame := await self.client.receive()).get("id") != "say":
            self._see(frame)
        assert frame["type"] == "reply", frame
        return frame["epoch"], frame["seq"]

    async def leave(self):
        """Leaves the room and stays connected."""
        await self.client.send("leave", room=self.room, id="leave")
        while (frame := await self.client.receive()).get("id") != "leave":
            self._see(frame)

    async def see(self, content):
        """Reads up to the message that says so."""
        while (frame := await self.client.receive()).get("content") != content:
            self._see(frame)
        self._see(frame)

    def _see(self, frame):
        assert frame["seq"] == self.seq + 1, f"{frame} after {self.seq}"
        self.seq = frame["seq"]
        if frame["type"] != "skip":
            self._truth.add((self.epoch, self.seq), event_of(frame))
