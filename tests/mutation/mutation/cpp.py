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
             if build.command_of(x)
             and chosen.group in (None, drawing.group_of(x))]
    files = drawing.drawn_files(build.root, paths, chosen.count, rng)
    found = []
    most = max(drawing.MOST_OF_A_FILE, -(-chosen.count // max(1, len(files))))
    listed = {}
    for together in in_groups(files):
        listed |= drawing.remembered(
            build.folder.parent / "found", build.root, together,
            lambda paths: all_of(build, paths))
    for path in files:
        source = (build.root / path).read_bytes()
        mutants = [Mutant(**{**x, "edits": tuple(Edit(**e) for e in x["edits"])})
                   for x in listed[path]]
        mine = drawing.drawn(mutants, min(most, chosen.count - len(found)), rng)
        for number, mutant in enumerate(mine, len(found) + 1):
            mutant.number, mutant.source = number, source
        found += mine
    return found


def in_groups(paths, most=8):
    """Of one folder each, as they may be compiled as one (record 0025)."""
    folders = {}
    for path in paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    for mine in folders.values():
        yield from (mine[i:i + most] for i in range(0, len(mine), most))


def all_of(build, paths):
    """What clang finds in these files, as JSON has it."""
    found = mutants_of(build.root, paths, build.arguments(paths[0]),
                       build.folder)
    return {path: [asdict(x) for x in mutants]
            for path, (mutants, _) in found.items()}


def compiled(build, mutants):
    kept = []
    for paths in in_groups(list(dict.fromkeys(x.path for x in mutants))):
        mine = [x for x in mutants if x.path in paths]
        kept += build.compile(mine)
    for mutant in mutants:
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
