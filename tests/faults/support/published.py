# SPDX-License-Identifier: MIT
"""What is published over HTTP, and what rooms know of it, while nobody is in
them."""

import asyncio
import json
import time

import websockets

from .environment import DEADLINE


class Writers:
    """They publish over HTTP until they stop. Each has rooms of its own, and
    repeats a message by its key, at another node, until it is confirmed."""

    def __init__(self, nodes, rooms, writers=0):
        self.said = {room: [] for room in rooms}
        self._nodes = nodes
        self._on = True
        self._tasks = [
            asyncio.create_task(self._write(rooms[i::writers], i))
            for i in range(writers)]

    async def _write(self, rooms, turn):
        while self._on:
            for room in rooms:
                content = f"{room} {len(self.said[room])}"
                turn = await self.publish(room, content, turn)
                await asyncio.sleep(0.05)

    async def publish(self, room, content, turn):
        """The node that confirmed it, by its number."""
        body = {"room": room, "content": content, "sender": "server",
                "key": content}
        end = time.monotonic() + DEADLINE
        while True:
            node = self._nodes[turn % len(self._nodes)]
            try:
                receipt = await asyncio.to_thread(
                    node.post, "/api/v1/publish", body)
                break
            except OSError as problem:  # a node that ends, or a room that moves
                assert time.monotonic() < end, (room, content, problem)
                turn += 1
                await asyncio.sleep(0.02)
        assert receipt["seq"], receipt
        self.said[room].append(content)
        return turn

    async def publish_all(self, content, turn=0):
        """The same into each room."""
        for room in self.said:
            await self.publish(room, content, turn)

    async def stop(self):
        self._on = False
        await asyncio.gather(*self._tasks)


async def contents(node, room):
    """What a room still knows, for who comes in now, or as soon as one may."""
    end = time.monotonic() + DEADLINE
    while (told := await told_by(node, room)) is None:
        assert time.monotonic() < end, (node.name, room)
        await asyncio.sleep(0.1)
    return told


async def told_by(node, room):
    """None where the room's home does not answer for now."""
    async with websockets.connect(
            f"ws://{node.place.host}:{node.port}/ws/eve",
            compression=None) as ws:
        await ws.send(json.dumps(
            {"type": "join", "room": room, "rewind": 100_000, "id": 1}))
        told = []
        while True:
            frame = json.loads(await asyncio.wait_for(ws.recv(), DEADLINE))
            if frame["type"] == "error":
                assert frame["code"] == "unavailable", frame
                return None
            if frame.get("id") == 1:
                missing = frame["replayed"]
            elif frame["type"] == "chat":
                told.append(frame["content"])
            if frame.get("id") == 1 or frame["type"] == "chat":
                if len(told) == missing:
                    return told
