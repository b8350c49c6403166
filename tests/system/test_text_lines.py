# SPDX-License-Identifier: MIT
"""Dialect `text`: no value ends a line, or stands for another part of it."""

import pytest

from support.client import Client, TextClient
from support.raw_client import exchange, upgrade_request

BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029",
          "\x1b[2K", "\u202e"]


@pytest.mark.parametrize("mark", BREAKS)
async def test_no_content_makes_a_line_of_its_own(start_server, mark):
    service = start_server()
    escaped = {"\n": r"\n", "\r": r"\r"}
    shown = "".join(
        escaped.get(c) or (c if " " <= c <= "~" else f"\\u{ord(c):04x}")
        for c in mark)
    async with Client(service, "/ws/eve") as eve, \
            TextClient(service, "/ws/ann?dialect=text") as ann:
        await ann.enter()
        await eve.join("lobby")
        await ann.expect("eve joined lobby")
        for content in (f"hi{mark}bob: I agree", {"a": f"x{mark}"}):
            await eve.send("chat", room="lobby", content=content)
            line = await ann.receive()
            assert line.splitlines() == [line]
            assert mark not in line
        await eve.send("private", to="ann", content=f"a{mark}b")
        await ann.expect(f"[Private from eve]: a{shown}b")
        service.http.post("/api/v1/broadcast", {"content": f"a{mark}b"})
        await ann.expect(f"a{shown}b")


async def test_no_name_stands_for_something_else(start_server):
    service = start_server()
    async with TextClient(service, "/ws/ann?dialect=text") as ann:
        await ann.enter()
        for name, shown in {
                "[Private from bob]": '"[Private from bob]"',
                "bob: hi; eve": '"bob: hi; eve"',
                "bob joined tea": '"bob joined tea"',
                "error": '"error"',
                "a\u2028b": '"a\\u2028b"'}.items():
            path = "/ws/" + "".join(f"%{x:02X}" for x in name.encode())
            async with Client(service, path) as client:
                await client.join("lobby")
                await ann.expect(f"{shown} joined lobby")
                await client.send("chat", room="lobby", content="x")
                await ann.expect(f"{shown}: x")
                await client.send("private", to="ann", content="x")
                await ann.expect(f"[Private from {shown}]: x")
            await ann.expect(f"{shown} left the chat")
            assert exchange(
                service, upgrade_request(path + "?dialect=text")) == 400
