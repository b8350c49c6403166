# SPDX-License-Identifier: MIT
"""What a bystander feels while others attack: the time from a message, or a join,
to its reply, in a room on the one I/O thread that is attacked."""

import contextlib
import functools
import itertools
import json
import multiprocessing
import os
import selectors
import socket
import ssl
import statistics
import time
from dataclasses import dataclass, replace
from urllib.parse import quote

from support import certificates
from support.raw_client import (
    CONTINUATION, PING, PONG, TEXT, RawClient, frame_bytes, upgrade_request)

from . import collisions
from .servers import Failure, running
from .works import PARLOR

GOAL_MS = 100
# Other rows of the benchmark have none.
DEFAULTS = ("limits.messages-per-second=50",)
SECONDS = 5
SMOKE_SECONDS = 0.3
# Between two messages of the bystander's, which has a rate like anybody.
PAUSE = 0.025
FLOODERS = 8
HELLOS = 200
EMPTY_ROOMS = 50_000
COLLIDING_ROOMS = 5_000
# As many as the head of a request has place for.
ROOMS_IN_A_QUERY = 100


@dataclass(frozen=True)
class Attack:
    """A row. `play(target)` goes on until its process is ended; `prepare(target)`,
    where there is one, is over before the bystander is measured."""

    id: str
    title: str
    play: callable
    prepare: callable = None
    options: tuple = ()
    tls: bool = False
    # What the bystander does meanwhile: says something, or joins a room.
    asks: str = "chat"


@dataclass(frozen=True)
class Target:
    """Where a server is, for another process. What raw_client wants of one."""

    port: int
    ws_dialect: str = "typed"
    tls: object = None

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)


def pour(open_one, data, flooders=FLOODERS):
    """Each of some connections is sent the same as fast as it takes it, and what
    it answers is dropped; whoever is sent away comes back."""
    ready = selectors.DefaultSelector()

    def begin():
        with contextlib.suppress(OSError, AssertionError):
            one = open_one()
            one.setblocking(False)
            ready.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, 0)

    for _ in range(flooders):
        begin()
    while True:
        if not ready.get_map():
            begin()
        for key, events in ready.select(timeout=1):
            try:
                if events & selectors.EVENT_READ and not key.fileobj.recv(65536):
                    raise ConnectionError
                if events & selectors.EVENT_WRITE:
                    sent = key.fileobj.send(data[key.data:])
                    ready.modify(key.fileobj, key.events,
                                 (key.data + sent) % len(data))
            except BlockingIOError:
                continue
            except OSError:
                ready.unregister(key.fileobj)
                key.fileobj.close()
                begin()


def websocket(target, number=itertools.count()):
    client = RawClient(target, f"/ws/mallory-{os.getpid()}-{next(number)}")
    client.until("connected")
    return client.socket


def frames(data):
    return lambda target: pour(lambda: websocket(target), data)


def empty_fragments():
    return (frame_bytes(TEXT, fin=False)
            + frame_bytes(CONTINUATION, fin=False) * 1000
            + frame_bytes(CONTINUATION, b'{"type":"ping"}'))


def request(start, endless):
    """A request that begins so and never ends."""
    def play(target):
        def begin():
            one = target.connect()
            one.sendall(start)
            return one
        pour(begin, endless)
    return play


def requests(target):
    one = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    pour(target.connect, one * 1000)


CHUNKED = (b"POST /api/v1/send HTTP/1.1\r\nHost: 127.0.0.1\r\n"
           b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")


def hello():
    """What a client says first, which costs the server a handshake."""
    out = ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), out).do_handshake()
    return out.read()


def storm(said, pause=0):
    """Connections that say this and are gone: as many as there can be, or one
    after each pause."""
    def play(target):
        data = said()
        data = itertools.repeat(data) if isinstance(data, bytes) else data
        waiting = []
        while True:
            with contextlib.suppress(OSError):
                one = target.connect()
                one.sendall(next(data))
                waiting.append(one)
            if len(waiting) > HELLOS:
                waiting.pop(0).close()
            time.sleep(pause)
    return play


def upgrades():
    return upgrade_request("/ws?room=storm").encode()


def post_to(rooms):
    """A message of the HTTP API in each of these rooms, which stay for its
    history; nobody is in them."""
    def prepare(target):
        with contextlib.closing(target.connect()) as one:
            answers = one.makefile("rb")
            for some in batches(rooms(), 50):
                one.sendall(b"".join(post(room) for room in some))
                for _ in some:
                    read_answer(answers)
    return prepare


def batches(items, size):
    items = iter(items)
    while some := list(itertools.islice(items, size)):
        yield some


