#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Perf counters where every count is known: the emulated arm64 counts instructions, exactly."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import Work, check, contains, load_result, main, same, test

KERNEL = "6.12-cloud@arm64"
ABSENT = ("cache-misses", "branch-misses", "L1-dcache-loads")


def run(work, counters, time):
    output = work.run("run", "selfcheck/nops_100,locks/spin_lock", "--accel", "icount", "--target",
                      "vm", "--kernels", KERNEL, "--counters", counters, "--time", time,
                      "--no-plot", "-o", work.path("r.json"))
    return output, load_result(work.path("r.json"))


def counted(case, name):
    """What a counter of cycles or instructions found, which is what icount found."""
    counter, where = case["counters"][name], f"{case['bench']}: {name}"
    same(counter["status"], "counted", where)
    # Not the mean: now and then the timer comes between a batch's end and the reading after it.
    check(abs(counter["per_op"] - case["per_op"]["min"]) < 1e-9,
          f"{where}: {counter}, and {case['per_op']}")
    return counter


@test("counters of an emulated arm64 count each instruction of the ops, and nothing else")
def exact():
    with Work() as work:
        output, result = run(work, "cycles,instructions,r8," + ",".join(ABSENT), "10ms")
        for case in result["cases"]:
            for name in ("cycles", "instructions", "r8"):
                same(counted(case, name)["running"], 1, f"{case['bench']}: {name}")
            for name in ABSENT:
                same(case["counters"][name]["status"], "not available here", name)
        for name in ABSENT:
            contains(f"{name} is not available here: ", output.out, "the table")
        check("*" not in output.out, output.out)
        samples = subprocess.run(["zstd", "-dcq", work.path("r.samples.jsonl.zst")], check=True,
                                 capture_output=True, text=True).stdout
        for line in map(json.loads, samples.splitlines()):
            same(sorted(line["counters"]), ["cycles", "instructions", "r8"], "columns")
            for columns in line["counters"].values():
                same(len(columns["value"]), len(line["ops"]), "length of a column")
                same(set(columns["running"]), {1}, "running")


@test("more counters than the CPU has take turns: that is told, and the counts are right")
def shared():
    with Work() as work:
        # Seven can count at a time.
        output, result = run(work, "cycles,instructions,r0,r8,r11,r23,r24,r3c", "100ms")
        parts = [counter["running"] for case in result["cases"]
                 for counter in case["counters"].values()]
        check(min(parts) < 0.95, f"none of them had to wait: {parts}")
        for case in result["cases"]:
            for name in ("cycles", "instructions", "r8", "r11"):
                counted(case, name)
        contains("counters shared the CPU's hardware", output.out, "the table")


main()
