# SPDX-License-Identifier: MIT
"""Grafana is not to be had here. Its own types judge the dashboard; that each
query is one, and answers, is tested by tests/system/test_prometheus.py."""

import json

import pytest

from support.typed import complaints


@pytest.fixture
def dashboard(repository):
    return json.loads((repository / "deploy/grafana/parlor.json").read_text())


def judged(npm, folder, dashboard):
    return complaints(npm, folder,
                      [("Dashboard", "@grafana/schema", dashboard)])


def test_grafanas_types_take_the_dashboard(npm, tmp_path, dashboard):
    assert judged(npm, tmp_path, dashboard) == ""


def test_a_wrong_dashboard_is_found_out(npm, tmp_path, dashboard):
    """So that the test above can fail."""
    panel = dashboard["panels"][1]
    panel["gridPos"]["x"] = "left"
    panel["heading"] = panel.pop("title")
    said = judged(npm, tmp_path, dashboard)
    assert "'string' is not assignable to type 'number'" in said


def test_every_panel_is_of_a_kind_that_grafana_brings(dashboard):
    assert {panel["type"] for panel in dashboard["panels"]} <= {
        "row", "stat", "timeseries", "table", "gauge", "bargauge", "heatmap",
        "piechart", "text"}
