"""Aggregation, coverage, bounds, bands and red-line caps over whole tables. Pure: arrays in, arrays out.

Formulas: weighted arithmetic mean inside a pillar and weighted geometric mean across pillars (OECD/JRC 2008,
Handbook on Constructing Composite Indicators, step 6; Munda & Nardo 2009 on why not to compensate); power mean
(Hardy, Littlewood & Polya 1934); quantifier-guided OWA (Yager 1996). A missing value leaves the numerator and the
denominator alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess.documents.fields import Basis
from assess.rubric.measures import Floats, Values
from assess.rubric.models import Arithmetic, Geometric, Minimum, Owa, Power
from assess.scoring.compiled import CompiledRubric, Step

Codes = NDArray[np.int8]

BLOCK = 8192
"""Rows worked on at once: 8,192 x 35 float64 values stay in a processor's cache from pass to pass."""

TOLERANCE = 1e-9
"""Scores this close below a band edge belong to the band: sums of weights are exact only to rounding."""

NO_RATING = -1


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of every node for n rows: pillars in the compiled order, the whole in the last column."""

    score: Floats
    """Shape (n, p + 1), 0-100; NaN where there is no score."""
    coverage: Floats
    """Shape (n, p + 1), 0-1: share of the node's weight that has an observation."""
    low: Floats
    """Shape (n, p + 1): the score if everything missing were 0."""
    high: Floats
    """Shape (n, p + 1): the score if everything missing were 100."""


@dataclass(frozen=True, eq=False)
class Ratings:
    """Band indices for n rows: 0 the best band, the number of bands for "Do not proceed", -1 for no rating."""

    uncapped: Codes
    """Shape (n, p + 1)."""
    capped: Codes
    """Shape (n, p + 1)."""


@dataclass(frozen=True, eq=False)
class TableResult:
    """All results of scoring a table of n rows."""

    scores: Scores
    ratings: Ratings


def aggregate(compiled: CompiledRubric, values: Values, known: Floats | None = None, *, bounds: bool = True) -> Scores:
    """Return scores, coverage and bounds for a table of values.

    known: shape (m,), the part 0-1 of each observation that is known; where absent, 1 for all that is observed.
    bounds: without them, `low` and `high` stay empty (NaN). A pillar below the rubric's coverage threshold has no
    score; if it stands directly below the root, neither has the whole.
    """
    nodes = _climb(compiled, values, bounds=bounds)
    coverage = 1.0 - nodes.unseen
    if known is not None:
        part = np.broadcast_to(known[:, None], values.filled.shape)
        coverage = compiled.leaf_share.T @ (part if values.gaps is None else part * (1.0 - values.gaps))
    threshold = compiled.rubric.coverage.insufficient_below / 100.0 - TOLERANCE
    thin = coverage[:-1] < threshold
    top = compiled.top[compiled.node_weights[compiled.top] > 0]
    if thin.any():
        np.copyto(nodes.score[:-1], np.nan, where=thin)
        np.copyto(nodes.score[-1], np.nan, where=thin[top].any(axis=0))
    if not len(top):  # nothing applies
        nodes.score[-1] = np.nan
    for array in (nodes.score, nodes.low, nodes.high) if bounds else (nodes.score,):
        np.minimum(array, 100.0, out=array)  # sums of weights are exact only to rounding
    return Scores(nodes.score.T, coverage.T, nodes.low.T, nodes.high.T)


def basis(compiled: CompiledRubric, coverage: Floats, node: int, *, whole: bool = True) -> Basis:
    """Return how far one node of one row can be relied on, from the row's coverage (p + 1,).

    The whole is no better covered than its thinnest pillar, unless `whole` is false.
    """
    rule = compiled.rubric.coverage
    share = float(coverage[node])
    if whole and node in (-1, len(compiled.nodes)):
        top = compiled.top[compiled.node_weights[compiled.top] > 0]
        share = min(share, float(coverage[top].min(initial=1.0)))
    if 100.0 * share < rule.insufficient_below - TOLERANCE:
        return "insufficient"
    return "provisional" if 100.0 * share < rule.provisional_below - TOLERANCE else "sufficient"


