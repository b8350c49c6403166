# SPDX-License-Identifier: MIT
"""What the attacks send is what they are called, and how their table looks.
`run --smoke --attacks` plays them."""

import ctypes

from harness import attacks, collisions, table
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


def test_colliding_names_have_one_hash():
    names = collisions.colliding_names(30)
    assert len(set(names)) == 30
    assert all(name.isprintable() for name in names)
    assert len({collisions.hash_of(name.encode()) for name in names}) == 1


def test_the_hash_is_that_of_libstdcxx():
    theirs = ctypes.CDLL("libstdc++.so.6")._ZSt11_Hash_bytesPKvmm
    theirs.argtypes = ctypes.c_char_p, ctypes.c_size_t, ctypes.c_size_t
    theirs.restype = ctypes.c_size_t
    for name in (b"16 characters...", b"and of these there are 32.......!"[:32]):
        assert collisions.hash_of(name) == theirs(
            name, len(name), collisions.SEED)


def test_a_query_of_colliding_rooms_fits_a_head():
    request = attacks.joins_of_colliding_rooms()
    assert request.count(b"room=") == attacks.ROOMS_IN_A_QUERY
    assert len(request) < 16384


def test_the_spread_of_latencies():
    spread = attacks.spread([float(i) for i in range(100)])
    assert spread == {"median": 49.5, "p99": 99.0, "max": 99.0, "count": 100}
