# SPDX-License-Identifier: MIT
"""The test program: the cluster part of one node."""

import signal
import subprocess

from .environment import DEADLINE, NODE
from .lines import Lines


class Node:
    def __init__(self, name="a", **options):
        """`Node("a", etcd=[url, url], ttl=2)`."""
        self.name = name
        command = [str(NODE), f"id={name}"]
        for key, value in options.items():
            for one in value if isinstance(value, list) else [value]:
                command.append(f"{key.replace('_', '-')}={one}")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        self.told = Lines(self.process.stdout)
        self.log = Lines(self.process.stderr)

    def say(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def mark(self):
        """How much was told until now."""
        return len(self.told.all)

    def wait_for(self, event, after=0, **fields):
        """The first such event behind a mark."""
        at = self.told.wait_for(
            lambda x: x.get("event") == event
            and all(x.get(key) == value for key, value in fields.items()),
            after)
        return self.told.all[at]

    def wait_for_members(self, *names, after=0, **fields):
        """The first view with just these, by the order of the names; each with
        these fields."""
        at = self.told.wait_for(
            lambda x: x.get("event") == "view"
            and [m["id"] for m in x["members"]] == list(names)
            and all(m[key] == value for m in x["members"]
                    for key, value in fields.items()), after)
        return self.told.all[at]

    def events(self, *kinds):
        return [x for x in self.told.all if x["event"] in kinds]

    def views(self):
        """By revision."""
        return {x["revision"]: x["members"] for x in self.events("view")}

    def incarnation(self):
        """Of itself, in the last view."""
        members = self.events("view")[-1]["members"]
        return next(m["incarnation"] for m in members if m["id"] == self.name)

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        self.signal(signal.SIGSTOP)

    def go_on(self):
        self.signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self._close()

    def quit(self):
        """Ends it in good order; answers the exit code."""
        if self.process.poll() is None:
            self.go_on()
            try:
                self.say("quit")
            except BrokenPipeError:
                pass
        try:
            return self.process.wait(DEADLINE)
        finally:
            self._close()

    def _close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.told.join()
        self.log.join()
        for stream in (self.process.stdin, self.process.stdout,
                       self.process.stderr):
            try:
                stream.close()
            except BrokenPipeError:
                pass
