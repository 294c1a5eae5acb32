#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Wrong arguments and wrong surroundings: one line that says what to do, the exit code, and
nothing left behind. What needs another machine (no sudo, lockdown, ...) is in test_host.py."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, OK, USAGE, Work, cached_kernel, check, contains, main, same,
                     test)

KERNEL = "6.12-cloud"
RUN = ("run", "--kernels", KERNEL, "--target", "vm", "--accel", "tcg")

# A port where nothing listens: whoever asks the network fails at once.
NO_NETWORK = {name: "http://127.0.0.1:9" for name in
              ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy")}


def refused(exit, *arguments, says, **more):
    with Work() as work:
        return work.bad(exit, *arguments, says=says, **more)


@test("the kernel of these tests is in the cache")
def kernel():
    cached_kernel(KERNEL)
    # The modules, too: what is said while they are built is no part of the messages below.
    with Work() as work:
        work.run("list", "--json")
        work.run(*RUN, "locks/lokc", exit=USAGE)


@test("unknown suite, with the near match")
def unknown_suite():
    refused(USAGE, *RUN, "lokcs", says=["'lokcs'", "'locks'"])
    refused(USAGE, *RUN, "xyzzy", says=["'xyzzy'", "kbench list"])


@test("unknown bench, with the near match")
def unknown_bench():
    refused(USAGE, *RUN, "locks/spinlock", says=["'locks/spinlock'", "'locks/spin_lock'"])
    refused(USAGE, *RUN, "spin_lock", says="'locks/spin_lock'")


@test("placements that are unknown, or not to be had in a guest")
def bad_placement():
    refused(USAGE, *RUN, "locks", "--placement", "tight", says=["tight", "compact, spread"])
    refused(USAGE, *RUN, "locks", "--placement", "smt", says=["smt", "one thread", "host"])
    refused(USAGE, *RUN, "locks", "--placement", "node", "--cpu-list", "0,1", says="give one")


@test("boards that are none, and what does not go with one")
def machines():
    run = ("run", "locks", "--machine")
    refused(USAGE, *run, "raspi3c", says=["raspi3c", "did you mean 'raspi3b'?", "QEMU here has"])
    refused(USAGE, *run, "xyzzy", says=["xyzzy", "no such machine", "QEMU here has"])
    refused(USAGE, *run, "raspi3b", "--target", "host", says="--target vm")
    refused(USAGE, *run, "raspi3b", "--cpus", "1,5", says=["5 CPUs", "has 4"])
    refused(USAGE, *run, "raspi3b", "--accel", "kvm", says="never run by KVM")
    refused(USAGE, *run, "raspi3b", "--backend", "bpf", says="without BPF")
    for kernel, says in (("6.12@amd64", ["kernels of arm64", "6.12@amd64"]),
                         (KERNEL + "@arm64", ["no drivers", "plain"]),
                         ("./linux", ["packaged kernels", "is a tree"])):
        refused(USAGE, *run, "raspi3b", "--kernels", kernel, says=says)


@test("a board that the installed QEMU has not")
def older_qemu():
    with Work() as work:
        os.mkdir(work.path("bin"))
        qemu = work.path("bin", "qemu-system-aarch64")
        with open(qemu, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\necho 'raspi3b              Raspberry Pi 3B (revision 1.2)'\n")
        os.chmod(qemu, 0o755)
        work.bad(ENVIRONMENT, "run", "locks", "--machine", "raspi4b",
                 env={"PATH": work.path("bin") + ":" + os.environ["PATH"]},
                 says=["raspi4b", "no such machine, only raspi3b", "install a newer QEMU"])


@test("a suite file that is missing, or holds no suite")
def no_suite_file():
    refused(USAGE, *RUN, "--suite", "no_such.c", says=["--suite no_such.c", "No such file"])
    with Work() as work:
        with open(work.path("main.c"), "w", encoding="utf-8") as file:
            file.write("int main(void) { return 0; } /* KBENCH_SUITE(a, b) */\n")
        work.bad(USAGE, *RUN, "--suite", "main.c", says=["main.c", "no KBENCH_SUITE()"])
        work.bad(USAGE, "list", "--suite", "main.c", says=["main.c", "no KBENCH_SUITE()"])


@test("unknown parameter, with the near match")
def unknown_parameter():
    refused(USAGE, *RUN, "alloc", "--param", "sise=64", says=["'sise'", "'size'"])
    refused(USAGE, *RUN, "locks", "--param", "size=64", says="'size'")
    refused(USAGE, *RUN, "locks", "--param", "cs", says="NAME=VALUE")


@test("counters that are none, or too many")
def counters():
    with Work() as work:
        for text, says in (("cycels", "did you mean 'cycles'?"), ("xyzzy", "perf list"),
                           ("cs,cs", "name it once"), ("cycles:k", "a plain name"),
                           ("r1,r2,r3,r4,r5,r6,r7,r8,r9", "at most 8")):
            work.bad(USAGE, "run", "locks", "--counters", text, says=says)


@test("parameter out of range")
def out_of_range():
    refused(USAGE, *RUN, "cache", "--param", "stride=4", says=["stride", "8 to 256"])
    refused(USAGE, *RUN, "alloc/kmalloc", "--param", "size=64,1G", says="out of range")
    refused(USAGE, *RUN, "locks", "--param", "cs=-1", says="out of range")


@test("CPU counts that are none")
def cpu_counts():
    for count in ("0", "-1", "abc", "1-", "", "1,,2", "2-1", "1e3"):
        refused(USAGE, *RUN, "locks", f"--cpus={count}", says="--cpus")
    for cpus in ("abc", "-1", "0,0", ""):
        refused(USAGE, *RUN, "locks", f"--cpu-list={cpus}", says="--cpu-list")


@test("more CPUs than a guest can have")
def too_many_cpus():
    refused(USAGE, *RUN, "locks", "--cpus", "10000", says="CPUs")
    refused(USAGE, *RUN, "locks", "--cpu-list", "0,9999", says="CPU")


@test("no such kernel")
def no_such_kernel():
    refused(USAGE, "run", "locks", "--kernels", "5.99", says=["5.99", "6.12", "kbench kernels"])
    # Of a release that is none those of its series.
    release = os.path.basename(cached_kernel(KERNEL))
    refused(USAGE, "run", "locks", "--kernels", "6.12.9999-cloud", says=release)
    refused(USAGE, "run", "locks", "--kernels", "not a kernel", says="not a kernel")
    refused(USAGE, "run", "locks", "--kernels", "", says="kernel")
    refused(ENVIRONMENT, "run", "locks", "--kernels", "6.12@riscv64", says="riscv64")


@test("no network and nothing cached")
def no_network():
    with Work() as work:
        env = dict(NO_NETWORK, XDG_CACHE_HOME=work.path("empty"))
        output = work.run(*RUN, "locks", env=env, exit=ENVIRONMENT)
        same(output.out, "", "stdout")
        contains("network", output.err.splitlines()[-1], "the last line")


@test("no network, but all cached: runs that far without")
def cached_without_network():
    refused(USAGE, *RUN, "locks/lokc", env=NO_NETWORK, says="locks")


@test("QEMU is missing")
def no_qemu():
    with Work() as work:
        os.mkdir(work.path("bin"))
        for directory in ("/usr/sbin", "/usr/bin", "/sbin", "/bin"):
            for name in os.listdir(directory):
                target = work.path("bin", name)
                if not name.startswith("qemu") and not os.path.lexists(target):
                    os.symlink(os.path.join(directory, name), target)
        work.bad(ENVIRONMENT, *RUN, "locks", env={"PATH": work.path("bin")},
                 says=["qemu-system-x86", "apt"])


@test("the compiler is missing")
def no_compiler():
    with Work() as work:
        os.mkdir(work.path("bin"))
        for name in os.listdir("/usr/bin"):
            # Without mmdebstrap it cannot be had in a private root either.
            if "gcc" not in name and name not in ("cc", "mmdebstrap"):
                os.symlink(os.path.join("/usr/bin", name), work.path("bin", name))
        env = {"PATH": work.path("bin"), "XDG_CACHE_HOME": work.path("cache")}
        os.makedirs(work.path("cache", "kbench"))
        os.symlink(os.path.dirname(cached_kernel(KERNEL)), work.path("cache", "kbench", "kernels"))
        work.bad(ENVIRONMENT, *RUN, "locks", env=env, says=["gcc", "apt"])


@test("result directory missing or not writable")
def result_directory():
    refused(ENVIRONMENT, *RUN, "locks", "-o", "/nonexistent/r.json", says="/nonexistent")
    # Nobody can make files there, not even root.
    refused(ENVIRONMENT, *RUN, "locks", "-o", "/proc/r.json", says="/proc")
    refused(USAGE, *RUN, "locks", "-o", "", says="-o")
    with Work() as work:
        open(work.path("file"), "w", encoding="utf-8").close()
        work.bad(ENVIRONMENT, *RUN, "locks", "-o", work.path("file", "r.json"), says="file")


@test("show and plot of what is no result")
def no_result():
    with Work() as work:
        def written(name, text):
            with open(work.path(name), "w", encoding="utf-8") as file:
                file.write(text)
            return work.path(name)

        files = [
            written("empty.json", ""),
            written("truncated.json", '{"schema": "kbench-result/1", "id": "x", "cases": [{'),
            written("foreign.json", json.dumps({"name": "package", "version": "1.0"})),
            written("later.json", json.dumps({"schema": "kbench-result/99"})),
            written("array.json", "[1, 2, 3]"),
            written("hollow.json", json.dumps({"schema": "kbench-result/1"})),
            written("binary.json", "\0\1\2\3"),
        ]
        for path in files:
            work.bad(USAGE, "show", path, says=os.path.basename(path))
            work.bad(USAGE, "plot", path, "-o", work.path("p.png"), says=os.path.basename(path))
        check(not os.path.exists(work.path("p.png")), "a plot of nothing was left")
        work.bad(USAGE, "show", work.path("missing.json"), says="missing.json")
        work.bad(USAGE, "show", work.dir, says=os.path.basename(work.dir))
        work.bad(USAGE, "show", says="")


@test("options and commands that are none")
def options():
    refused(USAGE, "run", "locks", "--cpu", "2", says="--cpus")
    refused(USAGE, "run", "locks", "--colour", says="--colour")
    refused(USAGE, "run", "locks", "--cpus", says="--cpus")
    refused(USAGE, "run", says="kbench list")
    refused(USAGE, "rnu", "locks", says="'run'")
    refused(USAGE, "run", "locks", "--target", "vn", says="vm")
    refused(USAGE, "run", "locks", "--accel", "warp", says="warp")
    refused(USAGE, "run", "locks", "--time", "0", says="--time")
    refused(USAGE, "run", "locks", "--samples", "1", says="--samples")
    refused(USAGE, "run", "locks", "--context", "dreaming", says="dreaming")
    refused(USAGE, *RUN, "locks/spin_lock_irq", "--context", "irq-off",
            says=["must not run", "preempt-off"])
    refused(USAGE, *RUN, "locks/rwlock_read", "--param", "readers=101", says="0 to 100 percent")
    refused(USAGE, "run", "locks", "--target", "host", "--kernels", "6.12", says="--kernels")
    refused(USAGE, *RUN, "locks/", says="locks/")
    refused(USAGE, "run", "locks,,alloc", says="empty")


@test("sources are missing")
def no_sources():
    with Work() as work:
        os.mkdir(work.path("nothing"))
        work.bad(ENVIRONMENT, *RUN, "locks", env={"KBENCH_DATADIR": work.path("nothing")},
                 says="KBENCH_DATADIR")


@test("help goes to stdout, with exit code 0")
def help_text():
    with Work() as work:
        for command in ((), ("run",), ("list",), ("show",), ("plot",), ("kernels",), ("doctor",)):
            output = work.run(*command, "--help", exit=OK)
            contains("Usage: " if command else "kbench run", output.out)
            same(output.err, "", "stderr")


if __name__ == "__main__":
    main()
