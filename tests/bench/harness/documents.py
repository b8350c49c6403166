# SPDX-License-Identifier: MIT
"""Writes the results: JSON, and the measured part of docs/benchmarks.md."""

import json

from . import table

BEGIN, END = "<!-- table -->", "<!-- /table -->"


def write_json(path, results):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n",
                    encoding="utf-8")


def measured_part(results):
    about = results["machine"]
    lines = [
        f"Measured {results['date']} with `{results['command']}`: "
        f"{results['runs']} runs each, interleaved; median (min–max).",
        "",
        f"- Machine: {about['cpu']}, {about['cores']} cores, "
        f"{about['memory_gib']} GiB; server on core {results['cores'][0]}, "
        f"generator on core {results['cores'][1]}",
        f"- System: {about['system']}, Linux {about['kernel']}, "
        f"TCP {about['congestion_control']}, {about['open_files']:,} "
        f"descriptors a process",
        f"- Versions: {about['parlor']} (commit {about['commit']}), "
        f"{about['compiler']}",
        "",
        table.markdown(results["works"]),
    ]
    failures = table.peer_failures(results["works"])
    if failures:
        lines += ["", "A peer without a figure:", "",
                  *(f"- {failure}" for failure in failures)]
    doubts = table.doubts(results["works"])
    if doubts:
        lines += ["", "The machine was not quiet:", "",
                  *(f"- {doubt}" for doubt in doubts)]
    return "\n".join(lines)


def update_docs(path, results):
    """Replaces what stands between the two marks."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{path}: no place between {BEGIN} and {END}")
    path.write_text(f"{before}{begin}\n\n{measured_part(results)}\n\n"
                    f"{end}{after}", encoding="utf-8")
