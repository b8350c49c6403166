# SPDX-License-Identifier: MIT
"""200 clients that join, leave, replace each other and vanish at random."""

import asyncio
import os
import random

from support.rooms_record import Record
from support.waiting import eventually
from support.wanderer import Wanderer

SEED = int(os.environ.get("PARLOR_TEST_SEED", "20250131"))
CLIENTS, LIVES, USERS, STAYERS = 200, 3, 150, 4
ROOMS = [f"room-{n}" for n in range(6)]
STEPS = ["join"] * 5 + ["leave"] * 2 + ["chat"] * 8 + ["private"]
WAYS_OUT = ["close", "away", "vanish", "reset", "linger"]


class Crowd:
    """The clients that wander, and the publishes that were confirmed."""

    def __init__(self, service):
        self.service = service
        self.record = Record()
        self.confirmed = []
        self.greeted = 0

    async def wander(self, n):
        dice = random.Random(f"{SEED}/{n}")
        lingering = []
        for life in range(LIVES):
            path = (f"/{dice.choice(['ws', 'ws', 'chat'])}"
                    f"/user-{dice.randrange(USERS)}")
            client = Wanderer(self.service, path, self.record)
            await client.__aenter__()
            self.greeted += client.connected is not None
            for step in range(dice.randrange(3, 12)):
                if client.connected is not None:
                    await self.step(client, dice, f"{n}.{life}.{step}")
            way_out = dice.choice(WAYS_OUT)
            if way_out == "linger":
                lingering.append(client)
            else:
                await self.leave(client, way_out)
        for client in lingering:
            await self.leave(client, "close")

    async def step(self, client, dice, content):
        type, room = dice.choice(STEPS), dice.choice(ROOMS)
        if type != "join" and client.views and dice.random() < 0.85:
            room = dice.choice(sorted(client.views))
        wait = dice.random() < 0.7
        if type == "private":
            await client.ask("private", to=f"user-{dice.randrange(USERS)}",
                             content=content, wait=wait)
        elif type == "chat":
            reply = await client.ask(
                "chat", room=room, content=content, wait=wait,
                exclude_self=dice.random() < 0.2)
            if reply and reply["type"] == "reply":
                self.confirmed.append((
                    (room, reply["epoch"], reply["seq"]),
                    ("chat", client.user, content)))
        else:
            await client.ask(type, room=room, wait=wait)

    async def leave(self, client, way_out):
        match way_out:
            case "close":
                await client.close()
            case "away":
                await client.close(1001)
            case "vanish":
                client.vanish()
            case "reset":
                client.reset()
        await client.finish()


async def test_random_clients_leave_no_ghost_and_lose_nothing(start_server):
    print(f"PARLOR_TEST_SEED={SEED}")
    service = start_server(
        "server.threads=2", "limits.messages-per-second=0",
        "limits.max-connections-per-user=2", "limits.members-listed=10000",
        # Nobody here is slow on purpose, but all in one busy process.
        "limits.outbox-bytes=67108864", "limits.outbox-stall=60s")
    crowd = Crowd(service)
    stayers = [Wanderer(service, f"/ws/stayer-{n}", crowd.record)
               for n in range(STAYERS)]
    for stayer in stayers:
        await stayer.__aenter__()
        for room in ROOMS:
            await stayer.ask("join", room=room)

    async with asyncio.TaskGroup() as tasks:
        for n in range(CLIENTS):
            tasks.create_task(crowd.wander(n))

    await eventually(service.total, STAYERS)
    names = sorted(stayer.user for stayer in stayers)
    await eventually(lambda: service.admin()["users_per_room"],
                     {room: names for room in ROOMS})
    for room in ROOMS:
        answer = service.http.post(
            "/api/v1/publish", {"room": room, "content": f"end of {room}"})
        assert answer.status == 200
        for stayer in stayers:
            await stayer.heard(f"end of {room}")
            assert stayer.views[room].seq == answer.json["seq"]
            assert stayer.views[room].members == set(names), "a ghost"
    check_nothing_was_lost(crowd, stayers)

    for stayer in stayers:
        await stayer.close()
        await stayer.finish()
    await check_that_all_is_undone(service, crowd.greeted + STAYERS)


def check_nothing_was_lost(crowd, stayers):
    """Stayers saw every number, so what is not in the record was lost."""
    assert len(crowd.confirmed) > CLIENTS, "hardly anyone could speak"
    lost = [(place, event) for place, event in crowd.confirmed
            if crowd.record.events.get(place) != event]
    assert not lost, lost[:5]
    for room, view in stayers[0].views.items():
        for seq in range(STAYERS + 1, view.seq + 1):
            assert (room, view.epoch, seq) in crowd.record.events


async def check_that_all_is_undone(service, greeted):
    def counts():
        seen = service.admin()
        return (seen["total"], seen["unique_users"], seen["rooms"],
                seen["users_per_room"], seen["connections_per_room"])

    await eventually(counts, (0, 0, [], {}, {}))
    service.stop()
    came = [line["connection"]
            for line in service.log.find(event="client connected")]
    gone = [line["connection"]
            for line in service.log.find(event="client gone")]
    assert greeted <= len(came) <= CLIENTS * LIVES + STAYERS
    assert sorted(gone) == sorted(came), "not once for each connection"
