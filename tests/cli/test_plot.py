#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench plot: every kind, in every format, of results that are made of a real one."""

import copy
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import (ENVIRONMENT, KBENCH, TREE, USAGE, Work, check, contains, main, same, test)
from made_results import EXAMPLE, example, made, many, put
from svg_texts import Picture

NOTE = "emulated by TCG: times are functional only, they say nothing of real hardware"


def measured(result):
    return [case for case in result["cases"] if case["status"] == "ok"]


def set_time(case, value):
    case["per_op"].update(median=value, mean=value, min=value, max=1.1 * value,
                          ci95=[0.97 * value, 1.04 * value])


def sweep():
    """Eight locks on 1 to 96 CPUs."""
    result = example()
    like = measured(result)[:8]
    result["cases"] = []
    for number, case in enumerate(like):
        for cpus in (1, 2, 4, 8, 16, 32, 64, 96):
            case = copy.deepcopy(case)
            case.update(cpus=cpus, cpu_list=list(range(cpus)))
            set_time(case, 20 * (number + 1) * cpus ** (number / 4))
            result["cases"].append(case)
    return result


def pairs(cpus):
    """Every pair of CPUs: siblings are near, sockets far."""
    result = example()
    like = measured(result)[0]
    result["cases"] = []
    for a in range(cpus):
        for b in range(a + 1, cpus):
            case = copy.deepcopy(like)
            case.update(suite="cache", bench="handover", params={}, cpus=2, cpu_list=[a, b],
                        placement="pair")
            set_time(case, 40 + a if a // 2 == b // 2 else 120 + b if a * 2 // cpus == b * 2 // cpus
                     else 300 + a + b)
            result["cases"].append(case)
    return result


def bucket(ticks):
    """As docs/result.schema.json has it."""
    if ticks < 128:
        return ticks
    shift = ticks.bit_length() - 7
    return 64 * (shift + 1) + (ticks >> shift) - 64


