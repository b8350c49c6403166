# SPDX-License-Identifier: MIT
"""Runs tests: once without a mutant, to see what each reaches and takes, and then
with each mutant those that reach it."""

import os
import pathlib
import resource
import signal
import subprocess
import tempfile
from dataclasses import dataclass

from . import plans

MEMORY = 6 << 30
FEW_WORLDS = {"PARLOR_TEST_WORLDS": "50"}


@dataclass
class Test:
    """One test case, program or file, as it was without a mutant."""
    step: plans.Step
    name: str
    seconds: float
    reached: frozenset


class Runner:
    # Seconds of the clock and of the processor beyond what the tests took without
    # a mutant: what takes longer hangs. The machine may have other work, so that
    # the first are generous.
    patience, processor = 30, 10

    def __init__(self, root, folder):
        self.root, self.folder = pathlib.Path(root), pathlib.Path(folder)
        self.programs = {}  # target: path

    def limits(self, seconds):
        return self.patience + 4 * seconds, int(self.processor + 4 * seconds)

    def command(self, step, names=None, scratch=None):
        """The command, the directory, and what it needs in the environment."""
        if step.kind == "pytest":
            folder, file = step.target.split("/")
            return [*plans.PYTEST, file], self.root / "tests" / folder, {
                "PARLOR_BIN": str(self.programs.get("parlor", "")),
                "PARLOR_CLUSTER_NODE":
                    str(self.programs.get("cluster_node", ""))}
        command = [str(self.programs[step.target]), *step.arguments]
        if names is not None:
            file = pathlib.Path(scratch, "names")
            file.write_text("".join(f"{escaped(x)}\n" for x in names))
            command += ["--abort", "-f", str(file)]
        return command, scratch or self.folder, {}

    def run(self, step, environment, seconds=None, names=None):
        """The outcome (`passed`, `failed`, `hung`) and what was said."""
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            command, cwd, more = self.command(step, names, scratch)
            wall, cpu = self.limits(seconds) if seconds is not None else (3000, 0)

            def prepare():
                # Browsers and what pytest starts take what they want.
                if step.kind in ("cases", "program"):
                    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
                    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                    if cpu:
                        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
            process = subprocess.Popen(
                command, cwd=cwd,
                env={**os.environ, **FEW_WORLDS, **environment, **more},
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=prepare)
            try:
                said, _ = process.communicate(timeout=wall)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                said, _ = process.communicate()
                return "hung", said.decode(errors="replace")
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return "hung", said.decode(errors="replace")
        return "failed" if process.returncode else "passed", \
            said.decode(errors="replace")

    def prepare(self, steps):
        """Before they are run for the first time."""

    # -- without a mutant ------------------------------------------------------

    def clean(self, step):
        """The tests of a step. One that fails without a mutant says nothing."""
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            reached = pathlib.Path(scratch, "reached")
            told = pathlib.Path(scratch, "cases")
            before = os.times()
            outcome, said = self.run(step, {
                "PARLOR_MUTANTS_REACHED": str(reached),
                "PARLOR_MUTANTS_CASES": str(told)})
            seconds = os.times().elapsed - before.elapsed
            if step.kind == "cases":
                return list(told_cases(step, told))
            if outcome != "passed":
                print(f"left out, fails without a mutant: {step.label}\n"
                      f"{said[-2000:]}", flush=True)
                return []
            where = reached.read_bytes() if reached.exists() else b""
            numbers = frozenset(i for i, x in enumerate(where) if x)
            return [Test(step, step.label, seconds, numbers)]

    # -- with one --------------------------------------------------------------

    @staticmethod
    def active(number):
        """What the environment says where this mutant is the active one."""
        return {"PARLOR_MUTANT": str(number)}

    def try_mutant(self, number, tests):
        """How the tests that reach it notice it, or nothing. What fails has to
        fail twice."""
        environment = self.active(number)
        reaching = [x for x in tests if number in x.reached]
        for batch in batches(reaching):
            step = batch[0].step
            names = [x.name for x in batch] if step.kind == "cases" else None
            seconds = sum(x.seconds for x in batch)
            outcome, said = self.run(step, environment, seconds, names)
            if outcome == "passed":
                continue
            again = self.run(step, environment, seconds, names)[0] \
                if outcome == "failed" else outcome
            if again != "passed":
                return outcome, f"{step.label}: {first_failure(said)}"
        return ("missed" if reaching else "unreached"), ""


def told_cases(step, file):
    for line in file.read_text().splitlines():
        seconds, failed, numbers, name = line.split("\t", 3)
        if failed == "0":
            yield Test(step, name, float(seconds),
                       frozenset(map(int, numbers.split())))


def batches(tests):
    """What is run at once, the cheapest first: of a program with cases those that
    are soon done, and then the others."""
    found = []
    for step in dict.fromkeys(x.step for x in tests):
        mine = sorted((x for x in tests if x.step == step),
                      key=lambda x: x.seconds)
        if step.kind != "cases":
            found += [[x] for x in mine]
            continue
        for most in (2, 6, float("inf")):
            batch, total = [], 0
            while mine and total + mine[0].seconds < most:
                total += mine[0].seconds
                batch.append(mine.pop(0))
            if batch:
                found.append(batch)
    return sorted(found, key=lambda x: sum(test.seconds for test in x))


def escaped(name):
    """As Catch2's filters want it."""
    for sign in '\\,[]"':
        name = name.replace(sign, "\\" + sign)
    return f'"{name}"'


def first_failure(said):
    lines = [x.strip() for x in said.splitlines()]
    for line in lines:
        if line.startswith(("FAILED test_", "ERROR test_")):
            return line
    for at, line in enumerate(lines):
        if line.startswith("----") and at + 1 < len(lines) and lines[at + 1]:
            return lines[at + 1]
        if line.startswith(("WRONG", "FAILED", "not ok")):
            return line
    return next((x for x in reversed(lines) if x), "no word")
