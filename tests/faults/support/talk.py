# SPDX-License-Identifier: MIT
"""Members of a room who talk while nodes fail, and what must hold of what they
were told."""

import asyncio
import contextlib
import json
import time

import websockets

from .environment import DEADLINE

ROOM = "room"


class Member:
    """A user on one node. It comes back when it is disconnected, with what it
    knows; what it says it says again, by key, until it is confirmed."""

    def __init__(self, nodes, name, room):
        self._nodes = list(nodes)
        self.name = name
        self.room = room
        # By number: what the room said, as far as it was not taken back.
        self.log = {}
        self.epoch = None
        self.seq = 0
        # Frames that are still to be replayed, and the number behind them.
        self._replayed = 0
        self._after = 0
        # Numbers that were told twice, or out of order, since the last reset.
        self.wrong = []
        self.jumps = 0
        # How often it came back.
        self.returns = -1
        # How often it was not let in, for now.
        self.refusals = 0
        # Content by its place, of what was confirmed.
        self.confirmed = {}
        self.silences = []
        self._answers = {}
        self._ids = 0
        self._ws = None
        self._joined = asyncio.Event()
        self._stays = True
        self._heard = time.monotonic()
        self._task = asyncio.create_task(self._live())

    # -- what it hears

    async def _live(self):
        at = 0
        while self._stays:
            node = self._nodes[at % len(self._nodes)]
            with contextlib.suppress(
                    OSError, websockets.WebSocketException,
                    asyncio.TimeoutError):
                async with websockets.connect(
                        f"ws://{node.place.host}:{node.port}/ws/{self.name}",
                        compression=None, ping_interval=None, max_size=None,
                        open_timeout=2, close_timeout=1) as ws:
                    self._ws = ws
                    join = {"type": "join", "room": self.room, "id": "join"}
                    if self.epoch:
                        join["since"] = {"epoch": self.epoch, "seq": self.seq}
                    await ws.send(json.dumps(join))
                    async for text in ws:
                        self._hear(json.loads(text))
            self._joined.clear()
            self._ws = None
            for one in self._answers.values():
                one.cancel()
            self._answers.clear()
            if not (node.runs and len(self._nodes) == 1):
                at += 1
            await asyncio.sleep(0.05)

    def _hear(self, frame):
        kind = frame["type"]
        if frame.get("id") == "join":
            if kind == "error":
                self.refusals += frame["code"] == "unavailable"
                raise OSError(frame["code"])
            if self.epoch and not frame["recovered"]:
                # What lies between is unknown to it.
                self.log = {}
            self.returns += 1
            self.epoch = frame["epoch"]
            # Its own coming is in the number, and in no frame.
            self._replayed = frame["replayed"]
            self._after = frame["seq"]
            if not self._replayed:
                self.seq = self._after
            self._joined.set()
        elif kind == "room_reset":
            self.epoch = frame["epoch"]
            self.log = {seq: x for seq, x in self.log.items()
                        if seq <= frame["seq"]}
            if frame["seq"] > self.seq:
                # Its node was away for longer than the others remember.
                self.log = {}
                self.jumps += 1
            self.seq = frame["seq"]
        elif kind in ("reply", "error") and frame.get("id") in self._answers:
            self._answers.pop(frame["id"]).set_result(frame)
        elif "seq" in frame and frame.get("room") == self.room:
            now = time.monotonic()
            self.silences.append(now - self._heard)
            self._heard = now
            if frame["seq"] != self.seq + 1:
                self.wrong.append((self.seq, frame["seq"]))
            self.seq = frame["seq"]
            self.log[self.seq] = frame
            if self._replayed:
                self._replayed -= 1
                if not self._replayed:
                    self.seq = self._after

    # -- what it says

    async def joined(self):
        await asyncio.wait_for(self._joined.wait(), DEADLINE)

    async def ask(self, content, patience=10):
        """Says it once. The answer; none where none came."""
        self._ids += 1
        id = f"say-{self._ids}"
        answer = self._answers[id] = (
            asyncio.get_running_loop().create_future())
        with contextlib.suppress(
                websockets.WebSocketException, AttributeError,
                asyncio.TimeoutError, asyncio.CancelledError):
            await self._ws.send(json.dumps(
                {"type": "chat", "room": self.room, "content": content,
                 "key": content, "id": id}))
            return await asyncio.wait_for(asyncio.shield(answer), patience)
        return None

    async def say(self, content):
        """Until it is confirmed."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            await self.joined()
            frame = await self.ask(content)
            if frame is not None and frame["type"] == "reply":
                self.confirmed[content] = frame["seq"]
                return frame
            assert frame is None or frame["retryable"], frame
            await asyncio.sleep(0.05)
        raise AssertionError(f"{self.name}: {content} was never confirmed")

    async def leave(self):
        self._stays = False
        if self._ws:
            await self._ws.close()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task


class Talk:
    """Members who talk all the time."""

    def __init__(self, members, pause=0.01):
        self.members = members
        self._pause = pause
        self._on = True
        self._tasks = [asyncio.create_task(self._talk(x)) for x in members]

    async def _talk(self, member):
        number = 0
        while self._on:
            number += 1
            await member.say(f"{member.name}-{number}")
            await asyncio.sleep(self._pause)

    async def confirmed(self, more, of=None):
        """Until each, or each of these, has said so many more."""
        whom = of or self.members
        goal = [len(x.confirmed) + more for x in whom]
        end = time.monotonic() + DEADLINE
        while any(len(x.confirmed) < y for x, y in zip(whom, goal)):
            assert time.monotonic() < end, [len(x.confirmed) for x in whom]
            for task in self._tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.02)

    async def stop(self):
        self._on = False
        await asyncio.wait_for(asyncio.gather(*self._tasks), 2 * DEADLINE)


async def check(members, stayed):
    """Nobody lost or doubled anything; those who stayed connected, or came back
    without a hole, were told the same."""
    goal = max(x.seq for x in members)
    end = time.monotonic() + DEADLINE
    while any(x.seq < goal for x in members):
        assert time.monotonic() < end, [(x.name, x.seq) for x in members]
        await asyncio.sleep(0.05)
    for member in members:
        assert not member.wrong, (member.name, member.wrong)
    told = {}
    for member in members:
        for seq, frame in member.log.items():
            what = (frame["type"], frame.get("content"), frame.get("user_id"))
            assert told.setdefault(seq, what) == what, (seq, member.name)
    places = {}
    for seq, what in told.items():
        if what[0] == "chat":
            assert places.setdefault(what[1], seq) == seq, ("twice", what)
    for member in members:
        for content, seq in member.confirmed.items():
            if content in places:
                assert places[content] == seq, (content, seq, places[content])
    for member in stayed:
        assert not member.jumps, member.name
        seqs = sorted(member.log)
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), member.name
        for other in members:
            for content, seq in other.confirmed.items():
                if seq > seqs[0]:
                    assert member.log[seq].get("content") == content, (
                        member.name, content, seq)
    return len(places)


async def members_are(member, names):
    """Whom the room has, as one of them is told."""
    end = time.monotonic() + DEADLINE
    while True:
        answer = member._answers["members"] = (
            asyncio.get_running_loop().create_future())
        await member._ws.send(json.dumps(
            {"type": "members", "room": member.room, "id": "members"}))
        frame = await asyncio.wait_for(answer, DEADLINE)
        if frame.get("members") == sorted(names):
            return
        assert time.monotonic() < end, frame
        await asyncio.sleep(0.1)


async def arrive(cluster, each=2):
    """Some on each node, by node, who stay there while it runs."""
    others = {node: [x for x in cluster.nodes if x is not node]
              for node in cluster.nodes}
    members = {
        node: [Member([node, *others[node]], f"{node.name}{i}", ROOM)
               for i in range(each)]
        for node in cluster.nodes}
    for group in members.values():
        for one in group:
            await one.joined()
    return members


async def refused(member):
    """What it says is not confirmed, and its node tells it so."""
    frame = await member.ask(f"{member.name}-cut-off", DEADLINE)
    assert frame and frame.get("code") == "unavailable", frame