def with_latencies(result, cases=9):
    """Each case: 10,000 ops around 100 ticks and more, a hundredth of them ten times slower, one
    a thousand times."""
    result["cases"] = measured(result)[:cases]
    for number, case in enumerate(result["cases"]):
        middle, counts = 100 * (number + 1), {}
        for ticks, ops in ((middle, 6000), (middle * 11 // 10, 3905), (10 * middle, 94),
                           (1000 * middle, 1)):
            counts[bucket(ticks)] = counts.get(bucket(ticks), 0) + ops
        index = sorted(counts)
        case["histogram"] = {
            "count": 10000, "beyond": 0, "backward": 0, "p50": middle / 2, "p90": middle * 0.55,
            "p99": 5 * middle, "p99_9": 5 * middle, "max": 500 * middle, "max_at": 1e6,
            "max_cpu": 3, "timer_cost": 18.5, "resolution": 0.5, "sub_buckets": 64,
            "buckets": {"index": index, "count": [counts[i] for i in index]}, "per_cpu": []}
    return result


def kernels(work, directory, names, boots=4):
    """Results of several kernels: mutexes take 10 % more from the fourth kernel on."""
    os.makedirs(work.path(directory), exist_ok=True)
    for number, name in enumerate(names):
        result = made(boots, lambda case: 1.1 if number > 2 and "mutex" in case["bench"] else 1,
                      seed=number)
        result["kernel"]["release"] = name
        result["started"] = f"2026-01-{number + 1:02d}T00:00:00Z"
        put(work, os.path.join(directory, f"{number}.json"), result)
    return work.path(directory)


def releases(nr):
    return [f"6.{minor}.{minor * 7 % 12}+deb13-cloud-amd64" for minor in range(6, 6 + nr)]


def two_kernels(work, boots=6, only=None):
    """Paths of two: mutexes got slower by 8 %, reader-writer locks faster by 5 %."""
    other = made(boots, lambda case: 1.08 if "mutex" in case["bench"] else
                 0.95 if case["bench"].startswith("rw") else 1, seed=2, only=only)
    other["kernel"]["release"] = "6.18.3+deb14-cloud-amd64"
    return [put(work, "old.json", made(boots, 1, seed=1, only=only)), put(work, "new.json", other)]


def inputs(work):
    """Of every kind: arguments, and texts that have to be in its picture."""
    return {
        "overview": ([EXAMPLE], ["locks on 8 CPUs, cs=0, think=0", "spin_lock", "semaphore",
                                 "time per operation, logarithmic", "160.9 ns"]),
        "bars": ([EXAMPLE], ["mutex_interruptible", "190.4 ns"]),
        "scaling": ([put(work, "sweep.json", sweep())],
                    ["locks, cs=0, think=0  (1 of 2)", "CPUs", "96", "spin_trylock", "ideal"]),
        "heatmap": ([put(work, "pairs.json", pairs(12))],
                    ["cache/handover, each pair of CPUs", "CPU", "ns per operation", "11", "307"]),
        "percentiles": ([put(work, "latency.json", with_latencies(example()))],
                        ["99.9 %", "latency, logarithmic", "mutex (process)", "timer: 18.50 ns"]),
        "histogram": ([work.path("latency.json")],
                      ["locks/spin_lock (preempt-off)", "operations",
                       "latency; 50 % 50.00 ns, 99 % 55.00 ns, 99.9 % 501.8 ns, "
                       "longest 50.00 us"]),
        "history": ([kernels(work, "history", releases(9))],
                    ["locks/mutex cs=0 think=0, 8 CPUs (process)", "kernel", "6.14.2",
                     "ns per operation"]),
        "forest": (two_kernels(work),
                   ["6.18.3+deb14-cloud-amd64 over 6.12.117+deb12-cloud-amd64, "
                    "cs=0 think=0, 8 CPUs", "locks/mutex (process)", "+8 %",
                    "change of time per operation"]),
    }


def legible(path):
    picture = Picture(path)
    same(picture.overlaps(), [], "texts that overlap")
    same(picture.cut(), [], "texts that are cut off")
    return picture


def size_of_png(path):
    with open(path, "rb") as file:
        head = file.read(24)
    same(head[:8], b"\x89PNG\r\n\x1a\n", "the begin of a PNG")
    return struct.unpack(">II", head[16:24])


@test("each kind as SVG has its labels, none overlaps another, and says that it is emulated")
def kinds():
    with Work() as work:
        for kind, (files, labels) in inputs(work).items():
            path = work.path(kind + ".svg")
            work.run("plot", *files, "--kind", kind, "-o", path)
            words = legible(path).words()
            for label in labels + [NOTE]:
                check(label in words, f"{kind} has no {label!r}: {words}")
            check(Picture(path).width == 800, f"{kind} is not 800 pixels wide")


@test("each kind as PNG and PDF")
def formats():
    with Work() as work:
        for kind, (files, _) in inputs(work).items():
            work.run("plot", *files, "--kind", kind, "-o", work.path("x.png"))
            width, height = size_of_png(work.path("x.png"))
            same(width, 800, f"width of {kind}")
            check(200 < height < 2600, f"{kind} is {height} pixels high")
        work.run("plot", EXAMPLE, "-o", work.path("x.pdf"))
        work.run("plot", EXAMPLE, "-o", work.path("narrow.png"), "--width", "500")
        same(size_of_png(work.path("narrow.png"))[0], 500, "width")
        with open(work.path("x.pdf"), "rb") as file:
            text = file.read()
        check(text.startswith(b"%PDF-") and text.rstrip().endswith(b"%%EOF"), "no PDF")


@test("each kind on a terminal of 80 and 40 columns fits, without escape sequences for a file")
def terminal():
    with Work() as work:
        for kind, (files, _) in inputs(work).items():
            for columns in (80, 40):
                out = work.run("plot", *files, "--kind", kind, "--term", "--width",
                               str(columns)).out
                lines = out.splitlines()
                wide = [line for line in lines if len(line) > columns]
                same(wide, [], f"{kind}: lines of more than {columns} characters")
                check(all(letter == "\n" or letter.isprintable() for letter in out),
                      f"{kind} has control characters: {out!r}")
                contains("emulated by TCG", out)
                contains("kernel 6.", out)
                check(len(lines) > 15, f"{kind} draws nothing:\n{out}")
        out = work.run("plot", EXAMPLE, "--term").out
        bars = {line.split()[0]: line for line in out.splitlines() if " ns" in line and "-." in line}
        check(bars["spin_lock_irqsave"].count("-") > bars["mutex_trylock"].count("-") > 3,
              f"bars are no longer where more time was taken:\n{out}")


def on_terminal(work, columns, *arguments, env=None):
    """What kbench writes to a terminal of that many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen([KBENCH, *arguments], stdin=subprocess.DEVNULL, stdout=slave,
                               stderr=subprocess.PIPE, cwd=work.dir,
                               env=work.env({"TERM": "xterm-256color", "NO_COLOR": None,
                                             **(env or {})}))
    os.close(slave)
    out = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        out += part
    os.close(master)
    error = process.stderr.read()
    process.stderr.close()
    same(process.wait(), 0, f"exit code ({error})")
    return out.decode().replace("\r", "")


@test("a terminal gets a plot without being asked, as wide as it is, in colour unless NO_COLOR")
def a_terminal():
    with Work() as work:
        plain = on_terminal(work, 61, "plot", EXAMPLE, env={"NO_COLOR": "1"})
        check("\033" not in plain, "colours in spite of NO_COLOR")
        check(55 < max(map(len, plain.splitlines())) <= 61, f"not as wide as it is:\n{plain}")
        same(plain, work.run("plot", EXAMPLE, "--term", "--width", "61").out, "the plot in a file")
        check("\033" not in on_terminal(work, 61, "plot", EXAMPLE, env={"TERM": "dumb"}),
              "colours on a dumb terminal")
        contains("\033[", on_terminal(work, 61, "plot", EXAMPLE))


@test("without a word one result gives an overview, two a forest, more a history")
def best():
    with Work() as work:
        given = inputs(work)
        for kind in ("overview", "forest", "history"):
            files = given[kind][0]
            work.run("plot", *files, "-o", work.path("a.svg"))
            work.run("plot", *files, "--kind", kind, "-o", work.path("b.svg"))
            same(Picture(work.path("a.svg")).words(), Picture(work.path("b.svg")).words(), kind)


@test("an overview has lines, maps and bars, each suite what fits it")
def overview():
    with Work() as work:
        result = sweep()
        result["cases"] += pairs(4)["cases"]
        for number, size in enumerate((64, 256, 1024, 4096)):
            case = copy.deepcopy(result["cases"][0])
            case.update(suite="alloc", bench="kmalloc", params={"size": size})
            set_time(case, 30 + number)
            result["cases"].append(case)
        path = put(work, "all.json", result)
        work.run("plot", path, "-o", work.path("all.svg"))
        words = legible(work.path("all.svg")).words()
        for label in ("locks, cs=0, think=0  (1 of 2)", "cache/handover, each pair of CPUs",
                      "alloc on 1 CPU", "4K", "size"):
            check(label in words, f"no {label!r}: {words}")
        work.run("plot", path, "--suite", "alloc", "-o", work.path("one.svg"))
        words = legible(work.path("one.svg")).words()
        check("alloc on 1 CPU" in words and "CPUs" not in words, f"not the suite alone: {words}")


@test("a map of one pair, and of figures that hardly differ, is legible, too")
def maps():
    with Work() as work:
        near = pairs(4)
        for number, case in enumerate(near["cases"]):
            set_time(case, 123.301 + number / 100)
        for result in (pairs(2), near, pairs(3)):
            path = put(work, "map.json", result)
            for width in ("800", "400"):
                work.run("plot", path, "--kind", "heatmap", "--width", width, "-o",
                         work.path("map.svg"))
                contains("ns per operation", legible(work.path("map.svg")).words())


@test("verdicts are told apart and sorted by their effect")
def forest():
    with Work() as work:
        work.run("plot", *two_kernels(work, only=("mutex", "spin_lock", "rwsem_read")),
                 "-o", work.path("f.svg"))
        texts = legible(work.path("f.svg")).texts
        rows = [text for text, _ in sorted(texts, key=lambda text: text[1][1])
                if text.startswith("locks/")]
        same(rows, ["locks/mutex (process)", "locks/spin_lock (preempt-off)",
                    "locks/rwsem_read (process)"], "rows from above")
        for verdict in ("regressed", "equivalent", "improved"):
            check(any(text.endswith("% " + verdict) for text, _ in texts), f"nothing {verdict}")
        path = put(work, "one.json", made(1, 1.2))
        work.run("plot", EXAMPLE, path, "-o", work.path("one.svg"))
        check(any("few boots" in text for text in legible(work.path("one.svg")).words()),
              "a verdict on single boots")


@test("a history marks where cases changed, those first")
def history():
    with Work() as work:
        work.run("plot", kernels(work, "h", releases(8)), "-o", work.path("h.svg"))
        texts = legible(work.path("h.svg")).texts
        titles = [text for text, _ in sorted(texts, key=lambda text: text[1][1])
                  if text.startswith("locks/")]
        check(all("mutex" in title for title in titles[:4]) and "mutex" not in titles[4],
              f"not by change: {titles}")
        marks = [float(text.split()[0]) for text, _ in texts if text.endswith(" %")]
        check(len([mark for mark in marks if 9 < mark < 11]) == 4, f"changes: {marks}")


@test("latencies of two kernels are curves beside each other, case by case")
def latencies():
    with Work() as work:
        other = with_latencies(example(), 2)
        other["kernel"]["release"] = "6.18.3"
        paths = [put(work, "a.json", with_latencies(example(), 2)), put(work, "b.json", other)]
        work.run("plot", *paths, "--kind", "percentiles", "-o", work.path("p.svg"))
        words = legible(work.path("p.svg")).words()
        for bench in ("spin_lock", "spin_lock_irq"):
            title = f"latencies of locks/{bench} cs=0 think=0, 8 CPUs (preempt-off)"
            same(words.count(title), 1, title)
        same(words.count("6.18.3"), 2, "curves of the second kernel")


@test("what is not emulated has no note")
def native():
    with Work() as work:
        path = put(work, "native.json", made(1, 1, fidelity="native"))
        for kind in ("overview", "bars"):
            work.run("plot", path, "--kind", kind, "-o", work.path("n.svg"))
            check(not any("emulated" in word for word in Picture(work.path("n.svg")).words()),
                  "a note on real figures")


@test("counted instructions are called that")
def counted():
    with Work() as work:
        path = put(work, "insn.json", made(1, 1, unit="insn", fidelity="icount"))
        work.run("plot", path, "-o", work.path("i.svg"))
        words = legible(work.path("i.svg")).words()
        check(any("instructions per operation" in word for word in words), f"{words}")
        check(not any(word.endswith(" ns") for word in words), f"times among counts: {words}")
        check(any("counted" in word or "icount" in word for word in words), f"no note: {words}")


@test("one case, 5,000 cases, 200 CPUs: pictures of a size that can be read")
def sizes():
    with Work() as work:
        one = example()
        one["cases"] = measured(one)[:1]
        work.run("plot", put(work, "one.json", one), "-o", work.path("one.svg"))
        contains("spin_lock", legible(work.path("one.svg")).words())
        wide = example()
        like = measured(wide)[0]
        wide["cases"] = []
        for number in range(5000):
            case = dict(like, bench=f"bench_{number:04d}", per_op=dict(like["per_op"]))
            set_time(case, 10 + 0.7 * number)
            wide["cases"].append(case)
        path = put(work, "wide.json", wide)
        work.run("plot", path, "-o", work.path("wide.svg"))
        picture = legible(work.path("wide.svg"))
        check(picture.height < 2600, f"{picture.height} pixels high")
        check("page 1 of 56: --page 2 is the next" in picture.words(), "no page number")
        check("bench_0000" in picture.words() and "bench_0090" not in picture.words(), "page 1")
        work.run("plot", path, "--page", "2", "-o", work.path("wide.svg"))
        check("bench_0090" in Picture(work.path("wide.svg")).words(), "page 2")
        work.bad(USAGE, "plot", path, "--page", "57", "-o", work.path("x.svg"),
                 says=["no page 57", "56"])
        work.run("plot", put(work, "many.json", many(5000, 1)), "-o", work.path("many.svg"))
        check(legible(work.path("many.svg")).height < 2600, "many points")
        work.run("plot", put(work, "pairs.json", pairs(200)), "-o", work.path("pairs.svg"))
        picture = legible(work.path("pairs.svg"))
        contains("cache/handover, each pair of CPUs (mean of 2 by 2)", picture.words())
        check(os.path.getsize(work.path("pairs.svg")) < 3e6, "a map of several megabytes")


# Those of suites, benches and parameters are refused by the reader unless they are identifiers.
HOSTILE = "`touch x` $(touch x) 'a' \"b\" <b>&amp; _u^o {c} %s #d \\n ; e"


def hostile(result):
    result["kernel"]["release"] = HOSTILE
    result["machine"]["cpu_model"] = result["machine"]["model"] = HOSTILE
    result["machine"]["arch"] = result["started"] = HOSTILE
    return result


@test("names are text, whatever stands in them")
def names():
    with Work() as work:
        two = [put(work, f"{name} {HOSTILE}.json", hostile(made(4, 1, seed=name)))
               for name in (1, 2)]
        other = hostile(made(4, 1.05, seed=3))
        other["kernel"]["release"] = "7.1" + HOSTILE
        three = two + [put(work, "3.json", other)]
        files = {
            "overview": [put(work, "o.json", hostile(example()))],
            "bars": [work.path("o.json")],
            "scaling": [put(work, "s.json", hostile(sweep()))],
            "heatmap": [put(work, "p.json", hostile(pairs(4)))],
            "percentiles": [put(work, "l.json", hostile(with_latencies(example(), 3)))],
            "histogram": [work.path("l.json")], "history": three, "forest": two,
        }
        same(sorted(files), sorted(inputs(work)), "kinds")

        for kind, given in files.items():
            work.run("plot", *given, "--kind", kind, "-o", work.path("x.svg"))
            words = legible(work.path("x.svg")).words()
            check(any("$(touch x)" in word and "<b>" in word for word in words),
                  f"{kind} shows other names: {words}")
            work.run("plot", *given, "--kind", kind, "--term")
            left = {name for name in os.listdir(work.dir) if name == "x"}
            same(left, set(), f"files that names of {kind} made")


@test("a template of one's own draws in the place of kbench's")
def template():
    with Work() as work:
        with open(os.path.join(TREE, "plots", "bars.gp"), encoding="utf-8") as file:
            text = file.read()
        with open(work.path("it's mine.gp"), "w", encoding="utf-8") as file:
            file.write(text.replace("set xlabel kb_label", "set xlabel 'made by me'"))
        work.run("plot", EXAMPLE, "--kind", "bars", "--template", work.path("it's mine.gp"), "-o",
                 work.path("mine.svg"))
        words = Picture(work.path("mine.svg")).words()
        check("made by me" in words and "mutex" in words, f"{words}")
        with open(work.path("bad.gp"), "w", encoding="utf-8") as file:
            file.write("plot nothing of the sort\n")
        work.bad(ENVIRONMENT, "plot", EXAMPLE, "--kind", "bars", "--template", work.path("bad.gp"),
                 "-o", work.path("bad.svg"), says=["gnuplot could not draw", "bad.gp"])
        check(not os.path.exists(work.path("bad.svg")), "half a picture")


@test("bad arguments are one line each")
def arguments():
    with Work() as work:
        out = work.path("x.png")
        for says, given in (
                ("which result", []), ("where to", [EXAMPLE]),
                ("give one", [EXAMPLE, "--term", "-o", out]),
                ("did you mean bars", [EXAMPLE, "--kind", "bar", "-o", out]),
                ("they are overview", [EXAMPLE, "--kind", "cauliflower", "-o", out]),
                ("no template", [EXAMPLE, "--kind", "bars", "--template", "none.gp", "-o", out]),
                ("name it, too", [EXAMPLE, "--template", EXAMPLE, "-o", out]),
                (".png, .svg or .pdf", [EXAMPLE, "-o", work.path("x.gif")]),
                ("no suite lock in", [EXAMPLE, "--suite", "lock", "-o", out]),
                ("a number from", [EXAMPLE, "--width", "-3", "-o", out]),
                ("a number from", [EXAMPLE, "--page", "0", "-o", out]),
                ("--cpus 1,2,4", [EXAMPLE, "--kind", "scaling", "-o", out]),
                ("cache/handover", [EXAMPLE, "--kind", "heatmap", "-o", out]),
                ("--latency", [EXAMPLE, "--kind", "percentiles", "-o", out]),
                ("--latency", [EXAMPLE, "--kind", "histogram", "-o", out]),
                ("two results or more", [EXAMPLE, "--kind", "history", "-o", out]),
                ("two results or more", [EXAMPLE, "--kind", "forest", "-o", out]),
                ("No such file", ["none.json", "-o", out])):
            work.bad(USAGE, "plot", *given, says=says)
        check(not os.path.exists(out), "a picture of nothing")


@test("results of nothing, with nothing in common, and of other figures")
def nothing():
    with Work() as work:
        out = work.path("x.svg")
        empty = example()
        empty["cases"] = []
        work.bad(USAGE, "plot", put(work, "empty.json", empty), "-o", out,
                 says="nothing to draw")
        skipped = example()
        for case in skipped["cases"]:
            case.update(status="skipped", reason="none")
            for name in ("per_op", "ops"):
                case.pop(name, None)
        work.bad(USAGE, "plot", put(work, "skipped.json", skipped), "-o", out,
                 says="nothing to draw")
        other = example()
        for case in other["cases"]:
            case["suite"] = "others"
        path = put(work, "other.json", other)
        work.bad(USAGE, "plot", EXAMPLE, path, "--kind", "forest", "-o", out, says="in common")
        work.bad(USAGE, "plot", EXAMPLE, path, "--kind", "history", "-o", out,
                 says="a case in common")
        twin = dict(example(), id="4a8f2a8e-5b0b-4a0e-8a54-6f5f6d6b1c11")
        work.bad(USAGE, "plot", EXAMPLE, put(work, "twin.json", twin), "--kind", "history", "-o",
                 out, says="boot in common")
        native = put(work, "native.json", made(1, 1, fidelity="native"))
        work.bad(USAGE, "plot", EXAMPLE, native, "--kind", "forest", "-o", out, says="fidelity")
        os.makedirs(work.path("dir"))
        work.bad(USAGE, "plot", work.path("dir"), "-o", out, says="no result")
        check(not os.path.exists(out), "a picture of nothing")


@test("buckets that no kbench writes are left out")
def buckets():
    with Work() as work:
        for buckets in ({"index": [], "count": []}, {"index": [99999, -3], "count": [5, 5]},
                        {"index": [5], "count": [0]}, {"index": ["a"], "count": ["b"]}):
            result = with_latencies(example(), 2)
            result["cases"][0]["histogram"]["buckets"] = buckets
            path = put(work, "odd.json", result)
            for kind in ("percentiles", "histogram"):
                work.run("plot", path, "--kind", kind, "-o", work.path("odd.svg"))
                words = Picture(work.path("odd.svg")).words()
                check(any("spin_lock_irq" in word for word in words), f"{kind}: {words}")
            result["cases"] = result["cases"][:1]
            work.bad(USAGE, "plot", put(work, "odd.json", result), "--kind", "histogram", "-o",
                     work.path("x.svg"), says="nothing to draw")


@test("an output that cannot be written, and no gnuplot")
def environment():
    with Work() as work:
        work.bad(ENVIRONMENT, "plot", EXAMPLE, "-o", work.path("none", "x.png"), says="mkdir -p")
        os.makedirs(work.path("x.svg"))
        work.bad(ENVIRONMENT, "plot", EXAMPLE, "-o", work.path("x.svg"), says="x.svg")
        for where in (["-o", work.path("x.png")], ["--term"]):
            work.bad(ENVIRONMENT, "plot", EXAMPLE, *where, env={"PATH": work.path("none")},
                     says="sudo apt-get install gnuplot-nox")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([KBENCH, "plot", EXAMPLE, "--term"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False, env=work.env())
        same((done.returncode, len(done.stderr.splitlines())), (ENVIRONMENT, 1), "a full disk")


if __name__ == "__main__":
    main()
