#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench export, read by the tools that the formats are for."""

import json
import os
import re
import subprocess
import sys
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from debian_part import known, part
from harness import TREE, Work, check, contains, main, same, test
from made_exports import counted, nasty, variants, without
from made_results import made, put

COMPARE = "/usr/share/benchmark/compare.py"
XSD = os.path.join(TREE, "tests", "fixtures", "junit.xsd")
TOOL_S = 120


def failing():
    """A run of three boots that was stopped; in one of them a case failed."""
    result = dict(made(3, 1, only=("mutex", "semaphore")), status="partial", errors=["no <guest>"])
    result["cases"][1] = without(result["cases"][1], "failed", "timed out")
    return result


def export(work, form, *results):
    """A file of that format."""
    paths = [put(work, f"{name}.json", result) for name, result in zip("abcdef", results)]
    path = work.path(f"{form}.{len(os.listdir(work.dir))}")
    work.run("export", "-f", form, "-o", path, *paths)
    return path


def tool(*command, exit=0, **options):
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         timeout=TOOL_S, check=False, **options)
    check(run.returncode == exit, f"{command[0]}: exit {run.returncode}\n{run.stdout[-2000:]}")
    return run.stdout


def compare_py(*arguments):
    """Names of cases to compare.py's change of their times, a part; and all it prints."""
    out = tool("/usr/bin/python3", COMPARE, "--no-color", *arguments)
    return dict((name, float(change)) for name, change in
                re.findall(r"^(\S+(?: vs\. \S+)?) +([+-][0-9.]+) +\2 ", out, re.M)), out


@test("compare.py: changes, a U test over the boots, the mean of all")
def google_benchmark():
    with Work() as work:
        old = export(work, "google-benchmark", made(9, 100, only=("mutex", "semaphore")))
        new = export(work, "google-benchmark",
                     made(9, lambda case: 110 if case["bench"] == "mutex" else 100, seed=2,
                          only=("mutex", "semaphore")))
        changes, out = compare_py("-d", work.path("diff.json"), "benchmarks", old, new)
        with open(work.path("diff.json"), encoding="utf-8") as file:
            diff = {entry["name"]: entry for entry in json.load(file)}
        name = "locks/mutex/cs=0/think=0/context=process/cpus=8"
        same(len(diff[name]["measurements"]), 9, "boots")
        check(all(0.08 < one["time"] < 0.12 for one in diff[name]["measurements"]), str(diff[name]))
        same(diff[name]["utest"]["have_optimal_repetitions"], True, "U test")
        check(diff[name]["utest"]["time_pvalue"] < 0.001, "p of the mutex")
        check(0.03 < changes["OVERALL_GEOMEAN"] < 0.07, out)


@test("compare.py: instructions, kernels of one file, cases without figures")
def google_benchmark_others():
    with Work() as work:
        old = export(work, "google-benchmark", counted())
        new = export(work, "google-benchmark", counted(1.25))
        changes, out = compare_py("benchmarks", old, new)
        same(set(changes.values()), {0.25}, out)
        check(all(name.endswith("/instructions") for name in changes
                  if name != "OVERALL_GEOMEAN"), out)
        results = [made(1, factor, noise=0) for factor in (100, 150)]
        for result, release in zip(results, ("6.1", "6.12")):
            result["kernel"]["release"] = release
        both = export(work, "google-benchmark", *results)
        changes, out = compare_py("filters", both, "6.1/", "6.12/")
        same(set(changes.values()), {0.5}, out)
        path = export(work, "google-benchmark", variants())
        changes, out = compare_py("benchmarks", path, path)
        same(len(changes), 13, out)
        same(set(changes.values()), {0}, out)


@test("promtool check metrics: no fault, and no advice")
def prometheus():
    promtool = os.path.join(part("prometheus", "usr/bin/promtool"), "usr/bin/promtool")
    with Work() as work:
        for results in ((made(2, 1),), (counted(),), (variants(),), (nasty(),), (failing(),),
                        (made(1, 1), made(1, 2), counted())):
            with open(export(work, "prometheus", *results), encoding="utf-8") as file:
                same(tool(promtool, "check", "metrics", stdin=file), "", "promtool")
            os.remove(file.name)


