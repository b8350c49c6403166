# SPDX-License-Identifier: MIT
"""Nodes of the real service, with a real etcd and real certificates."""

import asyncio
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.error
import urllib.request

from cluster_support.certificates import Authority
from cluster_support.etcd import Etcd
from cluster_support.loopback import Loopback

from .environment import DEADLINE, PARLOR

TTL = 2

# Seconds that an answer may take: a node answers sooner whom it does not know.
PATIENCE = 20

NODES = ("a", "b", "c")
PLACES = (*NODES, "etcd")

# Of the admin API: a node's caller may be at another address than the loopback.
TOKEN = "let-me-in-please"


class Node:
    """One process, that may be killed and started again at its address."""

    def __init__(self, cluster, name, place):
        self.name = name
        self.place = place
        self.port, self.peer_port = place.ports(2)
        # What its program is started by, in its place.
        self.around = []
        self.endpoints = cluster.etcd.urls
        self._command = [
            str(PARLOR), f"--server.host={place.host}",
            f"--server.port={self.port}", "--server.insecure",
            f"--admin.token-file={cluster.token_file}",
            "--server.threads=1", "--log.format=json",
            "--limits.messages-per-second=0",
            "--limits.max-connections-per-user=100",
            "--drain.timeout=10s",
            "--cluster.provider=etcd", f"--cluster.node={name}",
            f"--cluster.host={place.host}", f"--cluster.port={self.peer_port}",
            f"--cluster.ttl={cluster.ttl}s"]
        self.certify(cluster.authority)
        self._log = cluster.folder / f"{name}.log"
        self.process = None
        # Besides those of the tests.
        self.environment = {}
        self.options = []

    def certify(self, authority, **more):
        """With a certificate of that authority from its next start on."""
        certificate, key = authority.certificate(self.place.host, **more)
        self._certified = [
            f"--openssl.cafile={authority.file}",
            f"--openssl.certificate={certificate}", f"--openssl.key={key}"]

    def speak_plainly(self):
        """Without TLS from its next start on."""
        self._certified = ["--cluster.insecure-loopback"]

    def start(self):
        with open(self._log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.place.inside, *self.around, *self._command,
                 f"--cluster.etcd-endpoints={','.join(self.endpoints)}",
                 *self._certified, *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.environment})
        return self

    @property
    def runs(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """None of its threads runs any more."""
        self.process.send_signal(signal.SIGSTOP)
        end = time.monotonic() + DEADLINE
        while not self._stands():
            assert time.monotonic() < end, "it does not stop"
            time.sleep(0.001)

    def _stands(self):
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        # What follows the name, which may have brackets in it.
        return all(x.read_text().rpartition(")")[2].split()[0] == "T"
                   for x in tasks.glob("*/stat"))

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
        # The last line may not be whole yet.
        whole, _, _ = self._log.read_text(encoding="utf-8").rpartition("\n")
        return [json.loads(x) for x in whole.splitlines()
                if x.startswith("{")]

    def last_words(self):
        """What it wrote that is no line of the log."""
        return "\n".join(x for x in self._log.read_text().splitlines()
                         if not x.startswith("{"))

    def descriptors(self):
        """How many it has."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def post(self, path, body, timeout=PATIENCE):
        """The JSON of an answer."""
        with urllib.request.urlopen(self._request("POST", path, body),
                                    timeout=timeout) as answer:
            return json.load(answer)

    def status(self, method, path, body=None, timeout=PATIENCE):
        """Of an answer, good or bad."""
        try:
            with urllib.request.urlopen(self._request(method, path, body),
                                        timeout=timeout) as answer:
                return answer.status
        except urllib.error.HTTPError as problem:
            return problem.code

    def _request(self, method, path, body):
        return urllib.request.Request(
            f"http://{self.place.host}:{self.port}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {TOKEN}",
             "Content-Type": "application/json"}, method=method)

    def get(self, path, timeout=PATIENCE):
        """Status and text of an answer."""
        try:
            with urllib.request.urlopen(self._request("GET", path, None),
                                        timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def counts(self, series):
        """Whether its page of metrics has this line."""
        return f"{series}\n" in self.get("/metrics")[1]

    def said(self, event, **fields):
        """The lines of that event that have these fields."""
        return [x for x in self.log() if x["event"] == event
                and fields.items() <= x.items()]

    def linked(self):
        """The nodes to which it has a link."""
        result = set()
        for x in self.log():
            if x["event"] == "node linked":
                result.add(x["peer"])
            elif x["event"] == "node not linked":
                result.discard(x["peer"])
        return result

    def sees(self, count):
        """Whether its newest view has so many nodes, and links to the
        others."""
        views = [x for x in self.log() if x["event"] == "cluster changed"]
        return (bool(views) and views[-1]["nodes"] == count
                and len(self.linked()) == count - 1)


class Cluster:
    """All on the loopback, or where `places` has them: nodes by their names, and
    "etcd"."""

    def __init__(self, folder, members=3, places=None, environments=None,
                 ttl=TTL, options=()):
        places = places or dict.fromkeys(PLACES, Loopback)
        self.folder = folder
        self.ttl = ttl
        self.etcd = Etcd(folder, members, place=places["etcd"])
        try:
            self.etcd.wait_until_up()
        except AssertionError:
            self.etcd.stop()
            raise
        self.authority = Authority(folder, "authority")
        self.token_file = folder / "token"
        self.token_file.touch(0o600)
        self.token_file.write_text(TOKEN)
        self.nodes = [Node(self, name, places[name]) for name in NODES]
        for node in self.nodes:
            node.environment = (environments or {}).get(node.name, {})
            node.options = list(options)
            node.start()
        try:
            self.wait_until_whole()
        except AssertionError:
            self.end()
            self.show()
            raise

    def wait_until_whole(self):
        running = [node for node in self.nodes if node.runs]
        end = time.monotonic() + DEADLINE
        while not all(node.sees(len(running)) for node in running):
            assert time.monotonic() < end, "the nodes do not find each other"
            assert all(node.runs for node in running), "a node has ended"
            time.sleep(0.05)

    async def whole(self):
        await asyncio.to_thread(self.wait_until_whole)

    async def see(self, nodes, count):
        """Until each of these nodes has a view of so many, and their links."""
        await until(lambda: all(node.sees(count) for node in nodes))

    def knows(self, names, count):
        """Whether each node reaches so many connections of each user."""
        try:
            return all(
                node.post("/api/v1/send", {"user": name, "content": "you"})
                == {"delivered": count}
                for node in self.nodes for name in names)
        except OSError:  # it is asked again
            return False

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

    def show(self):
        """What the nodes said last, for who looks why a test fails."""
        for node in self.nodes:
            print("==", node.name)
            print(*node.log()[-60:], sep="\n")


async def until(holds, deadline=DEADLINE):
    """Until it does."""
    end = time.monotonic() + deadline
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.05)


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
