# SPDX-License-Identifier: MIT
"""A run, whatever the language: each drawn mutant is tried by the tests that
reach it, the cheaper ones first."""

from concurrent.futures import ThreadPoolExecutor

from . import report


def announced(mutants, chosen):
    """Tells how many there are; all of them, and true, where no more is wanted."""
    print(f"seed {chosen.seed}: {len(mutants)} mutants in "
          f"{len({x.path for x in mutants})} files", flush=True)
    if chosen.draw:
        print("\n".join(x.key for x in mutants))
    return chosen.draw


def tried(root, runner, mutants, chosen, place, stages, compiled=list):
    """Gives the mutants that could be tried, with their outcomes. Each of the
    stages tells the steps for a mutant, `compiled` keeps those that compile."""
    known = report.equivalents(root / "tests/mutation/equivalent.txt")
    results = report.Results(place, chosen.resume)
    mutants = compiled(mutants)
    left = []
    for mutant in mutants:
        before = results.known(mutant.key)
        if mutant.key in known:
            mutant.outcome, mutant.how = "equivalent", known[mutant.key]
        elif before:
            mutant.outcome, mutant.how = before
        else:
            left.append(mutant)
    for steps_of in stages[chosen.slow:2 - chosen.fast]:
        if left:
            left = attempt(runner, left, results, chosen.jobs, steps_of)
    for mutant in mutants:
        if mutant.outcome in report.MISSED:
            print(f"\n{report.told(mutant, mutant.outcome, mutant.how)}\n"
                  f"  {mutant.key}\n{mutant.diff(mutant.source)}", flush=True)
    return mutants


def attempt(runner, mutants, results, jobs, steps_of):
    """Runs the tests without a mutant, and then tries each; gives those that
    nothing noticed."""
    steps = list(dict.fromkeys(x for m in mutants for x in steps_of(m)))
    runner.prepare(steps)
    tests = {}
    for step in steps:
        tests[step] = runner.clean(step)
        print(f"clean: {step.label}: {len(tests[step])} tests, "
              f"{sum(x.seconds for x in tests[step]):.1f} s", flush=True)

    def one(mutant):
        mine = [x for step in steps_of(mutant) for x in tests[step]]
        outcome, how = runner.try_mutant(mutant.number, mine)
        # A stage that does not reach it takes back nothing.
        if outcome != "unreached" or not mutant.outcome:
            mutant.outcome, mutant.how = outcome, how
        results.note(mutant.key, mutant.outcome, mutant.how)
        print(report.told(mutant, mutant.outcome, mutant.how), flush=True)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, mutants))
    return [x for x in mutants if x.outcome in report.MISSED]
