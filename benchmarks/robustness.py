"""Rank acceptability of 200 alternatives beside the bare numpy program, in processor time."""

from __future__ import annotations

import time
from importlib import import_module

import numpy as np

from assess.robustness.acceptability import rank_acceptability
from assess.robustness.sampling import uniform_weights
from assess.rubric.measures import Floats
from benchmarks.measure import Row, together

DRAWS, ALTERNATIVES, CRITERIA, BLOCK = 10_000, 200, 24, 250


def bare(values: Floats, weights: Floats) -> Floats:
    """Count ranks by matrix product, argsort and bincount, in blocks of draws."""
    n = len(values)
    counts = np.zeros(n * n, dtype=np.intp)
    for start in range(0, len(weights), BLOCK):
        order = np.argsort(-(weights[start : start + BLOCK] @ values.T), axis=1)
        counts += np.bincount((order * n + np.arange(n)).ravel(), minlength=n * n)
    return np.asarray(counts.reshape(n, n) / len(weights), dtype=np.float64)


def rows() -> list[Row]:
    """Measure processor time, on values without ties and on ordinal levels, and peers where they are installed."""
    generator = np.random.default_rng(1)
    values, weights = generator.random((ALTERNATIVES, CRITERIA)), uniform_weights(CRITERIA, DRAWS, 1)
    levels: Floats = 25.0 * generator.integers(0, 5, values.shape).astype(np.float64)
    if not np.array_equal(rank_acceptability(values, weights), bare(values, weights)):
        raise AssertionError("rank acceptability differs from the bare program")
    size = f"{DRAWS:,} x {ALTERNATIVES} x {CRITERIA}"

    def measured(table: Floats) -> tuple[float, float]:
        return together(
            lambda: rank_acceptability(table, weights), lambda: bare(table, weights), 15, clock=time.process_time
        )

    return [
        Row(f"rank acceptability {size} / bare numpy, CPU", *measured(values), "at most 1.2 x", 1.2),
        Row("the same for ordinal levels", *measured(levels), "at most 1.2 x", 1.2),
        *_peers(values, weights),
    ]


def _peers(values: Floats, weights: Floats) -> list[Row]:
    """Measure beside pysensmcda where it is installed; it is in no lock file, as it brings pandas and more along.

    Its fastest use hands it a bare matrix product and keeps totals only; its documented one a method of pymcdm.
    """
    try:
        simulate = import_module("pysensmcda.smaa").simulate
        method = import_module("pymcdm.methods").WSM()
    except ImportError:
        return []
    types = np.ones(CRITERIA)

    def product(matrix: Floats, row: Floats, _: Floats) -> Floats:
        return np.asarray(matrix @ row, dtype=np.float64)

    def fastest() -> object:
        return simulate(product, values, types, weights, store="accumulate", reverse_ranking=True)

    def documented() -> object:
        return simulate(method, values, types, weights)

    if not np.allclose(
        rank_acceptability(values, weights),
        simulate(product, values, types, weights, reverse_ranking=True).rank_acceptability(),
    ):
        raise AssertionError("rank acceptability differs from pysensmcda's")

    def ours() -> object:
        return rank_acceptability(values, weights)

    return [
        Row(
            "the same / pysensmcda, fastest use, CPU",
            *together(ours, fastest, 3, time.process_time),
            "at most 1/4",
            1 / 4,
        ),
        Row(
            "the same / pysensmcda, documented, CPU",
            *together(ours, documented, 3, time.process_time),
            "at most 1/50",
            1 / 50,
        ),
    ]
