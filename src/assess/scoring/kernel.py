"""Aggregation, coverage, bounds, bands and red-line caps over whole tables. Pure: arrays in, arrays out.

Formulas: weighted arithmetic mean inside a pillar and weighted geometric mean across pillars (OECD/JRC 2008,
Handbook on Constructing Composite Indicators, step 6; Munda & Nardo 2009 on why not to compensate); power mean
(Hardy, Littlewood & Polya 1934); quantifier-guided OWA (Yager 1996). A missing value leaves the numerator and the
denominator alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.rubric.measures import Floats
from assess.rubric.models import Aggregation, Arithmetic, Geometric, Minimum, Owa, Power
from assess.scoring.compiled import CAP_SCORE, CompiledRubric, Step

Codes = NDArray[np.int8]

BLOCK = 2048
"""Rows worked on at once: 2,048 x 35 float64 values fit a processor's second-level cache."""

TOLERANCE = 1e-9
"""Scores this close below a band edge belong to the band: sums of weights are exact only to rounding."""

NO_RATING = -1


@dataclass(frozen=True)
class Scores:
    """Scores of every node for n rows: pillars in the compiled order, the whole in the last column."""

    score: Floats
    """Shape (n, p + 1), 0-100; NaN where there is no score."""
    coverage: Floats
    """Shape (n, p + 1), 0-1: share of the node's weight that has an observation."""


@dataclass(frozen=True)
class Ratings:
    """Band indices for n rows: 0 the best band, the number of bands for "Do not proceed", -1 for no rating."""

    uncapped: Codes
    """Shape (n, p + 1)."""
    capped: Codes
    """Shape (n, p + 1)."""


@dataclass(frozen=True)
class TableResult:
    """All results of scoring a table of n rows."""

    scores: Scores
    ratings: Ratings
    bound_low: Floats
    """Shape (n, p + 1): scores with everything missing at 0."""
    bound_high: Floats
    """Shape (n, p + 1): scores with everything missing at 100."""


def aggregate(compiled: CompiledRubric, values: Floats, known: Floats | None = None) -> Scores:
    """Return scores and coverage for a table of values.

    values: shape (n, m), 0-100, NaN where missing. known: shape (n, m) or (m,), the part 0-1 of each observation
    that is known; where absent, 1 for every value that is not missing. A top pillar below the rubric's coverage
    threshold has no score, and then neither has the whole.
    """
    missing = np.isnan(values)
    gaps = bool(missing.any())
    present = (~missing).astype(np.float64) if gaps else None
    filled = np.where(missing, 0.0, values) if gaps else values
    if known is None and present is None:
        coverage = np.ones((len(values), compiled.leaf_share.shape[1]))
    else:
        seen = present if known is None else np.broadcast_to(known, values.shape)
        coverage = seen @ compiled.leaf_share
    seen_alone = coverage if known is None else None
    score = _climb(compiled, filled, present, seen_alone)
    threshold = compiled.rubric.coverage.insufficient_below / 100.0 - TOLERANCE
    top = compiled.top[compiled.node_weights[compiled.top] > 0]
    thin = coverage[:, top] < threshold
    if thin.any():
        withheld = score[:, top]
        withheld[thin] = np.nan
        score[:, top] = withheld
        score[thin.any(axis=1), -1] = np.nan
    return Scores(score, coverage)


