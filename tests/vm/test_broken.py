#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Benches that are broken, suites from outside of the tree, guests that die, and Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, INTERRUPTED, OK, PATIENCE_S, TARGET, TREE, Work, check, contains,
                     guide_example, load_result, main, same, test)

QUICK = ("--target", "vm", "--accel", "tcg", "--time", "2ms", "--samples", "8", "--no-plot",
         "--kernels")
KERNEL = "6.12-cloud"


SUITES = os.path.join(TREE, "tests", "vm", "suites")


def outside(*names):
    """Options for suites of the tests."""
    return [word for name in names for word in ("--suite", os.path.join(SUITES, name + ".c"))]


def run(work, exit, *arguments, kernel=KERNEL):
    # What is given twice: the last one counts.
    output = work.run("run", "-o", work.path("r.json"), *QUICK, kernel, *arguments,
                      exit=exit)
    return output, load_result(work.path("r.json"))


def by_bench(result):
    return {case["bench"]: case for case in result["cases"] if case["bench"] != "empty"}


@test("a suite from outside of the tree is listed and run, alone and beside others")
def from_outside():
    with Work() as work:
        # Where its author is: nothing may be left beside it.
        with open(work.path("my suite.c"), "w", encoding="utf-8") as file:
            file.write(guide_example())
        benches = ["count", "count_locked", "hash", "copy", "record", "might_sleep"]
        listed = work.run("list", "--suite", "my suite.c", "--json").out
        same([[bench["name"] for bench in suite["benches"]]
              for suite in json.loads(listed)["suites"]], [benches], "listed")
        _, result = run(work, OK, "--suite", "my suite.c", "--cpus", "1,2")
        cases = [case for case in result["cases"] if case["bench"] != "empty"]
        same([(case["bench"], case["phase"], case["cpus"]) for case in cases],
             [(bench, phase, cpus) for bench in benches for cpus in (1, 2)
              for phase in (["make", "drop"] if bench == "record" else [""])], "cases")
        for case in cases:
            lacks = case["bench"] == "might_sleep"
            same(case["status"], "skipped" if lacks else "ok",
                 f"{case['bench']} ({case['reason']})")
            check(not lacks or "CONFIG_DEBUG_ATOMIC_SLEEP" in case["reason"], case["reason"])
        _, result = run(work, OK, "--suite", "my suite.c", *outside("outside"),
                        "outside/bump,mysuite/hash,counters/plain", "--placement", "spread")
        same({case["placement"] for case in result["cases"]}, {"spread"}, "placement")
        same({name: case["status"] for name, case in by_bench(result).items()},
             {"bump": "ok", "hash": "ok", "plain": "ok"}, "status")
        same(sorted(os.listdir(work.dir)), ["my suite.c", "r.json", "r.samples.jsonl.zst", "tmp"],
             "files")


@test("a suite that does not compile: the compiler's first errors, whole, then one line, exit 4")
def does_not_compile():
    with Work() as work:
        with open(os.path.join(SUITES, "outside.c"), encoding="utf-8") as file:
            source = file.read()
        with open(work.path("wrong.c"), "w", encoding="utf-8") as file:
            file.write(source.replace("word++;", "worm++;" + "".join(
                f"\n\tno_such_{number}();" for number in range(40))))
        output = work.run("run", "-o", work.path("r.json"), *QUICK, KERNEL, "--suite", "wrong.c",
                          exit=ENVIRONMENT)
        lines = output.err.splitlines()
        errors = [line for line in lines if re.search(r"/wrong\.c:\d+:\d+: error: ", line)]
        contains("worm", errors[0], "the first error")
        check(os.path.realpath(work.path("wrong.c")) in errors[0], errors[0])
        check(not any(line.startswith("make") for line in lines), output.err)
        contains("wrong.c does not build for kernel 6.12.", lines[-1])
        contains("more lines)", lines[-2])
        check(len(lines) < 50, output.err)
        same(sorted(os.listdir(work.dir)), ["tmp", "wrong.c"], "files")


def counters_count(result, shown):
    """Every kernel counts its context switches; an emulated x86 counts nothing of the hardware."""
    for case in result["cases"]:
        where, counters = f"{case['bench']}: {case['counters']}", case["counters"]
        same(list(counters), ["cycles", "context-switches", "r1a8"], "counters")
        for absent in ("cycles", "r1a8"):
            same(counters[absent]["status"], "not available here", where)
            contains("no such counter", counters[absent]["reason"], where)
        same(counters["context-switches"]["status"], "counted", where)
        same(counters["context-switches"]["running"], 1, where)
    sleeping = by_bench(result)["sleep_a_tick"]["counters"]["context-switches"]
    # To the idle thread and back; others that want the CPU add some.
    check(2 <= sleeping["per_op"] < 20, f"sleeping: {sleeping}")
    contains("cycles is not available here: ", shown)


@test("readers percent of each worker's ops read, evenly spread; counters count, or say why not")
def share_of_readers():
    shares = [0, 1, 33, 50, 99, 100]
    with Work() as work:
        output, result = run(work, OK, *outside("share", "switches"), "--cpus", "1,3", "--param",
                             "readers=" + ",".join(map(str, shares)), "--time", "50ms",
                             "--counters", "cycles,context-switches,r1a8")
        counters_count(result, output.out)
        got = [(case["params"]["readers"], case["cpus"], case["status"])
               for case in result["cases"] if case["suite"] == "share"]
        same(sorted(got), sorted((share, count, "ok") for share in shares for count in (1, 3)),
             "cases")


