#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What /dev/kbench promises, tried by tests/vm/abi.c as the only program of a guest."""

import glob
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import TREE, Work, cached_kernel, check, main, test, test_cache

MODULES = ("kbench.ko", "kbench_locks.ko", "kbench_selfcheck.ko", "kbench_mem.ko")
CHECKS_AT_LEAST = 70
# An emulated guest crashes or hangs while it boots once in a while: that says nothing of kbench.
TRIES = 3


def member(number, name, mode, data=b"", device=(0, 0)):
    """One entry of a cpio archive of the kind that kernels read ("newc")."""
    path = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(path), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + path
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)


def initramfs(program, module_dir):
    entries = [("dev", 0o40755, b"", (0, 0)), ("proc", 0o40755, b"", (0, 0)),
               ("dev/console", 0o20600, b"", (5, 1)), ("modules", 0o40755, b"", (0, 0))]
    for name, path in [("init", program)] + [(f"modules/{module}", f"{module_dir}/{module}")
                                             for module in MODULES]:
        with open(path, "rb") as file:
            entries.append((name, 0o100755, file.read(), (0, 0)))
    entries.append(("TRAILER!!!", 0, b"", (0, 0)))
    return b"".join(member(number, name, mode, data, device)
                    for number, (name, mode, data, device) in enumerate(entries, 1))


def modules_of(work, spec, release):
    """The directory of modules that kbench itself built for a kernel."""
    work.run("run", "locks/spin_lock,mem/copy_to_user,selfcheck/nops_100", "--kernels", spec,
             "--target", "vm", "--accel", "tcg", "--no-plot", "-o", work.path("r.json"))
    found = [os.path.dirname(path) for path in
             glob.glob(os.path.join(test_cache(), "kbench", "modules", f"{release}_*", "**",
                                    MODULES[2]), recursive=True)
             if all(os.path.exists(os.path.join(os.path.dirname(path), name))
                    for name in MODULES)]
    check(found, f"no modules for {release} in the cache")
    return max(found, key=os.path.getmtime)


def boot(image, initrd):
    qemu = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "4", "-m",
            "1024", "-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio",
            "-kernel", image, "-initrd", initrd,
            "-append", "console=ttyS0 panic=-1 quiet tsc=reliable"]
    try:
        return subprocess.run(qemu, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120, check=False).stdout
    except subprocess.TimeoutExpired as error:
        return error.stdout or b""


def device_keeps_its_promises(spec):
    kernel = cached_kernel(spec)
    with Work() as work:
        program, initrd = work.path("abi"), work.path("initrd")
        subprocess.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror",
                        "-static", "-o", program, os.path.join(TREE, "tests", "vm", "abi.c")],
                       check=True)
        with open(initrd, "wb") as file:
            file.write(initramfs(program, modules_of(work, spec, os.path.basename(kernel))))
        for _ in range(TRIES):
            said = boot(os.path.join(kernel, "vmlinuz"), initrd).decode(errors="replace")
            lines = [line.strip() for line in said.splitlines()]
            if "done" in lines or any(line.startswith("not ok") for line in lines):
                break
        bad = [line for line in lines if line.startswith("not ok")]
        check(not bad, "\n".join(bad))
        check("done" in lines, "the guest did not come to its end:\n" + said[-2000:])
        passed = sum(line.startswith("ok ") for line in lines)
        check(passed >= CHECKS_AT_LEAST, f"only {passed} checks")


for version in ("6.1-cloud", "6.12-cloud"):
    test(f"{version}: the device keeps its promises")(
        lambda spec=version: device_keeps_its_promises(spec))

main()
