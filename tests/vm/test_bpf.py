#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Benches as BPF programs: in guests, and in the running kernel as far as that lets them in."""

import fcntl
import json
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, KBENCH, OK, TARGET, TREE, USAGE, Work, check, contains, load_result,
                     main, same, test)

GUEST = ("--backend", "bpf", "--target", "vm", "--accel", "tcg", "--time", "2ms", "--samples", "8",
         "--no-plot")
# What a kernel may lack, and what the reason then names.
LACKING = {"spin_lock": "bpf_spin_lock", "rcu_read_lock": "bpf_rcu_read_lock",
           "preempt_disable": "bpf_preempt_disable", "irq_save": "bpf_local_irq_save",
           "res_spin_lock": "bpf_res_spin_lock", "obj_new_drop": "bpf_obj_new_impl"}
# Of these what a kernel has.
HAS = {"6.1-cloud": set(),
       "6.12-cloud": {"spin_lock", "rcu_read_lock", "preempt_disable", "obj_new_drop"}}


def declared(path):
    """Benches of a suite that a BPF program is made of, from its source."""
    with open(os.path.join(TREE, path), encoding="utf-8") as file:
        source = file.read().split("#ifdef KB_MODULE")[0]
    return set(re.findall(r"^KBENCH\((\w+),", source, re.M))


def cases_of(result, suite):
    return [case for case in result["cases"] if case["suite"] == suite]


def every_program(kernel):
    with Work() as work:
        path = work.path("r.json")
        work.run("run", "cache,counters,selfcheck", *GUEST, "--kernels", kernel, "--cpus", "1,4",
                 "-o", path)
        result = load_result(path)
        same(result["environment"]["backend"], "bpf", "backend")
        same(result["environment"]["fidelity"], "tcg", "fidelity")
        check("module_compiler" not in result["kernel"], "modules were built")
        for suite in ("cache", "counters", "selfcheck"):
            cases = cases_of(result, suite)
            same({case["bench"] for case in cases}, declared(f"suites/{suite}.c"), suite)
            for case in cases:
                same(case["status"], "ok", f"{suite}/{case['bench']} ({case['reason']})")
                check(case["ops"] > 0 and case["per_op"]["n"] > 0, f"{case['bench']}: no ops")
        pairs = [case["cpu_list"] for case in cases_of(result, "cache")
                 if case["bench"] == "handover"]
        same(len(pairs), 6, "pairs of 4 CPUs")


def what_only_programs_have(kernel):
    with Work() as work:
        path = work.path("r.json")
        # A suite without a module needs no --backend.
        output = work.run("run", "bpf", *GUEST[2:], "--kernels", kernel, "--cpus", "2", "-o", path)
        result = load_result(path)
        cases = {case["bench"]: case for case in cases_of(result, "bpf")}
        same(set(cases), declared("suites/bpf/bpf.c"), "benches")
        for bench, case in cases.items():
            lacks = bench in LACKING and bench not in HAS[kernel]
            same(case["status"], "skipped" if lacks else "ok", f"{bench} ({case['reason']})")
            if lacks:
                contains(LACKING[bench], case["reason"], "the reason")
                contains(LACKING[bench], output.err, "stderr")


for spec in HAS:
    test(f"{spec}: every program of suites with both backends")(lambda spec=spec:
                                                               every_program(spec))
    test(f"{spec}: what BPF programs alone have; kernel functions that lack are named")(
        lambda spec=spec: what_only_programs_have(spec))


@test("a program that the kernel refuses: one line, and the verifier's last ones with -v")
def refused():
    with Work() as work:
        arguments = ("run", "bpf/spin_lock", *GUEST[2:], "--kernels", "6.1-cloud", "-o",
                     work.path("r.json"))
        plain = work.run(*arguments)
        same([line for line in plain.err.splitlines() if line.startswith("  | ")], [], "log")
        verbose = work.run(*arguments, "-v")
        lines = [line for line in verbose.err.splitlines() if line.startswith("  | ")]
        check(any("spin_lock" in line for line in lines), verbose.err)


