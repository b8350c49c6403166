# SPDX-License-Identifier: MIT
"""TLS for clients: by Python's ssl, python3-websockets and `openssl s_client`.
PARLOR_TEST_TLS=1 runs the other tests over TLS."""

import asyncio
import contextlib
import hashlib
import os
import socket
import ssl
import subprocess
import threading

import pytest
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory)

from support import certificates
from support.client import Client
from support.environment import DEADLINE, REPOSITORY, measures_memory
from support.kernel import more_than_it_takes
from support.process import resident
from support.raw_client import RawClient, RawSocket, upgrade_request
from support.server import run
from support.waiting import eventually


# Of this machine, for `openssl`.
WITHOUT_SETTINGS = {**os.environ, "OPENSSL_CONF": "/dev/null"}


@pytest.fixture
def certificate(tmp_path):
    return certificates.make(tmp_path)


@pytest.fixture
def secure(start_server, certificate):
    """Starts a service with a certificate."""
    return lambda *options: start_server(*certificate.options, *options)


def s_client_command(service, *options):
    return ["openssl", "s_client", "-connect", f"127.0.0.1:{service.port}",
            *options]


def s_client(service, *options, said=b""):
    """What `openssl s_client` prints; a short conversation."""
    return subprocess.run(
        s_client_command(service, *options), input=said, capture_output=True,
        timeout=DEADLINE, env=WITHOUT_SETTINGS)


def plain(service):
    """A TCP connection without TLS."""
    peer = socket.create_connection(("127.0.0.1", service.port), DEADLINE)
    return contextlib.closing(peer)


# -- what is spoken


async def test_clients_talk_over_wss(secure):
    service = secure()
    assert service.log.wait_for(event="listening")["scheme"] == "https"
    async with (Client(service, "/ws/ann") as ann,
                Client(service, "/chat/bob") as bob):
        await ann.join("tea")
        await bob.join("tea")
        await ann.send("chat", room="tea", content="hello")
        assert (await bob.until("message"))["content"] == "hello"
        assert ann.ws.transport.get_extra_info("cipher")[1] == "TLSv1.3"
    assert service.http.whole("/health/ready").status == 200


def test_the_certificate_is_shown(secure, certificate):
    service = secure()
    shown = s_client(service, "-CAfile", certificate.file,
                     "-verify_return_error", "-showcerts")
    assert b"Verify return code: 0 (ok)" in shown.stdout
    assert certificate.file.read_bytes().strip() in shown.stdout
    with RawSocket(service) as peer:
        assert peer.socket.getpeercert(True) == certificate.der


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
def test_new_versions_are_spoken(secure, version):
    told = s_client(secure(), f"-{version}", "-quiet", "-ign_eof", said=(
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n"
        b"Connection: close\r\n\r\n"))
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("version", ["tls1", "tls1_1"])
def test_old_versions_are_refused(secure, version):
    told = s_client(secure(), f"-{version}", "-cipher", "DEFAULT:@SECLEVEL=0")
    assert told.returncode != 0
    assert b"alert protocol version" in told.stderr


@pytest.mark.parametrize("ciphers", ["AES128-SHA", "AES256-GCM-SHA384",
                                     "ECDHE-ECDSA-AES128-SHA256"])
def test_weak_ciphers_are_refused(secure, ciphers):
    """Without forward secrecy, or with CBC."""
    told = s_client(secure(), "-tls1_2", "-cipher", ciphers)
    assert told.returncode != 0
    assert b"alert handshake failure" in told.stderr


def test_renegotiation_is_refused(secure):
    with subprocess.Popen(
            s_client_command(secure(), "-tls1_2"), stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=WITHOUT_SETTINGS) as client:
        late = threading.Timer(DEADLINE, client.kill)
        late.start()
        client.stdin.write(b"R\n")
        client.stdin.flush()
        # It goes when its input ends, whether it has been answered or not.
        assert any(b"no renegotiation" in line for line in client.stderr)
        late.cancel()
        client.stdin.close()


