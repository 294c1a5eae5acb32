#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench compare, on results that are made of a real one: boots and figures are set here."""

import copy
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import KBENCH, OK, USAGE, Work, check, contains, main, same, test
from made_results import made, put

REGRESSION, INCONCLUSIVE = 1, 3


def compare(a, b, *options, exit=OK):
    with Work() as work:
        return work.run("compare", put(work, "a.json", a), put(work, "b.json", b), *options,
                        exit=exit)


def as_json(a, b, *options, exit=OK):
    return json.loads(compare(a, b, "--json", *options, exit=exit).out)


def slower(bench, factor):
    return lambda case: factor if case["bench"] == bench else 1


@test("what got slower has regressed, what got faster improved, the rest is equivalent")
def verdicts():
    changes = {"mutex": 1.05, "spin_lock": 0.9}
    found = as_json(made(10, 1, seed=1),
                    made(10, lambda case: changes.get(case["bench"], 1), seed=2))
    for case in found["cases"]:
        wanted = {"mutex": "regressed", "spin_lock": "improved"}.get(case["bench"], "equivalent")
        same(case["verdict"], wanted, case["bench"])
        low, high = case["ci95"]
        check(low < case["ratio"] < high, f"{case['bench']}: {case['ratio']} in {low}..{high}")
        check(case["smallest_detectable"] > 1, "smallest detectable")
        same(case["differs"], case["bench"] in changes or not low <= 1 <= high, "differs")
        same(case["boots"], [10, 10], "boots")
    same(found["summary"]["regressed"], 1, "regressed")
    check(any("interleaved" in text for text in found["warnings"]), str(found["warnings"]))


@test("the gate: exit 1 for a regression, 3 for what is inconclusive with --strict")
def gate():
    base = made(10, 1, seed=1)
    worse = made(10, slower("mutex", 1.05), seed=2)
    compare(base, made(10, 1, seed=3), "--gate", "--strict", exit=OK)
    compare(base, worse, exit=OK)
    compare(base, worse, "--gate", exit=REGRESSION)
    compare(base, worse, "--gate", "--threshold", "10%", exit=OK)
    noisy = made(3, 1, noise=0.05, seed=4)
    compare(base, noisy, "--gate", exit=OK)
    compare(base, noisy, "--gate", "--strict", exit=INCONCLUSIVE)


@test("one boot gives a ratio, and no verdict")
def one_boot():
    found = as_json(made(1, 1), made(1, 2), "--gate")
    for case in found["cases"]:
        same(case["verdict"], "inconclusive", "verdict")
        check("ci95" not in case and 1.9 < case["ratio"] < 2.1, str(case))
    check(any("one boot" in text for text in found["warnings"]), str(found["warnings"]))


@test("counted instructions are compared exactly, unless they depend on the state")
def exact():
    counted = {"unit": "insn", "noise": 0, "fidelity": "icount"}
    base = made(1, 1, **counted)
    found = as_json(base, made(1, slower("mutex", 1.0001), **counted), "--gate", exit=REGRESSION)
    for case in found["cases"]:
        check(case["exact"], "exact")
        same(case["verdict"], "regressed" if case["bench"] == "mutex" else "equivalent",
             case["bench"])
    found = as_json(base, made(1, slower("mutex", 1.0001), **counted), "--threshold", "1%")
    same(found["summary"]["equivalent"], len(found["cases"]), "equivalent at 1 %")
    rounded = {"unit": "insn", "noise": 1e-7, "fidelity": "icount", "backend": "bpf"}
    found = as_json(made(1, 1, seed=1, **rounded),
                    made(1, slower("mutex", 1.05), seed=2, **rounded))
    for case in found["cases"]:
        same(case["verdict"], "regressed" if case["bench"] == "mutex" else "equivalent",
             case["bench"])
    other = made(1, 1, **counted)
    for case in other["cases"]:
        case["flags"] = ["state-dependent"]
    found = as_json(base, other)
    same({case["exact"] for case in found["cases"]}, {False}, "exact")


@test("counted with other seeds: said")
def seeds():
    def seeded(*numbers, **more):
        result = made(len(numbers), 1, noise=0, **more)
        for boot, seed in zip(result["boots"], numbers):
            boot["seed"] = seed
        return result

    counted = {"unit": "insn", "fidelity": "icount"}
    same(as_json(seeded(1, **counted), seeded(2, **counted))["settings"],
         ["seeds of the boots: 1, 2"], "settings")
    same(as_json(seeded(3, 1, 2, 8, **counted), seeded(2, 1, 2, **counted))["settings"],
         ["seeds of the boots: 1-3 and 8, 1-2"], "settings")
    same(as_json(seeded(1, 2, **counted), seeded(2, 1, **counted))["settings"], [], "the same")
    same(as_json(seeded(1), seeded(2))["settings"], [], "times")


