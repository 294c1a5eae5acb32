#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""The man pages: every command has one, with every option that its --help has."""

import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import KBENCH, OK, TREE, Work, check, main, same, test


def make_pages(work):
    pages = work.path("man")
    work.run(KBENCH, pages, program=os.path.join(TREE, "docs", "man", "make-pages"), exit=OK)
    return pages


def rendered(page):
    """The page as a reader sees it, and what the formatter has to say against it."""
    run = subprocess.run(["man", "--warnings", "--local-file", page],
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True, check=True,
                         env=dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="200",
                                  MANOPT="--no-hyphenation --no-justification"))
    return run.stdout, run.stderr


def options_of(text):
    """Names of options, each where a line begins with it."""
    found = set()
    for line in text.splitlines():
        match = re.match(r"\s+(?:-\w, )?(--[a-z][a-z-]*)", line)
        if match:
            found.update(re.findall(r"(?<!\w)--?[a-z][a-z-]*", line.strip().split("  ")[0]))
    return found


@test("every command's page has every option, and formats without warnings")
def every_option():
    with Work() as work:
        pages = make_pages(work)
        names = re.findall(r"^  kbench (\S+) ", work.run("--help").out, re.M)
        check("run" in names and len(names) > 10, f"commands: {names}")
        for name in names:
            text, warnings = rendered(os.path.join(pages, f"kbench-{name}.1"))
            same(warnings, "", f"kbench-{name}.1")
            wanted = options_of(work.run(name, "--help").out)
            check("--help" in wanted, f"{name}: options {wanted}")
            missing = wanted - options_of(text)
            check(not missing, f"kbench-{name}.1 lacks {missing}:\n{text}")


@test("every command's help fits 79 columns, options on its left")
def columns():
    with Work() as work:
        for name in re.findall(r"^  kbench (\S+) ", work.run("--help").out, re.M):
            for line in work.run(name, "--help").out.splitlines():
                check(len(line) < 80, f"{name}: {line}")
                # argp loses count of its columns where a text ends a line to the last one.
                check(not re.match(r" {30,}--", line), f"{name}: {line}")


@test("the other pages format without warnings, and all have the program's version")
def others():
    with Work() as work:
        pages = make_pages(work)
        version = work.run("--version").out.split()[1]
        for page in glob.glob(os.path.join(pages, "*.[1-8]")):
            text, warnings = rendered(page)
            same(warnings, "", page)
            check(f"kbench {version}" in text.splitlines()[-1], f"{page}: {text[-200:]}")
        for page in ("kbench.1", "kbench-suite.7", "kbench-result.5", "kbench-config.5"):
            check(os.path.exists(os.path.join(pages, page)), f"no {page}")


if __name__ == "__main__":
    main()
