#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The ssh target: a guest with a Debian system and sshd is the remote machine."""

import atexit
import glob
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, INTERRUPTED, KBENCH, OK, PATIENCE_S, TARGET, USAGE, Work, check,
                     contains, guide_example, load_result, main, same, test)
from remote import Remote

RUN = ["run", "--no-plot", "--time", "2ms", "--samples", "8"]
# Whatever is done to it is done to one of its first cases.
LONG = ["run", "--no-plot", "cache/padded,cache/true_sharing", "--cpus", "1,2", "--time", "6s",
        "--samples", "60000", "--deadline", "20"]

# Where the guest builds: said once, for what is not in the cache.
BUILDING = "building the modules for kernel"


class Guest:
    """One boot for all tests."""

    remote = None

    @classmethod
    def get(cls):
        if cls.remote is None:
            work = Work()
            atexit.register(work.remove)
            try:
                cls.remote = Remote(work)
                atexit.register(cls.remote.close)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                cls.remote = error
        if isinstance(cls.remote, Exception):
            raise AssertionError(str(cls.remote))
        return cls.remote


def nothing_there():
    same(Guest.get().wait_until_gone(), "", "left on the machine")


def run(*arguments, exit=OK, env=None):
    """A run that leaves nothing here and nothing there. Its results are in the directory."""
    with Work() as work:
        output = work.run(*RUN, *arguments, "-o", work.dir + "/", exit=exit,
                          env={**Guest.get().env, **(env or {})})
        output.results = {os.path.basename(path): load_result(path)
                          for path in sorted(glob.glob(work.path("*.json")))}
    nothing_there()
    return output


def refused(machine, *says, exit=ENVIRONMENT, env=None, arguments=()):
    with Work() as work:
        work.bad(exit, *RUN, "cache/padded", "--target", machine, *arguments, says=says,
                 env={**Guest.get().env, **(env or {})})
    nothing_there()


def statuses(result):
    return {case["bench"]: case["status"] for case in result["cases"]
            if case["suite"] != "selfcheck"}


@test("root: modules built there measure its kernel; nothing stays there or here")
def root():
    output = run("cache/true_sharing,cache/padded", "--cpus", "1,2", "--target", "ssh:root@board")
    (name, result), = output.results.items()
    contains("board", name, "the file's name")
    same(result["status"], "complete", "status")
    same(result["kernel"]["release"], Guest.get().release, "release")
    environment = result["environment"]
    same(environment["target"], "ssh", "target")
    same(environment["host"], "board", "host")
    same(environment["backend"], "lkm", "backend")
    # CPUID says so over there.
    same(environment["fidelity"], "tcg", "fidelity")
    same(result["machine"]["cpus"], 2, "CPUs")
    contains("gcc-12", result["kernel"]["module_compiler"], "compiler")
    same(statuses(result), {"true_sharing": "ok", "padded": "ok"}, "cases")


@test("the modules are built once; a user with sudo; a suite of the user's own")
def with_sudo():
    output = run("cache/padded", "--target", "ssh:alice@board", "--placement", "compact")
    check(BUILDING not in output.err, "built again:\n" + output.err)
    (_, result), = output.results.items()
    same(statuses(result), {"padded": "ok"}, "cases")
    check(not any("alice" in word for word in result["command"]), "the user's name is told")
    with open(Guest.get().work.path("mysuite.c"), "w", encoding="utf-8") as file:
        file.write(guide_example())
    output = run("--suite", Guest.get().work.path("mysuite.c"), "--target", "ssh:alice@board")
    (_, result), = output.results.items()
    same(statuses(result)["hash"], "ok", "its case")


@test("two machines: a result of each, named after it")
def two():
    output = run("cache/padded", "--target", "ssh:root@board,ssh:alice@twin")
    same([result["environment"]["host"] for result in output.results.values()],
         ["board", "twin"], "hosts")
    for name in ("board", "twin"):
        check(any(name in path for path in output.results), f"{name}: {list(output.results)}")


@test("no headers there, but a packaged kernel: the modules are built here")
def no_headers():
    build = f"/lib/modules/{Guest.get().release}/build"
    Guest.get().shell(f"mv {build} {build}.away")
    try:
        output = run("cache/padded", "--target", "ssh:root@board")
    finally:
        Guest.get().shell(f"mv {build}.away {build}")
    (_, result), = output.results.items()
    same(statuses(result), {"padded": "ok"}, "cases")


@test("BPF programs: no module is loaded")
def bpf():
    output = run("cache/padded,bpf/spin_lock", "--backend", "bpf", "--target", "ssh:alice@board")
    (_, result), = output.results.items()
    same(result["environment"]["backend"], "bpf", "backend")
    same(statuses(result), {"padded": "ok", "spin_lock": "ok"}, "cases")


