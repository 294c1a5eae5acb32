#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench tune and the judgements of kbench doctor, on machines that are made of files."""

import json
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import ENVIRONMENT, KBENCH, OK, USAGE, Work, check, contains, main, same, test

CPU = "sys/devices/system/cpu"
NOBODY = "65534"

MACHINE = {
    f"{CPU}/possible": "0-1",
    f"{CPU}/online": "0-1",
    f"{CPU}/intel_pstate/no_turbo": "0",
    f"{CPU}/smt/control": "on",
    f"{CPU}/smt/active": "1",
    "proc/sys/kernel/nmi_watchdog": "1",
    "sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc",
}
POLICY = {"scaling_governor": "powersave", "scaling_driver": "intel_pstate",
          "scaling_min_freq": "800000", "scaling_max_freq": "3600000",
          "cpuinfo_min_freq": "800000", "cpuinfo_max_freq": "3600000"}


def make_machine(work):
    root = work.path("root")
    files = dict(MACHINE)
    for cpu in range(2):
        for name, text in POLICY.items():
            files[f"{CPU}/cpufreq/policy{cpu}/{name}"] = text
    for name, text in files.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    for cpu in range(2):
        os.makedirs(os.path.join(root, CPU, f"cpu{cpu}"))
        os.symlink(f"../cpufreq/policy{cpu}", os.path.join(root, CPU, f"cpu{cpu}", "cpufreq"))
    os.mkdir(os.path.join(root, "run"))
    return root


def snapshot(root):
    """What is in each file; links and directories by name."""
    found = {}
    for directory, _, names in os.walk(root):
        for name in names:
            path = os.path.join(directory, name)
            with open(path, encoding="utf-8") as file:
                found[os.path.relpath(path, root)] = file.read()
    return found


def tune(work, root, *options, exit=OK):
    return work.run("tune", *options, "--sysroot", root, exit=exit)


def judged(work, root):
    # Some target may not work on the machine of the test: that is none of our business here.
    output = work.run("doctor", "--json", "--sysroot", root, exit=(OK, ENVIRONMENT))
    found = json.loads(output.out)["environment"]
    for judgement in found:
        for member in ("name", "severity", "found", "effect", "remedy"):
            check(judgement[member], f"{member} of {judgement}")
    return {judgement["name"]: judgement for judgement in found}


@test("doctor names what tune mends, tune mends it, undo restores every file")
def whole_way():
    with Work() as work:
        root = make_machine(work)
        before = snapshot(root)
        found = judged(work, root)
        for name in ("governor", "turbo", "nmi-watchdog", "smt"):
            check(name in found, f"{name} is not judged: {sorted(found)}")
            contains("kbench tune", found[name]["remedy"], "the remedy")

        would = tune(work, root, "--dry-run", "--smt-off").out
        same(snapshot(root), before, "files after a dry run")
        for word in ("governor", "powersave", "performance", "smt", "and 1 more"):
            contains(word, would)

        contains("--undo", tune(work, root).out)
        left = judged(work, root)
        check(not {"governor", "turbo", "nmi-watchdog"} & set(left), f"left: {sorted(left)}")
        check("smt" in left, "SMT was switched off unasked")
        contains("--undo", tune(work, root, "--status").out)
        contains("already", tune(work, root).out)

        contains("all is as it was", tune(work, root, "--undo").out)
        same(snapshot(root), before, "files after undo")
        same(tune(work, root, "--undo").out.count("\n"), 1, "lines when there is nothing to undo")


@test("a setting that is refused: exit 4, the others are set, all is put back")
def refused():
    with Work() as work:
        root = make_machine(work)
        path = os.path.join(root, CPU, "intel_pstate", "no_turbo")
        os.remove(path)
        # Has a value, and takes no other, not even from root.
        os.symlink("/proc/sys/kernel/ostype", path)
        before = snapshot(root)
        output = tune(work, root, exit=ENVIRONMENT)
        line = output.one_error()
        for part in ("turbo", "no_turbo", "instead of 1"):
            contains(part, line, "the message")
        contains("performance", snapshot(root)[f"{CPU}/cpufreq/policy1/scaling_governor"])
        tune(work, root, "--undo")
        same(snapshot(root), before, "files after undo")


@test("tune --json: what was and what is")
def machine_form():
    with Work() as work:
        root = make_machine(work)
        told = json.loads(tune(work, root, "--json").out)
        same(told["tuned"], False, "tuned before")
        same({(entry["name"], entry["was"], entry["now"], entry["status"])
              for entry in told["settings"]},
             {("governor", "powersave", "performance", "changed"),
              ("turbo", "0", "1", "changed"), ("nmi-watchdog", "1", "0", "changed")}, "settings")
        same(json.loads(tune(work, root, "--undo", "--json").out)["tuned"], True, "tuned after")


@test("a machine with nothing to set, and a damaged state")
def odd_machines():
    with Work() as work:
        os.makedirs(work.path("root", "run", "kbench"))
        contains("nothing", tune(work, work.path("root")).out)
        same(snapshot(work.path("root")), {}, "files")
        with open(work.path("root", "run", "kbench", "tune"), "w", encoding="utf-8") as file:
            file.write("kbench-tune 1\n/etc/passwd x\nend\n")
        work.bad(ENVIRONMENT, "tune", "--undo", "--sysroot", work.path("root"),
                 says=["damaged", "remove it"])


@test("options that exclude each other: exit 2")
def exclusive():
    with Work() as work:
        work.bad(USAGE, "tune", "--undo", "--status", says=["--undo", "--status"])
        work.bad(USAGE, "tune", "--undo", "--smt-off", says=["--smt-off", "--undo"])
        work.bad(USAGE, "tune", "--udno", says="--undo")


@test("neither root nor sudo: exit 4, and nothing is touched")
def no_right():
    with Work() as work:
        # An ordinary user may not be able to enter the tree that kbench was built in.
        os.chmod(work.dir, 0o755)
        os.mkdir(work.path("bin"))
        for name in ("kbench", "kbench-agent"):
            shutil.copy(os.path.join(os.path.dirname(KBENCH), name), work.path("bin", name))
        command = [work.path("bin", "kbench"), "tune"]
        if os.geteuid() == 0:
            command = [shutil.which("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}",
                       "--clear-groups", *command]
        for option in ([], ["--undo"]):
            output = work.run(*command[1:], *option, program=command[0], exit=ENVIRONMENT,
                              env={"PATH": work.path("bin")})
            for part in ("root", "sudo"):
                contains(part, output.one_error(), "the message")
            same(output.out, "", "stdout")


if __name__ == "__main__":
    main()
