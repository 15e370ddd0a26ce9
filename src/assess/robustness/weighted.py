"""The kernel's aggregation where weights differ from row to row. Pure: arrays in, arrays out.

Every row is what the kernel would give for a rubric with that row's weights: coverage, thresholds and all five ways
to combine included. Formulas and sources: `scoring/kernel.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.rubric.measures import Floats
from assess.rubric.models import DO_NOT_PROCEED, Aggregation, Minimum, Owa
from assess.scoring.compiled import CompiledRubric
from assess.scoring.kernel import NO_RATING, TOLERANCE, Codes, rate, transform
from assess.scoring.prepared import Prepared

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights as shares among neighbours, one column a row of the result; one column serves all rows."""

    criteria: Floats
    """Shape (m, n) or (m, 1)."""
    pillars: Floats
    """Shape (p, n) or (p, 1)."""


@dataclass(frozen=True, eq=False)
class Branch:
    """One node of the tree with its children: criteria first, then pillars."""

    node: int
    """Column of the node; p for the whole."""
    id: str
    """Id of the pillar, or "overall"."""
    method: Aggregation
    leaves: Indices
    inner: Indices


def branches(compiled: CompiledRubric) -> tuple[Branch, ...]:
    """Return every node of a rubric's tree, children before their parents and the whole last."""
    parents = [(i, p.id, p.aggregation, p.criteria, p.pillars) for i, p in enumerate(compiled.nodes)]
    rubric = compiled.rubric
    whole = Branch(
        len(parents), "overall", rubric.aggregation, np.array([], dtype=np.intp), compiled.top.astype(np.intp)
    )
    below = [  # children stand after their parent in document order
        Branch(
            index,
            name,
            method,
            np.array([compiled.column[c.id] for c in criteria], dtype=np.intp),
            np.array([compiled.node[p.id] for p in pillars], dtype=np.intp),
        )
        for index, name, method, criteria, pillars in reversed(parents)
    ]
    return (*below, whole)


def declared(compiled: CompiledRubric) -> Weights:
    """Return the rubric's own weights; one column."""
    return Weights(compiled.weights[:, None], compiled.node_weights[:, None])


def normalised(compiled: CompiledRubric, weights: Weights) -> Weights:
    """Return weights as shares among neighbours; a pillar in which none is left drops out, like in `compile_rubric`."""
    n = max(weights.criteria.shape[1], weights.pillars.shape[1])
    criteria = np.broadcast_to(weights.criteria, (len(compiled.criteria), n)).copy()
    pillars = np.broadcast_to(weights.pillars, (len(compiled.nodes), n)).copy()
    for branch in branches(compiled):
        total = criteria[branch.leaves].sum(axis=0) + pillars[branch.inner].sum(axis=0)
        share = np.divide(1.0, total, out=np.zeros(n), where=total > 0)
        criteria[branch.leaves] *= share
        pillars[branch.inner] *= share
        if branch.node < len(pillars):
            pillars[branch.node, total <= 0] = 0.0
    return Weights(criteria, pillars)


def overall(case: Prepared, values: Floats, weights: Weights) -> Floats:
    """Return the scores of the whole for a case's known shares, shape (n,); see `weighted`."""
    return weighted(case.compiled, values, weights, case.counted)[:, -1]


def weighted(compiled: CompiledRubric, values: Floats, weights: Weights, known: Floats) -> Floats:
    """Return the scores of every node, shape (n, p + 1), NaN where there is none.

    values: shape (n, m) or (1, m), 0-100, NaN where missing. weights: normalised among neighbours. known: shape
    (m,), the part 0-1 of each observation that is known.
    """
    score, coverage = climb(compiled, values, weights, known)
    thin = coverage[:-1] < compiled.rubric.coverage.insufficient_below / 100.0 - TOLERANCE
    live = np.broadcast_to(weights.pillars > 0, thin.shape)[compiled.top]
    score[:-1][thin] = np.nan
    score[-1][(thin[compiled.top] & live).any(axis=0) | ~live.any(axis=0)] = np.nan
    return np.minimum(score, 100.0).T


