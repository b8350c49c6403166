# SPDX-License-Identifier: MIT
"""Nodes of the real service, with a real etcd and real certificates."""

import asyncio
import json
import signal
import subprocess
import time
import urllib.error
import urllib.request

from cluster_support.certificates import Authority
from cluster_support.etcd import Etcd
from cluster_support.ports import free_ports

from .environment import DEADLINE, PARLOR

TTL = 2


class Node:
    """One process, that may be killed and started again at its address."""

    def __init__(self, cluster, name):
        self.name = name
        self._cluster = cluster
        self.port, self.peer_port = free_ports(2)
        certificate, key = cluster.authority.certificate()
        self._command = [
            str(PARLOR), f"--server.port={self.port}",
            "--server.threads=1", "--log.format=json",
            "--limits.messages-per-second=0",
            "--limits.max-connections-per-user=100",
            "--drain.timeout=10s",
            "--cluster.provider=etcd", f"--cluster.node={name}",
            "--cluster.host=127.0.0.1", f"--cluster.port={self.peer_port}",
            f"--cluster.etcd-endpoints={','.join(cluster.etcd.urls)}",
            f"--cluster.ttl={TTL}s",
            f"--openssl.cafile={cluster.authority.file}",
            f"--openssl.certificate={certificate}", f"--openssl.key={key}"]
        self._log = cluster.folder / f"{name}.log"
        self.process = None

    def start(self):
        with open(self._log, "ab") as log:
            self.process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)
        return self

    @property
    def runs(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def drain(self):
        self.process.send_signal(signal.SIGTERM)

    def resident(self):
        """Bytes."""
        with open(f"/proc/{self.process.pid}/status",
                  encoding="ascii") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")

    def log(self):
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [json.loads(x) for x in lines if x.startswith("{")]

    def get(self, path, timeout=5):
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return json.load(answer)

    def sees(self, count):
        """Whether its newest view has so many nodes, and links to the
        others."""
        views = [x for x in self.log() if x["event"] == "cluster changed"]
        linked = set()
        for x in self.log():
            if x["event"] == "node linked":
                linked.add(x["peer"])
            elif x["event"] == "node not linked":
                linked.discard(x["peer"])
        return (bool(views) and views[-1]["nodes"] == count
                and len(linked) == count - 1)


class Cluster:
    def __init__(self, folder, members=3):
        self.folder = folder
        self.etcd = Etcd(folder, members)
        self.etcd.wait_until_up()
        self.authority = Authority(folder, "authority")
        self.nodes = [Node(self, name) for name in ("a", "b", "c")]
        for node in self.nodes:
            node.start()
        self.wait_until_whole()

    def wait_until_whole(self):
        running = [node for node in self.nodes if node.runs]
        end = time.monotonic() + DEADLINE
        while not all(node.sees(len(running)) for node in running):
            assert time.monotonic() < end, "the nodes do not find each other"
            assert all(node.runs for node in running), "a node has ended"
            time.sleep(0.05)

    async def whole(self):
        await asyncio.to_thread(self.wait_until_whole)

    def named(self, name):
        return next(node for node in self.nodes if node.name == name)

    def in_order(self, room):
        """The running nodes, as they want this room: its home first."""
        running = [node for node in self.nodes if node.runs]
        return sorted(running, key=lambda x: weight(x.name, room),
                      reverse=True)

    def end(self):
        for node in self.nodes:
            if node.runs:
                node.go_on()
                node.kill()
        self.etcd.stop()


MASK = (1 << 64) - 1


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & MASK
    return value


def mix(x):
    x ^= x >> 33
    x = x * 0xFF51AFD7ED558CCD & MASK
    x ^= x >> 33
    x = x * 0xC4CEB9FE1A85EC53 & MASK
    return x ^ x >> 33


def weight(node, name):
    """messages/placement.hpp."""
    return mix(fnv1a(name) ^ mix(fnv1a(node)))
