# SPDX-License-Identifier: MIT
"""Readiness while one thread of the service hangs."""

from support.frozen_thread import ask_often, frozen_thread
from support.waiting import eventually


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
