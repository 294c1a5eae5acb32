#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Counted instructions on real kernels: exact, and the same in every boot."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import Work, check, contains, load_result, main, same, test

KERNELS = ("6.12-cloud", "6.12-cloud@arm64")
ICOUNT = ("--accel", "icount")


def counts(result, boot=0):
    return {(case["suite"], case["bench"], case["context"]):
            (case["per_op"]["min"], case["per_op"]["mean"])
            for case in result["cases"] if case["boot"] == boot}


def boots_repeat(kernel):
    with Work() as work:
        results = []
        for name in ("a.json", "b.json"):
            work.run("run", "counters/plain,counters/atomic_inc,counters/spinlock,locks/mutex",
                     "--cpus", "1", "--kernels", kernel, "--no-plot", "-o", work.path(name),
                     *ICOUNT)
            results.append(load_result(work.path(name)))
        first, second = map(counts, results)
        same(first, second, "minimum and mean of both boots")
        same(results[0]["environment"]["fidelity"], "icount", "fidelity")
        same(results[0]["boots"][0]["seed"], 1, "seed")
        same({case["unit"] for case in results[0]["cases"]}, {"insn"}, "unit")
        empty = first["selfcheck", "empty", "preempt-off"][0]
        check(0 < empty <= 0.25, f"the empty loop costs {empty} instructions an op")
        for number in (1, 10, 100, 1000):
            for count in first["selfcheck", f"nops_{number}", "preempt-off"]:
                same(count - empty, number, f"{number} no-ops")


def self_checks_come_out(kernel):
    with Work() as work:
        output = work.run("selfcheck", "--kernels", kernel, *ICOUNT, "--json")
        findings = {finding["check"]: finding for finding in json.loads(output.out)}
        bad = [finding for finding in findings.values() if not finding["ok"]]
        check(not bad, str(bad))
        same(findings["nops_1000"]["measured"], "1000 insn", "1000 no-ops")
        contains("leaks", findings["leaks"]["measured"])


for spec in KERNELS:
    test(f"{spec}: two boots of a seed agree to the last instruction")(
        lambda spec=spec: boots_repeat(spec))
    test(f"{spec}: what is known beforehand comes out exactly")(
        lambda spec=spec: self_checks_come_out(spec))


@test("a boot for each seed; several CPUs take turns, and the case says so")
def seeds_and_turns():
    with Work() as work:
        output = work.run("run", "counters/atomic_inc", "--cpus", "2", "--seed", "3,7",
                          "--no-plot", "-o", work.path("r.json"), *ICOUNT)
        result = load_result(work.path("r.json"))
        same([boot["seed"] for boot in result["boots"]], [3, 7], "seeds")
        cases = [case for case in result["cases"] if case["bench"] == "atomic_inc"]
        same([case["boot"] for case in cases], [0, 1], "boots")
        for case in cases:
            contains("takes-turns", case["flags"], "flags")
            check("throughput_ops_s" not in case, "there are no seconds to divide by")
        contains("takes-turns", output.out, "the table")


main()
