#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench report: words, tables and plots of one or many results, as one page."""

import base64
import os
import re
import sys
import uuid
import xml.dom.minidom

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from harness import ENVIRONMENT, OK, USAGE, Work, check, contains, main, same, test
from made_pages import paired, swept, timed
from made_results import EXAMPLE, example, made, many, put
from page import Page

HOSTILE = """<script>alert(1)</script>&lt;"'`$(touch x)`|*_[a](http://x.example/)\\"""
MARK = "emulated by TCG"


def kernel(result, release, experiment=None):
    """The same of another kernel; of one experiment, where it has an id."""
    result["kernel"]["release"] = release
    if experiment:
        result["experiment"] = {"id": experiment, "seed": 1}
        for number, boot in enumerate(result["boots"]):
            boot["block"] = number
    return result


def changed(case):
    return {"mutex": 1.12, "spin_lock": 1.03, "rwsem_read": 0.93}.get(case["bench"], 1)


def two_kernels():
    ident = str(uuid.uuid4())
    return (kernel(made(8, 1, seed=1), "6.1.9-old", ident),
            kernel(made(8, changed, seed=2), "6.12.1-new", ident))


def report(work, *results, options=(), name="report.html", exit=OK):
    paths = [put(work, f"{number}.json", one) for number, one in enumerate(results)]
    output = work.run("report", *paths, "-o", work.path(name), *options, exit=exit)
    same(output.out, "", "stdout")
    return output


def read(work, name="report.html"):
    with open(work.path(name), encoding="utf-8") as file:
        return file.read()


def page_of(*results, options=("--no-plots",)):
    with Work() as work:
        report(work, *results, options=options)
        page = Page(read(work))
    page.check_contained()
    return page


def section(page_text, title, after):
    """What stands from one heading to another."""
    return page_text.split(title, 1)[1].split(after, 1)[0]


@test("the example: words first, then a table with every case, machine, kernel and warnings")
def example_page():
    page = page_of(example())
    ok = [case for case in example()["cases"] if case["status"] == "ok"]
    places = [page.text.index(title) for title in (
        "How far to trust it", "What stands out", "What one operation costs",
        "How it was measured", "KVM does not work here")]
    same(places, sorted(places), "the order of the parts")
    locks = [case for case in ok if case["suite"] == "locks"]
    same(sorted(page.column("BENCH")), sorted(case["bench"] for case in locks), "cases")
    costs = sorted(case["per_op"]["median"] for case in locks)
    same(page.column("PER OP")[0], f"{costs[0]:.3f} ns", "the cheapest comes first")
    contains(example()["kernel"]["release"], page.text, "the page")
    contains(example()["machine"]["cpu_model"], page.text, "the page")
    contains("one. Intervals are of the samples", page.text, "the page")
    check(not page.images, "--no-plots")


@test("emulated figures are marked at each table of figures and in the words; native ones are not")
def marks():
    page = page_of(example())
    figures = sum("PER OP" in table[0] for table in page.tables)
    same(page.classes.count("mark"), figures, "marks")
    contains("All figures here are " + MARK, page.text, "the page")
    native = example()
    native["environment"]["fidelity"] = "native"
    page = page_of(native)
    check(MARK not in page.text and "mark" not in page.classes, "a native page is marked")
    contains("measured on the hardware itself", page.text, "the page")


@test("two kernels: a verdict for each case, changes first, sorted by effect, with intervals")
def verdicts():
    page = page_of(*two_kernels())
    found = dict(zip(page.column("CASE"), page.column("VERDICT")))
    for bench, wanted in (("mutex", "regressed"), ("spin_lock", "regressed"),
                          ("rwsem_read", "improved")):
        same(found[f"locks/{bench}, 8 CPUs"], wanted, bench)
    same(sum(verdict in ("regressed", "improved") for verdict in found.values()), 3, "changes")
    effects = [abs(float(text.split()[0])) for text in page.column("CHANGE")]
    same(effects[:3], sorted(effects[:3], reverse=True), "the order of changes")
    same(effects[3:], sorted(effects[3:], reverse=True), "the order of the others")
    for change, interval in zip(page.column("CHANGE"), page.column("95 % INTERVAL")):
        low, high = (float(end.split()[0]) for end in interval.split(" to "))
        check(low <= float(change.split()[0]) <= high, f"{change} in {interval}")
    contains("of 19 cases 2 regressed and 1 improved", page.text, "the page")
    contains("8 of each kernel, interleaved", page.text, "the page")
    head = next(table[0] for table in page.tables if "BENCH" in table[0])
    check("6.1.9-old" in head and "6.12.1-new" in head, f"columns: {head}")