def rate(compiled: CompiledRubric, score: Floats, tripped: NDArray[Any] | None = None) -> Ratings:
    """Return the bands of scores (n, p + 1), uncapped and capped by tripped red lines.

    tripped: shape (n, r), 1 where a red line is tripped. A block rates the whole even without a score.
    """
    by_node = score.T
    uncapped = np.zeros(by_node.shape, dtype=np.int8)
    for edge in compiled.edges - TOLERANCE:
        uncapped += (by_node < edge).view(np.int8)
    unrated = np.isnan(by_node)
    np.copyto(uncapped, NO_RATING, where=unrated)
    if tripped is None or not tripped.any():
        return Ratings(uncapped.T, uncapped.T)
    hits = compiled.cap_lines.T.astype(np.float32) @ np.asarray(tripped, dtype=np.float32).T > 0  # small counts: exact
    capped = uncapped.copy()
    for cap, hit in zip(compiled.caps, hits, strict=True):
        row = capped[cap.node]
        np.maximum(row, cap.code, out=row, where=hit if cap.blocks else hit & ~unrated[cap.node])
    return Ratings(uncapped.T, capped.T)


def score_raw(
    compiled: CompiledRubric, raw: Floats, tripped: NDArray[Any] | None = None, *, bounds: bool = True
) -> TableResult:
    """Score a table of raw observations from end to end, block by block.

    raw: shape (n, m): levels 0-4, numbers, or percentages 0-100 of checklist items met; NaN where missing. Levels and
    percentages must lie within their scale, as `score_table` makes sure.
    tripped: shape (n, r), 1 where a red line is tripped. bounds: whether to work out what gaps at 0 and 100 would give.
    """
    n, width = len(raw), compiled.leaf_share.shape[1]
    score, coverage = np.empty((width, n)), np.empty((width, n))
    nothing = np.broadcast_to(np.nan, (width, n))
    low, high = (np.empty((width, n)), np.empty((width, n))) if bounds else (nothing, nothing)
    uncapped, capped = np.empty((width, n), np.int8), np.empty((width, n), np.int8)
    memory = np.empty((2, raw.shape[1], min(BLOCK, n)))
    for start in range(0, n, BLOCK):
        rows = slice(start, min(start + BLOCK, n))
        block = raw[rows]
        scores = aggregate(compiled, compiled.scale.values(block, memory[:, :, : len(block)]), bounds=bounds)
        ratings = rate(compiled, scores.score, None if tripped is None else tripped[rows])
        score[:, rows], coverage[:, rows] = scores.score.T, scores.coverage.T
        if bounds:
            low[:, rows], high[:, rows] = scores.low.T, scores.high.T
        uncapped[:, rows], capped[:, rows] = ratings.uncapped.T, ratings.capped.T
    return TableResult(Scores(score.T, coverage.T, low.T, high.T), Ratings(uncapped.T, capped.T))


@dataclass(frozen=True, eq=False)
class _Nodes:
    """Working arrays of shape (p + 1, n), filled step by step from the leaves to the root."""

    score: Floats
    unseen: Floats
    """Share of the node's weight that has no observation."""
    low: Floats
    high: Floats


def _climb(compiled: CompiledRubric, values: Values, *, bounds: bool) -> _Nodes:
    """Aggregate step by step towards the root: the score of what is there, and what gaps at 0 and 100 would give.

    Bounds contain every completion because every aggregation is monotone in every child.
    """
    shape = (compiled.leaf_share.shape[1], values.filled.shape[1])
    nothing = np.broadcast_to(np.nan, shape)
    low, high = (np.empty(shape), np.empty(shape)) if bounds else (nothing, nothing)
    nodes = _Nodes(np.full(shape, np.nan), np.zeros(shape), low, high)
    for step in compiled.steps:
        leaves = values.filled[step.leaves]
        gaps = None if values.gaps is None or not len(leaves) else values.gaps[step.leaves]
        gap = None if gaps is None else step.leaf_weights.T @ gaps
        if isinstance(step.method, (Arithmetic, Geometric, Power)):
            _average(step, *transform(step.method), leaves, gap, nodes, bounds=bounds)
        else:
            _by_order(step, step.method, leaves, gaps, nodes, bounds=bounds)
        if gap is not None:
            nodes.unseen[step.nodes] += gap
        if step.inner.size:
            nodes.unseen[step.nodes] += step.node_weights.T @ nodes.unseen[step.inner]
    return nodes


Function = Callable[[Floats], Floats]


