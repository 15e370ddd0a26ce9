"""Rank acceptability by pysensmcda: its fastest use, and its documented one with a method of pymcdm."""

import json
import sys
import time

import numpy as np
from pymcdm.methods import WSM
from pysensmcda.smaa import simulate

with np.load(sys.argv[1]) as given:
    values, weights = given["values"], given["weights"]
types, method = np.ones(values.shape[1]), WSM()


def product(matrix, row, _):  # type: ignore[no-untyped-def]
    return matrix @ row


def fastest():  # type: ignore[no-untyped-def]
    return simulate(product, values, types, weights, store="accumulate", reverse_ranking=True)


def documented():  # type: ignore[no-untyped-def]
    return simulate(method, values, types, weights)


def seconds(function, runs):  # type: ignore[no-untyped-def]
    spent = []
    for _ in range(runs):
        started = time.process_time()
        function()
        spent.append(time.process_time() - started)
    return sorted(spent)[len(spent) // 2]


np.save(sys.argv[2], simulate(product, values, types, weights, reverse_ranking=True).rank_acceptability())
print(json.dumps({"fastest use": seconds(fastest, 3), "documented use": seconds(documented, 1)}))
