#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench bisect, where all that it would measure is there already: results that are made, in a
directory that it takes them from, of kernels that are nothing but names in a cache."""

import json
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import ENVIRONMENT, TREE, USAGE, Work, check, contains, main, same, test
from made_kernels import CASE, COMPILER, EMULATOR, Kernels, counted, release
from made_results import made, put

INCONCLUSIVE, SKIP, STOP = 3, 125, 128


@test("the release that changed, wherever it is, and with how few being asked")
def finds():
    for first in range(1, 9):
        with counted([1] * first + [1.25] * (9 - first)) as work:
            found = json.loads(work.bisect(release(0), release(8), "--json", "-q").out)
            same(found["first_changed"], release(first), "first changed")
            same(found["last_as_before"], release(first - 1), "last as before")
            same(found["candidates"], [release(first)], "candidates")
            same(round(found["change"]["ratio"], 6), 1.25, "ratio")
            asked = [one for one in found["releases"] if one["verdict"] != "unknown"]
            check(len(asked) <= 5, f"{len(asked)} of 9 were asked")


@test("a table of what was measured, a line a step, and what was found in the last line")
def report():
    with counted([1, 1, 1.5, 1.5]) as work:
        output = work.bisect(release(0), "6.12-cloud")
        rows = [line.split() for line in output.out.splitlines() if line.startswith("6.12.")]
        same([(row[0], row[-1]) for row in rows],
             [(release(0), "good"), (release(1), "good"), (release(2), "bad"),
              (release(3), "bad")], "table")
        last = output.out.splitlines()[-1]
        check(re.fullmatch(rf"first changed: {re.escape(release(2))} \([\d.]+ -> [\d.]+ insn, "
                           rf"\+50\.0 %\); the last as before: {re.escape(release(1))}", last),
              last)
        steps = output.err.splitlines()
        contains("2 releases left", steps[1])
        contains(f"{release(1)}: good", steps[2])
        contains(f"{release(2)}: bad", steps[3])
        same(work.bisect(release(0), release(3), "-q").err, "", "quiet")


@test("one that cannot be measured is skipped; all that may be the first are named")
def skips():
    with counted([1, 1, None, None, 1.25, 1.25]) as work:
        output = work.bisect(release(0), release(5), exit=INCONCLUSIVE)
        last = output.out.splitlines()[-1]
        for i in (2, 3, 4):
            contains(release(i), last)
        contains(f"as before: {release(1)}", last)
        contains("skipped: ", output.out)
        found = json.loads(work.bisect(release(0), release(5), "--json",
                                       exit=INCONCLUSIVE).out)
        same(found["candidates"], [release(i) for i in (2, 3, 4)], "candidates")
        check("first_changed" not in found, "a first one is named")
    with counted([1, None, 1, 1.25]) as work:
        contains(f"first changed: {release(3)} ", work.bisect(release(0), release(3)).out)
    with counted([None, 1, 1.25]) as work:
        same(work.bisect(release(0), release(2), exit=ENVIRONMENT).out, "", "stdout")


@test("from the newer to the older, too; other flavours are not looked at")
def backwards():
    with counted([1.25, 1.25, 1, 1]) as work:
        os.makedirs(os.path.join(work.cache, "kbench", "kernels", release(1, "rt")))
        output = work.bisect(release(3), release(0))
        contains("back in time", output.err)
        contains(f"first changed: {release(1)} ", output.out)
        contains(f"as before: {release(2)}", output.out)


@test("two that do not differ: exit 2; a threshold makes small changes none")
def no_change():
    with counted([1, 1, 1]) as work:
        work.refused(USAGE, "do not differ", "--good", release(0), "--bad", release(2), "--case",
                     CASE, "--cached", "-o", work.path("kept"))
    with counted([1, 1.01, 1.01, 1.5]) as work:
        contains(f"first changed: {release(1)} ", work.bisect(release(0), release(3)).out)
        contains(f"first changed: {release(3)} ",
                 work.bisect(release(0), release(3), "--threshold", "5%").out)


def timed(factors, noise, boots=6):
    """Each release beside the good one, in an experiment of their own."""
    work = Kernels([release(i) for i in range(len(factors))])
    for i, factor in enumerate(factors):
        if i:
            work.keep(release(0), 1, accel="tcg", boots=boots, noise=noise, seed=i,
                      experiment=f"{i:032d}")
        work.keep(release(i), factor, accel="tcg", boots=boots, noise=noise, seed=100 + i,
                  experiment=f"{i:032d}" if i else None)
    return work


@test("times: each release is judged by its boots and those of the good one beside them")
def times():
    with timed([1, 1, 1.2, 1.2], 0.002) as work:
        found = json.loads(work.bisect(release(0), release(3), "--accel", "tcg", "--threshold",
                                       "2%", "--json").out)
        same(found["first_changed"], release(2), "first changed")
        check(1.15 < found["change"]["ratio"] < 1.25, str(found["change"]))
        same(found["unit"], "ns", "unit")


@test("what is kept counts only where the settings are the same")
def settings():
    with counted([1, 1, 1.25]) as work:
        for options in (("--time", "50ms"), ("--boots", "2"), ("--samples", "64")):
            work.bisect(release(0), release(2), *options, exit=ENVIRONMENT)
        work.bisect(release(0), release(2), case="locks/mutex 8 CPUs cs=0", exit=ENVIRONMENT)
        path = work.keep(release(2), 1.25, noise=0)
        with open(path, encoding="utf-8") as file:
            result = json.load(file)
        for change in ({"status": "partial"}, {"kbench": dict(result["kbench"], commit="0")}):
            with open(path, "w", encoding="utf-8") as file:
                json.dump(dict(result, **change), file)
            work.bisect(release(0), release(2), exit=ENVIRONMENT)


def rewrite(path, **changes):
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    for name, value in changes.items():
        result[name] = dict(result[name], **value)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file)


@test("kept results are of this kbench, emulator and compiler, or it is said why they are not taken")
def other_makers():
    with counted([1, 1.25]) as work:
        work.bisect(release(0), release(1))
        for program, version in (("qemu-system-x86_64", "QEMU emulator version 8.0"),
                                 ("gcc-12", "gcc-12 (Debian) 12.3.0")):
            before = {"qemu-system-x86_64": EMULATOR, "gcc-12": COMPILER}[program]
            work.program(program, version)
            err = work.bisect(release(0), release(1), exit=ENVIRONMENT).err
            contains(version.removeprefix("QEMU emulator version "), err)
            contains(before, err)
            same(err.count("is not taken"), 1, "lines of the good one in\n" + err)
            work.program(program, "version " + before if "qemu" in program else before)
        work.bisect(release(0), release(1))
        good = work.keep(release(0), 1, noise=0)
        rewrite(good, kbench={"version": "0.0.1"})
        contains(f"{good} is not taken: kbench 0.0.1",
                 work.bisect(release(0), release(1), exit=ENVIRONMENT).err)
        same(work.bisect(release(0), release(1), "-q", exit=ENVIRONMENT).err.count("\n"), 1,
             "lines with -q")
        # A commit alone is not all: there are edits, and builds that have none.
        good = work.keep(release(0), 1, noise=0)
        work.bisect(release(0), release(1))
        os.utime(good, (1e9, 1e9))
        contains("changed since", work.bisect(release(0), release(1), exit=ENVIRONMENT).err)
        # A file is not believed to name a compiler.
        rewrite(work.keep(release(0), 1, noise=0), kernel={"module_compiler": "../rm 1"})
        contains("../rm 1, which now is not there",
                 work.bisect(release(0), release(1), exit=ENVIRONMENT).err)


@test("what differs beside the kernel is said once")
def differs():
    other = "gcc-11 (Debian) 11.1.0"
    with Kernels([release(i) for i in range(4)]) as work:
        work.program("gcc-11", other)
        for i in range(4):
            work.keep(release(i), 1 if i < 2 else 1.25, noise=0,
                      compiler=COMPILER if i < 2 else other)
        line = f"compiler of the modules: {COMPILER}, {other}"
        out = work.bisect(release(0), release(3)).out
        same(out.count("differs"), 1, "lines in\n" + out)
        contains("differs  " + line, out)
        same(json.loads(work.bisect(release(0), release(3), "--json").out)["differs"], [line],
             "JSON")


@test("a tree: the commands that git bisect needs, fit for a shell")
def git():
    with Work() as work:
        out = work.run("bisect", "--git", "--good", "v6.12", "--bad", "my branch", "--case",
                       "locks/mutex cs=0, 2 CPUs", "--threshold", "2%", "--time", "5ms").out
        lines = out.splitlines()
        check(any(line.endswith("git bisect start 'my branch' v6.12") for line in lines), out)
        run = next(line for line in lines if line.startswith("git bisect run sh -c "))
        contains("exit 125", run)
        contains(r"--case '\''locks/mutex cs=0, 2 CPUs'\''", run)
        contains("--threshold=2%", run)
        good = next(line for line in lines if "kbench run" in line)
        for part in ("locks/mutex", "--param=cs=0", "--cpus=2", "--accel=icount", "--time=5ms",
                     "--kernels=./"):
            contains(part, good)
        with open(work.path("script"), "w", encoding="utf-8") as file:
            file.write(out)
        work.run("-n", work.path("script"), program="/bin/sh")
        git_bad = ("bisect", "--git", "--case", CASE)
        work.bad(USAGE, *git_bad, "--good", "a", "--bad", "a", says="one revision")
        work.bad(USAGE, *git_bad, "--good", "-x", "--bad", "a", says="-x")
        work.bad(USAGE, *git_bad, "--good", "a", "--bad", "b", "-o", "x", says="--git")


@test("a tree and a suite of one's own: the commands find it from the tree")
def git_suite():
    with Work() as work:
        shutil.copy(os.path.join(TREE, "tests", "fixtures", "suites", "bad_loops.c"),
                    work.path("own.c"))
        out = work.run("bisect", "--git", "--good", "v6.12", "--bad", "v6.13", "--case",
                       "bad_loops/called", "--suite", "./own.c").out
        same(out.count(f"--suite={os.path.realpath(work.path('own.c'))} "), 2, "paths in\n" + out)
        work.bad(USAGE, "bisect", "--git", "--good", "a", "--bad", "b", "--case", "own/none",
                 "--suite", "./none.c", says="./none.c")


@test("a step of git bisect: what stops it has an exit code that git knows")
def bad_steps():
    with Kernels([release(0)]) as work:
        good = work.keep(release(0), 1, noise=0)
        native = put(work, "native.json", made(2, 1, fidelity="native"))
        step = ("bisect", "--case", CASE, "--kernel", release(0))
        for result, says in ((work.path("none.json"), "none.json"),
                             (native, "--target vm")):
            work.bad(STOP, *step, "--step", result, says=says)
        work.bad(STOP, *step, "--step", good, "--good", "6.1", says="--step")
        work.bad(STOP, *step, "--step", good, "--kernels", "x", says="--kernel")
        for option in ("--ste", "--st"):
            work.bad(STOP, *step, "--bootz", "1", option, good, says="--bootz")
            work.bad(STOP, *step, f"{option}={good}", "--good", "6.1", says="--step")
        work.bad(STOP, "bisect", "--step", good, "--case", "locks/mutx", "--kernel", release(0),
                 says=["locks/mutx", "locks/mutex"])
        work.bad(STOP, "bisect", "--step", good, "--case", "locks/mutex cs=7", "--kernel",
                 release(0), says=["cs=7", "but 'locks/mutex cs=0"])
        work.bad(STOP, "bisect", "--step", good, "--case", CASE, says="--kernel")
        work.bad(STOP, "bisect", f"--step={good}", "--case", CASE, "--kernel", "7.9",
                 says="7.9", env=work.here)
        work.run(*step, "--step", good, exit=SKIP, env=work.here)


@test("bad arguments: one line each")
def bad_input():
    with Kernels([release(0), release(1), release(0, "rt"), "6.12.0-cloud-arm64"]) as work:
        case = ("--case", CASE)
        ends = ("--good", release(0), "--bad", release(1), "--cached")
        refused = work.refused
        refused(USAGE, "--case", *ends)
        refused(USAGE, "--good", "--good", release(0), *case)
        refused(USAGE, "one kernel", "--good", release(1), "--bad", "6.12-cloud", "--cached",
                *case)
        refused(USAGE, ["rt", "cloud", "flavour"], "--good", release(0), "--bad", "6.12-rt", *case)
        refused(USAGE, ["arm64", "amd64"], "--good", release(0), "--bad", "6.12-cloud@arm64",
                *case)
        refused(USAGE, "7.9", "--good", release(0), "--bad", "7.9-cloud", "--cached", *case)
        refused(USAGE, "'v6' is not a kernel", "--good", release(0), "--bad", "v6", *case)
        refused(USAGE, ["./", "--git"], "--good", release(0), "--bad", "./", *case)
        refused(USAGE, ["lock", "'locks'"], *ends, "--case", "lock/mutex")
        refused(USAGE, ["name one bench"], *ends, "--case", "locks")
        refused(USAGE, ["'8'", "number of CPUs"], *ends, "--case", "locks/mutex 8")
        refused(USAGE, "--threshold x", *ends, *case, "--threshold", "x")
        refused(USAGE, "--boots 0", *ends, *case, "--boots", "0")
        refused(USAGE, "--boots 1", *ends, *case, "--boots", "1", "--accel", "tcg")
        refused(USAGE, "--accel fast", *ends, *case, "--accel", "fast")
        refused(USAGE, "--kernel is for --step", *ends, *case, "--kernel", "6.12")
        refused(USAGE, "--good and --bad", *ends, *case, "6.12")
        file = put(work, "file", {})
        refused(USAGE, "-o ", *ends, *case, "-o", file)
        refused(USAGE, "-o ''", *ends, *case, "-o", "")


if __name__ == "__main__":
    main()
