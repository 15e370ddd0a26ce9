"""Weights fitted to what happened: labels, ordered classes, preferences and rankings. Pure: arrays in, arrays out.

The score of a row is the weighted mean of its values, s = sum w v, with weights that are non-negative and sum to one.

- *Labels and ordered classes*: the share of rows at or below class k is 1 / (1 + exp(slope s - threshold k)), the
  cumulative logit (McCullagh 1980, "Regression models for ordinal data", JRSS B 42); two classes are the logistic.
- *Preferences*: the share of comparisons that a row wins is 1 / (1 + exp(-slope (s - s of the other))) (Bradley &
  Terry 1952, Biometrika 39).
- *A ranking*: the weights with the least total misordering, by linear programming (Jacquet-Lagreze & Siskos 1982,
  "Assessing a set of additive utility functions", EJOR 10), with the value functions held fixed.

The slope is never negative, so raising a value never lowers the fitted score.

Pull towards the current weights c, for the first two. Each coefficient b_j = slope w_j carries a Gamma prior of shape
1 + prior c_j and rate prior / slope0. That is, minus log prior = prior KL(c || w) + prior (slope / slope0 - log slope):
a Dirichlet prior with its mode at the current weights, and a prior on the slope with its mode at slope0, the slope
that fits best when the weights stay as they are. The sum with minus log likelihood is convex in the coefficients and
thresholds, so there is one optimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats

Likelihood = Literal["labels", "classes", "pairs"]
Kind = Literal["labels", "classes", "pairs", "ranking"]

MARGIN = 1.0
"""Points by which a better place must score above the next one for the ranking to count as met."""

MOST_PAIRS = 50_000
"""Pairs of neighbouring places that a linear program is made of at most."""

LEAST_GAP = 1e-9
"""Least distance of neighbouring thresholds on the scale of the logit."""

GROUND = 1e-10
"""Least coefficient, in units of slope0, of a criterion that the prior keeps above zero."""


@dataclass(frozen=True, eq=False)
class Fit:
    """Fitted weights of one node, and how the score leads to outcomes."""

    weights: Floats
    """Shape (m,), shares that sum to 1."""
    slope: float
    """Log-odds per point of the score, at least 0."""
    thresholds: Floats
    """Shape (classes - 1,), rising, on the scale of slope times score; empty for preferences."""
    log_likelihood: float
    """Of the rows (or comparisons) fitted, without the prior."""

    def at_least(self, score: Floats) -> Floats:
        """Return, for scores (n,), the fitted shares (n, classes - 1) of outcomes above each threshold."""
        return _logistic(self.slope * score[:, None] - self.thresholds)

    def wins(self, difference: Floats) -> Floats:
        """Return, for differences of score (n,), the fitted shares of comparisons won."""
        return _logistic(self.slope * difference)


@dataclass(frozen=True, eq=False)
class Ranked:
    """Weights of one node that reproduce a ranking as well as can be."""

    weights: Floats
    """Shape (m,), shares that sum to 1: the mean of the extreme solutions."""
    low: Floats
    """Least weight among the solutions that are equally good, shape (m,)."""
    high: Floats
    """Greatest weight among the solutions that are equally good, shape (m,)."""
    slack: float
    """Sum over neighbouring places of the points by which the better one falls short of its margin."""


def fit_weights(
    values: Floats,
    outcome: Floats,
    current: Floats,
    prior: float,
    *,
    kind: Likelihood = "labels",
    groups: NDArray[np.intp] | None = None,
    slope0: float | None = None,
    start: Floats | None = None,
) -> Fit:
    """Return the weights of one node's children, fitted to outcomes.

    values: shape (n, m), finite; a weighted mean of the columns is the score. Values on 0-100, logarithms of them for
    a geometric mean, or any other scale on which more is better.
    outcome: shape (n,), numbers; higher is better. Two kinds of it for labels, two or more for classes. For pairs,
    every row is preferred to each row of its group with a lower outcome (the whole table is one group without groups).
    current: shape (m,), the weights to be pulled to, non-negative; they are normalised here.
    prior: strength of the pull, 0 or more; 0 is maximum likelihood with non-negative weights.
    slope0: slope at which the prior on the slope peaks; the best one at the current weights where absent.
    start: shape (m,), weights to begin the search from; the current ones where absent. The optimum is the same.
    Raises `UsageError` for outcomes of one class, no pair, or separated outcomes without a prior.
    """
    current = _shares(current)
    problem = _problem(values, outcome, kind, groups)
    if prior == 0 and _separated(problem):
        raise UsageError(
            "some weights tell the outcomes apart without an error, so the best slope is infinite; "
            "set a prior strength above 0"
        )
    if slope0 is None and prior > 0:
        slope0 = best_slope(values @ current, outcome, kind=kind, groups=groups)
    return _solve(problem, current, prior, slope0 or _unit(problem.rows @ current), current if start is None else start)


def separable(
    values: Floats, outcome: Floats, *, kind: Likelihood = "labels", groups: NDArray[np.intp] | None = None
) -> bool:
    """Tell whether some weights tell the outcomes apart without an error, so that only a prior bounds the slope."""
    return _separated(_problem(values, outcome, kind, groups))


def best_slope(
    score: Floats, outcome: Floats, *, kind: Likelihood = "labels", groups: NDArray[np.intp] | None = None
) -> float:
    """Return the slope, above 0, that fits outcomes best for given scores (n,).

    A weak prior, worth one comparison, with its mode at one unit of log-odds per standard deviation of the score
    keeps it finite where the scores separate the outcomes, and above 0 where they tell nothing.
    """
    return calibrate(score, outcome, kind=kind, groups=groups).slope


def calibrate(
    score: Floats, outcome: Floats, *, kind: Likelihood = "labels", groups: NDArray[np.intp] | None = None
) -> Fit:
    """Return slope and thresholds for given scores (n,), with the weak prior of `best_slope`; its one weight is 1."""
    problem = _problem(score[:, None], outcome, kind, groups)
    return _solve(problem, np.ones(1), 1.0, _unit(problem.rows[:, 0]), np.ones(1))


def pairs_of(
    outcome: Floats, groups: NDArray[np.intp] | None = None, *, neighbours: bool = False
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows (better, worse) of every pair with different outcomes inside a group.

    neighbours: only pairs of outcomes that follow each other in their group, as the places of a ranking do.
    """
    groups = np.zeros(len(outcome), dtype=np.intp) if groups is None else groups
    better: list[NDArray[np.intp]] = [np.empty(0, dtype=np.intp)]
    worse: list[NDArray[np.intp]] = [np.empty(0, dtype=np.intp)]
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        _, place = np.unique(outcome[rows], return_inverse=True)
        step = place[:, None] - place[None, :]
        first, second = np.nonzero(step == 1 if neighbours else step > 0)
        better.append(rows[first])
        worse.append(rows[second])
    return np.concatenate(better), np.concatenate(worse)


