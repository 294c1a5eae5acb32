#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Checks of sources and of what is built, without running it."""

import glob
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (TREE, Work, build_modules, check, contains, core_sources, guide_example,
                     kernel_headers, main, same, test, test_cache)

KERNELS = ("6.1-cloud", "6.12-cloud")
CHECK_LOOPS = os.path.join(TREE, "tests", "check-loops.py")


def silent(*command):
    """The command finds nothing to say."""
    run = subprocess.run(command, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True)
    check(run.returncode == 0 and not run.stdout.strip(),
          f"{command[0]} ended with {run.returncode}:\n{run.stdout[-3000:]}")


def sources(*patterns):
    files = sorted(os.path.relpath(path, TREE) for pattern in patterns
                   for path in glob.glob(os.path.join(TREE, pattern), recursive=True))
    check(files, f"no files are {patterns}")
    return files


def scripts(word):
    found = []
    for path in sources("tests/**", ".ci/*", "plots/**"):
        if os.path.isfile(os.path.join(TREE, path)):
            with open(os.path.join(TREE, path), "rb") as file:
                first = file.readline().decode(errors="replace")
            if first.startswith("#!") and re.search(word, first):
                found.append(path)
    return found


@test("cppcheck has nothing to report")
def cppcheck():
    silent("cppcheck", "--quiet", "--enable=warning,performance,portability", "--inline-suppr",
           "--std=c11", "-D_GNU_SOURCE", "--library=tests/static/cppcheck.cfg",
           "--error-exitcode=1", "-j2",
           *sources("runner/**/*.c", "tests/unit/*.c"))


@test("shellcheck has nothing to report")
def shell():
    silent("shellcheck", *scripts(r"\b(ba|da)?sh\b"))


@test("Python scripts compile")
def python():
    for path in sources("tests/**/*.py") + scripts("python"):
        with open(os.path.join(TREE, path), encoding="utf-8") as file:
            compile(file.read(), path, "exec")


@test("sources have their licence, and lines of at most 100 columns")
def columns():
    findings = []
    for path in sources("kbench/**/*.[ch]", "suites/*.[ch]", "runner/**/*.[ch]", "tests/**/*.[ch]"):
        with open(os.path.join(TREE, path), encoding="utf-8") as file:
            lines = file.read().split("\n")
        if "SPDX-License-Identifier" not in lines[0]:
            findings.append(f"{path}: no SPDX line")
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > 100:
                findings.append(f"{path}:{number}: {len(line.expandtabs(8))} columns")
            if line != line.rstrip():
                findings.append(f"{path}:{number}: blanks at the end")
    check(not findings, "\n".join(findings[:20]))


def entry_with(name):
    """The newest entry of the tests' cache that holds this module."""
    found = glob.glob(os.path.join(test_cache(), "kbench", "modules", "*", name + ".ko"))
    return os.path.dirname(max(found, key=os.path.getmtime))


def silent_and_whole(entry, names):
    """@names: the suites that must be in it"""
    with open(os.path.join(entry, "manifest"), encoding="utf-8") as file:
        contains("warnings 1\n", file.read(), "the manifest")
    with open(os.path.join(entry, "log"), encoding="utf-8") as file:
        said = file.read()
    words = [line for line in said.splitlines() if re.search(r"\b(warning|error)\b", line, re.I)]
    check(not words, "\n".join(words))
    modules = [os.path.join(entry, f"kbench_{name}.ko") for name in names]
    loops = subprocess.run([CHECK_LOOPS, *modules], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
    check(loops.returncode == 0, loops.stdout)


def builds_clean(kernel):
    """Later tests run these modules, so that they are built once."""
    suites = [os.path.basename(path).removesuffix(".c") for path in sources("suites/*.c")]
    with Work() as work:
        with open(work.path("mysuite.c"), "w", encoding="utf-8") as file:
            file.write(guide_example())
        for options, wanted in (([], suites), (["--suite", "mysuite.c"], ["mysuite"])):
            listed = work.run("list", "--json", "--kernel", kernel, *options,
                              env={"KBUILD_EXTRA_WARN": "1"}).out
            same(sorted(suite["name"] for suite in json.loads(listed)["suites"]
                        if suite["name"] != "bpf"), wanted, "listed")
            silent_and_whole(entry_with("kbench_" + wanted[-1]), wanted)


def finds_bad_loops(kernel):
    with Work() as work:
        build_modules(work.dir, kernel_headers(kernel), core_sources() + [
            ("tests/fixtures/suites/bad_loops.c", "suites/bad_loops.c")])
        loops = subprocess.run([CHECK_LOOPS, work.path("suites", "kbench_bad_loops.ko")],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        same(loops.returncode, 1, "exit code")
        for bench, finding in (("few_copies", "3 copies of the op where 17 should be"),
                               ("called", "makes the op by a call in 17 places"),
                               ("indirect", "makes an indirect call in 17 places"),
                               ("empty", "no instruction in copy 1, 2,"),
                               ("empty", "no instruction in the op that is timed alone"),
                               ("few_copies", "2 copies of the op where 1 should be"),
                               ("no_latency", "0 loops kb_latency_* where 2 should be")):
            lines = [line for line in loops.stdout.splitlines() if f"bad_loops/{bench}:" in line]
            check(lines, f"nothing found in {bench}:\n{loops.stdout}")
            contains(finding, "\n".join(lines))
        check("bad_loops/indirect_by_design:" not in loops.stdout, loops.stdout)


for spec in KERNELS:
    test(f"modules build for {spec} with W=1 without warnings, and their timed loops are whole")(
        lambda spec=spec: builds_clean(spec))

test("the check of timed loops finds each kind of bad loop")(lambda: finds_bad_loops(KERNELS[1]))


if __name__ == "__main__":
    main()