def test_plain_http_gets_a_plain_answer(secure):
    service = secure()
    with plain(service) as peer:
        peer.sendall(upgrade_request("/ws/ann").encode())
        answer = b""
        while data := peer.recv(4096):
            answer += data
    assert answer.startswith(b"HTTP/1.1 400 ") and b"HTTPS" in answer


def test_garbage_does_no_harm(secure):
    service = secure()
    for _ in range(50):
        with plain(service) as peer:
            with contextlib.suppress(OSError):
                peer.sendall(os.urandom(5000))
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(4096):
                    pass
    assert service.http.get("/health/live").status == 200


def test_a_slow_handshake_ends(secure):
    service = secure("limits.handshake-timeout=1s")
    with plain(service) as silent, plain(service) as half:
        half.sendall(b"\x16\x03\x01\x01")
        assert silent.recv(1) == half.recv(1) == b""
    with RawSocket(service) as established:
        # With close_notify: the lack of it would be an error.
        assert established.rest() == b""


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_who_comes_back_resumes(secure, version):
    """And so spares the certificate's signature."""
    service = secure()
    service.tls.maximum_version = version
    with RawSocket(service) as first:
        # The ticket of TLS 1.3 comes behind the handshake.
        first.send(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert first.read_head() == 200
        ticket = first.socket.session
        assert not first.socket.session_reused
    with plain(service) as peer, service.tls.wrap_socket(
            peer, server_hostname="127.0.0.1", session=ticket) as second:
        assert second.session_reused


# -- traffic


async def test_big_messages_arrive_whole(secure):
    service = secure("limits.message-bytes=4194304",
                     "limits.outbox-bytes=16777216", "echo.enabled")
    content = "".join(hashlib.sha256(b"%d" % n).hexdigest()
                      for n in range(60_000))
    async with Client(service, "/echo", greeted=False) as echo:
        for size in (16_384, 65_536, len(content)):
            await echo.send_raw(content[:size])
            assert await asyncio.wait_for(
                echo.ws.recv(), DEADLINE) == content[:size]


async def test_compression_goes_with_tls(secure):
    service = secure("compression.enabled")
    offer = ClientPerMessageDeflateFactory()
    async with (Client(service, "/ws/ann", extensions=[offer]) as ann,
                Client(service, "/ws/bob") as bob):
        assert ann.ws.extensions
        await ann.join("tea")
        await bob.join("tea")
        await ann.send("chat", room="tea", content="tea " * 2000)
        for one in (ann, bob):
            assert (await one.until("chat"))["content"] == "tea " * 2000


async def test_a_slow_consumer_is_closed_with_4008(secure):
    service = secure("limits.outbox-bytes=65536", "limits.outbox-stall=500ms",
                     "limits.messages-per-second=0")
    with RawClient(service, "/ws/slow?room=tea", receive_buffer=4096) as slow:
        id = slow.until("connected")["connection"]
        slow.send_json(type="join", room="tea", id=1)
        slow.until("reply", id=1)
        async with Client(service, "/ws/ann") as ann:
            await ann.join("tea")
            for n in range(more_than_it_takes(60_000)):
                await ann.send("chat", room="tea", content=[n, "x" * 60_000])
                await ann.until("chat")
            line = await service.logged(event="client gone", connection=id)
            assert line["code"] == 4008 and line["verdict"] == "disconnect"


async def test_clients_are_told_of_a_drain(secure):
    service = secure()
    async with (Client(service, "/ws/ann") as ann,
                Client(service, "/ws/bob") as bob):
        service.terminate()
        for one in (ann, bob):
            frames = await one.expect_close(1012)
            assert frames[-1]["type"] == "closing"
    assert await asyncio.to_thread(service.wait) == 0


@measures_memory
async def test_a_thousand_connections(secure):
    """docs/operations.md says what one costs while it is idle."""
    service = secure("limits.handshake-timeout=60s")
    before = resident(service)
    async with contextlib.AsyncExitStack() as stack:
        clients = []
        for start in range(0, 1000, 50):
            clients += await asyncio.gather(*(
                stack.enter_async_context(Client(service, f"/ws/user-{n}"))
                for n in range(start, start + 50)))
        await asyncio.gather(*(one.join("tea") for one in clients[:100]))
        each = (resident(service) - before) / 1000
        print(f"{each:.0f} bytes each")
        assert each < 40_000
        await clients[0].send("chat", room="tea", content="hello")
        for one in clients[:100]:
            await one.until("chat", content="hello")
        assert service.total() == 1000
    await eventually(service.total, 0)


# -- the files


def refusal(*options):
    """What a start is refused with."""
    for result in (run("server.port=0", *options), run(*options, "check-config")):
        assert result.returncode == 2
        assert result.stdout == b""
    return result.stderr.decode()


def test_a_missing_half_is_an_error(certificate):
    with_key, = refusal(certificate.options[1]).splitlines()
    assert with_key == "parlor: tls.certificate is missing: tls.key is its key"
    with_certificate, = refusal(certificate.options[0]).splitlines()
    assert "tls.key is missing" in with_certificate


@pytest.mark.parametrize("content, told", [
    (None, "cannot be read"), ("", "holds no certificate in PEM"),
    ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
     "cannot be understood")])