def climb(compiled: CompiledRubric, values: Floats, weights: Weights, known: Floats) -> tuple[Floats, Floats]:
    """Return scores and coverage of every node, shape (p + 1, n), before thin pillars lose theirs; see `weighted`."""
    (n,) = np.broadcast_shapes((len(values),), weights.criteria.shape[1:], weights.pillars.shape[1:])
    p = len(compiled.nodes)
    by_criterion = values.T
    part = np.where(np.isnan(by_criterion), 0.0, known[:, None])
    score, coverage = np.full((p + 1, n), np.nan), np.zeros((p + 1, n))
    for branch in branches(compiled):
        below = [(by_criterion[branch.leaves], part[branch.leaves], weights.criteria[branch.leaves])]
        below.append((score[branch.inner], coverage[branch.inner], weights.pillars[branch.inner]))
        used = [group for group in below if len(group[0])]
        children = np.concatenate([np.broadcast_to(group[0], (len(group[0]), n)) for group in used])
        share = np.concatenate([np.broadcast_to(group[2], (len(group[2]), n)) for group in used])
        coverage[branch.node] = sum((group[2] * group[1]).sum(axis=0) for group in used)
        score[branch.node] = combine(branch.method, children, share)
    return score, coverage


def combine(method: Aggregation, children: Floats, weights: Floats) -> Floats:
    """Combine children (c, n) with weights (c, n) by a method; NaN children leave, and NaN where none is left."""
    weights = np.where(np.isnan(children), 0.0, weights)
    children = np.nan_to_num(children, nan=1.0)
    total = weights.sum(axis=0)
    empty = total < TOLERANCE
    total = np.where(empty, 1.0, total)
    if not isinstance(method, (Minimum, Owa)):
        f, inverse = transform(method)
        mean = (weights * f(children)).sum(axis=0) / total
        return np.where(empty, np.nan, inverse(np.where(empty, f(np.array(1.0)), mean)))
    if isinstance(method, Owa):
        order = np.argsort(-children, axis=0, kind="stable")
        ranked, weights = np.take_along_axis(children, order, axis=0), np.take_along_axis(weights, order, axis=0)
        share = np.minimum(np.cumsum(weights, axis=0) / total, 1.0)
        quantifier = np.diff(share**method.exponent, axis=0, prepend=0.0)
        return np.where(empty, np.nan, (ranked * quantifier).sum(axis=0))
    return np.where(empty, np.nan, np.where(weights > 0, children, np.inf).min(axis=0))


def overall_codes(case: Prepared, scores: Floats, tripped: Floats | None = None) -> tuple[Codes, Codes]:
    """Return the band indices of overall scores (n,) before and after red lines.

    tripped: shape (n, r); those of the case where absent.
    """
    nodes = np.full((len(scores), len(case.compiled.nodes) + 1), np.nan)
    nodes[:, -1] = scores
    lines = np.broadcast_to(case.tripped, (len(scores), len(case.statuses))) if tripped is None else tripped
    ratings = rate(case.compiled, nodes, lines)
    return ratings.uncapped[:, -1], ratings.capped[:, -1]


def labels(case: Prepared) -> tuple[str, ...]:
    """Return the rating of each band index, and "Do not proceed" after the last band."""
    return (*(band.label for band in case.rubric.bands), DO_NOT_PROCEED)


def label(case: Prepared, code: int) -> str | None:
    """Return the rating of one band index; None where there is none."""
    return None if code == NO_RATING else labels(case)[code]


def number(score: float) -> float | None:
    """Return a score, None where there is none."""
    return None if np.isnan(score) else float(score)


def no_score(case: Prepared) -> str | None:
    """Say why a case has no overall score; None where it has one."""
    if not np.isnan(case.scores.score[0, -1]):
        return None
    compiled, rule = case.compiled, case.rubric.coverage
    top = compiled.top[compiled.node_weights[compiled.top] > 0]
    thin = [compiled.nodes[node].title for node in top if np.isnan(case.scores.score[0, node])]
    if not len(top):
        return "no overall score: no criterion applies"
    return f"no overall score: under {rule.insufficient_below:g} % is observed in {', '.join(thin)}"
