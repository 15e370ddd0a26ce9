"""Linear programs over weights: the smallest and largest value of each weight."""

from __future__ import annotations

from importlib import import_module

import numpy as np

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats

TOLERANCES = (1e-10, 1e-9, 1e-8)
"""Tolerances asked of the solver: the finest it takes, and coarser ones where it cannot decide at that."""


def minimise(cost: Floats, a: Floats, b: Floats, simplex: int) -> Floats | None:
    """Return x of least cost x under A x <= b and x >= 0, whose first `simplex` numbers sum to 1; None where none is.

    cost: shape (k,). a: shape (q, k). b: shape (q,). Raises UsageError without scipy, or where the solver fails.
    """
    try:
        linprog = import_module("scipy.optimize").linprog
    except ImportError as error:
        raise UsageError("this needs scipy; install assess-partnerships[tune]") from error
    total = np.zeros((1, len(cost)))
    total[0, :simplex] = 1.0
    message = ""
    for tolerance in TOLERANCES:
        options = {"primal_feasibility_tolerance": tolerance, "dual_feasibility_tolerance": tolerance}
        found = linprog(cost, a if len(a) else None, b if len(a) else None, total, 1.0, method="highs", options=options)
        if found.status == 0:
            return np.asarray(found.x, dtype=np.float64)
        if found.status == 2:
            return None
        message = found.message
    raise UsageError(f"the weights could not be solved for: {message}")


def weight_range(k: int, a: Floats, b: Floats) -> tuple[Floats, Floats] | None:
    """Return the smallest and largest value of each of k weights under A w <= b, shapes (k,); None where none are."""
    low, high = np.empty(k), np.empty(k)
    for index in range(k):
        unit = np.zeros(k)
        unit[index] = 1.0
        least, most = minimise(unit, a, b, k), minimise(-unit, a, b, k)
        if least is None or most is None:
            return None
        low[index], high[index] = least[index], most[index]
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
