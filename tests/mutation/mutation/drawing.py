# SPDX-License-Identifier: MIT
"""Which files there are, to which group they belong, and which of their mutants
a seed draws."""

import hashlib
import json
import pathlib
import random
import re

FOLDERS = ("messages", "auth", "telemetry", "transport", "actors", "app",
           "cluster")
OF_CLUSTER = re.compile(r"^cluster/|(^|/)(shared_|replica|user_shard)|_shared\."
                        r"|^app/(neighbours|link_table|cluster_|options_cluster)")
MOST_OF_A_FILE = 4


def group_of(path):
    if path.endswith(".js"):
        return "JavaScript"
    return "cluster" if OF_CLUSTER.search(path) else "single node"


def folder_of(path):
    return "clients/js" if path.startswith("clients/js") \
        else path.split("/")[0]


def sources(root, folders):
    """The C++ files of these folders, or those that are named themselves."""
    found = []
    for folder in folders:
        place = pathlib.Path(root, folder)
        if place.is_file():
            found.append(place)
        elif place.is_dir():
            found += place.rglob("*.cpp")
        else:
            raise SystemExit(f"mutation: no {folder}")
    return sorted({str(x.relative_to(root)) for x in found})


def drawn_files(root, paths, count, rng):
    """Enough for `count` mutants, by their size, in the order of the draw."""
    weights = {path: sum(1 for line in pathlib.Path(root, path).open()
                         if line.strip()) for path in paths}
    chosen = []
    wanted = -(-count // MOST_OF_A_FILE)
    while weights and len(chosen) < wanted:
        names = sorted(weights)
        path, = rng.choices(names, [weights[x] for x in names])
        del weights[path]
        chosen.append(path)
    return chosen


def drawn(mutants, most, rng):
    """Of one file: each kind is as likely as any other, however often it could
    be made. None at the same place as another."""
    left = list(mutants)
    chosen = []
    while left and len(chosen) < most:
        kind = rng.choice(sorted({x.kind for x in left}))
        mutant = rng.choice([x for x in left if x.kind == kind])
        chosen.append(mutant)
        left = [x for x in left if not overlap(x, mutant)]
    return chosen


def overlap(one, two):
    """Whether their ranges cross; to be inside of another is no trouble."""
    if one is two:
        return True
    for a in one.edits:
        for b in two.edits:
            if a.start < b.end and b.start < a.end and not (
                    a.start <= b.start and b.end <= a.end
                    or b.start <= a.start and a.end <= b.end):
                return True
    return len(one.edits) > 1 and len(two.edits) > 1 and any(
        a.start < b.end and b.start < a.end
        for a in one.edits for b in two.edits)


def remembered(folder, root, paths, find):
    """What `find` finds in files, {path: list}, kept for as long as a file and
    the operators are the same: clang takes seconds."""
    here = pathlib.Path(__file__).parent
    operators = [x.read_bytes() for x in (here / "operators.py",
                                          here / "mutants.py")]
    places = {}
    for path in paths:
        digest = hashlib.sha256(b"".join(
            [path.encode(), pathlib.Path(root, path).read_bytes(), *operators]))
        places[path] = pathlib.Path(folder, f"{digest.hexdigest()[:20]}.json")
    missing = [x for x in paths if not places[x].exists()]
    if missing:
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        for path, found in find(missing).items():
            places[path].write_text(json.dumps(found))
    return {x: json.loads(places[x].read_text()) for x in paths}


def rng_of(seed):
    return random.Random(f"parlor {seed}")
