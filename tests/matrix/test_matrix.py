#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Every suite on every kernel that kbench promises to run on, 2 CPUs each, emulated: make
check-matrix. What the newest of them needs, a kernel and a compiler of another Debian suite, is
fetched when the cache does not have it, some 600 MB. Prints a table at its end.

Arguments choose among the tests by words of their names.
"""

import glob
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import harness
from harness import (KBENCH, OK, TARGET, TREE, Work, check, contains, load_result, main,
                     same, test, test_cache, version_key)

# The first time a root is made and hundreds of megabytes are fetched.
harness.PATIENCE_S = 1800

SUITES = sorted(os.path.basename(path).removesuffix(".c")
                for path in glob.glob(os.path.join(TREE, "suites", "*.c")))
CHECK_LOOPS = os.path.join(TREE, "tests", "check-loops.py")
RUN = ("--target", "vm", "--cpus", "2", "--no-plot")
ROWS = []


def newest_series():
    """The newest series from 7 on, as a spec; the plain flavour."""
    kernels = json.loads(subprocess.run([KBENCH, "kernels", "--json"], check=True,
                                        stdout=subprocess.PIPE, timeout=harness.PATIENCE_S,
                                        env=dict(os.environ, XDG_CACHE_HOME=test_cache()))
                         .stdout)["kernels"]
    specs = [kernel["spec"] for kernel in kernels
             if kernel["packaged"] and kernel["arch"] == "amd64" and kernel["flavour"] == "amd64"
             and "spec" in kernel and int(kernel["release"].split(".")[0]) >= 7]
    return max(specs, key=version_key, default="7")


def row(kernel, what, cases, seconds):
    count = {status: sum(case["status"] == status for case in cases)
             for status in ("ok", "skipped", "failed")}
    ROWS.append((kernel, what, count["ok"], count["skipped"], count["failed"], round(seconds)))


def newest_modules(release):
    """The directory in the tests' cache of the modules that were used last."""
    found = glob.glob(os.path.join(test_cache(), "kbench", "modules", release + "_*", "log"))
    check(found, f"no modules for {release}")
    return os.path.dirname(max(found, key=lambda path: os.path.getmtime(os.path.dirname(path))))


def built_silently(release):
    with open(os.path.join(newest_modules(release), "log"), encoding="utf-8") as file:
        words = [line for line in file if re.search(r"\b(warning|error)\b", line, re.I)]
    check(not words, "W=1:\n" + "".join(words))


def loops_are_whole(release):
    modules = glob.glob(os.path.join(newest_modules(release), "kbench_*.ko"))
    same(len(modules), len(SUITES), "modules")
    loops = subprocess.run([CHECK_LOOPS, *modules], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    check(loops.returncode == 0, loops.stdout)


def every_suite(spec):
    with Work() as work:
        begin = time.monotonic()
        output = work.run("run", ",".join(SUITES), "--kernels", spec, "--accel", "tcg", "--time",
                          "1ms", "--samples", "6", "-o", work.path("r.json"), *RUN,
                          exit=(OK, TARGET), env={"KBUILD_EXTRA_WARN": "1"})
        result = load_result(work.path("r.json"))
        row(spec, f"{result['kernel']['release']}, boot to agent "
            f"{result['boots'][0]['boot_to_agent_s']:.1f} s", result["cases"],
            time.monotonic() - begin)
        failed = [f"{case['suite']}/{case['bench']}: {case.get('reason')}"
                  for case in result["cases"] if case["status"] == "failed"]
        check(not failed, "\n".join(failed))
        same(result["status"], "complete", "status")
        same(result["errors"], [], "errors")
        same(output.exit, OK, "exit code")
        # A suite whose module was refused has cases that were skipped for that alone.
        ran = {case["suite"] for case in result["cases"] if case["status"] == "ok"}
        same(sorted(set(SUITES) - ran), [], "suites of which nothing ran")
        check(result["kernel"]["module_compiler"], "the compiler is not in the result")
        built_silently(result["kernel"]["release"])
        if "@" not in spec:
            loops_are_whole(result["kernel"]["release"])


def exact(spec):
    """Instructions counted: proved by known sequences, else no case would have figures."""
    with Work() as work:
        begin = time.monotonic()
        work.run("run", "counters/plain,counters/atomic_inc,locks/mutex", "--kernels", spec,
                 "--accel", "icount", "-o", work.path("r.json"), "--target", "vm", "--cpus", "1",
                 "--no-plot")
        result = load_result(work.path("r.json"))
        row(spec, "instructions counted", result["cases"], time.monotonic() - begin)
        per_op = {case["bench"]: case["per_op"]["min"] for case in result["cases"]
                  if case["context"] == "preempt-off"}
        check(0 < per_op["empty"] <= 0.25, f"the empty loop: {per_op['empty']} instructions an op")
        for number in (1, 10, 100, 1000):
            same(per_op[f"nops_{number}"] - per_op["empty"], number, f"{number} no-ops")


def compiler_is_recorded(spec):
    """Of another suite: the series that the kernel was built with, out of a private root."""
    with Work() as work:
        work.run("run", "selfcheck/empty", "--kernels", spec, "--accel", "tcg", "-o",
                 work.path("r.json"), *RUN)
        kernel = load_result(work.path("r.json"))["kernel"]
        series = re.search(r"gcc-\d+", kernel["compiler"])
        contains(series[0] + " ", kernel["module_compiler"], "the modules' compiler")


NEWEST = newest_series()
for name in ("6.1", "6.12", "6.12-rt", NEWEST, "6.1@arm64", "6.12@arm64"):
    test(f"{name}: every suite loads, no case fails, W=1 says nothing, loops are whole")(
        lambda name=name: every_suite(name))
test(f"{NEWEST}-cloud: counted instructions are exact")(lambda: exact(f"{NEWEST}-cloud"))
test(f"{NEWEST}-cloud: modules are built by the kernel's compiler")(
    lambda: compiler_is_recorded(f"{NEWEST}-cloud"))


def table():
    if not ROWS:
        return
    print(f"# {'kernel':<12} {'':<54} {'ok':>5} {'skipped':>8} {'failed':>7} {'seconds':>8}")
    for kernel, what, *numbers in ROWS:
        print("# {:<12} {:<54} {:>5} {:>8} {:>7} {:>8}".format(kernel, what, *numbers), flush=True)


if __name__ == "__main__":
    try:
        main()
    finally:
        table()
