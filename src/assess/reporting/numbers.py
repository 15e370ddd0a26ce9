"""How a number is shown to a reader: whole, and never on the wrong side of an edge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from assess.rubric.models import Band, CoverageRule

NOTICEABLE = 1e-6
"""Points of a score below which a difference is rounding."""


def whole(score: float, bands: Sequence[Band]) -> int:
    """Return the nearest whole number that lies in the same band as `score` (0-100).

    Rounding never carries a number across a band edge, so a printed number and its rating cannot contradict.
    """
    return _nearest_inside(score, [band.at_least for band in bands])


def percent(share: float) -> str:
    """Return a weight (a share, 0-1) as a whole percentage; one that would round to 0 reads 'under 1 %'."""
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{math.floor(round(share * 100, 7) + 0.5)} %"


def coverage(share: float, rule: CoverageRule) -> str:
    """Return a coverage (a share, 0-1) as a whole percentage.

    It is never rounded up to 100, nor to a threshold of the rubric that it does not reach.
    """
    return f"{_nearest_inside(share * 100, (rule.insufficient_below, rule.provisional_below, 100.0))} %"


def points(gain: float) -> str:
    """Return a gain in points of a score: '+3', 'under 1' for less than a half, 'no gain' for none."""
    if abs(gain) < NOTICEABLE:
        return "no gain"
    whole_points = math.floor(abs(gain) + 0.5)
    return "under 1" if whole_points == 0 else f"{'+' if gain > 0 else '−'}{whole_points}"


def plain(number: float) -> str:
    """Return a number of the rubric (a declared weight, a threshold, a level's value) as it was written."""
    return f"{number:.6g}"


def reading(number: float) -> str:
    """Return a number read in a criterion's own unit, to three figures and without an exponent."""
    if number == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(number))))
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def _nearest_inside(number: float, edges: Iterable[float]) -> int:
    """Return the nearest whole number between the edges around `number`, or the nearest if there is none."""
    number = round(number, 7)  # the kernel forgives rounding errors at its edges; so must we
    known = tuple(edges)
    nearest = math.floor(number + 0.5)
    floor = max((edge for edge in known if edge <= number), default=-math.inf)
    ceiling = min((edge for edge in known if edge > number), default=math.inf)
    if nearest >= ceiling and math.ceil(ceiling) - 1 >= floor:
        return math.ceil(ceiling) - 1
    if nearest < floor and math.ceil(floor) < ceiling:
        return math.ceil(floor)
    return nearest
