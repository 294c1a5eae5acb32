# SPDX-License-Identifier: GPL-2.0
"""Readers of what kbench export writes, by the grammars that the formats' makers publish.

Each takes the whole text, checks it, and gives pairs: what tells a case from all others, its kernel
included, and its figure in ns or instructions, None where it has none. Where a format has a line
for each boot there is a pair for each.
"""

import csv
import io
import json
import re
import xml.etree.ElementTree

import jsonschema

from harness import check, same

# golang.org/design/14313-benchmark-format: keys begin small, and have neither blanks nor capitals.
SETTING = re.compile(r"([a-z][^\sA-Z:]*):(?: (.*))?")
BENCHMARK = re.compile(r"(Benchmark(?![a-z])\S*) ([0-9]+) (\S+) (\S+)")
UNIT = re.compile(r"Unit (\S+)((?: [a-z]+=[a-z]+)+)")


def benchfmt(text):
    settings, units, found = {}, {}, []
    for line in text.splitlines():
        if unit := UNIT.fullmatch(line):
            units[unit[1]] = unit[2].split()
        elif setting := SETTING.fullmatch(line):
            settings[setting[1]] = setting[2] or ""
        elif line:
            match = BENCHMARK.fullmatch(line)
            check(match, f"no line of benchfmt: {line!r}")
            check(match[4] in units and int(match[2]) > 0, line)
            check(not re.search(r"-[0-9]+$", match[1]), f"taken for a number of CPUs: {line}")
            found.append(((settings["kernel"], match[1]), float(match[3])))
    same(units.get("insns/op"), ["better=lower", "assume=exact"], "unit of counts")
    return found


def google_benchmark(text):
    document = json.loads(text)
    context, seen = document["context"], {}
    same(context["json_schema_version"], 1, "schema")
    for name in ("date", "host_name", "num_cpus", "mhz_per_cpu", "caches", "load_avg",
                 "library_build_type"):
        check(name in context, f"context has no {name}")
    for entry in document["benchmarks"]:
        same(entry["run_type"], "iteration", "run_type")
        same(entry["time_unit"], "ns", "time_unit")
        same(entry["real_time"], entry["cpu_time"], "times")
        same(entry["repetition_index"], seen.get(entry["name"], 0), "repetition")
        seen[entry["name"]] = entry["repetition_index"] + 1
        same("instructions" in entry, entry["name"].endswith("/instructions"), entry["name"])
    for entry in document["benchmarks"]:
        same(entry["repetitions"], seen[entry["name"]], "repetitions")
    return [(entry["name"], entry["real_time"]) for entry in document["benchmarks"]] + \
        [(entry["name"], None) for entry in context["without_figures"]]


RESULT = re.compile(r"( *)(ok|not ok) ([0-9]+) ([^#]+?)(?: # SKIP (.+))?")
PLAN = re.compile(r"( *)1\.\.([0-9]+)")
FIGURES = re.compile(r" *# (\S+): per_op=(\S+) low=\S+ high=\S+ unit=(ns|insn) boots=[0-9]+.*")


def ktap(text):
    """Version 1, docs.kernel.org/dev-tools/ktap.html: every plan is kept, on each level."""
    found, figures, names, left, number = [], {}, [], [], []
    lines = text.splitlines()
    same(lines[0], "KTAP version 1", "first line")
    for line in lines:
        if header := re.fullmatch(r" *# Subtest: (.*)", line):
            names.append(header[1])
        elif plan := PLAN.fullmatch(line):
            same(len(plan[1]), 2 * len(left), f"indentation of {line!r}")
            left.append(int(plan[2]))
            number.append(0)
        elif figure := FIGURES.fullmatch(line):
            figures[figure[1]] = float(figure[2])
        elif result := RESULT.fullmatch(line):
            while len(result[1]) < 2 * (len(left) - 1):
                same(left.pop(), number.pop(), f"tests before {line!r}")
            number[-1] += 1
            same(int(result[3]), number[-1], f"number of {line!r}")
            if len(left) < 3:
                same(result[4], names.pop(), "name of a subtest")
            else:
                found.append((tuple(names) + (result[4],), figures.pop(result[4], None)))
        else:
            check(re.fullmatch(r" *(# .*|KTAP version 1)", line), f"no line of KTAP: {line!r}")
    same((left, number), ([number[0]], left), "tests")
    same(figures, {}, "figures of no test")
    return found


