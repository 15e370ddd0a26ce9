"""Global sensitivity: how much of the variance of a score each input and each weight accounts for.

Sobol' indices by the estimators of Saltelli et al. 2010 (Computer Physics Communications 181(2)) as SALib has them,
on a scrambled Sobol' sequence, with bootstrap intervals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from assess.documents.errors import UsageError
from assess.documents.fields import Frozen
from assess.robustness.drawing import DEFAULT, Drawing, drawn_readings
from assess.robustness.weighted import Weights, no_score, overall
from assess.rubric.measures import Floats
from assess.scoring.prepared import Prepared

DEFAULT_N = 512
"""Base sample of a case: with 40 factors 21,504 evaluations."""

RESAMPLES = 100
CONFIDENCE = 0.95
"""Of the bootstrap intervals."""

STILL = 1e-9
"""Range of an output (points) within which it does not vary: rounding only."""


@dataclass(frozen=True, eq=False)
class Indices:
    """First-order and total indices of d factors, with half-widths of their 95 % bootstrap intervals, shape (d,)."""

    first: Floats
    first_half_width: Floats
    total: Floats
    total_half_width: Floats


class Factor(Frozen):
    """One thing that varies. Estimates that leave 0-1 by chance are set to its ends."""

    id: Annotated[str, Field(description="id of the criterion, or of the pillar whose weight it is")]
    kind: Literal["input", "weight"]
    party: Annotated[str | None, Field(description="whose reading it is, where parties are read one by one")]
    first: Annotated[float, Field(description="share of the variance that is its alone")]
    first_low: float
    first_high: float
    total: Annotated[float, Field(description="the same with all its interactions")]
    total_low: float
    total_high: float


class GlobalSensitivity(Frozen):
    """What the variance of the overall score comes from when inputs and pillar weights vary together."""

    factors: Annotated[tuple[Factor, ...], Field(description="the largest total index first")]
    n: Annotated[int, Field(description="base sample")]
    evaluations: int
    seed: int
    confidence: Annotated[float, Field(description="level of the bootstrap intervals")]
    drawing: Annotated[Drawing, Field(description="without conditions on weights, which would tie factors together")]
    reason: Annotated[str | None, Field(description="why there are no indices; null where there are")]


def indices(function: Callable[[Floats], Floats], factors: int, *, n: int, seed: int) -> Indices:
    """Return the Sobol' indices of a function of independent uniform factors.

    function: rows of uniform numbers (r, factors) in [0, 1) to outputs (r,); it turns them into its own inputs by
    inversion, and has no NaN. n: base sample, a power of 2; n (factors + 2) rows are evaluated at once. All 0 for an
    output that does not vary. Raises UsageError for another n, for no factors, or without SALib.
    """
    if n < 2 or n & (n - 1):
        raise UsageError(f"the base sample must be a power of 2, at least 2 (found {n})")
    if factors < 1:
        raise UsageError(f"there must be at least 1 factor (found {factors})")
    if seed < 0:
        raise UsageError(f"the seed must be 0 or a positive whole number (found {seed})")
    output = function(radial_sample(factors, n, seed))
    if np.ptp(output) <= STILL:
        return Indices(*(np.zeros(factors) for _ in range(4)))
    problem = {"num_vars": factors, "names": [str(i) for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    found = _extra("SALib.analyze.sobol").analyze(
        problem,
        output,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        seed=seed + 1,  # SALib takes 0 for no seed
    )
    return Indices(*(np.asarray(found[key], dtype=np.float64) for key in ("S1", "S1_conf", "ST", "ST_conf")))


def radial_sample(factors: int, n: int, seed: int) -> Floats:
    """Return SALib's sample for first-order and total indices, shape (n (factors + 2), factors), in [0, 1).

    For each of n points of two independent tables A and B: A, then A with one column from B at a time, then B
    (Saltelli 2002). The numbers are those of SALib.sample.sobol, which fills them in one by one.
    """
    sequence = _extra("scipy.stats.qmc").Sobol(d=2 * factors, scramble=True, seed=seed).random(n)
    a, b = sequence[:, :factors], sequence[:, factors:]
    sample = np.repeat(a[:, None, :], factors + 2, axis=1)
    column = np.arange(factors)
    sample[:, column + 1, column] = b
    sample[:, -1] = b
    return sample.reshape(-1, factors)


def simplex(uniform: Floats, shapes: Floats) -> Floats:
    """Return weights (r, k) that sum to 1, Dirichlet with shapes (k,), from independent uniform numbers (r, k).

    Each number is turned into a gamma variate by inversion, and the variates are divided by their sum (Devroye 1986,
    Non-Uniform Random Variate Generation, ch. XI.4). Shapes of 1 give exponentials: uniform on the simplex. Weights
    that sum to 1 are not independent; the variates behind them are. So a Sobol' index of a weight is that of its
    variate: of how heavy it is before all are made to sum to 1.
    """
    if (shapes == 1.0).all():
        variates = -np.log1p(-uniform)
    else:
        variates = np.asarray(_extra("scipy.special").gammaincinv(shapes, uniform))
    variates = np.maximum(variates, np.finfo(np.float64).tiny)
    return np.asarray(variates / variates.sum(axis=1, keepdims=True))


def global_sensitivity(case: Prepared, *, seed: int, n: int = DEFAULT_N, how: Drawing = DEFAULT) -> GlobalSensitivity:
    """Return the Sobol' indices of the overall score over the inputs and the weights of the top pillars.

    Inputs without a range are left out, as are those that do not count. Weights are uniform on the simplex, or
    Dirichlet around the declared ones; conditions on them do not bind here, and weights inside pillars stay. Without
    an overall score or without anything that varies there are no factors, and a reason. Raises UsageError for an n
    that is not a power of 2, or a concentration that is not above 0.
    """
    concentration = how.concentration
    if concentration is not None and not 0 < concentration < float("inf"):
        raise UsageError(f"the concentration must be a number above 0 (found {concentration:g})")
    compiled = case.compiled
    counts = (compiled.weights[case.columns] > 0) & ~case.thin[case.columns]
    varied = np.flatnonzero(counts & (case.high - case.low > STILL))
    top = compiled.top[compiled.node_weights[compiled.top] > 0]
    top = top if len(top) > 1 else top[:0]
    k, d = len(varied), len(varied) + len(top)
    reason = no_score(case) or (None if d else "no input and no weight varies")
    shapes = np.ones(len(top)) if concentration is None else concentration * compiled.node_weights[top]

    def score(uniform: Floats) -> Floats:
        readings = np.repeat(case.value[:, None], len(uniform), axis=1)
        spread = np.full(readings.shape, 0.5)
        spread[varied] = uniform[:, :k].T
        readings[varied] = drawn_readings(case, how.inputs, spread)[varied]
        pillars = np.repeat(compiled.node_weights[:, None], len(uniform) if len(top) else 1, axis=1)
        if len(top):
            pillars[top] = simplex(uniform[:, k:], shapes).T
        return overall(case, case.criteria(readings), Weights(compiled.weights[:, None], pillars))

    factors: list[Factor] = []
    if reason is None:
        found = indices(score, d, n=n, seed=seed)
        names = [(case.inputs[i].criterion, case.inputs[i].party) for i in varied]
        names += [(compiled.nodes[i].id, None) for i in top]
        factors = [_factor(found, row, name, party, weight=row >= k) for row, (name, party) in enumerate(names)]
        factors.sort(key=lambda factor: -factor.total)  # stable: ties keep the order of the rubric
    return GlobalSensitivity(
        factors=tuple(factors),
        n=n,
        evaluations=n * (d + 2) if reason is None else 0,
        seed=seed,
        confidence=CONFIDENCE,
        drawing=how.model_copy(update={"conditions": ()}),
        reason=reason,
    )


def _factor(found: Indices, row: int, name: str, party: str | None, *, weight: bool) -> Factor:
    first, total = float(found.first[row]), float(found.total[row])
    first_half, total_half = float(found.first_half_width[row]), float(found.total_half_width[row])

    def share(value: float) -> float:
        return min(1.0, max(0.0, value))

    return Factor(
        id=name,
        kind="weight" if weight else "input",
        party=party,
        first=share(first),
        first_low=share(first - first_half),
        first_high=share(first + first_half),
        total=share(total),
        total_low=share(total - total_half),
        total_high=share(total + total_half),
    )


def _extra(module: str) -> Any:
    """Return a module of the extra that this room needs. Raises UsageError where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise UsageError("global sensitivity needs more packages: install assess-partnerships[robust]") from error
