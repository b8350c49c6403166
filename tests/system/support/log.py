# SPDX-License-Identifier: MIT
"""The service's log lines, parsed while they arrive.

The service writes them from a thread of its own: what a client has seen may not
be in them yet. So a line is waited for, or the log is read when it is whole."""

import json
import threading
import time

from .environment import DEADLINE


class Log:
    """Collects the lines of a stream on a thread of its own."""

    def __init__(self, stream, parse):
        self.text = []
        self.lines = []
        self._parse = parse
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(
            target=self._collect, args=(stream,), daemon=True)
        self._thread.start()

    def _collect(self, stream):
        for raw in stream:
            text = raw.decode("utf-8", "backslashreplace").rstrip("\n")
            with self._changed:
                self.text.append(text)
                self.lines.append(self._parsed(text))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _parsed(self, text):
        if not self._parse:
            return {}
        try:
            line = json.loads(text)
        except ValueError:
            return {"level": "unparsed", "event": text}
        return line if isinstance(line, dict) else {
            "level": "unparsed", "event": text}

    @property
    def whole(self):
        """The text of all lines, of a service that has ended."""
        assert self._ended, "there may be more: stop the service first"
        return "\n".join(self.text)

    def find(self, **fields):
        """All lines that have these fields, of a service that has ended."""
        assert self._ended, "there may be more: stop the service first"
        return [line for line in self.lines if has(line, fields)]

    def wait_for(self, predicate=None, deadline=DEADLINE, **fields):
        """The first line, past or to come, that fits."""
        fits = predicate or (lambda line: has(line, fields))
        until = time.monotonic() + deadline
        checked = 0
        with self._changed:
            while True:
                for line in self.lines[checked:]:
                    if fits(line):
                        return line
                checked = len(self.lines)
                left = until - time.monotonic()
                if left <= 0 or self._ended:
                    raise AssertionError(
                        f"no log line with {fields or predicate} in:\n"
                        + "\n".join(self.text[-30:]))
                self._changed.wait(left)

    def join(self, deadline=DEADLINE):
        """Waits for the stream's end."""
        self._thread.join(deadline)


def has(line, fields):
    return all(key in line and line[key] == value
               for key, value in fields.items())
