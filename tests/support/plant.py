#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Applies a unified diff to a copy of one file: plant.py SOURCE PATCH RESULT.

A hunk goes where its old lines are, wherever that is, as long as they are
there once: a planted bug does not hang on line numbers.
"""
import re
import sys


def hunks_of(patch):
    """The (old, new) texts of a patch."""
    for hunk in re.split(r"^@@.*@@.*\n", patch, flags=re.MULTILINE)[1:]:
        lines = hunk.splitlines(keepends=True)
        yield (
            "".join(line[1:] for line in lines if line[0] in " -"),
            "".join(line[1:] for line in lines if line[0] in " +"),
        )


def main(source, patch, result):
    with open(source, encoding="utf-8") as file:
        text = file.read()
    with open(patch, encoding="utf-8") as file:
        for old, new in hunks_of(file.read()):
            if text.count(old) != 1:
                sys.exit(f"{patch} does not fit {source}")
            text = text.replace(old, new)
    with open(result, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
