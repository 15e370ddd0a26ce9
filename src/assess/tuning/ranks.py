"""Weights from an order of importance alone: rank-order centroid, rank sum, rank reciprocal.

An order says little. Each formula picks one point among all weights that keep the order, so the range of what the
order allows stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from assess.documents.errors import UsageError
from assess.documents.validation import nearest
from assess.rubric.measures import Floats
from assess.tuning.elicited import Elicited, Remark, by_name, check_names


def rank_order_centroid(n: int) -> Floats:
    """Return w_i = (1/n) sum of 1/k for k from i to n, shape (n,), falling.

    The centroid of all weights that keep the order (Barron & Barrett 1996, Management Science 42(11)).
    """
    return np.asarray(np.cumsum(1.0 / np.arange(n, 0, -1))[::-1] / n, dtype=np.float64)


def rank_sum(n: int) -> Floats:
    """Return w_i = 2 (n + 1 - i) / (n (n + 1)), shape (n,), falling.

    Stillwell, Seaver & Edwards 1981, Organizational Behavior and Human Performance 28(1).
    """
    return np.asarray(2.0 * np.arange(n, 0, -1) / (n * (n + 1)), dtype=np.float64)


def rank_reciprocal(n: int) -> Floats:
    """Return w_i = (1/i) / sum of 1/k, shape (n,), falling (Stillwell, Seaver & Edwards 1981, as above)."""
    parts = 1.0 / np.arange(1, n + 1)
    return np.asarray(parts / parts.sum(), dtype=np.float64)


FORMULAS: Mapping[str, tuple[Callable[[int], Floats], str]] = {
    "rank_order_centroid": (rank_order_centroid, "rank-order centroid (Barron & Barrett 1996)"),
    "rank_sum": (rank_sum, "rank sum (Stillwell, Seaver & Edwards 1981)"),
    "rank_reciprocal": (rank_reciprocal, "rank reciprocal (Stillwell, Seaver & Edwards 1981)"),
}


def rank_weights(order: Sequence[str | Sequence[str]], formula: str = "rank_order_centroid") -> Elicited:
    """Return weights from an order, the most important item first; a sequence inside it holds items that tie.

    formula: a key of FORMULAS. Tied items share the mean of the places they take. low and high: the smallest and
    largest weight that any weights in this order give, ties being equal. Raises UsageError for an unknown formula,
    an item named twice, or fewer than two items.
    """
    if formula not in FORMULAS:
        raise UsageError(f"unknown rank formula '{formula}'; {nearest(formula, FORMULAS)}")
    groups = [[place] if isinstance(place, str) else list(place) for place in order]
    names = [name for group in groups for name in group]
    check_names(names)
    function, title = FORMULAS[formula]
    places = function(len(names))
    weights, low, high, above = [], [], [], 0
    for group in groups:
        size = len(group)
        weights += [float(places[above : above + size].mean())] * size
        low += [1.0 / len(names) if above == 0 else 0.0] * size
        above += size
        high += [1.0 / above] * size
    ties = [" = ".join(group) for group in groups if len(group) > 1]
    remarks = [
        Remark("rank formula", text=title),
        Remark("range", text="smallest and largest weight that any weights in this order give"),
    ]
    if ties:
        remarks.append(Remark("ties", text=f"{'; '.join(ties)}: tied items share the mean of their places"))
    return Elicited(
        title, by_name(names, weights), by_name(names, low), by_name(names, high), diagnostics=tuple(remarks)
    )
