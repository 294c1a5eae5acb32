#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""In which functions two kernels differ: counted in the emulator, and the sums are proved."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import TARGET, USAGE, Work, check, contains, load_result, main, same, test
from made_results import made, put

CASE = "locks/mutex"


def measure(work, kernel, name, what=CASE):
    work.run("run", what, "--accel", "icount", "--kernels", kernel, "--no-plot", "-o",
             work.path(name))
    result = load_result(work.path(name))
    return result, [case for case in result["cases"] if case["bench"] == "mutex"][0]["per_op"]


def proved(found, per_ops):
    """The functions' sums are what the two results say."""
    for side, per_op in zip("ab", per_ops):
        total = sum(function[side] for function in found["functions"])
        check(abs(total - per_op["median"]) < 1e-9, f"{side}: {total}, not {per_op['median']}")
        same(found[side]["total"], per_op["median"], "total")
    for function in found["functions"]:
        check(abs(function["b"] - function["a"] - function["difference"]) < 1e-9, str(function))


@test("6.1 against 6.12: the mutex's functions, whose sums are both results' figures")
def two_kernels():
    with Work() as work:
        old, old_per_op = measure(work, "6.1-cloud", "a.json")
        new, new_per_op = measure(work, "6.12-cloud", "b.json")
        output = work.run("explain", "a.json", "b.json", CASE, "--json", cwd=work.dir)
        found = json.loads(output.out)
        proved(found, (old_per_op, new_per_op))
        same([found[side]["kernel"] for side in "ab"],
             [result["kernel"]["release"] for result in (old, new)], "kernels")
        functions = {function["name"]: function for function in found["functions"]}
        # 6.12's mutex_lock and mutex_unlock are longer by an instruction.
        for name in ("mutex_lock", "mutex_unlock"):
            check(functions[name]["b"] > functions[name]["a"] > 0, str(functions))
        # The loop is the same code: the op is calls, and an iteration's end.
        loop = [function for function in found["functions"] if function["loop"]]
        same([function["name"] for function in loop], ["kb_loop_mutex"], "the bench's loop")
        same(loop[0]["difference"], 0, "the loop's difference")
        sizes = [abs(function["difference"]) for function in found["functions"]]
        same(sizes, sorted(sizes, reverse=True), "order")
        # A figure that this kernel does not have is not explained.
        for case in new["cases"]:
            if case["bench"] == "mutex":
                case["per_op"]["median"] += 1
        put(work, "c.json", new)
        output = work.run("explain", "c.json", "c.json", CASE, exit=TARGET, cwd=work.dir)
        same(output.out, "", "stdout")
        contains("not proved: c.json", output.err)


@test("arm64, and a kernel against itself: a table without differences")
def same_kernel():
    with Work() as work:
        _, per_op = measure(work, "6.12-cloud@arm64", "a.json")
        output = work.run("explain", "a.json", "a.json", CASE, cwd=work.dir).out
        rows = [line.split() for line in output[output.index("FUNCTION"):].splitlines()[1:]]
        same({row[-1] for row in rows}, {"0"}, "differences")
        contains("mutex_lock", output)
        contains("the bench's loop", output)
        same(rows[-1][0], "total", "the last row")
        same([float(figure) for figure in rows[-1][1:3]],
             [round(per_op["median"], 4)] * 2, "the total")


@test("a kernel that is nowhere any more: exit 2")
def no_kernel():
    with Work() as work:
        result = made(1, 1, unit="insn", fidelity="icount")
        result["kernel"]["release"] = "5.4.0-1-cloud-amd64"
        for case in result["cases"]:
            case.update(cpus=1, cpu_list=[0])
        put(work, "r.json", result)
        work.bad(USAGE, "explain", "r.json", "r.json", CASE, says="5.4.0-1-cloud-amd64",
                 cwd=work.dir)


if __name__ == "__main__":
    main()
