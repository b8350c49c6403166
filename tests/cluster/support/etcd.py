# SPDX-License-Identifier: MIT
"""A real etcd of one or three members."""

import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request

from .environment import DEADLINE
from .loopback import Loopback


def text64(text):
    return base64.b64encode(text.encode()).decode()


def below(prefix):
    """All keys that begin so, for a request."""
    return {"key": text64(prefix),
            "range_end": text64(prefix[:-1] + chr(ord(prefix[-1]) + 1))}


def etcdctl(*command):
    """Debian's etcd-client."""
    subprocess.run(["etcdctl", *command], check=True,
                   env={**os.environ, "ETCDCTL_API": "3"})


class Member:
    """One process of etcd."""

    def __init__(self, name, folder, place, client, peer, cluster, options):
        self.name = name
        self.url = f"http://{place.host}:{client}"
        self._folder = folder
        self._command = [
            *place.inside, shutil.which("etcd"), "--name", name,
            "--data-dir", str(folder / name),
            "--listen-client-urls", self.url,
            "--advertise-client-urls", self.url,
            "--listen-peer-urls", f"http://{place.host}:{peer}",
            "--initial-advertise-peer-urls", f"http://{place.host}:{peer}",
            "--initial-cluster", cluster,
            # Disks of test machines are slow, and nothing has to last.
            "--unsafe-no-fsync", "--logger", "zap", *options]
        if "--cert-file" in options:
            self.url = self.url.replace("http:", "https:")
            at = self._command.index("--listen-client-urls")
            self._command[at + 1] = self._command[at + 3] = self.url
        self.process = None

    def start(self):
        log = open(self._folder / f"{self.name}.log", "ab")
        self.process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def keep(self):
        """A copy of what it knows, as of a backup. It is away for a moment."""
        self.kill()
        copy = self._folder / f"{self.name}-kept"
        shutil.copytree(self._folder / self.name, copy)
        self.start()
        return copy

    def begin_anew(self, kept=None, token=None):
        """With what such a copy knows, or nothing; as another cluster where
        there is a token."""
        self.kill()
        shutil.rmtree(self._folder / self.name)
        if kept:
            shutil.copytree(kept, self._folder / self.name)
        if token:
            self._command += ["--initial-cluster-token", token]
        self.start()

    def restore(self, snapshot):
        """Begins with what an operator's snapshot knows."""
        def option(name):
            return [name, self._command[self._command.index(name) + 1]]

        shutil.rmtree(self._folder / self.name)
        etcdctl("snapshot", "restore", str(snapshot), *option("--name"),
                *option("--data-dir"), *option("--initial-cluster"),
                *option("--initial-advertise-peer-urls"))
        self.start()

    def call(self, path, body, timeout=2):
        """The JSON of an answer."""
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return json.load(answer)


class Etcd:
    def __init__(self, folder, count=1, options=(), place=Loopback):
        ports = place.ports(2 * count)
        names = [f"m{i}" for i in range(count)]
        cluster = ",".join(f"{name}=http://{place.host}:{port}"
                           for name, port in zip(names, ports[count:]))
        self.members = [
            Member(name, folder, place, client, peer, cluster, list(options))
            for name, client, peer in zip(names, ports, ports[count:])]
        for member in self.members:
            member.start()

    @property
    def urls(self):
        return [member.url for member in self.members]

    def wait_until_up(self):
        self.ask("/v3/kv/range", {"key": text64("nothing")})

    def ask(self, path, body):
        """An answer of any member that is alive, before the deadline."""
        end = time.monotonic() + DEADLINE
        while True:
            for member in self.members:
                try:
                    return member.call(path, body)
                except (OSError, urllib.error.URLError) as problem:
                    last = problem
            assert time.monotonic() < end, last
            time.sleep(0.05)

    def leader(self):
        """There may be an election just now."""
        end = time.monotonic() + DEADLINE
        while True:
            for member in self.members:
                with contextlib.suppress(OSError):
                    status = member.call("/v3/maintenance/status", {})
                    if status.get("leader") == status["header"]["member_id"]:
                        return member
            assert time.monotonic() < end, "no leader"
            time.sleep(0.05)

    def put(self, key, value, lease="0"):
        return self.ask("/v3/kv/put", {
            "key": text64(key), "value": text64(value), "lease": lease})

    def read(self, key):
        """What etcd knows of a key."""
        return self.ask("/v3/kv/range", {"key": text64(key)}).get("kvs", [])

    def until_empty(self, prefix):
        """Until there is no key that begins so."""
        end = time.monotonic() + DEADLINE
        while found := self.ask("/v3/kv/range", below(prefix)).get("kvs"):
            assert time.monotonic() < end, found
            time.sleep(0.05)

    def delete(self, key):
        self.ask("/v3/kv/deleterange", {"key": text64(key)})

    def delete_below(self, prefix):
        """All keys that begin so, at once."""
        self.ask("/v3/kv/deleterange", below(prefix))

    def snapshot(self, file):
        """As an operator keeps it."""
        etcdctl("--endpoints", self.urls[0], "snapshot", "save", str(file))

    def restore(self, file):
        """All members end and begin with what the snapshot knows."""
        for member in self.members:
            member.kill()
        for member in self.members:
            member.restore(file)

    def stop(self):
        for member in self.members:
            if member.process.poll() is None:
                member.kill()
