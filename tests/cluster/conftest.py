# SPDX-License-Identifier: MIT
"""Fixtures: a real etcd, nodes that are ended with the test."""

import shutil

import pytest

pytest.register_assert_rewrite("support.node", "support.etcd", "support.lines")

from support.environment import NODE  # noqa: E402
from support.etcd import Etcd  # noqa: E402
from support.node import Node  # noqa: E402


def pytest_sessionstart(session):
    if session.config.option.collectonly:
        return
    if not NODE.is_file():
        pytest.exit(f"no program at {NODE}: build cluster_node", 2)
    if not shutil.which("etcd"):
        pytest.exit("no etcd: install etcd-server", 2)


@pytest.fixture
def start_etcd(tmp_path):
    started = []

    def start(count=1, options=(), wait=True):
        folder = tmp_path / f"etcd{len(started)}"
        folder.mkdir()
        started.append(Etcd(folder, count, options))
        if wait:
            started[-1].wait_until_up()
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def etcd(start_etcd):
    return start_etcd()


@pytest.fixture
def start_node():
    """Starts nodes of this test alone; those that still live have to end
    well."""
    started = []

    def start(name="a", **options):
        started.append(Node(name, **options))
        return started[-1]

    yield start
    codes = {}
    for node in started:
        ended = node.process.poll() is not None
        if not ended:
            codes[node.name] = node.quit()
        print(node.name, *node.told.all, *node.log.all, sep="\n")
    assert set(codes.values()) <= {0}, codes
