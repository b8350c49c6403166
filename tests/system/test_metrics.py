# SPDX-License-Identifier: MIT
"""GET /metrics: what is on it, who may see it, and that no client can make it
grow."""

import re

import pytest

from support.client import Client
from support.environment import REPOSITORY
from support.frozen_thread import ask_often, frozen_thread
from support.metrics import families, page, samples, scrape, with_label
from support.raw_client import RawClient
from support.waiting import eventually

# PROTOCOL §5.
PROMISED = {
    "parlor_connections": "gauge",
    "parlor_users": "gauge",
    "parlor_rooms": "gauge",
    "parlor_connections_opened_total": "counter",
    "parlor_connections_closed_total": "counter",
    "parlor_messages_received_total": "counter",
    "parlor_messages_sent_total": "counter",
    "parlor_bytes_received_total": "counter",
    "parlor_bytes_sent_total": "counter",
    "parlor_dropped_total": "counter",
    "parlor_fanout_seconds": "histogram",
    "parlor_outbox_bytes": "gauge",
    "parlor_recover_total": "counter",
    "parlor_mailbox_depth": "gauge",
    "parlor_node_up": "gauge",
    "parlor_build_info": "gauge",
}


def documented():
    """Names in the first column of the table in docs/operations.md."""
    text = (REPOSITORY / "docs" / "operations.md").read_text()
    rows = re.findall(r"^\| (`(?:parlor|process)_.*?) \|", text, re.M)
    return {name for row in rows
            for name in re.findall(r"`(\w+)[^`]*`", row)}


def test_every_promised_metric_is_there_and_every_one_is_documented(server):
    text = page(server)
    found = families(text)
    assert PROMISED.items() <= found.items()
    assert found.keys() == documented()
    for series in samples(text):
        name = re.sub(r"\{.*", "", series)
        assert (name in found
                or re.sub(r"_(bucket|sum|count)$", "", name) in found), series


