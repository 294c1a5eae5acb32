#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""kbench export against the grammars of its formats: what is written, under which names, and what
is refused."""

import json
import math
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from formats import FIGURES_ONLY, PER_BOOT, READERS, hgrm
from harness import ENVIRONMENT, OK, USAGE, Work, check, contains, main, same, test
from made_exports import counted, histogram, middle, nasty, quantile, variants, without
from made_results import example, made, many, put


def export(form, *results, options=()):
    """What is written of results in files a.json, b.json, ..."""
    with Work() as work:
        paths = [put(work, f"{name}.json", result) for name, result in zip("abcdef", results)]
        return work.run("export", "--format", form, *paths, *options)


def read(form, *results):
    return READERS[form](export(form, *results).out)


def figures(found):
    return [figure for _, figure in found if figure is not None]


def close(got, wanted, what, part=1e-12):
    check(len(got) == len(wanted), f"{what}: {len(got)} figures, wanted {len(wanted)}")
    for one, other in zip(got, wanted):
        check(math.isclose(one, other, rel_tol=part), f"{what}: {one}, wanted {other}")


def released(release, result):
    result["kernel"]["release"] = release
    return result


@test("--help names the formats, and each writes the example, to a file as to standard output")
def each_format():
    with Work() as work:
        path = put(work, "a.json", example())
        named = re.findall(r"^  ([a-z-]+)  +\S", work.run("export", "--help").out, re.M)
        same(named, list(READERS) + ["hgrm"], "formats")
        medians = [case["per_op"]["median"] for case in example()["cases"]]
        for form, reader in READERS.items():
            out = work.run("export", path, "-f", form).out
            check(out.endswith("\n"), f"{form} has no end of line")
            close(sorted(figures(reader(out))), sorted(medians), form,
                  part=1e-2 if form == "markdown" else 1e-12)
            same(work.run("export", path, "-f", form, "-o", "file").out, "", "stdout")
            with open(work.path("file"), encoding="utf-8") as file:
                same(file.read(), out, f"{form} in a file")
            same(sorted(os.listdir(work.dir)), ["a.json", "file", "tmp"], "files")


@test("several results: a kernel's name tells them apart, a number two of one kernel")
def several():
    results = [released(name, made(1, factor)) for name, factor in
               (("6.1-x", 1), ("6.12-x", 2), ("6.1-x", 3))]
    for form in READERS:
        one, all_of = read(form, results[0]), read(form, *results)
        same(len(all_of), 3 * len(one), f"cases in {form}")
        # For benchstat the results of one kernel are samples of one cell.
        same(len({name for name, _ in all_of}), (2 if form == "benchfmt" else 3) * len(one),
             f"names in {form}")
        if form not in ("kcidb", "benchfmt"):
            text = export(form, *results).out
            for kernel in ("6.1-x", "6.12-x", "6.1-x__2_" if form == "lava" else "6.1-x (2)"):
                contains(kernel, text, form)


@test("a number is not that of a kernel whose own name looks numbered")
def numbers():
    results = [released("6.12", made(1, factor)) for factor in (1, 2, 3)]
    results[0]["kernel"]["tree"] = "2"
    for result in results[1:]:
        result["kernel"].pop("tree", None)
    for order in (results, results[1:] + results[:1]):
        for form in set(READERS) - {"benchfmt"}:
            found = read(form, *order)
            same(len({name for name, _ in found}), len(found), f"names in {form}")
        kernels = set(re.findall(r'kernel="(.*?)"', export("prometheus", *order).out))
        same(len(kernels), 3, f"{kernels}")
        check({"6.12", "6.12 (2)"} < kernels, f"{kernels}")


@test("a result that is given twice is written once, with a note")
def twice():
    with Work() as work:
        result = made(2, 1)
        os.mkdir(work.path("d"))
        paths = [put(work, name, result) for name in ("a.json", "d/b.json")]
        for form in READERS:
            one = work.run("export", paths[0], "-f", form)
            both = work.run("export", *paths, "-f", form)
            same(both.out, one.out, form)
            contains("b.json is left out: it is the result", both.err, form)
        same(work.run("export", paths[0], work.path("d"), "-f", "csv").out,
             work.run("export", paths[0], "-f", "csv").out, "with a directory")


@test("benchfmt: nothing but the kernel sets results of one machine apart")
def settings():
    results = [released(name, made(1, 1)) for name in ("6.1", "6.12")]
    results[1].update(started="2026-12-01T00:00:00Z", finished="2026-12-01T00:00:01Z")
    lines = [line for line in export("benchfmt", *results).out.splitlines()
             if re.match(r"[a-z]", line)]
    half = len(lines) // 2
    same([a for a, b in zip(lines[:half], lines[half:]) if a != b], ["kernel: 6.1"], "settings")
    check("fidelity: tcg" in lines, str(lines))


@test("a directory stands for the results in it, and a stranger among them is passed over")
def directory():
    with Work() as work:
        os.mkdir(work.path("d"))
        put(work, "d/a.json", released("6.1", made(1, 1)))
        put(work, "d/b.json", released("6.12", made(1, 1)))
        with open(work.path("d", "c.json"), "w", encoding="utf-8") as file:
            file.write("{}")
        output = work.run("export", work.path("d"), "-f", "csv")
        same({name[0] for name, _ in READERS["csv"](output.out)}, {"6.1", "6.12"}, "kernels")
        contains("c.json is ignored", output.err, "stderr")


@test("phases, parameters, contexts, CPUs and pairs of them make names of their own")
def names():
    result = variants()
    measured = sum(case["status"] == "ok" for case in result["cases"])
    for form in READERS:
        found = read(form, result)
        wanted = measured if form in FIGURES_ONLY else len(result["cases"])
        same(len(found), wanted, f"cases in {form}")
        same(len({name for name, _ in found}), wanted, f"names in {form}")
        same(len(figures(found)), measured, f"figures in {form}")


@test("the same case has the same name whatever was measured beside it")
def stable_names():
    whole, part = variants(), variants()
    part["cases"] = [case for case in part["cases"] if case["cpu_list"] == [0, 3]]
    for form in set(READERS) - {"kcidb"}:    # there a name has the result's identifier
        (name, _), = read(form, part)
        check(name in [other for other, _ in read(form, whole)], f"{form}: {name}")


@test("boots: a line for each where tools take them for samples, else their mean and interval")
def boots():
    result = made(4, lambda case: 1, noise=0.01, only=("mutex",))
    for case, factor in zip(result["cases"], (1, 1.02, 0.98, 1.04)):
        case["per_op"]["median"] = 100 * factor
    logs = [math.log(case["per_op"]["median"]) for case in result["cases"]]
    mean = sum(logs) / 4
    deviation = math.sqrt(sum((value - mean) ** 2 for value in logs) / 3)
    half = 3.182446305 * deviation / 2      # Student's quantile for 3 degrees of freedom
    for form in READERS:
        wanted = [100, 102, 98, 104] if form in PER_BOOT else [math.exp(mean)]
        close(figures(read(form, result)), wanted, form, 1e-3 if form == "markdown" else 1e-12)
    measure = json.loads(export("bmf", result).out).popitem()[1]["latency" if result[
        "environment"]["fidelity"] != "tcg" else "emulated-latency"]
    close([measure["lower_value"], measure["upper_value"]],
          [math.exp(mean - half), math.exp(mean + half)], "interval", 1e-9)


@test("boots without a figure: the case is measured where one boot has one")
def some_boots():
    result = made(2, 1, only=("mutex",))
    result["cases"][0] = without(result["cases"][0], "failed", "timed out")
    median = result["cases"][1]["per_op"]["median"]
    for form in READERS:
        close(figures(read(form, result)), [median], form, 1e-3 if form == "markdown" else 1e-12)


def failures(form, result):
    """Of what is exported: how many cases failed, how many all together do not pass."""
    out = export(form, result).out
    if form == "junit":
        return out.count("<failure "), out.count("<error ")
    if form == "ktap":
        return len(re.findall("^    not ok", out, re.M)), 0
    if form == "lava":
        return out.count(" RESULT=fail"), 0
    if form == "kcidb":
        return [one["status"] for one in json.loads(out)["tests"]].count("ERROR"), 0
    return None


JUDGED = ("junit", "ktap", "lava", "kcidb")


@test("a case that failed in one boot has not passed, though it has figures")
def failed_boots():
    result = made(3, 1, only=("mutex", "semaphore"))
    result["cases"][2] = without(result["cases"][2], "failed", "timed <out>")
    reason = "1 of 3 boots failed: timed "
    for form in JUDGED:
        same(failures(form, result), (1, 0), form)
        same(len(figures(read(form, result))), 2, f"figures in {form}")
        if form != "lava":
            contains(reason, export(form, result).out, form)
    contains("\nnot ok 1 kbench", export("ktap", result).out)
    contains(reason, export("markdown", result).out)
    contains(reason, export("google-benchmark", result).out)
    out = export("prometheus", result).out
    same(sorted(re.findall(r"^kbench_boots_failed.* (\d+)$", out, re.M)), ["0", "1"], "failed")
    contains("timed <out>", export("csv", result).out)
    for form in FIGURES_ONLY:
        contains("1 case failed in some boots", export(form, result).err, form)
    skipped_once = made(2, 1, only=("mutex",))
    skipped_once["cases"][0] = without(skipped_once["cases"][0], "skipped", "no symbol")
    for form in JUDGED:
        same(failures(form, skipped_once), (0, 0), form)


@test("a run that is partial or has errors is an entry that fails in each format with a place")
def broken():
    for told, said in ((dict(status="partial", errors=["guest <died>", "no & more"]),
                        "guest <died>; no & more"),
                       (dict(status="partial"), "the run is partial"),
                       (dict(errors=["odd"]), "odd")):
        result = dict(made(2, 1, only=("mutex",)), **told)
        escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for form in READERS:
            output = export(form, result)
            contains("not complete: " + said, output.err, form)
            found = READERS[form](output.out)
            check(figures(found), f"figures in {form}")
            if form not in FIGURES_ONLY + ("lava", "prometheus"):
                contains(escaped if form in ("junit", "markdown") else said, output.out, form)
            if form in JUDGED:
                same(sum(failures(form, result)), 1, form)
        contains("\nnot ok 1 kbench", export("ktap", result).out)
        check(re.search(r"^kbench_run_complete\{.*\} 0$", export("prometheus", result).out, re.M),
              "gauge")
    out = export("prometheus", made(1, 1)).out
    check(re.search(r"^kbench_run_complete\{.*\} 1$", out, re.M), "gauge of a complete run")


@test("boots whose interval no number can hold: the case is named")
def beyond_numbers():
    result = made(2, 1, only=("mutex", "semaphore"))
    for case, median in zip([case for case in result["cases"] if case["bench"] == "mutex"],
                            (1e-300, 1e300)):
        case["per_op"]["median"] = median
    with Work() as work:
        path = put(work, "a.json", result)
        for form in READERS:
            work.bad(USAGE, "export", path, "-f", form, says=["boots of locks/mutex/cs=0",
                                                             "give a file"])
        work.run("export", path, "-f", "bmf", "-c", "locks/semaphore cs=0 8 CPUs")


@test("JUnit: what is no time is no timestamp")
def timestamps():
    for started, wanted in (("2026-11-25T10:38:38Z", "2026-11-25T10:38:38"),
                            ("2026-11-25T10:38:38.5Z", "2026-11-25T10:38:38"),
                            ("2026-11-25T10:38:3\u00e9Z", None), ("\u00e9" * 30, None),
                            ("2026-11-25", None), ("", None)):
        out = export("junit", dict(made(1, 1), started=started)).out
        READERS["junit"](out)
        same(set(re.findall('timestamp="(.*?)"', out)), {wanted} - {None}, started)


@test("instructions are never seconds, nor under the names of times")
def instructions():
    result = counted(boots=2)
    # The last digit of a count is as good as the first.
    for case in result["cases"]:
        case["per_op"].update(median=27.0625, mean=27.0625, min=27.0)
    for form in READERS:
        for figure in figures(read(form, result)):
            same(round(figure, 4), 27.0625, f"figure in {form}")
    contains(" 27.0625 insns/op\n", export("benchfmt", result).out)
    check("kbench_op_seconds" not in export("prometheus", result).out, "seconds")
    check("latency" not in export("bmf", result).out, "latency")
    contains("UNITS=insn MEASUREMENT=27.0625>", export("lava", result).out)
    number = json.loads(export("kcidb", result).out)["tests"][0]["number"]
    same(number, {"value": 27.0625, "unit": "instructions"}, "number")


@test("what was emulated says so in every format")
def fidelity():
    for word, result in (("tcg", made(1, 1, fidelity="tcg")), ("icount", counted())):
        for form in READERS:
            found = export(form, result).out
            contains({"bmf": "emulated-latency" if word == "tcg" else "instructions"}.get(
                form, word), found, form)
    native = made(1, 1, fidelity="native")
    contains('"latency"', export("bmf", native).out)
    for form in READERS:
        check("functional only" not in export(form, native).out, form)


@test("what was skipped or failed is said, with its reason, where a format can")
def skipped():
    result = variants()
    for form in set(READERS) - set(FIGURES_ONLY):
        found = read(form, result)
        same(len(found) - len(figures(found)), 2, f"cases without figure in {form}")
        if form != "lava":
            contains("no such symbol", export(form, result).out, form)
            contains("timed out", export(form, result).out, form)
    for form in FIGURES_ONLY:
        contains("left out: 2 cases without figures", export(form, result).err, form)
    contains("absent/cs=0/think=0/context=process/cpus=8 # SKIP no such", export("ktap", result).out)
    contains("not ok ", export("ktap", result).out)
    statuses = [entry["status"] for entry in json.loads(export("kcidb", result).out)["tests"]]
    same(statuses.count("SKIP"), 1, "SKIP")
    same(statuses.count("ERROR"), 1, "ERROR")


@test("names with the characters of HTML, XML, shells and quoting break no format")
def escaped():
    plain, result = variants(fidelity="tcg"), nasty()
    for form in READERS:
        out = export(form, result).out
        same(len(READERS[form](out)), len(read(form, plain)), f"cases in {form}")
        if form not in ("kcidb", "google-benchmark", "bmf"):    # JSON has escapes for all of it
            check("\x01" not in out and "\t" not in out, f"control characters in {form}")
    longest = variants()
    longest["cases"][0]["context"] = "long" * 1000
    for form in READERS:
        same(len(read(form, longest)), len(read(form, plain)), f"cases in {form}")
    check("<b>" not in export("markdown", result).out, "HTML in Markdown")
    rows = READERS["csv"](export("csv", result).out)
    contains("\"'<b>&amp;|`$(id)`;", rows[0][0][0], "kernel in CSV")


@test("a list of CPUs has numbers, and is no way for text into any format")
def foreign_cpus():
    result = variants()
    pair, = [case for case in result["cases"] if case["cpu_list"] == [0, 3]]
    pair["cpu_list"] = [0, "3\"} 1\n<cpu>"]
    with Work() as work:
        path = put(work, "a.json", result)
        for form in READERS:
            output = work.run("export", path, "-f", form, exit=(OK, USAGE))
            check("<cpu>" not in output.out, form)
            if output.exit == USAGE:
                contains("cpu_list", output.err, form)


@test("results of other backends, targets and machines share no series and no benchmark")
def told_apart():
    def other(where, **members):
        result = made(1, 1, only=("mutex",))
        result[where].update(members)
        return result

    others = [other("machine"), other("environment", backend="bpf"),
              other("environment", target="host"), other("machine", model="board"),
              other("machine", fingerprint="0123456789abcdef")]
    names = {read("prometheus", result)[0][0] for result in others}
    same(len(names), len(others), f"series {names}")
    for form in ("kbench_boots_failed", "kbench_run_complete"):
        lines = [re.search(form + r"\{.*\}", export("prometheus", result).out)[0]
                 for result in others]
        same(len(set(lines)), len(others), form)
    names = [read("bmf", result)[0][0] for result in others]
    same(names[1], names[0] + "/backend=bpf", "name")
    same(len(set(names)), 2, "names")


@test("5,000 cases, in every format")
def large():
    result = many(5000, 1)
    with Work() as work:
        path = put(work, "a.json", result)
        for form, reader in READERS.items():
            same(len(reader(work.run("export", path, "-f", form).out)), 5000, form)


COUNTS = [{10: 5, 127: 900, 130: 80, 400: 14, 1983: 1}, {10: 500, 900: 3, 128: 1000}]


def latencies(*histograms):
    result = made(len(histograms), 1, only=("mutex",))
    for case, one in zip(result["cases"], histograms):
        case["histogram"] = one
    return result


@test("hgrm: percentiles of the histogram, as its buckets have them")
def distribution():
    one = histogram(COUNTS[0])
    rows, sums = hgrm(export("hgrm", latencies(one)).out)
    total = sum(COUNTS[0].values())
    same(rows[-1][2], total, "operations")
    for value, part, count, _ in rows[:-1]:
        close([value], [quantile(COUNTS[0], part, total) * 0.5], f"at {part}", 1e-3)
        check(count >= part * total, f"{count} at {part}")
    check(len(rows) > 20 and rows[1][1] == 0.1, f"rows: {rows[:3]}")
    close([rows[-1][0]], [one["max"]], "maximum", 1e-9)
    mean = sum(middle(i) * 0.5 * n for i, n in COUNTS[0].items()) / total
    close([float(sums["Mean"])], [mean], "mean", 1e-6)


@test("hgrm: boots are taken together, each with its own clock; ops beyond all buckets count")
def merged():
    one, other = histogram(COUNTS[0]), histogram(COUNTS[1], resolution=0.25, beyond=2)
    rows, _ = hgrm(export("hgrm", latencies(one, other)).out)
    values = sorted([middle(i) * 0.5 for i, n in COUNTS[0].items() for _ in range(n)] +
                    [middle(i) * 0.25 for i, n in COUNTS[1].items() for _ in range(n)] +
                    [other["max"]] * 2)
    same(rows[-1][2], len(values), "operations")
    for value, part, _, _ in rows[:-1]:
        close([value], [values[max(math.ceil(part * len(values)) - 1, 0)]], f"at {part}", 2e-3)
    del one["buckets"]
    rows, _ = hgrm(export("hgrm", latencies(one)).out)
    same([row[0] for row in rows if row[1] in (0.5, 1)],
         [round(one["p50"], 3), round(one["max"], 3)], "of percentiles alone")


@test("hgrm: a file holds one case; a directory takes all, and --case chooses")
def one_case():
    result = made(1, 1, only=("mutex", "semaphore", "spin_lock"))
    for case in result["cases"][:2]:
        case["histogram"] = histogram(COUNTS[0])
    with Work() as work:
        path = put(work, "a.json", result)
        work.bad(USAGE, "export", "-f", "hgrm", path, says=["one case", "2 have", "--case"])
        os.mkdir(work.path("d"))
        work.run("export", "-f", "hgrm", path, "-o", "d")
        files = sorted(os.listdir(work.path("d")))
        same(len(files), 2, f"{files}")
        with open(work.path("d", files[0]), encoding="utf-8") as file:
            text = file.read()
        contains("#[Case = locks/mutex/cs=0", text)
        contains("#[Fidelity = tcg", text)
        out = work.run("export", "-f", "hgrm", path, "--case", "locks/mutex cs=0 8 CPUs").out
        same(out, text, "the case")
        os.mkdir(work.path("locked"), mode=0o500)
        if os.geteuid():
            work.bad(ENVIRONMENT, "export", "-f", "hgrm", path, "-o", "locked", says="locked")
        work.bad(USAGE, "export", "-f", "hgrm", path, "-c", "locks/semaphore",
                 says=["no case has a histogram", "--latency"])
        work.bad(USAGE, "export", "-f", "csv", path, "-c", "locks/nothing",
                 says="have no case 'locks/nothing', but")


@test("hgrm: each case has a file of its own in a directory, whatever its kernel's name")
def case_files():
    results = []
    for release in ("6.1-a_b", "6.1-a/b", "6.1-a b", "6.1-a_b-2"):
        results.append(released(release, latencies(histogram(COUNTS[0]))))
    with Work() as work:
        paths = [put(work, f"{number}.json", one) for number, one in enumerate(results)]
        os.mkdir(work.path("d"))
        work.run("export", "-f", "hgrm", *paths, "-o", "d")
        kernels = set()
        for name in os.listdir(work.path("d")):
            with open(work.path("d", name), encoding="utf-8") as file:
                kernels.add(re.search(r"#\[Kernel = (.*)\]", file.read())[1])
        same(len(kernels), len(results), f"{kernels}")
        broken = latencies(histogram(COUNTS[0]))
        broken["cases"][0]["histogram"]["count"] = 7
        os.mkdir(work.path("e"))
        work.bad(USAGE, "export", "-f", "hgrm", *paths, put(work, "z.json", broken), "-o", "e",
                 says=["histogram of locks/mutex", "give a file"])


@test("hgrm: a histogram that is not what the schema says is refused")
def damaged_histogram():
    def with_buckets(**members):
        one = histogram(COUNTS[0])
        one["buckets"].update(members)
        return one

    for one in (with_buckets(count=[1, 2]), with_buckets(index=["x", 1, 2, 3, 4]),
                with_buckets(index=[-1, 127, 130, 400, 1983]),
                with_buckets(index=[10, 127, 130, 400, 1984]),
                with_buckets(count=[5, 900, 80, 14, 2 ** 62]),
                with_buckets(count=[5, 900, 80, 14, 2]), dict(histogram(COUNTS[0]), count=7),
                dict(histogram(COUNTS[0]), resolution=0), dict(histogram(COUNTS[0]), buckets=[])):
        with Work() as work:
            work.bad(USAGE, "export", "-f", "hgrm", put(work, "a.json", latencies(one)),
                     says=["histogram of locks/mutex", "give a file"])


@test("hgrm: more operations than can be told apart are refused; as many as can are written")
def huge_histogram():
    def of(*counts):
        index = list(range(10, 10 + len(counts)))
        return dict(histogram(dict(zip(index, counts))), max=99.0)

    alone = dict(of(1), count=2 ** 63 - 1)
    del alone["buckets"]
    for histograms in ((of(2 ** 55, 1),), (of(2 ** 62, 2 ** 62 - 1),), (of(2 ** 50, 1),), (alone,),
                       (of(2 ** 49), of(2 ** 49 + 1)), (dict(of(1), beyond=2 ** 62),)):
        with Work() as work:
            work.bad(USAGE, "export", "-f", "hgrm", put(work, "a.json", latencies(*histograms)),
                     says=["histogram of locks/mutex", "more than 2^50 operations"])
    lines = export("hgrm", latencies(of(2 ** 50 - 1, 1))).out.splitlines()
    same(len([line for line in lines if line.endswith(f" {2 ** 50}")]), 1, "lines of all")
    check(200 < len(lines) < 300, f"{len(lines)} lines")


@test("bad arguments and files: one line that says what is wrong")
def refused():
    with Work() as work:
        path = put(work, "a.json", example())
        work.bad(USAGE, "export", path, says=["which format", "--format"])
        work.bad(USAGE, "export", "-f", "csv", says=["which results"])
        work.bad(USAGE, "export", path, "-f", "junitt", says=["junitt", "did you mean junit?"])
        work.bad(USAGE, "export", path, "-f", "parquet", says=["parquet", "benchfmt, google"])
        work.bad(USAGE, "export", "no.json", "-f", "csv", says="no.json")
        with open(work.path("cut.json"), "w", encoding="utf-8") as file:
            file.write(json.dumps(example())[:5000])
        work.bad(USAGE, "export", path, "cut.json", "-f", "csv", says=["cut.json", "cut short"])
        work.bad(USAGE, "export", path, put(work, "b.json", dict(example(), cases=[3])), "-f",
                 "csv", says=["b.json", "cases[0]"])
        os.mkdir(work.path("empty"))
        work.bad(USAGE, "export", "empty", "-f", "csv", says=["no result", "empty"])


@test("output that cannot be written: exit 4, and nothing is left")
def not_writable():
    with Work() as work:
        path = put(work, "a.json", example())
        work.bad(ENVIRONMENT, "export", path, "-f", "csv", "-o", "no/such", says="no/such")
        work.bad(ENVIRONMENT, "export", path, "-f", "csv", "-o", "tmp", says="tmp")
        for form in ("csv", "hgrm"):
            work.bad(ENVIRONMENT, "export", path, "-f", form, "-o", "newdir/",
                     says=["there is no directory newdir/", "mkdir"])
        work.bad(ENVIRONMENT, "export", path, "-f", "csv", "-o", "/dev/full", says="/dev/full")
        same(sorted(os.listdir(work.dir)), ["a.json", "tmp"], "files")
        run = work.run("-c", '"$0" export "$1" -f csv >/dev/full', os.path.join(
            os.path.dirname(work.env()["XDG_CACHE_HOME"]), "..", "kbench"), path,
            program="/bin/sh", exit=ENVIRONMENT)
        contains("standard output", run.err, "stderr")


@test("no case, or none with a figure: said in a line, unless the format can say why")
def nothing():
    nobody, all_skipped = example(), example()
    nobody["cases"] = []
    all_skipped["cases"] = [without(case, "skipped", "no such symbol")
                            for case in all_skipped["cases"]]
    with Work() as work:
        paths = [put(work, "a.json", nobody), put(work, "b.json", all_skipped)]
        for form in READERS:
            work.bad(USAGE, "export", paths[0], "-f", form, says=["no case", "a.json"])
            if form in FIGURES_ONLY:
                work.bad(USAGE, "export", paths[1], "-f", form,
                         says=["no case was measured", "b.json", "csv"])
            else:
                found = READERS[form](work.run("export", paths[1], "-f", form, exit=OK).out)
                same(figures(found), [], f"figures in {form}")
                same(len(found), len(all_skipped["cases"]), f"cases in {form}")


if __name__ == "__main__":
    main()
