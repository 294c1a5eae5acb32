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

# No contended lock: where the host has fewer CPUs than the board, one that waits for it spins on the
# CPU that its holder needs.
SMALL = ("counters/this_cpu_inc", "--samples", "8", "--time", "5ms")


def run(work, *arguments):
    path = work.path("pi.json")
    work.run("run", *SMALL, "--machine", BOARD, "--no-plot", "-o", path, *arguments)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


@test("a Raspberry Pi boots, runs on four CPUs and says what it is")
def board():
    with Work() as work:
        result = run(work, "--cpus", "4")
        environment = result["environment"]
        same(result["machine"]["model"], MODEL, "model")
        same(result["machine"]["cpus"], 4, "CPUs")
        same(result["kernel"]["arch"], "aarch64", "architecture")
        same(environment["fidelity"], "tcg", "fidelity")
        same(environment["emulator"]["machine"], BOARD, "machine")
        case, = (case for case in result["cases"] if case["suite"] == "counters")
        same((case["status"], case["cpus"]), ("ok", 4), "case")
        same(len(result["boots"]), 1, "boots: no record was lost")
        contains(MODEL, work.run("show", work.path("pi.json")).out)


@test("counted instructions of the board are proved")
def counted():
    with Work() as work:
        result = run(work, "--accel", "icount")
        same(result["environment"]["fidelity"], "icount", "fidelity")
        check(all(case["status"] == "ok" for case in result["cases"]), "a case is missing")


if __name__ == "__main__":
    main()
