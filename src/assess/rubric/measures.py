"""Value functions: the one path from a raw observation to a value on 0-100.

Every measure is a piecewise-linear function over fixed breakpoints (Belton & Stewart 2002, ch. 5), flat outside
them, so that values are absolute: adding a case never changes another's. Levels run over the rubric's
`level_values`, numbers over the criterion's breakpoints, and checklists over the percentage of items met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.rubric.models import Checklist, ChecklistItem, Measure, Quantitative

Floats = NDArray[np.float64]
Breakpoints = Sequence[tuple[float, float]]

ANSWER_VALUE: Mapping[str, float] = {"yes": 1.0, "partial": 0.5, "no": 0.0}


@dataclass(frozen=True, eq=False)
class Values:
    """A table of values in the form the kernel works on: a row a criterion, so that every pass is contiguous."""

    filled: Floats
    """Shape (m, n), 0-100, with 0 where there is no observation."""
    gaps: Floats | None
    """Shape (m, n), 1 where there is no observation, else 0; None when nothing is missing."""

    @classmethod
    def of(cls, values: Floats) -> Values:
        """Return the table for values (n, m) with NaN where there is no observation."""
        by_criterion = values.T
        missing = np.isnan(by_criterion)
        if not missing.any():
            return cls(np.ascontiguousarray(by_criterion), None)
        return cls(np.where(missing, 0.0, by_criterion), missing.astype(np.float64))

    def with_nan(self) -> Floats:
        """Return the values (n, m) with NaN where there is no observation."""
        return (self.filled if self.gaps is None else np.where(self.gaps > 0, np.nan, self.filled)).T


@dataclass(frozen=True, eq=False)
class Scale:
    """Value functions of m columns, ready to be applied to whole tables.

    Straight columns run in one line and are never read outside it (levels, checklists), so that line is all there is.
    The others are clipped to their breakpoints and bent by hinges: v = offset + rise x + sum of turn max(x, at).
    Columns with fewer bends are padded with turns of 0, so that no loop over columns is needed.
    """

    slope: Floats
    """Value per raw unit of the straight columns, 0 for the others, shape (m,)."""
    intercept: Floats
    """Value of the straight columns at raw 0, shape (m,)."""
    bent: NDArray[np.intp]
    """The columns that are not straight, shape (b,)."""
    first: Floats
    """First breakpoint of the bent columns, shape (b, 1)."""
    last: Floats
    """Last breakpoint of the bent columns, shape (b, 1)."""
    offset: Floats
    """Constant of the bent columns, shape (b, 1)."""
    rise: Floats
    """Value per raw unit of the bent columns before their first bend, shape (b, 1)."""
    at: Floats
    """Raw number of each bend, shape (k, b, 1)."""
    turn: Floats
    """Change of value per raw unit at each bend, shape (k, b, 1)."""

    def values(self, raw: Floats, out: Floats | None = None) -> Values:
        """Return the values of raw observations (n, m), NaN where there is none; `out` (2, m, n) is memory to reuse."""
        filled, gaps = np.empty((2, *raw.shape[::-1])) if out is None else out
        np.copyto(filled, raw.T)
        # Worked in place, pass by pass: at a million rows the cost of a table is the memory it walks through.
        missing = np.isnan(filled)
        bent = self._bend(filled[self.bent])
        filled *= self.slope[:, None]
        if self.intercept.any():
            filled += self.intercept[:, None]
        np.fmax(filled, 0.0, out=filled)  # takes the number where the other is NaN: a gap becomes 0
        filled[self.bent] = bent
        if not missing.any():
            return Values(filled, None)
        np.copyto(gaps, missing)
        return Values(filled, gaps)

    def _bend(self, raw: Floats) -> Floats:
        """Return the values (b, n) of the bent columns, 0 for NaN; works in `raw` (b, n)."""
        np.maximum(raw, self.first, out=raw)
        np.minimum(raw, self.last, out=raw)
        result = raw * self.rise
        result += self.offset
        part = np.empty_like(raw)
        for at, turn in zip(self.at, self.turn, strict=True):
            np.maximum(raw, at, out=part)
            part *= turn
            result += part
        np.fmax(result, 0.0, out=result)
        return np.minimum(result, 100.0, out=result)


def breakpoints_of(measure: Measure, level_values: Sequence[float]) -> Breakpoints:
    """Return the breakpoints of a measure: (raw, value) pairs, raw rising."""
    if isinstance(measure, Quantitative):
        return measure.breakpoints
    if isinstance(measure, Checklist):
        return ((0.0, 0.0), (100.0, 100.0))
    return level_breakpoints(level_values)


def level_breakpoints(level_values: Sequence[float]) -> Breakpoints:
    """Return the breakpoints of an anchored reading: levels 0 to 4."""
    return [(float(level), value) for level, value in enumerate(level_values)]


def compile_scale(columns: Sequence[Breakpoints], within: Sequence[bool] | None = None) -> Scale:
    """Return the value functions of several columns as arrays. Straight runs are merged into one segment.

    within: whether each column never leaves its first and last breakpoint, as levels and checklists never do.
    """
    within = [False] * len(columns) if within is None else within
    merged = [_merge_straight(points) for points in columns]
    slope, intercept = np.zeros(len(merged)), np.zeros(len(merged))
    bent: list[int] = []
    for column, points in enumerate(merged):
        (x0, v0), (x1, v1) = points[0], points[-1]
        if within[column] and len(points) == 2:
            slope[column] = (v1 - v0) / (x1 - x0)
            intercept[column] = v0 - slope[column] * x0
        else:
            bent.append(column)
    bends = max((len(merged[column]) for column in bent), default=2) - 2
    first, last, offset, rise = (np.zeros((len(bent), 1)) for _ in range(4))
    at, turn = np.zeros((bends, len(bent), 1)), np.zeros((bends, len(bent), 1))
    for index, column in enumerate(bent):
        numbers, values = np.array(merged[column], dtype=np.float64).T
        slopes = np.diff(values) / np.diff(numbers)
        turns = np.diff(slopes)
        first[index], last[index], rise[index] = numbers[0], numbers[-1], slopes[0]
        at[: len(turns), index, 0], turn[: len(turns), index, 0] = numbers[1:-1], turns
        offset[index] = values[0] - slopes[0] * numbers[0] - turns @ numbers[1:-1]
    return Scale(slope, intercept, np.array(bent, dtype=np.intp), first, last, offset, rise, at, turn)


def value_of(breakpoints: Breakpoints, raw: float) -> float:
    """Return the value 0-100 of one raw observation."""
    return float(compile_scale([breakpoints]).values(np.array([[raw]])).filled[0, 0])


def checklist_share(
    items: Sequence[ChecklistItem], answers: Mapping[str, str]
) -> tuple[float | None, float, float, float]:
    """Return (best, low, high, known) of a checklist: percentages of items met, and the known share 0-1.

    Yes counts 1, partial 0.5, no 0; critical items count double. Unknown items leave the best value and are set
    to no and to yes for low and high. Best is None when nothing is known.
    """
    weights = [2.0 if item.critical else 1.0 for item in items]
    total = sum(weights)
    met = known = 0.0
    for item, weight in zip(items, weights, strict=True):
        answer = answers.get(item.id, "unknown")
        if answer in ANSWER_VALUE:
            met += weight * ANSWER_VALUE[answer]
            known += weight
    low, high = 100.0 * met / total, 100.0 * (met + total - known) / total
    return (100.0 * met / known if known else None), low, high, known / total


def _merge_straight(points: Breakpoints) -> list[tuple[float, float]]:
    kept = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        rise_in = (here[1] - before[1]) * (after[0] - here[0])
        rise_out = (after[1] - here[1]) * (here[0] - before[0])
        if rise_in != rise_out:
            kept.append(here)
    kept.append(points[-1])
    return kept