def rank_weights(
    values: Floats,
    outcome: Floats,
    current: Floats,
    prior: float,
    *,
    groups: NDArray[np.intp] | None = None,
    ranges: bool = True,
) -> Ranked:
    """Return the weights of one node's children that reproduce a ranking best.

    values: shape (n, m), points. outcome: shape (n,), higher is better; equal outcomes share a place. Minimises, over
    neighbouring places, the sum of max(0, MARGIN - (s better - s worse)), plus prior times the sum of |w - current|:
    with prior 10, a move of one percentage point of weight must mend a tenth of a point of misordering.
    The optimum of a linear program need not be unique: as in UTA, the answer is the mean of the solutions with the
    least and the greatest weight of each child among those equally good. ranges: without them, one optimum is
    returned as it is.
    """
    current = _shares(current)
    better, worse = pairs_of(outcome, groups, neighbours=True)
    if not len(better):
        raise UsageError("the ranking has one place only; at least two are needed")
    if len(better) > MOST_PAIRS:
        raise UsageError(
            f"so many rows share places that there are {len(better):,} pairs of neighbours, over {MOST_PAIRS:,}; "
            "fit them as ordered classes"
        )
    optimize = _optimize()
    m, pairs = len(current), len(better)
    gap = values[better] - values[worse]
    # Variables: weights, distance from the current ones, slack of each pair.
    sparse = import_module("scipy.sparse")
    cost = np.concatenate([np.zeros(m), np.full(m, float(prior)), np.ones(pairs)])
    eye = np.eye(m)
    upper = sparse.block_array(
        [[-gap, None, -sparse.eye_array(pairs)], [eye, -eye, None], [-eye, -eye, None]], format="csr"
    )
    bound = np.concatenate([np.full(pairs, -MARGIN), current, -current])
    whole = np.concatenate([np.ones(m), np.zeros(m + pairs)])[None, :]

    def solved(goal: Floats, rows: Any, limits: Floats) -> Floats:
        found = optimize.linprog(goal, rows, limits, whole, [1.0], method="highs")
        if found.x is None:  # slack can always grow, so only a failure of the solver leads here
            raise UsageError(f"the linear program of the ranking could not be solved: {found.message}")
        return np.asarray(found.x)

    best = solved(cost, upper, bound)
    least = float(cost @ best)
    slack = float(best[2 * m :].sum())
    if not ranges:
        return Ranked(_shares(np.maximum(best[:m], 0.0)), best[:m], best[:m], slack)
    rows = sparse.vstack([upper, sparse.csr_array(cost[None, :])], format="csr")
    limits = np.append(bound, least + 1e-7 * max(1.0, least))
    ends = []
    for column in range(m):
        goal = np.zeros(len(cost))
        goal[column] = 1.0
        ends += [solved(goal, rows, limits)[:m], solved(-goal, rows, limits)[:m]]
    found = np.maximum(np.array(ends), 0.0)
    return Ranked(_shares(found.mean(axis=0)), found.min(axis=0), found.max(axis=0), slack)