def looked_at(result, perf):
    """The same with what perf saw at its first two measured cases."""
    for case in [case for case in result["cases"] if case["status"] == "ok"][:2]:
        case["perf"] = perf
    return result


@test("what perf saw: a table of each kind, the first of each case once, and none without perf")
def perf():
    functions = [{"name": f"function_{number}", "object": "[kernel.kallsyms]",
                  "share": 0.3 / (number + 1)} for number in range(9)]
    functions[1]["name"] = HOSTILE
    page = page_of(looked_at(example(), {"kind": "record", "functions": functions}))
    contains("What perf saw", page.text, "the page")
    # Two neighbours with the same are phases of one case.
    same(page.column("FUNCTION"), ["function_0", HOSTILE] +
         [f"function_{number}" for number in range(2, 5)], "functions")
    same(page.column("PART")[0], "30.0 %", "the part of the first")

    lines = [{"address": "0xffff888100a3c080", "share": 0.715, "loads": 715,
              "functions": ["kb_atomic_spin_lock", "osq_lock"]}]
    page = page_of(looked_at(example(), {"kind": "c2c", "lines": lines}))
    same(page.column("LINE"), ["0xffff888100a3c080"], "lines")
    same(page.column("ACCESSED BY"), ["kb_atomic_spin_lock, osq_lock"], "what accessed it")

    locks = [{"name": "wake_up_q+0x33", "type": "spinlock", "contended": 19, "wait_ns": 231150.0,
              "max_wait_ns": 38840.0}]
    page = page_of(looked_at(example(), {"kind": "lock", "locks": locks}))
    same(page.column("WAITED"), ["231.2 us"], "how long")

    events = [{"name": "cpu-clock", "value": 90.5, "unit": "msec"},
              {"name": "cycles", "reason": "not supported"}]
    page = page_of(looked_at(example(), {"kind": "stat", "events": events}))
    same(page.column("COUNT"), ["90.5 msec", ""], "counts")
    same(page.column("WHY NOT"), ["", "not supported"], "reasons")
    check("What perf saw" not in page_of(example()).text, "perf that was not there")


@test("a larger threshold leaves fewer changes")
def threshold():
    page = page_of(*two_kernels(), options=("--no-plots", "--threshold", "5%"))
    same([case for case, verdict in zip(page.column("CASE"), page.column("VERDICT"))
          if verdict in ("regressed", "improved")],
         ["locks/mutex, 8 CPUs", "locks/rwsem_read, 8 CPUs"], "changes")


@test("several kernels: each against the first release, whatever the order of the files")
def several():
    results = [kernel(made(4, 1 + number / 10, seed=number), f"6.{number}.1-x")
               for number in (9, 10, 8)]
    page = page_of(*results)
    same(page.column("KERNEL"), ["6.9.1-x", "6.10.1-x"], "kernels")
    same(set(page.column("AGAINST")), {"6.8.1-x"}, "the base")


@test("results of one kernel stand side by side and are not compared")
def one_kernel():
    one, other = made(2, 1, seed=1, only=["mutex"]), made(2, 1.5, seed=2, only=["mutex"])
    page = page_of(one, other)
    check("VERDICT" not in page.text, "a verdict")
    head = next(table[0] for table in page.tables if "BENCH" in table[0])
    same(sum("json" in title for title in head), 2, "columns named by their files")


