# SPDX-License-Identifier: MIT
"""S2's basic form: what one client types, all read, as plain lines."""

import asyncio
import contextlib

import pytest

from support.client import Client, TextClient


@pytest.fixture
def lobby(start_server):
    """A service that speaks `text` on /ws, as this seed's clients expect."""
    return start_server("dialect.ws=text")


async def test_a_line_reaches_everyone_with_its_senders_name(lobby):
    async with TextClient(lobby, "/ws/ann") as ann:
        await ann.enter()
        async with TextClient(lobby, "/ws/bob") as bob:
            await bob.send_raw("good morning")
            await bob.expect("bob: good morning")
            await ann.expect("bob: good morning")
            await ann.send_raw("你好 ☕")
            await ann.expect("ann: 你好 ☕")
            await bob.expect("ann: 你好 ☕")


async def test_whoever_disconnects_is_said_to_have_left_the_chat(lobby):
    async with TextClient(lobby, "/ws/ann") as ann:
        await ann.enter()
        async with TextClient(lobby, "/ws/bob") as bob:
            await bob.enter()
            await ann.expect("bob: hello")
        await ann.expect("bob left the chat")


async def test_connecting_prints_nothing_to_anyone(lobby):
    async with TextClient(lobby, "/ws/ann") as ann:
        await ann.enter()
        async with TextClient(lobby, "/ws/bob") as bob:
            await bob.send_raw("first line")
            await bob.expect("bob: first line")
            await ann.expect("bob: first line")


async def test_only_objects_of_a_known_type_are_commands(lobby):
    lines = ["{", "42", "null", '["join"]', '{"type":"dance"}', '{"a":1}',
             '"quoted"', " "]
    async with TextClient(lobby, "/ws/ann") as ann:
        for line in lines:
            await ann.send_raw(line)
            await ann.expect(f"ann: {line}")


async def test_an_explicit_join_of_the_lobby_changes_nothing(lobby):
    async with TextClient(lobby, "/ws/ann") as ann, \
            TextClient(lobby, "/ws/bob") as bob:
        await ann.enter()
        await bob.enter()
        await ann.until("bob: hello")
        await bob.send("join", room="lobby")
        await bob.send_raw("still here")
        await ann.expect("bob: still here")


async def test_other_dialects_see_the_lobby_in_their_own_form(lobby):
    async with Client(lobby, "/ws/ann?dialect=typed") as ann:
        await ann.join("lobby")
        async with TextClient(lobby, "/ws/bob") as bob:
            await ann.expect("user_joined", user_id="bob", room="lobby",
                             members=["ann", "bob"])
            await bob.send_raw("plain")
            await ann.expect("chat", room="lobby", content="plain",
                             sender="bob")
            await ann.send("chat", room="lobby", content="typed")
            await bob.expect("bob: plain")
            await bob.expect("ann: typed")
        await ann.until("user_left", user_id="bob", room="lobby",
                        reason="closed")


async def test_a_typed_client_in_the_lobby_prints_as_joined_and_left(lobby):
    async with TextClient(lobby, "/ws/bob") as bob:
        await bob.enter()
        async with Client(lobby, "/ws/ann?dialect=typed") as ann:
            await ann.join("lobby")
            await bob.expect("ann joined lobby")
        await bob.expect("ann left the chat")


async def test_clients_that_connect_at_one_moment_all_get_the_broadcast(lobby):
    # S3: without a lock some sockets never reached the list.
    clients = [TextClient(lobby, f"/ws/user-{n}") for n in range(60)]
    async with contextlib.AsyncExitStack() as stack:
        await asyncio.gather(
            *(stack.enter_async_context(client) for client in clients))
        # Who is answered is in.
        await asyncio.gather(*(client.enter() for client in clients))
        lobby.http.post("/api/v1/broadcast", {"content": "to all"})
        await asyncio.gather(*(client.until("to all") for client in clients))


async def test_a_broadcast_goes_on_while_clients_disconnect(lobby):
    # S3: a list that is changed while it is walked, a socket that is gone.
    async with TextClient(lobby, "/ws/stays") as stays:
        await stays.enter()
        for turn in range(5):
            leaving = [TextClient(lobby, f"/ws/leaves-{n}") for n in range(8)]
            await asyncio.gather(
                *(client.__aenter__() for client in leaving))
            for n, client in enumerate(leaving):
                await stays.send_raw(f"line {turn}.{n}")
                client.vanish()
            for n in range(8):
                await stays.until(f"stays: line {turn}.{n}")


async def test_system_lines_are_printed_as_they_are(lobby):
    async with TextClient(lobby, "/ws/ann") as ann:
        await ann.enter()
        lobby.http.post("/api/v1/broadcast", {"content": "maintenance at 5"})
        await ann.expect("maintenance at 5")
        lobby.http.post("/api/v1/broadcast", {"content": {"at": [5, 6]}})
        await ann.expect('{"at":[5,6]}')


async def test_errors_are_one_line_and_answers_none(lobby):
    async with TextClient(lobby, "/ws/ann") as ann:
        await ann.enter()
        await ann.send("join", room="quiet", id=1)
        await ann.send("ping", id=2)
        await ann.send("chat", room="elsewhere", content="x", id=3)
        assert (await ann.receive()).startswith("error: ")