def bounds(compiled: CompiledRubric, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the scores of two tables of completions: what is missing set to its worst and to its best.

    low, high: shape (n, m); NaN is read as 0 in `low` and as 100 in `high`. Two arrays of shape (n, p + 1), which
    contain every completion because every aggregation is monotone.
    """
    worst = _climb(compiled, np.where(np.isnan(low), 0.0, low), None, None)
    best = _climb(compiled, np.where(np.isnan(high), 100.0, high), None, None)
    return worst, best


def rate(compiled: CompiledRubric, score: Floats, tripped: Floats | None = None) -> Ratings:
    """Return the bands of scores (n, p + 1), uncapped and capped by tripped red lines.

    tripped: shape (n, r) or (r,), 1 where a red line is tripped. A block rates the whole even without a score.
    """
    uncapped = np.zeros(score.shape, dtype=np.int8)
    for edge in compiled.edges - TOLERANCE:
        uncapped += score < edge
    uncapped[np.isnan(score)] = NO_RATING
    capped = uncapped.copy()
    if tripped is not None and tripped.size:
        hits = np.broadcast_to(np.asarray(tripped, dtype=np.float64), (len(score), len(compiled.block)))
        pillars, whole = capped[:, :-1], capped[:, -1]
        pillar_cap = compiled.band(CAP_SCORE["cap_pillar_49"])
        np.maximum(pillars, pillar_cap, out=pillars, where=(hits @ compiled.cap_pillar > 0) & (pillars != NO_RATING))
        overall_cap = compiled.band(CAP_SCORE["cap_overall_conditional"])
        np.maximum(whole, overall_cap, out=whole, where=(hits @ compiled.cap_overall > 0) & (whole != NO_RATING))
        whole[hits @ compiled.block > 0] = len(compiled.rubric.bands)
    return Ratings(uncapped, capped)


def score_raw(compiled: CompiledRubric, raw: Floats, tripped: Floats | None = None) -> TableResult:
    """Score a table of raw observations from end to end, block by block.

    raw: shape (n, m): levels, numbers, or percentages of checklist items met; NaN where missing.
    tripped: shape (n, r), 1 where a red line is tripped.
    """
    n, width = len(raw), compiled.leaf_share.shape[1]
    score, coverage = np.empty((n, width)), np.empty((n, width))
    uncapped, capped = np.empty((n, width), np.int8), np.empty((n, width), np.int8)
    low, high = np.empty((n, width)), np.empty((n, width))
    for start in range(0, n, BLOCK):
        rows = slice(start, start + BLOCK)
        values = compiled.scale.values(raw[rows])
        scores = aggregate(compiled, values)
        ratings = rate(compiled, scores.score, None if tripped is None else tripped[rows])
        score[rows], coverage[rows] = scores.score, scores.coverage
        uncapped[rows], capped[rows] = ratings.uncapped, ratings.capped
        low[rows], high[rows] = bounds(compiled, values, values)
    return TableResult(Scores(score, coverage), Ratings(uncapped, capped), low, high)


def _climb(compiled: CompiledRubric, leaves: Floats, present: Floats | None, coverage: Floats | None) -> Floats:
    """Aggregate step by step towards the root; (n, p + 1), NaN where a node has nothing to aggregate."""
    nodes = np.full((len(leaves), compiled.leaf_share.shape[1]), np.nan)
    for step in compiled.steps:
        own = leaves[:, step.leaves]
        seen = None if present is None else present[:, step.leaves]
        if not len(step.inner):
            # Here the denominator is the coverage itself, already at hand.
            total = None if present is None or coverage is None else coverage[:, step.nodes]
            nodes[:, step.nodes] = _combine(step.method, own, step.leaf_weights, seen, total)
            continue
        below = nodes[:, step.inner]
        absent = np.isnan(below)
        if absent.any():
            seen = np.ones_like(own) if seen is None else seen
            below = np.where(absent, 0.0, below)
        if seen is not None:
            seen = np.hstack([seen, (~absent).astype(np.float64)])
        weights = np.vstack([step.leaf_weights, step.node_weights])
        nodes[:, step.nodes] = _combine(step.method, np.hstack([own, below]), weights, seen, None)
    return nodes


def _combine(method: Aggregation, values: Floats, weights: Floats, seen: Floats | None, total: Floats | None) -> Floats:
    """Combine children (n, c) into nodes (n, k) with weights (c, k) whose columns sum to 1."""
    if isinstance(method, Arithmetic):
        return _mean(values, weights, seen, total)
    if isinstance(method, Geometric):
        return np.asarray(np.exp(_mean(np.log(np.maximum(values, method.floor)), weights, seen, total)))
    if isinstance(method, Power):
        raised = np.maximum(values, method.floor) ** method.exponent
        return np.asarray(_mean(raised, weights, seen, total) ** (1.0 / method.exponent))
    return np.column_stack([_ordered(method, values, column, seen) for column in weights.T])


def _mean(values: Floats, weights: Floats, seen: Floats | None, total: Floats | None) -> Floats:
    if seen is None:
        return np.asarray(values @ weights)
    total = seen @ weights if total is None else total
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((values * seen) @ weights / total)


def _ordered(method: Owa | Minimum, values: Floats, weights: Floats, seen: Floats | None) -> Floats:
    """Combine children by their order for one node: the worst, or Yager's quantifier over the sorted values."""
    used = np.flatnonzero(weights)
    values, weight = values[:, used], np.broadcast_to(weights[used], (len(values), len(used)))
    if seen is not None:
        weight = weight * seen[:, used]
    empty = ~(weight > 0).any(axis=1)
    if isinstance(method, Minimum):
        worst = np.where(weight > 0, values, np.inf).min(axis=1)
        return np.where(empty, np.nan, worst)
    order = np.argsort(-values, axis=1, kind="stable")
    ranked, weight = np.take_along_axis(values, order, axis=1), np.take_along_axis(weight, order, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
    quantifier = np.diff(share**method.exponent, axis=1, prepend=0.0)
    return np.where(empty, np.nan, (ranked * quantifier).sum(axis=1))