@test("files with nothing in common: a report of each, which says why they are not compared")
def nothing_in_common():
    one = kernel(made(2, 1, only=["mutex"]), "6.1.1-a")
    other = kernel(made(2, 1, only=["spin_lock"]), "6.12.1-b")
    page = page_of(one, other)
    contains("Not compared: the two have no measured case in common", page.text, "the page")
    same(sorted(page.column("BENCH")), ["mutex", "spin_lock"], "cases")
    native = kernel(made(2, 1, fidelity="native"), "6.12.1-b")
    page = page_of(kernel(made(2, 1), "6.1.1-a"), native)
    contains("fidelity", page.text, "the page")
    contains("Figures of 6.1.1-a are " + MARK, page.text, "the page")
    head = next(table[0] for table in page.tables if "BENCH" in table[0])
    check("6.1.1-a, emulated" in head and "6.12.1-b" in head, f"columns: {head}")


@test("every text is escaped, in HTML and in Markdown")
def escaped():
    result = example()
    result["kernel"].update(release="6.1" + HOSTILE, flavour=HOSTILE, cmdline=HOSTILE,
                            config={HOSTILE: HOSTILE}, mitigations={HOSTILE: HOSTILE})
    result["machine"].update(model=HOSTILE, cpu_model=HOSTILE)
    result["environment"].update(warnings=[HOSTILE], governor=HOSTILE)
    result["command"] = ["kbench", HOSTILE]
    result["errors"] = [HOSTILE]
    fate = next(case for case in result["cases"] if case["status"] == "ok")
    skipped = {name: value for name, value in fate.items() if name in (
        "suite", "bench", "params", "phase", "cpus", "cpu_list", "placement", "context", "unit",
        "boot", "load", "flags")}
    result["cases"].append(dict(skipped, bench="other", status="skipped", reason=HOSTILE))
    with Work() as work:
        odd = work.path("a'<b>&.json")
        os.rename(put(work, "plain.json", result), odd)
        for name in ("report.html", "report.md"):
            work.run("report", odd, "-o", work.path(name), "--title", HOSTILE)
        html, markdown = read(work), read(work, "report.md")
        check(not os.path.exists(work.path("x")), "a command was run")
    page = Page(html)
    page.check_contained()
    check(page.text.count(HOSTILE) >= 14, f"only {page.text.count(HOSTILE)} places are as written")
    contains("a'<b>&.json", page.text, "the page")
    for line in markdown.splitlines():
        check(not re.search(r"(^|[^\\])<script", line), f"a tag in Markdown: {line}")
        check(not re.search(r"(^|[^\\])\]\(http", line), f"a link in Markdown: {line}")


@test("control characters do not reach the page")
def control():
    result = example()
    result["environment"]["warnings"] = ["a\x1b[31mb\x7fc\nd"]
    result["kernel"]["version"] = "one\r\ntwo"
    with Work() as work:
        report(work, result, options=["--no-plots"])
        report(work, result, name="report.md")
        for name in ("report.html", "report.md"):
            bad = [char for char in read(work, name) if ord(char) < 32 and char not in "\n\t"]
            same(bad, [], "control characters in " + name)


@test("names that are no UTF-8 are told as far as they can be")
def bad_names():
    with Work() as work:
        odd = os.path.join(os.fsencode(work.dir), b"a\xff.json")
        os.rename(put(work, "0.json", example()), odd)
        work.run("report", os.fsdecode(odd), "-o", work.path("report.html"), "--no-plots",
                 "--title", os.fsdecode(b"t\xfft"))
        page = Page(read(work))
        contains("a?.json", page.text, "the page")
        contains("t\ufffdt", page.text, "the page")


@test("Markdown: the same words, and tables whose columns are aligned as they stand")
def markdown():
    with Work() as work:
        report(work, *two_kernels(), name="report.md")
        text = read(work, "report.md")
    contains("# locks: 6.12.1-new against 6.1.9-old\n", text)
    contains("**2** regressed, **1** improved", text)
    contains("> All figures here are " + MARK, text)
    tables = re.findall(r"(?:^\|.*\|\n)+", text, re.M)
    check(len(tables) >= 5, f"{len(tables)} tables")
    for table in tables:
        lines = table.splitlines()
        same({len(line) for line in lines}, {len(lines[0])}, "widths of lines")
        check(re.fullmatch(r"(\| [:-]-+[:-] ?)+\|", lines[1]), lines[1])
    first = next(line for line in text.splitlines() if line.startswith("| locks/mutex, 8 CPUs"))
    contains("regressed", first)