def test_it_is_text_for_prometheus_that_nobody_keeps(server):
    answer = server.http.get("/metrics")
    assert answer.headers["content-type"] == (
        "text/plain; version=0.0.4; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"


def test_the_node_and_its_threads_are_up(start_server):
    values = scrape(start_server("server.threads=3"))
    assert list(with_label(values, "parlor_node_up").values()) == [1]
    assert with_label(values, "parlor_io_thread_up") == {
        "0": 1, "1": 1, "2": 1}
    version = re.search(r"project\(parlor VERSION (\S+)",
                        (REPOSITORY / "CMakeLists.txt").read_text())[1]
    assert values[f'parlor_build_info{{version="{version}"}}'] == 1


async def test_traffic_is_counted(start_server):
    service = start_server()
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob, \
            Client(service, "/chat/bob") as tab:
        for one in (ann, bob, tab):
            await one.join("tea")
        for n in range(5):
            await ann.say("tea", n)
            await bob.until("chat", content=n)
            await tab.until("message", content=n)
        await ann.ok("private", to="bob", content="psst")
        for one in (bob, tab):
            await one.until("private")
        assert (await ann.error("nonsense"))["code"] == "unknown_type"
        values = scrape(service)
        assert values["parlor_connections"] == 3
        assert values["parlor_users"] == 2
        assert values["parlor_rooms"] == 1
        assert values["parlor_connections_opened_total"] == 3
        received = with_label(values, "parlor_messages_received_total")
        assert {key: one for key, one in received.items() if one} == {
            "join": 3, "chat": 5, "private": 1, "unknown": 1}
        sent = with_label(values, "parlor_messages_sent_total")
        assert sent["chat"] == 15 and sent["private"] == 2
        assert sent["connected"] == 3 and sent["error"] == 1
        # One for the room's joiners each, the publishes, the private message.
        assert sent["reply"] == 3 + 5 + 1
        # Each message on each thread that has a member.
        assert 5 <= values["parlor_fanout_seconds_count"] <= 10
        assert values["parlor_bytes_received_total"] > 300
        assert values["parlor_bytes_sent_total"] > 3000

    def closed():
        return with_label(scrape(service), "parlor_connections_closed_total")
    await eventually(lambda: closed()["1000"], 3)
    assert sum(closed().values()) == 3

    def left():
        values = scrape(service)
        return values["parlor_connections"], values["parlor_rooms"]
    await eventually(left, (0, 0))


async def test_recoveries_are_counted(start_server):
    service = start_server()
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        reply = await ann.join("tea")
        await ann.say("tea", 1)
        epoch = reply["epoch"]
        assert (await bob.join("tea", since={"epoch": epoch, "seq": 1}))[
            "recovered"]
        await bob.ok("leave", room="tea")
        assert not (await bob.join("tea", since={"epoch": "0-0", "seq": 1}))[
            "recovered"]
    assert with_label(scrape(service), "parlor_recover_total") == {
        "true": 1, "false": 1}


async def test_what_clients_make_up_makes_no_series(start_server):
    service = start_server("limits.messages-per-second=0", "limits.errors=0",
                           "limits.max-connections-per-user=100")
    before = scrape(service)
    for code in (3000, 3333, 4005, 4321, 4999):
        with RawClient(service, "/ws/eve") as eve:
            eve.until("connected")
            eve.send_close(code)
            assert eve.until_close()[1].code == code
    async with Client(service, '/ws/x%22%7Dy%5C') as eve:
        for n in range(50):
            await eve.error(f'made-up-{n}"}} 1\\n')
            await eve.join(f"room-{n}")
        await eve.send_raw("{")
        await eve.until("error", code="bad_json")
        await eventually(lambda: with_label(
            scrape(service), "parlor_connections_closed_total")["other"], 5)
        after = scrape(service)
    assert after.keys() == before.keys()
    received = with_label(after, "parlor_messages_received_total")
    assert received["unknown"] == 50 and received["malformed"] == 1
    assert after["parlor_rooms"] == 50


def test_the_canary_is_in_no_metric(start_server):
    service = start_server()
    noise = re.compile(r"process_|parlor_mailbox_depth")

    def quiet():
        return {series: value for series, value in scrape(service).items()
                if not noise.match(series)}
    before = quiet()
    for _ in range(5):
        assert service.http.whole("/health/ready").status == 200
    assert quiet() == before


def test_the_process_is_described(server):
    values = scrape(server)
    proc = f"/proc/{server.process.pid}"
    with open(f"{proc}/limits") as file:
        limit = re.search(r"Max open files\s+(\d+)", file.read())[1]
    assert values["process_max_fds"] == float(limit)
    assert 0 < values["process_open_fds"] < values["process_max_fds"]
    assert values["process_cpu_seconds_total"] > 0
    assert values["process_resident_memory_bytes"] > 1e6
    assert values["process_start_time_seconds"] > 1.7e9


@pytest.mark.parametrize("headers", [
    {"X_Forwarded_For": "127.0.0.1"}, {"Host": "evil.example"},
    {"Origin": "https://evil.example"}])
def test_without_a_token_only_the_loopback_may_scrape(server, headers):
    answer = server.http.get("/metrics", **headers)
    assert answer.status == 403 and answer.is_problem


def test_with_a_token_its_bearer_alone_may_scrape(start_server, tmp_path):
    file = tmp_path / "token"
    file.write_text("open-sesame-and-let-me-in\n")
    file.chmod(0o600)
    service = start_server(f"admin.token-file={file}")
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = service.http.get("/metrics", **headers)
        assert answer.status == 401 and answer.is_problem
    assert service.http.get(
        "/metrics", Authorization="Bearer open-sesame-and-let-me-in",
        X_Forwarded_For="10.0.0.1").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_can_only_be_read(server, method):
    answer = server.http.request(method, "/metrics")
    assert answer.status == 405 and answer.headers["allow"] == "GET, HEAD"


async def test_a_thread_that_hangs_holds_up_no_scrape(start_server):
    service = start_server()
    # The kernel deals connections out: some are the other thread's.
    for n in range(8):
        async with Client(service, f"/ws/ann-{n}"):
            pass
    await eventually(lambda: with_label(
        scrape(service), "parlor_connections_closed_total")["1000"], 8)
    with frozen_thread(service.process.pid, "parlor-io", 1):
        answers = ask_often(service.port, "/metrics")
        assert {status for status, _ in answers} == {200}
        values = samples(answers.pop()[1])
        assert with_label(values, "parlor_io_thread_up") == {"0": 1, "1": 0}
        assert values['parlor_node_up{node="local"}'] == 0
        assert values["parlor_connections_opened_total"] == 8
    await eventually(lambda: with_label(
        scrape(service), "parlor_io_thread_up"), {"0": 1, "1": 1})
    assert scrape(service)["parlor_connections_opened_total"] == 8


async def test_a_scrape_is_refused_when_the_one_who_gathers_hangs(start_server):
    service = start_server()
    with frozen_thread(service.process.pid, "parlor-io"):
        answers = ask_often(service.port, "/metrics")
        assert {status for status, _ in answers} == {503}
        assert all("An I/O thread does not turn" in text
                   for _, text in answers)
    await eventually(lambda: service.http.get("/metrics").status, 200)
