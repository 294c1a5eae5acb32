#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench plot of several results that are not alike: what is said of them is so of what is drawn."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import ENVIRONMENT, KBENCH, USAGE, Work, check, contains, main, same, test
from made_results import made, put
from svg_texts import Picture

TCG = "emulated by TCG: times are functional only, they say nothing of real hardware"
ICOUNT = "emulated with instruction counting: counts are exact, times mean nothing"
WHISKERS = "whiskers: lowest and highest boot"


def counted(boots=1, release="6.1.0-counted"):
    result = made(boots, 1, unit="insn", fidelity="icount", only=("mutex", "spin_lock"))
    result["kernel"]["release"] = release
    return result


def timed(boots=1):
    return made(boots, 1, only=("mutex", "spin_lock"), fidelity="tcg")


def paired():
    """A result whose one case is of a pair of CPUs."""
    result = made(1, 1, only=("mutex",))
    result["cases"][0].update(suite="cache", bench="handover", params={}, cpus=2, cpu_list=[0, 1],
                              placement="pair")
    result["kernel"]["release"] = "6.9.0-paired"
    return result


def words_of(work, *arguments):
    work.run("plot", *arguments, "-o", work.path("x.svg"))
    picture = Picture(work.path("x.svg"))
    same(picture.overlaps(), [], "texts that overlap")
    return picture.words()


@test("title, note and foot are of the results that have a diagram on the page")
def shown():
    with Work() as work:
        paths = [put(work, "counted.json", counted(4)), put(work, "paired.json", paired())]
        out = work.run("plot", *paths, "--kind", "heatmap", "--term", "--width", "200").out
        contains("kernel 6.9.0-paired\n", out)
        contains(", tcg\n", out)
        contains(TCG, out)
        contains("\nmedians\n", out)
        contains("1 result without any, not shown", out)
        check("icount" not in out and ICOUNT not in out, f"what is not drawn is told:\n{out}")


@test("figures of two fidelities on one page have both notes, and both are named")
def both():
    with Work() as work:
        paths = [put(work, "counted.json", counted()), put(work, "timed.json", timed())]
        words = words_of(work, *paths, "--kind", "bars")
        for note in (ICOUNT, TCG):
            contains("some of it: " + note, words)
        check(any("icount and tcg" in word for word in words), f"fidelities: {words}")
        contains(TCG, words_of(work, paths[1], "--kind", "bars"))


@test("boots are told of the diagrams that are there: of one, of several, of both")
def boots():
    with Work() as work:
        one, four = put(work, "one.json", timed()), put(work, "four.json", timed(4))
        same([word for word in words_of(work, one, "--kind", "bars") if "whiskers" in word],
             ["median; whiskers: its 95 % interval"], "one boot")
        contains("geometric mean of boots' medians; " + WHISKERS,
                 words_of(work, four, "--kind", "bars"))
        contains("median and 95 % interval, of several boots geometric mean, lowest and highest",
                 words_of(work, one, four, "--kind", "bars"))


def moved(result, suite):
    for case in result["cases"]:
        case["suite"] = suite
    return result


@test("without a word, results that cannot be compared give an overview of all of them")
def fallback():
    with Work() as work:
        paths = [put(work, "timed.json", timed()),
                 put(work, "moved.json", moved(made(1, 1, only=("rwsem_read",)), "others"))]
        words = words_of(work, *paths)
        check(any(word.startswith("locks on") for word in words) and
              any(word.startswith("others on") for word in words), f"not both: {words}")
        paths = [put(work, "timed.json", timed()), put(work, "counted.json", counted())]
        paths.append(put(work, "more.json", counted(release="6.2.0-counted")))
        words = words_of(work, *paths)
        same(len([word for word in words if word.startswith("locks on")]), 3, "diagrams")
        third = moved(made(1, 1), "others")
        third["kernel"]["release"] = "7.1.0-other"
        words = words_of(work, paths[0], put(work, "old.json", moved(timed(), "older")),
                         put(work, "third.json", third))
        check(any(word.startswith("older on") for word in words), f"no overview: {words}")


@test("a forest and a history say how many results they leave out")
def left_out():
    with Work() as work:
        paths = [put(work, f"{name}.json", counted(4, f"6.{name}.0-counted")) for name in (1, 2)]
        stranger = put(work, "paired.json", paired())
        for kind in ("forest", "history"):
            contains("1 result not comparable, not shown",
                     "; ".join(words_of(work, *paths, stranger, "--kind", kind)))
            words = words_of(work, *paths, "--kind", kind)
            check(not any("not comparable" in word for word in words), f"{kind}: {words}")


