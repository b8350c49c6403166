# SPDX-License-Identifier: MIT
"""The ConnectionManager of the exercise, on FastAPI: rooms, users and who is
where. A message is encoded once, and who is gone is dropped."""

import json
import time

from fastapi import FastAPI, WebSocket, WebSocketDisconnect


class ConnectionManager:
    def __init__(self):
        self.rooms = {}
        self.users = {}
        self.meta = {}

    async def join(self, socket, user, room):
        self.disconnect(socket)
        self.rooms.setdefault(room, set()).add(socket)
        self.users[user] = socket
        self.meta[socket] = {"user": user, "room": room,
                             "connected_at": time.time()}
        await socket.send_text(json.dumps({"type": "joined", "room": room}))

    def disconnect(self, socket):
        meta = self.meta.pop(socket, None)
        if meta is None:
            return
        members = self.rooms[meta["room"]]
        members.discard(socket)
        if not members:
            del self.rooms[meta["room"]]
        if self.users.get(meta["user"]) is socket:
            del self.users[meta["user"]]

    async def send(self, sockets, event):
        text = json.dumps(event)
        for socket in sockets:
            try:
                await socket.send_text(text)
            except Exception:
                self.disconnect(socket)

    async def broadcast(self, sender, content):
        meta = self.meta[sender]
        await self.send(list(self.rooms[meta["room"]]), {
            "type": "msg", "room": meta["room"], "sender": meta["user"],
            "content": content, "ts": time.time_ns() // 1_000_000})

    async def send_to_user(self, sender, to, content):
        socket = self.users.get(to)
        await self.send([] if socket is None else [socket], {
            "type": "dm", "sender": self.meta[sender]["user"],
            "content": content, "ts": time.time_ns() // 1_000_000})


app = FastAPI()
manager = ConnectionManager()


@app.websocket("/ws")
async def serve(socket: WebSocket):
    await socket.accept()
    try:
        while True:
            message = json.loads(await socket.receive_text())
            match message["type"]:
                case "join":
                    await manager.join(
                        socket, message["user"], message["room"])
                case "msg":
                    await manager.broadcast(socket, message["content"])
                case "dm":
                    await manager.send_to_user(
                        socket, message["to"], message["content"])
    except WebSocketDisconnect:
        pass
    finally:
        manager.disconnect(socket)