@test("counted instructions of both backends in one kernel")
def exact():
    results = {}
    with Work() as work:
        for backend in ("lkm", "bpf"):
            path = work.path(backend + ".json")
            work.run("run", "counters/atomic64_inc,cache/shared_read", "--accel", "icount",
                     "--backend", backend, "--kernels", "6.12-cloud", "--no-plot", "-o", path)
            results[backend] = {case["bench"]: case["per_op"]["min"]
                                for case in load_result(path)["cases"]}
    # One instruction; a program puts the 1 that it adds into a register first.
    for bench, wanted in (("atomic64_inc", {"lkm": 1, "bpf": 2}),
                          ("shared_read", {"lkm": 1, "bpf": 1})):
        for backend, insns in wanted.items():
            beyond = results[backend][bench] - results[backend]["empty"]
            check(abs(beyond - insns) < 0.05, f"{bench} by {backend}: {beyond} instructions")
    for number in (1, 10, 100, 1000):
        beyond = results["bpf"][f"nops_{number}"] - results["bpf"]["empty"]
        check(abs(beyond - number) < 1e-3 * number, f"{number} no-ops: {beyond}")


@test("the running kernel: native figures, or one line that says what is in the way")
def native():
    with Work() as work:
        path = work.path("r.json")
        output = work.run("run", "cache,counters/plain", "--backend", "bpf", "--cpus", "1,2",
                          "--no-plot", "-o", path, exit=(OK, ENVIRONMENT, USAGE))
        if output.exit:
            output.one_error()
            return
        result = load_result(path)
        same(result["environment"]["target"], "host", "target")
        check(result["environment"]["fidelity"] in ("native", "virtual", "tcg"),
              result["environment"]["fidelity"])
        same(result["kernel"]["release"], os.uname().release, "release")
        same({case["status"] for case in result["cases"]}, {"ok"}, "status")
        if result["environment"]["fidelity"] != "tcg":
            contains("ratio    cache/false_sharing stride=8, 2 CPUs: ", output.out)
            # Whether times come out on this machine is not asked here.
            checks = work.run("selfcheck", "--backend", "bpf", exit=(OK, TARGET)).out
            for bench in sorted(declared("suites/selfcheck.c")):
                contains(f"\n{bench} ", checks, "the table")


def in_boot(number, *arguments):
    """A command of kbench's that takes this for another boot of the machine."""
    return ("-m", "sh", "-c", 'echo "$1" >"$2" && mount --bind "$2" /proc/sys/kernel/random/boot_id '
            '&& shift 2 && exec "$@"', "sh", f"{number:032x}", arguments[0], KBENCH, *arguments[1:])


