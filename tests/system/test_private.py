# SPDX-License-Identifier: MIT
"""Private messages: every connection of a user, in order, with the count."""

import asyncio

import pytest

from support.client import Client
from support.shapes import error
from support.waiting import unique


@pytest.fixture
def ann_path():
    return f"/ws/{unique('ann')}"


@pytest.fixture
def bob_path():
    return f"/ws/{unique('bob')}"


async def test_every_connection_of_the_user_gets_it(server, ann_path,
                                                    bob_path):
    async with Client(server, ann_path) as ann, \
            Client(server, bob_path) as one, Client(server, bob_path) as two, \
            Client(server, bob_path.replace("/ws", "/chat")) as three:
        reply = await ann.ok("private", to=one.user, content="psst")
        assert reply["delivered"] == 3
        await one.expect("private", content="psst", sender=ann.user)
        await two.expect("private", content="psst", sender=ann.user)
        await three.expect("private", content="psst", user_id=ann.user)


async def test_it_reaches_nobody_else(server, ann_path, bob_path):
    async with Client(server, ann_path) as ann, \
            Client(server, ann_path) as other_tab, \
            Client(server, bob_path) as bob, \
            Client(server, f"/ws/{unique('eve')}") as eve:
        await ann.ok("private", to=bob.user, content="secret")
        await bob.expect("private", content="secret")
        for client in (ann, other_tab, eve):
            await client.ok("private", to=client.user, content="to myself")
        await eve.expect("private", content="to myself")
        for client in (ann, other_tab):
            await client.expect("private", content="to myself")


async def test_to_an_absent_user_nothing_is_delivered(server, ann_path):
    async with Client(server, ann_path) as ann:
        nobody = unique("nobody")
        reply = await ann.request("private", to=nobody, content="x", id="p")
        assert reply == {"type": "reply", "id": "p", "ok": True,
                         "delivered": 0}


async def test_without_an_id_an_absent_user_is_an_error(server, ann_path):
    async with Client(server, ann_path) as ann:
        await ann.send("private", to=unique("nobody"), content="x")
        assert await ann.receive() == error("user_offline")


async def test_a_user_who_left_is_absent(server, ann_path, bob_path):
    async with Client(server, ann_path) as ann:
        async with Client(server, bob_path) as bob:
            pass
        await server.logged(event="client gone", connection=bob.id)
        reply = await ann.ok("private", to=bob.user, content="x")
        assert reply["delivered"] == 0


async def test_a_pair_keeps_its_order(start_server):
    service = start_server("limits.messages-per-second=0")
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob, \
            Client(service, "/ws/eve") as eve:

        async def send(client):
            for n in range(300):
                await client.send("private", to="bob", content=n)

        await asyncio.gather(send(ann), send(eve))
        seen = {"ann": [], "eve": []}
        for _ in range(600):
            frame = await bob.expect("private")
            seen[frame["sender"]].append(frame["content"])
        assert seen == {"ann": list(range(300)), "eve": list(range(300))}


async def test_ids_of_any_script_can_be_written_to(server, ann_path):
    path = "/ws/Zo%C3%AB%20%2F%20%E4%BD%A0%E5%A5%BD"
    async with Client(server, ann_path) as ann, Client(server, path) as zoe:
        assert zoe.user == "Zoë / 你好"
        await ann.ok("private", to="Zoë / 你好", content="hi")
        await zoe.expect("private", to="Zoë / 你好", content="hi")
