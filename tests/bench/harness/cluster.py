# SPDX-License-Identifier: MIT
"""What rooms cost over three nodes: CPU time of each node for a message whose
members are on another one, and for the same load as one node's."""

import contextlib
import importlib
import os
import pathlib
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from packages import import_as

from . import TESTS
from .growth import Crowd
from .kinds import KINDS
from .measure import WSLOAD_PATIENCE, fault_in, generate, summary
from .process import cpu_seconds
from .servers import Failure, running
from .talker import Talker
from .works import PARLOR, Pace, Work

NODES = ("a", "b", "c")
# The publisher is on a, the member on b: home and standby of its room.
PLACES = (("a", "b"), ("b", "a"), ("c", "a"))
IN_FLIGHT = (1, 10, 100)
MESSAGES = 2000
# Of the loads that one node and three have: rooms of each node's publishers, in
# each of them one that speaks and eight others; messages a second of each node,
# or in each room the next one as soon as its publisher has heard the last.
ROOMS = 50
RATE = 400
MEMBERS = 9
SPREADS = (False, True)
LOADS = ("rate", "window")
IDLE_SECONDS = 5


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    pace: Pace
    in_flight: tuple = IN_FLIGHT
    rooms: int = ROOMS
    rate: int = RATE
    messages: int = MESSAGES
    idle: float = IDLE_SECONDS


FULL = Size(Pace(3, {"warmup": 1, "duration": 4}))
QUICK = Size(Pace(1, {"warmup": 0.5, "duration": 2}))
SMOKE = Size(Pace(1, {"warmup": 0.1, "duration": 0.5, "settle": 0.1}),
             in_flight=(1, 10), rooms=3, rate=60, messages=50, idle=0.1)


def service(programs):
    """What tests of failures start clusters by."""
    os.environ["PARLOR_BIN"] = str(programs.parlor)
    import_as("cluster_support", TESTS / "cluster" / "support")
    import_as("faults_support", TESTS / "faults" / "support")
    module = importlib.import_module("faults_support.service")
    # Nobody dies here, and a busy machine must not fence anybody.
    module.TTL = 30
    return module


@contextlib.contextmanager
def three_nodes(programs):
    """They have found each other."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            cluster = service(programs).Cluster(pathlib.Path(folder), 1)
        except (AssertionError, OSError) as problem:
            raise Failure(f"no cluster: {problem}")
        try:
            yield cluster
        finally:
            cluster.end()


def room_at(weight, home, standby):
    """A name that these two have, by the placement of all nodes."""
    for number in range(10000):
        room = f"room-{number}"
        order = sorted(NODES, key=lambda node: weight(node, room),
                       reverse=True)
        if order[:2] == [home, standby]:
            return room
    raise Failure(f"no room has its home at {home} and standby {standby}")


def speech(room, user):
    """Parlor's, for users and rooms of that name; {room} and {id} in them are
    the generator's."""
    kind = KINDS["parlor"]
    return replace(kind, path=f"/ws/{user}",
                   join=kind.join.replace("r{room}", room),
                   messages={"room": kind.messages["room"].replace(
                       "r{room}", room)})


def wsload(programs, port, kind, pace, options):
    command = [
        str(programs.wsload), "--mode", "fanout",
        "--url", f"ws://127.0.0.1:{port}{kind.path}",
        "--send-on-open", kind.join, "--ready-marker", kind.ready,
        "--publish", kind.messages["room"]]
    for key, value in {**pace.times, **options}.items():
        command += [f"--{key}", str(value)]
    report, status = generate(
        command, WSLOAD_PATIENCE + sum(pace.times.values()))
    if fault := fault_in(report, status,
                         Work("cluster", "", "fanout", options, (), ())):
        raise Failure(f"{kind.join} with {options}: {fault}")
    return report


def used(pids):
    return {name: cpu_seconds(pid) for name, pid in pids.items()}


def idle_share(pids, seconds):
    """CPU time of each process a second where nobody says anything."""
    before, begin = used(pids), time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - begin
    return {name: (value - before[name]) / took
            for name, value in used(pids).items()}


def deliver(ports, pids, idle, room, in_flight, size):
    """One room, one who speaks at the first port and one who listens at the
    second: CPU time of each process for a message, µs, beyond what it needs
    anyway."""
    count = size.messages // in_flight * in_flight
    with Talker(ports[1], f"listener-{in_flight}", room) as listener, \
            Talker(ports[0], f"speaker-{in_flight}", room) as speaker, \
            ThreadPoolExecutor(1) as thread:
        speaker.say(10 * in_flight, in_flight)
        listener.hear(10 * in_flight)
        before, begin = used(pids), time.monotonic()
        heard = thread.submit(listener.hear, count)
        speaker.say(count, in_flight)
        heard.result()
        after, took = used(pids), time.monotonic() - begin
    return {name: 1e6 * (after[name] - before[name] - idle[name] * took)
            / count for name in pids}


