"""How far several assessors agree, on a case or on weights, and one answer made of theirs.

Agreement is not truth: assessors can agree on what is wrong, and a median hides a split. So the disagreement is
reported by criterion, with the names of those who stand apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from assess.documents.errors import UsageError
from assess.documents.validation import nearest
from assess.rubric.measures import Floats

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
Scale = Literal["level", "value", "share"]

DEFAULT_METRIC: Mapping[Scale, Metric] = {"level": "ordinal", "value": "interval", "share": "ratio"}
"""What differences mean, by scale: order for levels, distance for values 0-100, proportion for weights."""

DRAWS = 1000
SEED = 20260101
INTERVAL = 95.0
"""Percent of the bootstrap draws that the interval of alpha holds."""

RELIABLE, TENTATIVE = 0.8, 0.667
"""Alpha from which conclusions rest on the readings, and from which at most tentatively (Krippendorff 2004, p. 241)."""

FEW_UNITS = 10
"""With fewer units than this the interval of alpha is itself uncertain."""


@dataclass(frozen=True, eq=False)
class Panel:
    """What k assessors said on n units: criteria of a case, criteria by party, or children of a node."""

    assessors: tuple[str, ...]
    units: tuple[str, ...]
    readings: Floats
    """Shape (k, n), NaN where an assessor gave none: levels 0-4, values 0-100 or shares 0-1."""
    scale: Scale


@dataclass(frozen=True)
class Pair:
    """Two assessors on the units both have read."""

    first: str
    second: str
    units: int
    linear: float | None
    """Weighted kappa; None where neither varies, so that nothing could be expected by chance."""
    quadratic: float | None


@dataclass(frozen=True)
class Spot:
    """One unit of the disagreement map."""

    unit: str
    readings: Mapping[str, float]
    """By assessor; those who gave none are absent."""
    median: float
    low: float
    high: float
    apart: tuple[str, ...]
    """Those farthest from the median; empty where all agree."""

    @property
    def spread(self) -> float:
        """Highest less lowest reading."""
        return self.high - self.low


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far a panel agrees."""

    panel: Panel
    metric: Metric
    alpha: float | None
    """Krippendorff's alpha: 1 is full agreement, 0 what chance would give; None where it is not defined."""
    low: float | None
    high: float | None
    """95 % bootstrap interval over units; None where too few draws have an alpha."""
    draws: int
    seed: int
    defined: int
    """Draws in which alpha is defined."""
    reason: str | None
    """Why there is no alpha."""
    pairs: tuple[Pair, ...]
    spots: tuple[Spot, ...]
    """Widest spread first, then the order of the units; units with a single reading are left out."""
    single: tuple[str, ...]
    """Units that only one assessor has read: they say nothing about agreement."""


def agreement(panel: Panel, metric: Metric | None = None, draws: int = DRAWS, seed: int = SEED) -> Agreement:
    """Return how far a panel agrees. metric: that of the scale where absent.

    Raises UsageError for fewer than two assessors, an assessor named twice, no unit that two have read, an unknown
    metric, or a ratio metric for anything but shares.
    """
    if metric is not None and metric not in get_args(Metric):
        raise UsageError(f"unknown metric '{metric}'; {nearest(metric, get_args(Metric))}")
    if metric == "ratio" and panel.scale != "share":
        raise UsageError(f"a {panel.scale} has no true zero, so ratios mean nothing; use interval or ordinal")
    if len(panel.assessors) < 2:
        raise UsageError(f"agreement needs at least two assessors (found {len(panel.assessors)})")
    twice = sorted({name for name in panel.assessors if panel.assessors.count(name) > 1})
    if twice:
        raise UsageError(f"assessors named twice: {', '.join(twice)}; give each a name of their own")
    counts = np.isfinite(panel.readings).sum(axis=0)
    if not (counts > 1).any():
        raise UsageError("no unit has been read by two assessors, so there is nothing to compare")
    chosen = metric or DEFAULT_METRIC[panel.scale]
    value = alpha(panel.readings, chosen)
    low, high, defined = (None, None, 0) if value is None else _interval(panel.readings, chosen, draws, seed)
    reason = "all readings are the same, so chance explains them as well as agreement does" if value is None else None
    return Agreement(
        panel=panel,
        metric=chosen,
        alpha=value,
        low=low,
        high=high,
        draws=draws,
        seed=seed,
        defined=defined,
        reason=reason,
        pairs=tuple(
            _pair(panel, i, j)
            for i, j in combinations(range(len(panel.assessors)), 2)
            if np.isfinite(panel.readings[[i, j]]).all(axis=0).any()
        ),
        spots=tuple(sorted(_spots(panel), key=lambda spot: -round(spot.spread, 12))),
        single=tuple(unit for unit, count in zip(panel.units, counts, strict=True) if count == 1),
    )


