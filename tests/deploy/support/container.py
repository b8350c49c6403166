# SPDX-License-Identifier: MIT
"""A process of an image as an engine would start it: as the image's user, the
first process of its namespace, without capabilities, on a read-only root."""

import pathlib
import re
import signal
import subprocess
import threading

from .chroot import inside

# The root becomes read-only in a mount namespace of this process alone.
PREPARED = """
mount --make-rprivate / && mount --bind "$0" "$0" && cd "$0" &&
mount -t proc proc "$0/proc" && mount -o remount,bind,ro "$0" && exec "$@"
"""


def isolated(image, *command):
    """Runs a command so, with the image's environment."""
    user, group = image.user.split(":")
    return ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL",
            "sh", "-c", PREPARED, str(image.root),
            *inside(image.root, "setpriv", f"--reuid={user}",
                    f"--regid={group}", "--clear-groups",
                    "--bounding-set=-all", "--inh-caps=-all",
                    "--no-new-privs", *command, **image.environment)]


class Container:
    """`arguments` stand in the place of the image's CMD."""

    def __init__(self, image, *arguments):
        self.image = image
        self._outside = subprocess.Popen(
            isolated(image, *image.entrypoint, *arguments),
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.log = []
        self.port = None
        for line in self._outside.stderr:
            self.log.append(line)
            if found := re.search(r"listening .*port=(\d+)", line):
                self.port = int(found[1])
                break
        assert self.port, "".join(self.log)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        self.log.extend(self._outside.stderr)

    @property
    def process(self):
        """Its first process, as this machine numbers it."""
        outside = self._outside.pid
        children = pathlib.Path(
            f"/proc/{outside}/task/{outside}/children").read_text()
        return int(children)

    @property
    def status(self):
        """/proc/PID/status as a dict."""
        text = pathlib.Path(f"/proc/{self.process}/status").read_text()
        return dict(line.split(":\t", 1) for line in text.splitlines())

    def stop(self, deadline=45):
        """As `docker stop` does; the exit code."""
        name = self.image.stop_signal
        subprocess.run(["kill", f"-{signal.Signals[name].value}",
                        str(self.process)], check=True)
        return self.wait(deadline)

    def wait(self, deadline=45):
        code = self._outside.wait(deadline)
        self._reader.join()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._outside.poll() is None:
            self._outside.kill()
        self.wait()
        self._outside.stderr.close()
