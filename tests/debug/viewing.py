# SPDX-License-Identifier: MIT
"""The inspector as a caller sees it: /debug by HTTP, /debug/live by WebSocket."""

import asyncio
import contextlib
import http.client
import json
import time
from dataclasses import dataclass

import websockets

from support.environment import DEADLINE


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def ask(service, path, method="GET", body=None, headers=None,
        host="127.0.0.1"):
    """One request; /debug is not in docs/openapi.yaml, so nothing is checked."""
    with contextlib.closing(http.client.HTTPConnection(
            host, service.port, timeout=DEADLINE)) as connection:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return Answer(
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read())


def get(service, path, **headers):
    """The JSON of a GET that is answered."""
    answer = ask(service, path, headers=headers)
    assert answer.status == 200, answer
    return answer.json


def all_actors(service, query="", limit=1000):
    """Every actor, page by page."""
    found, after = [], 0
    while after is not None:
        page = get(service,
                   f"/debug/actors?limit={limit}&after={after}&{query}")
        assert len(page["actors"]) <= limit
        found += page["actors"]
        after = page["next"]
    return found


def of_kind(service, kind):
    return all_actors(service, f"kind={kind}")


def rooms(service):
    """All but the canary, which is nobody's."""
    return [one for one in of_kind(service, "room")
            if one["title"] != "canary"]


def the_room(service):
    [one] = rooms(service)
    return get(service, f"/debug/actors/{one['id']}")


def the(service, kind):
    """The detail of the one actor of a kind."""
    [one] = of_kind(service, kind)
    return get(service, f"/debug/actors/{one['id']}")


def wait_until(look, what):
    """Answers what `look()` gives once that is true."""
    deadline = time.monotonic() + DEADLINE
    while not (seen := look()):
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
    return seen


class Viewer:
    """A WebSocket at /debug/live: `async with Viewer(service) as viewer`."""

    def __init__(self, service, **options):
        self._url = f"ws://127.0.0.1:{service.port}/debug/live"
        self._options = {"compression": None, "max_size": None,
                         "open_timeout": DEADLINE, **options}
        self.ws = None

    async def __aenter__(self):
        self.ws = await websockets.connect(self._url, **self._options)
        return self

    async def __aexit__(self, *_):
        await self.ws.close()

    async def say(self, what):
        await self.ws.send(what if isinstance(what, (str, bytes))
                           else json.dumps(what))

    async def hear(self):
        return json.loads(await asyncio.wait_for(self.ws.recv(), DEADLINE))

    async def closed(self):
        """The code, once nothing else comes."""
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await asyncio.wait_for(self.ws.recv(), DEADLINE)
        return self.ws.close_code
