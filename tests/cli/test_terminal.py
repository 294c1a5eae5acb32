#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What is printed on terminals of 80 and 40 columns: nothing is cut off or wrapped by the terminal,
no word is broken, and colours are only where they are wanted."""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import TREE, USAGE, Work, check, contains, main, same, test
from made_kernels import CASE, counted, release
from made_results import EXAMPLE, made, put
from terminal import COLOUR, show

WIDTHS = (80, 40)
# Behind these a word may be broken that is longer than its line or column.
SIGNS = "/,|=_-"
# In a result's texts: an escape, a C1 control sign, and some that turn the direction.
STEERING = " \x1b[31m\u009b31m\u200e\u200f\u202e\u2066\u2069"
STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What is left as it is: words that a result is refused without.
KNOWN = ("schema", "id", "status", "unit", "started", "ended", "context", "fidelity", "target",
         "backend", "name", "suite", "bench", "params", "arch", "flags",
         "phase")
LEFT_OUT = "too wide for this terminal"


def is_part(part, words):
    """Whether it is a word, or what is left of one that was broken where it may be."""
    if part in words:
        return True
    return any((word.startswith(part) or word[word.find(part) - 1] in SIGNS) and
               (word.endswith(part) or part[-1] in SIGNS)
               for word in words if part in word)


def fits(work, *arguments, env=None, wide=None):
    """The same on both terminals as in a pipe, but for where lines end. Return: both screens"""
    piped = wide or work.run(*arguments, env=env).out
    check(not COLOUR.search(piped), f"colours in a pipe: {piped}")
    check(max(map(len, piped.splitlines())) > 0, "nothing in a pipe")
    words = set(piped.split())
    screens = []
    for width in WIDTHS:
        lines, joined, _ = show(work, width, *arguments, env=env)
        same(lines, joined, f"{arguments} at {width} columns: lines and what the terminal made")
        check(max(map(len, lines)) <= width, f"{arguments}: wider than {width}")
        text = [line for line in lines if line and LEFT_OUT not in line]
        for line in text:
            for part in line.split():
                check(is_part(part, words), f"{arguments} at {width} columns: {part!r} is "
                      f"no word: {line!r}")
        screens.append(lines)
    return screens


def two(work):
    def factor(case):
        return {"mutex": 1.05, "spin_lock": 0.9}.get(case["bench"], 1)
    return (put(work, "a.json", made(6, 1)), put(work, "b.json", made(6, factor, seed=2)))


@test("show: figures with their intervals at any width, what is left out is named")
def shown():
    with Work() as work:
        screens = fits(work, "show", EXAMPLE)
        contains("95% INTERVAL", "\n".join(screens[0]))
        contains("too wide for this terminal, see --json: SPREAD, OPS, FAIR",
                 "\n".join(screens[0]))
        # Too narrow for a table: a paragraph for each row, with all that it has.
        for name in ("95% INTERVAL", "SPREAD", "OPS", "FAIR"):
            contains(f"  {name} ", "\n".join(screens[1]))


@test("compare, history, aa and plan")
def results():
    with Work() as work:
        a, b = two(work)
        screens = fits(work, "compare", a, b)
        rows = [line for line in screens[0] if line.endswith("regressed")]
        same(len(rows), 1, "rows with the verdict")
        contains("  INTERVAL    ", "\n".join(screens[1]))
        fits(work, "history", a, b)
        fits(work, "aa", a)
        fits(work, "plan", a)


@test("list, doctor, kernels, bisect")
def here():
    with Work() as work:
        fits(work, "list", "bpf")
        fits(work, "list", "bpf/hash_update")
    with counted([1, 1, 1.5, 1.5]) as work:
        fits(work, "kernels", env=work.here)
        search = ["bisect", "--good", release(0), "--bad", release(3), "--case", CASE, "--cached",
                  "-q", "-o", work.path("kept")]
        fits(work, *search, env=work.here)
    with Work() as work:
        # How busy the machine is changes from call to call.
        screens = [show(work, width, "doctor") for width in WIDTHS]
        for width, (lines, joined, _) in zip(WIDTHS, screens):
            same(lines, joined, f"doctor at {width} columns")
            contains("Next: kbench run", "\n".join(lines))


@test("help of every command")
def helps():
    with Work() as work:
        every = work.run("--help").out
        names = re.findall(r"^  kbench (\S+) ", every, re.M)
        check(len(names) > 12, f"commands: {names}")
        fits(work, "--help")
        fits(work)
        for name in names:
            piped = work.run(name, "--help").out
            check(max(map(len, piped.splitlines())) < 80, f"{name} --help is wider than 80")
            for line in piped.splitlines():
                check(not re.match(r" {7,28}\S| {30,}\S", line), f"{name}: {line!r}")
            lines, joined, _ = show(work, 40, name, "--help")
            same(lines, joined, f"{name} --help at 40 columns")


@test("messages, too, are broken at words")
def messages():
    with Work() as work:
        lines, joined, _ = show(work, 40, "show", "no/such/file.json")
        same(lines, joined, "lines and what the terminal made")
        check(lines[0].startswith("kbench: "), lines)
        work.bad(USAGE, "show", "no/such/file.json", says="no/such/file.json")


@test("colours on a terminal, unless NO_COLOR or TERM speak against them")
def colours():
    with Work() as work:
        a, b = two(work)

        def coloured(**how):
            lines = show(work, 80, "compare", a, b, **how)[2]
            return sorted(re.findall(r"\x1b\[3[123]m(\w+)", "\n".join(lines)))

        same(coloured(), ["improved", "regressed"], "coloured verdicts")
        same(coloured(env={"NO_COLOR": "1"}), [], "with NO_COLOR")
        same(coloured(term="dumb"), [], "on a dumb terminal")
        same(len(coloured(env={"NO_COLOR": ""})), 2, "an empty NO_COLOR says nothing")


def hostile(value, names=()):
    """With signs that steer a terminal in all texts but those that are what kbench knows."""
    if isinstance(value, dict):
        return {name: one if name in KNOWN else hostile(one) for name, one in value.items()}
    if isinstance(value, list):
        return [hostile(one) for one in value]
    return value + STEERING if isinstance(value, str) else value


@test("signs of a result that steer terminals reach none: control, C1, direction")
def steering():
    with Work() as work:
        a, b = (hostile(made(6, factor, seed=factor)) for factor in (1, 2))
        for result in (a, b):
            result["environment"]["warnings"] = ["odd" + STEERING]
            result["errors"] = ["odd" + STEERING]
            for case in result["cases"][::7]:
                case.update(status="failed", reason="odd" + STEERING)
        a, b = put(work, "a" + STEERING + ".json", a), put(work, "b.json", b)
        for command in (["show", a], ["compare", a, b], ["compare", "--markdown", a, b],
                        ["history", a, b], ["aa", a], ["plan", a], ["plot", "--term", a],
                        ["plot", "--term", a, b], ["explain", a, b],
                        ["export", "--format=openmetrics", a]):
            output = work.run(*command, exit=(0, 1, 2))
            found = STEERS.findall(output.out + output.err)
            check(not found, f"{command}: {found}\n{output.out[:2000]}{output.err}")
            check(command[0] in ("explain", "export") or "locks" in output.out, output.out)
            check(command[0] not in ("show", "compare", "history") or "?" in output.out,
                  output.out)


@test("what programs read is not broken")
def machines():
    with Work() as work:
        a, b = two(work)
        for arguments in (["compare", a, b, "--markdown"], ["compare", a, b, "--json"],
                          ["aa", a, "--json"]):
            _, joined, _ = show(work, 40, *arguments)
            piped = work.run(*arguments).out.rstrip("\n").split("\n")
            same([line.rstrip() for line in joined], [line.rstrip() for line in piped],
                 f"{arguments}")


if __name__ == "__main__":
    main()