def pictures(*results):
    """Pairs of what stands beside a picture of the page of @results and its texts."""
    page = page_of(*results, options=[])
    found = []
    for image in page.images:
        kind, data = image["src"].split(",", 1)
        same(kind, "data:image/svg+xml;base64", "kind of picture")
        svg = xml.dom.minidom.parseString(base64.b64decode(data, validate=True))
        same(svg.documentElement.tagName, "svg", "picture")
        texts = [node.data.strip() for text in svg.getElementsByTagName("text")
                 for part in [text, *text.getElementsByTagName("tspan")]
                 for node in part.childNodes if node.nodeType == node.TEXT_NODE]
        found.append((image["alt"], " ".join(texts)))
    check(found, "no picture")
    return found


@test("plots are in the page, of each kind of result what shows it; emulated ones say so")
def plots():
    three = [kernel(made(4, 1 + number / 10, seed=number), f"6.{number}.1-x")
             for number in (1, 2, 3)]
    for results, wanted in (([example()], ["what one operation costs"]),
                            ([swept()], ["how the cost grows"]),
                            ([swept("tcg")], ["how the cost grows"]),
                            ([paired()], ["what each pair of CPUs costs"]),
                            ([timed()], ["what so many of the operations stay below",
                                         "how many operations took how long"]),
                            (two_kernels(), ["6.12.1-new against 6.1.9-old: ratios"]),
                            (three, ["against 6.1.1-x: ratios", "from kernel to kernel"])):
        emulated = results[0]["environment"]["fidelity"] == "tcg"
        found = pictures(*results)
        for words in wanted:
            check(any(words in alt for alt, _ in found), f"no {words!r} in {found}")
        for alt, texts in found:
            same(MARK in alt, emulated, f"{alt}: marked beside the plot")
            same(MARK in texts, emulated, f"{alt}: marked in the plot")


@test("a plot with room for some cases says how many it does not show, not how to turn the page")
def room():
    result = many(100, 1)
    for number, case in enumerate(result["cases"]):
        case.update(suite="locks", bench=f"bench_{number}", params={})
    texts = " ".join(texts for _, texts in pictures(result))
    contains(" of 100 cases not shown: the table has all", texts)
    check("--page" not in texts and "page 1" not in texts, f"a page to turn over: {texts}")


@test("without gnuplot the report is written, without plots, and a note says so")
def no_gnuplot():
    with Work() as work:
        os.mkdir(work.path("empty"))
        path = put(work, "0.json", example())
        output = work.run("report", path, "-o", work.path("report.html"),
                          env={"PATH": work.path("empty")})
        contains("gnuplot", output.one_error())
        page = Page(read(work))
        contains("There are no plots: gnuplot is missing", page.text, "the page")
        same(page.images, [], "pictures")
        work.run("report", path, "-o", work.path("report.md"), env={"PATH": work.path("empty")})


@test("pairs of CPUs: the nearest and the farthest; latencies: their percentiles")
def pairs_and_latencies():
    page = page_of(paired())
    contains("nearest cache/handover, CPUs 0,1, 60.12 ns; farthest", page.text, "the page")
    result = timed()
    page = page_of(result)
    by_bench = {case["bench"]: case["histogram"] for case in result["cases"]}
    same(page.column("P99.9")[-1].split()[1] in ("ns", "us"), True, "unit")
    same(len(page.column("P99.9")), len(by_bench), "cases with latencies")
    slowest = max(by_bench, key=lambda bench: by_bench[bench]["p99_9"] / by_bench[bench]["p50"])
    contains(f"of locks/{slowest}, 2 CPUs one operation in 1000 takes", page.text, "the page")