@test("a suite that needs a symbol which the kernel lacks costs itself alone")
def no_symbol():
    with Work() as work:
        output, result = run(work, OK, *outside("nosymbol", "outside"))
        cases = by_bench(result)
        same(cases["bump"]["status"], "ok", "status of outside/bump")
        same(cases["calls"]["status"], "skipped", "status of nosymbol/calls")
        contains("kbench_test_no_such_symbol", cases["calls"]["reason"], "the reason")
        contains("kbench_test_no_such_symbol", output.err, "stderr")


def deliberately_broken(kernel):
    with Work() as work:
        output, result = run(work, TARGET, "selfcheck/sleeps_in_atomic,selfcheck/leaks,"
                             "selfcheck/never_ends,selfcheck/nops_100", "--cpus", "1,2",
                             "--time", "100ms", "--deadline", "2", kernel=kernel)
        for count in (1, 2):
            cases = {case["bench"]: case for case in result["cases"]
                     if case["cpus"] == count and case["bench"] != "empty"}
            same(cases["nops_100"]["status"], "ok", "nops_100")
            for bench, word in (("sleeps_in_atomic", "slept"), ("leaks", "leak"),
                                ("never_ends", "")):
                same(cases[bench]["status"], "failed", bench)
                contains(word, cases[bench]["reason"], f"reason of {bench}")
                contains(f"selfcheck/{bench}, {count} CPU", output.err, "stderr")


for spec in ("6.1-cloud", "6.12-cloud"):
    test(f"{spec}: benches that are broken on purpose are reported as what they are")(
        lambda spec=spec: deliberately_broken(spec))


@test("failing ops and setups are reported, and undone")
def faulty():
    with Work() as work:
        _, result = run(work, TARGET, *outside("faulty"), "--cpus", "2")
        cases = by_bench(result)
        for bench, status in (("op_fails", "failed"), ("setup_fails", "failed"),
                              ("unsupported", "skipped"), ("worker_setup_fails", "failed"),
                              ("unbalanced", "failed"), ("irqs_left_off", "failed"),
                              ("undone", "ok")):
            same(cases[bench]["status"], status, f"{bench} ({cases[bench]['reason']})")
            check(status == "ok" or cases[bench]["reason"], f"{bench}: no reason")


@test("an op that never returns fails its case, and the others are measured")
def never_returns():
    with Work() as work:
        output, result = run(work, TARGET, *outside("hang"),
                             "hang/forever,counters/plain,locks/mutex", "--cpus", "2",
                             "--deadline", "2")
        cases = by_bench(result)
        same(cases["forever"]["status"], "failed", "hang/forever")
        same(cases["plain"]["status"], "ok", "counters/plain")
        same(cases["mutex"]["status"], "ok", "locks/mutex")
        contains("hang/forever", output.err, "stderr")


@test("a panic fails its case and shows the console, and the others are measured")
def panics():
    with Work() as work:
        output, result = run(work, TARGET, *outside("hang"), "hang/panics,counters/plain")
        cases = by_bench(result)
        same(cases["panics"]["status"], "failed", "hang/panics")
        same(cases["plain"]["status"], "ok", "counters/plain")
        contains("hang/panics", output.err, "stderr")
        contains("a panic on purpose", output.err, "stderr")


@test("a guest that dies before the agent speaks: exit 5, with its last console lines")
def dies_early():
    with Work() as work:
        # Its first program ends at once, which is a panic.
        source = work.path("ends.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write("int main(void) { return 1; }\n")
        subprocess.run(["cc", "-static", "-o", work.path("ends"), source], check=True)
        output = work.run("run", "counters/plain", "-o", work.path("r.json"), *QUICK, KERNEL,
                          env={"KBENCH_AGENT": work.path("ends")}, exit=TARGET)
        contains("Attempted to kill init", output.err, "stderr")
        check(not os.path.exists(work.path("r.json")), "a result of nothing was written")


def interrupted_with(number):
    with Work() as work:
        process = work.start("run", "locks", "--cpus", "1-8", "-o", work.path("r.json"), *QUICK,
                             KERNEL)
        try:
            # Some cases are done when the progress speaks of the third.
            said = ""
            while "case " not in said:
                line = process.stderr.readline()
                check(line, f"ended before it could be interrupted:\n{said}")
                said += line
            process.send_signal(number)
            # A second is what is promised; a busy machine gets some more.
            out, err = process.communicate(timeout=5)
        except subprocess.TimeoutExpired as error:
            raise AssertionError("still running 5 s after the signal") from error
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate(timeout=PATIENCE_S)
        same(process.returncode, INTERRUPTED, "exit code")
        work.nothing_left()
        result = load_result(work.path("r.json"))
        same(result["status"], "partial", "status")
        check(any(case["status"] == "ok" for case in result["cases"]),
              "nothing of what was measured is left")
        check(any("not measured" in case["reason"] for case in result["cases"]),
              "all cases were measured: it was not interrupted")
        contains("interrupted", err, "stderr")
        contains("r.json", out, "stdout")


@test("Ctrl-C ends at once, keeps what was measured, exit 130")
def ctrl_c():
    interrupted_with(signal.SIGINT)


@test("SIGTERM does the same")
def terminated():
    interrupted_with(signal.SIGTERM)


if __name__ == "__main__":
    main()
