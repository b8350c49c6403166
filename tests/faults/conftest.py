# SPDX-License-Identifier: MIT
"""Fixtures: three nodes of the built service and an etcd, ended with the
test."""

import pathlib
import shutil

import pytest
from coroutines import within
from packages import import_as

# What the tests of the cluster's parts have already, by another name.
import_as("cluster_support",
          pathlib.Path(__file__).resolve().parents[1] / "cluster" / "support")

pytest.register_assert_rewrite(
    "support.parting", "support.service", "support.talk")

from support.environment import PARLOR, TEST_DEADLINE  # noqa: E402
from support.network import Network  # noqa: E402
from support.service import PLACES, TTL, Cluster  # noqa: E402


def pytest_sessionstart(session):
    if session.config.option.collectonly:
        return
    if not PARLOR.is_file():
        pytest.exit(f"no program at {PARLOR}: build parlor", 2)
    if not shutil.which("etcd"):
        pytest.exit("no etcd: install etcd-server", 2)


pytest_pyfunc_call = within(TEST_DEADLINE)


def ended(cluster):
    yield cluster
    cluster.end()
    cluster.show()


def ttl_of(request):
    """Of the leases of this test's nodes."""
    mark = request.node.get_closest_marker("ttl")
    return mark.args[0] if mark else TTL


@pytest.fixture
def cluster(request, tmp_path):
    yield from ended(Cluster(tmp_path, ttl=ttl_of(request)))


@pytest.fixture
def network():
    assert shutil.which("ip"), "no ip: install iproute2"
    try:
        one = Network(PLACES)
    except OSError as problem:
        pytest.skip(f"no network namespaces can be made here: {problem}")
    yield one
    one.end()


@pytest.fixture
def apart(request, tmp_path, network):
    """Nodes and etcd, each at a place of its own."""
    yield from ended(Cluster(tmp_path, places=network.places,
                             ttl=ttl_of(request)))