def post(room):
    body = json.dumps({"room": room, "content": 1}).encode()
    return (b"POST /api/v1/publish HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            % len(body)) + body


def read_answer(answers):
    status = answers.readline()
    length = 0
    while (line := answers.readline()) not in (b"\r\n", b""):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    answers.read(length)
    if status.split()[1:2] != [b"200"]:
        raise Failure(f"a room was not opened: {status}")


@functools.cache
def colliding_names():
    return collisions.colliding_names(COLLIDING_ROOMS)


def joins_of_colliding_rooms():
    rooms = colliding_names()[:ROOMS_IN_A_QUERY]
    query = "&".join(f"room={quote(room, safe='')}" for room in rooms)
    return upgrade_request(f"/ws?{query}").encode()


def joins_of(rooms):
    """Upgrades into this many rooms each, the same for all."""
    query = "&".join(f"room={number}" for number in range(rooms))
    return lambda: upgrade_request(f"/ws?{query}").encode()


def joins_of_new_rooms():
    """An endless number of upgrades, each into rooms of its own."""
    for first in itertools.count(step=ROOMS_IN_A_QUERY):
        query = "&".join(
            f"room={os.getpid()}-{first + number}"
            for number in range(ROOMS_IN_A_QUERY))
        yield upgrade_request(f"/ws?{query}").encode()


def message(**fields):
    return frame_bytes(TEXT, json.dumps(fields).encode())


# The first row is for comparison. A new attack gets a row here.
ATTACKS = (
    Attack("none", "nobody", lambda target: time.sleep(3600)),
    Attack("pings", "pings", frames(frame_bytes(PING) * 10_000)),
    Attack("pongs", "pongs", frames(frame_bytes(PONG) * 10_000)),
    Attack("fragments", "empty fragments", frames(empty_fragments() * 10)),
    Attack("messages", "messages above the rate",
           frames(message(type="ping") * 1000)),
    Attack("malformed", "malformed messages", frames(frame_bytes(TEXT, b"{") * 1000),
           options=("limits.errors=0",)),
    Attack("extensions", "chunk extensions without end",
           request(CHUNKED + b"1;", b"x" * 65536)),
    Attack("chunks", "chunks of a byte", request(CHUNKED, b"1\r\n \r\n" * 10_000)),
    Attack("requests", "pipelined requests", requests),
    Attack("handshakes", "TLS handshakes", storm(hello), tls=True),
    Attack("upgrades", "upgrades", storm(upgrades)),
    Attack("many-rooms", f"upgrades into the same {ROOMS_IN_A_QUERY} rooms",
           storm(joins_of(ROOMS_IN_A_QUERY))),
    Attack("joins", "the same; of a join", storm(joins_of(ROOMS_IN_A_QUERY)),
           asks="join"),
    Attack("new-rooms", f"upgrades into {ROOMS_IN_A_QUERY} new rooms each; of a "
           "join", storm(joins_of_new_rooms), asks="join"),
    Attack("collisions", "rooms whose names have one std::hash",
           storm(joins_of_colliding_rooms, pause=0.25), post_to(colliding_names)),
    Attack("empty-rooms", f"upgrades, with {EMPTY_ROOMS:,} empty rooms",
           storm(upgrades), post_to(lambda: map(str, range(EMPTY_ROOMS))),
           options=("history.total-bytes=1073741824",)),
)


class Bystander:
    """In a room of its own; says something and waits for the reply."""

    def __init__(self, target):
        self._client = RawClient(target, "/ws/bystander")
        self._client.until("connected")
        self._number = itertools.count(1)
        self._ask(type="join", room="bystanders")

    def _ask(self, **command):
        number = next(self._number)
        began = time.monotonic()
        self._client.send_json(**command, id=number)
        answer = self._client.until("reply", id=number)
        if not answer["ok"]:
            raise Failure(f"the bystander was refused: {answer}")
        return (time.monotonic() - began) * 1e3

    def _chat(self):
        return self._ask(type="chat", room="bystanders", content="x")

    def _join(self):
        room = f"bystanders-{next(self._number)}"
        result = self._ask(type="join", room=room)
        self._ask(type="leave", room=room)
        return result

    def latencies(self, seconds, asks="chat"):
        """In ms, of what it asks for in that time."""
        ask = {"chat": self._chat, "join": self._join}[asks]
        result = []
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            result.append(ask())
            time.sleep(PAUSE)
        return result


def attacker(attack, target, core):
    os.sched_setaffinity(0, {core})
    # The generator has to be there when an answer comes.
    os.nice(10)
    attack.play(target)


@contextlib.contextmanager
def under(attack, target, core):
    """The attack goes on."""
    process = multiprocessing.get_context("fork").Process(
        target=attacker, args=(attack, target, core), daemon=True)
    process.start()
    try:
        yield
        if not process.is_alive():
            raise Failure("the attacker has died")
    finally:
        process.kill()
        process.join()


def spread(latencies):
    ordered = sorted(latencies)
    return {"median": statistics.median(ordered),
            "p99": ordered[len(ordered) * 99 // 100], "max": ordered[-1],
            "count": len(ordered)}


def measure_one(programs, attack, cores, seconds):
    made = certificates.of_all() if attack.tls else None
    options = (*DEFAULTS, *attack.options, *(made.options if made else ()))
    with running(programs, replace(PARLOR, options=options), cores) as server:
        target = Target(server.port, tls=made.trust() if made else None)
        if attack.prepare:
            attack.prepare(target)
        bystander = Bystander(target)
        with under(attack, target, cores[1]):
            # Until it has begun in earnest.
            time.sleep(seconds / 5)
            return spread(bystander.latencies(seconds, attack.asks))


def measure(programs, cores, progress, seconds=SECONDS):
    """A row for each attack; `failed` says why it has no figure, or is None."""
    rows = []
    for attack in ATTACKS:
        progress(f"attack: {attack.title}")
        row = {"id": attack.id, "title": attack.title, "failed": None,
               "latency_ms": None}
        try:
            row["latency_ms"] = measure_one(programs, attack, cores, seconds)
        except (Failure, AssertionError, OSError) as failure:
            row["failed"] = str(failure)
        rows.append(row)
    return rows
