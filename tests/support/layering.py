#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what DESIGN.md says of the tree: who may include whom, and what may
not be in a folder. `layering.py ROOT` prints each violation and fails."""

import pathlib
import re
import sys

# What each folder may include besides itself.
LAYERS = {
    "telemetry": set(),
    "messages": set(),
    "tls": set(),
    "auth": {"messages"},
    "actors": {"messages", "telemetry"},
    "transport": {"messages", "telemetry", "tls"},
    "cluster": {"messages", "telemetry", "tls"},
    # Looks at actors, and answers whom transport hands over: so it needs both,
    # and neither needs it.
    "inspection": {"messages", "telemetry", "actors", "transport"},
    "app": {"messages", "telemetry", "tls", "auth", "actors", "transport",
            "cluster", "inspection"},
}

# Pattern in an include, and the folders that may have it.
INCLUDES_AT_HOME = [
    (r"nlohmann/", ("messages/wire/", "cluster/etcd/", "tests/")),
    (r"boost/beast", ("transport/", "cluster/etcd/", "tests/")),
    (r"caf/(io|openssl)/", ("cluster/links/",)),
    (r"spdlog/", ("telemetry/",)),
    (r"prometheus/", ("telemetry/",)),
    (r"jwt\.h", ("auth/", "tests/auth/")),
    (r"caf/all\.hpp", ()),
]

# Pattern in the code of a folder, and what it is.
NOT_IN_ACTORS = [
    (r"\bstd::(recursive_|shared_|timed_)*mutex\b", "a mutex"),
    (r"\b(lock_guard|unique_lock|scoped_lock|shared_lock)\b", "a mutex"),
    (r"\bcondition_variable\b", "a wait"),
    (r"\b(sleep_for|sleep_until|usleep|nanosleep)\b", "a sleep"),
    (r"\bscoped_actor\b", "a blocking actor"),
]
# Clients choose names, and std::hash can be foreseen: strings are hashed by
# `keyed_hash` (messages/keyed_hash.hpp). The one exception hashes literals.
GUESSED_HASH = re.compile(
    r"\bstd::(hash\s*<\s*(std::)?(string|string_view)\b"
    r"|unordered_\w+\s*<\s*(const\s+)?std::(string|string_view)\b"
    r"(?![^;]*\bkeyed_hash\b)|_Hash_bytes\b)|\bboost::(hash|unordered)\b",
    re.DOTALL)
GUESSED_HASH_IS_FINE = ("telemetry/repeats.cpp",)
NOT_IN_CODE = {"actors": NOT_IN_ACTORS, "inspection": NOT_IN_ACTORS}

# Trees of their own, whose includes begin there.
OWN_ROOTS = ("tests/mutation/small/", "tests/mutation/")

SUFFIXES = {".hpp", ".cpp", ".cmake"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# One pass over comments and literals, so that none hides another.
TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<end>[^(\s]*)\(.*?\)(?P=end)"'
    r'|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def blanked(text, keeps=()):
    """The code: comments and literals are blank, lines stay where they are;
    tokens that begin with one of `keeps` are left."""
    return TOKENS.sub(
        lambda match: match[0] if match[0].startswith(keeps)
        else re.sub(r"[^\n]", " ", match[0]), text)


def files(root):
    folders = [*LAYERS, "tests", "cmake", "web", "clients"]
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            listed = path.suffix in SUFFIXES or path.name == "CMakeLists.txt"
            if listed and path.is_file() and "node_modules" not in path.parts:
                yield path, relative.as_posix()


def check_include(root, name, opening, target):
    """Yields what is wrong with one include of the file `name`."""
    own = next((one for one in OWN_ROOTS if name.startswith(one)), "")
    root = root / own
    for pattern, homes in INCLUDES_AT_HOME:
        if re.match(pattern, target) and not name.startswith(homes or "\0"):
            yield f"<{target}> is not for this folder"
    layer = name.split("/")[0]
    folder = target.split("/")[0]
    ours = folder in LAYERS or folder == "tests"
    if opening == "<":
        if ours and (root / target).is_file():
            yield f"<{target}> is ours: use quotes"
        return
    if not (root / target).is_file() or target != str(
            pathlib.PurePosixPath(target)) or ".." in target.split("/"):
        yield f'"{target}" is no path from the root'
    elif layer in LAYERS and folder != layer and folder not in LAYERS[layer]:
        yield f'{layer}/ may not include "{target}"'


def check_file(root, path, name):
    """Yields (line, what is wrong) of one file."""
    text = path.read_text(encoding="utf-8")
    head = text.splitlines()[:2]
    if not any("SPDX-License-Identifier: MIT" in line for line in head):
        yield 1, "no SPDX line"
    if path.suffix not in {".hpp", ".cpp"}:
        return
    # The paths of includes look like literals.
    for number, line in enumerate(blanked(text, ('"',)).splitlines(), 1):
        if match := INCLUDE.match(line):
            for problem in check_include(root, name, match[1], match[2]):
                yield number, problem
    code = blanked(text)
    if path.suffix == ".hpp" and not re.search(
            r"^#pragma once$", code, re.MULTILINE):
        yield 1, "no #pragma once"
    layer = name.split("/")[0]
    if layer in LAYERS and name not in GUESSED_HASH_IS_FINE:
        for match in GUESSED_HASH.finditer(code):
            yield (code.count("\n", 0, match.start()) + 1,
                   "a hash of strings that clients can foresee")
    for number, line in enumerate(code.splitlines(), 1):
        for pattern, what in NOT_IN_CODE.get(layer, []):
            if re.search(pattern, line):
                yield number, f"{what} in {layer}/"


def violations(root):
    root = pathlib.Path(root)
    return [f"{name}:{line}: {problem}"
            for path, name in files(root)
            for line, problem in check_file(root, path, name)]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: layering.py ROOT")
    if not (pathlib.Path(sys.argv[1]) / "messages").is_dir():
        sys.exit(f"layering.py: no source tree in {sys.argv[1]}")
    found = violations(sys.argv[1])
    print("\n".join(found) or "the layering holds")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
