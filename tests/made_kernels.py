# SPDX-License-Identifier: GPL-2.0
"""Kernels that are but names in a cache, and results that runs on them would have left."""

import hashlib
import os
import re

from harness import OK, Work
from made_results import made, put

CASE = "locks/mutex 8 CPUs"
NO_KERNEL = "no kernel\n"
EMULATOR, COMPILER = "7.2.99 (Debian)", "gcc-12 (Debian) 12.2.0"
RUN = ["kbench", "run", "locks/mutex", "--cpus=8", "--target=vm"]


def release(number, flavour="cloud"):
    return f"6.12.{number}-{flavour}-amd64"


class Kernels(Work):
    """A cache that holds kernels of these releases, which cannot be booted."""

    def __init__(self, releases):
        super().__init__()
        self.cache = self.path("cache")
        self.commit = re.search(r"commit (\S+)\)", self.run("--version").out).group(1)
        for name in releases:
            directory = os.path.join(self.cache, "kbench", "kernels", name)
            os.makedirs(directory)
            for name, text in (("vmlinuz", NO_KERNEL),
                               ("vmlinuz.sha256", hashlib.sha256(NO_KERNEL.encode()).hexdigest())):
                with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
                    file.write(text)
        os.mkdir(self.path("kept"))
        os.mkdir(self.path("bin"))
        self.program("qemu-system-x86_64", f"QEMU emulator version {EMULATOR}")
        self.program("gcc-12", COMPILER)
        self.here = {"XDG_CACHE_HOME": self.cache,
                     "PATH": self.path("bin") + ":" + os.environ["PATH"]}
        # Lists that are there and have nothing in them: none are fetched.
        os.makedirs(os.path.join(self.cache, "kbench", "apt"))
        with open(os.path.join(self.cache, "kbench", "apt", "kernels"), "w", encoding="utf-8"):
            pass

    def program(self, name, version):
        """The emulator or a compiler, which is asked for its version alone."""
        with open(self.path("bin", name), "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\necho '{version}'\n")
        os.chmod(self.path("bin", name), 0o755)

    def keep(self, name, factor, accel="icount", boots=1, experiment=None,
             compiler=COMPILER, **how):
        """What a run of kbench on that release would have left."""
        unit = "insn" if accel == "icount" else "ns"
        result = made(boots, factor, unit=unit, fidelity=accel, only=["mutex"], **how)
        result["command"] = RUN + [f"--accel={accel}", f"--boots={boots}", f"--kernels={name}"]
        result["kbench"]["commit"] = self.commit
        result["kernel"].update(release=name, module_compiler=compiler)
        result["environment"]["emulator"]["version"] = EMULATOR
        if experiment:
            result["experiment"] = {"id": experiment, "seed": 1}
            for boot in result["boots"]:
                boot["block"] = boot["index"] + 1
        return put(self, f"kept/{name}-{experiment or 0}.json", result)

    def bisect(self, good, bad, *options, exit=OK, case=CASE):
        return self.run("bisect", "--good", good, "--bad", bad, "--case", case, "--cached", "-o",
                        self.path("kept"), *options, env=self.here, exit=exit)

    def refused(self, exit, says, *options, env=None):
        return self.bad(exit, "bisect", *options, says=says,
                        env=env or self.here)


def counted(factors):
    """A cache with a release for each, and with results of those that are not None."""
    work = Kernels([release(i) for i in range(len(factors))])
    for i, factor in enumerate(factors):
        if factor:
            work.keep(release(i), factor, noise=0)
    return work