@test("xmllint: JUnit by its schema")
def junit():
    with Work() as work:
        for results in ((made(2, 1),), (variants(),), (nasty(), counted()), (failing(),)):
            path = export(work, "junit", *results)
            contains("validates", tool("xmllint", "--noout", "--schema", XSD, path))
            os.remove(path)


def kunit_directory():
    for package in ("linux-source-6.1", "linux-source-6.12"):
        if known(package):
            top = part(package, f"usr/src/{package}.tar.xz", inside=f"{package}/tools/testing/kunit")
            return os.path.join(top, "tools", "testing", "kunit")
    raise AssertionError("apt knows no package linux-source-6.1 nor 6.12: apt-get update")


def kunit(path, exit=0):
    out = tool("/usr/bin/python3", os.path.join(kunit_directory(), "kunit.py"), "parse", path,
               exit=exit)
    check("[ERROR]" not in out, out[-2000:])
    return out


@test("kunit.py parse: passed, skipped and failed cases, and no error")
def ktap():
    with Work() as work:
        cases = len(made(1, 1)["cases"])
        contains(f"Testing complete. Ran {2 * cases} tests: passed: {2 * cases}\n",
                 kunit(export(work, "ktap", made(2, 1), counted())))
        out = kunit(export(work, "ktap", variants()), exit=1)
        contains("Ran 14 tests: passed: 12, failed: 1, skipped: 1\n", out)
        contains("[SKIPPED] absent/cs=0", out)
        contains("[FAILED] broken/cs=0", out)
        out = kunit(export(work, "ktap", nasty()), exit=1)
        contains("Ran 14 tests: passed: 12, failed: 1, skipped: 1\n", out)
        out = kunit(export(work, "ktap", failing()), exit=1)
        contains("Ran 3 tests: passed: 1, failed: 2\n", out)


def lava_results(path):
    """What LAVA's dispatcher takes from a job's output: its own pattern and its own parser."""
    for package in ("lava-dispatcher", "lava-common"):
        sys.path.insert(0, os.path.join(part(package, "usr/lib/python3/dist-packages"),
                                        "usr/lib/python3/dist-packages"))
    # What talks to devices and servers is not needed, and need not be there.
    for name in ("pexpect", "requests", "yaml"):
        sys.modules.setdefault(name, mock.MagicMock())
    from lava_dispatcher.actions.test.shell import TestShellAction

    results = []
    action = TestShellAction()
    action._reset_patterns()
    action.logger = mock.MagicMock()
    action.logger.results = results.append
    action.definition = "kbench"
    action.signal_director.test_uuid = "1"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for match in re.finditer(action.patterns["signal"], text):
        action.check_patterns("signal", mock.MagicMock(match=match), "")
    same(action.logger.error.call_args_list, [], "errors of the dispatcher")
    same(text.count("<LAVA_SIGNAL_TESTCASE"), len(results), "results")
    return results


@test("LAVA's dispatcher: results, measurements in ns, sets named by kernel and fidelity")
def lava():
    with Work() as work:
        result = made(1, 1, noise=0)
        results = lava_results(export(work, "lava", result, counted()))
        release = re.sub(r"[^A-Za-z0-9_.-]", "_", result["kernel"]["release"])
        for one, case in zip(results, result["cases"]):
            same(one["result"], "pass", one["case"])
            check(abs(one["measurement"] / case["per_op"]["median"] - 1) < 1e-12, str(one))
            same((one["units"], one["set"]), ("ns", f"kbench-{release}-tcg"), one["case"])
        same(results[-1]["units"], "insn", "unit of counts")
        contains("icount", results[-1]["set"])
        for one in (variants(), nasty()):
            outcomes = [got["result"] for got in lava_results(export(work, "lava", one))]
            same([outcomes.count(word) for word in ("pass", "skip", "fail")], [12, 1, 1],
                 "results")
        outcomes = [got["result"] for got in lava_results(export(work, "lava", failing()))]
        same(sorted(outcomes), ["fail", "fail", "pass"], "of a run that broke")


if __name__ == "__main__":
    main()