def experiment(boots=10):
    """Two kernels' boots, interleaved in minutes, of which the second is slower by 1 %; what both
    take drifts by 10 % with each block."""
    results = []
    for side, change in enumerate((1, 1.01)):
        result = made(boots, 1, noise=0.0005, seed=side + 1)
        result["experiment"] = {"id": "0123456789abcdef0123456789abcdef", "seed": 1}
        for number, boot in enumerate(result["boots"]):
            # Their order is that of chance.
            minute = 2 * number + (side ^ (number % 3 == 1))
            boot.update(block=number, started=f"2026-11-29T10:{minute:02d}:00Z")
        for case in result["cases"]:
            for name in ("median", "mean", "min", "max"):
                case["per_op"][name] *= change * (1 + 0.1 * case["boot"])
        results.append(result)
    return results


def without_boots(result, numbers, bench=None):
    """Of a bench, or all, nothing is measured in these boots."""
    result["cases"] = [case for case in result["cases"] if case["boot"] not in numbers or
                       (bench and case["bench"] != bench)]
    return result


@test("boots of one experiment are paired by their blocks: what drifts does not count")
def paired():
    results = experiment()
    found = as_json(*results)
    same(found["warnings"], [], "warnings")
    for case in found["cases"]:
        check(case["paired"], "paired")
        same(case["verdict"], "regressed", case["bench"])
    del results[1]["experiment"]
    found = as_json(*results)
    same({case["verdict"] for case in found["cases"]}, {"inconclusive"}, "unpaired")


@test("a boot whose block the other side has not is left out, and the others stay pairs")
def left_out():
    a, b = experiment()
    found = as_json(a, without_boots(b, [9]))
    for case in found["cases"]:
        check(case["paired"], "paired")
        same(case["boots"], [9, 9], "boots")
        same(case["verdict"], "regressed", case["bench"])
    same(len(found["warnings"]), 1, str(found["warnings"]))
    contains("up to 1 boot is left out", found["warnings"][0])
    a, b = experiment()
    found = as_json(without_boots(a, [2, 3], "mutex"), without_boots(b, [5], "mutex"))
    for case in found["cases"]:
        check(case["paired"], "paired")
        same(case["boots"], [7, 7] if case["bench"] == "mutex" else [10, 10], "boots")
        same(case["verdict"], "regressed", case["bench"])
    contains("up to 3 boots are left out", found["warnings"][0])
    a, b = experiment()
    found = as_json(a, without_boots(b, range(1, 10)))
    same({case["paired"] for case in found["cases"]}, {False}, "one pair")
    counted = [made(boots, 1, unit="insn", noise=0, fidelity="icount") for boots in (6, 5)]
    for result in counted:
        result["experiment"] = {"id": "0123456789abcdef0123456789abcdef", "seed": 1}
        for boot in result["boots"]:
            boot["block"] = boot["index"]
    found = as_json(*counted)
    same({tuple(case["boots"]) for case in found["cases"]}, {(6, 5)}, "boots of counts")
    same(found["warnings"], [], "warnings of counts")


@test("boots of a block that were measured far apart are no pairs")
def far_apart():
    a, b = experiment()
    for boot in b["boots"][3:]:
        boot["started"] = boot["started"].replace("T10:", "T15:")
    found = as_json(a, b)
    same({case["paired"] for case in found["cases"]}, {False}, "paired")
    same(len(found["warnings"]), 1, str(found["warnings"]))
    contains("boots of one block were measured far apart", found["warnings"][0])
    # The last block alone was broken off.
    a, b = experiment()
    b["boots"][9]["started"] = "2026-11-30T00:00:00Z"
    same({case["paired"] for case in as_json(a, b)["cases"]}, {True}, "paired")
    # When boots began nobody knows: blocks are believed.
    a, b = experiment()
    for boot in b["boots"]:
        del boot["started"]
    same({case["paired"] for case in as_json(a, b)["cases"]}, {True}, "paired")


@test("pairs of CPUs are told apart")
def pairs_of_cpus():
    a, b = made(3, 1, noise=0.0001, seed=1), made(3, 1, noise=0.0001, seed=2)
    for result, far in ((a, 3), (b, 6)):
        for case in list(result["cases"]):
            other = copy.deepcopy(case)
            other["cpu_list"] = [cpu + 8 for cpu in case["cpu_list"]]
            for name in ("median", "mean", "min", "max"):
                other["per_op"][name] *= far
            result["cases"].append(other)
    found = as_json(a, b)
    nr = len({case["bench"] + case["context"] for case in found["cases"]})
    same(found["summary"]["regressed"], nr, "regressed: the far pairs")
    same(found["summary"]["equivalent"], nr, "equivalent: the near ones")


