#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench bisect on guests, in a cache of two or three kernels, whatever else the user's has."""

import glob
import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (INTERRUPTED, OK, PATIENCE_S, TREE, Work, cache_dir, cached_kernel, check,
                     contains, load_result, main, same, test, test_cache, version_key)

CHANGED = 1
CASE = "locks/mutex cs=0"
ENDS = [os.path.basename(cached_kernel(spec)) for spec in ("6.1-cloud", "6.12-cloud")]


def between():
    """The newest release of 6.12 before the end, if one is in the cache."""
    found = [os.path.basename(path)
             for path in glob.glob(os.path.join(cache_dir(), "kernels", "6.12.*-cloud-amd64"))]
    return sorted(set(found) - set(ENDS), key=version_key)[-1:]


def small_cache():
    """A cache with those kernels alone, which are links to the user's; the rest of it is that of
    all tests. It stays in build/ as that does: headers of kernels have paths of the cache that they
    were last used in."""
    cache = os.path.join(TREE, "build", "tests", "cache-bisect")
    kernels = os.path.join(cache, "kbench", "kernels")
    os.makedirs(kernels, exist_ok=True)
    os.makedirs(os.path.join(test_cache(), "kbench", "modules"), exist_ok=True)
    links = {os.path.join(kernels, name): os.path.join(cache_dir(), "kernels", name)
             for name in KERNELS}
    for name in ("apt", "modules"):
        links[os.path.join(cache, "kbench", name)] = os.path.join(test_cache(), "kbench", name)
    for link in set(glob.glob(os.path.join(kernels, "*"))) - set(links):
        if os.path.islink(link):
            os.remove(link)
    for link, target in links.items():
        if os.path.lexists(link):
            os.remove(link)
        os.symlink(target, link)
    return cache


class Kept(Work):
    """Searches that keep their results."""

    def env(self, more=None):
        return super().env({"XDG_CACHE_HOME": CACHE, **(more or {})})

    def search(self):
        return ("bisect", "--good", ENDS[0], "--bad", ENDS[1], "--case", CASE, "--cached", "--time",
                "5ms", "-o", self.path("kept"))

    def results(self):
        return sorted(glob.glob(self.path("kept", "*.json")))


def interrupt_after_first(work):
    """Stop a search as soon as it has kept a result."""
    process = work.start(*work.search())
    deadline = time.monotonic() + PATIENCE_S
    while not work.results() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    same(process.returncode, INTERRUPTED, f"exit code: {err}")
    work.nothing_left()
    same(len(work.results()), 1, "results kept")


def check_steps(work):
    """As git bisect run would call it, two at a time."""
    good = next(path for path in work.results() if ENDS[0] in path)
    step = ("bisect", "--step", good, "--case", CASE, "--time", "5ms", "-q", "--kernel")
    running = [(work.start(*step, kernel), exit) for kernel, exit in zip(ENDS, (OK, CHANGED))]
    for process, exit in running:
        out, err = process.communicate(timeout=PATIENCE_S)
        same(process.returncode, exit, f"exit code of a step: {out}{err}")
    work.nothing_left()


KERNELS = sorted(ENDS + between(), key=version_key)
CACHE = small_cache()


@test("counts of a mutex changed from 6.1 to 6.12: interrupted and run again the search goes on")
def search():
    with Kept() as work:
        interrupt_after_first(work)
        first = work.results()[0]
        before = os.stat(first).st_mtime_ns
        found = json.loads(work.run(*work.search(), "--json", "-q").out)
        verdicts = [one["verdict"] for one in found["releases"]]
        same([one["release"] for one in found["releases"]], KERNELS, "releases")
        same((verdicts[0], verdicts[-1]), ("good", "bad"), "verdicts of the ends")
        names = [one["release"] for one in found["releases"]]
        at = names.index(found["first_changed"])
        same(verdicts[at], "bad", "verdict of the first that changed")
        same((names[at - 1], verdicts[at - 1]), (found["last_as_before"], "good"), "before it")
        # In 6.12 a mutex takes some instructions more than in 6.1.
        check(found["change"]["ratio"] > 1 and found["unit"] == "insn", str(found["change"]))
        same(os.stat(first).st_mtime_ns, before, "the first result's time")
        same(len(work.results()), len(verdicts) - verdicts.count("unknown"), "results kept")
        for path in work.results():
            same(load_result(path)["environment"]["fidelity"], "icount", "fidelity")
        again = work.run(*work.search())
        check("ready after" not in again.err, f"a guest was booted again:\n{again.err}")
        contains(f"first changed: {found['first_changed']} (", again.out)
        check_steps(work)


if __name__ == "__main__":
    main()
