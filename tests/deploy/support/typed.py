# SPDX-License-Identifier: MIT
"""What TypeScript thinks of data for which npm has types: unknown members,
missing ones, and values of the wrong kind."""

import json
import subprocess


def complaints(npm, folder, values):
    """Of (type, module, value)s; nothing where all are well."""
    lines = []
    for n, (name, module, value) in enumerate(values):
        lines.append(f"import type {{{name} as T{n}}} from '{module}';")
        lines.append(f"export const x{n}: T{n} = {json.dumps(value)};")
    (folder / "values.ts").write_text("\n".join(lines) + "\n")
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(npm)
    done = subprocess.run(
        [npm / ".bin/tsc", "--noEmit", "--strict", "--skipLibCheck",
         "--preserveSymlinks", "--module", "nodenext", "--target", "es2022",
         "values.ts"], cwd=folder, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    assert (done.returncode == 0) == (done.stdout == ""), done
    return done.stdout
