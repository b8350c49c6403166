# SPDX-License-Identifier: MIT
"""Requests that are no good upgrade, and bad HTTP: refused, never served."""

import pytest

from support.raw_client import KEY, RawSocket, exchange, upgrade_request
from support.waiting import eventually, unique


@pytest.fixture(autouse=True)
def still_healthy(server):
    yield
    assert server.http.get("/health/live").status == 200


def status_of(server, target, **changes):
    changes.setdefault("Host", f"127.0.0.1:{server.port}")
    return exchange(server, upgrade_request(target, **changes))


def test_the_request_that_the_others_are_made_from_is_good(server):
    assert status_of(server, f"/ws/{unique('ann')}") == 101


@pytest.mark.parametrize("changes", [
    {"Sec_WebSocket_Key": None}, {"Sec_WebSocket_Key": ""},
    {"Sec_WebSocket_Key": [KEY, KEY]},
    {"Sec_WebSocket_Key": "not base64 at all!!!!!!!"},
    {"Sec_WebSocket_Key": "c2hvcnQ="},
    {"Sec_WebSocket_Key": "dGhpcyBrZXkgaXMgbXVjaCB0b28gbG9uZw=="},
    {"Transfer_Encoding": "chunked"},
    {"Upgrade": None}, {"Upgrade": "h2c"}, {"Connection": None},
    {"Connection": "close"}, {"Sec_WebSocket_Version": None},
    {"Sec_WebSocket_Version": "8"}, {"Sec_WebSocket_Version": "x"}],
    ids=lambda changes: "-".join(map(str, *changes.items()))[:40])
def test_a_bad_upgrade_is_refused(server, changes):
    # 426 is as good where the upgrade itself or its version is wanting.
    assert status_of(server, f"/ws/{unique('ann')}", **changes) in (400, 426)


@pytest.mark.parametrize("target", [
    "/", "/nowhere", "/wss/ann", "/ws/ann/more", "/chat", "/chat/",
    "/ws/", "/admin/connections", "/health/live", "/api/v1/publish"])
def test_only_the_documented_paths_upgrade(server, target):
    status = status_of(server, target)
    assert status != 101 and (status is None or status < 500)


@pytest.mark.parametrize("target", ["/nowhere", "/wss/ann"])
def test_an_unknown_path_is_404(server, target):
    assert status_of(server, target) == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_get_upgrades(server, method):
    request = upgrade_request("/ws/ann", Host="127.0.0.1")
    assert exchange(server, method + request[3:]) in (400, 404, 405)


def test_an_upgrade_in_http_1_0_is_refused(server):
    request = upgrade_request("/ws/ann", Host="127.0.0.1")
    assert exchange(server, request.replace("1.1", "1.0", 1)) in (
        400, 426, 505)


def test_a_plain_get_of_an_endpoint_is_refused(server):
    assert server.http.get("/ws/ann").status in (400, 426)


@pytest.mark.parametrize("data", [
    b"\r\n\r\n\r\n\r\nnonsense\r\n\r\n", b"\x16\x03\x01\x02\x00" + bytes(200),
    b"GET /\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
    b"GET /health/live HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n",
    b"POST /api/v1/publish HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Length: x\r\n\r\n",
    b"GET /" + b"\xff" * 20 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"],
    ids=range(7))
def test_bad_http_gets_a_client_error_or_nothing(server, data):
    with RawSocket(server) as peer:
        peer.send(data)
        peer.end()
        status = peer.read_head()
    assert status is None or 400 <= status < 500 or status == 505


@pytest.mark.parametrize("size", [20_000, 2_000_000])
def test_a_header_that_is_too_long_is_refused(server, size):
    request = upgrade_request("/ws/ann", X_Long="x" * size)
    assert exchange(server, request) in (None, 400, 413, 431)


def test_endless_headers_are_refused(server):
    request = upgrade_request("/ws/ann", X_Many=["x"] * 20_000)
    assert exchange(server, request) in (None, 400, 413, 431)


async def test_a_client_that_goes_within_its_request_is_forgotten(server):
    for length in (1, 10, 50, 100):
        with RawSocket(server) as peer:
            peer.send(upgrade_request("/ws/ann").encode()[:length])
            peer.reset()
    await eventually(server.total, 0)


async def test_a_client_that_goes_after_its_request_is_forgotten(server):
    for _ in range(20):
        with RawSocket(server) as peer:
            peer.send(upgrade_request(f"/ws/{unique('ann')}").encode())
            peer.reset()
    await eventually(server.total, 0)
