# SPDX-License-Identifier: GPL-2.0
"""Results for the tests of kbench export: all that tells cases apart, and all that may befall them."""

import copy

from made_results import made

# Each stands for something in one of the formats, or in HTML, XML, a shell.
NASTY = "6.1\"'<b>&amp;|`$(id)`;{x}\\n\\#[y](z) a=b/c,d\té \uffff\x01\n-v*_~@"


def counted(factor=1, boots=1, **environment):
    return made(boots, factor, unit="insn", noise=0, fidelity="icount", **environment)


def without(case, status, reason):
    """The case as it stands in a result when it was skipped or failed."""
    gone = ("ops", "per_op", "fixed", "overhead_per_op", "throughput_ops_s", "fairness", "per_cpu",
            "worker_bytes", "warmup", "histogram")
    return dict({name: value for name, value in case.items() if name not in gone},
                status=status, reason=reason, flags=[])


def variants(boots=1, **environment):
    """Cases that differ in one thing each; of the last two there are no figures."""
    result = made(boots, 1, only=("mutex",), **environment)
    cases = []
    for mutex in result["cases"]:
        pairs = [dict(mutex, bench="handover", cpus=2, cpu_list=pair, placement="pair")
                 for pair in ([0, 1], [0, 3], [1, 3])]
        cases += [mutex, dict(mutex, phase="lock"), dict(mutex, phase="unlock"),
                  dict(mutex, params={"cs": 1, "think": 0}), dict(mutex, params={"cs": -1}),
                  dict(mutex, context="irq-off"), dict(mutex, cpus=4, cpu_list=[0, 1, 2, 3]),
                  dict(mutex, suite="mutex", bench="locks"),
                  dict(mutex, suite=".a.", bench="-.b", params={"..": 0}, context=""), *pairs,
                  without(dict(mutex, bench="absent"), "skipped", "no such symbol: # <x> & \"y\""),
                  without(dict(mutex, bench="broken"), "failed", "timed out | after 10 s")]
    result["cases"] = copy.deepcopy(cases)
    return result


def nasty():
    """Names that anybody may have written into a file."""
    result = variants(fidelity="tcg")
    result["kernel"].update(release=NASTY, compiler=NASTY, flavour=NASTY, tree="tree" + NASTY)
    result["machine"].update(arch=NASTY, model=NASTY, cpu_model=NASTY)
    result["environment"].update(backend="lkm" + NASTY, target=NASTY)
    for case in result["cases"]:
        case["context"] = case["context"] + NASTY
        case["flags"] = ["few" + NASTY]
        if case["status"] != "ok":
            case["reason"] += NASTY
    return result


def histogram(counts, resolution=0.5, beyond=0):
    """As in a result, of @counts by bucket; the slowest op is a little above its bucket's middle."""
    total = sum(counts.values()) + beyond
    slowest = middle(max(counts)) * resolution * 1.001 if not beyond else 2 ** 36 * resolution + 1
    result = {"count": total, "max": slowest, "max_at": 1.0, "max_cpu": 0,
              "resolution": resolution, "beyond": beyond, "backward": 0, "sub_buckets": 64,
              "buckets": {"index": sorted(counts), "count": [counts[i] for i in sorted(counts)]},
              "per_cpu": []}
    for name, part in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99_9", 0.999)):
        result[name] = min(quantile(counts, part, total) * resolution, slowest)
    return result


def middle(bucket):
    """Of the ticks that are counted in it, by the schema."""
    if bucket < 128:
        return bucket
    width = 2 ** (bucket // 64 - 1)
    return width * (64 + bucket % 64) + (width - 1) / 2


def quantile(counts, part, total):
    """By nearest rank; beyond all buckets it is larger than any."""
    below = 0
    for bucket in sorted(counts):
        below += counts[bucket]
        if below >= part * total:
            return middle(bucket)
    return float("inf")