@dataclass(frozen=True, eq=False)
class _Problem:
    """Rows to be explained: values with classes 0..k-1, or differences of values that should be positive."""

    rows: Floats
    """Shape (n, m), centred where there are thresholds."""
    centre: Floats
    """What was taken from every row, shape (m,)."""
    classes: NDArray[np.intp] | None
    """Class of each row, from 0 without gaps; None for differences."""

    @property
    def cuts(self) -> int:
        """Number of thresholds."""
        return 0 if self.classes is None else int(self.classes.max())


def _problem(values: Floats, outcome: Floats, kind: Likelihood, groups: NDArray[np.intp] | None) -> _Problem:
    if kind == "pairs":
        better, worse = pairs_of(outcome, groups)
        if not len(better):
            raise UsageError("no group holds two rows with different outcomes; there is nothing to compare")
        return _Problem(values[better] - values[worse], np.zeros(values.shape[1]), None)
    found, classes = np.unique(outcome, return_inverse=True)
    if len(found) < 2:
        raise UsageError("every outcome is of one class; at least two are needed to learn from")
    if kind == "labels" and len(found) > 2:
        raise UsageError(f"labels are of two classes, and there are {len(found)}; use ordered classes")
    centre = values.mean(axis=0)
    return _Problem(values - centre, centre, classes.astype(np.intp))


def _solve(problem: _Problem, current: Floats, prior: float, slope0: float, first: Floats) -> Fit:
    """Minimise minus log likelihood plus the prior, with coefficients in units of slope0."""
    cuts, pull = problem.cuts, prior * current
    rows = problem.rows * slope0
    start = np.concatenate([_even_thresholds(problem), np.maximum(first, GROUND)])
    lower = [-np.inf] * min(cuts, 1) + [LEAST_GAP] * (cuts - 1) + [GROUND if part > 0 else 0.0 for part in pull]

    def target(free: Floats) -> tuple[float, Floats]:
        loss, slope_gradient, gaps_gradient = _loss(rows @ free[cuts:], free[:cuts], problem.classes)
        coefficients = free[cuts:]
        held = pull > 0
        loss += float(prior * coefficients.sum() - pull[held] @ np.log(coefficients[held]))
        gradient = rows.T @ slope_gradient + prior
        gradient[held] -= pull[held] / coefficients[held]
        return loss, np.concatenate([gaps_gradient, gradient])

    options = {"maxiter": 5000, "maxfun": 10_000, "ftol": 1e-14, "gtol": 1e-7, "maxcor": 20}
    found = _optimize().minimize(
        target, start, jac=True, method="L-BFGS-B", bounds=[(low, None) for low in lower], options=options
    )
    coefficients, thresholds = found.x[cuts:], np.cumsum(found.x[:cuts])
    total = float(coefficients.sum())
    weights = coefficients / total if total > 0 else current
    loss, _, _ = _loss(rows @ coefficients, found.x[:cuts], problem.classes)
    slope = total * slope0
    return Fit(weights, slope, thresholds + slope * float(problem.centre @ weights), -loss)


