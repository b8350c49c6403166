# SPDX-License-Identifier: MIT
"""What a process writes, a line of JSON each, as it comes."""

import json
import threading
import time

from .environment import DEADLINE


class Lines:
    def __init__(self, stream):
        self.all = []
        self._stream = stream
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for line in self._stream:
            try:
                one = json.loads(line)
            except ValueError:
                one = {"unparsed": line.decode(errors="replace")}
            with self._changed:
                self.all.append(one)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, wanted, after=0, deadline=DEADLINE):
        """The index of the first line behind `after` lines that is wanted."""
        end = time.monotonic() + deadline
        at = after
        with self._changed:
            while True:
                for i in range(at, len(self.all)):
                    if wanted(self.all[i]):
                        return i
                at = max(at, len(self.all))
                left = end - time.monotonic()
                if left <= 0 or (self._ended and at == len(self.all)):
                    raise AssertionError(
                        "it never came; the last lines:\n" + "\n".join(
                            str(x) for x in self.all[-20:]))
                self._changed.wait(left)

    def join(self):
        self._thread.join(DEADLINE)
