# SPDX-License-Identifier: MIT
"""Users who publish, vanish and come back at random: what each one saw has no
hole and no double, unless it was told so."""

import asyncio
import os
import random

from support.returner import Returner, Truth

SEED = int(os.environ.get("PARLOR_TEST_SEED", "20250207"))
USERS, LIVES = 24, 12
WAYS_OUT = ["close", "vanish", "vanish", "reset", "leave"]


class Traffic:
    """The users of one room, and the messages that were confirmed."""

    def __init__(self, service, room):
        self.service, self.room = service, room
        self.truth = Truth()
        self.confirmed = {}
        self.recovered = []

    async def come_and_go(self, n):
        dice = random.Random(f"{SEED}/{self.room}/{n}")
        endpoint = dice.choice(["ws", "chat"])
        # Some users are there twice.
        path = f"/{endpoint}/user-{n % (USERS * 3 // 4)}"
        one = Returner(self.service, path, self.room, self.truth)
        connected = False
        for life in range(LIVES):
            if not connected:
                await one.connect()
            await one.join()
            for step in range(dice.randrange(6)):
                await self.publish(one, dice, f"{n}.{life}.{step}")
            # What is not read now is missed, and has to be recovered.
            connected = await self.go(one, dice)
            await asyncio.sleep(dice.choice([0, 0, 0.01, 0.1]))
        if connected:
            await one.client.close()
        self.recovered += one.recovered[1:]

    async def publish(self, one, dice, content):
        fields = {"exclude_self": dice.random() < 0.2}
        if dice.random() < 0.3:
            fields["key"] = content
        place = await one.say(content, **fields)
        self.confirmed[place] = ("chat", one.client.user, content)
        if "key" in fields and dice.random() < 0.5:
            assert await one.say(content, **fields) == place

    async def go(self, one, dice):
        match dice.choice(WAYS_OUT):
            case "close":
                await one.client.close()
            case "vanish":
                one.client.vanish()
            case "reset":
                one.client.reset()
            case "leave":
                await one.leave()
                return True
        return False


async def play(service, room):
    traffic = Traffic(service, room)
    # One who stays: it sees every number there is.
    stayer = Returner(service, "/ws/stayer", room, traffic.truth)
    await stayer.connect()
    await stayer.join()
    reading = asyncio.create_task(stayer.see("end"))
    async with asyncio.TaskGroup() as tasks:
        for n in range(USERS):
            tasks.create_task(traffic.come_and_go(n))
    service.http.post("/api/v1/publish", {"room": room, "content": "end"})
    await reading
    for place, event in traffic.confirmed.items():
        assert traffic.truth.events.get(place) == event, place
    seen = [seq for epoch, seq in traffic.truth.events]
    assert sorted(seen) == list(range(2, stayer.seq + 1))
    await stayer.client.close()
    return traffic.recovered


async def test_nothing_is_missed_or_told_twice(start_server):
    print(f"PARLOR_TEST_SEED={SEED}")
    # Whoever is away, and for however long, missed less than is kept.
    service = start_server("limits.messages-per-second=0",
                           "history.size=10000")
    recovered = await play(service, "tea")
    assert all(recovered), f"{recovered.count(False)} of {len(recovered)}"


async def test_who_missed_too_much_is_told_so(start_server):
    print(f"PARLOR_TEST_SEED={SEED}")
    service = start_server("limits.messages-per-second=0", "history.size=12",
                           "presence.grace=50ms")
    recovered = await play(service, "tea")
    assert any(recovered) and not all(recovered)
