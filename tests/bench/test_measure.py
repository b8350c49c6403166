# SPDX-License-Identifier: MIT
"""Which runs count, and whose failure is whose."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from harness import measure, works
from harness.servers import KINDS, Failure

WORK = next(work for work in works.WORKS if work.id == "private")
CLEAN = {"delivered_total": 5, "first_error": ""}
PACE = works.Pace(2, {"duration": 1})


def results(monkeypatch, failing):
    """What becomes of WORK where these contenders fail."""
    started = []

    def run_once(programs, work, pace, contender, cores):
        started.append(contender.name)
        if contender.name in failing:
            raise Failure("died")
        return {"report": {"server_us_per_delivery": 2.0}}
    monkeypatch.setattr(measure, "run_once", run_once)
    return measure.measure(
        None, WORK, PACE, (0, 1), lambda text: None), started


def test_contenders_and_peers_take_turns(monkeypatch):
    result, started = results(monkeypatch, ())
    names = ["limit", "Parlor", *(peer.name for peer in works.PEERS)]
    assert started == 2 * names
    assert list(result["figures"][0]["contenders"]) == names


def test_a_peer_that_fails_is_left_out_alone(monkeypatch):
    result, started = results(monkeypatch, ("ws",))
    assert result["failed"] is None
    assert result["peer_failures"] == {"ws": "died"}
    assert started.count("ws") == 1 and started.count("NATS") == 2
    assert "ws" not in result["figures"][0]["contenders"]
    assert result["figures"][0]["ratio"] == 1


@pytest.mark.parametrize("name", ["limit", "Parlor"])
def test_without_limit_or_parlor_there_is_no_figure(monkeypatch, name):
    result, started = results(monkeypatch, (name,))
    assert result["failed"] == f"{name}: died" and result["figures"] == []
    assert started[-1] == name


def test_what_is_lost_spoils_a_run():
    fault = measure.fault_in({**CLEAN, "lost": 2, "dup": 1}, 1, WORK)
    assert fault == "2 lost, 1 dup"
    assert measure.fault_in(CLEAN, 0, WORK) is None


def test_rounds_must_have_published_all():
    work = replace(WORK, options={**WORK.options, "rounds": 3})
    assert measure.by_rounds(WORK.options) is None
    report = {**CLEAN, "published_total": 600}
    assert measure.fault_in(report, 0, work) is None
    report["published_total"] = 599
    assert measure.fault_in(
        report, 0, work) == "599 published instead of 600"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("publish", ["room", "private"])
def test_each_server_is_spoken_to_in_its_own_way(kind, publish):
    server = SimpleNamespace(
        kind=KINDS[kind], port=7, core=0, pids=lambda: [1, 2],
        contender=works.Contender(kind, kind))
    command = measure.wsload_command(
        SimpleNamespace(wsload="wsload"), replace(WORK, publish=publish),
        PACE, server, (0, 1))
    message = command[command.index("--publish") + 1]
    assert "{content:100}" in message
    if publish == "private":
        url = command[command.index("--url") + 1]
        assert "{peer}" in message + url
    assert command[command.index("--server-pid") + 1] == "1,2"
