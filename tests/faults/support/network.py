# SPDX-License-Identifier: MIT
"""A network of namespaces, in which packets can be made to get lost. Nothing of
this machine's own network is touched, and all of it is gone with those who were
in it."""

import contextlib
import ctypes
import os
import pathlib
import re
import socket
import subprocess

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}: {os.strerror(number)}")


def namespace():
    """A descriptor of the one that the calling thread is in."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY)


def ip(lines, inside=()):
    done = subprocess.run([*inside, "ip", "-batch", "-"], text=True,
                          input="\n".join(lines), capture_output=True)
    if done.returncode:
        raise OSError(done.stderr.strip())


class Place:
    """A namespace with one address, where nobody else is. As
    `cluster_support.loopback.Loopback`."""

    def __init__(self, number, descriptor):
        self.host = f"10.77.{number}.2"
        self.gateway = f"10.77.{number}.1"
        self.link = f"place{number}"
        self.descriptor = descriptor
        self.file = f"/proc/{os.getpid()}/fd/{self.descriptor}"
        self.inside = ["nsenter", f"--net={self.file}"]

    @staticmethod
    def ports(count):
        return list(range(5400, 5400 + count))


class Network:
    """Places with a router between them, which is a namespace, too. The thread
    that makes it is there until the end, so it reaches everybody whatever is
    lost between places; what it starts in between is there as well. One at a
    time; OSError where namespaces may not be made."""

    def __init__(self, names):
        self._lost = []
        self._refused = []
        self._open = contextlib.ExitStack()
        try:
            before = self._held()
            call(LIBC.unshare, CLONE_NEWNET)
            self._open.callback(call, LIBC.setns, before, CLONE_NEWNET)
            self.places = {}
            for number, name in enumerate(names):
                self.places[name] = Place(number, self._held())
                call(LIBC.unshare, CLONE_NEWNET)
            self._router = self._held()
            # Of the namespace of whoever opens it.
            pathlib.Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
            for place in self.places.values():
                self._connect(place)
        except OSError:
            self.end()
            raise

    def _held(self):
        """The thread's namespace, which is there until the end."""
        descriptor = namespace()
        self._open.callback(os.close, descriptor)
        return descriptor

    @staticmethod
    def _connect(place):
        ip([f"link add {place.link} type veth peer name out "
            f"netns {place.file}",
            f"address add {place.gateway}/24 dev {place.link}",
            f"link set {place.link} up"])
        ip(["link set lo up",
            f"address add {place.host}/24 dev out",
            "link set out up",
            f"route add default via {place.gateway}"], place.inside)

    def lose(self, *ways):
        """What goes these ways, each (from, to), is lost from now on, and nobody
        is told."""
        rules = [f"from {x.host} to {y.host} blackhole" for x, y in ways]
        ip([f"rule add {rule}" for rule in rules])
        self._lost += rules

    def cut(self, some, others):
        """Both ways between each of these and each of those."""
        ways = [(x, y) for x in some for y in others]
        self.lose(*ways, *((y, x) for x, y in ways))

    def refuse(self, *ways):
        """Who connects these ways is refused from now on, as by a firewall that
        rejects; what is connected breaks. The place says so for the other: it
        takes its address for one of its own, where nobody listens."""
        for here, there in ways:
            ip([f"address add {there.host}/32 dev lo"], here.inside)
        self._refused += ways

    def slow(self, place, port, rate):
        """What goes there from or to that port, at either end, goes as slowly as
        this, such as 3mbit."""
        def tc(line):
            subprocess.run(["tc", *line.split()], check=True)

        on = f"dev {place.link}"
        tc(f"qdisc add {on} root handle 1: htb default 10")
        tc(f"class add {on} parent 1: classid 1:10 htb rate 10gbit quantum 60000")
        tc(f"class add {on} parent 1: classid 1:20 htb rate {rate} burst 16k")
        for side in ("sport", "dport"):
            tc(f"filter add {on} parent 1: protocol ip u32 "
               f"match ip {side} {port} 0xffff flowid 1:20")

    @staticmethod
    def slowly_sent(place):
        """Bytes that went there slowly so far."""
        done = subprocess.run(
            ["tc", "-s", "class", "show", "dev", place.link],
            check=True, text=True, capture_output=True)
        return int(re.search(r"htb 1:20 .*?Sent (\d+) bytes", done.stdout,
                             re.DOTALL)[1])

    def heal(self):
        ip([f"rule delete {rule}" for rule in self._lost])
        self._lost.clear()
        for here, there in self._refused:
            ip([f"address delete {there.host}/32 dev lo"], here.inside)
        self._refused.clear()

    @contextlib.contextmanager
    def at(self, place):
        """Sockets that are made meanwhile are there."""
        call(LIBC.setns, place.descriptor, CLONE_NEWNET)
        try:
            yield
        finally:
            call(LIBC.setns, self._router, CLONE_NEWNET)

    def datagrams(self, place):
        """A socket there."""
        with self.at(place):
            result = socket.socket(type=socket.SOCK_DGRAM)
            result.bind((place.host, 0))
            return result

    def end(self):
        """The thread is where it was before."""
        self._open.close()
