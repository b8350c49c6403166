# SPDX-License-Identifier: MIT
"""Writes the results: JSON, the picture, and the measured part of
docs/benchmarks.md."""

import json

from . import counts, plot, table
from .layout import markdown, text

BEGIN, END = "<!-- table -->", "<!-- /table -->"


def write_json(path, results):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n",
                    encoding="utf-8")


def cores(results):
    """Who runs where."""
    server, generator = results["cores"]
    if results.get("cluster"):
        return f"one node on core {server}, three and the generators on any"
    return f"server on core {server}, generator on core {generator}"


def about(results):
    machine = results["machine"]
    return [
        f"Measured {results['date']} with `{results['command']}`: "
        f"{results['runs']} runs each, interleaved; median (min–max).",
        "",
        f"- Machine: {machine['cpu']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB; {cores(results)}",
        f"- System: {machine['system']}, Linux {machine['kernel']}, "
        f"TCP {machine['congestion_control']}, {machine['open_files']:,} "
        f"descriptors a process",
        f"- Versions: {machine['parlor']} (commit {machine['commit']}), "
        f"{machine['compiler']}",
        *([f"- Peers: {', '.join(results['peers'])}"]
          if results["peers"] else []),
    ]


def listed(heading, items):
    return ["", heading, "", *(f"- {item}" for item in items)] if items else []


def tables(results):
    """Those that were measured: heading, table's headings and rows, and what
    there is to say below."""
    if results["works"]:
        yield ("Parlor against limit", *table.works(results["works"]),
               listed("A peer without a figure:",
                      table.peer_failures(results["works"]))
               + listed("The machine was not quiet:",
                        table.doubts(results["works"])))
    if results["counts"]:
        yield ("Instructions", *table.counts(results["counts"]["rows"]),
               listed("Doubtful:", counts.remarks(results["counts"])))
    if growth := results["growth"]:
        failed = [growth["failed"]] if growth["failed"] else []
        yield ("Growth of a room", *table.sizes(growth),
               listed("FAILED:", failed))
        yield ("Many rooms", *table.rooms(growth), [])
    if attacks := results.get("attacks"):
        yield ("A bystander under attack", *table.attacks(attacks), [])
    if cluster := results.get("cluster"):
        failed = [cluster["failed"]] if cluster["failed"] else []
        yield ("A message to another node", *table.deliveries(cluster),
               listed("FAILED:", failed) + table.beside(cluster))
        yield ("One node and three", *table.loads(cluster), [])


def terminal(results):
    return "\n\n".join(
        "\n".join([text(headings, rows), *below])
        for _, headings, rows, below in tables(results))


def measured_part(results, *first):
    lines = [*about(results), *first]
    for heading, headings, rows, below in tables(results):
        lines += ["", f"### {heading}", "", markdown(headings, rows), *below]
    return "\n".join(lines)


def replace_part(path, text):
    """What stands between the two marks."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{path}: no place between {BEGIN} and {END}")
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}",
                    encoding="utf-8")


def update_docs(path, results):
    """Replaces what stands between the two marks, and the picture."""
    picture = path.with_suffix(".svg")
    replace_part(path, measured_part(
        results, "", f"![The ratios of the table as bars]({picture.name})"))
    picture.write_text(plot.svg(results["works"]), encoding="utf-8")


def update_scaling(path, results):
    """The same for what three nodes cost, which has no picture."""
    replace_part(path, measured_part(results))
