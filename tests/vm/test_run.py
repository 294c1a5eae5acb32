#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Every suite on real kernels, in guests under TCG, with 1, 2 and 8 CPUs: counts, structure and
facts of the results. Times under TCG mean nothing and are not looked at."""

import atexit
import glob
import hashlib
import itertools
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import OK, TARGET, TREE, Work, check, contains, load_result, main, same, test

COUNTS = (1, 2, 8)
SUITES = sorted(os.path.basename(path).removesuffix(".c")
                for path in glob.glob(os.path.join(TREE, "suites", "*.c")))
QUICK = ("--target", "vm", "--accel", "tcg", "--time", "2ms", "--samples", "8", "--no-plot")


def declared(suite):
    """Benches of a suite, from its source: name, phases, lists of CPUs; without the broken ones."""
    with open(os.path.join(TREE, "suites", suite + ".c"), encoding="utf-8") as file:
        source = file.read()
    benches = {}
    for match in re.finditer(r"^(KBENCH|KBENCH_PHASED|BATCH)\((\w+),(.*?)\)(?:;|\n\{)", source,
                             re.M | re.S):
        macro, name, rest = match.groups()
        if "KBENCH_BENCH_BROKEN" in rest:
            continue
        fewest = re.search(r"\.min_cpus = (\d+)", rest)
        most = re.search(r"\.max_cpus = (\d+)", rest)
        if "KB_PAIRS" in rest:
            cpus = list(itertools.combinations(range(max(COUNTS)), 2))
        else:
            cpus = [tuple(range(count)) for count in COUNTS
                    if (int(fewest[1]) if fewest else 1) <= count
                    <= (int(most[1]) if most else max(COUNTS))]
        benches[name] = ([None] if macro == "KBENCH" else ["alloc", "free"], cpus)
    check(benches, f"no bench in {suite}.c")
    return benches


def may_lack(suite):
    """Benches that kernels can lack: those are listed all the same, and skipped with a reason."""
    with open(os.path.join(TREE, "suites", suite + ".c"), encoding="utf-8") as file:
        return set(re.findall(r"^KBENCH_LACKING\((\w+),", file.read(), re.M))


class Run:
    """One run for all tests of a kernel: it takes most of the time."""

    runs = {}

    def __init__(self, kernel):
        self.work = Work()
        atexit.register(self.work.remove)
        path = self.work.path("r.json")
        self.output = self.work.run("run", ",".join(SUITES), "--kernels", kernel, "--cpus",
                                    ",".join(map(str, COUNTS)), "-o", path, *QUICK,
                                    exit=(OK, TARGET))
        self.path = path
        self.result = load_result(path)

    @classmethod
    def get(cls, kernel):
        """What went wrong once goes wrong for each test, without trying again."""
        if kernel not in cls.runs:
            try:
                cls.runs[kernel] = cls(kernel)
            except (AssertionError, subprocess.SubprocessError, OSError) as error:
                cls.runs[kernel] = error
        if isinstance(cls.runs[kernel], Exception):
            raise AssertionError(str(cls.runs[kernel]))
        return cls.runs[kernel]


def result_says_where(kernel):
    result = Run.get(kernel).result
    version, flavour = kernel.split("-")
    same(Run.get(kernel).output.exit, OK, "exit code")
    same(result["status"], "complete", "status")
    same(result["errors"], [], "errors")
    check(result["kernel"]["release"].startswith(version + "."), result["kernel"]["release"])
    contains(flavour, result["kernel"]["release"], "release")
    same(result["machine"]["cpus"], max(COUNTS), "CPUs of the guest")
    same(result["environment"]["target"], "vm", "target")
    same(result["environment"]["backend"], "lkm", "backend")
    same(result["environment"]["fidelity"], "tcg", "fidelity")
    same(result["environment"]["emulator"]["accel"], "tcg", "accelerator")
    same(len(result["boots"]), 1, "boots")
    check(result["boots"][0]["during"]["seconds"] > 0, "what happened during the run is missing")
    # What would distort times is not to be said where times mean nothing.
    same([text for text in result["environment"]["warnings"] if "record" not in text], [],
         "warnings")
    check(result["boots"][0]["boot_to_agent_s"] > 0, "boot-to-agent time is missing")
    contains("r.json", Run.get(kernel).output.out)


def every_bench(kernel, suite):
    run = Run.get(kernel)
    wanted = {(name, phase, cpus)
              for name, (phases, lists) in declared(suite).items()
              for phase in phases for cpus in lists}
    cases = [case for case in run.result["cases"] if case["suite"] == suite]
    lacking = may_lack(suite)
    failed = [f"{case['bench']}, {case['cpus']} CPUs: {case['status']}: {case.get('reason')}"
              for case in cases if case["status"] != "ok" and case["bench"] != "empty"
              and not (case["bench"] in lacking and case["status"] == "skipped")]
    check(not failed, "\n".join(failed))
    got = [(case["bench"], case.get("phase") or None, tuple(case["cpu_list"])) for case in cases]
    missing = sorted(map(str, wanted - set(got)))
    check(not missing, "missing: " + ", ".join(missing))
    if suite != "selfcheck":	# the empty op stands beside the contexts of others, too
        same(len(got), len(wanted), "cases")
    for case in cases:
        if case["status"] == "ok":
            check_case(case)


def check_case(case):
    where = f"{case['suite']}/{case['bench']}, {case['cpus']} CPUs"
    same(len(case["cpu_list"]), case["cpus"], f"{where}: CPUs")
    same(case["unit"], "ns", f"{where}: unit")
    same([cpu["cpu"] for cpu in case["per_cpu"]], case["cpu_list"], f"{where}: per CPU")
    for cpu in case["per_cpu"]:
        check(cpu["ops"] > 0 and cpu["median"] > 0, f"{where}: CPU {cpu['cpu']} did nothing")
    check(case["per_op"]["n"] >= 1, f"{where}: no samples")
    per_op = case["per_op"]
    check(0 < per_op["min"] <= per_op["p90"] <= per_op["p99"] <= per_op["max"],
          f"{where}: quantiles are not in order: {per_op}")
    check(per_op["ci95"][0] <= per_op["ci95"][1], f"{where}: interval")


def samples_beside(kernel):
    run = Run.get(kernel)
    path = os.path.join(os.path.dirname(run.path), run.result["samples"]["file"])
    with open(path, "rb") as file:
        same(hashlib.sha256(file.read()).hexdigest(), run.result["samples"]["sha256"], "checksum")
    lines = subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    check(len(lines) > 100, f"{len(lines)} lines of samples")
    for line in lines:
        columns = json.loads(line)
        lengths = {name: len(columns[name]) for name in
                   ("worker", "cpu_start", "cpu_end", "ops", "value", "flags")}
        same(len(set(lengths.values())), 1, f"lengths of columns differ: {lengths}")
        check(min(columns["ops"], default=1) > 0, "a sample without ops")


def repeated_without_network(kernel):
    """All is cached: a run asks nobody. The environment is the one that no network shows itself."""
    with Work() as work:
        env = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy")}
        work.run("run", "selfcheck/nops_100", "--kernels", kernel, "-o", work.path("r.json"),
                 *QUICK, env=env)
        result = load_result(work.path("r.json"))
        same(result["status"], "complete", "status")


for spec in ("6.1-cloud", "6.12-cloud"):
    test(f"{spec}: the result says where it comes from")(
        lambda spec=spec: result_says_where(spec))
    for name in SUITES:
        test(f"{spec}: {name}: every bench on 1, 2 and 8 CPUs")(
            lambda spec=spec, name=name: every_bench(spec, name))
    test(f"{spec}: raw samples lie beside the result")(lambda spec=spec: samples_beside(spec))


@test("a cached kernel is run without network")
def cached():
    repeated_without_network("6.12-cloud")


@test("show prints the table of a result, and its JSON")
def show():
    run = Run.get("6.12-cloud")
    output = run.work.run("show", run.path)
    for case in run.result["cases"]:
        contains(f"{case['suite']}/{case['bench']}", output.out, "the table")
    contains("tcg", output.out.lower(), "the table")
    check("\x1b" not in output.out, "colours for what is no terminal")


@test("plot draws a sweep as PNG and as SVG")
def plot():
    run = Run.get("6.12-cloud")
    with Work() as work:
        work.run("plot", run.path, "-o", work.path("p.png"))
        work.run("plot", run.path, "-o", work.path("p.svg"))
        with open(work.path("p.png"), "rb") as file:
            same(file.read(8), b"\x89PNG\r\n\x1a\n", "begin of the PNG")
        with open(work.path("p.svg"), encoding="utf-8") as file:
            contains("<svg", file.read(), "the SVG")


@test("list --json has every suite with its benches, parameters, ranges and help")
def listing():
    with Work() as work:
        listed = {suite["name"]: suite for suite in
                  json.loads(work.run("list", "--json").out)["suites"]}
    # One has no module: see test_bpf.py.
    same(sorted(set(listed) - {"bpf"}), sorted(SUITES), "suites")
    for suite in SUITES:
        benches = {bench["name"]: bench for bench in listed[suite]["benches"]}
        missing = set(declared(suite)) - set(benches)
        check(not missing, f"{suite}: {missing} not listed")
        check(all(bench["help"] for bench in benches.values()), f"{suite}: a bench without help")
    size = [param for bench in listed["alloc"]["benches"] if bench["name"] == "kmalloc"
            for param in bench["params"] if param["name"] == "size"][0]
    same((size["unit"], size["default"], size["min"]), ("bytes", 64, 1), "parameter size")
    check(size["max"] > size["min"] and size["help"], "parameter size")


@test("two kernels in one run make one result each, parameters are swept")
def two_kernels():
    with Work() as work:
        os.mkdir(work.path("out"))
        work.run("run", "cache/false_sharing", "--cpus", "2", "--param", "stride=8,64,256",
                 "--kernels", "6.1-cloud,6.12-cloud", "-o", work.path("out"), *QUICK)
        files = sorted(glob.glob(work.path("out", "*.json")))
        same(len(files), 2, "results")
        results = [load_result(path) for path in files]
        same(sorted(result["kernel"]["release"].split(".")[1] for result in results),
             ["1", "12"], "kernels")
        for result in results:
            cases = [case for case in result["cases"] if case["suite"] == "cache"]
            same([case["params"]["stride"] for case in cases], [8, 64, 256], "strides")
            same({case["status"] for case in cases}, {"ok"}, "status")


def check_histograms(result):
    """Every measured case has one, whose parts agree with each other."""
    cases = [case for case in result["cases"] if case["status"] == "ok"]
    check(cases, "no case was measured")
    for case in cases:
        where = f"{case['suite']}/{case['bench']}"
        histogram = case["histogram"]
        same(histogram["count"], sum(cpu["count"] for cpu in histogram["per_cpu"]),
             f"{where}: ops")
        same(histogram["count"], sum(histogram["buckets"]["count"]) + histogram["beyond"],
             f"{where}: ops in buckets")
        same(histogram["backward"], 0, f"{where}: ops without time")
        same([cpu["cpu"] for cpu in histogram["per_cpu"]], case["cpu_list"], f"{where}: CPUs")
        for cpu in histogram["per_cpu"]:
            check(cpu["count"] > 0, f"{where}: CPU {cpu['cpu']} timed nothing")
        ordered = [histogram[name] for name in ("p50", "p90", "p99", "p99_9", "max")]
        check(ordered == sorted(ordered) and ordered[-1] > 0, f"{where}: {ordered}")
        slowest = [cpu["cpu"] for cpu in histogram["per_cpu"] if cpu["max"] == histogram["max"]]
        check(histogram["max_cpu"] in slowest, f"{where}: the slowest was on {slowest}")
        check(histogram["timer_cost"] > 0, f"{where}: the timer costs nothing")


@test("CPUs by name, critical section and context are what the case then has; ops one by one, too")
def by_name():
    with Work() as work:
        output = work.run("run", "locks/spin_lock,alloc/kmalloc_batch", "--cpu-list", "3,1",
                          "--param", "cs=5", "--context", "process", "--latency", "--kernels",
                          "6.12-cloud", "-o", work.path("r.json"), *QUICK)
        result = load_result(work.path("r.json"))
        check_histograms(result)
        contains("P99.9", output.out, "the table")
        same({case["phase"] for case in result["cases"] if case["suite"] == "alloc"},
             {"alloc", "free"}, "phases")
        case = [case for case in result["cases"] if case["suite"] == "locks"][0]
        same(case["cpu_list"], [3, 1], "CPUs")
        same([cpu["cpu"] for cpu in case["per_cpu"]], [3, 1], "per CPU")
        same(case["params"], {"cs": 5, "think": 0}, "parameters")
        same(case["context"], "process", "context")


@test("benches run with interrupts off as far as their ops allow that, the others say why not")
def irqs_off():
    suites = ("barriers", "bitops", "counters", "locks")
    with Work() as work:
        work.run("run", ",".join(suites), "--context", "irq-off", "--cpus", "2", "--kernels",
                 "6.12-cloud", "--param", "readers=50", "--latency", "-o", work.path("r.json"),
                 *QUICK)
        result = load_result(work.path("r.json"))
        check_histograms(result)
        cases = {case["suite"] + "/" + case["bench"]: case
                 for case in result["cases"] if case["suite"] in suites}
        same({case["context"] for case in cases.values()}, {"irq-off"}, "contexts")
        same(cases["locks/rwlock_read"]["params"]["readers"], 50, "share of readers")
        skipped = {name for name, case in cases.items() if case["status"] == "skipped"}
        same({case["status"] for name, case in cases.items() if name not in skipped}, {"ok"},
             "status of those that are not skipped")
        for name in skipped:
            contains("must not run in this context", cases[name]["reason"], f"reason of {name}")
        same(sorted(name for name in skipped if not re.search("mutex|rwsem", name)),
             ["locks/completion", "locks/semaphore", "locks/spin_lock_bh", "locks/spin_lock_irq"],
             "other benches that are skipped")


if __name__ == "__main__":
    main()
