#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Boots of several kernels, interleaved, and what comparing their results says."""

import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (INTERRUPTED, OK, PATIENCE_S, USAGE, Work, check, contains, load_result, main,
                     same, test)

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


def wait_for(condition, process):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        check(process.poll() is None, "ended before it was to be stopped")
        check(time.monotonic() < end, "nothing happened")
        time.sleep(0.1)


def samples_of(path):
    text = subprocess.run(["zstd", "-dc", path.removesuffix(".json") + ".samples.jsonl.zst"],
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in text.splitlines()]


@test("a run that was stopped goes on with --resume: the boots are those of one run")
def resume():
    with Work() as work:
        process = work.start("run", "counters/plain", "--accel", "icount", "--kernels",
                             "6.12-cloud", "--boots", "3", "--no-plot", "-o", work.path("r.json"))
        # The second boot has begun when the first is behind.
        wait_for(lambda: os.path.exists(work.path("r.journal", "0.1")), process)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=PATIENCE_S)
        same(process.returncode, INTERRUPTED, "exit")
        contains(f"kbench run --resume {work.path('r.journal')}", err, "stderr")
        work.nothing_left()
        before, samples = load_result(work.path("r.json")), samples_of(work.path("r.json"))
        same(before["status"], "partial", "status")
        # Another number of boots is no other plan.
        work.run("run", "--resume", work.dir, "--boots", "2")
        after = load_result(work.path("r.json"))
        same(after["status"], "complete", "status")
        same([boot["seed"] for boot in after["boots"]], [1, 2], "seeds")
        same(after["boots"][0], before["boots"][0], "the first boot")
        first = [case for case in after["cases"] if case["boot"] == 0]
        same(first, [case for case in before["cases"] if case["boot"] == 0], "its cases")
        kept = [line for line in samples_of(work.path("r.json")) if line["boot"] == 0]
        same(kept, [line for line in samples if line["boot"] == 0], "its samples")
        check(not os.path.exists(work.path("r.journal")), "the journal is still there")
        work.bad(USAGE, "run", "--resume", work.dir, says="no unfinished run")


@test("a journal that cannot be gone on with: one line")
def bad_journal():
    with Work() as work:
        os.mkdir(work.path("a.journal"))
        work.bad(USAGE, "run", "--resume", work.dir, says=["a.journal", "state.json"])
        state = {"schema": "kbench-journal/1", "kbench": "0.0.1", "command": ["kbench", "run"]}
        with open(work.path("a.journal", "state.json"), "w", encoding="utf-8") as file:
            json.dump(state, file)
        work.bad(USAGE, "run", "--resume", work.path("a.journal"), says=["0.0.1"])
        work.bad(USAGE, "agent-step", work.path("a.journal"), says=["0.0.1"])
        os.mkdir(work.path("b.journal"))
        work.bad(USAGE, "run", "--resume", work.dir, says="2 unfinished runs")
        work.bad(USAGE, "run", "--resume", work.path("none"), says="none")
        work.bad(USAGE, "run", "locks", "--resume", work.dir, says="--resume")
        work.bad(USAGE, "selfcheck", "--resume", work.dir, says="--resume")


@test("aa boots one kernel by itself, keeps the result, and says what its boots say")
def aa():
    with Work() as work:
        run = ("aa", "counters/plain", "--accel", "tcg", "--kernels", KERNELS[1], "--boots", "4",
               "--time", "2ms", "--samples", "8", "-o", work.path("aa.json"))
        output = work.run(*run, "--json", "-q")
        found = json.loads(output.out)
        same({case["boots"] for case in found["cases"]}, {4}, "boots")
        check(any(case["case"].startswith("counters/plain") for case in found["cases"]), output.out)
        contains(f"result: {work.path('aa.json')}", output.err)
        result = load_result(work.path("aa.json"))
        same((len(result["boots"]), result["status"]), (4, "complete"), "the result kept")
        same(json.loads(work.run("aa", work.path("aa.json"), "--json").out), found, "read again")
        work.run("compare", work.path("aa.json"), work.path("aa.json"), "--floor",
                 work.path("aa.json"), "--gate", exit=OK)


@test("boots and seeds that do not go together: exit 2")
def bad_input():
    with Work() as work:
        run = ("run", "counters/plain")
        work.bad(USAGE, *run, "--boots", "0", says="--boots 0")
        work.bad(USAGE, *run, "--boots", "many", says="--boots many")
        for until in ("0", "100%", "-1%", "much"):
            work.bad(USAGE, *run, f"--until={until}", says=f"--until {until}")
        work.bad(USAGE, *run, "--until", "1%", "--boots", "5", says=["--until", "6"])
        work.bad(USAGE, *run, "--until", "1%", "--accel", "icount", says="--until")
        work.bad(USAGE, *run, "--seed", "1", says="--accel icount")
        work.bad(USAGE, *run, "--boots", "3", "--seed", "1,2", says="--seed")
        work.bad(USAGE, *run, "--boots", "3", "--seed", "1-5", "--accel", "icount",
                 says=["--seed names 5", "--boots 3"])


if __name__ == "__main__":
    main()
