# SPDX-License-Identifier: MIT
"""SIGHUP: what may change does, whole or not at all, and nobody is dropped."""

import itertools
import json
import shutil
import signal
import ssl

import pytest

from support import certificates
from support.client import Client
from support.kernel import more_than_it_takes
from support.raw_client import (
    RawClient, RawSocket, exchange, upgrade_request)
from support.server import Server

TOKENS = ["first-token-0123456789", "second-token-0123456789"]


class Configured:
    """A service with a file, and the way to change it."""

    def __init__(self, folder, **sections):
        self.folder = folder
        self.file = folder / "parlor.ini"
        self.sections = {"server": {"port": 0, "threads": 2},
                         "log": {"format": "json"}, **sections}
        self.write()
        # Its refusals are errors, and wanted.
        self.service = Server(f"config-file={self.file}", allow_errors=True)
        if tls := sections.get("tls"):
            self.service.tls = ssl.create_default_context(
                cafile=tls["certificate"])
            self.service.http._tls = self.service.tls

    def set(self, key, value):
        section, name = key.split(".")
        self.sections.setdefault(section, {})[name] = value
        self.write()

    def write(self, more=""):
        self.file.write_text("".join(
            f"[{name}]\n" + "".join(
                f"{key} = {self.written(value)}\n"
                for key, value in section.items())
            for name, section in self.sections.items()) + more)

    @staticmethod
    def written(value):
        """Durations are bare."""
        if isinstance(value, str) and value[-1] == "s" and value[0].isdigit():
            return value
        return json.dumps(value)

    def hang_up(self):
        """Answers the line that SIGHUP brings."""
        done = ("configuration reloaded", "configuration refused")
        before, found = len(self.lines(*done)), itertools.count()
        self.service.process.send_signal(signal.SIGHUP)
        return self.service.log.wait_for(
            lambda line: line.get("event") in done and next(found) == before)

    def lines(self, *events):
        """Those before a line that was waited for, at least."""
        return [line for line in self.service.log.lines
                if line.get("event") in events]


@pytest.fixture
def configured(tmp_path):
    started = []

    def start(**sections):
        started.append(Configured(tmp_path, **sections))
        return started[-1]

    yield start
    for one in started:
        one.service.stop()


def opened(service, **headers):
    """The status that an upgrade is answered with."""
    return exchange(service, upgrade_request("/ws/ann", **headers))


def test_the_log_level_changes(configured):
    one = configured()
    one.set("log.level", "warn")
    # What is said at that level.
    one.set("limits.rooms", 9)
    one.service.process.send_signal(signal.SIGHUP)
    one.service.log.wait_for(event="needs a restart", key="limits.rooms")
    with RawClient(one.service, "/ws/ann") as client:
        client.until("connected")
    one.set("log.level", "debug")
    assert one.hang_up()["changed"] == "log.level"
    assert not one.lines("client connected")
    assert opened(one.service) == 101
    one.service.log.wait_for(event="client connected")


def test_origins_change(configured):
    one = configured()
    foreign = {"Origin": "https://a.example"}
    assert opened(one.service, **foreign) == 403
    one.set("origins.allow", ["https://a.example"])
    assert one.hang_up()["changed"] == "origins.allow"
    assert opened(one.service, **foreign) == 101
    one.set("origins.allow", [])
    one.hang_up()
    assert opened(one.service, **foreign) == 403


def test_the_admin_token_changes_with_its_file(configured, tmp_path):
    file = tmp_path / "token"
    file.touch(0o600)
    file.write_text(TOKENS[0])
    one = configured(admin={"token-file": str(file)})

    def statuses():
        return [one.service.http.get(
            "/admin/stats", Authorization=f"Bearer {token}").status
            for token in TOKENS]

    assert statuses() == [200, 401]
    file.write_text(TOKENS[1])
    assert one.hang_up()["changed"] == "admin.token-file"
    assert statuses() == [401, 200]
    one.service.stop()
    assert not any(token in one.service.log.whole for token in TOKENS)


async def test_a_new_certificate_is_for_new_connections(configured, tmp_path):
    old = certificates.make(tmp_path, "old")
    new = certificates.make(tmp_path, "new")
    shown = certificates.make(tmp_path, "shown")

    def show(which):
        shutil.copy(which.file, shown.file)
        shutil.copy(which.key, shown.key)

    show(old)
    one = configured(tls={"certificate": str(shown.file),
                          "key": str(shown.key)})
    async with Client(one.service, "/ws/ann") as ann:
        await ann.join("tea")
        show(new)
        assert one.hang_up()["changed"] == "tls.certificate"
        with pytest.raises(ssl.SSLCertVerificationError):
            RawSocket(one.service)
        one.service.tls = one.service.http._tls = new.trust()
        async with Client(one.service, "/ws/bob") as bob:
            await bob.join("tea")
            peer = bob.ws.transport.get_extra_info("ssl_object")
            assert peer.getpeercert(True) == new.der
            await bob.send("chat", room="tea", content="still there?")
            await ann.until("chat", content="still there?")
            await ann.send("chat", room="tea", content="yes")
            await bob.until("chat", content="yes")


