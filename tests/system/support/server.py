# SPDX-License-Identifier: MIT
"""The service as a process: started with options, stopped by SIGTERM."""

import asyncio
import os
import signal
import ssl
import subprocess

from . import certificates
from .environment import BINARY, DEADLINE, EVERYTHING_BY_TLS
from .http_client import HttpClient
from .log import Log

DEFAULTS = {"server.port": "0", "server.threads": "2", "log.format": "json"}


def command_line(*options, binary=BINARY):
    """`"limits.rooms=3"` becomes `--limits.rooms=3`; defaults give way."""
    chosen = {option.split("=")[0] for option in options}
    defaults = [f"{key}={value}" for key, value in DEFAULTS.items()
                if key not in chosen and "config-file" not in chosen]
    return [str(binary)] + [f"--{option}" for option in [*defaults, *options]]


def run(*options, deadline=DEADLINE):
    """Runs the binary to its end, with nothing but these options."""
    return subprocess.run(
        [str(BINARY), *(f"--{option}" for option in options)],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=deadline)


class Server:
    """One running service."""

    def __init__(self, *options, allow_errors=False, env=None,
                 preexec_fn=None, binary=BINARY):
        """`env` is added to this environment; `preexec_fn` is called in the
        child. Clients speak TLS where an option names the certificate."""
        self._allow_errors = allow_errors
        file = next((option.split("=")[1] for option in options
                     if option.startswith("tls.certificate=")), None)
        if EVERYTHING_BY_TLS and not file:
            file = str(certificates.of_all().file)
            options += certificates.of_all().options
        # Whom clients trust, and how they begin; None where there is no TLS.
        self.certificate = file
        self.tls = file and ssl.create_default_context(cafile=file)
        command = command_line(*options, binary=binary)
        # What `/ws` speaks, as far as the command line says.
        self.ws_dialect = (
            "text" if "dialect.ws=text" in options else "typed")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, preexec_fn=preexec_fn,
            env={**os.environ, **(env or {})})
        self.log = Log(self.process.stderr,
                       parse="--log.format=text" not in command)
        try:
            listening = self.log.wait_for(event="listening")
        except AssertionError:
            self.kill()
            raise
        self.host, self.port = listening["host"], listening["port"]
        self.http = HttpClient(self.port, self.tls)

    @property
    def alive(self):
        return self.process.poll() is None

    async def logged(self, **fields):
        """`log.wait_for` that lets this test's clients go on meanwhile."""
        return await asyncio.to_thread(self.log.wait_for, **fields)

    def admin(self, path="/admin/connections"):
        """The JSON of an admin page, with nothing missing."""
        answer = self.http.whole(path)
        assert answer.status == 200, answer
        return answer.json

    def total(self):
        return self.admin()["total"]

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, deadline=DEADLINE):
        """The exit code; the log is whole then."""
        code = self.process.wait(deadline)
        self.log.join()
        return code

    def stop(self):
        """Ends the service and checks that it ended well."""
        if self.alive:
            self.terminate()
        try:
            code = self.wait(3 * DEADLINE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the service did not end after SIGTERM")
        self.process.stderr.close()
        assert code == 0, f"exit code {code}\n" + "\n".join(self.log.text[-60:])
        self._check_log()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.join()
        self.process.stderr.close()

    def _check_log(self):
        if self._allow_errors:
            return
        bad = [text for text, line in zip(self.log.text, self.log.lines)
               if line.get("level") in ("error", "critical", "unparsed")]
        assert not bad, "unexpected in the log:\n" + "\n".join(bad)
