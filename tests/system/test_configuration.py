# SPDX-License-Identifier: MIT
"""PROTOCOL §7: file, command line, help, dump, and errors that name the key."""

import os
import re
import resource
import signal
import subprocess

import pytest
from ports import free_port

from support.client import Client
from support.environment import BINARY, DEADLINE
from support.server import run

KEYS = """server.trusted-proxies server.host server.port server.threads server.insecure
limits.max-connections limits.max-connections-per-user limits.per-user-policy
limits.message-bytes limits.json-depth limits.rooms-per-connection
limits.members-per-room limits.rooms limits.messages-per-second
limits.message-burst limits.errors limits.outbox-bytes limits.outboxes-bytes
limits.outbox-stall
limits.handshake-timeout limits.http-idle limits.members-listed
limits.members-announced history.size history.ttl history.room-bytes
history.total-bytes presence.grace heartbeat.interval heartbeat.timeout
tls.certificate tls.key auth.algorithm auth.key-file auth.hello-timeout origins.allow admin.token-file admin.host admin.port
dialect.ws compression.enabled echo.enabled drain.timeout drain.rate log.level
log.format cluster.node cluster.provider cluster.host cluster.port cluster.peers
openssl.cafile openssl.certificate openssl.key
cluster.insecure-loopback cluster.etcd-endpoints cluster.prefix cluster.ttl
cluster.etcd-ca-file cluster.etcd-certificate-file
cluster.etcd-key-file""".split()


def written(tmp_path, text):
    file = tmp_path / "parlor.ini"
    file.write_text(text)
    return f"config-file={file}"


def test_the_version_is_told():
    result = run("version")
    assert result.returncode == 0
    assert re.search(rb"\d+\.\d+", result.stdout)


@pytest.mark.parametrize("key", KEYS)
def test_help_shows_every_key(key):
    result = run("help")
    assert result.returncode == 0
    assert key in (result.stdout + result.stderr).decode()


def test_the_defaults_are_a_good_configuration():
    assert run("check-config").returncode == 0


@pytest.mark.parametrize("option", [
    "server.nonsense=1", "nonsense=1", "limits.max-connection=5",
    "server.port=70000", "server.port=-1", "server.port=x",
    "limits.max-connections=many", "limits.message-bytes=-5",
    "limits.json-depth=99999999999999999999", "limits.outbox-stall=soon",
    "history.size=-1", "history.size=all", "history.ttl=0s",
    "history.ttl=forever", "history.room-bytes=5", "history.total-bytes=1kb",
    "history.length=5", "presence.grace=-1s", "presence.grace=soon",
    "heartbeat.interval=x", "limits.per-user-policy=sometimes",
    "dialect.ws=latin", "log.level=loud", "log.format=xml",
    "admin.token-file=/nowhere/token",
    "tls.certificate=/nowhere/certificate", "tls.key=/nowhere/key", "server.host=256.1.1.1",
    "server.trusted-proxies=10.0.0.0/33", "server.trusted-proxies=localhost"])
def test_a_wrong_option_is_an_error_that_names_it(option):
    key = option.split("=")[0].encode()
    for result in (run(option, "check-config"), run("server.port=0", option)):
        assert result.returncode > 0
        assert key in result.stderr


@pytest.mark.parametrize("section, line", [
    ("server", "nonsense=1"), ("nonsense", "key=1"),
    ("server", "port=70000"), ("server", 'port="x"'), ("server", "port=true"),
    ("limits", "max-connections=-1"), ("limits", 'errors="many"'),
    ("limits", "outbox-stall=5"), ("limits", 'per-user-policy="sometimes"'),
    ("history", 'size="all"'), ("history", "ttl=5"), ("presence", "grace=-1"),
    ("heartbeat", 'interval="often"'), ("dialect", 'ws="latin"'),
    ("log", 'level="loud"'), ("log", "format=5"),
    ("server", "insecure=1"), ("compression", "enabled=1"), ("echo", "enabled=1")])
