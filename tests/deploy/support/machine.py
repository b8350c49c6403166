# SPDX-License-Identifier: MIT
"""A small Debian that was booted: systemd is its first process, and it has a
network of its own that leads nowhere."""

import os
import pathlib
import signal
import subprocess
import time

# For the boot, and for what is waited for afterwards.
PATIENCE = 120


class Machine:
    """OSError where nothing can be booted here."""

    def __init__(self, root):
        self.root = root
        self._log = open(root.with_suffix(".log"), "w+")
        self._outside = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit",
             "--private-network", f"--machine=parlor-{os.getpid()}",
             "--console=pipe", f"--directory={root}", "--boot"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            start_new_session=True)
        self._first = None
        try:
            self._inside = self._entered()
            self.until(lambda: self.says("systemctl", "is-system-running")
                       in ("running", "degraded"))
        except BaseException:
            self.end()
            raise

    def _entered(self):
        """What runs a command there."""
        pid = self._outside.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
        end = time.monotonic() + PATIENCE
        # Until its first process has become systemd, all is in place.
        while True:
            for child in children.read_text().split():
                if pathlib.Path(f"/proc/{child}/comm").read_text() == "systemd\n":
                    self._first = int(child)
                    return ["nsenter", "--target", child, "--mount", "--uts",
                            "--ipc", "--net", "--pid", "env", "-i",
                            "DEBIAN_FRONTEND=noninteractive",
                            "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
            if self._outside.poll() is not None:
                self._log.seek(0)
                raise OSError(self._log.read().strip())
            assert time.monotonic() < end, "it does not boot"
            time.sleep(0.05)

    def do(self, *command):
        """Exit code and what it said, to both."""
        done = subprocess.run([*self._inside, *command], text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.strip()

    def says(self, *command):
        return self.do(*command)[1]

    def must(self, *command):
        """What it said."""
        code, said = self.do(*command)
        assert code == 0, said
        return said

    def unit(self, name):
        """What systemd knows of a unit."""
        return dict(line.split("=", 1) for line in self.must(
            "systemctl", "show", name).splitlines() if "=" in line)

    @staticmethod
    def until(holds):
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, "it never came"
            time.sleep(0.1)

    def end(self):
        """Its first process ends, and all others with it."""
        if self._first:
            os.kill(self._first, signal.SIGKILL)
        else:
            self._outside.terminate()
        self._outside.wait(PATIENCE)
        self._log.close()
