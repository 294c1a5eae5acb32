# SPDX-License-Identifier: GPL-2.0
"""For bench-self: how long kernels take to come, to be ready, and to boot. Times of fetching, which
are the network's, are told apart by what kbench says before it fetches."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

NEW = "7.2"
# What takes the network: the lists, the packages, and those of a private root.
FETCHING = ("kbench: fetching", "kbench: making a private root")
WORKING = FETCHING + ("kbench: building", "kbench: unpacking")
BOOTS = 3
LIMITS_S = {"6.12-cloud": 5, "6.12-cloud@arm64": 8}

# Notes when QEMU starts, which is also asked for its version.
SHIM = """#!/bin/sh
case $1 in -no-user-config) date +%s.%N >>"$0.times";; esac
exec {program} "$@"
"""


def timed(kbench, arguments, env=None):
    """Runs kbench. Return: seconds by the note on stderr that they follow, "" before the first"""
    seconds = {"": 0.0}
    note, begin = "", time.monotonic()
    with subprocess.Popen([kbench, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, env=dict(os.environ, **(env or {}))) as process:
        said = []
        for line in process.stderr:
            now = time.monotonic()
            seconds[note] += now - begin
            note, begin = line.strip(), now
            seconds.setdefault(note, 0.0)
            said.append(line)
    seconds[note] += time.monotonic() - begin
    if process.returncode:
        sys.exit(f"kbench {' '.join(arguments)}: exit {process.returncode}\n{''.join(said)}")
    return seconds


def sum_of(seconds, fetching):
    return sum(time for note, time in seconds.items() if note.startswith(FETCHING) == fetching)


def cold(kbench, row):
    """In a cache of its own: all is fetched, and the compiler of another suite with it."""
    with tempfile.TemporaryDirectory() as cache:
        env = {"XDG_CACHE_HOME": cache}
        add = timed(kbench, ["kernels", "add", NEW], env)
        row(f"kernels add {NEW}, cold: own work, s", f"{sum_of(add, False):.1f}", "below 60")
        row("  beside it fetching lists and packages, s", f"{sum_of(add, True):.1f}")
        first = timed(kbench, ["run", "selfcheck/empty", "--kernels", NEW, "--accel", "tcg",
                               "--no-plot", "-o", os.path.join(cache, "r.json")], env)
        row("  its first run: building and booting, s", f"{sum_of(first, False):.1f}")
        row("  before that a private root, fetched and installed, s", f"{sum_of(first, True):.1f}")
        # Its directories are not all writable.
        subprocess.run(["chmod", "-R", "u+w", cache], check=True)


def start_of_boot(kbench, directory):
    """Seconds from a run's start to that of its QEMU; ends when it fetches or builds."""
    program = shutil.which("qemu-system-x86_64")
    shim = os.path.join(directory, os.path.basename(program))
    if not os.path.exists(shim):
        with open(shim, "w", encoding="utf-8") as file:
            file.write(SHIM.format(program=program))
        os.chmod(shim, 0o755)
    begin = time.time()
    notes = timed(kbench, ["run", "selfcheck/empty", "--kernels", NEW, "--accel", "tcg",
                           "--no-plot", "-o", os.path.join(directory, "warm.json")],
                  {"PATH": directory + ":" + os.environ["PATH"]})
    worked = [note for note in notes if note.startswith(WORKING)]
    if worked:
        return worked[0]
    with open(shim + ".times", encoding="utf-8") as file:
        return float(file.read().splitlines()[-1]) - begin


def warm(kbench, row):
    with tempfile.TemporaryDirectory() as directory:
        start_of_boot(kbench, directory)
        times = [start_of_boot(kbench, directory) for _ in range(BOOTS)]
    for said in (time for time in times if isinstance(time, str)):
        sys.exit(f"the second run on {NEW} still says: {said}")
    row(f"run on {NEW}, warm: until it boots, s, nothing fetched or built",
        f"{statistics.median(times):.2f}", "below 0.3")


def boots(run, row):
    for spec, limit in LIMITS_S.items():
        seconds = []
        with tempfile.TemporaryDirectory() as directory:
            for number in range(BOOTS):
                result, _ = run(directory, f"boot{number}", "selfcheck/empty", "--accel", "tcg",
                                "--cpus", "2", "--kernels", spec)
                seconds.append(result["boots"][0]["boot_to_agent_s"])
        row(f"{spec}, TCG, 2 CPUs: boot to agent, s", f"{statistics.median(seconds):.1f}",
            f"below {limit}")


def matrix(tree, row, cost):
    """make check-matrix; what its tests say themselves is left out."""
    seconds, cpu, _ = cost(os.path.join(tree, "tests", "run"), "matrix")
    row("every suite on every series of kernels: the matrix, s", f"{seconds:.0f}", "below 1200")
    row("  of that on a CPU, s", f"{cpu:.0f}")
