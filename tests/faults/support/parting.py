# SPDX-License-Identifier: MIT
"""A talk on all nodes while one of them is cut off, and what must hold of it
afterwards."""

import asyncio
import time

from .service import until
from .talk import (
    ROOM, Member, Talk, arrive, check, members_are, refused)


class Parting:
    """Of the node that has a room in this place of its order, from the others."""

    def __init__(self, cluster, network, members, place):
        self.cluster = cluster
        self.network = network
        self.members = members
        self.everyone = [x for group in members.values() for x in group]
        self.victim = cluster.in_order(ROOM)[place]
        self.others = [x for x in cluster.nodes if x is not self.victim]
        self.cut_off = members[self.victim]
        self.stayed = [x for x in self.everyone if x not in self.cut_off]
        self.talk = Talk(self.everyone)
        # One of each node, who say nothing: they go, and others come, while the
        # victim is cut off.
        self.going = [Member([x], f"{x.name}-goes", ROOM)
                      for x in cluster.nodes]
        self.coming = []

    @classmethod
    async def begin(cls, cluster, network, place):
        one = cls(cluster, network, await arrive(cluster), place)
        for who in one.going:
            await who.joined()
        await one.talk.confirmed(20)
        one.descriptors = {x: x.descriptors() for x in cluster.nodes}
        one.forget_silences()
        return one

    @property
    def outlying(self):
        """Where the victim is."""
        return self.victim.place

    @property
    def rest(self):
        """Where the other nodes are."""
        return [x.place for x in self.others]

    def forget_silences(self):
        for one in self.everyone:
            one.silences.clear()

    def silence(self, members):
        """Seconds."""
        return max(max(x.silences) for x in members)

    async def come_and_go(self):
        """Those who come may not be in before the network is whole again."""
        self.coming = [Member([x], f"{x.name}-comes", ROOM)
                       for x in self.cluster.nodes]
        for one in self.going:
            await one.leave()

    async def refusal(self):
        """Until whoever is cut off, and asks now, was told that it is. They may
        not be confirmed: one of home and standby is on the other side."""
        await asyncio.gather(*(refused(one) for one in self.cut_off))

    async def links_end(self):
        """Until nobody has one to the victim, nor it to anybody."""
        await until(lambda: not self.victim.linked() and not any(
            self.victim.name in x.linked() for x in self.others))

    async def heal(self):
        self.network.heal()
        await self.cluster.whole()

    async def outlast(self):
        """Links are lost and nobody's lease is, until the network is whole."""
        # Before anybody knows: what is told of them is lost on the way.
        await self.come_and_go()
        await self.links_end()
        await self.refusal()
        # Who does not reach the home is told so, and asks again.
        await until(lambda: any(x.refusals for x in self.coming))
        healed = time.monotonic()
        await self.heal()
        back = time.monotonic()
        told = await self.end()
        print(f"longest silence {self.silence(self.everyone):.1f} s; "
              f"{back - healed:.1f} s until all were linked; "
              f"{self.outs()} nodes had to come in anew; {told} messages")

    async def end(self):
        """All is as if nothing had been."""
        for one in self.coming:
            await one.joined()
        await self.talk.confirmed(20)
        await self.talk.stop()
        told = await check(self.everyone + self.coming, self.stayed + [
            x for x in self.cut_off if not x.jumps])
        assert not any(x.returns for x in self.everyone), "disconnected"
        names = [x.name for x in self.everyone + self.coming]
        for group in self.members.values():
            await members_are(group[0], names)
        await until(lambda: self.cluster.knows(names, 1))
        await until(
            lambda: self.cluster.knows([x.name for x in self.going], 0))
        await until(lambda: all(x.descriptors() <= count for x, count
                                in self.descriptors.items()))
        for one in self.everyone + self.coming:
            await one.leave()
        return told

    def outs(self):
        """How often nodes had to come in anew."""
        return sum(x["event"] == "out of the cluster"
                   for node in self.cluster.nodes for x in node.log())
