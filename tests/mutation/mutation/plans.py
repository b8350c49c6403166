# SPDX-License-Identifier: MIT
"""Which tests look for the mutants of a folder: the cheapest first."""

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """A program of Catch2, whose cases are run one by one; another program with
    its arguments; or a file of pytest."""
    kind: str  # cases, program, pytest
    target: str  # what is built, or the file below tests/
    arguments: tuple = ()
    programs: tuple = field(default=())  # what a test of pytest starts

    @property
    def label(self):
        return self.target if self.kind == "node" \
            else " ".join((self.target, *self.arguments))


def cases(target):
    return Step("cases", target)


EXPLORE = Step("program", "explore", ("--seeds", "1000"))
NODES = Step("program", "explore_nodes", ("--seeds", "60"))

STEPS = {
    "messages": [cases("test_messages"), cases("test_actors"),
                 cases("test_transport"), cases("test_cluster")],
    "auth": [cases("test_auth"), cases("test_transport")],
    "telemetry": [cases("test_telemetry"), cases("test_actors"),
                  cases("test_transport")],
    "actors": [cases("test_actors"), EXPLORE, NODES],
    "transport": [cases("test_transport")],
    "app": [cases("test_app")],
    "cluster": [cases("test_cluster")],
}

SYSTEM = {
    "messages": "bad_json text_lines api_sender http_api answers metrics",
    "auth": "tokens tls",
    "telemetry": "log_repeats log_full configuration",
    "actors": "publishing recovery presence history private keys limits "
              "room_limits admin metrics disconnects http_api tokens draining",
    "transport": "closes_on_the_wire conformance_frames heartbeat "
                 "hostile_requests bad_upgrades connecting slow_clients tls "
                 "proxies compression http_messages draining memory_limit",
    "app": "configuration reload service_manager shutdown tls draining "
           "memory",
}
OF_CLUSTER = ("cluster/test_links.py", "cluster/test_gate.py",
              "cluster/test_etcd_members.py", "cluster/test_etcd_tls.py",
              "cluster/test_etcd_roster.py", "cluster/test_etcd_gateway.py",
              "cluster/test_etcd_history.py")
# Of the cluster in actors and messages.
OF_NODES = ("cluster/test_whole.py", "faults/test_kill.py")


def fast(folder):
    return STEPS[folder]


def slow(folder, group):
    """With processes and sockets: for what the others have let through."""
    steps = []
    if folder == "cluster":
        steps += [Step("pytest", x, programs=("cluster_node",))
                  for x in OF_CLUSTER]
    elif group == "cluster":
        return [Step("pytest", x, programs=("parlor",)) for x in OF_NODES]
    steps += [Step("pytest", f"system/test_{x}.py", programs=("parlor",))
              for x in SYSTEM.get(folder, "").split()]
    return steps


PYTEST = (sys.executable, "-B", "-m", "pytest", "-q", "-x",
          "-p", "no:cacheprovider")