def transform(method: Arithmetic | Geometric | Power) -> tuple[Function, Function]:
    """Return f and its inverse for the quasi-arithmetic mean f^-1(sum w f(v)) of a method."""
    if isinstance(method, Arithmetic):
        return (lambda v: v), (lambda v: v)
    floor = method.floor
    if isinstance(method, Geometric):
        return (lambda v: np.asarray(np.log(np.maximum(v, floor)))), (lambda v: np.asarray(np.exp(v)))
    exponent = method.exponent
    return (lambda v: np.asarray(np.maximum(v, floor) ** exponent)), (lambda v: np.asarray(v ** (1.0 / exponent)))


def _average(
    step: Step, f: Function, inverse: Function, leaves: Floats, gap: Floats | None, nodes: _Nodes, *, bounds: bool
) -> None:
    """Fill nodes with means. A gap stands in `leaves` as 0, so what it added is taken off again."""
    with_gaps: Floats = step.leaf_weights.T @ f(leaves) if len(leaves) else np.zeros((len(step.nodes), 1))
    at_worst, at_best = f(np.array([0.0, 100.0]))
    total, weight = with_gaps, None
    if gap is not None:
        total, weight = (with_gaps - at_worst * gap if at_worst else with_gaps), 1.0 - gap
    if step.inner.size:
        below = nodes.score[step.inner]
        empty = np.isnan(below)
        if empty.any():
            total = total + step.node_weights.T @ np.where(empty, 0.0, f(np.where(empty, 1.0, below)))
            weight = (1.0 if weight is None else weight) - step.node_weights.T @ empty
        else:
            total = total + step.node_weights.T @ f(below)
    if weight is not None:
        weight[weight < TOLERANCE] = np.nan  # nothing to aggregate
        total = total / weight
    nodes.score[step.nodes] = inverse(total)
    if not bounds:
        return
    low = high = with_gaps
    if gap is not None:
        high = with_gaps + (at_best - at_worst) * gap
    if step.inner.size:
        low = low + step.node_weights.T @ f(nodes.low[step.inner])
        high = high + step.node_weights.T @ f(nodes.high[step.inner])
    nodes.low[step.nodes], nodes.high[step.nodes] = inverse(low), inverse(high)


def _by_order(
    step: Step, method: Minimum | Owa, leaves: Floats, gaps: Floats | None, nodes: _Nodes, *, bounds: bool
) -> None:
    """Fill nodes whose children count by their order."""
    below = nodes.score[step.inner]
    absent = np.vstack([np.zeros_like(leaves) if gaps is None else gaps, np.isnan(below)]) > 0
    children = np.vstack([leaves, np.nan_to_num(below)])
    shares = np.vstack([step.leaf_weights, step.node_weights]).T
    for node, weights in zip(step.nodes, shares, strict=True):
        nodes.score[node] = _ordered(method, children, weights, absent)
    if not bounds:
        return
    low = np.vstack([leaves, nodes.low[step.inner]])
    high = np.vstack([np.where(absent[: len(leaves)], 100.0, leaves), nodes.high[step.inner]])
    for node, weights in zip(step.nodes, shares, strict=True):  # 0, as in a mean, where nothing applies
        nodes.low[node] = np.nan_to_num(_ordered(method, low, weights, None))
        nodes.high[node] = np.nan_to_num(_ordered(method, high, weights, None))


def _ordered(method: Minimum | Owa, values: Floats, weights: Floats, absent: NDArray[np.bool_] | None) -> Floats:
    """Combine children (c, n) of one node: the worst of them, or Yager's quantifier over the sorted values."""
    used = np.flatnonzero(weights)
    values, weight = values[used], np.broadcast_to(weights[used, None], (len(used), values.shape[1]))
    if absent is not None:
        weight = np.where(absent[used], 0.0, weight)
    empty = ~(weight > 0).any(axis=0)
    if isinstance(method, Minimum):
        return np.where(empty, np.nan, np.where(weight > 0, values, np.inf).min(axis=0, initial=np.inf))
    order = np.argsort(-values, axis=0, kind="stable")
    ranked, weight = np.take_along_axis(values, order, axis=0), np.take_along_axis(weight, order, axis=0)
    share = np.cumsum(weight, axis=0) / np.where(empty, 1.0, weight.sum(axis=0))
    quantifier = np.diff(share**method.exponent, axis=0, prepend=0.0)
    return np.where(empty, np.nan, (ranked * quantifier).sum(axis=0))