def test_a_wrong_line_in_the_file_is_an_error_that_names_it(
        tmp_path, section, line):
    file = written(tmp_path, f"[{section}]\n{line}\n")
    for result in (run(file, "check-config"), run(file)):
        assert result.returncode > 0
        key = f"{section}.{line.split('=')[0]}"
        assert key in result.stderr.decode()


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    missing = tmp_path / "missing.ini"
    result = run(f"config-file={missing}", "check-config")
    assert result.returncode > 0 and b"missing.ini" in result.stderr
    assert run(written(tmp_path, "[server\nport"), "check-config") \
        .returncode > 0


def test_a_stray_word_is_an_error():
    # `--server.port 8080` would else be served on another port.
    result = run("check-config", "server.port 0")
    assert result.returncode > 0


def test_all_problems_of_a_file_are_found(tmp_path):
    file = written(tmp_path, "[limits]\nrooms=-1\nerrors=-1\n")
    said = run(file, "check-config").stderr
    assert b"rooms" in said or b"errors" in said


async def test_the_file_is_obeyed(start_server, tmp_path):
    file = written(tmp_path, """
; a comment
[server]
port=0
threads=1
[log]
format="json"
[limits]
max-connections-per-user=1
message-bytes=2000
[heartbeat]
interval=700ms
timeout=5s
[dialect]
ws="typed"
""")
    service = start_server(file)
    async with Client(service, "/ws/ann") as old:
        assert old.connected["ping_ms"] == 700
        async with Client(service, "/ws/ann") as new:
            await old.expect_close(4000, reason="Replaced by new connection")
            await new.send("ping", pad="x" * 2000)
            await new.expect_close(1009)


async def test_the_command_line_wins_over_the_file(start_server, tmp_path):
    file = written(tmp_path, "[heartbeat]\ninterval=700ms\n[log]\n"
                             'format="json"\n')
    service = start_server(file, "heartbeat.interval=900ms", "server.port=0")
    async with Client(service, "/ws/ann") as ann:
        assert ann.connected["ping_ms"] == 900


def test_a_dump_can_be_read_back(start_server, tmp_path):
    dump = run("dump-config", "limits.errors=77", "log.format=json",
               "heartbeat.interval=1234ms", "server.port=0",
               "limits.per-user-policy=reject-new",
               "origins.allow=https://a.example,https://b.example")
    assert dump.returncode == 0
    text = dump.stdout.decode()
    assert "77" in text and "reject-new" in text
    file = written(tmp_path, text)
    assert run(file, "check-config").returncode == 0
    assert run(file, "dump-config").stdout == dump.stdout
    start_server(file)


def test_the_dump_of_the_defaults_has_every_key_and_is_good(tmp_path):
    text = run("dump-config").stdout.decode()
    for key in KEYS:
        assert key.split(".")[1] in text
    assert "[limits]" in text and "65536" in text
    assert run(written(tmp_path, text), "check-config").returncode == 0


def test_a_public_address_needs_authentication_or_courage(start_server):
    for host in ("0.0.0.0", "::"):
        result = run(f"server.host={host}", "server.port=0")
        assert result.returncode > 0 and b"server.insecure" in result.stderr
    service = start_server("server.host=0.0.0.0", "server.insecure")
    assert service.http.get("/health/live").status == 200
    assert service.host == "0.0.0.0"


def test_a_port_in_use_is_an_error(start_server):
    service = start_server()
    result = run(f"server.port={service.port}")
    assert result.returncode > 0 and result.stderr


def test_the_current_directory_has_no_say(start_server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "caf-application.ini").write_text("[server]\nnonsense=1\n")
    assert start_server().http.get("/health/live").status == 200


async def test_contents_are_never_in_the_log(start_server):
    service = start_server("log.level=debug")
    secret = "the-secret-word"
    async with Client(service, "/ws/ann") as ann:
        await ann.join("tea")
        await ann.say("tea", secret)
        await ann.ok("private", to="ann", content=secret)
        await ann.send_raw(f'{{"type":"chat",{secret}')
        await ann.send("chat", content=secret)
        await ann.send("dance", content=secret)
        service.http.post("/api/v1/broadcast", {"content": secret})
        await ann.until("system")
    service.stop()
    assert service.log.find(event="client gone", connection=ann.id)
    assert secret not in service.log.whole


