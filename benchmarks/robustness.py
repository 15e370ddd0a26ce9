"""Rank acceptability of 200 alternatives beside the bare numpy program, in processor time."""

from __future__ import annotations

import time

import numpy as np

from assess.robustness.acceptability import rank_acceptability
from assess.robustness.sampling import uniform_weights
from assess.rubric.measures import Floats
from benchmarks.measure import Row, alone, together
from benchmarks.peers import timed

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
    """Measure processor time, on values without ties and on ordinal levels, and beside peers."""
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
    """Measure beside pysensmcda: its fastest use hands it a bare product, its documented one a method of pymcdm."""
    spent, shares = timed("pysensmcda", "smaa", values=values, weights=weights)
    if not spent:
        return []
    if not np.allclose(rank_acceptability(values, weights), shares):
        raise AssertionError("rank acceptability differs from pysensmcda's")
    ours = alone(lambda: rank_acceptability(values, weights), 5, time.process_time)
    targets = {"fastest use": 4, "documented use": 50}
    return [
        Row(f"the same / pysensmcda, {use}, CPU", ours, spent[use], f"at most 1/{times}", 1 / times)
        for use, times in targets.items()
    ]
