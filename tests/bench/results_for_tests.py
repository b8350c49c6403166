# SPDX-License-Identifier: MIT
"""Results as `measure` makes them, by hand."""

from harness.measure import summary


def figure(**values):
    """Runs of each contender; the ratio is Parlor's to the first's."""
    by_name = {name: summary(runs) for name, runs in values.items()}
    reference = next(iter(by_name.values()))["median"]
    return {"name": "", "key": "x", "unit": "µs", "contenders": by_name,
            "ratio": by_name["Parlor"]["median"] / reference,
            "max_ratio": 1.1, "at_most": None, "met": False}


def work(figures, **changes):
    return {"id": "rooms", "title": "rooms", "failed": None,
            "reference": "limit", "subject": "Parlor", "peers": [],
            "peer_failures": {}, "figures": figures, "foreign_pct": 0,
            **changes}
