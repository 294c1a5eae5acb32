#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench history, on results that are made of a real one."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import OK, USAGE, Work, check, contains, main, same, test
from made_results import made, put

BENCHES = ("mutex", "spin_lock", "rwsem_read")
COUNTED = {"unit": "insn", "noise": 0, "fidelity": "icount"}


def at(release, started, boots, factor, fingerprint="57643e4827b058a4", flavour="cloud", **more):
    result = made(boots, factor, only=BENCHES, **more)
    result["kernel"].update(release=release, flavour=flavour)
    result["machine"]["fingerprint"] = fingerprint
    result["started"] = started
    return result


def slower(bench, factor):
    return lambda case: factor if case["bench"] == bench else 1


def kernels(work, directory, boots=5, **more):
    """Seven kernels; the mutex is slower by 3 % from 6.10, and files are in another order."""
    os.makedirs(work.path(directory), exist_ok=True)
    for name, (number, factor) in zip("gfedcba", ((1, 1), (2, 1), (9, 1), (10, 1.03), (11, 1.03),
                                                  (12, 1.03), (13, 1.03))):
        put(work, os.path.join(directory, name + ".json"),
            at(f"6.{number}.0-cloud-amd64", f"2026-01-{28 - number:02d}T00:00:00Z", boots,
               slower("mutex", factor), seed=number, **more))
    return work.path(directory)


def history(work, *arguments):
    return json.loads(work.run("history", "--json", *arguments).out)


def changes(series):
    return {case["bench"]: [change["kernel"] for change in case["changes"]]
            for case in series["cases"]}


@test("a change is found at its kernel, in the order of versions, and nowhere else")
def finds_a_change():
    with Work() as work:
        directory = kernels(work, "all")
        found = history(work, directory)
        same(len(found["series"]), 1, "series")
        series = found["series"][0]
        same(series["order"], "kernel", "order")
        same([result["kernel"].split(".")[1] for result in series["results"]],
             ["1", "2", "9", "10", "11", "12", "13"], "order")
        same(changes(series), {"mutex": ["6.10.0-cloud-amd64"], "spin_lock": [],
                               "rwsem_read": []}, "changes")
        mutex = next(case for case in series["cases"] if case["bench"] == "mutex")
        change = mutex["changes"][0]
        check(abs(change["ratio"] - 1.03) < 0.004, f"ratio {change['ratio']}")
        check(abs(change["after"] / change["before"] - change["ratio"]) < 1e-12, "after")
        same(mutex["boots"], [5] * 7, "boots")
        same(len(mutex["values"]), 7, "values")
        check(0 < change["p"] <= 0.05 and 0 < mutex["p"] <= 0.05, "p")
        text = work.run("history", directory).out
        contains("7 by kernel, 6.1.0-cloud-amd64", text)
        contains("emulated by TCG", text)
        contains("summary  3 cases: 1 changed; 3 tested", text)
        row = next(line for line in text.splitlines() if "6.10.0-cloud-amd64" in line)
        contains("locks/mutex", row)
        contains("2026-01-18", row)
        contains(" % 0.00", row)
        # The same twice: the seed is fixed.
        same(work.run("history", directory).out, text, "a second time")


@test("--sort date, --only changed, --case, --confidence")
def options():
    with Work() as work:
        directory = kernels(work, "all")
        series = history(work, directory, "--sort", "date")["series"][0]
        same(series["order"], "date", "order")
        same(series["results"][0]["kernel"], "6.13.0-cloud-amd64", "the first")
        same(changes(series)["mutex"], ["6.9.0-cloud-amd64"], "back in time")
        series = history(work, directory, "--only", "changed")["series"][0]
        same([case["bench"] for case in series["cases"]], ["mutex"], "cases")
        series = history(work, directory, "--case", "locks/spin_lock 8 CPUs", "--case",
                         "locks/mutex cs=0")["series"][0]
        same(sorted(case["bench"] for case in series["cases"]), ["mutex", "spin_lock"], "cases")
        found = history(work, directory, "--confidence", "99.9999%")
        same(changes(found["series"][0])["mutex"], [], "at 99.9999 %")
        same(round(1 - found["confidence"], 7), 1e-6, "confidence")


@test("what cannot be compared is a series of its own, and named")
def series():
    with Work() as work:
        directory = kernels(work, "all", boots=2)
        paths = [directory]
        for i, more in enumerate(({"fingerprint": "a" * 16}, {"flavour": "rt"}, COUNTED,
                                  {"backend": "bpf"})):
            for started in ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"):
                paths.append(put(work, f"{i}{started[9]}.json", at("6.1", started, 2, 1, **more)))
        paths.append(put(work, "alone.json", at("6.1", "2026-01-01", 1, 1, fidelity="native")))
        output = work.run("history", "--json", *paths)
        found = json.loads(output.out)["series"]
        same([len(one["results"]) for one in found], [7, 2, 2, 2, 2], "results")
        same(len({one["name"] for one in found}), 5, "names")
        same([one["order"] for one in found], ["kernel"] + 4 * ["date"], "orders")
        same((found[3]["fidelity"], found[3]["unit"]), ("icount", "insn"), "the counted one")
        contains("alone.json is alone in its series", output.err)
        contains("native", output.err)


