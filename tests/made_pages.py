# SPDX-License-Identifier: GPL-2.0
"""Results that reports are made of: sweeps, pairs of CPUs, latencies, made of a real result."""

import copy
import random
import uuid
from collections import Counter

from made_exports import histogram
from made_results import example

SUB_BUCKETS = 64


def template():
    """A result without cases, and one case of it."""
    result = example()
    result["id"] = str(uuid.uuid4())
    case = next(case for case in result["cases"] if case["status"] == "ok")
    result["cases"] = []
    return result, dict(case, flags=[])


def put(result, like, median, seed=0, **members):
    """A case with that median, and an interval and a spread around it."""
    chance = random.Random(f"{median} {seed}")
    case = copy.deepcopy(like)
    case.update(members)
    case["per_op"] = dict(case["per_op"], median=median, mean=median * 1.02, min=median * 0.9,
                          max=median * 2, p90=median * 1.1, p99=median * 1.5,
                          p99_9=median * 1.9, stddev=median * 0.05,
                          ci95=[median * (1 - 0.01 * (1 + chance.random())),
                                median * (1 + 0.01 * (1 + chance.random()))])
    case["cpus"] = len(case["cpu_list"])
    case["per_cpu"] = [{"cpu": cpu, "median": median, "ops": 1000} for cpu in case["cpu_list"]]
    result["cases"].append(case)
    return case


def swept(fidelity="native", cpus=(1, 2, 4, 8)):
    """Locks on several numbers of CPUs."""
    result, like = template()
    result["environment"].update(fidelity=fidelity, warnings=[])
    for bench, base, growth in (("spin_lock", 12.0, 1.3), ("mutex", 18.0, 1.7),
                                ("rwlock_read", 14.0, 1.1), ("seqlock_read", 4.0, 0.0)):
        for number in cpus:
            put(result, like, base * (1 + growth * (number - 1)), bench=bench,
                cpu_list=list(range(number)))
    return result


def paired(nr_cpus=8):
    """A cache line handed over between all pairs of CPUs, of two packages."""
    result, like = template()
    result["environment"].update(fidelity="native", warnings=[])
    result["machine"]["cpus"] = nr_cpus
    for a in range(nr_cpus):
        for b in range(a + 1, nr_cpus):
            far = (a < nr_cpus // 2) != (b < nr_cpus // 2)
            put(result, like, (180.0 if far else 60.0) + a + b / 8, suite="cache",
                bench="handover", params={}, cpu_list=[a, b], placement="pair",
                context="process")
    return result


def bucket_of(ticks):
    """Number of the bucket that counts operations of so many ticks: docs/result.schema.json."""
    if ticks < 2 * SUB_BUCKETS:
        return ticks
    octave = ticks.bit_length() - 7
    return SUB_BUCKETS * (octave + 1) + (ticks >> octave) - SUB_BUCKETS


def timed(fidelity="native"):
    """Latencies of some locks: most operations are quick, some wait."""
    result, like = template()
    result["environment"].update(fidelity=fidelity, warnings=[])
    for seed, (bench, base, tail) in enumerate((("spin_lock", 40, 900), ("mutex", 60, 25000),
                                                ("semaphore", 75, 60000))):
        chance = random.Random(seed)
        ticks = [int(base + chance.expovariate(1 / 8) +
                     (chance.expovariate(1 / tail) if chance.random() < 0.02 else 0))
                 for _ in range(20000)]
        case = put(result, like, float(base), bench=bench, cpu_list=[0, 1])
        counts = Counter(map(bucket_of, ticks))
        case["histogram"] = dict(histogram(counts, resolution=1), timer_cost=21.0)
    return result
