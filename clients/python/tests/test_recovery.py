# SPDX-License-Identifier: MIT
"""Whatever happens to the connection and the room: nothing comes twice or out of
order, nothing is missing unless a gap was told, and what was published was
published once, in its order. Another run of a failure: PARLOR_TEST_SEED=7."""

import asyncio
import collections
import os
import random

from fakes.clock import FakeClock
from fakes.model_service import ModelService
from parlor_client import Gap, Message, ParlorError
from parlor_client.client import Client
from parlor_client.options import Options

RUNS = 120
STEPS = 300
THE_END = "the end"


async def turn():
    """Lets what a frame has brought be taken."""
    for _ in range(8):
        await asyncio.sleep(0)


class Run:
    """One drawn history of a client and its service."""

    def __init__(self, seed, max_buffered):
        self._random = random.Random(seed)
        self.clock, self.service = FakeClock(), ModelService()
        # Contents as they came, and None for each gap.
        self.seen = []
        self.outcomes = {}
        self._said = 0
        self._slow = False
        self._tasks = []
        self.client = Client("ws://model", Options(
            user="ann", clock=self.clock, random=self._random.random,
            transport=self.service, request_timeout=1e9, open_timeout=None))
        self.room = self.client.room("tea", max_buffered=max_buffered)
        self._awake = asyncio.Event()
        self._awake.set()

    async def _listen(self):
        async for event in self.room.events():
            if isinstance(event, Message):
                self.seen.append(event.content)
            elif isinstance(event, Gap):
                self.seen.append(None)
            await self._awake.wait()

    async def play(self):
        listening = asyncio.ensure_future(self._listen())
        opening = asyncio.ensure_future(self.client.open())
        await turn()
        for _ in range(STEPS):
            await self._step()
        self._awake.set()
        await turn()
        self.service.say(THE_END)
        for _ in range(10000):
            if self.seen and self.seen[-1] == THE_END:
                break
            self.service.move_up()
            self.service.move_down()
            await turn()
            # Whoever was away comes back; the end may have come too early.
            if self.service.idle:
                await self.clock.advance(30)
                if self.service.idle and self.seen[-1:] != [THE_END]:
                    self.service.say(THE_END)
        await self.client.close()
        await asyncio.gather(listening, opening, *self._tasks)

    async def _step(self):
        service, dice = self.service, self._random.random()
        if dice < 0.35:
            service.move_down()
        elif dice < 0.6:
            service.move_up()
        elif dice < 0.74:
            service.say(f"bob {self._next()}")
        elif dice < 0.86:
            self._tasks.append(asyncio.ensure_future(
                self._publish(f"ann {self._next()}")))
        elif dice < 0.94:
            await self.clock.advance(self._random.random() * 2)
        elif dice < 0.96:
            service.tighten()
        elif dice < 0.97:
            # The application stops taking events, or goes on.
            (self._awake.clear if self._awake.is_set()
             else self._awake.set)()
        elif dice < 0.985:
            service.cut()
        elif dice < 0.992:
            service.fail_over()
        else:
            service.restart()
        await turn()

    def _next(self):
        self._said += 1
        return self._said

    async def _publish(self, content):
        try:
            await self.room.publish(content)
            self.outcomes[content] = "said"
        except ParlorError as error:
            self.outcomes[content] = error.code

    def check(self):
        ever = self.service.ever
        places = {content: place for place, content in enumerate(ever)}
        last, gap = -1, True  # Before the first, anything may have been said.
        for content in self.seen:
            if content is None:
                gap = True
                continue
            if content == THE_END:
                break
            place = places[content]
            assert place > last, f"{content} came twice or too late"
            assert gap or place == last + 1, f"missing before {content}"
            last, gap = place, False
        assert self.seen[-1] == THE_END
        own = [int(x[4:]) for x in ever if x.startswith("ann ")]
        assert own == sorted(own), "not in their order"
        for content, outcome in self.outcomes.items():
            times = ever.count(content)
            if outcome == "said":
                assert times == 1, content
            else:
                assert outcome in ("unknown_outcome", "closed"), outcome
                assert times <= (outcome == "unknown_outcome"), content


async def test_a_client_misses_nothing_whatever_happens():
    given = os.environ.get("PARLOR_TEST_SEED")
    total = collections.Counter()
    for seed in [int(given)] if given else range(1, RUNS + 1):
        run = Run(seed, max_buffered=8 if seed % 3 == 0 else 1000)
        await run.play()
        try:
            run.check()
        except AssertionError as failure:
            raise AssertionError(f"seed {seed}: {failure}") from failure
        total["gaps"] += run.seen.count(None)
        total["messages"] += len(run.seen) - run.seen.count(None)
        total.update(run.outcomes.values())
    # That the test tests something: all of it has happened.
    if not given:
        for what in ("messages", "gaps", "said", "unknown_outcome"):
            assert total[what] > RUNS / 10, total
