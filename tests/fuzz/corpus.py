#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Inputs of a fuzz target, as one file that people can read: an input a line,
what is not printable ASCII as in a Python string.

corpus.py unpack FILE FOLDER, corpus.py pack FOLDER FILE
"""
import hashlib
import pathlib
import sys


def unpack(file, folder):
    for line in file.read_text(encoding="ascii").splitlines():
        data = line.encode("ascii").decode("unicode_escape").encode("latin-1")
        name = hashlib.sha1(data).hexdigest()
        (folder / name).write_bytes(data)


def pack(folder, file):
    inputs = (path.read_bytes() for path in folder.iterdir())
    lines = [data.decode("latin-1").encode("unicode_escape").decode("ascii")
             for data in inputs if data]
    lines.sort(key=lambda line: (len(line), line))
    file.write_text("".join(line + "\n" for line in lines), encoding="ascii")


def main(action, source, result):
    {"unpack": unpack, "pack": pack}[action](
        pathlib.Path(source), pathlib.Path(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
