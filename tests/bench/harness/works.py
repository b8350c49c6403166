# SPDX-License-Identifier: MIT
"""What is measured: each work, its contenders, figures and goals."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contender:
    """A server as one work starts it; `kind` is a key of servers.KINDS."""

    name: str
    kind: str
    cores: int = 1
    options: tuple = ()


@dataclass(frozen=True)
class Figure:
    """A number of wsload's report and what it should be."""

    key: str
    unit: str
    name: str = ""
    scale: float = 1.0
    max_ratio: float = None  # to the reference, in the same run
    at_most: float = None    # in the figure's unit


@dataclass(frozen=True)
class Work:
    """A row: the first contender is the reference, the last the subject."""

    id: str
    title: str
    mode: str
    options: dict
    figures: tuple
    contenders: tuple
    peers: tuple = ()      # with --peers; their failures are their own
    publish: str = "room"  # which of a server's templates; None: nothing
    traffic: bool = True   # wsload's fanout or pingpong, which check exactness


LIMIT = Contender("limit", "limit")
PARLOR = Contender("Parlor", "parlor")
AGAINST_LIMIT = (LIMIT, PARLOR)
PEERS = (Contender("nchan", "nchan"), Contender("NATS", "nats"),
         Contender("ws", "ws"), Contender("socket.io", "socket.io"),
         Contender("FastAPI", "fastapi"))

# An arrival is announced to the members of a room; `limit` announces nothing.
# Where arriving itself is measured, Parlor is told not to either. The reserve
# that it keeps of 20,000 descriptors is a little more than 1,000.
ARRIVING = (LIMIT, Contender("Parlor", "parlor",
                             options=("limits.members-announced=0",
                                      "limits.max-connections=19500")))

THREADS = (Contender("1 thread", "parlor"),
           Contender("Parlor", "parlor", cores=2))


def cpu(**goal):
    return (Figure("server_us_per_delivery", "µs", **goal),)


def fanout(id, title, rooms=1, members=1000, publishers=1, window=1,
           max_ratio=None, contenders=AGAINST_LIMIT, peers=(), **options):
    return Work(id, title, "fanout",
                {"rooms": rooms, "members": members, "publishers": publishers,
                 "window": window, **options},
                cpu(max_ratio=max_ratio), contenders, peers)


WORKS = (
    fanout("batched", "fan-out 1×1000, 4 publishers × window 8",
           publishers=4, window=8, max_ratio=1.0, peers=PEERS),
    fanout("unbatched", "fan-out 1×1000, window 1", max_ratio=1.0,
           peers=PEERS),
    fanout("large", "fan-out 1×10000, window 8", members=10000, window=8,
           max_ratio=1.05, peers=PEERS, concurrency=128),
    fanout("rooms", "1000 rooms × 10, window 1", rooms=1000, members=10,
           max_ratio=1.1, peers=PEERS, concurrency=128),
    Work("private", "private messages, 200 pairs", "pingpong",
         {"pairs": 200, "window": 1}, cpu(max_ratio=1.3), AGAINST_LIMIT,
         PEERS, publish="private"),
    Work("latency", "latency, 1×1000 at 50/s", "fanout",
         {"rooms": 1, "members": 1000, "publishers": 10, "rate": 50},
         (Figure("lat_us_p50", "ms", "p50", 1e-3, max_ratio=1.1),
          Figure("lat_us_p99", "ms", "p99", 1e-3, max_ratio=1.1)),
         AGAINST_LIMIT, PEERS),
    fanout("threads-batched", "2 I/O threads, 1×1000, 4 × window 8",
           publishers=4, window=8, max_ratio=1.15, contenders=THREADS),
    fanout("threads-unbatched", "2 I/O threads, 1×1000, window 1",
           max_ratio=1.15, contenders=THREADS),
    Work("idle", "idle connection, resident user memory", "idle",
         {"conns": 19000, "concurrency": 128, "src-count": 4, "hold": 5},
         (Figure("rss_bytes_per_conn", "B", at_most=4096),),
         ARRIVING, PEERS, publish=None, traffic=False),
    Work("connect", "connect + join, 19000 connections", "connect",
         {"conns": 19000, "concurrency": 128, "src-count": 4},
         (Figure("server_us_per_connection", "µs", at_most=35),),
         ARRIVING, PEERS, publish=None, traffic=False),
    Work("churn", "churn: connect, join, 3 messages, vanish", "churn",
         {"slots": 100, "rooms": 10, "messages": 3, "close": "mix"},
         (Figure("server_us_per_cycle", "µs"),),
         AGAINST_LIMIT, traffic=False),
)

# Too small to measure anything: only exactness counts.
SMOKE = (
    fanout("smoke-fanout", "fan-out 1×20", members=20, publishers=2, window=4),
    fanout("smoke-rooms", "4 rooms × 5", rooms=4, members=5,
           contenders=(PARLOR,)),
    fanout("smoke-threads", "2 I/O threads, 1×20", members=20, publishers=4,
           window=2, contenders=(Contender("Parlor", "parlor", cores=2),)),
    Work("smoke-private", "private messages, 10 pairs", "pingpong",
         {"pairs": 10, "window": 2}, cpu(), (PARLOR,), publish="private"),
    fanout("smoke-rounds", "fan-out 1×20 in rounds", members=20,
           publishers=2, window=4, contenders=(PARLOR,), rounds=10),
    Work("smoke-churn", "churn, 20 slots", "churn",
         {"slots": 20, "rooms": 4, "messages": 3, "close": "mix"},
         (Figure("server_us_per_cycle", "µs"),), (PARLOR,), traffic=False),
)


@dataclass(frozen=True)
class Pace:
    """How often each work runs and for how long; times are seconds."""

    runs: int
    times: dict


FULL = Pace(3, {"warmup": 1, "duration": 5})
QUICK = Pace(1, {"warmup": 0.5, "duration": 2})
SMOKE_PACE = Pace(1, {"warmup": 0.1, "duration": 0.5, "settle": 0.1})