@test("boots that somebody else makes: one a call, until they are enough")
def stepwise():
    with Work() as work:
        run = ("run", "counters/plain", "--backend", "bpf", "--target", "host", "--time", "2ms",
               "--no-plot", "-o")
        output = work.run(*run, work.path("r.json"), "--boots", "3",
                          exit=(OK, ENVIRONMENT, USAGE))
        if output.exit:
            output.one_error()
            return
        contains(f"kbench agent-step {work.path('r.journal')}", output.out)
        check(not os.path.exists(work.path("r.json")), "a result after one of 3 boots")
        work.bad(USAGE, "agent-step", "-q", work.dir, says="measured already (1 of 3)")
        work.bad(USAGE, *run, work.path("r.json"), "--boots", "3", says="not finished")
        with open(work.path("r.journal", "lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            work.bad(USAGE, "agent-step", work.dir, says="another kbench")
        if os.getuid():
            return
        step = in_boot(2, work.path("boot"), "agent-step", "-q", work.dir)
        contains("boot 2 of 3", work.run(*step, program="unshare").out)
        with open(work.path("r.journal", "note"), "w", encoding="utf-8") as file:
            file.write("what is not kbench's stays\n")
        work.run(*in_boot(3, work.path("boot"), "agent-step", "-q", work.dir), program="unshare")
        same(os.listdir(work.path("r.journal")), ["note"], "left of the journal")
        shutil.rmtree(work.path("r.journal"))
        result = load_result(work.path("r.json"))
        same([boot["block"] for boot in result["boots"]], [1, 2, 3], "blocks")
        same(len(cases_of(result, "counters")), 3, "cases")

        # However wide the intervals are here: with more than half of the figure they are enough.
        work.run(*run, work.path("u.json"), "--until", "99%", "--boots", "9")
        for number in range(2, 10):
            step = in_boot(number, work.path("boot"), "agent-step", work.path("u.journal"))
            err = work.run(*step, program="unshare").err
            if os.path.exists(work.path("u.json")):
                break
        contains(f"after {number} boots counters/plain", err, "stderr")
        check(6 <= number <= 9, f"{number} boots")
        same(len(load_result(work.path("u.json"))["boots"]), number, "boots")


@test("a run that leaves all open is split: native what can be, the rest in a guest")
def split():
    with Work() as work:
        doctor = json.loads(work.run("doctor", "--json", exit=(OK, ENVIRONMENT)).out)
        kvm = [item for item in doctor["checks"] if item["name"] == "kvm"][0]["ok"]
        os.mkdir(work.path("d"))
        output = work.run("run", "counters/plain,counters/mutex", "--cpus", "1,8", "--time", "2ms",
                          "--samples", "8", "--no-plot", "-o", work.path("d"))
        results = [load_result(work.path("d", name)) for name in sorted(os.listdir(work.path("d")))
                   if name.endswith(".json")]
        if kvm or not doctor["backends"]["bpf"]["works"]:
            same(len(results), 1, "results")
            return
        same(len(results), 2, "results")
        told = {result["environment"]["backend"]:
                {(case["bench"], case["cpus"]) for case in cases_of(result, "counters")}
                for result in results}
        contains("natively", output.err, "stderr")
        check(("plain", 1) in told["bpf"] and ("mutex", 1) in told["lkm"], str(told))
        same(told["bpf"] & told["lkm"], set(), "measured twice")
        same(len(told["bpf"] | told["lkm"]), 4, "cases")
        for result in results:
            contains("natively", " ".join(result["environment"]["warnings"]), "warnings")


def bad(exit, *arguments, says):
    with Work() as work:
        work.bad(exit, "run", *arguments, says=says)


@test("what BPF programs cannot do is refused before anything runs")
def bad_input():
    bad(USAGE, "cache", "--backend", "abacus", says=["abacus", "lkm, bpf or auto"])
    bad(USAGE, "locks", "--backend", "bpf", says=["locks", "no suite", "--backend lkm"])
    bad(USAGE, "counters/mutex", "--backend", "bpf", says=["counters/mutex", "--backend lkm"])
    bad(USAGE, "counters/plian", "--backend", "bpf", says=["counters/plain"])
    bad(USAGE, "bpf", "--backend", "lkm", says=["bpf has no module"])
    bad(USAGE, "bpf,locks", says=["bpf", "locks", "one after the other"])
    bad(USAGE, "cache", "--backend", "bpf", "--latency", says=["--latency", "--backend lkm"])
    bad(USAGE, "cache", "--backend", "bpf", "--context", "irq-off", says=["--context"])
    bad(USAGE, "cache", "--backend", "bpf", "--cpus", "9999", says=["9999"])


@test("list names the backends of each bench")
def listing():
    with Work() as work:
        suites = {suite["name"]: {bench["name"]: bench["backends"] for bench in suite["benches"]}
                  for suite in json.loads(work.run("list", "--json").out)["suites"]}
    same(suites["cache"]["padded"], ["lkm", "bpf"], "cache/padded")
    same(suites["counters"]["mutex"], ["lkm"], "counters/mutex")
    same(suites["bpf"]["ktime"], ["bpf"], "bpf/ktime")
    both = {name for name, backends in suites["counters"].items() if "bpf" in backends}
    same(both, declared("suites/counters.c"), "counters with both")


if __name__ == "__main__":
    main()
