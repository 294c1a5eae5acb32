# SPDX-License-Identifier: GPL-2.0
"""Results that are made of a real one: boots and figures are set by a test."""

import copy
import json
import os
import random
import uuid

from harness import TREE

# Not results/example/, whose figures make example measures anew.
EXAMPLE = os.path.join(TREE, "tests", "fixtures", "locks.json")


def example():
    with open(EXAMPLE, encoding="utf-8") as file:
        return json.load(file)


def made(boots, factor, unit="ns", noise=0.002, seed=1, only=None, **environment):
    """A result of that many boots whose figures are the example's times @factor, which is a number
    or a function of the case."""
    result = example()
    result["id"] = str(uuid.uuid4())
    chance = random.Random(seed)
    boot = result["boots"][0]
    like = [case for case in result["cases"]
            if case["status"] == "ok" and (not only or case["bench"] in only)]
    result["boots"] = [dict(boot, index=i, id=str(uuid.uuid4())) for i in range(boots)]
    result["cases"] = []
    result["environment"].update(environment)
    for i in range(boots):
        for case in like:
            case = copy.deepcopy(case)
            scale = factor(case) if callable(factor) else factor
            scale *= 1 + noise * chance.gauss(0, 1)
            case["boot"] = i
            case["unit"] = unit
            case["flags"] = []
            for name in ("median", "mean", "min", "max"):
                case["per_op"][name] *= scale
            result["cases"].append(case)
    return result


def many(cases, boots, factor=lambda number, boot: 1, seed=1):
    """A result of so many cases: the example's, again and again with other parameters. Its figures
    are the example's times @factor(number of the case, boot) and noise of 1 % between boots."""
    result = example()
    result["id"] = str(uuid.uuid4())
    chance = random.Random(seed)
    like = [case for case in result["cases"] if case["status"] == "ok"]
    result["boots"] = [dict(result["boots"][0], index=i, id=str(uuid.uuid4()))
                       for i in range(boots)]
    result["cases"] = []
    for boot in range(boots):
        for number in range(cases):
            case = dict(like[number % len(like)], boot=boot, flags=[])
            case["params"] = dict(case["params"], cs=number)
            scale = factor(number, boot) * (1 + 0.01 * chance.gauss(0, 1))
            case["per_op"] = {name: value * scale if isinstance(value, float) else value
                              for name, value in case["per_op"].items()}
            result["cases"].append(case)
    return result


def put(work, name, result):
    path = work.path(name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file)
    return path