@test("counted instructions change where they differ, unless they depend on the state")
def exact():
    with Work() as work:
        paths = []
        for i, factor in enumerate((1, 1, 1.0001, 1.0001, 1)):
            paths.append(put(work, f"{i}.json", at(f"6.{i}", f"2026-01-0{i}", 1,
                                                   slower("mutex", factor), **COUNTED)))
        found = history(work, *paths)["series"][0]
        same(changes(found), {"mutex": ["6.2", "6.4"], "spin_lock": [], "rwsem_read": []},
             "changes")
        same(found["tested"], 0, "tested")
        check(all(case["exact"] and "p" not in case for case in found["cases"]), "exact")
        text = work.run("history", *paths, "--only", "changed").out
        contains("exact", text)
        check("differs" not in text, text)
        with open(paths[2], encoding="utf-8") as file:
            other = json.load(file)
        other["kernel"]["module_compiler"] = "gcc-14"
        put(work, "2.json", other)
        text = work.run("history", *paths).out
        contains("differs  6.2 (2026-01-02): compiler of the modules: gcc-12", text)
        same(history(work, *paths)["series"][0]["cases"], history(work, *paths[::-1])["series"][0][
            "cases"], "files in another order")
        with open(paths[3], encoding="utf-8") as file:
            other = json.load(file)
        other["boots"][0]["seed"] = 2
        put(work, "3.json", other)
        text = work.run("history", *paths).out
        contains("differs  6.2 (2026-01-02): compiler of the modules: gcc-12", text)
        contains("differs  6.4 (2026-01-04): seeds of the boots: 2, not told", text)
        with open(paths[0], encoding="utf-8") as file:
            moves = json.load(file)
        for case in moves["cases"]:
            case["flags"] = ["state-dependent"]
        put(work, "0.json", moves)
        found = history(work, *paths)["series"][0]
        same({case["exact"] for case in found["cases"]}, {False}, "exact")


@test("a result that is there twice counts once; results with a boot in common are refused")
def twice():
    with Work() as work:
        one, two = (at(f"6.{i}", f"2026-01-0{i}", 1, 1, **COUNTED) for i in (1, 2))
        paths = [put(work, "a.json", one), put(work, "b.json", two),
                 put(work, "copy.json", one)]
        output = work.run("history", "--json", *paths, paths[0])
        results = json.loads(output.out)["series"][0]["results"]
        same([result["kernel"] for result in results], ["6.1", "6.2"], "results")
        same(output.err.splitlines(), [
            f"kbench: {path} is left out: it is the result {paths[0]} once more"
            for path in (paths[2], paths[0])], "notes")
        two["boots"][0]["id"] = one["boots"][0]["id"]
        put(work, "b.json", two)
        work.bad(USAGE, "history", *paths, says=["a.json", "b.json", "a boot in common"])


@test("too few boots to show anything: said, and no change")
def too_few():
    with Work() as work:
        paths = [put(work, f"{i}.json", at(f"6.{i}", f"2026-01-0{i}", 1, 1 + i // 2, seed=i))
                 for i in range(4)]
        output = work.run("history", *paths)
        contains("4 boots are too few", output.out)
        contains("0 changed", output.out)


@test("bad input: one line each")
def bad_input():
    with Work() as work:
        one = put(work, "a.json", at("6.1", "2026-01-01", 1, 1))
        two = put(work, "b.json", at("6.2", "2026-01-02", 1, 1))
        work.bad(USAGE, "history", says="name results or a directory")
        alone = work.run("history", one, exit=USAGE).err.splitlines()
        same(len(alone), 2, str(alone))
        contains("a.json is alone in its series", alone[0])
        contains("two results or more", alone[1])
        native = put(work, "n.json", at("6.2", "2026", 1, 1, fidelity="native"))
        alone = work.run("history", one, native, exit=USAGE).err.splitlines()
        same(len(alone), 3, str(alone))
        for path, line in zip((one, native), alone):
            contains(path + " is alone in its series", line)
        contains("two results or more", alone[2])
        os.mkdir(work.path("some"))
        put(work, "some/a.json", at("6.1", "2026-01-01", 1, 1))
        with open(work.path("some", "other.json"), "w", encoding="utf-8") as file:
            file.write("{}")
        contains("other.json", work.run("history", work.path("some"), exit=USAGE).err)
        os.mkdir(work.path("empty"))
        work.bad(USAGE, "history", work.path("empty"), says="no result is in the directory")
        work.bad(USAGE, "history", one, work.path("none.json"), says="none.json")
        work.bad(USAGE, "history", one, put(work, "c.json", dict(
            at("6.2", "2026", 1, 1), schema="kbench-result/9")), says=["c.json", "result/9"])
        with open(work.path("cut.json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(at("6.1", "2026", 1, 1))[:-9])
        work.bad(USAGE, "history", one, work.path("cut.json"), says=["cut.json", "cut short"])
        work.bad(USAGE, "history", one, two, "--case", "locks/mutx",
                 says="did you mean 'locks/mutex'?")
        work.bad(USAGE, "history", one, two, "--case", "weather", says="these results have no case")
        for words in (("locks/mutex", "locks/spin_lok"), ("locks/spin_lok", "locks/mutex")):
            work.bad(USAGE, "history", one, two, *(f"--case={word}" for word in words),
                     says=["'locks/spin_lok'", "did you mean 'locks/spin_lock'?"])
        work.bad(USAGE, "history", one, two, "--case", "locks/mutex", "--case",
                 "locks/mutex cs=77", says="'locks/mutex cs=77'")
        for options, says in ((("--sort", "size"), "--sort size"), (("--only", "x"), "--only x"),
                              (("--confidence", "1%"), "--confidence 1%"),
                              (("--confidence", "x"), "--confidence x"),
                              (("--cas", "x", "--jsn"), "did you mean --json")):
            work.bad(USAGE, "history", one, two, *options, says=says)
        work.bad(USAGE, "histroy", says="did you mean 'history'")


if __name__ == "__main__":
    main()