def piped(work, path, *arguments):
    """kbench with a pipe among its files, as from <(cat FILE) of a shell: is {} of @arguments."""
    reader, writer = os.pipe()
    with subprocess.Popen(["cat", path], stdout=writer):
        os.close(writer)
        done = subprocess.run([KBENCH, *(word.format(f"/dev/fd/{reader}") for word in arguments)],
                              env=work.env(), cwd=work.dir, pass_fds=[reader], text=True,
                              capture_output=True, check=False, timeout=60)
        os.close(reader)
    same((done.returncode, done.stderr), (0, ""), "exit code and errors")
    return done.stdout


@test("plot and report read a pipe, of which nothing can be read twice")
def pipes():
    with Work() as work:
        one, other = put(work, "one.json", timed(4)), made(4, 1.1, seed=2)
        other["kernel"]["release"] = "6.20.0-other"
        other = put(work, "other.json", other)
        for kind in ([], ["--kind", "bars"], ["--kind", "overview"]):
            same(piped(work, one, "plot", "{}", "--term", *kind),
                 work.run("plot", one, "--term", *kind).out, f"plot of a pipe {kind}")
        for kind in ([], ["--kind", "bars"], ["--kind", "forest"]):
            same(piped(work, one, "plot", "{}", other, "--term", *kind),
                 work.run("plot", one, other, "--term", *kind).out, f"plot of both {kind}")
        piped(work, one, "report", "{}", other, "-o", work.path("a.md"), "--no-plots")
        with open(work.path("a.md"), encoding="utf-8") as file:
            contains("6.20.0-other", file.read())


def lose(result, bench, status, boots):
    for case in result["cases"]:
        if case["bench"] == bench and case["boot"] in boots:
            case.update(status=status, reason="made so")
            case.pop("per_op"), case.pop("ops", None)
    return result


@test("a case that is skipped in each boot is one, and in how many is told")
def losses():
    with Work() as work:
        result = made(4, 1, only=("mutex", "spin_lock", "rwsem_read"))
        lose(lose(result, "mutex", "skipped", range(4)), "spin_lock", "failed", [1])
        path = put(work, "lost.json", result)
        contains("1 case skipped or failed in 4 boots, not shown; "
                 "1 case skipped or failed in 1 boot, shown of the others",
                 words_of(work, path, "--kind", "bars"))
        work.run("report", path, "-o", work.path("a.md"), "--no-plots")
        with open(work.path("a.md"), encoding="utf-8") as file:
            text = file.read()
        contains("1 case, in 4 boots; see below why.", text)
        contains("1 case, in 1 boot; see below why.", text)
        rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()
                if "made so" in line]
        same([row[2:5] for row in rows], [["1", "4", "skipped"], ["1", "1", "failed"]],
             "CASES, BOOTS and STATUS")
        one = lose(made(1, 1), "mutex", "skipped", [0])
        contains("1 case skipped or failed, not shown",
                 words_of(work, put(work, "one.json", one), "--kind", "bars"))


@test("of latencies whose file has percentiles alone that is said")
def percentiles_alone():
    with Work() as work:
        result = made(1, 1, only=("mutex",))
        result["cases"][0]["histogram"] = {
            "count": 100, "beyond": 0, "backward": 0, "p50": 5, "p90": 6, "p99": 7, "p99_9": 8,
            "max": 9, "max_at": 1e6, "max_cpu": 0, "resolution": 0.5, "sub_buckets": 64,
            "per_cpu": []}
        path = put(work, "alone.json", result)
        for kind in ("percentiles", "histogram"):
            work.bad(USAGE, "plot", path, "--kind", kind, "--term",
                     says=["without the buckets", "percentiles", "kbench show"])
        work.run("report", path, "-o", work.path("a.html"))


@test("where a directory cannot be synced, a file that is written stays, and that is said")
def unsynced():
    with Work() as work:
        directory = work.path("unreadable")
        os.mkdir(directory)
        path = os.path.join(directory, "x.md")
        with open(path, "w", encoding="utf-8") as file:
            file.write("old")
        source = put(work, "one.json", timed())
        # What may not be read cannot be opened for syncing. Root reads all, unless it gives that up.
        like_others = [] if os.geteuid() else ["setpriv", "--bounding-set",
                                               "-dac_override,-dac_read_search"]
        os.chmod(directory, 0o300)
        done = subprocess.run([*like_others, KBENCH, "report", source, "-o", path, "--no-plots"],
                              env=work.env(), cwd=work.dir, text=True, capture_output=True,
                              check=False)
        os.chmod(directory, 0o700)
        same(done.returncode, ENVIRONMENT, f"exit code ({done.stderr})")
        contains("x.md is written, but", done.stderr)
        with open(path, encoding="utf-8") as file:
            contains("mutex", file.read())
        same(os.listdir(directory), ["x.md"], "files left")


if __name__ == "__main__":
    main()
