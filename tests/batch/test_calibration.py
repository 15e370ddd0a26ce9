"""The map from order to share against scikit-learn's regression, and scores of shares against counts by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from assess.batch.calibration import brier, fifths, fit_share


def _drawn(slope: float, rows: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    order = rng.normal(50, 10, rows)
    chance = 1 / (1 + np.exp(-slope * (order - 50) / 10))
    return order, rng.random(rows) < chance


@pytest.mark.parametrize("slope", [-1.5, 0.0, 0.7])
def test_the_slope_that_made_the_data_is_found(slope: float) -> None:
    order, happened = _drawn(slope)
    found = fit_share(order, happened)
    assert found.slope == pytest.approx(slope, abs=0.12)
    assert found(order).mean() == pytest.approx(happened.mean(), abs=0.02)


def test_the_slope_has_the_greatest_likelihood() -> None:
    order, happened = _drawn(0.7, 300)
    found = fit_share(order, happened)
    level = np.log(found.rate / (1 - found.rate))
    x = (order - found.mean) / found.spread

    def likelihood(slope: float) -> float:
        return float(np.log(np.where(happened, 1, -1) * (1 / (1 + np.exp(-level - slope * x)) - 0.5) + 0.5).sum())

    best = likelihood(found.slope)
    assert best > likelihood(found.slope + 0.01)
    assert best > likelihood(found.slope - 0.01)


def test_one_outcome_or_one_value_only_gives_the_level() -> None:
    order = np.array([1.0, 2.0, 3.0])
    assert np.ptp(fit_share(order, np.array([True] * 3))(order)) == 0
    assert np.isfinite(fit_share(np.ones(4), np.array([True, False, True, True]))(np.ones(4))).all()


def test_a_perfect_order_stays_finite() -> None:
    found = fit_share(np.arange(10.0), np.arange(10) > 4)
    assert np.isfinite(found(np.arange(10.0))).all()


def test_the_brier_score_is_scikit_learns() -> None:
    shares, happened = np.array([0.1, 0.8, 0.4]), np.array([False, True, True])
    assert brier(shares, happened) == pytest.approx(brier_score_loss(happened, shares))


def test_fifths_hold_every_row_once() -> None:
    shares = np.linspace(0, 1, 12)
    parts = fifths(shares, shares > 0.5)
    assert sum(rows for *_, rows, _ in parts) == 12
    assert sum(events for *_, events in parts) == 6
    assert parts[0][:2] == (pytest.approx(shares[:3].mean()), 0.0)
    assert parts[-1][1] == 1.0
