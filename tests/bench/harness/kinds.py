# SPDX-License-Identifier: MIT
"""Parlor and the limit server: how each is started and how its clients
talk."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Kind:
    """A server's command line and wsload's templates for it."""

    command: callable  # (programs, port, contender, directory) -> list
    path: str
    join: str      # empty: who connects is in
    ready: str     # what answers it; empty: nothing does
    messages: dict
    private_path: str = ""  # where private messages have one of their own
    speech: tuple = ()      # further options of wsload
    status: int = 0         # how it ends on SIGTERM
    workers: int = 0        # processes that it starts


def parlor_command(programs, port, contender, directory):
    options = {
        "server.port": port,
        "server.threads": contender.cores,
        "log.format": "json",
        "log.level": "warn",
        "limits.messages-per-second": 0,
    }
    command = [f"--{key}={value}" for key, value in options.items()]
    return [str(programs.parlor), *command,
            *(f"--{option}" for option in contender.options)]


def counted_parlor_command(programs, port, contender, directory):
    """Parlor under callgrind, which writes its sum at the end. Without the
    large cache malloc's way, and so the count, would depend on where the heap
    happens to begin."""
    return ["env", "GLIBC_TUNABLES=glibc.malloc.tcache_count=65535",
            "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
            f"--log-file={directory}/callgrind.log",
            *parlor_command(programs, port, contender, directory)]


def limit_command(programs, port, contender, directory):
    return [str(programs.limit), str(port), "coalesce"]


CONTENT = '"content":"{content:100}"'

KINDS = {
    "parlor": Kind(
        parlor_command, "/ws/u{id}",
        '{"type":"join","room":"r{room}","id":1}', '"ok":true',
        {"room": '{"type":"chat","room":"r{room}",' + CONTENT + "}",
         "private": '{"type":"private","to":"u{peer}",' + CONTENT + "}"}),
    "limit": Kind(
        limit_command, "/ws",
        '{"type":"join","room":"r{room}","user":"u{id}"}', '"joined"',
        {"room": '{"type":"msg","room":"r{room}",' + CONTENT + "}",
         "private": '{"type":"dm","to":"u{peer}",' + CONTENT + "}"}),
}
KINDS["counted parlor"] = replace(KINDS["parlor"],
                                  command=counted_parlor_command)
