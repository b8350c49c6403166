# SPDX-License-Identifier: MIT
"""What Parlor's joins, leaves and disconnects cost as a room grows, and what
many rooms leave behind."""

import contextlib
import itertools
import json
import re
import signal
import statistics
import subprocess
import time
import urllib.request
from dataclasses import replace

from support.raw_client import RawClient

from .kinds import KINDS
from .process import cpu_when_idle, resident_kib
from .servers import Failure, running
from .works import PARLOR

SIZES = (10, 100, 1000, 10000)
VISITS = 50
ROOMS = 10000
ROOMS_OF_ONE = 100
ROUNDS = 3

# The visitors of many rooms answer no ping.
PATIENT = replace(PARLOR, options=(
    "heartbeat.interval=30min", "heartbeat.timeout=1h"))

# A count of members goes out a second after a change at most.
LATER = 1.5
CROWD_PATIENCE = 120


class Crowd:
    """wsload as members of rooms, by default all of r0: they are in, read and
    answer pings until `leave`."""

    def __init__(self, programs, port, size, core=None, members=None,
                 kind=KINDS["parlor"]):
        self._process = subprocess.Popen(
            [str(programs.wsload), "--mode", "idle", "--conns", str(size),
             "--members", str(members or size), "--concurrency", "128",
             "--url", f"ws://127.0.0.1:{port}{kind.path}",
             "--send-on-open", kind.join, "--ready-marker", kind.ready,
             *(() if core is None else ("--cpu", str(core))),
             "--hold", str(CROWD_PATIENCE),
             "--ready-timeout", str(CROWD_PATIENCE)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        self._await(size)

    def _await(self, size):
        for line in self._process.stderr:
            if found := re.search(r"(\d+) of \d+ ready", line):
                if int(found[1]) == size:
                    return
                break
        self.leave()
        raise Failure(f"{size} members did not join")

    def leave(self):
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate()


class Visitor:
    """One client at a time, which awaits every answer."""

    numbers = itertools.count(1)

    def __init__(self, server):
        self._client = RawClient(server, f"/ws/visitor-{next(self.numbers)}")
        self._client.until("connected")

    def ask(self, type, room):
        number = next(self.numbers)
        self._client.send_json(type=type, room=room, id=number)
        answer = self._client.until("reply", id=number)
        if not answer["ok"]:
            raise Failure(f"{type} {room}: {answer}")

    def vanish(self):
        self._client.socket.close()


def cost(pid, act):
    """CPU time until the server has nothing left to do, µs."""
    before = cpu_when_idle(pid)
    act()
    return (cpu_when_idle(pid) - before) * 1e6


def visit(server, costs):
    """Joins, leaves, joins again and vanishes."""
    visitor = Visitor(server)
    for step, act in (
            ("join", lambda: visitor.ask("join", "r0")),
            ("leave", lambda: visitor.ask("leave", "r0")),
            ("join", lambda: visitor.ask("join", "r0")),
            ("disconnect", visitor.vanish)):
        costs[step].append(cost(server.pid, act))


def cost_later(server):
    """What follows a join within LATER, ms: in a room where no one is
    announced, the count of its members."""
    visitor = Visitor(server)
    visitor.ask("join", "r0")
    joined = cpu_when_idle(server.pid)
    time.sleep(LATER)
    later = cpu_when_idle(server.pid)
    visitor.vanish()
    return (later - joined) * 1e3


def measure_size(programs, size, cores, visits=VISITS):
    with running(programs, PARLOR, cores) as server:
        # With the visitor it is that many.
        crowd = Crowd(programs, server.port, size - 1, cores[1])
        try:
            costs = {"join": [], "leave": [], "disconnect": []}
            for _ in range(visits):
                visit(server, costs)
            later = cost_later(server)
        finally:
            crowd.leave()
    return {"members": size, "later_ms": later,
            **{f"{step}_us": statistics.median(values)
               for step, values in costs.items()},
            "costs_us": costs}


def each_room(visitors, act):
    for number in range(ROOMS):
        visitors[number // ROOMS_OF_ONE].ask(act, f"room-{number}")


def rooms_that_are(server):
    with urllib.request.urlopen(
            f"http://127.0.0.1:{server.port}/admin/connections") as answer:
        return json.load(answer)["rooms"]


def measure_rooms(programs, cores):
    """Rounds of many rooms that begin and end; the clients stay."""
    rounds = []
    with running(programs, PATIENT, cores) as server, \
            contextlib.ExitStack() as stack:
        visitors = []
        for _ in range(ROOMS // ROOMS_OF_ONE):
            visitors.append(Visitor(server))
            stack.callback(visitors[-1].vanish)
        for _ in range(ROUNDS):
            before = resident_kib(server.pid)
            opened = cost(server.pid, lambda: each_room(visitors, "join"))
            peak = resident_kib(server.pid)
            ended = cost(server.pid, lambda: each_room(visitors, "leave"))
            rounds.append({"before_kib": before, "with_kib": peak,
                           "after_kib": resident_kib(server.pid),
                           "open_us": opened / ROOMS,
                           "end_us": ended / ROOMS})
            if left := rooms_that_are(server):
                raise Failure(f"{len(left)} rooms did not end")
    return rounds


def measure(programs, cores, progress):
    """Both tables; `failed` says why one is missing, or is None."""
    result = {"sizes": [], "rooms": [], "failed": None}
    try:
        for size in SIZES:
            progress(f"growth: a room of {size}")
            result["sizes"].append(measure_size(programs, size, cores))
        progress(f"growth: {ROOMS} rooms")
        result["rooms"] = measure_rooms(programs, cores)
    except (Failure, AssertionError, OSError) as failure:
        result["failed"] = str(failure)
    return result
