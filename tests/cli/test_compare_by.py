#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench compare of directories and --by, on results that are made of a real one."""

import copy
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import OK, USAGE, Work, check, contains, main, same, test
from made_results import made, put

REGRESSION = 1
COUNTED = {"unit": "insn", "noise": 0, "fidelity": "icount"}


def of(release, boots, factor, arch="x86_64", fingerprint="57643e4827b058a4", flavour="cloud",
       experiment=None, blocks=0, **more):
    result = made(boots, factor, **more)
    result["kernel"].update(release=release, flavour=flavour, arch=arch)
    result["machine"].update(arch=arch, fingerprint=fingerprint)
    if experiment:
        result["experiment"] = {"id": experiment, "seed": 1}
        for boot in result["boots"]:
            boot["block"] = blocks + boot["index"]
    return result


def slower(bench, factor):
    return lambda case: factor if case["bench"] == bench else 1


def documents(work, *arguments, exit=OK):
    found = json.loads(work.run("compare", "--json", *arguments, exit=exit).out)
    return found if isinstance(found, list) else [found]


def put_all(work, directory, results):
    os.makedirs(work.path(directory), exist_ok=True)
    for name, result in results.items():
        put(work, os.path.join(directory, name + ".json"), result)
    return work.path(directory)


def verdicts(document):
    return {case["bench"]: case["verdict"] for case in document["cases"]}


@test("--by kernel: releases in the order of versions, each with the first")
def by_kernel():
    with Work() as work:
        directory = put_all(work, "all", {
            "a": of("6.12.9-amd64", 6, slower("mutex", 1.2), seed=1),
            "b": of("6.1.0-50-amd64", 6, 1, seed=2),
            "c": of("6.12.10-amd64", 6, slower("spin_lock", 0.8), seed=3)})
        for arguments in ([directory], [directory, "--by", "kernel"],
                          ["--by", "kernel"] + [work.path("all", name + ".json")
                                                for name in "cba"]):
            found = documents(work, *arguments)
            same([(one["a"], one["b"]) for one in found],
                 [("6.1.0-50-amd64", "6.12.9-amd64"), ("6.1.0-50-amd64", "6.12.10-amd64")],
                 "groups")
            same({one["by"] for one in found}, {"kernel"}, "by")
            same(found[0]["files_b"], [work.path("all", "a.json")], "files")
            same(verdicts(found[0])["mutex"], "regressed", "6.12.9")
            same(verdicts(found[1])["spin_lock"], "improved", "6.12.10")
        work.run("compare", directory, "--gate", exit=REGRESSION)
        text = work.run("compare", directory).out
        contains("6.12.9-amd64: " + work.path("all", "a.json"), text)
        contains("1 regressed", text)
        only = work.run("compare", directory, "--only", "regressed", "--markdown",
                        "--sort", "ratio").out
        same(len([line for line in only.splitlines() if line.startswith("| `locks/")]), 1, "rows")


@test("results of one release and machine are pooled; boots of one experiment stay pairs")
def pooled():
    drift = [1 + 0.1 * i for i in range(4)]

    def drifting(result, change):
        for case in result["cases"]:
            for name in ("median", "mean", "min", "max"):
                case["per_op"][name] *= change * drift[case["boot"]]
        return result

    with Work() as work:
        # The names put the experiments in other orders on both sides.
        directory = put_all(work, "all", {
            name: drifting(of(release, 4, 1, noise=0.0005, seed=seed, experiment=experiment),
                           change)
            for seed, (name, release, experiment, change) in enumerate((
                ("1", "6.1-amd64", "e" * 32, 1), ("2", "6.1-amd64", "f" * 32, 3),
                ("3", "6.12-amd64", "f" * 32, 3.03), ("4", "6.12-amd64", "e" * 32, 1.01)))})
        found = documents(work, directory)
        same(len(found), 1, "comparisons")
        same([len(found[0]["files_a"]), len(found[0]["files_b"])], [2, 2], "files")
        for case in found[0]["cases"]:
            same(case["boots"], [8, 8], "boots")
            check(case["paired"], "paired")
            same(case["verdict"], "regressed", case["bench"])
        other = of("6.12-amd64", 3, 1, noise=0.0005, seed=9)
        other["kernel"]["cmdline"] = "mitigations=off"
        put(work, "all/5.json", other)
        found = documents(work, directory)
        same({case["paired"] for case in found[0]["cases"]}, {False}, "paired")
        same({tuple(case["boots"]) for case in found[0]["cases"]}, {(8, 11)}, "boots")
        check(any(text.startswith("not all boots were interleaved")
                  for text in found[0]["warnings"]), str(found[0]["warnings"]))
        check(any("6.12-amd64 differ among themselves: kernel command line" in text
                  for text in found[0]["warnings"]), str(found[0]["warnings"]))