def test_a_bad_certificate_is_an_error(certificate, content, told):
    certificate.file.unlink()
    if content is not None:
        certificate.file.write_text(content)
    assert f"tls.certificate {certificate.file} {told}" in refusal(
        *certificate.options)


@pytest.mark.parametrize("content, told", [
    (None, "cannot be read"), ("", "holds no private key in PEM"),
    ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
     "cannot be understood")])
def test_a_bad_key_is_an_error(certificate, content, told):
    certificate.key.unlink()
    if content is not None:
        certificate.key.touch(0o600)
        certificate.key.write_text(content)
    assert f"tls.key {certificate.key} {told}" in refusal(*certificate.options)


def test_a_key_of_another_certificate_is_an_error(certificate, tmp_path):
    other = certificates.make(tmp_path, "other")
    assert "is not the key of tls.certificate" in refusal(
        certificate.options[0], other.options[1])


def test_a_key_that_everybody_can_read_is_an_error(certificate):
    certificate.key.chmod(0o644)
    assert "is open to everyone" in refusal(*certificate.options)


def test_the_key_is_never_told(certificate, start_server):
    service = start_server(*certificate.options, "log.level=debug")
    assert b"PRIVATE" not in run(*certificate.options, "dump-config").stdout
    service.stop()
    assert "PRIVATE" not in service.log.whole


def test_a_certificate_that_ended_is_warned_of(start_server, tmp_path):
    old = certificates.make(tmp_path, days=-1)
    service = start_server(*old.options)
    line = service.log.wait_for(event="certificate is out of date")
    assert line["level"] == "warn" and line["file"] == str(old.file)


def self_signed(folder):
    """The certificate that `deploy/run --tls` makes."""
    subprocess.run([REPOSITORY / "deploy" / "self-signed", folder], check=True)
    return certificates.Certificate(folder / "certificate.pem",
                                    folder / "key.pem")


async def test_a_certificate_for_trying_out_is_made_once(
        start_server, tmp_path):
    made = self_signed(tmp_path / "tls")
    assert made.key.stat().st_mode & 0o077 == 0
    first = made.file.read_text()
    service = start_server(*made.options)
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
    assert self_signed(tmp_path / "tls").file.read_text() == first


def test_one_that_ends_soon_is_made_anew(tmp_path):
    old = certificates.make(tmp_path, days=0)
    old.file.rename(tmp_path / "certificate.pem")
    old.key.rename(tmp_path / "key.pem")
    made = self_signed(tmp_path)
    assert b"will not expire" in subprocess.run(
        ["openssl", "x509", "-in", made.file, "-noout", "-checkend", "86400"],
        capture_output=True).stdout
