"""How well fitted scores tell outcomes they have not seen: folds, log loss, Brier score, AUC, calibration.

Log loss and Brier score (Brier 1950, Monthly Weather Review 78; the mean square, so from 0 to 1) are over events: for
labels, one a row; for ordered classes, one a row and cut between classes; for preferences, one a comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.rubric.measures import Floats
from assess.tuning.fitting import Fit, Kind, pairs_of

Rows = NDArray[np.intp]

FOLDS = 5
BINS = 10
LEAST_IN_BIN = 20
"""Events in a bin of the calibration table, so that an observed share means something."""

Z95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Events:
    """What was expected of held-out rows, and what happened."""

    expected: Floats
    """Shape (e,), 0-1."""
    happened: Floats
    """Shape (e,), 0 or 1."""
    row: Rows
    """Row of the table that each event belongs to, shape (e,); of the better one for comparisons."""

    def losses(self) -> Floats:
        """Return the log loss of each event (e,)."""
        likely = np.where(self.happened > 0, self.expected, 1.0 - self.expected)
        return np.asarray(-np.log(np.maximum(likely, 1e-15)))

    def brier(self) -> float:
        """Return the mean square of expected less happened."""
        return float(np.mean((self.expected - self.happened) ** 2))


@dataclass(frozen=True)
class Bin:
    """One line of the calibration table."""

    events: int
    expected: float
    """Mean expected share, 0-1."""
    observed: float
    """Share that happened, 0-1."""
    low: float
    """Of the 95 % interval of the observed share (Wilson 1927), as if events were independent."""
    high: float


def folds(outcome: Floats, kind: Kind, groups: Rows | None, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """Yield (training rows, held-out rows) of five folds in a random order; no group is on both sides.

    For labels and classes each fold holds about the same share of every class.
    """
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    classed = kind in ("labels", "classes")
    if groups is None:
        plain = StratifiedKFold if classed else KFold
        splits = plain(FOLDS, shuffle=True, random_state=seed).split(outcome, outcome)
    elif classed:
        splits = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(outcome, outcome, groups)
    else:
        splits = GroupKFold(FOLDS, shuffle=True, random_state=seed).split(outcome, outcome, groups)
    for training, held in splits:
        yield np.asarray(training, dtype=np.intp), np.asarray(held, dtype=np.intp)


def forward(time: Floats, groups: Rows | None) -> Iterator[tuple[Rows, Rows]]:
    """Yield (training rows, held-out rows) going forward in time: everything before a span, then the span.

    Five spans of about as many rows, the first for training only; rows of one moment stay together. A group that
    reaches into the held-out span is taken from the training rows.
    """
    moments, counts = np.unique(time, return_counts=True)
    before = np.cumsum(counts) - counts
    span = np.minimum(before * FOLDS // len(time), FOLDS - 1)
    of_row = span[np.searchsorted(moments, time)]
    for number in np.unique(span)[1:]:
        held = np.flatnonzero(of_row == number)
        earlier = of_row < number
        if groups is not None:
            earlier &= ~np.isin(groups, groups[held])
        yield np.flatnonzero(earlier), held


def events_of(
    fit: Fit, levels: Floats, score: Floats, outcome: Floats, kind: Kind, groups: Rows | None, rows: Rows
) -> Events:
    """Return the events of held-out rows.

    fit: slope and thresholds from the training rows, whose distinct outcomes, rising, are `levels`. score, outcome,
    groups: of the held-out rows, whose places in the table are `rows`.
    """
    if kind in ("pairs", "ranking"):
        better, worse = pairs_of(outcome, groups)
        return Events(fit.wins(score[better] - score[worse]), np.ones(len(better)), rows[better])
    happened = (outcome[:, None] > levels[None, :-1]).astype(np.float64)
    return Events(fit.at_least(score).ravel(), happened.ravel(), np.repeat(rows, len(levels) - 1))


def base_events(levels: Floats, training: Floats, like: Events, kind: Kind) -> Events:
    """Return the same events expected at the training rows' base rate; comparisons at one half."""
    if kind in ("pairs", "ranking"):
        return Events(np.full(len(like.row), 0.5), like.happened, like.row)
    rates = (training[:, None] > levels[None, :-1]).mean(axis=0)
    return Events(np.tile(rates, len(like.row) // len(rates)), like.happened, like.row)


def joined(parts: list[Events]) -> Events:
    """Return the events of several folds as one."""
    return Events(
        np.concatenate([part.expected for part in parts]),
        np.concatenate([part.happened for part in parts]),
        np.concatenate([part.row for part in parts]),
    )


def concordance(score: Floats, outcome: Floats, groups: Rows | None = None) -> tuple[float, int]:
    """Return the share of pairs with different outcomes whose scores are in the same order, and the number of pairs.

    Ties count half. For two classes it is the area under the ROC curve (Hanley & McNeil 1982). NaN without a pair.
    groups: only pairs inside a group count.
    """
    right, pairs = 0.0, 0
    codes = np.zeros(len(score), dtype=np.intp) if groups is None else groups
    for group in np.unique(codes):
        mine = codes == group
        for level in np.unique(outcome[mine])[1:]:
            upper = score[mine & (outcome == level)]
            lower = np.sort(score[mine & (outcome < level)])
            below = np.searchsorted(lower, upper, side="left")
            ties = np.searchsorted(lower, upper, side="right") - below
            right += float(below.sum() + 0.5 * ties.sum())
            pairs += len(upper) * len(lower)
    return (right / pairs if pairs else float("nan")), pairs


def calibration(events: Events, kind: Kind) -> tuple[Bin, ...]:
    """Return up to ten bins of events by expected share, of about the same size.

    Comparisons are turned so that the one expected to win comes first: their shares begin at one half.
    """
    expected, happened = events.expected, events.happened
    if kind in ("pairs", "ranking"):
        turned = expected < 0.5
        happened = np.where(turned, 1.0 - happened, happened)
        expected = np.where(turned, 1.0 - expected, expected)
    order = np.argsort(expected, kind="stable")
    number = int(np.clip(len(order) // LEAST_IN_BIN, 1, BINS))
    bins = []
    for part in np.array_split(order, number):
        observed = float(happened[part].mean())
        low, high = wilson(observed, len(part))
        bins.append(Bin(len(part), float(expected[part].mean()), observed, low, high))
    return tuple(bins)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927, JASA 22)."""
    middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def difference(
    first: Events, second: Events, groups: Rows, seed: int, resamples: int = 2000
) -> tuple[float, float, float]:
    """Return the mean log loss of the first events less that of the second, with its 95 % bootstrap interval.

    groups: number of the group of each row of the table, from 0; whole groups are drawn again.
    """
    step = first.losses() - second.losses()
    _, group = np.unique(groups[first.row], return_inverse=True)
    sums, sizes = np.bincount(group, step), np.bincount(group)
    draws = np.random.default_rng(seed).integers(len(sums), size=(resamples, len(sums)))
    means = sums[draws].sum(axis=1) / sizes[draws].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(step.mean()), float(low), float(high)