def lava(text):
    found, kernel = [], None
    for line in text.splitlines():
        match = re.fullmatch(r"<LAVA_SIGNAL_(TESTSET|TESTCASE) ([^>]+)>", line)
        check(match, f"no signal: {line!r}")
        words = match[2].split()
        if match[1] == "TESTSET":
            same(len(words), 2 if words[0] == "START" else 1, line)
            kernel = words[-1]
            continue
        fields = dict(word.split("=") for word in words)
        check(not re.search(r"[^A-Za-z0-9_.-]", fields["TEST_CASE_ID"]), line)
        check("MEASUREMENT" in fields or fields["RESULT"] != "pass", line)
        check("MEASUREMENT" not in fields or fields["RESULT"] != "skip", line)
        check(fields["RESULT"] in ("pass", "skip", "fail"), line)
        check(fields.get("UNITS", "ns") in ("ns", "insn"), line)
        figure = fields.get("MEASUREMENT")
        found.append(((kernel, fields["TEST_CASE_ID"]), figure and float(figure)))
    return found


ID = {"type": "string", "pattern": r"^[a-z0-9_]+:[^\0]*$"}
TEXT = {"type": "string", "pattern": r"^[^\0]*$"}
ORIGIN = {"type": "string", "pattern": "^[a-z0-9_]+$"}


def an_object(required, **properties):
    return {"type": "object", "properties": properties, "required": required,
            "additionalProperties": False}


# Of KCIDB's schema 5.3 what kbench writes: nothing else may be there.
KCIDB = an_object(
    ["version", "checkouts", "builds", "tests"],
    version=an_object(["major", "minor"], major={"const": 5}, minor={"const": 3}),
    checkouts={"type": "array", "items": an_object(
        ["id", "origin"], id=ID, origin=ORIGIN, comment=TEXT, valid={"type": "boolean"})},
    builds={"type": "array", "items": an_object(
        ["checkout_id", "id", "origin"], checkout_id=ID, id=ID, origin=ORIGIN, comment=TEXT,
        architecture={"type": "string", "pattern": "^[a-z0-9_]*$"}, compiler=TEXT,
        config_name=TEXT)},
    tests={"type": "array", "items": an_object(
        ["build_id", "id", "origin"], build_id=ID, id=ID, origin=ORIGIN, comment=TEXT,
        environment=an_object([], comment=TEXT, misc={"type": "object"}),
        path={"type": "string", "pattern": r"^([a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*)?$"},
        status={"enum": ["FAIL", "ERROR", "MISS", "PASS", "DONE", "SKIP"]},
        number=an_object(["value"], value={"type": "number"}, unit=TEXT,
                         prefix={"enum": ["metric", "binary"]}),
        start_time={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
        misc={"type": "object"})})


def kcidb(text):
    document = json.loads(text)
    jsonschema.validate(document, KCIDB)
    same([build["checkout_id"] for build in document["builds"]],
         [checkout["id"] for checkout in document["checkouts"]], "checkouts")
    builds = {build["id"] for build in document["builds"]}
    found = []
    for entry in document["tests"]:
        check(entry["build_id"] in builds, entry["build_id"])
        check(entry["path"].startswith("kbench."), entry["path"])
        number = entry.get("number")
        same(entry["status"] == "DONE", number is not None and "reason" not in entry["misc"],
             entry["status"])
        scale = 1e9 if number and number["unit"] == "s" else 1
        found.append((entry["id"], number and number["value"] * scale))
    return found


# bencher.dev/bmf.json
BMF = {"type": "object", "additionalProperties": {
    "type": "object", "minProperties": 1, "additionalProperties": an_object(
        ["value"], value={"type": "number"}, lower_value={"type": "number"},
        upper_value={"type": "number"})}}


def no_twins(pairs):
    names = [name for name, _ in pairs]
    same(len(set(names)), len(names), "members of an object")
    return dict(pairs)


def bmf(text):
    document = json.loads(text, object_pairs_hook=no_twins)
    jsonschema.validate(document, BMF)
    found = []
    for name, measures in document.items():
        measure = next(iter(measures.values()))
        found.append((name, measure["value"]))
    return found


SAMPLE = re.compile(r'([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (\S+)')


def prometheus(text):
    """Its text format; samples of a metric stand together, and no two have the same labels."""
    found, seen, metric, done = [], set(), None, set()
    for line in text.splitlines():
        if line.startswith("# HELP "):
            metric = line.split()[2]
            check(metric not in done, f"{metric} comes twice")
            done.add(metric)
        elif line.startswith("# TYPE "):
            same(line, f"# TYPE {metric} gauge", "type")
        else:
            sample = SAMPLE.fullmatch(line)
            check(sample, f"no sample: {line!r}")
            same(sample[1], metric, "metric")
            check((metric, sample[2]) not in seen, f"twice: {line}")
            seen.add((metric, sample[2]))
            scale = {"kbench_op_seconds": 1e9, "kbench_op_instructions": 1}.get(metric)
            if scale:
                found.append((sample[2], float(sample[3]) * scale))
            elif metric == "kbench_case_without_figures":
                found.append((sample[2], None))
    return found


def read_csv(text):
    rows = list(csv.reader(io.StringIO(text), strict=True))
    same({len(row) for row in rows}, {len(rows[0])}, "cells in a row")
    rows = [dict(zip(rows[0], row)) for row in rows[1:]]
    return [(tuple(row[name] for name in ("kernel", "suite", "bench", "phase", "params", "context",
                                          "cpus", "cpu_list")),
             float(row["median"]) if row["median"] else None) for row in rows]


def junit(text):
    root, found = xml.etree.ElementTree.fromstring(text), []
    for suite in root:
        cases = suite.findall("testcase")
        for name, element in (("tests", "testcase"), ("skipped", "testcase/skipped"),
                              ("failures", "testcase/failure"), ("errors", "testcase/error")):
            same(int(suite.get(name)), len(suite.findall(element)), name)
        for case in cases:
            said = case.findtext("system-out")
            figure = said and float(re.search(r"^per_op=(\S+)", said, re.M)[1])
            found.append(((suite.get("name"), case.get("classname"), case.get("name")), figure))
    same(int(root.get("tests")), len(found), "tests")
    return found


FIGURE = re.compile(r"([0-9.]+) (ns|us|ms|s|insn)(?: \([0-9.]+ to [0-9.]+\))?(?:, \d+ boots)?"
                    r"(?:, \d+ of \d+ boots failed: .+)?")
UNITS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "insn": 1}


