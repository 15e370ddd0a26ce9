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


@dataclass(frozen=True)
class Scale:
    """Value functions of m columns, ready to be applied to whole tables.

    Segment k of a column adds `slope * clip(x - start, 0, width)`; columns with fewer segments are padded with
    zero slopes, so that no loop over columns is needed.
    """

    base: Floats
    """Value at and below the first breakpoint, shape (m,)."""
    start: Floats
    """Raw number where each segment begins, shape (k, m)."""
    width: Floats
    """Length of each segment in raw units, shape (k, m)."""
    slope: Floats
    """Value per raw unit in each segment, shape (k, m)."""

    @property
    def domain(self) -> tuple[Floats, Floats]:
        """First and last breakpoint of each column, two arrays of shape (m,)."""
        return self.start[0], (self.start + self.width).max(axis=0)

    def values(self, raw: Floats) -> Floats:
        """Return values (n, m) in 0-100 for raw observations (n, m); NaN stays NaN."""
        result = raw - self.start[0]
        np.clip(result, 0.0, self.width[0], out=result)
        result *= self.slope[0]
        result += self.base
        for start, width, slope in zip(self.start[1:], self.width[1:], self.slope[1:], strict=True):
            bent = np.flatnonzero(slope)  # most measures are straight: only the others have further segments
            result[:, bent] += slope[bent] * np.clip(raw[:, bent] - start[bent], 0.0, width[bent])
        return result


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


def compile_scale(columns: Sequence[Breakpoints]) -> Scale:
    """Return the value functions of several columns as arrays. Straight runs are merged into one segment."""
    merged = [_merge_straight(points) for points in columns]
    segments = max((len(points) for points in merged), default=2) - 1
    shape = (segments, len(merged))
    start, width, slope = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    base = np.array([points[0][1] for points in merged], dtype=np.float64)
    for column, points in enumerate(merged):
        for k, ((x0, v0), (x1, v1)) in enumerate(zip(points, points[1:], strict=False)):
            start[k, column], width[k, column], slope[k, column] = x0, x1 - x0, (v1 - v0) / (x1 - x0)
        start[len(points) - 1 :, column] = points[-1][0]
    return Scale(base, start, width, slope)


def value_of(breakpoints: Breakpoints, raw: float) -> float:
    """Return the value 0-100 of one raw observation."""
    return float(compile_scale([breakpoints]).values(np.array([[raw]]))[0, 0])


def checklist_share(items: Sequence[ChecklistItem], answers: Mapping[str, str]) -> tuple[float | None, float, float, float]:
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