@test("no right there, no sudo, more CPUs than there are: refused in one line")
def no_right():
    refused("ssh:bob@board", "needs root", "sudo", "bob ALL = NOPASSWD")
    refused("ssh:root@board", "--cpus 64", "2 CPUs are online on board", exit=USAGE,
            arguments=["--cpus", "64"])
    Guest.get().shell("mv /usr/bin/sudo /usr/bin/sudo.away")
    try:
        refused("ssh:bob@board", "no sudo", "ssh:root@board")
    finally:
        Guest.get().shell("mv /usr/bin/sudo.away /usr/bin/sudo")


@test("what ssh says comes in one line: an unknown key, a changed one, a key refused, no sshd")
def ssh_says():
    refused("ssh:root@stranger", "Host key verification failed", "ssh root@stranger")
    refused("ssh:root@changed", "has changed", "known_changed:1", "ssh-keygen -R")
    refused("ssh:root@keyless", "Permission denied (publickey)", "ssh-copy-id root@keyless")
    refused("ssh:root@board:1", "port 1: Connection refused", "sshd")
    programs = Guest.get().work.path("nothing")
    os.makedirs(programs, exist_ok=True)
    refused("ssh:root@board", "openssh-client", env={"PATH": programs})


@test("no space there, or a place where nothing may be executed: refused, nothing stays")
def no_space():
    mount = "mount -t tmpfs -o {} tmpfs /var/tmp"
    Guest.get().shell(mount.format("size=1m,mode=1777"))
    try:
        refused("ssh:root@board", "no space on board")
        Guest.get().shell("umount /var/tmp; " + mount.format("noexec,mode=1777"))
        refused("ssh:root@board", "Permission denied")
        same(Guest.get().shell("ls -A /var/tmp"), "", "left in /var/tmp")
    finally:
        Guest.get().shell("umount /var/tmp")


def start_long(work):
    """A run some of whose cases are done. Return: its process, and the file of its stderr."""
    errors = open(work.path("err"), "w+", encoding="utf-8")
    process = subprocess.Popen(
        [KBENCH, *LONG, "--target", "ssh:alice@board", "-o", work.path("r.json")],
        env=work.env(Guest.get().env), cwd=work.dir, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=errors)
    for _ in range(PATIENCE_S * 10):
        with open(work.path("err"), encoding="utf-8") as file:
            if "case " in file.read():
                break
        check(process.poll() is None, "it ended early")
        time.sleep(0.1)
    contains("kbench_cache", Guest.get().state(), "the machine meanwhile")
    return process


@test("Ctrl-C: a partial result, exit 130, nothing stays there")
def interrupt():
    with Work() as work:
        process = start_long(work)
        process.send_signal(signal.SIGINT)
        same(process.wait(PATIENCE_S), INTERRUPTED, "exit")
        result = load_result(work.path("r.json"))
        same(result["status"], "partial", "status")
        work.nothing_left()
    nothing_there()


@test("kbench killed: the other side cleans up by itself")
def killed():
    with Work() as work:
        process = start_long(work)
        process.kill()
        process.wait()
        nothing_there()
        for _ in range(100):
            if not work.left_processes():
                break
            time.sleep(0.1)
        same(work.left_processes(), [], "processes left behind")


@test("the connection is cut: agent, modules and directory go while it is; the result is partial")
def cut():
    with Work() as work:
        process = start_long(work)
        Guest.get().watch()
        Guest.get().set_link(False)
        try:
            # Nobody else could tell it: the cable is still out.
            seconds = Guest.get().wait_for_watch()
            check(seconds is not None, "agent, modules or directory are still there")
            print(f"# all gone after {seconds:.1f} s")
            same(process.wait(PATIENCE_S), TARGET, "exit")
        finally:
            Guest.get().set_link(True)
        result = load_result(work.path("r.json"))
        same(result["status"], "partial", "status")
        with open(work.path("err"), encoding="utf-8") as file:
            contains("the connection to board broke", file.read(), "stderr")
        work.nothing_left()
    same(Guest.get().state(), "", "what a second connection finds")


def kill_master(work):
    killed = 0
    for line in work.left_processes():
        pid = line.split()[0]
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            if b"ControlMaster=yes" in file.read():
                os.kill(int(pid), signal.SIGKILL)
                killed += 1
    same(killed, 1, "masters of ssh")


@test("the connection breaks and can be made again: the run goes on")
def again():
    with Work() as work:
        process = start_long(work)
        kill_master(work)
        same(process.wait(PATIENCE_S), OK, "exit")
        result = load_result(work.path("r.json"))
        same(result["status"], "complete", "status")
        with open(work.path("err"), encoding="utf-8") as file:
            contains("connecting to board again", file.read(), "stderr")
        work.nothing_left()
    nothing_there()


if __name__ == "__main__":
    main()