@test("counted boots of a pool are exact where all agree, not where the first ones do")
def pooled_counts():
    with Work() as work:
        directory = put_all(work, "all", {
            "1": of("6.1-amd64", 1, 1, **COUNTED), "2": of("6.1-amd64", 1, 1, **COUNTED),
            "3": of("6.12-amd64", 1, 1, **COUNTED),
            "4": of("6.12-amd64", 1, slower("mutex", 1.5), **COUNTED)})
        found = documents(work, directory)
        for case in found[0]["cases"]:
            same(case["exact"], case["bench"] != "mutex", case["bench"])
            same(case["boots"], [2, 2], "boots")
            if case["bench"] == "mutex":
                check(case["b"] > 1.2 * case["a"], "both nights")
        rounded = dict(COUNTED, noise=1e-7, backend="bpf")
        for name, release in (("1", "6.1-amd64"), ("2", "6.1-amd64"), ("3", "6.12-amd64"),
                              ("4", "6.12-amd64")):
            put(work, f"all/{name}.json", of(release, 1, 1, seed=int(name), **rounded))
        same({case["exact"] for case in documents(work, directory)[0]["cases"]}, {True}, "BPF")


@test("trees of one release are kernels of their own, and so is each of their builds")
def trees():
    def tree(name, image, **more):
        result = of("6.12.0", 3, 1, **more)
        result["kernel"].update(tree=name, image_sha256=image)
        return result

    with Work() as work:
        directory = put_all(work, "all", {
            "b": tree("linux-patched", "b" * 64, seed=1), "a": tree("linux", "a" * 64, seed=2),
            "c": tree("linux", "a" * 64, seed=3)})
        found = documents(work, directory)
        same([(one["a"], one["b"]) for one in found],
             [("6.12.0 of linux", "6.12.0 of linux-patched")], "kernels")
        same([len(found[0]["files_a"]), len(found[0]["files_b"])], [2, 1], "files")
        put(work, "all/d.json", tree("linux", "d" * 64, seed=4))
        same(len(documents(work, directory)[0]["files_a"]), 2, "files of one build")


@test("results of other machines or fidelities are compared among themselves")
def kinds():
    with Work() as work:
        directory = put_all(work, "all", {
            "a1": of("6.1-amd64", 2, 1), "a2": of("6.12-amd64", 2, 1),
            "b1": of("6.1-arm64", 2, 5, arch="aarch64", fingerprint="1" * 16),
            "b2": of("6.12-arm64", 2, 5, arch="aarch64", fingerprint="1" * 16),
            "c": of("6.12-amd64", 2, 1, **COUNTED)})
        output = work.run("compare", "--json", directory)
        same([(one["a"], one["b"]) for one in json.loads(output.out)],
             [("6.1-amd64", "6.12-amd64"), ("6.1-arm64", "6.12-arm64")], "comparisons")
        contains("c.json stands alone", output.err)
        work.bad(USAGE, "compare", work.path("all", "a1.json"), work.path("all", "c.json"),
                 "--by", "kernel", says=["fidelity differs (tcg, icount)", "--force"])
        contains("fidelity differs", work.run("compare", work.path("all", "a1.json"), "--force",
                                              work.path("all", "c.json"), "--by", "kernel").out)


@test("two directories: each result with the other's of its kind")
def two_directories():
    with Work() as work:
        old = put_all(work, "old", {
            "x": of("6.1-amd64", 3, 1), "rt": of("6.1-rt-amd64", 3, 1, flavour="rt"),
            "n": of("6.1-amd64", 1, 1, **COUNTED)})
        new = put_all(work, "new", {
            "p": of("6.12-rt-amd64", 3, 1, flavour="rt"), "q": of("6.12-amd64", 3, 1)})
        output = work.run("compare", "--json", old, new + "/")
        same([(os.path.basename(one["a"]), os.path.basename(one["b"]))
              for one in json.loads(output.out)], [("rt.json", "p.json"), ("x.json", "q.json")],
             "pairs")
        contains("n.json stands alone", output.err)
        base = put(work, "base.json", of("5.10-amd64", 2, 1))
        same(len(documents(work, base, new)), 2, "one file and a directory")
        work.bad(USAGE, "compare", new, base, says=["has several results", "--by kernel"])
        put_all(work, "new", {"r": of("6.13-amd64", 3, 1)})
        work.bad(USAGE, "compare", old, new,
                 says=["x.json could be compared with", "q.json or", "r.json", "--by kernel"])
        arm = put_all(work, "arm", {"a": of("6.1-arm64", 1, 1, arch="aarch64")})
        work.bad(USAGE, "compare", old, arm, says=["no two results of the directories"])


