#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Emulated boards: a Raspberry Pi runs the plain arm64 kernel, and its result says so.

Not among the usual tests: the kernel is a large one, and booting it emulated takes long."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import Work, check, contains, main, same, test

BOARD = "raspi3b"
MODEL = "Raspberry Pi 3 Model B"

SMALL = ("--samples", "8", "--time", "5ms")


def run(work, suites, *arguments):
    path = work.path("pi.json")
    work.run("run", suites, *SMALL, "--machine", BOARD, "--no-plot", "-o", path, *arguments)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


@test("a Raspberry Pi boots, runs on four CPUs, which contend for locks, and says what it is")
def board():
    with Work() as work:
        # With fewer CPUs here, one that waits for a lock must not keep its holder from running.
        result = run(work, "counters/this_cpu_inc,locks", "--cpus", "4")
        environment = result["environment"]
        same(result["machine"]["model"], MODEL, "model")
        same(result["machine"]["cpus"], 4, "CPUs")
        same(result["kernel"]["arch"], "aarch64", "architecture")
        same(environment["fidelity"], "tcg", "fidelity")
        same(environment["emulator"]["machine"], BOARD, "machine")
        cases = [case for case in result["cases"] if case["suite"] != "selfcheck"]
        same({case["suite"] for case in cases}, {"counters", "locks"}, "suites")
        same({(case["status"], case["cpus"]) for case in cases}, {("ok", 4)}, "cases")
        same(len(result["boots"]), 1, "boots: no record was lost")
        contains(MODEL, work.run("show", work.path("pi.json")).out)


@test("counted instructions of the board are proved")
def counted():
    with Work() as work:
        result = run(work, "counters/this_cpu_inc", "--accel", "icount")
        same(result["environment"]["fidelity"], "icount", "fidelity")
        check(all(case["status"] == "ok" for case in result["cases"]), "a case is missing")


if __name__ == "__main__":
    main()
