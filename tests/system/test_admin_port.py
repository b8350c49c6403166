# SPDX-License-Identifier: MIT
"""`admin.host` and `admin.port`: a port of its own for administrators, beside
one that has nothing of theirs."""

import signal
import socket

import pytest
import websockets

from support import certificates
from support.client import Client
from support.crowd import PATIENT
from support.environment import DEADLINE, EVERYTHING_BY_TLS
from support.http_client import HttpClient
from support.raw_client import RawClient
from support.server import run
from support.waiting import wait_until

TOKEN = "an-admin-token-0123456789"

THEIRS = ["/admin", "/admin/", "/admin/connections", "/admin/stats",
          "/admin/users/ann", "/metrics", "/debug/live", "/inspect",
          "/web/admin/app.js", "/api/v1/publish"]

FOR_CLIENTS = ["/", "/parlor.js", "/ws", "/ws/ann", "/chat/ann", "/echo"]


def administrators(service):
    """HTTP at their port."""
    line = service.log.wait_for(event="listening", serves="administrators")
    return HttpClient(line["port"], service.tls)


@pytest.fixture
def token_file(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    return file


def test_each_port_serves_its_own(start_server):
    service = start_server("admin.port=0")
    line = service.log.wait_for(event="listening")
    assert (line["serves"], line["port"]) == ("clients", service.port)
    inside = administrators(service)
    for path in THEIRS:
        answer = service.http.get(path)
        assert answer.status == 404, path
        assert answer.body == service.http.get("/nothing").body
    for path in FOR_CLIENTS:
        assert inside.get(path).status == 404, path
    for path in ("/admin/", "/admin/stats", "/metrics", "/web/admin/app.js",
                 "/web/page.css"):
        assert inside.get(path).status == 200, path
    for port in (service.http, inside):
        assert port.get("/health/live").status == 200
        assert port.whole("/health/ready").status == 200
    assert service.http.get("/").status == 200


def test_what_is_published_there_is_heard_here(start_server):
    service = start_server("admin.port=0")
    body = {"room": "tea", "content": "x"}
    assert service.http.post("/api/v1/publish", body).status == 404
    assert administrators(service).post("/api/v1/publish", body).status == 200


async def test_nobody_connects_at_the_port_for_administrators(start_server):
    service = start_server("admin.port=0", "echo.enabled")
    async with Client(service, "/ws/ann"):
        pass
    line = service.log.wait_for(event="listening", serves="administrators")
    scheme = "wss" if service.tls else "ws"
    for path in ("/ws", "/chat/ann", "/echo"):
        with pytest.raises(websockets.exceptions.InvalidStatusCode) as refused:
            await websockets.connect(
                f"{scheme}://127.0.0.1:{line['port']}{path}", ssl=service.tls)
        assert refused.value.status_code == 404


def test_without_a_port_of_its_own_all_is_as_ever(start_server):
    service = start_server()
    assert service.log.wait_for(event="listening")["serves"] == "everybody"
    assert service.http.get("/admin/stats").status == 200
    assert service.http.get("/metrics").status == 200


def test_the_token_counts_there(start_server, token_file):
    service = start_server("admin.port=0", f"admin.token-file={token_file}")
    inside = administrators(service)
    assert inside.get("/admin/stats").status == 401
    assert inside.get(
        "/admin/stats", Authorization=f"Bearer {TOKEN}").status == 200
    assert service.http.get(
        "/admin/stats", Authorization=f"Bearer {TOKEN}").status == 404


def test_without_a_token_those_on_this_machine_are_let_in(start_server):
    service = start_server("admin.port=0")
    inside = administrators(service)
    assert inside.get("/admin/stats", Host="parlor.example").status == 403
    assert inside.get("/admin/stats", Via="1.1 proxy").status == 403
    assert inside.get("/admin/stats").status == 200


def test_it_has_an_address_of_its_own(start_server):
    service = start_server("admin.port=0", "admin.host=127.0.0.2")
    line = service.log.wait_for(event="listening", serves="administrators")
    assert line["host"] == "127.0.0.2"
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", line["port"]), DEADLINE)
    socket.create_connection(("127.0.0.2", line["port"]), DEADLINE).close()


@pytest.mark.skipif(EVERYTHING_BY_TLS, reason="has a certificate already")
def test_both_ports_have_the_certificate(start_server, tmp_path):
    made = certificates.make(tmp_path)
    service = start_server("admin.port=0", *made.options)
    line = service.log.wait_for(event="listening", serves="administrators")
    assert line["scheme"] == "https"
    assert administrators(service).get("/admin/stats").status == 200


def test_who_can_be_reached_by_others_needs_a_token(start_server, token_file):
    refused = run("check-config", "admin.port=1", "admin.host=0.0.0.0")
    assert refused.returncode == 2 and b"admin.token-file" in refused.stderr
    service = start_server("admin.port=0", "admin.host=0.0.0.0",
                           f"admin.token-file={token_file}")
    assert administrators(service).get("/metrics").status == 401


def test_a_port_that_is_taken_is_named(start_server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("server.port=0", f"admin.port={port}", "log.format=json")
    assert result.returncode == 1
    assert b"cannot listen" in result.stderr
    assert str(port).encode() in result.stderr


def test_a_reload_moves_no_port(start_server, tmp_path):
    file = tmp_path / "parlor.ini"
    text = ("[server]\nport = 0\nthreads = 2\n[log]\nformat = \"json\"\n"
            "[admin]\nport = 0\n")
    file.write_text(text)
    service = start_server(f"config-file={file}")
    inside = administrators(service)
    file.write_text(text.replace("[admin]\nport = 0",
                                 "[admin]\nport = \"none\""))
    service.process.send_signal(signal.SIGHUP)
    service.log.wait_for(event="needs a restart", key="admin.port")
    service.log.wait_for(event="configuration reloaded")
    assert inside.get("/admin/stats").status == 200
    assert service.http.get("/admin/stats").status == 404


def test_it_stays_open_while_the_service_drains(start_server):
    service = start_server("admin.port=0", "drain.notice=0s",
                           "drain.timeout=10min", "limits.outbox-stall=10min",
                           *PATIENT)
    inside = administrators(service)
    # One who does not answer the close: the service is there until it goes.
    with RawClient(service, "/ws/ann") as ann:
        ann.until("connected")
        service.terminate()
        service.log.wait_for(event="closing")
        wait_until(lambda: is_open(service.port), False)
        assert inside.whole("/metrics").status == 200
        assert inside.get("/health/ready").status == 503
    assert service.wait() == 0


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), DEADLINE).close()
        return True
    except OSError:
        return False


def test_proxies_are_no_danger_to_a_port_of_its_own(start_server):
    warned = "administrators are known by address alone"
    service = start_server("server.trusted-proxies=127.0.0.1", "admin.port=0")
    service.stop()
    assert not service.log.find(event=warned)
    service = start_server("server.trusted-proxies=127.0.0.1")
    service.stop()
    assert service.log.find(event=warned)