def carry(programs, ports, pids, spread, load, size):
    """A load of all rooms, at these ports: CPU time of each port's process
    for one message of all, µs. With `spread` each room has members at each
    port, else at its publishers' alone."""
    with contextlib.ExitStack() as stack:
        here = MEMBERS // len(ports) if spread else MEMBERS
        for i in range(len(ports)):
            for j in range(len(ports)):
                if spread and i != j:
                    crowd = Crowd(
                        programs, ports[j], here * size.rooms, members=here,
                        kind=speech(f"of-{i}-{{room}}",
                                    f"listener-{i}-{j}-{{id}}"))
                    stack.callback(crowd.leave)

        def run(i):
            return wsload(
                programs, ports[i],
                speech(f"of-{i}-{{room}}", f"speaker-{i}-{{id}}"), size.pace,
                {"rooms": size.rooms, "members": here, "publishers": 1,
                 load: size.rate if load == "rate" else 1,
                 "server-pid": pids[i]})
        with ThreadPoolExecutor(len(ports)) as threads:
            reports = list(threads.map(run, range(len(ports))))
    said = sum(x["publishes_per_s"] for x in reports)
    return [1e6 * x["server_cpu_s"] / x["seconds"] / said for x in reports]


# -- on one node ----------------------------------------------------------------

def deliver_alone(programs, size, cores):
    with running(programs, PARLOR, cores) as server:
        pids = {"one": server.pid}
        idle = idle_share(pids, size.idle)
        return {in_flight: deliver(
            [server.port] * 2, pids, idle, "room", in_flight, size)["one"]
            for in_flight in size.in_flight}


def carry_alone(programs, spread, load, size, cores):
    with running(programs, PARLOR, cores) as server:
        parts = carry(programs, [server.port] * 3, [server.pid] * 3, spread,
                      load, size)
        # Each of the three generators has looked at the same process.
        return sum(parts) / len(parts)


# -- on three -------------------------------------------------------------------

def measure_once(programs, size, cores):
    """One round of everything."""
    alone = deliver_alone(programs, size, cores)
    loads = [{"spread": spread, "load": load,
              "one": carry_alone(programs, spread, load, size, cores)}
             for load in LOADS for spread in SPREADS]
    with three_nodes(programs) as cluster:
        ports = {node.name: node.port for node in cluster.nodes}
        pids = {node.name: node.process.pid for node in cluster.nodes}
        weight = service(programs).weight
        idle = idle_share(pids, size.idle)
        deliveries = [
            {"home": home, "standby": standby, "in_flight": in_flight,
             "one": alone[in_flight],
             **deliver((ports["a"], ports["b"]), pids, idle,
                       room_at(weight, home, standby), in_flight, size)}
            for home, standby in PLACES for in_flight in size.in_flight]
        for row in loads:
            parts = carry(programs, list(ports.values()), list(pids.values()),
                          row["spread"], row["load"], size)
            row.update(all=sum(parts), busiest=max(parts))
    return {"idle": idle, "deliveries": deliveries, "loads": loads}


def merged(rounds, keys, figures):
    """Of rows of several rounds: the keys, and the figures' spread."""
    return [{**{key: row[0][key] for key in keys},
             **{name: summary([one[name] for one in row])
                for name in figures}} for row in zip(*rounds)]


def measure(programs, size, cores, progress):
    """Both tables; `failed` says why they are missing, or is None."""
    result = {"deliveries": [], "loads": [], "idle": [], "load": [],
              "failed": None}
    rounds = []
    try:
        for number in range(size.pace.runs):
            result["load"].append(os.getloadavg()[0])
            progress(f"cluster {number + 1}/{size.pace.runs}, load average "
                     f"{result['load'][-1]:.1f}")
            rounds.append(measure_once(programs, size, cores))
    except (Failure, AssertionError, OSError) as failure:
        result["failed"] = str(failure)
        return result
    for one in rounds:
        for row in one["deliveries"]:
            row["all"] = sum(row[name] for name in NODES)
            row["ratio"] = row["all"] / row["one"]
        for row in one["loads"]:
            row["ratio"] = row["all"] / row["one"]
            row["capacity"] = row["one"] / row["busiest"]
    result["deliveries"] = merged(
        [one["deliveries"] for one in rounds],
        ("home", "standby", "in_flight"), (*NODES, "all", "one", "ratio"))
    result["loads"] = merged(
        [one["loads"] for one in rounds], ("spread", "load"),
        ("one", "all", "busiest", "ratio", "capacity"))
    result["idle"] = [1e6 * value for one in rounds
                      for value in one["idle"].values()]
    return result
