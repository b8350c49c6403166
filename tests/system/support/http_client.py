# SPDX-License-Identifier: MIT
"""One HTTP request at a time, as a test reads best: `http.get("/x").json`."""

import contextlib
import json
import time
from dataclasses import dataclass

from .described_http import Connection
from .environment import DEADLINE
from .waiting import PAUSE_BETWEEN_LOOKS


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def is_problem(self):
        """RFC 9457: the media type, and a status that repeats the real one."""
        kind = self.headers.get("content-type", "").split(";")[0]
        return (kind == "application/problem+json"
                and self.json.get("status", self.status) == self.status)


class HttpClient:
    """Calls block; the service answers in well under a ping's interval."""

    def __init__(self, port, tls=None):
        self.port = port
        self._tls = tls

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def whole(self, path, **headers):
        """The answer for an administrator once nothing is missing in it. Where an
        actor has no turn within `admin_patience`, as on a machine that is busy,
        it is 503 or says that it is incomplete."""
        until = time.monotonic() + DEADLINE
        while True:
            answer = self.get(path, **headers)
            if (answer.status != 503
                    and b'"status":"incomplete"' not in answer.body):
                return answer
            assert time.monotonic() < until, answer
            time.sleep(PAUSE_BETWEEN_LOOKS)

    def delete(self, path, **headers):
        return self.request("DELETE", path, headers=headers)

    def post(self, path, value, **headers):
        headers.setdefault("Content-Type", "application/json")
        return self.request("POST", path, json.dumps(value), headers)

    def kept_alive(self):
        """A connection for several requests, as a context."""
        return contextlib.closing(Connection(
            "127.0.0.1", self.port, tls=self._tls, timeout=DEADLINE))

    def request(self, method, path, body=None, headers=None):
        """Header names are written with `_` for `-`."""
        with self.kept_alive() as connection:
            connection.request(method, path, body, {
                name.replace("_", "-"): value
                for name, value in (headers or {}).items()})
            answer = connection.getresponse()
            return Answer(
                answer.status,
                {name.lower(): value for name, value in answer.getheaders()},
                answer.read())
