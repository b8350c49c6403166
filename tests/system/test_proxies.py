# SPDX-License-Identifier: MIT
"""The snippets of deploy/proxy in Debian's nginx and HAProxy, which end TLS: who
asks is who is shown, and nobody becomes an administrator by the way."""

import asyncio
import contextlib
import http.client
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import quote

import pytest
import websockets
from ports import free_port

from support import certificates
from support.client import Client
from support.environment import DEADLINE, REPOSITORY, of_plain_sockets
from support.waiting import eventually

SNIPPETS = REPOSITORY / "deploy" / "proxy"

# The client's, other than the proxy's.
HERE = "127.0.0.5"

pytestmark = of_plain_sockets


@dataclass
class Proxy:
    """As far as clients are concerned, a service."""

    port: int
    tls: object
    ws_dialect = "typed"

    def get(self, path, **headers):
        """The status of a request from `HERE`."""
        with contextlib.closing(http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=DEADLINE, context=self.tls,
                source_address=(HERE, 0))) as connection:
            connection.request("GET", path, headers={
                name.replace("_", "-"): value
                for name, value in headers.items()})
            return connection.getresponse().status


def replaced(text, changes):
    """Each is there once."""
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, str(new))
    return text


def nginx(folder, certificate, service, port):
    snippet = replaced((SNIPPETS / "nginx.conf").read_text(), {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/parlor/certificate.pem": certificate.file,
        "/etc/parlor/key.pem": certificate.key,
        "server 127.0.0.1:8080": f"server 127.0.0.1:{service.port}"})
    paths = "".join(f"{name}_temp_path {folder}/{name};\n" for name in (
        "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    file = folder / "nginx.conf"
    file.write_text(f"pid {folder}/nginx.pid;\ndaemon off;\n"
                    f"worker_processes 1;\nevents {{}}\n"
                    f"http {{\naccess_log off;\n{paths}{snippet}}}\n")
    return ["nginx", "-p", folder, "-e", "stderr", "-c", file]


def decoding_nginx(folder, certificate, service, port):
    """Serves below a path, which it takes off: so it decodes paths, too."""
    command = nginx(folder, certificate, service, port)
    file = command[-1]
    file.write_text(replaced(file.read_text(), {
        "location / {\n    proxy_pass http://parlor;":
            "location /health/ { proxy_pass http://parlor; }\n"
            "  location /chat/ {\n    proxy_pass http://parlor/;"}))
    return command


def haproxy(folder, certificate, service, port):
    both = folder / "parlor.pem"
    both.write_text(certificate.file.read_text()
                    + certificate.key.read_text())
    file = folder / "haproxy.cfg"
    file.write_text(replaced((SNIPPETS / "haproxy.cfg").read_text(), {
        "bind :443": f"bind 127.0.0.1:{port}",
        "/etc/haproxy/parlor.pem": both,
        "127.0.0.1:8080": f"127.0.0.1:{service.port}"}))
    return ["haproxy", "-db", "-f", file]


@pytest.fixture(params=[nginx, haproxy], ids=["nginx", "haproxy"])
def behind(request, tmp_path):
    """Starts the proxy before a service."""
    running = []

    def start(service):
        certificate = certificates.make(tmp_path)
        port = free_port()
        command = request.param(tmp_path, certificate, service, port)
        # Not on everybody's path.
        program = shutil.which(command[0], path="/usr/sbin:/usr/bin")
        assert program, f"{command[0]} is not installed"
        running.append(subprocess.Popen(
            [program, *command[1:]], stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT, stdout=subprocess.PIPE))
        proxy = Proxy(port, certificate.trust())
        until = time.monotonic() + DEADLINE
        while not serves(proxy):
            assert running[-1].poll() is None, running[-1].stdout.read()
            assert time.monotonic() < until, "the proxy does not serve"
            time.sleep(0.02)
        return proxy

    yield start
    for one in running:
        one.terminate()
        one.communicate(timeout=DEADLINE)


def serves(proxy):
    try:
        return proxy.get("/health/live") == 200
    except OSError:
        return False


def addresses(service):
    """Whom the administrator sees, by user."""
    page = service.admin("/admin/connections?detail=1")
    return {one["user_id"]: one["ip"] for one in page["connections"]}


async def test_the_clients_address_is_shown(start_server, behind):
    service = start_server("server.trusted-proxies=127.0.0.1")
    proxy = behind(service)
    async with (Client(proxy, "/ws/ann", local_addr=(HERE, 0)) as ann,
                Client(service, "/ws/bob") as bob):
        await ann.join("tea")
        await bob.join("tea")
        await ann.send("chat", room="tea", content="hello")
        await bob.until("chat", content="hello")
        await bob.send("chat", room="tea", content="x" * 60_000)
        await ann.until("chat", content="x" * 60_000)
        assert addresses(service) == {"ann": HERE, "bob": "127.0.0.1"}


async def test_without_trust_it_is_the_proxys(start_server, behind):
    service = start_server("server.trusted-proxies=10.0.0.0/8")
    proxy = behind(service)
    async with Client(proxy, "/ws/ann", local_addr=(HERE, 0)):
        assert addresses(service) == {"ann": "127.0.0.1"}


async def test_what_a_client_claims_is_not_shown(start_server, behind):
    service = start_server("server.trusted-proxies=127.0.0.1")
    proxy = behind(service)
    async with Client(proxy, "/ws/ann", local_addr=(HERE, 0), extra_headers={
            "X-Forwarded-For": "192.0.2.1"}):
        assert addresses(service) == {"ann": HERE}


@pytest.mark.parametrize("trusted", ["127.0.0.1", "10.0.0.0/8"])
def test_no_administrator_comes_through_a_proxy(start_server, behind, trusted):
    """Though the service sees a loopback address and a loopback Host."""
    service = start_server(f"server.trusted-proxies={trusted}")
    proxy = behind(service)
    assert proxy.get("/admin/connections") == 403
    assert proxy.get("/admin/connections", X_Forwarded_For="127.0.0.1") == 403
    assert service.http.get("/admin/connections").status == 200


@pytest.mark.parametrize("path", [
    "/admin", "/admin/", "/admin/connections", "/%61dmin/connections",
    "/api/v1/publish", "/debug/actors", "/metrics", "/m%65trics"])
def test_administrators_paths_end_at_the_proxy(start_server, behind, tmp_path,
                                               path):
    """With the right token, too."""
    token = "a-token-of-good-length"
    file = tmp_path / "token"
    file.touch(0o600)
    file.write_text(token)
    proxy = behind(start_server(f"admin.token-file={file}"))
    assert proxy.get(path, Authorization=f"Bearer {token}") == 403
    assert proxy.get("/health/ready") == 200


def test_the_proxy_ends_idle_connections_first():
    """The service ends them after limits.http-idle: 30 s."""
    text = (SNIPPETS / "nginx.conf").read_text()
    assert int(re.search(r"keepalive_timeout (\d+)s;", text)[1]) < 30
    assert "option http-server-close" in (SNIPPETS / "haproxy.cfg").read_text()


async def test_pages_of_the_same_origin_connect(start_server, behind):
    proxy = behind(start_server())
    async with Client(proxy, "/ws/ann",
                      origin=f"https://127.0.0.1:{proxy.port}"):
        pass
    with pytest.raises(websockets.InvalidStatusCode):
        async with Client(proxy, "/ws/ann", origin="https://evil.example"):
            pass


@pytest.mark.parametrize("behind", [decoding_nginx], indirect=True)
async def test_a_name_in_the_query_survives_a_proxy(start_server, behind):
    proxy = behind(start_server())
    with pytest.raises(websockets.InvalidStatusCode) as refused:
        async with Client(proxy, "/chat/ws/a%2Fb"):
            pass
    assert refused.value.status_code == 404
    for name in ("a/b", "..", "a%2Fb", "é?#&+ ;"):
        async with Client(proxy,
                          f"/chat/ws?user={quote(name, safe='')}") as client:
            assert client.user == name


async def test_a_drain_reaches_clients_through_it(start_server, behind):
    service = start_server()
    proxy = behind(service)
    async with Client(proxy, "/ws/ann") as ann:
        service.terminate()
        await ann.expect_close(1012)
    assert await asyncio.to_thread(service.wait) == 0


@contextlib.asynccontextmanager
async def in_front_of(services, folder, without=()):
    """HAProxy with the snippet, as far as no line begins `without` that, and more
    than one service."""
    certificate = certificates.make(folder)
    port = free_port()
    command = haproxy(folder, certificate, services[0], port)
    file = command[-1]
    lines = [x for x in file.read_text().splitlines()
             if not x.strip().startswith(without)]
    lines += [f"  server more{x.port} 127.0.0.1:{x.port} check inter 1s"
              for x in services[1:]]
    file.write_text("\n".join(lines) + "\n")
    program = shutil.which(command[0], path="/usr/sbin:/usr/bin")
    running = subprocess.Popen([program, *command[1:]],
                               stdin=subprocess.DEVNULL)
    try:
        proxy = Proxy(port, certificate.trust())
        await eventually(lambda: serves(proxy), True)
        yield proxy
    finally:
        running.terminate()
        running.wait()


async def come_until(proxy, ended):
    """Clients of both kinds, one after the other: each is let in, though perhaps
    told to come back."""
    count = 0
    while not ended.done():
        assert await asyncio.to_thread(proxy.get, "/health/live") == 200
        async with Client(proxy, f"/ws/late{count}", greeted=False) as late:
            assert (await late.receive())["type"] in ("connected", "closing")
        count += 1
    print(f"{count} came meanwhile")


@pytest.mark.parametrize("clients,rate,without", [
    # It ends long before its `drain.notice`.
    pytest.param(10, 5, (), id="the-snippet"),
    # What says so alone; clients stay for longer.
    pytest.param(8, 1, ("option redispatch", "retry-on"), id="no-redispatch"),
])
async def test_nobody_is_refused_at_a_drain(
        start_server, tmp_path, clients, rate, without):
    """Behind HAProxy with two services, one of which drains and ends."""
    first, second = start_server(f"drain.rate={rate}"), start_server()
    async with in_front_of([first, second], tmp_path, without) as proxy:
        async with contextlib.AsyncExitStack() as stack:
            for i in range(clients):
                await stack.enter_async_context(Client(first, f"/ws/u{i}"))
            first.terminate()
            ended = asyncio.ensure_future(asyncio.to_thread(first.wait))
            await come_until(proxy, ended)
            assert await ended == 0
        for _ in range(10):
            assert proxy.get("/health/live") == 200