@test("directories: what is no result is passed over, what is damaged or later is not")
def directories():
    with Work() as work:
        directory = put_all(work, "all", {"a": of("6.1-amd64", 2, 1), "b": of("6.12-amd64", 2, 1)})
        with open(work.path("all", "foreign.json"), "w", encoding="utf-8") as file:
            file.write('{"benchmarks": []}')
        with open(work.path("all", "notes.txt"), "w", encoding="utf-8") as file:
            file.write("{")
        os.mkdir(work.path("all", "dir.json"))
        output = work.run("compare", directory)
        contains("foreign.json is ignored: it is no kbench result", output.err)
        contains("dir.json is ignored: it is no file", output.err)
        same(len(output.err.splitlines()), 2, "lines on stderr")
        # Not in the order in which kbench writes.
        result = of("6.13-amd64", 2, 1)
        with open(work.path("all", "sorted.json"), "w", encoding="utf-8") as file:
            json.dump(result, file, sort_keys=True)
        same(len(documents(work, directory)), 2, "comparisons")
        put_all(work, "later", {"a": of("6.1-amd64", 2, 1),
                                "b": dict(of("6.12-amd64", 2, 1), schema="kbench-result/9")})
        work.bad(USAGE, "compare", work.path("later"), says=["b.json", "kbench-result/9"])
        put_all(work, "cut", {"a": of("6.1-amd64", 2, 1)})
        with open(work.path("cut", "b.json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(of("6.12-amd64", 2, 1))[:-100])
        work.bad(USAGE, "compare", work.path("cut"), says=["b.json", "cut short"])
        os.mkdir(work.path("empty"))
        work.bad(USAGE, "compare", work.path("empty"), says=["no result is in the directory"])
        work.bad(USAGE, "compare", directory, work.path("empty"), says=["empty"])
        put_all(work, "one", {"a": of("6.1-amd64", 2, 1)})
        work.bad(USAGE, "compare", work.path("one"), says=["all results are of one kernel"])


@test("--by cpus: the smallest number is the base, and there is no verdict")
def by_cpus():
    result = of("6.1-amd64", 4, 1, noise=0.0005)
    for cpus, factor in ((2, 0.5), (16, 3)):
        for case in [case for case in result["cases"] if case["cpus"] == 8]:
            case = copy.deepcopy(case)
            case.update(cpus=cpus, cpu_list=list(range(cpus)))
            for name in ("median", "mean", "min", "max"):
                case["per_op"][name] *= factor
            result["cases"].append(case)
    with Work() as work:
        path = put(work, "a.json", result)
        found = documents(work, path, "--by", "cpus")
        same(len(found), 1, "documents")
        for case in found[0]["cases"]:
            same(case["cpus"], 2, "the base")
            wanted = {8: 2, 16: 6}[case["cpus_b"]]
            check(case["paired"] and "verdict" not in case, str(case))
            check(abs(case["ratio"] / wanted - 1) < 0.01, f"{case['ratio']}, wanted {wanted}")
            check(case["ci95"][0] <= case["ratio"] <= case["ci95"][1], "interval")
        check("regressed" not in found[0]["summary"], "summary")
        text = work.run("compare", path, "--by", "cpus", "--sort", "name").out
        contains("locks/mutex cs=0 think=0, 16 over 2 CPUs (process)", text)
        contains("no regression", text)
        check("VERDICT" not in text and "inconclusive" not in text, text)
        work.bad(USAGE, "compare", put(work, "b.json", of("6.1-amd64", 1, 1)), "--by", "cpus",
                 says=["b.json", "no case was measured on several numbers of CPUs"])


def counting(result, cycles):
    for case in result["cases"]:
        case["counters"] = {
            "cycles": {"status": "counted", "per_op": cycles, "mean": cycles, "n": 5},
            "instructions": {"status": "not available here", "reason": "no PMU"}}
    return result


@test("--by arch and machine: figures side by side, changes of ranking, no verdict")
def by_arch():
    def on_arm(case):
        # What costs less than the other on one of them costs more on the other.
        return {"spin_lock": 20, "mutex": 0.05}.get(case["bench"], 1)

    with Work() as work:
        x86 = put(work, "x.json", counting(of("6.12-cloud-amd64", 5, 1, seed=1), 100.0))
        arm = put(work, "a.json", counting(of("6.12-cloud-arm64", 5, on_arm, seed=2,
                                              arch="aarch64", fingerprint="a" * 16), 150.0))
        for by in ("arch", "machine"):
            found = documents(work, x86, arm, "--by", by)
            same(len(found), 1, "documents")
            same(found[0]["by"], by, "by")
            check("regressed" not in found[0]["summary"], "summary")
            for case in found[0]["cases"]:
                check("verdict" not in case and len(case["ci95"]) == 2, str(case))
                same(case["cycles"], [100.0, 150.0], "cycles")
                check("instructions" not in case, "instructions that were not counted")
            names = (found[0]["a"], found[0]["b"])
            medians = {case["bench"]: (case["a"], case["b"]) for case in found[0]["cases"]}
            check(medians["spin_lock"][0] < medians["mutex"][0] and
                  medians["spin_lock"][1] > medians["mutex"][1], "the example's order")
            line = next(line for line in found[0]["rankings"] if line.startswith(
                f"on {names[0]} locks/spin_lock cs=0 think=0, 8 CPUs (preempt-off) costs less"))
            contains(" mutex,", line)
            check("trylock" not in line and line.endswith(f"; on {names[1]} more"), line)
        same(names[0].split(" (")[1], "57643e48)", "a machine's name")
        text = work.run("compare", x86, arm, "--by", "arch").out
        contains("n = 1", text)
        contains("CYCLES B", text)
        contains("ranking  on x86_64 locks/spin_lock cs=0 think=0, 8 CPUs", text)
        check("VERDICT" not in text and "INSNS" not in text, text)
        for option in ("--gate", "--only=regressed"):
            work.bad(USAGE, "compare", x86, arm, "--by", "arch", option, says=option.split("=")[0])
        work.bad(USAGE, "compare", x86, x86, "--by", "machine", says=["of one machine"])
        work.bad(USAGE, "compare", x86, put(work, "c.json", of(
            "6.12-cloud-arm64", 1, 1, arch="aarch64", **COUNTED)), "--by", "arch",
                 says=["fidelity", "--force"])
        third = put(work, "d.json", of("6.12-cloud-arm64", 2, 1, arch="aarch64",
                                       fingerprint="b" * 16))
        work.bad(USAGE, "compare", x86, arm, third, "--by", "arch",
                 says=["several aarch64 machines", "--by machine"])
        same(len(documents(work, x86, arm, third, "--by", "machine")), 2, "machines")


@test("orders that may be chance are no change of ranking")
def rankings():
    def close(case):
        return {"spin_lock": 1.0, "mutex": 1.0}.get(case["bench"], 1)

    with Work() as work:
        one = put(work, "x.json", of("6.12-amd64", 2, 1, seed=1))
        two = put(work, "a.json", of("6.12-arm64", 2, slower("spin_lock", 20), seed=2,
                                     arch="aarch64"))
        same(documents(work, one, two, "--by", "arch")[0]["rankings"], [], "of two boots")
        one = put(work, "x.json", of("6.12-amd64", 5, close, noise=0.3, seed=1))
        two = put(work, "a.json", of("6.12-arm64", 5, close, noise=0.3, seed=2, arch="aarch64"))
        same(documents(work, one, two, "--by", "arch")[0]["rankings"], [], "within the noise")
        one = put(work, "x.json", of("6.12-amd64", 1, 1, **COUNTED))
        two = put(work, "a.json", of("6.12-arm64", 1, slower("spin_lock", 1000), arch="aarch64",
                                     **COUNTED))
        check(documents(work, one, two, "--by", "arch")[0]["rankings"], "counted")


@test("bad words: one line each")
def bad_words():
    with Work() as work:
        path = put(work, "a.json", of("6.1-amd64", 1, 1))
        work.bad(USAGE, "compare", path, path, "--by", "kernle", says="did you mean kernel?")
        work.bad(USAGE, "compare", path, path, "--by", "files", says="--by files")
        work.bad(USAGE, "compare", path, path, "--by", "weather", says="kernel, machine, arch")
        work.bad(USAGE, "compare", path, path, "--by", "kernel", says="of one kernel")
        work.bad(USAGE, "compare", "--by", "kernel", says="two results")
        work.bad(USAGE, "compare", path, "--by", "kernel", says="two results")


if __name__ == "__main__":
    main()