@pytest.mark.parametrize("key, value", [
    ("limits.outbox-stall", "3s"), ("limits.outbox-bytes", 2048),
    ("limits.http-idle", "7s"), ("limits.handshake-timeout", "300ms"),
    ("drain.timeout", "9s")])
def test_limits_of_sockets_change(configured, key, value):
    one = configured()
    one.set(key, value)
    assert one.hang_up()["changed"] == key
    assert not one.lines("needs a restart")
    # To the end of the process it is not told again.
    assert one.hang_up()["changed"] == ""


def test_a_shorter_handshake_timeout_counts_at_once(configured):
    one = configured(limits={"handshake-timeout": "600s"})
    one.set("limits.handshake-timeout", "200ms")
    one.hang_up()
    with RawSocket(one.service) as peer:
        assert peer.rest() == b""


async def test_a_smaller_outbox_is_for_new_connections(configured):
    one = configured(limits={"messages-per-second": 0})
    async with Client(one.service, "/ws/ann?room=tea") as ann:
        one.set("limits.outbox-bytes", 1024)
        one.hang_up()
        with RawSocket(one.service, receive_buffer=4096) as slow:
            slow.send(upgrade_request("/ws/slow?room=tea").encode())
            assert slow.read_head() == 101
            for n in range(more_than_it_takes(60_000)):
                await ann.send("chat", room="tea", content="x" * 60_000)
                await ann.until("chat")
            line = await one.service.logged(event="client gone")
            assert (line["user"], line["code"]) == ("slow", 4008)


@pytest.mark.parametrize("key, value", [
    ("server.port", 1), ("limits.max-connections-per-user", 9),
    ("limits.message-bytes", 9), ("compression.enabled", True),
    ("heartbeat.interval", "3s"), ("log.format", "text")])
def test_what_needs_a_restart_is_said_so(configured, key, value):
    one = configured()
    one.set(key, value)
    assert one.hang_up()["changed"] == ""
    assert [line["key"] for line in one.lines("needs a restart")] == [key]
    assert one.service.http.whole("/health/ready").status == 200


def test_tls_is_switched_on_by_a_restart_alone(configured, tmp_path):
    own = certificates.make(tmp_path)
    one = configured()
    one.set("tls.certificate", str(own.file))
    one.set("tls.key", str(own.key))
    one.hang_up()
    assert [line["key"] for line in one.lines("needs a restart")] == [
        "tls.certificate", "tls.key"]
    assert one.service.http.get("/health/live").status == 200


@pytest.mark.parametrize("more, told", [
    ("[server]\nnonsense = 1\n", "unknown key server.nonsense"),
    ("[limits]\nhttp-idle = 0s\n", "limits.http-idle"),
    ("[tls]\ncertificate = \"/nowhere\"\n", "tls.key is missing"),
    ("[admin]\ntoken-file = \"/nowhere\"\n", "/nowhere cannot be read"),
    ("garbage\n", "parlor.ini")])
def test_a_bad_file_is_refused_whole(configured, more, told):
    one = configured()
    one.set("origins.allow", ["https://a.example"])
    one.write(more)
    refused = one.hang_up()
    assert refused["event"] == "configuration refused"
    assert refused["level"] == "error" and told in refused["problem"]
    assert opened(one.service, Origin="https://a.example") == 403
    one.write()
    assert one.hang_up()["changed"] == "origins.allow"
    assert opened(one.service, Origin="https://a.example") == 101


def test_a_missing_file_is_refused(configured):
    one = configured()
    one.file.unlink()
    assert "cannot be read" in one.hang_up()["problem"]
    assert one.service.http.get("/health/live").status == 200


def test_a_bad_certificate_is_refused(configured, tmp_path):
    own = certificates.make(tmp_path)
    other = certificates.make(tmp_path, "other")
    one = configured(tls={"certificate": str(own.file), "key": str(own.key)})
    shutil.copy(other.key, own.key)
    assert "is not the key of tls.certificate" in one.hang_up()["problem"]
    assert one.service.http.get("/health/live").status == 200


def test_the_command_line_still_wins(tmp_path):
    file = tmp_path / "parlor.ini"
    file.write_text('[log]\nformat = "json"\n[server]\nport = 0\n')
    service = Server(f"config-file={file}", "origins.allow=https://a.example")
    file.write_text('[log]\nformat = "json"\n[server]\nport = 0\n'
                    '[origins]\nallow = ["https://b.example"]\n')
    service.process.send_signal(signal.SIGHUP)
    service.log.wait_for(event="configuration reloaded", changed="")
    assert opened(service, Origin="https://a.example") == 101
    assert opened(service, Origin="https://b.example") == 403
    service.stop()
