"""Weights by the best-worst method: the best item against all others, and all others against the worst.

Judgements run from 1 (as important) to 9 (extremely more important). B is the best item, W the worst.

Linear model (Rezaei 2016, Omega 64): least xi with |w_B - a_Bj w_j| <= xi and |w_j - a_jW w_W| <= xi: one linear
program. Non-linear model (Rezaei 2015, Omega 53): least xi with |w_B / w_j - a_Bj| <= xi and |w_j / w_W - a_jW| <= xi.
With r = w_B / w_W and x_j = w_j / w_W, a given xi asks of each item
max(a_jW - xi, r / (a_Bj + xi)) <= x_j <= min(a_jW + xi, r / (a_Bj - xi)), and a_BW - xi <= r <= a_BW + xi. So some
weights reach xi if and only if max (a_Bj - xi)(a_jW - xi) <= r <= min (a_Bj + xi)(a_jW + xi) has room, which bisection
finds to the last digit of the machine. For a given r a weight is largest with its own x at the top and the others at
the bottom; between the r at which those ends change their form it is linear-fractional in r, so its extremes lie at
these few r. The tests hold both against linear programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, sqrt

import numpy as np

from assess.documents.errors import UsageError
from assess.documents.validation import nearest
from assess.rubric.measures import Floats
from assess.tuning.elicited import Elicited, Remark, by_name, check_names, refuse, unknown
from assess.tuning.linear import minimise, weight_range

MODELS = {
    "linear": "best-worst method, linear (Rezaei 2016)",
    "nonlinear": "best-worst method, non-linear (Rezaei 2015), centre of the intervals (Rezaei 2016)",
}

ACCEPTED = 0.1
"""Consistency ratio above which judgements should be looked at again; a rule of thumb taken over from AHP."""

ROUNDING = 1e-7
"""A range of weights narrower than this is one point."""

LOOSE = 1e-9
"""How much xi* is let out for the range of the linear model, so that the solver's rounding does not empty it."""

EXACT = 1e-12
"""Numbers closer than this are the same."""


def best_worst_weights(
    names: Sequence[str],
    best: str | None,
    worst: str | None,
    best_to_others: Mapping[str, float],
    others_to_worst: Mapping[str, float],
    model: str = "linear",
) -> Elicited:
    """Return weights with xi*, the consistency ratio, and the range of optimal weights.

    best_to_others: how much the best matters over each item. others_to_worst: how much each item matters over the
    worst. An item against itself may be left out. model: a key of MODELS. Raises UsageError with everything wrong:
    no best or worst, an unknown or missing item, a judgement under 1 or over 9, best or worst against itself off 1,
    the best over the worst judged twice with different numbers.
    """
    if model not in MODELS:
        raise UsageError(f"unknown best-worst model '{model}'; {nearest(model, MODELS)}")
    check_names(names)
    refuse(_problems(names, best, worst, best_to_others, others_to_worst))
    assert best is not None
    assert worst is not None
    over = np.array([1.0 if name == best else best_to_others[name] for name in names], dtype=np.float64)
    under = np.array([1.0 if name == worst else others_to_worst[name] for name in names], dtype=np.float64)
    first, last = names.index(best), names.index(worst)
    deviation = nonlinear_deviation(over, under, first, last)
    if model == "linear":
        weights, xi = linear_weights(over, under, first, last)
        low, high = _linear_range(over, under, first, last, xi, weights)
        meaning = "largest |w_B - a_Bj w_j| or |w_j - a_jW w_W|; 0 is consistent"
    else:
        xi = deviation
        low, high = nonlinear_range(over, under, first, last, xi)
        weights = (low + high) / (low + high).sum()
        meaning = "largest |w_B / w_j - a_Bj| or |w_j / w_W - a_jW|; 0 is consistent"
    remarks = [Remark(f"xi* of the {'linear' if model == 'linear' else 'non-linear'} model", xi, meaning)]
    remarks += _consistency(deviation, float(over[last]))
    strongest = float(over[last])
    beyond = [name for i, name in enumerate(names) if max(over[i], under[i]) > strongest]
    if beyond:
        text = f"judged further apart than best and worst themselves: {', '.join(beyond)}; look at them again"
        remarks.append(Remark("order", float(len(beyond)), text, warning=True))
    remarks.append(Remark("range", text="smallest and largest weight among all that reach xi*"))
    return Elicited(
        MODELS[model], by_name(names, weights), by_name(names, low), by_name(names, high), diagnostics=tuple(remarks)
    )


def linear_weights(over: Floats, under: Floats, best: int, worst: int) -> tuple[Floats, float]:
    """Return the weights (n,) of the linear model and xi*. over, under: a_Bj and a_jW, shape (n,)."""
    rows, room = _linear_rows(over, under, best, worst)
    cost = np.append(np.zeros(len(over)), 1.0)
    found = minimise(cost, np.column_stack([rows, -room]), np.zeros(len(rows)), len(over))
    assert found is not None, "a large enough xi always has weights"
    return np.asarray(found[:-1] / found[:-1].sum()), float(found[-1])


def nonlinear_deviation(over: Floats, under: Floats, best: int, worst: int) -> float:
    """Return xi* of the non-linear model, by bisection. over, under: a_Bj and a_jW, shape (n,)."""

    def possible(xi: float) -> bool:
        least, most = _room(over, under, best, worst, xi)
        return least <= most + EXACT

    if possible(0.0):
        return 0.0
    low, high = 0.0, float(max(over.max(), under.max()))
    while high - low > 1e-15 * high:
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        low, high = (low, middle) if possible(middle) else (middle, high)
    return high