def _loss(reading: Floats, gaps: Floats, classes: NDArray[np.intp] | None) -> tuple[float, Floats, Floats]:
    """Return minus log likelihood, its gradient by row reading (n,), and by first threshold and further gaps.

    For thresholds u above and l below a row, the logistic shares differ by s(u) s(-l) (1 - exp(l - u)).
    """
    if classes is None:
        return float(np.logaddexp(0.0, -reading).sum()), -_logistic(-reading), np.empty(0)
    thresholds = np.cumsum(gaps)
    last = len(thresholds)
    under, over = classes < last, classes > 0
    top = thresholds[np.minimum(classes, last - 1)] - reading
    bottom = thresholds[np.maximum(classes - 1, 0)] - reading
    loss = np.logaddexp(0.0, -top)[under].sum() + np.logaddexp(0.0, bottom)[over].sum()
    by_top = np.where(under, -_logistic(-top), 0.0)
    by_bottom = np.where(over, _logistic(bottom), 0.0)
    by_threshold: Floats = np.zeros(last)
    np.add.at(by_threshold, classes[under], by_top[under])
    np.add.at(by_threshold, classes[over] - 1, by_bottom[over])
    by_gap = np.cumsum(by_threshold[::-1])[::-1].copy()
    inside = np.bincount(classes, minlength=last + 1)[1:last]
    loss -= float(inside @ np.log(-np.expm1(-gaps[1:])))
    by_gap[1:] -= inside / np.expm1(gaps[1:])
    return float(loss), -(by_top + by_bottom), by_gap


def _even_thresholds(problem: _Problem) -> Floats:
    """Return the thresholds that fit when the values tell nothing, as the first one and the gaps after it."""
    if problem.classes is None:
        return np.empty(0)
    below = np.cumsum(np.bincount(problem.classes))[:-1] / len(problem.classes)
    return np.diff(np.log(below / (1.0 - below)), prepend=0.0)


def _separated(problem: _Problem) -> bool:
    """Tell whether non-negative coefficients explain every row, so that no finite slope is the best.

    Quasi-complete separation (Albert & Anderson 1984) by linear programming (Konis 2007): is there a direction in
    which no row's likelihood falls and some row's rises?
    """
    rows = problem.rows / (np.abs(problem.rows).max() or 1.0)
    if problem.classes is None:
        gains = rows
    else:
        cuts, n = problem.cuts, len(rows)
        marks = np.zeros((n, cuts + 1))
        marks[np.arange(n), problem.classes] = 1.0
        over, under = problem.classes > 0, problem.classes < cuts
        gains = np.vstack(
            [np.hstack([rows[over], -marks[over][:, 1:]]), np.hstack([-rows[under], marks[under][:, :-1]])]
        )
    m = rows.shape[1]
    limits = [(0.0, 1.0)] * m + [(-m, m)] * (gains.shape[1] - m)
    found = _optimize().linprog(
        -gains.sum(axis=0), A_ub=-gains, b_ub=np.zeros(len(gains)), bounds=limits, method="highs"
    )
    return bool(found.x is not None and -found.fun > 1e-7)


def _optimize() -> Any:
    """Return scipy's optimisers; UsageError where it is not installed."""
    try:
        return import_module("scipy.optimize")
    except ImportError as error:
        raise UsageError("this needs scipy; install assess-partnerships[tune]") from error


def _unit(score: Floats) -> float:
    """Return the slope of one unit of log-odds per standard deviation of a score; 1 for a score that never varies."""
    spread = float(np.sqrt(np.mean(score**2) - np.mean(score) ** 2)) or float(np.sqrt(np.mean(score**2)))
    return 1.0 / spread if spread > 0 else 1.0


def _logistic(number: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * number)))


def _shares(weights: Floats) -> Floats:
    weights = np.asarray(weights, dtype=np.float64)
    total = float(weights.sum())
    if not total > 0 or (weights < 0).any():
        raise UsageError("the current weights must be non-negative, and one of them positive")
    return weights / total
