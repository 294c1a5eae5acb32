#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench aa and plan, on results whose boots are set here."""

import json
import math
import os
import random
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


def halves_floor(values, splits=4000):
    """What 95 of 100 random halves differ by."""
    chance = random.Random(1)
    half = len(values) // 2
    sizes = []
    for _ in range(splits):
        chance.shuffle(values)
        sizes.append(abs(statistics.mean(values[:half]) - statistics.mean(values[half:2 * half])))
    return sorted(sizes)[int(0.95 * splits)]


@test("the floor is what random halves differ by; compare takes no smaller change for one")
def floor():
    result = made(12, 1, noise=0.02, seed=7)
    with Work() as work:
        path = put(work, "aa.json", result)
        found = json.loads(work.run("aa", path, "--json").out)
        floors = {}
        for case in found["cases"]:
            bench = case["case"].split("/")[1].split(" ")[0].split(",")[0]
            floors[bench] = case["floor"]
            if bench != "empty":
                due = halves_floor(values_of(result, bench))
                check(abs(math.log(case["floor"]) / due - 1) < 0.1,
                      f"{bench}: floor {case['floor']}, wanted {math.exp(due)}")
        contains("FLOOR", work.run("aa", path).out)
        # Clear by its boots, and yet less than boots of one kernel differ by.
        slower = math.sqrt(floors["mutex"])
        pair = (put(work, "a.json", made(12, 1, noise=0.0005, seed=8)),
                put(work, "b.json", made(12, slower, noise=0.0005, seed=9)))
        plain = json.loads(work.run("compare", *pair, "--json").out)
        same({case["verdict"] for case in plain["cases"]}, {"regressed"}, "without a floor")
        same({round(case["threshold"], 9) for case in plain["cases"]}, {1.005}, "thresholds")
        output = work.run("compare", *pair, "--floor", path, "--json", "--gate")
        for case in json.loads(output.out)["cases"]:
            if case["bench"] == "empty":
                continue
            check(abs(case["threshold"] / floors[case["bench"]] - 1) < 1e-9, str(case))
            wanted = "equivalent" if case["bench"] == "mutex" else None
            check(wanted in (None, case["verdict"]), str(case))
        text = work.run("compare", *pair, "--floor", path).out
        contains("THRESHOLD", text)
        contains(f"{100 * (floors['mutex'] - 1):.2f} %", text)
        contains("| THRESHOLD |", work.run("compare", *pair, "--floor", path, "--markdown").out)
        some = put(work, "some.json", made(12, 1, noise=0.02, seed=7, only=["mutex"]))
        found = json.loads(work.run("compare", *pair, "--floor", some, "--json").out)
        check(any("floor" in text for text in found["warnings"]), str(found["warnings"]))
        same(round(next(case["threshold"] for case in found["cases"]
                        if case["bench"] == "spin_lock"), 9), 1.005, "threshold without a floor")
        work.bad(USAGE, "compare", *pair, "--floor", work.path("none.json"), says="none.json")
        work.bad(USAGE, "compare", *pair, "--floor", pair[0], "--floor",
                 put(work, "few.json", made(3, 1)), says="four boots")
        native = put(work, "native.json", made(6, 1, fidelity="native"))
        for options in ((), ("--by", "kernel"), ("--force",)):
            other = put(work, "c.json", made(3, 1, seed=10))
            with open(other, encoding="utf-8") as file:
                result = json.load(file)
            result["kernel"]["release"] = "7.2.0-test"
            put(work, "c.json", result)
            output = work.run("compare", pair[0], other, "--floor", native, *options, exit=USAGE)
            same(output.err, f"kbench: --floor {native} does not fit {pair[0]}: fidelity "
                             "differs (native, tcg); measure both alike\n", "stderr")


@test("results of one kernel and the same settings are taken together")
def pooled():
    halves = [made(3, 1, noise=0.01, seed=seed) for seed in (1, 2)]
    for number, result in enumerate(halves):
        result["id"] = f"{number:08x}-0000-4000-8000-000000000000"
    with Work() as work:
        paths = [put(work, f"{i}.json", result) for i, result in enumerate(halves)]
        for command in ("aa", "plan"):
            found = json.loads(work.run(command, *paths, "--json").out)
            for case in found["cases"]:
                same(case["boots"], 6, "boots")
                bench = case["case"].split("/")[1].split(" ")[0].split(",")[0]
                if bench == "empty":
                    continue
                values = values_of(halves[0], bench) + values_of(halves[1], bench)
                check(abs(case["between"] - statistics.stdev(values)) < 1e-9, bench)
            work.bad(USAGE, command, paths[0], paths[0], says="one result")
            native = put(work, "native.json", made(3, 1, fidelity="native"))
            output = work.run(command, paths[0], native, exit=USAGE)
            same(output.err, f"kbench: {paths[0]} and {native} cannot be taken together: fidelity "
                             "differs (tcg, native)\n", "stderr")
            halves[1]["kernel"]["release"] = "7.2.0-test"
            other = put(work, "other.json", halves[1])
            work.bad(USAGE, command, paths[0], other, says=["kernel", "7.2.0-test"])


@test("suites to be measured now: what cannot be is refused before anything is booted")
def bad_runs():
    with Work() as work:
        aa = ("aa", "locks/mutex")
        work.bad(USAGE, *aa, "--accel", "icount", says="no noise")
        work.bad(USAGE, *aa, "--boots", "3", says="--boots 3")
        work.bad(USAGE, *aa, "--until", "1%", "--boots", "5", says="--boots 6 or more")
        work.bad(USAGE, *aa, "--plot", says=["--plot", "kbench plot"])
        work.bad(USAGE, "aa", "--resume", work.dir, says="kbench run --resume")
        work.bad(USAGE, *aa, "--kernels", "6.1,6.12", says="one kernel")
        work.bad(USAGE, *aa, "--target", "host", says="agent-step")
        # Programs alone: they would run on this machine, which nobody boots meanwhile.
        work.bad(USAGE, "aa", "bpf", says="agent-step")
        work.bad(USAGE, "aa", "locks/spin_lock", "--backend", "bpf", says="agent-step")
        work.bad(USAGE, "aa", "lock", says="'locks'")
        file = put(work, "aa.json", made(6, 1))
        work.bad(USAGE, "aa", file, "--boots", "6", says=["aa.json", "results alone"])
        os.mkdir(work.path("lock"))
        work.bad(USAGE, "aa", "lock", says="'locks'")
        contains("12 boots", work.run("aa", "--help").out)


@test("too few boots, counted instructions and no file: exit 2")
def bad_input():
    with Work() as work:
        few = put(work, "few.json", made(3, 1))
        counted = put(work, "insn.json", made(6, 1, unit="insn", fidelity="icount"))
        for command in ("aa", "plan"):
            work.bad(USAGE, command, says="--boots 12")
            work.bad(USAGE, command, few, says="four boots")
            work.bad(USAGE, command, counted, says="no noise")
            work.bad(USAGE, command, work.path("none.json"), says="none.json")


if __name__ == "__main__":
    main()
