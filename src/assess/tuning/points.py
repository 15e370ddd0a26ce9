"""Weights from points: handed out directly, or given to swings from worst to best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np

from assess.robustness.sampling import Constraint
from assess.rubric.measures import Floats
from assess.tuning.elicited import Elicited, Remark, by_name, check_names, check_numbers, refuse
from assess.tuning.ranks import rank_weights
from assess.tuning.statements import DRAWS, statement_weights

TOP = 100.0
"""Points of the swing that matters most."""

SWING = "swing weighting (von Winterfeldt & Edwards 1986)"


def point_weights(names: Sequence[str], points: Mapping[str, float]) -> Elicited:
    """Return weights in proportion to points, 0 or more (direct rating). Raises UsageError with everything wrong."""
    check_names(names)
    refuse(check_numbers(points, names, "the number of points"))
    return Elicited("direct points", _shares(names, points), diagnostics=_zeros(names, points))


def swing_weights(names: Sequence[str], points: Mapping[str, float]) -> Elicited:
    """Return weights from the value of moving each item from its worst to its best, the most valuable being 100.

    von Winterfeldt & Edwards 1986, Decision Analysis and Behavioral Research, ch. 8. Raises UsageError with everything
    wrong, also where no swing has 100 points or one has more.
    """
    check_names(names)
    refuse(check_numbers(points, names, "the number of points"))
    refuse(_off_top({name: points[name] for name in names}))
    return Elicited(SWING, _shares(names, points), diagnostics=_zeros(names, points))


def swing_ranks(order: Sequence[str | Sequence[str]], formula: str = "rank_order_centroid") -> Elicited:
    """Return weights from the order of the swings alone, the most valuable first, by a formula of `ranks.FORMULAS`."""
    found = rank_weights(order, formula)
    return replace(found, method=f"ordinal {SWING}, {found.method}")


def swing_intervals(
    names: Sequence[str], low: Mapping[str, float], high: Mapping[str, float], *, draws: int = DRAWS, seed: int = 1
) -> Elicited:
    """Return the centre and range of weights from swings that are known from low to high points only.

    Points p_i in [low_i, high_i] give w_i = p_i / sum p. Those weights are the ones with w_i low_j <= w_j high_i for
    each pair, so their centre is found as for statements; the range is low_i / (low_i + sum of the others' high) to
    high_i / (high_i + sum of the others' low). Raises UsageError with everything wrong.
    """
    check_names(names)
    problems = check_numbers(low, names, "the low number of points")
    problems += check_numbers(high, names, "the high number of points")
    refuse(problems)
    problems = [
        f"'{name}': the low number of points {low[name]:g} is above the high one {high[name]:g}; swap them"
        for name in names
        if low[name] > high[name]
    ]
    refuse(problems or _off_top({name: high[name] for name in names}))
    least, most = (np.array([ends[name] for name in names], dtype=np.float64) for ends in (low, high))
    found = statement_weights(names, _pairs(names, least, most), draws=draws, seed=seed)
    bottom = least / (least + most.sum() - most)
    peak = np.divide(most, most + least.sum() - least, out=np.zeros(len(names)), where=most > 0)
    centre = np.clip([found.weights[name] for name in names], bottom, peak)
    return Elicited(
        f"interval {SWING}, mean of even draws over all weights the points allow",
        by_name(names, centre / centre.sum()),
        by_name(names, bottom),
        by_name(names, peak),
        (
            *(remark for remark in found.diagnostics if remark.name != "range"),
            Remark("range", None, "smallest and largest weight that any points inside the intervals give"),
        ),
    )


def _shares(names: Sequence[str], points: Mapping[str, float]) -> dict[str, float]:
    total = sum(points[name] for name in names)
    refuse([] if total > 0 else ["all points are 0; give points to one item at least"])
    return {name: points[name] / total for name in names}


def _zeros(names: Sequence[str], points: Mapping[str, float]) -> tuple[Remark, ...]:
    none = [name for name in names if points[name] == 0]
    if not none:
        return ()
    return (Remark("no weight", float(len(none)), f"0 points: {', '.join(none)} would not count at all", warning=True),)


def _off_top(points: Mapping[str, float]) -> list[str]:
    above = [f"'{name}' ({number:g})" for name, number in points.items() if number > TOP]
    if above:
        return [f"the swing that matters most has 100 points and none has more; found {', '.join(above)}"]
    if max(points.values()) < TOP:
        return ["no swing has 100 points; give 100 to the one that matters most and rate the others against it"]
    return []


def _pairs(names: Sequence[str], low: Floats, high: Floats) -> list[Constraint]:
    """Return w_i low_j <= w_j high_i for each pair."""
    rows = []
    for i, j in permutations(range(len(names)), 2):
        row = np.zeros(len(names))
        row[i], row[j] = low[j], -high[i]
        name = f"{names[i]} at most {high[i]:g} points, {names[j]} at least {low[j]:g}"
        rows.append(Constraint(name, tuple(map(float, row)), 0.0))
    return rows
