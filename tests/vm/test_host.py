#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The host target, inside of a guest that boots a Debian system: as root, with sudo and without,
and where the running kernel does not let kbench in."""

import atexit
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from debian import KERNEL, Debian
from harness import (ENVIRONMENT, INTERRUPTED, OK, TARGET, TREE, USAGE, Work, build_modules,
                     check, contains, core_sources, guide_example, kernel_headers, load_result,
                     main, same, test)

RUN = "kbench run --target host --no-plot --time 2ms --samples 8"
BPF = ("kbench run --backend bpf --no-plot --time 2ms --samples 8 cache/padded,bpf/spin_lock "
       "--cpus 1,2")
AGENT = "/usr/libexec/kbench/kbench-agent"
OTHER_VERSION = "0.0.9"


def as_user(name, command, setup=""):
    """A step that runs a command as a user, with the modules that root has built."""
    return (f"{setup}\n[ -e /home/{name}/.cache ] || cp -r /root/.cache /home/{name}/\n"
            f"chown -R {name}:{name} /home/{name}\ncd /home/{name}\n"
            f"exec setpriv --reuid={name} --regid={name} --init-groups env HOME=/home/{name} "
            f"{command}\n")


def under_way(output):
    """The begin of a step: a long run in the background, some of whose cases are done."""
    return (f"{RUN} cache --cpus 1,2 --time 1s --samples 60000 -o /mnt/out/{output} "
            "2>/tmp/err & pid=$!\n"
            "while kill -0 $pid && ! grep -q 'case ' /tmp/err; do sleep 0.1; done\n")


# What a run must not leave: modules, the device, threads, the agent, temporary files.
LEFT = ("lsmod | grep kbench; ls /dev/kbench 2>/dev/null; ls -A /tmp; "
        "cat /proc/[0-9]*/comm | grep kbench; true")

# In this order: the last ones cannot be taken back.
STEPS = [
    ("root", f"{RUN} --placement compact cache/true_sharing,cache/padded --cpus 1,2 "
             "-o /mnt/out/root.json"),
    # Beside the suites that are built already.
    ("root_outside", f"{RUN} --suite mysuite.c mysuite/hash,cache/padded "
                     "-o /mnt/out/outside.json; code=$?; ls; exit $code"),
    ("root_left", LEFT),
    ("default_target_unasked", "kbench run cache/padded"),
    ("left_unasked", LEFT),
    ("sudo", as_user("alice", f"{RUN} cache/padded -o alice.json")),
    ("sudo_result", "ls -l /home/alice; cp /home/alice/alice.* /mnt/out; " + LEFT),
    ("no_right", as_user("bob", f"{RUN} cache/padded -o bob.json")),
    ("tune", as_user("alice", "sh -c 'kbench tune && kbench tune --undo'")),
    ("tune_no_right", as_user("bob", "kbench tune")),
    ("no_right_left", "ls /home/bob; " + LEFT),
    ("no_sudo", as_user("bob", f"{RUN} cache/padded -o bob.json",
                        "mv /usr/bin/sudo /usr/bin/sudo.away")),
    ("sudo_back", "mv /usr/bin/sudo.away /usr/bin/sudo"),
    ("cpus", f"{RUN} cache/padded --cpus 64"),
    ("cpu_list", f"{RUN} cache/padded --cpu-list 0,7"),
    ("smt", f"{RUN} cache/padded --cpus 2 --placement smt"),
    ("offline", "echo 0 >/sys/devices/system/cpu/cpu1/online; "
                f"{RUN} cache/padded --cpu-list 1; code=$?; "
                "echo 1 >/sys/devices/system/cpu/cpu1/online; exit $code"),
    ("full_disk", "mkdir -p /mnt/full; mount -t tmpfs -o size=4k tmpfs /mnt/full; "
                  f"{RUN} cache --cpus 2 -o /mnt/full/r.json; code=$?; "
                  "ls -A /mnt/full; exit $code"),
    ("read_only", as_user("alice", f"{RUN} cache/padded -o /etc/r.json")),
    ("headers_missing", "link=$(readlink /lib/modules/$(uname -r)/build); "
                        "rm /lib/modules/$(uname -r)/build; "
                        f"XDG_CACHE_HOME=/mnt/empty {RUN} cache/padded; code=$?; "
                        "ln -s $link /lib/modules/$(uname -r)/build; exit $code"),
    ("bpf", f"{BPF} -o /mnt/out/bpf.json"),
    ("bpf_left", LEFT),
    ("bpf_no_right", as_user("bob", f"{BPF} -o bob.json")),
    ("bpf_half", f"setcap cap_bpf=ep {AGENT}; " + as_user("bob", f"{BPF} -o bob.json")),
    ("bpf_capable", f"setcap cap_bpf,cap_perfmon=ep {AGENT}; " +
                    as_user("bob", f"{BPF} -o bob.json")),
    ("bpf_no_types", "mount -t tmpfs tmpfs /sys/kernel/btf; "
                     f"{BPF} -o /mnt/out/none.json; code=$?; umount /sys/kernel/btf; exit $code"),
    ("bpf_cpu_gone", "kbench run --backend bpf cache/padded --cpus 2 --time 8s --samples 60000 "
                     "--deadline 20 --no-plot -o /mnt/out/gone.json & "
                     "pid=$!; sleep 3; echo 0 >/sys/devices/system/cpu/cpu1/online; wait $pid; "
                     "code=$?; echo 1 >/sys/devices/system/cpu/cpu1/online; exit $code"),
    ("bpf_result", f"setcap -r {AGENT}; cp /home/bob/bob.* /mnt/out"),
    ("interrupt", under_way("int.json") +
                  "kill -INT $pid; wait $pid; code=$?; cat /tmp/err >&2; rm /tmp/err; exit $code"),
    ("interrupt_left", LEFT),
    # kbench alone killed: the agent has to notice.
    ("killed", under_way("k.json") + "kill -KILL $pid; wait $pid; sleep 3; rm /tmp/err; " + LEFT),
    ("loaded", "insmod $(find /root/.cache -name kbench.ko | head -n 1) && "
               f"{RUN} cache/padded -o /mnt/out/loaded.json; code=$?; "
               "lsmod | grep -o '^kbench[a-z_]*'; rmmod kbench; exit $code"),
    ("other_version", "insmod /mnt/other/kbench.ko || exit 99; "
                      f"{RUN} cache/padded; code=$?; "
                      "cat /sys/module/kbench/version; rmmod kbench; exit $code"),
    ("other_version_left", LEFT),
    ("doctor", "kbench doctor"),
    ("lockdown", "echo integrity >/sys/kernel/security/lockdown; "
                 f"{RUN} cache/padded"),
    ("lockdown_left", LEFT),
    ("doctor_locked", "kbench doctor"),
    ("signatures", "echo 1 >/sys/module/module/parameters/sig_enforce; "
                   f"{RUN} cache/padded"),
    ("modules_off", f"echo 1 >/proc/sys/kernel/modules_disabled; {RUN} cache/padded"),
    ("modules_off_left", LEFT),
]


def other_version(work):
    """The core module as of another release."""
    header = os.path.join(TREE, "kbench", "uapi", "kbench.h")
    with open(header, encoding="utf-8") as file:
        text, number = re.subn(r'(#define KBENCH_VERSION\s+)".*"', rf'\1"{OTHER_VERSION}"',
                               file.read())
    same(number, 1, "versions in kbench/uapi/kbench.h")
    changed = work.path("kbench.h")
    with open(changed, "w", encoding="utf-8") as file:
        file.write(text)
    directory = work.path("other")
    build_modules(directory, kernel_headers(KERNEL),
                  core_sources() + [(changed, "kbench/uapi/kbench.h")])
    return os.path.join(directory, "kbench", "kbench.ko")


class Host:
    """One boot for all tests."""

    host = None

    @classmethod
    def get(cls):
        if cls.host is None:
            work = Work()
            atexit.register(work.remove)
            try:
                with open(work.path("mysuite.c"), "w", encoding="utf-8") as file:
                    file.write(guide_example())
                cls.host = Debian(work, STEPS, [(other_version(work), "other/kbench.ko"),
                                                (work.path("mysuite.c"), "mysuite.c")])
                # For the log: when each step began.
                print(cls.host.console)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                cls.host = error
        if isinstance(cls.host, Exception):
            raise AssertionError(str(cls.host))
        return cls.host

    @classmethod
    def step(cls, name, code):
        step = cls.get().step(name)
        check(step.code == code, f"exit {step.code}, wanted {code}:\n{step.err[-2000:]}")
        return step

    @classmethod
    def result(cls, name):
        return load_result(os.path.join(cls.get().out, name))


def nothing_left(name):
    same(Host.step(name, OK).out, "", "left behind")


def refused(name, code, says):
    """One line on stderr says all of @says; nothing is on stdout."""
    step = Host.step(name, code)
    lines = [line for line in step.err.splitlines() if line.startswith("kbench: ")]
    same(len(lines), 1, f"lines of kbench's on stderr:\n{step.err}\n")
    for part in says:
        contains(part, lines[0], "the message")
    return step


@test("root: measured by modules in the running kernel, which are gone afterwards")
def root():
    Host.step("root", OK)
    result = Host.result("root.json")
    same(result["status"], "complete", "status")
    same(result["environment"]["target"], "host", "target")
    same(result["environment"]["backend"], "lkm", "backend")
    same(result["kernel"]["release"], Host.get().release, "release")
    # CPUID says TCG, whatever the target.
    same(result["environment"]["fidelity"], "tcg", "fidelity")
    cases = {(case["bench"], case["cpus"]): case["status"] for case in result["cases"]
             if case["suite"] != "selfcheck"}
    same(cases, {(bench, cpus): "ok" for bench in ("true_sharing", "padded") for cpus in (1, 2)},
         "cases")
    nothing_left("root_left")


@test("root: a suite from outside of the tree")
def from_outside():
    step = Host.step("root_outside", OK)
    cases = {case["bench"]: case["status"] for case in Host.result("outside.json")["cases"]}
    same(cases, {"hash": "ok", "padded": "ok", "empty": "ok"}, "cases")
    # After the table, where the bench is mysuite/hash, stands what ls found.
    same([name for name in step.out.split() if name.startswith("mysuite.")], ["mysuite.c"],
         "files beside it")


@test("the running kernel gets no module unasked")
def unasked():
    step = Host.get().step("default_target_unasked")
    # There is neither QEMU nor a kernel in this system.
    same(step.code, ENVIRONMENT, "exit code")
    nothing_left("left_unasked")


@test("a user with sudo: the agent alone is root's, the result is the user's")
def with_sudo():
    Host.step("sudo", OK)
    step = Host.step("sudo_result", OK)
    files = [line for line in step.out.splitlines() if "alice." in line]
    same(len(files), 2, f"files of the result:\n{step.out}")
    for line in files:
        contains("alice alice", line, "owner")
    check("kbench" not in step.out, f"left behind:\n{step.out}")
    same(Host.result("alice.json")["status"], "complete", "status")


@test("a user whom sudo refuses: exit 4, no result, nothing left")
def no_right():
    refused("no_right", ENVIRONMENT, ["root", "sudo"])
    nothing_left("no_right_left")


@test("tune goes through sudo: alice may, bob may not")
def tune():
    contains("undo", Host.step("tune", OK).out)
    refused("tune_no_right", ENVIRONMENT, ["root", "sudo"])


@test("no sudo at all: exit 4")
def no_sudo():
    refused("no_sudo", ENVIRONMENT, ["root", "sudo"])


@test("more CPUs than the host has, or such as are off: exit 2")
def cpus():
    refused("cpus", USAGE, ["64", "2"])
    refused("cpu_list", USAGE, ["CPU 7"])
    refused("offline", USAGE, ["CPU 1"])


@test("a placement that the topology does not allow: exit 2; else the result has it")
def placement():
    refused("smt", USAGE, ["--placement smt", "no core has two threads"])
    same({case["placement"] for case in Host.result("root.json")["cases"]}, {"compact"},
         "placement")


@test("disk full while the result is written: exit 4, no piece of it left")
def full_disk():
    step = Host.step("full_disk", ENVIRONMENT)
    lines = [line for line in step.err.splitlines() if line.startswith("kbench: ")]
    contains("/mnt/full", lines[-1], "the last message")
    contains("space", lines[-1], "the last message")
    # What was measured is shown, since that is all that is left of it.
    contains("cache/padded", step.out, "stdout")
    check("r.json" not in step.out.split("\n", 1)[-1].splitlines()[-1], "a file was left")


@test("result directory not writable: exit 4")
def read_only():
    refused("read_only", ENVIRONMENT, ["/etc"])


@test("headers missing for the running kernel: exit 4, with the package")
def headers():
    refused("headers_missing", ENVIRONMENT, ["linux-headers-" + Host.get().release, "apt"])


@test("BPF programs: no module is loaded; capabilities of the agent do without root")
def bpf():
    Host.step("bpf", OK)
    nothing_left("bpf_left")
    refused("bpf_no_right", ENVIRONMENT, ["root", "setcap cap_bpf,cap_perfmon=ep"])
    refused("bpf_half", ENVIRONMENT, ["needs CAP_PERFMON", "setcap"])
    Host.step("bpf_capable", OK)
    Host.step("bpf_result", OK)
    for name in ("bpf.json", "bob.json"):
        result = Host.result(name)
        same(result["environment"]["backend"], "bpf", "backend")
        same(result["environment"]["target"], "host", "target")
        for case in result["cases"]:
            # This kernel makes a map with a lock only for root.
            if name == "bob.json" and case["bench"] == "spin_lock":
                same(case["status"], "skipped", "spin_lock without root")
                contains("refuses", case["reason"], "the reason")
            else:
                same(case["status"], "ok", f"{name}: {case['bench']} ({case['reason']})")


@test("BPF programs: no types of the kernel: exit 4; a CPU that goes meanwhile: the case fails")
def bpf_fails():
    step = Host.step("bpf_no_types", ENVIRONMENT)
    contains("CONFIG_DEBUG_INFO_BTF", step.err, "stderr")
    step = Host.step("bpf_cpu_gone", TARGET)
    contains("went offline", step.err, "stderr")
    reasons = [case["reason"] for case in Host.result("gone.json")["cases"]
               if case["status"] == "failed"]
    check(any("a CPU of the case went offline" in reason for reason in reasons), str(reasons))


@test("Ctrl-C: a partial result, exit 130, no module, no thread")
def interrupt():
    Host.step("interrupt", INTERRUPTED)
    result = Host.result("int.json")
    same(result["status"], "partial", "status")
    check(any(case["status"] == "ok" for case in result["cases"]), "nothing is left of it")
    nothing_left("interrupt_left")


@test("kbench killed: the agent cleans up by itself")
def killed():
    nothing_left("killed")


@test("the same version already loaded: used, and left loaded")
def loaded():
    step = Host.step("loaded", OK)
    same(step.out.split()[-1:], ["kbench"], f"modules afterwards:\n{step.out}")
    same(Host.result("loaded.json")["status"], "complete", "status")


@test("another version already loaded: exit 4, names both and rmmod, and leaves it")
def other():
    step = Host.step("other_version", ENVIRONMENT)
    lines = [line for line in step.err.splitlines() if line.startswith("kbench: ")]
    for part in (OTHER_VERSION, "rmmod"):
        contains(part, "\n".join(lines), "the message")
    contains(OTHER_VERSION, step.out, "the version that is loaded")
    nothing_left("other_version_left")


@test("lockdown: exit 4")
def lockdown():
    step = Host.step("lockdown", ENVIRONMENT)
    contains("locked down", step.err, "the message")
    nothing_left("lockdown_left")


@test("signature enforcement: exit 4")
def signatures():
    step = Host.step("signatures", ENVIRONMENT)
    contains("signed", step.err, "the message")


@test("a kernel that loads no modules: exit 4")
def modules_off():
    step = Host.step("modules_off", ENVIRONMENT)
    contains("modules", step.err, "the message")
    nothing_left("modules_off_left")


@test("doctor says what stands in the way of the host target, and what does not")
def doctor():
    free, locked = Host.get().step("doctor"), Host.get().step("doctor_locked")
    check("integrity" not in free.out + free.err, "lockdown where there is none")
    contains("lockdown", (locked.out + locked.err).lower(), "doctor")
    # It judges how the machine is set, too; of an emulated one there is nothing bad to say.
    check(not re.search(r"^  (noise|distorts) ", free.out, re.M), free.out)
    check("not known" not in free.out, free.out)


if __name__ == "__main__":
    main()
