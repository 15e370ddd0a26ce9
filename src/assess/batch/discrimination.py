"""How well an order tells better outcomes from worse ones: pairs won, whole, inside eras, and with intervals.

The AUC is the share of pairs with different outcomes in which the better one stands higher, ties counted half: the
rank-sum statistic over its greatest value (Hanley & McNeil 1982, Radiology 143, 29-36).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assess.rubric.measures import Floats

Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]

LEVEL = (2.5, 97.5)
"""Percentiles of the draws that bound an interval."""


def pairs_won(order: Floats, better: Flags, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """Return (won, pairs), each of shape (b,): weighted pairs won by the better outcome, and all weighted pairs.

    order: shape (n,), finite, higher claimed better. better: shape (n,). weights: shape (b, n), how often each row
    counts; once each where absent, and then b is 1.
    """
    if not len(order):
        return np.zeros(1 if weights is None else len(weights)), np.zeros(1 if weights is None else len(weights))
    counts = np.ones((1, len(order))) if weights is None else weights
    place = np.argsort(order, kind="stable")
    sorted_order = order[place]
    starts = np.flatnonzero(np.r_[True, sorted_order[1:] != sorted_order[:-1]])
    ranked, good = counts[:, place], better[place]
    up = np.add.reduceat(np.where(good, ranked, 0.0), starts, axis=1)
    down = np.add.reduceat(np.where(good, 0.0, ranked), starts, axis=1)
    below = np.cumsum(down, axis=1) - down
    won: Floats = (up * (below + down / 2)).sum(axis=1)
    pairs: Floats = up.sum(axis=1) * down.sum(axis=1)
    return won, pairs


def auc(order: Floats, better: Flags) -> float | None:
    """Return the AUC 0-1 of an order, or None where all outcomes are alike."""
    return share(*pairs_won(order, better))


def share(won: Floats, pairs: Floats) -> float | None:
    """Return the share of pairs won in the first place of (won, pairs), or None where there is no pair."""
    return float(won[0] / pairs[0]) if pairs[0] > 0 else None


def resampled(groups: Numbers, draws: int, seed: int) -> Floats:
    """Return how often each row counts in each bootstrap sample of whole groups, shape (draws, n).

    groups: shape (n,), numbers from 0. Each draw takes as many groups as there are, with replacement.
    """
    number = int(groups.max()) + 1
    chosen = np.random.default_rng(seed).integers(number, size=(draws, number))
    counts = np.zeros((draws, number))
    np.add.at(counts, (np.arange(draws)[:, None], chosen), 1.0)
    return counts[:, groups]


def over(parts: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Return the sums of (won, pairs) over parts: what is won inside eras, weighted by their pairs."""
    return sum((won for won, _ in parts), np.zeros(1)), sum((pairs for _, pairs in parts), np.zeros(1))


def interval(won: Floats, pairs: Floats) -> tuple[float, float] | None:
    """Return the 95 % interval of the share of pairs won over draws, or None where under half of them have pairs."""
    known = pairs > 0
    if not len(pairs) or known.mean() < 0.5:
        return None
    low, high = np.percentile(won[known] / pairs[known], LEVEL)
    return float(low), float(high)