@test("counters are ranked by cost, on each number of CPUs")
def ranked():
    result = swept()
    for case in result["cases"]:
        case["suite"] = "counters"
    page = page_of(result)
    rows = list(zip(page.column("CPUS"), page.column("RATIO"), page.column("BENCH")))
    same([int(cpus) for cpus, _, _ in rows], sorted(int(cpus) for cpus, _, _ in rows), "CPUs")
    for cpus in ("1", "2", "4", "8"):
        ratios = [float(ratio) for one, ratio, _ in rows if one == cpus]
        same(ratios[0], 1.0, "the cheapest")
        same(ratios, sorted(ratios), "the order")
    contains("counters/mutex, 8 CPUs: 12.9 times what it costs on 1", page.text, "the page")


@test("one case")
def one_case():
    result = example()
    result["cases"] = [case for case in result["cases"] if case["bench"] == "mutex"]
    page = page_of(result)
    same(page.column("BENCH"), ["mutex"], "cases")
    contains("1 case of locks", page.text, "the page")


@test("one CPU is not called CPUs")
def one_cpu():
    result = example()
    result["machine"]["cpus"] = 1
    text = page_of(result).text
    contains(", 1 CPU; target", text)
    check("1 CPUs" not in text, "1 CPUs")


@test("no measured case: one line, exit 2")
def empty():
    result = example()
    result["cases"] = []
    with Work() as work:
        path = put(work, "0.json", result)
        work.bad(USAGE, "report", path, "-o", work.path("report.html"),
                 says=["no measured case", "0.json"])
        check(not os.path.exists(work.path("report.html")), "a report was written")


@test("a result that is given twice, is damaged or is not there: one line, exit 2")
def bad_files():
    with Work() as work:
        path = put(work, "0.json", example())
        html = work.path("report.html")
        work.bad(USAGE, "report", path, path, "-o", html, says="the same result")
        with open(work.path("half.json"), "w", encoding="utf-8") as file:
            file.write(open(path, encoding="utf-8").read()[:3000])
        work.bad(USAGE, "report", work.path("half.json"), "-o", html, says="half.json")
        work.bad(USAGE, "report", work.path("none.json"), "-o", html, says="none.json")
        work.bad(USAGE, "report", "-o", html, says="which results?")
        work.bad(USAGE, "report", path, says="-o report.html")


@test("an ending that is neither .html nor .md, an unknown option: exit 2")
def endings():
    with Work() as work:
        for name in ("report.pdf", "report", "html", "report.html.gz"):
            work.bad(USAGE, "report", EXAMPLE, "-o", work.path(name), says=".html or .md")
        work.bad(USAGE, "report", EXAMPLE, "-o", work.path("a.md"), "--titel", "x", says="--title")


@test("a place that cannot be written: exit 4, before anything is drawn")
def unwritable():
    with Work() as work:
        work.bad(ENVIRONMENT, "report", EXAMPLE, "-o", work.path("no", "report.html"),
                 says="cannot write")
        os.mkdir(work.path("dir.html"))
        work.bad(ENVIRONMENT, "report", EXAMPLE, "-o", work.path("dir.html"), says="dir.html")
        same(sorted(os.listdir(work.dir)), ["dir.html", "tmp"], "files left")


@test("5,000 cases: less than 10 MB, all of them in the page, plots of some")
def large():
    result = many(5000, 1)
    with Work() as work:
        report(work, result, options=[])
        size = os.path.getsize(work.path("report.html"))
        page = Page(read(work))
    page.check_contained()
    check(size < 10e6, f"{size} bytes")
    rows = sum(len(table) - 1 for table in page.tables if "PER OP" in table[0])
    same(rows, 5000, "rows of figures")
    check(len(page.images) <= 24, f"{len(page.images)} pictures")


@test("a directory of results stands for those in it")
def directory():
    with Work() as work:
        os.mkdir(work.path("results"))
        for number, one in enumerate(two_kernels()):
            put(work, f"results/{number}.json", one)
        work.run("report", work.path("results"), "-o", work.path("report.html"), "--no-plots")
        contains("6.12.1-new against 6.1.9-old", Page(read(work)).text, "the page")


main()
