#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The configuration file: defaults for options, over which the command line wins."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, OK, TARGET, USAGE, Work, check, contains, load_result, main, same,
                     test)
from made_results import made, put


class Configured(Work):
    """With that configuration. @file: its path"""

    def __init__(self, text):
        super().__init__()
        os.makedirs(self.path("config", "kbench"))
        self.file = self.path("config", "kbench", "config")
        self.write(text)

    def write(self, text):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)

    def times(self):
        """Whether BPF programs can be timed here."""
        told = json.loads(self.run("doctor", "--json", exit=(OK, ENVIRONMENT)).out)
        return told["backends"]["bpf"]["works"]

    def settings(self, *arguments):
        """What the words of the command line become, told by a run that measures little."""
        self.run("run", "counters/plain", "--time", "1ms", "--samples", "4", "-q", "-o",
                 self.path("r.json"), "--no-plot", *arguments, exit=(OK, TARGET))
        return load_result(self.path("r.json"))["command"]


def two(work):
    return put(work, "a.json", made(6, 1)), put(work, "b.json", made(6, lambda case:
               1.05 if case["bench"] == "mutex" else 1, seed=2))


def verdicts(output):
    return {line.split()[-1] for line in output.out.splitlines() if line.startswith("locks/")}


@test("defaults of a command and of all, seen in what it prints; the command line wins")
def defaults():
    with Configured("json = yes\n\n# only these\n[compare]\nonly = regressed\n") as work:
        a, b = two(work)
        found = json.loads(work.run("compare", a, b).out)
        same(found["cases"] and {case["verdict"] for case in found["cases"]} >= {"regressed"},
             True, "JSON")
        work.write("[compare]\nonly = regressed\n")
        same(verdicts(work.run("compare", a, b)), {"regressed"}, "verdicts")
        same(verdicts(work.run("compare", a, b, "--only", "equivalent")), {"equivalent"},
             "verdicts with --only")
        # What excludes a default is given: it yields.
        work.write("json = yes\n")
        check(work.run("compare", a, b, "--markdown").out.startswith("A  "), "no Markdown")
        # A section is for its command, and wins over what is for all.
        work.write("json = yes\n[compare]\njson = no\n[history]\njson = no\n")
        check(work.run("compare", a, b).out.startswith("A  "), "[compare] did not win")
        json.loads(work.run("plan", a).out)


@test("a result records what was in force; --param sums up by name, --resume is not asked")
def recorded():
    with Configured("backend = bpf\n[run]\nparam = think=1\ncpus = 1,2\nverbose = yes\n"
                    "plot = no\n") as work:
        if not work.times():
            return
        same(work.settings()[:7], ["kbench", "run", "--param=think=1", "--cpus=1,2", "--verbose",
                                   "--backend=bpf", "counters/plain"], "command")
        given = work.settings("--cpu-list", "0", "--param", "think=2")
        check("--cpus=1,2" not in given and "--param=think=1" not in given, given)
        contains("--backend=bpf", " ".join(given))
        given = work.settings("-c1")
        check("--cpus=1,2" not in given and "--param=think=1" in given, given)
        work.bad(USAGE, "run", "--resume", work.dir, says=work.dir)


@test("a target that is configured holds, and yields to a kernel that is named")
def targets():
    with Configured("target = host\nbackend = lkm\n[run]\nquiet = yes\n") as work:
        modules = os.path.exists("/proc/modules")
        if not modules:
            work.bad(ENVIRONMENT, "run", "locks", says=[work.file + ":1:", "loads no modules"])
        work.bad(USAGE, "run", "locks", "--kernels", "nonsense", says="nonsense")
        work.write("kernels = 6.12\naccel = icount\n")
        refused = work.run("run", "locks/nothing", "--target", "host", "--backend", "bpf",
                           exit=USAGE)
        contains("no suite 'locks' has BPF", refused.one_error())


@test("perf and boots exclude each other where nothing is booted, and are both in force in a guest")
def perf():
    for configured, given in (("until = 2%", ("--perf", "stat")), ("boots = 3", ("--perf", "stat")),
                              ("perf = stat", ("--boots", "2")), ("perf = stat", ("--until", "2%"))):
        with Configured(configured + "\n") as work:
            for command, where in (("run", ("counters/none", "--backend", "bpf")),
                                   ("run", ("bpf/none",)),
                                   ("run", ("none/none", "--target", "host")),
                                   ("aa", ("counters/none", "--backend", "bpf"))):
                said = work.run(command, *where, *given, exit=(USAGE, ENVIRONMENT)).one_error()
                check("--perf looks" not in said, f"{configured}, {command} {where}: {said}")
            # Where it is may be configured, too, above and below.
            work.write(f"{configured}\n[run]\ntarget = host\n")
            said = work.run("run", "none/none", *given, exit=(USAGE, ENVIRONMENT)).one_error()
            check("--perf looks" not in said, said)
            # Both given are wrong as ever.
            work.bad(USAGE, "run", "bpf/none", "--perf", "stat", "--boots", "2", says="--perf looks")
    # In a guest both hold: what is wrong with the one is told though the other was given.
    for where in (("--target", "vm"), ("--backend", "bpf", "--kernels", "6.12"),
                  ("--backend", "bpf", "--accel", "tcg")):
        with Configured("perf = nonsense\n") as work:
            work.bad(USAGE, "run", "none/none", *where, "--boots", "2",
                     says=[f"{work.file}:1: ", "nonsense"])
    with Configured("perf = nonsense\n") as work:
        work.bad(USAGE, "run", "bpf/none", "--boots", "1", says=[f"{work.file}:1: ", "nonsense"])


