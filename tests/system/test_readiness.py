# SPDX-License-Identifier: MIT
"""Readiness while one thread of the service hangs."""

import concurrent.futures
import contextlib
import http.client

from support.frozen_thread import frozen_thread
from support.waiting import eventually


def ask(port, path):
    """The status and body; None where the thread that accepted it hangs."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(TimeoutError):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    return None


def ask_often(port, path):
    """The kernel deals connections out: some reach the other thread."""
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: ask(port, path), range(16)))
    return {x for x in answers if x is not None}


async def test_a_thread_that_hangs_is_no_readiness_but_life(start_server):
    service = start_server()
    with frozen_thread(service.process.pid, "parlor-io"):
        ready = ask_often(service.port, "/health/ready")
        assert {status for status, _ in ready} == {503}
        assert all("reason" in text or "detail" in text for _, text in ready)
        alive = ask_often(service.port, "/health/live")
        assert {status for status, _ in alive} == {200}
    await eventually(
        lambda: service.http.get("/health/ready").status, 200)
