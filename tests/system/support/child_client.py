# SPDX-License-Identifier: MIT
"""A client in a process of its own, to be killed.

Run as a program it connects, joins and then only listens."""

import asyncio
import contextlib
import json
import signal
import ssl
import sys


@contextlib.asynccontextmanager
async def child_client(server, user, room):
    """A running child whose join was answered; `child.kill()` is SIGKILL."""
    from .environment import DEADLINE
    child = await asyncio.create_subprocess_exec(
        sys.executable, __file__,
        f"{'wss' if server.tls else 'ws'}://127.0.0.1:{server.port}/ws/{user}",
        room, *filter(None, [server.certificate]),
        stdout=asyncio.subprocess.PIPE)
    try:
        line = await asyncio.wait_for(child.stdout.readline(), 2 * DEADLINE)
        assert line == b"joined\n", line
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGKILL)
        await child.wait()


async def listen(url, room, certificate=None):
    import websockets
    tls = certificate and ssl.create_default_context(cafile=certificate)
    async with websockets.connect(url, ssl=tls) as ws:
        await ws.send(json.dumps({"type": "join", "room": room, "id": 1}))
        async for text in ws:
            if json.loads(text)["type"] == "reply":
                print("joined", flush=True)


if __name__ == "__main__":
    asyncio.run(listen(*sys.argv[1:]))
