#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench explain, of what it cannot explain: one line, exit 2, and nothing is booted."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import OK, USAGE, Work, contains, main, test
from made_results import made, put


def counted(cpus=1, fidelity="icount", **environment):
    """A result of counted instructions, each case by that many workers."""
    result = made(2, 1, unit="insn", fidelity=fidelity, **environment)
    for case in result["cases"]:
        case["cpus"] = cpus
        case["cpu_list"] = list(range(cpus))
    return result


def refused(says, *arguments, a=None, b=None):
    with Work() as work:
        put(work, "a.json", a or counted())
        put(work, "b.json", b or counted())
        work.bad(USAGE, "explain", *arguments, says=says, cwd=work.dir)


FILES = ("a.json", "b.json")


@test("two files and a case, and nothing else")
def words():
    refused("name two results and a case")
    refused("name two results and a case", *FILES)
    refused("name two results and a case", *FILES, "locks/mutex", "locks/spin_lock")
    refused("--jsno", "--jsno", *FILES, "locks/mutex")
    with Work() as work:
        contains("A.json B.json CASE", work.run("explain", "--help", exit=OK).out)


@test("files that are no results")
def no_results():
    refused("none.json", "none.json", "b.json", "locks/mutex")
    with Work() as work:
        put(work, "a.json", counted())
        with open(work.path("b.json"), "w", encoding="utf-8") as file:
            file.write("{")
        work.bad(USAGE, "explain", *FILES, "locks/mutex", says="b.json", cwd=work.dir)


@test("times, BPF programs, built trees and several workers cannot be explained")
def wrong_kind():
    refused(["b.json", "were not counted (fidelity tcg)", "--accel icount"], *FILES,
            "locks/mutex", b=counted(fidelity="tcg"))
    refused(["a.json", "BPF programs"], *FILES, "locks/mutex", a=counted(backend="bpf"))
    built = counted()
    built["kernel"]["tree"] = "linux"
    refused(["a.json", "built in linux"], *FILES, "locks/mutex", a=built)
    refused(["a.json", "2 workers"], *FILES, "locks/mutex", a=counted(cpus=2))


@test("a case that is unknown, or several: what there is")
def which_case():
    refused(["a.json has no case 'locks/mutx'", "did you mean 'locks/mutex'?"], *FILES,
            "locks/mutx")
    refused(["a.json has no case 'nothing'", "but 'locks/spin_lock", "and more"], *FILES, "nothing")
    refused("has no case ''", *FILES, "")
    two = counted()
    for case in list(two["cases"]):
        if case["bench"] == "mutex":
            two["cases"].append(dict(case, params=dict(case["params"], cs=100)))
    refused(["a.json has 2 cases 'locks/mutex'", "cs=0", "cs=100", "name one"], *FILES,
            "locks/mutex", a=two)
    other = counted()
    for case in other["cases"]:
        case["params"] = {name: 7 for name in case["params"]}
    refused(["different cases", "cs=0", "cs=7"], *FILES, "locks/mutex", b=other)


@test("a command line that is none of kbench run now")
def bad_command():
    for command, says in ((["--samp", "x"], "--samples x"), (["--sampels", "64"], "--sampels")):
        result = counted()
        result["command"] = ["kbench", "run", "locks", *command]
        refused(["a.json", says], *FILES, "locks/mutex", a=result)


@test("a case without a figure")
def no_figure():
    result = counted()
    for case in result["cases"]:
        if case["bench"] == "mutex":
            case.update(status="skipped", reason="no such lock here")
            for name in ("per_op", "fixed", "per_cpu", "ops"):
                case.pop(name, None)
    refused(["has no figure", "no such lock here"], *FILES, "locks/mutex", a=result)


if __name__ == "__main__":
    main()
