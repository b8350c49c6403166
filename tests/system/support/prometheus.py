# SPDX-License-Identifier: MIT
"""A real Prometheus that scrapes a service, by the example of deploy/."""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml
from ports import free_port

from .environment import DEADLINE, REPOSITORY

FOLDER = REPOSITORY / "deploy" / "prometheus"
PAUSE_BETWEEN_LOOKS = 0.1


def program(name):
    """Debian's package prometheus has both; tests/packages.txt names it."""
    path = shutil.which(name)
    assert path, f"no {name}: install what tests/packages.txt names"
    return path


def promtool(*arguments, **options):
    return subprocess.run(
        [program("promtool"), *map(str, arguments)], capture_output=True,
        text=True, timeout=DEADLINE, **options)


class Prometheus:
    """Scrapes a service each second: `with Prometheus(...) as it`."""

    def __init__(self, service, folder, authorization=None):
        written = (FOLDER / "prometheus.yml").read_text()
        config = yaml.safe_load(written)
        config["global"] = {"scrape_interval": "1s",
                            "scrape_timeout": "1s",
                            "evaluation_interval": "1s"}
        config["rule_files"] = [str(FOLDER / one)
                                for one in config["rule_files"]]
        [job] = config["scrape_configs"]
        self.instance = f"127.0.0.1:{service.port}"
        job["static_configs"] = [{"targets": [self.instance]}]
        if authorization:
            job["authorization"] = authorization
        self._file = folder / "prometheus.yml"
        self._file.write_text(yaml.safe_dump(config))
        self._data = folder / "data"
        self._port = free_port()

    def __enter__(self):
        self._log = (self._data.parent / "prometheus.log").open("wb")
        self._process = subprocess.Popen(
            [program("prometheus"), f"--config.file={self._file}",
             f"--storage.tsdb.path={self._data}",
             f"--web.listen-address=127.0.0.1:{self._port}"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        try:
            self.wait(lambda: self._get("/-/ready") is not None)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._log.close()

    def wait(self, look):
        """Looks until it is true, and answers what was seen."""
        end = time.monotonic() + 3 * DEADLINE
        while not (seen := look()):
            assert self._process.poll() is None, "Prometheus has ended"
            assert time.monotonic() < end, "Prometheus did not see it"
            time.sleep(PAUSE_BETWEEN_LOOKS)
        return seen

    def wait_for(self, expression, value):
        """Until a single series has this value."""
        self.wait(lambda: self.value(expression) == value)

    def query(self, expression):
        """[(labels, value)] of an instant vector."""
        found = self.api("query", query=expression)
        if found["resultType"] == "scalar":
            return [({}, float(found["result"][1]))]
        return [(one["metric"], float(one["value"][1]))
                for one in found["result"]]

    def value(self, expression):
        """Of a single series; None where there is none."""
        found = self.query(expression)
        assert len(found) < 2, found
        return found[0][1] if found else None

    def api(self, what, **arguments):
        body = self._get(f"/api/v1/{what}?{urllib.parse.urlencode(arguments)}")
        assert body is not None, f"{what} {arguments} was refused"
        answer = json.loads(body)
        assert answer["status"] == "success", answer
        return answer["data"]

    def _get(self, path):
        try:
            with urllib.request.urlopen(
                    f"http://127.0.0.1:{self._port}{path}",
                    timeout=DEADLINE) as answer:
                return answer.read()
        except (urllib.error.HTTPError, OSError):
            return None
