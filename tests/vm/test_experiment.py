#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Boots of several kernels, interleaved, and what comparing their results says."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import OK, USAGE, Work, check, load_result, main, same, test

REGRESSION = 1
KERNELS = ("6.1-cloud", "6.12-cloud")


def results_in(directory):
    """By the kernel's version."""
    results = {}
    for name in sorted(os.listdir(directory)):
        if name.endswith(".json"):
            path = os.path.join(directory, name)
            result = load_result(path)
            results[".".join(result["kernel"]["release"].split(".")[:2])] = (path, result)
    return results


@test("counted instructions of two kernels, two boots each: exact verdicts, and the gate")
def exact():
    with Work() as work:
        work.run("run", "locks/mutex,alloc/kmalloc_64,counters/plain", "--accel", "icount",
                 "--kernels", ",".join(KERNELS), "--boots", "2", "--no-plot", "-o", work.path("d"))
        results = results_in(work.path("d"))
        same(sorted(results), ["6.1", "6.12"], "kernels")
        ids = {result["experiment"]["id"] for _, result in results.values()}
        same(len(ids), 1, "experiments")
        for _, result in results.values():
            same([(boot["block"], boot["seed"]) for boot in result["boots"]], [(1, 1), (2, 2)],
                 "blocks and seeds")
        old, new = results["6.1"][0], results["6.12"][0]
        found = json.loads(work.run("compare", old, new, "--gate", "--json", exit=REGRESSION).out)
        verdicts = {case["bench"]: case["verdict"] for case in found["cases"]}
        # In 6.12 a mutex takes some instructions more than in 6.1, and one addition is one.
        same(verdicts["mutex"], "regressed", "mutex")
        same(verdicts["plain"], "equivalent", "plain")
        check(all(case["exact"] and case["boots"] == [2, 2] for case in found["cases"]),
              str(found["cases"]))
        work.run("compare", new, old, "--gate", "--only", "regressed", exit=REGRESSION)
        work.run("compare", old, old, "--gate", "--strict", exit=OK)


@test("times of interleaved boots are compared in pairs; a seed repeats their order")
def paired():
    with Work() as work:
        orders = []
        for name in ("a", "b"):
            work.run("run", "counters/plain", "--accel", "tcg", "--kernels", ",".join(KERNELS),
                     "--boots", "2", "--seed", "7", "--time", "2ms", "--samples", "8", "--no-plot",
                     "-o", work.path(name))
            results = results_in(work.path(name))
            started = sorted((boot["started"], kernel, boot["block"])
                             for kernel, (_, result) in results.items()
                             for boot in result["boots"])
            same([block for _, _, block in started], [1, 1, 2, 2], "blocks in time")
            same({result["experiment"]["seed"] for _, result in results.values()}, {7}, "seed")
            orders.append([kernel for _, kernel, _ in started])
        same(orders[0], orders[1], "order")
        found = json.loads(work.run("compare", "--json", results["6.1"][0],
                                    results["6.12"][0]).out)
        for case in found["cases"]:
            check(case["paired"] and not case["exact"] and "ci95" in case, str(case))


@test("boots and seeds that do not go together: exit 2")
def bad_input():
    with Work() as work:
        run = ("run", "counters/plain")
        work.bad(USAGE, *run, "--boots", "0", says="--boots 0")
        work.bad(USAGE, *run, "--boots", "many", says="--boots many")
        work.bad(USAGE, *run, "--boots", "2", "--target", "host", says="--boots")
        work.bad(USAGE, *run, "--boots", "2", "--backend", "bpf", says="--boots")
        work.bad(USAGE, *run, "--seed", "1", says="--accel icount")
        work.bad(USAGE, *run, "--boots", "3", "--seed", "1,2", says="--seed")
        work.bad(USAGE, *run, "--boots", "3", "--seed", "1-5", "--accel", "icount",
                 says=["--seed names 5", "--boots 3"])


if __name__ == "__main__":
    main()