@test("table, Markdown, sorting and --only")
def reports():
    a, b = made(6, 1, seed=1), made(6, slower("mutex", 1.5), seed=2)
    b["kernel"]["release"] = "7.2.0-test"
    plain = compare(a, b, "--sort", "ratio").out
    rows = [line for line in plain.splitlines() if line.startswith("locks/")]
    contains("locks/mutex", rows[0], "the first row")
    contains("regressed", rows[0], "the first row")
    contains("7.2.0-test", plain)
    contains("suite    locks: ratio ", plain)
    contains("1 regressed", plain)
    only = compare(a, b, "--only", "regressed").out
    same(len([line for line in only.splitlines() if line.startswith("locks/")]), 1, "rows")
    page = compare(a, b, "--markdown").out
    rows = [line for line in page.splitlines() if line.startswith("|")]
    same(rows[1], "|---|--:|--:|--:|--:|--:|---|", "rule")
    same({line.count("|") for line in rows}, {8}, "columns")
    lines = [line for line in page.splitlines() if line and not line.startswith("|")]
    check({"A", "B", "differs", "suite", "summary"} <= {line.split()[0] for line in lines}, page)
    # Markdown would make one line of several.
    check(all(line.endswith("  ") for line in lines), page)
    with Work() as work:
        paths = [put(work, f"{i}.json", result) for i, result in enumerate((a, b, a))]
        documents = json.loads(work.run("compare", "--json", *paths).out)
        same([document["b"] for document in documents], paths[1:], "compared with the first")


def refused(a, b, *options, says, exit=USAGE):
    with Work() as work:
        work.bad(exit, "compare", put(work, "a.json", a), put(work, "b.json", b), *options,
                 says=says)


@test("what says nothing of each other is refused, unless forced")
def bad_pairs():
    base = made(2, 1)
    refused(base, made(2, 1, fidelity="native"), says=["fidelity", "tcg", "native", "--force"])
    refused(base, made(2, 1, backend="bpf"), says=["backend", "lkm", "bpf"])
    refused(made(1, 1, unit="insn"), base, says=["unit", "insn", "ns"])
    contains("fidelity", compare(base, made(2, 1, fidelity="native"), "--force").out)
    refused(made(2, 1, only=["mutex"]), made(2, 1, only=["spin_lock"]), says=["in common"])
    empty = made(2, 1)
    for case in empty["cases"]:
        case["per_op"]["median"] = 0
    refused(base, empty, says=["in common"])
    empty["cases"][0]["per_op"]["median"] = -1
    empty["cases"][1]["per_op"]["median"] = 5
    contains(f"{len(empty['cases']) - 1} figures of 0 or less", compare(base, empty).out)
    for name in ("min", "mean"):
        counted = [made(1, 1, unit="insn", noise=0, fidelity="icount") for _ in range(2)]
        counted[1]["cases"][3]["per_op"][name] = 0
        for pair in (counted, counted[::-1]):
            found = as_json(*pair)
            same(len(found["cases"]), len(counted[0]["cases"]) - 1, "cases")
            check(any("1 figure of 0 or less" in text for text in found["warnings"]),
                  str(found["warnings"]))
    mixed = made(2, 1)
    mixed["cases"][3]["unit"] = "insn"
    refused(base, mixed, says=["locks/", "several units"])
    for case in mixed["cases"]:
        case["unit"] = "ns" if case["bench"] == mixed["cases"][0]["bench"] else "insn"
    refused(base, mixed, says=["locks/", "ns", "insn"])
    twice = made(2, 1)
    twice["cases"].append(twice["cases"][-1])
    refused(base, twice, says=["twice in one boot"])
    twice = made(2, 1)
    twice["boots"][1]["id"] = twice["boots"][0]["id"]
    refused(twice, base, says=["boot ", "there twice"])


@test("bad arguments and files: one line each")
def bad_input():
    base = made(2, 1)
    with Work() as work:
        path = put(work, "a.json", base)
        work.bad(USAGE, "compare", says=["two results"])
        work.bad(USAGE, "compare", path, says=["two results"])
        work.bad(USAGE, "compare", path, work.path("none.json"), says=["none.json"])
        work.bad(USAGE, "compare", path, put(work, "s.json", dict(base, schema="kbench-result/9")),
                 says=["s.json"])
        with open(work.path("nan.json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(base).replace('"median": ', '"median": NaN, "was": ', 1))
        work.bad(USAGE, "compare", path, work.path("nan.json"), says=["nan.json"])
        for options, says in ((("--threshold", "x"), "--threshold x"),
                              (("--threshold", "-1%"), "--threshold"),
                              (("--confidence", "20%"), "--confidence"),
                              (("--only", "worse"), "--only worse"),
                              (("--sort", "size"), "--sort size"),
                              (("--strict",), "--gate"),
                              (("--json", "--markdown"), "--markdown")):
            work.bad(USAGE, "compare", path, path, *options, says=says)


@test("a reader that has seen enough, such as head, is no failure")
def closed_pipe():
    with Work() as work:
        results = [made(2, 1), made(2, 1, seed=2)]
        for result in results:
            # More than a pipe holds.
            result["cases"] = [dict(case, params=dict(case["params"], cs=number))
                               for number in range(20) for case in result["cases"]]
        paths = [put(work, name, result) for name, result in zip(("a.json", "b.json"), results)]
        for form in ("--json", "--markdown"):
            with subprocess.Popen([KBENCH, "compare", *paths, form], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as kbench:
                kbench.stdout.readline()
                kbench.stdout.close()
                said = kbench.stderr.read()
                check(not said, said)
                check(kbench.wait() == OK, f"{form}: exit {kbench.returncode}")


if __name__ == "__main__":
    main()
