# SPDX-License-Identifier: MIT
"""What the attacks send is what they are called, and how their table looks.
`run --smoke --attacks` plays them."""

from harness import attacks, table
from harness.layout import text


def row(**changes):
    return {"id": "x", "title": "pings", "failed": None,
            "latency_ms": {"median": 1.0, "p99": 99.0, "max": 200.0,
                           "count": 9}, **changes}


def test_a_row_says_whether_the_goal_is_met():
    slow = row(latency_ms={"median": 1.0, "p99": 100.0, "max": 100.0,
                           "count": 9})
    _, rows = table.attacks([row(), slow])
    assert [one[-1] for one in rows] == ["yes", "no"]


def test_an_attack_without_a_figure_says_why():
    headings, rows = table.attacks([row(failed="it died", latency_ms=None)])
    assert "FAILED: it died" in text(headings, rows)


def test_every_attack_has_a_name_of_its_own():
    ids = [attack.id for attack in attacks.ATTACKS]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "none"


def test_a_hello_begins_a_handshake():
    said = attacks.hello()
    assert said[0] == 22 and said[5] == 1  # handshake, ClientHello


def test_the_spread_of_latencies():
    spread = attacks.spread([float(i) for i in range(100)])
    assert spread == {"median": 49.5, "p99": 99.0, "max": 99.0, "count": 100}
