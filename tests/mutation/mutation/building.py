# SPDX-License-Identifier: MIT
"""The instrumented build: only the files with mutants are compiled, and linked
before what is built already, as tests/CMakeLists.txt plants bugs."""

import json
import pathlib
import re
import shlex
import subprocess

from . import mutants as schemata

HERE = pathlib.Path(__file__).resolve().parents[1]


def written(place, made, content):
    """Whether it was there already when something was made of it."""
    if place.exists() and place.read_bytes() == content:
        return place.stat().st_mtime < made
    place.write_bytes(content)
    return False


class Build:
    def __init__(self, root, build, folder):
        """`build` is configured by CMake; `folder` takes what is made here."""
        self.root, self.build = pathlib.Path(root), pathlib.Path(build)
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        commands = json.loads(
            (self.build / "compile_commands.json").read_text())
        self.commands = {x["file"]: shlex.split(x["command"])
                         for x in commands}
        self.objects = {}
        # Keys of what does not compile, for another run with this seed.
        self.notes = self.folder / "left_out.json"
        self.left_out = set(json.loads(self.notes.read_text())) \
            if self.notes.exists() else set()

    def arguments(self, path):
        """What clang has to know to read a file."""
        command = self.command_of(path)
        return [x for x in command if re.match(r"-(I|D|std=|isystem)", x)] \
            + [y for x, y in zip(command, command[1:]) if x == "-isystem"]

    def compile(self, mutants):
        """Compiles some files of a folder, as one, with their mutants; gives
        those that they are compiled with. The compiler's errors name the
        others."""
        mutants = [x for x in mutants if x.key not in self.left_out]
        paths = list(dict.fromkeys(x.path for x in mutants))
        if len(paths) > 1 and any(
                str(self.root / x) in self.commands for x in paths):
            return self.one_by_one(mutants, paths)
        sources = {x.path: x.source for x in mutants}
        if not paths:
            return []
        together = self.folder / "src" / f"{paths[0]}.together.cpp"
        together.parent.mkdir(parents=True, exist_ok=True)
        while mutants:
            includes = []
            target = together.with_suffix(".o")
            made = target.stat().st_mtime if target.exists() else 0
            fresh = True
            for path in paths:
                place = self.folder / "src" / path
                place.parent.mkdir(parents=True, exist_ok=True)
                fresh &= written(place, made, schemata.instrumented(
                    sources[path], [x for x in mutants if x.path == path]))
                includes.append(f'#include "{place}"\n')
            fresh &= written(together, made, "".join(includes).encode())
            # An earlier run with this seed may have made it.
            errors = None
            if not fresh:
                target.unlink(missing_ok=True)
                errors = self.compiled(self.command_of(paths[0]), together,
                                       target)
            if errors is None:
                self.objects[paths[0]] = target
                return mutants
            wrong = self.named(errors, mutants)
            if not wrong and len(paths) > 1:
                # They may have names that clash.
                return self.one_by_one(mutants, paths)
            # Where the compiler names a line without any, the last one goes.
            wrong = wrong or mutants[-1:]
            mutants = [x for x in mutants if x not in wrong]
            self.left_out |= {x.key for x in wrong}
            self.notes.write_text(json.dumps(sorted(self.left_out)))
        return []

    def one_by_one(self, mutants, paths):
        return [x for path in paths for x in self.compile(
            [x for x in mutants if x.path == path])]

    def named(self, errors, mutants):
        def covers(mutant):
            place = self.folder / "src" / mutant.path
            lines = {int(x) for x in re.findall(
                rf"{re.escape(str(place))}:(\d+):", errors)}
            return any(mutant.source[:e.start].count(b"\n") + 1 <= line
                       <= mutant.source[:e.end].count(b"\n") + 1
                       for e in mutant.edits for line in lines)
        return [x for x in mutants if covers(x)]

    def command_of(self, path):
        """How it is compiled, or any file of its library, where several are
        compiled as one; None where it is not."""
        command = self.commands.get(str(self.root / path))
        target = f"{path.split('/')[0]}/CMakeFiles/"
        return command or next(
            (x for x in self.commands.values()
             if x[x.index("-o") + 1].startswith(target)), None)

    def compiled(self, like, place, target):
        """None, or the errors."""
        command = list(like)
        command[command.index("-o") + 1] = str(target)
        command[command.index("-c") + 1] = str(place)
        command = [x for x in command if x not in ("-Werror", "-O3", "-O2")]
        command += ["-w", "-O0", "-Wno-narrowing", "-Wno-subobject-linkage",
                    "-I", str(HERE)]
        done = subprocess.run(command, cwd=self.build, text=True,
                              capture_output=True, check=False)
        return None if done.returncode == 0 else done.stderr

    def helper(self, name, like):
        """An object of this folder, compiled as a file of the project is."""
        target = self.folder / f"{name}.o"
        source = HERE / "mutation" / f"{name}.cpp"
        if not target.exists() \
                or target.stat().st_mtime < source.stat().st_mtime:
            errors = self.compiled(self.command_of(like), source, target)
            if errors is not None:
                raise SystemExit(errors)
        return target

    def needs(self, targets, jobs=1):
        subprocess.run(["ninja", "-C", str(self.build), "-j", str(jobs),
                        *targets], check=True)

    def link(self, target):
        """A program of the build with the mutants in it; gives its path."""
        output = subprocess.run(
            ["ninja", "-C", str(self.build), "-t", "commands", target],
            text=True, capture_output=True, check=True).stdout
        command = shlex.split(output.splitlines()[-1].replace("&& :", "")
                              .replace(": &&", ""))
        place = self.folder / "bin" / target
        place.parent.mkdir(exist_ok=True)
        at = command.index("-o") + 1
        command[at] = str(place)
        libraries = " ".join(command)
        extra = [str(x) for path, x in self.objects.items()
                 if f"libparlor_{path.split('/')[0]}.a" in libraries
                 or path.startswith("app/") and target == "parlor"]
        any_file = next(iter(self.objects))
        extra.append(str(self.helper("runtime", any_file)))
        if "parlor_catch" in libraries or "Catch2" in libraries:
            extra.append(str(self.helper("listener", any_file)))
        # The same names are in the libraries: the first one is taken.
        command[at + 1:at + 1] = [*extra, "-Wl,-z,muldefs"]
        subprocess.run(command, cwd=self.build, check=True)
        return place
