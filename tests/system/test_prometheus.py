# SPDX-License-Identifier: MIT
"""A real Prometheus scrapes the service; its rules and the dashboard mean
something."""

import json
import re

import pytest

from support.client import Client
from support.crowd import PATIENT
from support.environment import REPOSITORY
from support.metrics import families, page
from support.prometheus import FOLDER, Prometheus, promtool

DASHBOARD = json.loads(
    (REPOSITORY / "deploy" / "grafana" / "parlor.json").read_text())
PANELS = [one for one in DASHBOARD["panels"] if one["type"] != "row"]


def expressions():
    """(title, legend, expression) of every target on the dashboard, with its
    variables as Grafana would fill them in."""
    for panel in PANELS:
        for target in panel["targets"]:
            text = target["expr"].replace("$__rate_interval", "5s")
            yield (panel["title"], target["legendFormat"],
                   text.replace("$instance", ".*"))


def names_in(expression):
    return set(re.findall(r"\b(?:parlor|process)_\w+", expression))


def test_promtool_has_nothing_to_say_about_the_page(server):
    checked = promtool("check", "metrics", input=page(server))
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize("check", [
    ("check", "config", "prometheus.yml"), ("check", "rules", "alerts.yml"),
    ("test", "rules", "alerts_test.yml")])
def test_promtool_takes_what_is_deployed(check):
    done = promtool(*check, cwd=FOLDER)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tested_both_ways_and_explained():
    rules = (FOLDER / "alerts.yml").read_text()
    tests = (FOLDER / "alerts_test.yml").read_text()
    manual = (REPOSITORY / "docs" / "operations.md").read_text()
    alerts = re.findall(r"- alert: (\w+)", rules)
    assert len(alerts) > 10
    for name in alerts:
        assert f"name: {name} fires\n" in tests
        assert f"name: {name} is quiet\n" in tests
        assert f"\n#### {name}\n" in manual
        assert f"runbook: docs/operations.md#{name.lower()}\n" in rules
    assert re.findall(r"^#### (\w+)$", manual, re.M) == alerts


def test_rules_and_dashboard_use_what_there_is(server):
    known = families(page(server)).keys()
    texts = [text for _, _, text in expressions()]
    texts.append((FOLDER / "alerts.yml").read_text())
    for text in texts:
        for name in names_in(text):
            plain = re.sub(r"_(bucket|sum|count)$", "", name)
            assert name in known or plain in known, name


async def talk(service):
    """Something of each kind that the dashboard shows."""
    async with Client(service, "/ws/ann") as ann, \
            Client(service, "/ws/bob") as bob:
        epoch = (await ann.join("tea"))["epoch"]
        await bob.join("tea", since={"epoch": epoch, "seq": 1})
        for n in range(7):
            await ann.say("tea", n)
            await bob.until("chat", content=n)
        yield
    await ann.close()


async def test_prometheus_sees_what_happens(start_server, tmp_path):
    # Nobody answers its pings while Prometheus is waited for.
    service = start_server(*PATIENT)
    with Prometheus(service, tmp_path) as seen:
        seen.wait_for('up{job="parlor"}', 1)
        async for _ in talk(service):
            seen.wait_for('parlor_messages_sent_total{type="chat"}', 14)
            seen.wait_for("parlor_connections", 2)
            seen.wait_for("parlor_rooms", 1)
            seen.wait_for('parlor_messages_received_total{type="chat"}', 7)
            seen.wait_for('parlor_recover_total{recovered="true"}', 1)
            seen.wait_for("sum(parlor_node_up)", 1)
            seen.wait(lambda: (
                seen.value("parlor_fanout_seconds_count") or 0) >= 7)
            seen.wait(lambda: 0 < (seen.value(
                "histogram_quantile(0.5, parlor_fanout_seconds_bucket)")
                or 0) < 2.5)
        seen.wait_for('parlor_connections_closed_total{code="1000"}', 2)
        seen.wait_for("parlor_connections", 0)
        [(labels, _)] = seen.wait(lambda: seen.query("parlor_build_info"))
        assert labels["instance"] == seen.instance

        def rated():
            return (seen.value("sum(rate(parlor_messages_sent_total[1m]))")
                    or 0) > 0
        seen.wait(rated)
        for title, legend, text in expressions():
            print(f"{title}: {text}")
            found = seen.wait(lambda: seen.query(text))
            for label in re.findall(r"{{(\w+)}}", legend):
                assert all(label in labels for labels, _ in found), (
                    title, legend)

        def judged():
            [group] = seen.api("rules")["groups"]
            states = {rule["name"]: (rule["health"], rule["state"])
                      for rule in group["rules"]}
            return set(states.values()) == {("ok", "inactive")}
        seen.wait(judged)


def test_prometheus_shows_the_token_that_it_was_given(start_server, tmp_path):
    file = tmp_path / "token"
    file.write_text("open-sesame-and-let-me-in\n")
    file.chmod(0o600)
    service = start_server(f"admin.token-file={file}")
    with Prometheus(service, tmp_path,
                    {"credentials_file": str(file)}) as seen:
        seen.wait_for('up{job="parlor"}', 1)
        seen.wait_for("parlor_connections", 0)


def test_prometheus_without_the_token_is_told_401(start_server, tmp_path):
    file = tmp_path / "token"
    file.write_text("open-sesame-and-let-me-in\n")
    file.chmod(0o600)
    service = start_server(f"admin.token-file={file}")
    with Prometheus(service, tmp_path) as seen:
        seen.wait_for('up{job="parlor"}', 0)
        seen.wait(lambda: "401" in str(
            [x["lastError"] for x in seen.api("targets")["activeTargets"]]))


def test_the_dashboard_is_one():
    ids = [one["id"] for one in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids)) > 20
    for panel in PANELS:
        assert panel["title"] and panel["targets"]
        assert panel["datasource"]["uid"] == "${datasource}"
    taken = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                 for y in range(at["y"], at["y"] + at["h"])}
        assert not taken & cells, f"{panel['title']} covers another panel"
        taken |= cells