def markdown(text):
    """A table of GitHub's: "|" ends a cell unless a backslash stands before it."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines()
            if line.startswith("|")]
    same({len(row) for row in rows}, {len(rows[0])}, "cells in a row")
    found = []
    for row in rows[2:]:
        for kernel, cell in zip(rows[0][1:], row[1:]):
            figure = FIGURE.fullmatch(cell.strip())
            check(figure or re.match(" (skipped|failed): | *$", cell), f"no figure: {cell!r}")
            if cell.strip():
                found.append(((kernel.strip(), row[0].strip()),
                              float(figure[1]) * UNITS[figure[2]] if figure else None))
    return found


HGRM = re.compile(r" *([0-9.]+) ([01]\.[0-9]{12}) +([0-9]+)(?: +([0-9.]+))?")
HGRM_HEAD = r" +Value +Percentile TotalCount 1/\(1-Percentile\)"


def hgrm(text):
    """HdrHistogram's percentile distribution: rows of value, percentile and count, and its sums."""
    lines = text.splitlines()
    check(re.fullmatch(HGRM_HEAD, lines[0]) and not lines[1], f"head: {lines[:2]}")
    rows = [HGRM.fullmatch(line) for line in lines[2:] if not line.startswith("#[")]
    check(all(rows), "rows")
    rows = [(float(row[1]), float(row[2]), int(row[3]), row[4]) for row in rows]
    for before, row in zip(rows, rows[1:]):
        check(row[0] >= before[0] and row[1] > before[1] and row[2] >= before[2],
              f"{before}, then {row}")
    for value, part, _, inverse in rows:
        same(inverse is None, part == 1, f"last column of {value}")
        check(part == 1 or abs(float(inverse) - 1 / (1 - part)) < 0.01 * float(inverse), inverse)
    same(rows[-1][1], 1.0, "last percentile")
    sums = dict(re.findall(r"(?:#\[|, )(\w[\w ]*?) *= *([^\],]+)", text))
    same(int(sums["Total count"]), rows[-1][2], "count")
    same(float(sums["Max"]), rows[-1][0], "maximum")
    return rows, sums


def failing(name, reader):
    """What a parser finds wrong is a failed test, and not the end of all tests."""
    def read(text):
        try:
            return reader(text)
        except (csv.Error, jsonschema.ValidationError,
                xml.etree.ElementTree.ParseError) as error:
            raise AssertionError(f"{name}: {str(error)[:500]}") from error
    return read


READERS = {name: failing(name, reader) for name, reader in (
    ("benchfmt", benchfmt), ("google-benchmark", google_benchmark), ("ktap", ktap), ("lava", lava),
    ("kcidb", kcidb), ("bmf", bmf), ("prometheus", prometheus), ("csv", read_csv),
    ("junit", junit), ("markdown", markdown))}

# One line or entry for each boot; and those that have no place for what was not measured.
PER_BOOT = ("benchfmt", "google-benchmark", "csv")
FIGURES_ONLY = ("benchfmt", "bmf")
