# SPDX-License-Identifier: MIT
"""A run of mutants in JavaScript: Stryker's instrumenter makes them, the tests
are those of clients/js and tests/web."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from . import drawing
from . import session as session_of
from .building import Build
from .mutants import Edit, Mutant, give_keys
from .plans import Step
from .trying import Runner, Test

HERE = pathlib.Path(__file__).resolve().parents[1] / "javascript"
PLACES = ("clients/js/parlor.js", "clients/js/parlor", "web")
# The inspector is in debug builds alone.
LEFT_OUT = ("web/inspect/",)


def files(root, folders):
    found = []
    for place in PLACES:
        place = pathlib.Path(root, place)
        found += [place] if place.is_file() else place.rglob("*.js")
    names = sorted(str(x.relative_to(root)) for x in found)
    return [x for x in names if not x.startswith(LEFT_OUT) and any(
        x == folder or x.startswith(f"{folder}/") for folder in folders)]


def npm_ci(root, folder):
    subprocess.run([root / "tests/support/npm-ci", folder], check=True,
                   stdout=subprocess.DEVNULL)


def all_mutants(root, place, paths):
    """Of these files, which are instrumented in `place`."""
    npm_ci(root, HERE)
    said = subprocess.run(["node", HERE / "instrument.js", root, place, *paths],
                          check=True, text=True, capture_output=True).stdout
    mutants = []
    for one in json.loads(said):
        source = pathlib.Path(root, one["fileName"]).read_bytes()
        start, end = (offset(source, one["location"][x])
                      for x in ("start", "end"))
        mutants.append(Mutant(
            one["mutatorName"], one["fileName"], "",
            (Edit(start, end, "value", one["replacement"]),),
            number=int(one["id"]), source=source))
    for path in paths:
        mine = [x for x in mutants if x.path == path]
        if mine:
            give_keys(mine, mine[0].source)
    return mutants


def offset(source, location):
    """Lines count from 0, columns in UTF-16."""
    lines = source.decode().splitlines(keepends=True)
    line = lines[location["line"]].encode("utf-16-le")
    return len("".join(lines[:location["line"]]).encode()) + len(
        line[:2 * location["column"]].decode("utf-16-le").encode())


def drawn(mutants, count, seed):
    """A file is as likely as it is long, a kind as likely as any other in it."""
    rng = drawing.rng_of(seed)
    left = {}
    for mutant in mutants:
        left.setdefault(mutant.path, []).append(mutant)
    sizes = {path: len(mine[0].source) for path, mine in left.items()}
    chosen = []
    while left and len(chosen) < count:
        path, = rng.choices(sorted(left), [sizes[x] for x in sorted(left)])
        kind = rng.choice(sorted({x.kind for x in left[path]}))
        mutant = rng.choice([x for x in left[path] if x.kind == kind])
        chosen.append(mutant)
        left[path].remove(mutant)
        if not left[path]:
            del left[path]
    return chosen


class JavaScriptRunner(Runner):
    def __init__(self, root, folder, parlor):
        super().__init__(root, folder)
        self.parlor = parlor

    def command(self, step, names=None, scratch=None):
        folder, file = step.arguments
        # The machine may have other work.
        patient = {"PARLOR_TEST_SLOWDOWN": os.environ.get(
            "PARLOR_TEST_SLOWDOWN", "3")}
        return ["node", "--require", str(HERE / "reached.cjs"), "--test", file], \
            folder, {**patient, "PARLOR_BIN": str(self.parlor or ""),
                     "NODE_OPTIONS": f"--require={HERE / 'reached.cjs'}"}

    def clean(self, step):
        with tempfile.TemporaryDirectory(dir=self.folder) as told:
            before = os.times()
            environment = {"PARLOR_MUTANTS_REACHED": told}
            outcome, said = self.run(step, environment)
            if outcome != "passed":
                outcome, said = self.run(step, environment)
            seconds = os.times().elapsed - before.elapsed
            if outcome != "passed":
                print(f"left out, fails without a mutant: {step.label}\n"
                      f"{said[-2000:]}", flush=True)
                return []
            numbers = {int(x) for file in pathlib.Path(told).glob("*.json")
                       for x in json.loads(file.read_text())}
            return [Test(step, step.label, seconds, frozenset(numbers))]

    @staticmethod
    def active(number):
        return {"__STRYKER_ACTIVE_MUTANT__": str(number)}


def copied(root, place):
    """A copy of the client library and its tests, for the instrumented files."""
    npm_ci(root, root / "clients/js")
    npm_ci(root, root / "tests/web")
    for name in ("clients/js", "tests/web", "web", "docs"):
        shutil.copytree(root / name, place / name, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("node_modules"))
    for name in ("clients/js", "tests/web"):
        link = place / name / "node_modules"
        if not link.is_symlink():
            link.symlink_to(root / name / "node_modules")


def with_pages(root, build, place):
    """The service with the instrumented pages in it."""
    manifest = (build.build / "transport/pages.txt").read_text()
    build.needs(["parlor"])
    lines = manifest.replace(f" {root}/clients/", f" {place}/clients/") \
        .replace(f" {root}/web/", f" {place}/web/")
    (place / "pages.txt").write_text(lines)
    output = place / "src" / "pages_data.cpp"
    output.parent.mkdir(exist_ok=True)
    subprocess.run(
        ["cmake", "-D", f"MANIFEST={place / 'pages.txt'}", "-D",
         f"OUTPUT={output}", "-D", "NAMESPACE=parlor::transport", "-D",
         "FUNCTION=pages", "-D", "HEADER=transport/pages.hpp", "-P",
         root / "cmake/embed.cmake"], check=True)
    target = output.with_suffix(".o")
    errors = build.compiled(build.command_of("transport/pages.cpp"), output,
                            target)
    if errors:
        raise SystemExit(errors)
    build.objects["transport/pages_data.cpp"] = target
    return build.link("parlor")


def session(root, folders, chosen, place):
    copy = place / "tree"
    copied(root, copy)
    mutants = drawn(all_mutants(root, copy, files(root, folders)),
                    chosen.count, chosen.seed)
    if session_of.announced(mutants, chosen):
        return mutants
    in_web = any(x.path.startswith("web/") for x in mutants)
    parlor = None
    if in_web or not chosen.fast:
        parlor = with_pages(root, Build(root, chosen.build, place), copy)
    runner = JavaScriptRunner(root, place, parlor)

    def steps(folder, pattern):
        return [Step("node", f"{folder}/{x.relative_to(copy / folder)}",
                     (str(copy / folder), str(x.relative_to(copy / folder))))
                for x in sorted((copy / folder).glob(pattern))
                if x.name not in ("inspector.test.js", "types.test.js")]
    client = steps("clients/js", "test/*.test.js")
    service = steps("clients/js", "test/service/*.test.js")
    web = steps("tests/web", "*.test.js")

    def first(mutant):
        return web if mutant.path.startswith("web/") else client

    def then(mutant):
        return service + web if mutant.path.startswith("clients/") else []
    return session_of.tried(root, runner, mutants, chosen, place, [first, then])