@pytest.mark.parametrize("content, line", [
    ('[admin]\ntoken-file = "/et', 2), ('[admin]\ntoken-file =', 2),
    ("[admin]\ntoken-file", 2), ('[origins]\nallow = ["https://a.example"', 2),
    ("[admin", 1), ('[admin]\ntoken-file = "/etc\0"\n', 2)])
def test_a_file_that_is_cut_off_is_refused_whole(tmp_path, content, line):
    result = run(written(tmp_path, content), "check-config")
    assert result.returncode == 2
    assert f"line {line}: " in result.stderr.decode()


def test_a_file_of_windows_is_read(tmp_path):
    file = tmp_path / "parlor.ini"
    file.write_bytes(b"\xef\xbb\xbf[server]\r\nport = 0\r\n[log]\r\n"
                     b'format = "json"\r\n')
    assert run(f"config-file={file}", "check-config").returncode == 0
    dump = run(f"config-file={file}", "dump-config").stdout
    assert b'format = "json"' in dump and b"\r" not in dump


def test_errors_show_line_and_cause(tmp_path):
    said = run(written(tmp_path, "[limits]\nrooms = 5\nhttp-idle = 5\n"),
               "check-config").stderr.decode()
    assert "line 3: limits.http-idle = 5: expected " in said
    for unit in ("ms", "s", "min", "h"):
        assert re.search(rf"\b{unit}\b", said)


def test_addresses_in_brackets_are_fine_in_lists_of_the_command_line():
    assert run("cluster.etcd-endpoints=http://[::1]:2379,http://[::2]:2379",
               "cluster.provider=etcd", "cluster.node=a",
               "cluster.host=127.0.0.1", "cluster.insecure-loopback",
               "check-config").returncode == 0


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGUSR2])
def test_signals_of_other_services_do_not_end_it(start_server, number):
    service = start_server()
    os.kill(service.process.pid, number)
    assert service.http.get("/health/live").status == 200


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (12, 12))


def few_threads():
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    resource.setrlimit(resource.RLIMIT_NPROC, (3, 3))


@pytest.mark.parametrize("scarce", [
    few_descriptors,
    pytest.param(few_threads, marks=pytest.mark.skipif(
        os.getuid() != 0, reason="root alone becomes somebody else"))])
def test_a_system_that_gives_too_little_is_one_line(scarce):
    result = subprocess.run(
        [BINARY, "--server.port=0"], stdin=subprocess.DEVNULL,
        capture_output=True, timeout=DEADLINE, preexec_fn=scarce)
    assert result.returncode == 1, result
    assert result.stderr.count(b"\n") == 1, result.stderr
    assert b"cannot start" in result.stderr


def in_a_cluster():
    return ("--cluster.provider=etcd", "--cluster.node=a",
            "--cluster.host=127.0.0.1", f"--cluster.port={free_port()}",
            "--cluster.insecure-loopback",
            "--cluster.etcd-endpoints=http://127.0.0.1:1")


def outcome(descriptors, options):
    """Exit code and words of one that does not come to listen; None where it
    does."""
    process = subprocess.Popen(
        [BINARY, "--server.port=0", *options], stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_NOFILE, (descriptors, descriptors)))
    said = []
    with process.stderr:
        for line in process.stderr:
            said.append(line)
            if b" listening " in line:
                process.kill()
    process.wait(DEADLINE)
    listens = said and b" listening " in b"".join(said)
    return None if listens else (process.returncode, said)


@pytest.mark.parametrize("options", [tuple, in_a_cluster],
                         ids=["alone", "in-a-cluster"])
def test_whichever_descriptor_is_the_first_that_is_missing(options):
    """From those on that the loader needs for the libraries."""
    given = options()
    for descriptors in range(4, 100):
        if not (found := outcome(descriptors, given)):
            break
        code, said = found
        assert code == 1, (descriptors, found)
        # There may be lines of the log.
        assert b"Too many open files" in b"".join(said), (descriptors, found)
    assert descriptors < 99
