"""Declared beside effective weights: how much each child of a node really moves it.

Paruolo, Saisana & Saltelli 2013, Journal of the Royal Statistical Society A 176(3), measure the importance of a
variable in a composite by its main effect S_i, the share of the composite's variance that vanishes once the variable
is known (Pearson's correlation ratio). Here the variance is that of the input draws of one case: it says whose
uncertainty moves the score, not how cases differ.

For independent children and a linear composite S_i = w_i^2 V_i / sum w_j^2 V_j goes with the square of the weight, so
main effects differ from weights even where all children vary alike. The effective weight is therefore the square root
of S_i, made to sum to 1: then w_i s_i / sum w_j s_j in the linear case, equal to the weight where all vary alike.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from assess.documents.errors import UsageError
from assess.documents.fields import Frozen
from assess.robustness.drawing import DEFAULT, Drawing, drawn_values
from assess.robustness.weighted import Branch, branches, declared, weighted
from assess.rubric.measures import Floats
from assess.scoring.prepared import Prepared

WARN_ABOVE = 1.5
"""An effective weight above this multiple of the one that counts is warned of."""

STILL = 1e-9
"""Points within which something drawn does not vary: rounding only."""


class EffectiveWeight(Frozen):
    """One child of a node: what it is said to weigh and how much it moves the node."""

    id: str
    kind: Literal["criterion", "pillar"]
    declared: Annotated[float, Field(description="share among its neighbours, 0-1")]
    counted: Annotated[float | None, Field(description="share among those with a reading; null without one")]
    main_effect: Annotated[float | None, Field(description="share of the node's variance that is its own, 0-1")]
    effective: Annotated[float | None, Field(description="root of the main effect, as a share that sums to 1")]
    ratio: Annotated[float | None, Field(description="effective over counted weight")]
    warning: Annotated[bool, Field(description="whether the ratio is above 1.5")]


class NodeWeights(Frozen):
    """Declared beside effective weights of the children of one pillar, or of the whole."""

    id: Annotated[str, Field(description="id of the pillar, or 'overall'")]
    estimate: Annotated[
        Literal["closed form", "correlation ratio"],
        Field(description="closed form where children combine linearly; else estimated from the draws"),
    ]
    children: tuple[EffectiveWeight, ...]
    reason: Annotated[str | None, Field(description="why there are no effective weights; null where there are")]


def effective_weights(case: Prepared, *, draws: int, seed: int, how: Drawing = DEFAULT) -> tuple[NodeWeights, ...]:
    """Return declared beside effective weights of every node that applies: the whole first, then pillars in order.

    Raises UsageError for fewer than 100 draws: a main effect needs that many.
    """
    if draws < 100:
        raise UsageError(f"draws must be at least 100 for effective weights (found {draws})")
    values = drawn_values(case, how, draws, seed)
    nodes = weighted(case.compiled, values, declared(case.compiled), case.counted)
    found = [_node(case, branch, values, nodes) for branch in reversed(branches(case.compiled))]
    return tuple(node for node in found if node.children)


def linear_main_effects(weights: Floats, variances: Floats) -> Floats:
    """Return first-order indices (c,) of sum w_i x_i for independent x_i; they sum to 1 and equal the total ones.

    S_i = w_i^2 V_i / sum w_j^2 V_j (Saltelli et al. 2008, Global Sensitivity Analysis: The Primer, ch. 1). All 0
    where nothing varies.
    """
    parts = weights**2 * variances
    total = parts.sum()
    return np.asarray(parts / total) if total > 0 else np.zeros(len(weights))


def correlation_ratios(inputs: Floats, output: Floats) -> Floats:
    """Return V[E(y | x_i)] / V[y] of each column of inputs (n, c) and output (n,), between 0 and 1.

    Draws are sorted by x_i into bins of equal counts; the variance between bins is freed of what chance adds to it
    (Kelley 1935, Proceedings of the National Academy of Sciences 21(9)). 0 for a column or an output that does not
    vary.
    """
    n, c = inputs.shape
    bins = max(2, min(50, int(np.sqrt(n))))
    starts = np.arange(bins) * n // bins
    counts = np.diff(starts, append=n)
    centred = output - output.mean()
    total = float(centred @ centred)
    if np.ptp(output) <= STILL:
        return np.zeros(c)
    sorted_output = centred[np.argsort(inputs, axis=0, kind="stable")]
    sums = np.add.reduceat(sorted_output, starts, axis=0)
    within = 1.0 - (sums**2 / counts[:, None]).sum(axis=0) / total
    ratios = 1.0 - within * (n - 1) / (n - bins)
    return np.where(np.ptp(inputs, axis=0) > STILL, np.clip(ratios, 0.0, 1.0), 0.0)


def _node(case: Prepared, branch: Branch, values: Floats, nodes: Floats) -> NodeWeights:
    """Return the weights of one node from drawn values (n, m) and drawn scores (n, p + 1)."""
    compiled = case.compiled
    leaves = branch.leaves[compiled.weights[branch.leaves] > 0]
    inner = branch.inner[compiled.node_weights[branch.inner] > 0]
    ids = [*(compiled.criteria[i].id for i in leaves), *(compiled.nodes[i].id for i in inner)]
    weights = np.concatenate([compiled.weights[leaves], compiled.node_weights[inner]])
    children, score = np.hstack([values[:, leaves], nodes[:, inner]]), nodes[:, branch.node]
    seen = np.asarray(~np.isnan(children).any(axis=0))
    linear = branch.method.method == "arithmetic"
    reason = None
    shares, effects = np.where(seen, weights, 0.0), np.zeros(len(ids))
    if np.isnan(score).any():
        reason = "it has no score: too little is observed"
    else:
        shares = shares / shares.sum()
        known = np.where(seen, children, 0.0)
        variances = np.where(np.ptp(known, axis=0) > STILL, known.var(axis=0), 0.0)
        effects = linear_main_effects(shares, variances) if linear else correlation_ratios(known, score)
        reason = None if effects.any() else "nothing in it varies"
    roots = np.sqrt(effects)
    rows = []
    for index, name in enumerate(ids):
        shown = reason is None and bool(seen[index])
        effective = float(roots[index] / roots.sum()) if shown else None
        ratio = None if effective is None else effective / float(shares[index])
        rows.append(
            EffectiveWeight(
                id=name,
                kind="criterion" if index < len(leaves) else "pillar",
                declared=float(weights[index]),
                counted=float(shares[index]) if shown else None,
                main_effect=float(effects[index]) if shown else None,
                effective=effective,
                ratio=ratio,
                warning=ratio is not None and ratio > WARN_ABOVE,
            )
        )
    estimate: Literal["closed form", "correlation ratio"] = "closed form" if linear else "correlation ratio"
    return NodeWeights(id=branch.id, estimate=estimate, children=tuple(rows), reason=reason)
