# SPDX-License-Identifier: MIT
"""The page of metrics as values: `scrape(server)["parlor_rooms"]`."""

import re

SAMPLE = re.compile(r"^(\w+(?:\{.*\})?) (\S+)$")


def page(server):
    answer = server.http.whole("/metrics")
    assert answer.status == 200, answer
    return answer.body.decode()


def samples(text):
    """{series: value}; a series is a name with its labels, as it stands."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        series, value = SAMPLE.match(line).groups()
        assert series not in found, f"{series} comes twice"
        found[series] = float(value)
    return found


def scrape(server):
    return samples(page(server))


def families(text):
    """{name: type} of what has a HELP and a TYPE."""
    helped = set(re.findall(r"^# HELP (\w+) \S", text, re.M))
    typed = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.M))
    assert helped == set(typed)
    return typed


def with_label(values, name):
    """{label's value: value} of a family with one label."""
    return {match[1]: value for series, value in values.items()
            if (match := re.fullmatch(name + r'\{\w+="(.*)"\}', series))}