@test("an option that is another thing to another command stands in a section")
def sections():
    with Configured("") as work:
        a, _ = two(work)
        for text, says in (("output = d/", ["output", "kbench run", "kbench plot", "[run]"]),
                           ("quiet = yes\nsuite = s.c", ["suite", "[list]", "kbench plot"]),
                           ("sort = name", ["sort", "[compare]", "kbench history"])):
            work.write(text + "\n[run]\nquiet = yes\n")
            line = text.count("\n") + 1
            for command in (["report", a], ["run", "locks"], ["config"]):
                work.bad(USAGE, *command, says=[f"{work.file}:{line}: ", *says])
        # What all take alike may stand above.
        work.write("accel = icount\nboots = 2\ncase = locks/mutex\nquiet = yes\nthreshold = 2%\n"
                   "seed = 1\nmachine = raspi3b\njson = yes\nverbose = yes\ntime = 1ms\n")
        same(len(json.loads(work.run("config").out)["settings"]), 10, "settings")
        # A message that calls it by its letter names the file, too.
        work.write("[report]\noutput = d/\n")
        work.bad(USAGE, "report", a, says=[f"{work.file}:2: -o d/"])
        contains("output", work.run("config", "--help").out)


@test("help is had wherever --help stands, though the configuration is wrong")
def helps():
    with Configured("nonsense = 1\n") as work:
        for words in (["run", "locks", "--help"], ["compare", "a", "b", "-h"], ["aa", "x", "-h"],
                      ["run", "locks", "--cpus", "2", "-qh"]):
            contains(f"Usage: kbench {words[0]} ", work.run(*words).out)
        for words in (["run", "--", "--help"], ["run", "-o", "--help"], ["show", "help"]):
            work.bad(USAGE, *words, says=[f"{work.file}:1: ", "nonsense"])


@test("what is wrong with it is said in a line, with file and number, and what is near")
def wrong():
    with Configured("") as work:
        for text, line, says in (
                ("[run]\ncpsu = 8\n", 2, ["kbench run has no option 'cpsu'", "'cpus'"]),
                ("[rnu]\ncpus = 8\n", 2, ["no command [rnu]", "[run]"]),
                ("\n\ntargte = vm\n", 3, ["no command has an option 'targte'", "'target'"]),
                ("[show]\ncpus = 8\n", 2, ["kbench show has no option 'cpus'"]),
                ("[run]\ncpus\n", 2, ["OPTION = VALUE"]),
                ("[run\n", 1, ["OPTION = VALUE"]),
                ("[run] cpus = 8\n", 1, ["in a line of its own"]),
                ("[run]\nquiet = perhaps\n", 2, ["write yes or no"]),
                ("[run]\ncpus =\n", 2, ["cpus needs a value, COUNTS"]),
                ("[doctor]\nsysroot = /\n", 2, ["no option 'sysroot'"]),
                ("[run]\n  cpus = 1\n  help = yes\n", 3, ["no option 'help'"]),
                ("[run]\noutput = " + 300 * "x" + "\n", 2, ["too long"]),
                # The first is told, whoever finds it.
                ("nonsense\n[run]\ncpsu = 8\n[run] x\n", 1, ["OPTION = VALUE"]),
                ("[run]\ncpsu = 8\nnonsense\n[run] x\n", 2, ["'cpsu'"]),
                ("[run] x\nnonsense\ncpsu = 8\n", 1, ["of its own"]),
                ("[run]\ncpsu = 8\noutput = " + 300 * "x" + "\n", 2, ["'cpsu'"]),
                ("nonsense\n[run] x\n", 1, ["OPTION = VALUE"])):
            work.write(text)
            for command in (["run", "locks"], ["config"], ["show", "x.json"]):
                work.bad(USAGE, *command, says=[f"{work.file}:{line}: ", *says])
            # git takes most exit codes for a word on the kernel.
            work.bad(128, "bisect", "--step", "x.json", says=[f"{work.file}:{line}: "])
            contains("Usage: kbench run", work.run("run", "--help").out)
        for text, line, says in (
                ("[run]\ncpus = many\n", 2, "'many' is not a CPU count"),
                ("time = 1h\n", 1, "--time 1h"),
                ("\n[run]\nbackend = bpf\nlatency = yes\n", 4, "--latency")):
            work.write(text)
            work.bad(USAGE, "run", "locks/mutex", says=[f"{work.file}:{line}: ", says])
        os.remove(work.file)
        os.mkdir(work.file)
        work.bad(USAGE, "config", says=[work.file, "directory"])


@test("config: what is set, and where")
def listing():
    with Configured("target = vm\n[run]\n; eight\ncpus = 1,8 ; or more\noutput = ~/x/\n") as work:
        same([line.split() for line in work.run("config", env={"HOME": "/h"}).out.splitlines()[2:]],
             [["COMMAND", "OPTION", "VALUE", "LINE"], ["all", "target", "vm", "1"],
              ["run", "cpus", "1,8", "4"], ["run", "output", "/h/x/", "5"]], "table")
        told = json.loads(work.run("config", "--json").out)
        same(told["file"], work.file, "file")
        same(told["settings"][1], {"command": "run", "option": "cpus", "value": "1,8", "line": 4},
             "setting")
        os.remove(work.file)
        contains(f"{work.file} does not exist", work.run("config").out)
        # Without XDG_CONFIG_HOME it is below HOME.
        home = work.run("config", env={"XDG_CONFIG_HOME": None, "HOME": work.dir})
        contains(work.path(".config", "kbench", "config"), home.out)


@test("aa takes its options for suites, and those of its own for files")
def aa():
    with Configured("[aa]\nboots = 3\njson = yes\n") as work:
        a, _ = two(work)
        json.loads(work.run("aa", a).out)
        work.bad(USAGE, "aa", "locks/mutex", says=[f"{work.file}:2: --boots 3", "halves"])


if __name__ == "__main__":
    main()
