# SPDX-License-Identifier: MIT
"""Runs wsload against the contenders, interleaved, and takes medians."""

import json
import statistics
import subprocess

from .servers import Failure, running

# Beyond warm-up and duration: opening 10,000 connections, draining, closing.
WSLOAD_PATIENCE = 180

# wsload's counters that must be 0; its exit status covers only some of them.
FAULTS = ("lost", "dup", "out_of_order", "died", "close_frames", "bad_frames",
          "rsv_frames", "bad_stamps", "alien", "connect_failed",
          "handshake_failed", "failed")


def wsload_command(programs, work, pace, server, cores):
    kind = server.kind
    path = work.publish == "private" and kind.private_path or kind.path
    command = [
        str(programs.wsload), "--mode", work.mode,
        "--label", f"{work.id}: {server.contender.name}",
        "--url", f"ws://127.0.0.1:{server.port}{path}",
        "--server-pid", ",".join(map(str, server.pids())),
        "--server-core", str(server.core), "--cpu", str(cores[1]),
        *kind.speech]
    if kind.join:
        command += ["--send-on-open", kind.join]
    if kind.ready:
        command += ["--ready-marker", kind.ready]
    if work.publish:
        command += ["--publish", kind.messages[work.publish]]
    for key, value in {**pace.times, **work.options}.items():
        command += [f"--{key}", str(value)]
    return command


def generate(command, patience):
    """wsload's report."""
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL,
                                capture_output=True, text=True,
                                timeout=patience)
    except subprocess.TimeoutExpired:
        raise Failure(f"wsload was not done after {patience:.0f} s")
    try:
        report = json.loads(result.stdout)
    except ValueError:
        words = result.stderr.strip().splitlines() or ["it said nothing"]
        raise Failure(f"wsload ended with {result.returncode}: {words[-1]}")
    return report, result.returncode


def by_rounds(options):
    """How many messages wsload's rounds are; None where it goes by time."""
    if "rounds" not in options:
        return None
    each = options.get("pairs") or options["rooms"] * options["publishers"]
    return options["rounds"] * options["window"] * each


def fault_in(report, status, work):
    """Why this report proves nothing; None where it does."""
    faults = [f"{report[key]:.0f} {key}" for key in FAULTS if report.get(key)]
    if work.traffic and not report["delivered_total"]:
        faults.append("nothing delivered")
    wanted = by_rounds(work.options)
    if wanted not in (None, report.get("published_total")):
        faults.append(f"{report['published_total']:.0f} published instead of "
                      f"{wanted}")
    # Churn drops connections of its own; the server must have noticed all.
    if report.get("server_fds_after", 0) > report.get("server_fds_before", 0):
        faults.append("descriptors {server_fds_before:.0f} -> "
                      "{server_fds_after:.0f}".format_map(report))
    if status != 0 and not faults:
        faults.append(f"wsload ended with {status}")
    if faults and report["first_error"]:
        faults.append(report["first_error"])
    return ", ".join(faults) or None


def run_once(programs, work, pace, contender, cores):
    """One run on a fresh server: its commands and wsload's report."""
    with running(programs, contender, cores) as server:
        command = wsload_command(programs, work, pace, server, cores)
        report, status = generate(
            command, WSLOAD_PATIENCE + sum(pace.times.values()))
        fault = fault_in(report, status, work)
    if fault:
        raise Failure(fault)
    return {"server": server.command, "wsload": command, "report": report}


def foreign_share(report):
    """What others took of the server's core, %."""
    return max(0, report.get("core_busy_pct", 0)
               - report.get("server_cpu_pct", 0))


def summary(values):
    return {"median": statistics.median(values), "min": min(values),
            "max": max(values), "values": values}


def measure(programs, work, pace, cores, progress):
    """All runs of a work. `failed` says why there are no figures, or is None:
    then nothing more is run. A peer that fails is left out from there on and
    has its reason in `peer_failures`."""
    runs = {one.name: [] for one in (*work.contenders, *work.peers)}
    failed = None
    peer_failures = {}
    for number in range(pace.runs):
        for contender in (*work.contenders, *work.peers):
            name = contender.name
            if failed or name in peer_failures:
                continue
            progress(f"{work.id} {number + 1}/{pace.runs}: {name}")
            try:
                runs[name].append(
                    run_once(programs, work, pace, contender, cores))
            except Failure as failure:
                if contender in work.peers:
                    peer_failures[name] = str(failure)
                else:
                    failed = f"{name}: {failure}"
    result = {"id": work.id, "title": work.title, "failed": failed,
              "reference": work.contenders[0].name,
              "subject": work.contenders[-1].name,
              "peers": [peer.name for peer in work.peers],
              "peer_failures": peer_failures, "runs": runs}
    result["figures"] = [] if failed else [
        figure_of(figure, work, runs, peer_failures)
        for figure in work.figures]
    result["foreign_pct"] = max(
        (foreign_share(run["report"]) for contender in work.contenders
         if contender.cores == 1 for run in runs[contender.name]), default=0)
    return result


def figure_of(figure, work, runs, without):
    """Medians and spread of each contender but `without`, and the goal."""
    by_name = {
        name: summary([run["report"][figure.key] * figure.scale
                       for run in its_runs])
        for name, its_runs in runs.items() if name not in without}
    reference = by_name[work.contenders[0].name]["median"]
    subject = by_name[work.contenders[-1].name]["median"]
    ratio = subject / reference if reference > 0 else None
    met = None
    if figure.max_ratio is not None:
        met = ratio is not None and ratio <= figure.max_ratio
    elif figure.at_most is not None:
        met = subject <= figure.at_most
    return {"name": figure.name, "key": figure.key, "unit": figure.unit,
            "contenders": by_name, "ratio": ratio,
            "max_ratio": figure.max_ratio, "at_most": figure.at_most,
            "met": met}