def nonlinear_range(over: Floats, under: Floats, best: int, worst: int, xi: float) -> tuple[Floats, Floats]:
    """Return the smallest and largest weights (n,) of the non-linear model whose ratios lie within xi."""
    inner = _inner(len(over), best, worst)
    a, b = over[inner], under[inner]
    least, most = _room(over, under, best, worst, xi)
    most = max(least, most)
    turns = np.concatenate([(b - xi) * (a + xi), (b + xi) * (a - xi)])
    low, high = np.full(len(over), np.inf), np.zeros(len(over))
    for ratio in (least, most, *turns[(turns > least) & (turns < most)]):
        above = np.divide(ratio, a - xi, out=np.full(len(a), np.inf), where=a > xi)
        bottom, top = np.maximum(b - xi, ratio / (a + xi)), np.minimum(b + xi, above)
        sums = 1.0 + ratio + np.array([bottom.sum(), top.sum()])
        for item, part in ((best, ratio), (worst, 1.0)):
            low[item], high[item] = min(low[item], part / sums[1]), max(high[item], part / sums[0])
        low[inner] = np.minimum(low[inner], bottom / (sums[1] - top + bottom))
        high[inner] = np.maximum(high[inner], top / (sums[0] - bottom + top))
    return low, high


def consistency_index(strongest: float) -> float:
    """Return the largest xi* for a judgement of best over worst, 1-9, to two decimals as in the table of Rezaei 2015.

    The smaller root of xi^2 - (1 + 2 a) xi + (a^2 - a) = 0: for a = 1 to 9 it is 0, .44, 1, 1.63, 2.3, 3, 3.73, 4.47
    and 5.23.
    """
    return round(((1.0 + 2.0 * strongest) - sqrt(8.0 * strongest + 1.0)) / 2.0, 2)


def _consistency(deviation: float, strongest: float) -> list[Remark]:
    index = consistency_index(strongest)
    source = "xi* of the non-linear model over the consistency index of Rezaei 2015"
    if index == 0:
        return [Remark("consistency ratio", None, "none: best and worst matter the same")]
    ratio = deviation / index
    text = f"{source} ({index:g} for best over worst {strongest:g})"
    if ratio > ACCEPTED:
        text += f"; above {ACCEPTED:g}: look at the judgements again"
    return [Remark("consistency ratio", ratio, text, warning=ratio > ACCEPTED)]


def _inner(n: int, best: int, worst: int) -> list[int]:
    return [j for j in range(n) if j not in (best, worst)]


def _room(over: Floats, under: Floats, best: int, worst: int, xi: float) -> tuple[float, float]:
    """Return the smallest and largest w_B / w_W that ratios within xi leave; the first is larger where none does."""
    inner = _inner(len(over), best, worst)
    least = np.maximum(over[inner] - xi, 0.0) * np.maximum(under[inner] - xi, 0.0)
    most = (over[inner] + xi) * (under[inner] + xi)
    direct = float(over[worst])
    return float(max([0.0, direct - xi, *least])), float(min([direct + xi, *most]))


def _linear_range(
    over: Floats, under: Floats, best: int, worst: int, xi: float, optimum: Floats
) -> tuple[Floats, Floats]:
    """Return smallest and largest weights (n,) of the linear model within xi, widened to hold the optimum found."""
    rows, room = _linear_rows(over, under, best, worst)
    found = weight_range(len(over), rows, room * (xi + LOOSE))
    assert found is not None, "the weights that reach xi* exist"
    low, high = found
    single = high - low < ROUNDING
    return np.where(single, optimum, np.minimum(low, optimum)), np.where(single, optimum, np.maximum(high, optimum))


def _linear_rows(over: Floats, under: Floats, best: int, worst: int) -> tuple[Floats, Floats]:
    """Return rows (q, n) with rows w <= xi, and ones (q,)."""
    rows = []
    unit = np.eye(len(over))
    for j in range(len(over)):
        if j != best:
            rows.append(unit[best] - over[j] * unit[j])
        if j not in (best, worst):
            rows.append(unit[j] - under[j] * unit[worst])
    both = np.array(rows + [-row for row in rows])
    return both, np.ones(len(both))


def _problems(
    names: Sequence[str], best: str | None, worst: str | None, over: Mapping[str, float], under: Mapping[str, float]
) -> list[str]:
    problems = []
    for role, item in (("best", best), ("worst", worst)):
        if item is None:
            problems.append(f"the {role} item is missing; name it")
    problems += unknown([item for item in (best, worst) if item is not None], names)
    if best is not None and best == worst:
        problems.append(f"'{best}' cannot be both best and worst; name two items")
    for what, own, judged in (("best to others", best, over), ("others to worst", worst, under)):
        problems += [f"{what}: {text}" for text in unknown(judged, names)]
        for name in names:
            if name in judged:
                value = judged[name]
                if not isfinite(value) or not 1 <= value <= 9:
                    problems.append(f"{what}: '{name}' must be from 1 to 9 (found {value:g})")
                elif name == own and value != 1:
                    problems.append(f"{what}: '{name}' against itself must be 1 (found {value:g})")
            elif name != own:
                problems.append(f"{what}: '{name}' is missing; give every item a number from 1 to 9")
    if best is None or worst is None or best == worst or worst not in over or best not in under:
        return problems
    if abs(over[worst] - under[best]) > EXACT:
        problems.append(
            f"'{best}' over '{worst}' is {over[worst]:g} in best to others and {under[best]:g} in others to worst; "
            f"it is one judgement: give both the same number"
        )
    return problems
