# SPDX-License-Identifier: MIT
"""A run of mutants in C++."""

from dataclasses import asdict

from . import drawing, plans
from .building import Build
from .mutants import Edit, Mutant
from .operators import mutants_of
from .session import announced, tried
from .trying import Runner


def drawn_mutants(build, folders, chosen):
    """Those that compile, up to the count, each with its number; and what the
    files are."""
    rng = drawing.rng_of(chosen.seed)
    paths = [x for x in drawing.sources(build.root, folders)
             if str(build.root / x) in build.commands
             and chosen.group in (None, drawing.group_of(x))]
    files = drawing.drawn_files(build.root, paths, chosen.count, rng)
    found = []
    most = max(drawing.MOST_OF_A_FILE, -(-chosen.count // max(1, len(files))))
    for path in files:
        source = (build.root / path).read_bytes()

        def find(path=path):
            mutants, _ = mutants_of(build.root, path, build.arguments(path))
            return [asdict(x) for x in mutants]
        listed = drawing.remembered(build.folder.parent / "found", build.root,
                                    path, find)
        mutants = [Mutant(**{**x, "edits": tuple(Edit(**e) for e in x["edits"])})
                   for x in listed]
        mine = drawing.drawn(mutants, min(most, chosen.count - len(found)), rng)
        for number, mutant in enumerate(mine, len(found) + 1):
            mutant.number, mutant.source = number, source
        found += mine
    return found


def compiled(build, mutants):
    kept = []
    for path in dict.fromkeys(x.path for x in mutants):
        mine = [x for x in mutants if x.path == path]
        kept += build.compile(path, mine[0].source, mine)
        for mutant in mine:
            if mutant not in kept:
                print(f"left out, does not compile: {mutant.key}", flush=True)
    return kept


class CppRunner(Runner):
    def __init__(self, build, place):
        super().__init__(build.root, place)
        self.build = build

    def prepare(self, steps):
        """Builds what they need, with the mutants in it."""
        targets = list(dict.fromkeys(
            x for step in steps for x in (step.programs or (step.target,))
            if x not in self.programs))
        if targets:
            self.build.needs(targets)
        for target in targets:
            self.programs[target] = self.build.link(target)


def session(root, folders, chosen, place):
    build = Build(root, chosen.build, place)
    mutants = drawn_mutants(build, folders, chosen)
    if announced(mutants, chosen):
        return mutants
    stages = [lambda x: plans.fast(drawing.folder_of(x.path)),
              lambda x: plans.slow(drawing.folder_of(x.path),
                                   drawing.group_of(x.path))]
    return tried(root, CppRunner(build, place), mutants, chosen, place, stages,
                 lambda some: compiled(build, some))