def alpha(readings: Floats, metric: Metric) -> float | None:
    """Return Krippendorff's alpha of readings (k, n), NaN where there is none; None where all pairs are the same.

    Krippendorff 2004, Content Analysis, 2nd edition, chapter 11; computed by the package `krippendorff`.
    """
    shared = readings[:, np.isfinite(readings).sum(axis=0) > 1]
    if len(np.unique(shared[np.isfinite(shared)])) < 2:
        return None
    try:
        import krippendorff
    except ImportError:
        raise UsageError("this needs krippendorff; install assess-partnerships[tune]") from None
    return float(krippendorff.alpha(reliability_data=shared, level_of_measurement=metric))


def weighted_kappa(first: Floats, second: Floats, power: int) -> float | None:
    """Return weighted kappa of readings (n,) and (n,): 1 - mean |a_i - b_i|^p / mean over all i, j of |a_i - b_j|^p.

    Cohen 1968, Psychological Bulletin 70(4), with disagreement weights |a - b| (power 1, linear) or its square
    (power 2). None where both readers give one and the same reading throughout.
    """
    expected = float(np.mean(np.abs(first[:, None] - second[None, :]) ** power))
    return None if expected == 0 else 1.0 - float(np.mean(np.abs(first - second) ** power)) / expected


def geometric_shares(shares: Floats) -> Floats:
    """Return the geometric mean of shares (k, n) over assessors, put back to sum 1, shape (n,).

    The one mean that keeps ratios and their reciprocals (Aczel & Saaty 1983, Journal of Mathematical Psychology
    27(1)). A share of 0 makes the mean 0. Raises UsageError where that leaves nothing.
    """
    positive = (shares > 0).all(axis=0)
    if not positive.any():
        raise UsageError("every item has a weight of 0 from someone, so no geometric mean exists; settle them first")
    means = np.where(positive, np.exp(np.log(np.where(shares > 0, shares, 1.0)).mean(axis=0)), 0.0)
    return np.asarray(means / means.sum(), dtype=np.float64)


def geometric_matrix(matrices: Sequence[Floats]) -> Floats:
    """Return the geometric mean of comparison matrices (n, n), entry by entry over those who judged the pair.

    Aczel & Saaty 1983, as above: of all ways to merge, this keeps the matrix reciprocal. NaN where nobody judged.
    """
    logs = np.log(np.array(matrices))
    known = ~np.isnan(logs)
    count = known.sum(axis=0)
    total = np.where(known, logs, 0.0).sum(axis=0)
    return np.where(count > 0, np.exp(total / np.maximum(count, 1)), np.nan)


def _interval(readings: Floats, metric: Metric, draws: int, seed: int) -> tuple[float | None, float | None, int]:
    """Return the 95 % percentile interval of alpha over draws of units with replacement, and how many have an alpha.

    As in Zapf, Castell, Morawietz & Karch 2016, BMC Medical Research Methodology 16:93. No interval where under half
    of the draws have an alpha.
    """
    shared = readings[:, np.isfinite(readings).sum(axis=0) > 1]
    drawn = np.random.default_rng(seed).integers(shared.shape[1], size=(draws, shared.shape[1]))
    found = [value for row in drawn if (value := alpha(shared[:, row], metric)) is not None]
    if len(found) * 2 < draws or shared.shape[1] < 2:
        return None, None, len(found)
    tail = (100.0 - INTERVAL) / 2.0
    low, high = np.percentile(found, [tail, 100.0 - tail])
    return float(low), float(high), len(found)


def _pair(panel: Panel, i: int, j: int) -> Pair:
    both = np.isfinite(panel.readings[[i, j]]).all(axis=0)
    first, second = panel.readings[i, both], panel.readings[j, both]
    return Pair(
        panel.assessors[i],
        panel.assessors[j],
        int(both.sum()),
        weighted_kappa(first, second, 1),
        weighted_kappa(first, second, 2),
    )


def _spots(panel: Panel) -> list[Spot]:
    spots = []
    for column, unit in enumerate(panel.units):
        given = {
            name: float(reading)
            for name, reading in zip(panel.assessors, panel.readings[:, column], strict=True)
            if np.isfinite(reading)
        }
        if len(given) < 2:
            continue
        numbers = list(given.values())
        median = float(np.median(numbers))
        farthest = max(abs(number - median) for number in numbers)
        apart = tuple(
            name for name, number in given.items() if farthest > 1e-9 and abs(number - median) >= farthest - 1e-9
        )
        spots.append(Spot(unit, given, median, min(numbers), max(numbers), apart))
    return spots
