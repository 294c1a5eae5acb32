#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The command itself: what it says without a command, of all and of one; and runs that cannot
begin."""

import json
import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, INTERRUPTED, KBENCH, OK, TARGET, USAGE, Work, check, contains,
                     main, same, test)
from made_results import many, put


@test("alone it says in a few lines what to do next")
def alone():
    with Work() as work:
        output = work.run()
        same(output.err, "", "stderr")
        check(len(output.out.splitlines()) <= 12, output.out)
        contains("Begin with:  kbench run locks --cpus 8", output.out)
        contains("kbench --help", output.out)


@test("--help has every command, and each of them its own; --version has the commit")
def helps():
    with Work() as work:
        every = work.run("--help").out
        same(work.run("help").out, every, "kbench help")
        names = re.findall(r"^  kbench (\S+) ", every, re.M)
        check({"run", "selfcheck", "agent-step", "config"} <= set(names), f"{names}")
        for name in names:
            told = work.run(name, "--help").out
            check(told.startswith(f"Usage: kbench {name} "), told)
            same(work.run("help", name).out, told, f"kbench help {name}")
            same(work.run(name, "-h").out, told, f"kbench {name} -h")
        told = work.run("selfcheck", "--help").out
        check("--output" not in told and "--backend" in told, told)
        version = work.run("--version").out
        check(re.fullmatch(r"kbench \d+\.\d+\.\d+ \(commit \S+\)\n", version), version)


@test("commands and options that there are not")
def unknown():
    with Work() as work:
        work.bad(USAGE, "shwo", says=["no command 'shwo'", "'show'"])
        work.bad(USAGE, "nothing-like-it", says=["no command", "kbench --help"])
        work.bad(USAGE, "help", "shwo", says="'show'")
        # What the shells ask is none.
        work.bad(USAGE, "help", "complete", says="no command 'complete'")
        same(work.run("help", "help").out, work.run("--help").out, "kbench help help")
        work.bad(USAGE, "run", "locks", "--cpu", says="--cpu")
        work.bad(USAGE, "run", "locks", "--accell=kvm", says="--accel")
        work.bad(USAGE, "run", "locks", "--accel", says="auto|kvm|tcg|icount")
        work.bad(USAGE, "selfcheck", "--output=x", says="no option --output")


@test("a run that cannot begin leaves nothing where results go")
def leaves_nothing():
    with Work() as work:
        work.bad(USAGE, "run", "counters/nothing", "--backend", "bpf", says="nothing")
        same(os.path.exists(work.path("results")), False, "results/")
        doctor = json.loads(work.run("doctor", "--json", exit=(OK, ENVIRONMENT)).out)
        if doctor["backends"]["bpf"]["works"]:
            output = work.run("run", "counters/plain", "--backend", "bpf", "--time", "1ms",
                              "--samples", "4", "-q", "--json", "--no-plot", exit=(OK, TARGET))
            same(len(os.listdir(work.path("results"))), 2, "the result and its samples")
            check(output.out.startswith('{\n "'), "JSON is indented as elsewhere")


@test("who reads only the head of a table needs no word about that; a full disk does")
def heads():
    with Work() as work:
        path = put(work, "many.json", many(1500, 1))
        other = put(work, "other.json", many(1500, 1, seed=2))
        for command in (["show", path], ["compare", path, other]):
            with work.start(*command) as process:
                process.stdout.readline()
                process.stdout.close()
                said = process.stderr.read()
                same((said, process.wait()), ("", 0), command[0])
        with open("/dev/full", "w", encoding="utf-8") as full:
            run = subprocess.run([KBENCH, "show", path], env=work.env(), stdout=full,
                                 stderr=subprocess.PIPE, text=True, check=False)
        same(run.returncode, ENVIRONMENT, "exit code")
        contains("No space left", run.stderr)


def await_sleep(process):
    """Until it waits for somebody who writes into its pipe."""
    asleep = 0
    while process.poll() is None and asleep < 5:
        with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
            asleep = asleep + 1 if file.read().rsplit(")", 1)[1].split()[0] == "S" else 0
        time.sleep(0.02)


@test("Ctrl-C ends commands that wait for a result, at once")
def interrupted():
    with Work() as work:
        pipe = work.path("pipe")
        os.mkfifo(pipe)
        for words in (("show", pipe), ("compare", pipe, pipe), ("history", pipe, pipe),
                      ("export", pipe, "-f", "csv"), ("report", pipe, "-o", work.path("r.html"))):
            with subprocess.Popen([KBENCH, *words], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE) as kbench:
                await_sleep(kbench)
                kbench.send_signal(signal.SIGINT)
                code = kbench.wait(timeout=20)
                check(code in (-signal.SIGINT, INTERRUPTED), f"{words[0]}: exit {code}")


if __name__ == "__main__":
    main()
