# SPDX-License-Identifier: MIT
"""Reads a Dockerfile, and does what it says in chroots. It knows as much of the
language as deploy/containers/Dockerfile uses; anything else is an error."""

import contextlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field

from .chroot import copied, inside

BASE = "debian:12-slim"

# How that image's dpkg differs from one that debootstrap has made: it leaves
# documents out, and does not wait for the disk.
DPKG = """force-unsafe-io
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/groff/*
path-exclude /usr/share/info/*
path-exclude /usr/share/lintian/*
path-exclude /usr/share/locale/*
path-exclude /usr/share/man/*
"""


@dataclass
class Stage:
    base: str
    name: str
    # (keyword, arguments) in their order.
    steps: list = field(default_factory=list)

    def of(self, keyword):
        return [rest for word, rest in self.steps if word == keyword]


def parse(text):
    """The stages, the last one being the image."""
    lines = [line for line in text.splitlines()
             if line.strip() and not line.startswith("#")]
    stages = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            base, *named = rest.split()
            assert not named or named[0] == "AS", line
            stages.append(Stage(base, named[1] if named else ""))
        else:
            stages[-1].steps.append((word, rest))
    return stages


def ignored(repository, path):
    """Whether .dockerignore keeps this from the build."""
    for line in (repository / ".dockerignore").read_text().splitlines():
        if line and not line.startswith("#"):
            name = line.removeprefix("**/")
            assert name and not set(name) & set("*!?[/"), f"too clever: {line}"
            parts = path.parts if line != name else path.parts[:1]
            if name in parts:
                return True
    return False


class Image:
    """One stage as a folder: after `with built(...) as image` what a container
    begins with."""

    def __init__(self, root, repository, others, run):
        """`others`: folders of the stages that --from names."""
        self.root = root
        self.environment = {}
        self.user = "0:0"
        self.folder = "/"
        self.entrypoint = self.command = []
        self.stop_signal = "SIGTERM"
        self._repository = repository
        self._others = others
        self._execute = run
        # What runs a step's command here.
        self.around = []

    def do(self, word, rest):
        """One step; an unknown one is an AttributeError."""
        getattr(self, f"_{word.lower()}")(rest)

    def _workdir(self, rest):
        self.folder = rest
        self._place(rest).mkdir(parents=True, exist_ok=True)

    def _copy(self, rest):
        words = rest.split()
        source = self._repository
        if words[0].startswith("--from="):
            source = self._others[words.pop(0).removeprefix("--from=")]
        assert not words[0].startswith("--"), rest
        *names, to = words
        for name in names:
            self._copy_one(source, name.strip("/"), to)

    def _copy_one(self, source, name, to):
        def hidden(folder, names):
            return [x for x in names if source == self._repository and ignored(
                source, (pathlib.Path(folder) / x).relative_to(source))]
        file = source / name
        assert source != self._repository or not ignored(
            source, pathlib.Path(name)), name
        place = self._place(to)
        if file.is_dir():
            shutil.copytree(file, place, symlinks=True, ignore=hidden,
                            dirs_exist_ok=True)
            return
        if to.endswith("/"):
            place = place / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)

    def _run(self, rest):
        assert not rest.startswith(("--", "[")), rest
        assert self.user == "0:0", "no step of this user's is known of"
        self._execute(*self.around, *inside(
            self.root, "/bin/sh", "-c",
            f"cd {shlex.quote(self.folder)} && {rest}", **self.environment))

    def _env(self, rest):
        name, value = rest.split("=")
        self.environment[name] = value

    def _user(self, rest):
        self.user = rest

    def _expose(self, rest):
        pass

    def _stopsignal(self, rest):
        self.stop_signal = rest

    def _entrypoint(self, rest):
        self.entrypoint = json.loads(rest)

    def _cmd(self, rest):
        self.command = json.loads(rest)

    def _place(self, path):
        return self.root / (pathlib.Path(self.folder) / path).relative_to("/")


@contextlib.contextmanager
def built(stage, root, debian, repository, run, others=(), prepare=None):
    """Does a stage, step by step, in a new folder, `prepare(image)` first."""
    assert stage.base == BASE, stage.base
    with copied(debian, root):
        (root / "etc/dpkg/dpkg.cfg.d/slim").write_text(DPKG)
        image = Image(root, repository, dict(others), run)
        if prepare:
            prepare(image)
        for word, rest in stage.steps:
            image.do(word, rest)
        yield image


def share_ccache(image):
    """This machine's ccache, which may know what is compiled there: as far as it
    was filled with CCACHE_NOHASHDIR, a CCACHE_BASEDIR above the sources, and this
    language."""
    here = subprocess.run(["ccache", "-k", "cache_dir"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()
    place = image.root / "ccache"
    place.mkdir()
    image.environment.update(CCACHE_DIR="/ccache", CCACHE_BASEDIR="/source",
                             CCACHE_NOHASHDIR="1",
                             **{name: os.environ[name] for name in ("LANG",)
                                if name in os.environ})
    # For the steps' processes alone: whoever removes the folder later does not
    # remove what is mounted there.
    image.around = ["unshare", "--mount", "sh", "-c",
                    'mount --bind "$0" "$1" && shift && exec "$@"',
                    here, str(place)]
