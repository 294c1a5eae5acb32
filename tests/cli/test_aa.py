#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench aa and plan, on results whose boots are set here."""

import json
import math
import os
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import USAGE, Work, check, contains, main, same, test
from made_results import made, put

# R: log(1.005) + (qt(0.975, 2 * n - 2) + qt(0.8, 2 * n - 2)) * sqrt(2 * 0.01^2 / n), n = 5, 10
DETECTABLE = {"5": 1.02551387, "10": 1.018405684}


def values_of(result, bench):
    return [math.log(case["per_op"]["median"]) for case in result["cases"]
            if case["bench"] == bench]


@test("identical kernels are called different in about 5 of 100 comparisons, worse in fewer")
def alarms():
    with Work() as work:
        path = put(work, "aa.json", made(12, 1, noise=0.01, seed=5))
        found = json.loads(work.run("aa", path, "--json").out)
        check(0.03 < found["differs"] < 0.07, f"alarms {found['differs']}")
        check(found["regressed"] < found["differs"] / 2, f"regressed {found['regressed']}")
        for case in found["cases"]:
            same(case["boots"], 12, "boots")
        text = work.run("aa", path).out
        contains("of comparisons of the same kernel find a difference", text)
        contains("locks/mutex", text)


@test("plan: deviations between and within boots, and what so many boots detect")
def plan():
    result = made(20, 1, noise=0.01, seed=6)
    with Work() as work:
        path = put(work, "plan.json", result)
        found = json.loads(work.run("plan", path, "--json").out)
        for case in found["cases"]:
            bench = case["case"].split("/")[1].split(" ")[0].split(",")[0]
            if bench == "empty":
                continue
            between = statistics.stdev(values_of(result, bench))
            check(abs(case["between"] - between) < 1e-9, f"{bench}: {case['between']}, {between}")
            scale = between / 0.01
            for boots, wanted in DETECTABLE.items():
                got = math.log(case["detectable"][boots]) - math.log(1.005)
                due = scale * (math.log(wanted) - math.log(1.005))
                check(abs(got / due - 1) < 1e-6, f"{bench}, {boots} boots: {got}, wanted {due}")
        text = work.run("plan", path).out
        contains("10 BOOTS", text)
        contains("a boot with these cases takes", text)


@test("too few boots, counted instructions and no file: exit 2")
def bad_input():
    with Work() as work:
        few = put(work, "few.json", made(3, 1))
        counted = put(work, "insn.json", made(6, 1, unit="insn", fidelity="icount"))
        for command in ("aa", "plan"):
            work.bad(USAGE, command, says="--boots 12")
            work.bad(USAGE, command, few, says="four boots")
            work.bad(USAGE, command, counted, says="no noise")
            work.bad(USAGE, command, few, few, says="one result")
            work.bad(USAGE, command, work.path("none.json"), says="none.json")


if __name__ == "__main__":
    main()
