"""From an order to a share: a map with one fitted parameter, its Brier score, and shares expected beside observed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assess.batch.discrimination import Flags
from assess.rubric.measures import Floats

STEPS = 60
"""Halvings of the search for the slope: its error ends far below what could be seen."""
STEEPEST = 20.0
"""Largest slope per standard deviation; only orders that separate the outcomes perfectly would ask for more."""


@dataclass(frozen=True)
class ShareMap:
    """logit(share) = logit(rate) + slope (x - mean) / spread. Only the slope is fitted."""

    rate: float
    """Share of outcomes on the training side, 0-1."""
    mean: float
    spread: float
    slope: float

    def __call__(self, order: Floats) -> Floats:
        """Return the shares, shape (n,), of an order, shape (n,)."""
        return _shares(_logit(self.rate) + self.slope * (order - self.mean) / self.spread)


def fit_share(order: Floats, happened: Flags) -> ShareMap:
    """Return the map fitted to the training side by greatest likelihood (logistic regression, the level held fixed).

    Rate, mean and spread are those of the training side. With a single kind of outcome the slope is 0.
    """
    mean, spread = float(order.mean()), float(order.std()) or 1.0
    rate = (float(happened.sum()) + 0.5) / (len(happened) + 1.0)  # kept off 0 and 1, as by Jeffreys' prior
    if happened.all() or not happened.any():
        return ShareMap(rate, mean, spread, 0.0)
    x, level = (order - mean) / spread, _logit(rate)
    low, high = -STEEPEST, STEEPEST
    for _ in range(STEPS):  # the likelihood has one peak: its slope falls all along
        middle = (low + high) / 2
        if float((x * (happened - _shares(level + middle * x))).sum()) > 0:
            low = middle
        else:
            high = middle
    return ShareMap(rate, mean, spread, (low + high) / 2)


def brier(expected: Floats, happened: Flags) -> float:
    """Return the mean squared distance of shares from outcomes, 0-1, 0 the best (Brier 1950)."""
    return float(((expected - happened) ** 2).mean())


def fifths(expected: Floats, happened: Flags) -> list[tuple[float, float, int, int]]:
    """Return (mean expected, share observed, rows, of them happened) by fifths of the rows in order of expectation."""
    parts = np.array_split(np.argsort(expected, kind="stable"), 5)
    return [
        (float(expected[part].mean()), float(happened[part].mean()), len(part), int(happened[part].sum()))
        for part in parts
        if len(part)
    ]


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _shares(logits: Floats) -> Floats:
    shares: Floats = 1 / (1 + np.exp(-np.clip(logits, -500, 500)))
    return shares
