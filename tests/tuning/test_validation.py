"""Held-out checks: against scikit-learn and SciPy, and folds that keep groups and time apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.tuning.fitting import calibrate
from assess.tuning.validation import (
    Events,
    base_events,
    calibration,
    concordance,
    difference,
    events_of,
    folds,
    forward,
    joined,
    wilson,
)


def events(n: int = 400, seed: int = 0) -> Events:
    random = np.random.default_rng(seed)
    expected = random.uniform(0.05, 0.95, n)
    return Events(expected, (random.random(n) < expected).astype(float), np.arange(n))


def test_log_loss_brier_and_auc_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

    some = events()
    assert some.losses().mean() == pytest.approx(log_loss(some.happened, some.expected), rel=1e-12)
    assert some.brier() == pytest.approx(brier_score_loss(some.happened, some.expected), rel=1e-12)
    rounded = some.expected.round(1)  # ties
    assert concordance(rounded, some.happened)[0] == pytest.approx(roc_auc_score(some.happened, rounded), rel=1e-12)


def test_wilsons_interval_is_that_of_scipy() -> None:
    from scipy.stats import binomtest

    for happened, n in ((0, 20), (7, 20), (20, 20), (130, 400)):
        known = binomtest(happened, n).proportion_ci(0.95, "wilson")
        assert wilson(happened / n, n) == pytest.approx((known.low, known.high), abs=1e-12)


def test_concordance_by_hand_and_inside_groups() -> None:
    score, outcome = np.array([1.0, 2.0, 3.0, 3.0]), np.array([0.0, 2.0, 1.0, 2.0])
    assert concordance(score, outcome) == (pytest.approx(3.5 / 5), 5)
    assert concordance(score, outcome, np.array([0, 0, 1, 1])) == (pytest.approx(1.5 / 2), 2)
    assert np.isnan(concordance(score, np.zeros(4))[0])


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_folds_hold_every_row_once_and_part_no_group(seed: int) -> None:
    random = np.random.default_rng(seed)
    outcome, groups = (random.random(80) < 0.4).astype(float), random.integers(0, 20, 80)
    for kind in ("labels", "ranking"):
        for codes in (None, groups):
            held = []
            for training, out in folds(outcome, kind, codes, seed):  # type: ignore[arg-type]
                assert not set(training) & set(out)
                if codes is not None:
                    assert not set(codes[training]) & set(codes[out])
                held += out.tolist()
            assert sorted(held) == list(range(80))


@settings(max_examples=30)
@given(st.integers(0, 1000), st.integers(2, 60))
def test_forward_never_trains_on_the_present_or_the_future(seed: int, years: int) -> None:
    random = np.random.default_rng(seed)
    time, groups = random.integers(1900, 1900 + years, 90).astype(float), random.integers(0, 25, 90)
    held = []
    for training, out in forward(time, groups):
        assert not len(training) or time[training].max() < time[out].min()
        assert not set(groups[training]) & set(groups[out])
        held += out.tolist()
    assert len(held) == len(set(held))
    assert len(held) < 90


def test_events_follow_the_kind() -> None:
    score, outcome = np.array([10.0, 20.0, 30.0, 40.0, 50.0, 60.0]), np.array([0.0, 1.0, 0.0, 1.0, 2.0, 2.0])
    rows, levels = np.arange(6), np.unique(outcome)
    fit = calibrate(score, outcome, kind="classes")
    found = events_of(fit, levels, score, outcome, "classes", None, rows)
    assert found.happened.tolist() == [0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 1, 1]
    assert found.row.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert base_events(levels, outcome, found, "classes").expected[:2] == pytest.approx([4 / 6, 2 / 6])
    groups = np.array([0, 0, 1, 1, 2, 2])
    fit = calibrate(score, outcome, kind="pairs", groups=groups)
    found = events_of(fit, levels, score, outcome, "pairs", groups, rows)
    assert found.row.tolist() == [1, 3]
    assert (found.expected > 0.5).all()
    assert base_events(levels, outcome, found, "pairs").expected.tolist() == [0.5, 0.5]


def test_calibrated_events_lie_on_the_line() -> None:
    bins = calibration(events(8000), "labels")
    assert len(bins) == 10
    assert sum(one.events for one in bins) == 8000
    assert [one.expected for one in bins] == sorted(one.expected for one in bins)
    assert max(abs(one.expected - one.observed) for one in bins) < 0.05
    assert len(calibration(events(30), "labels")) == 1
    few = Events(np.array([0.2, 0.9]), np.array([1.0, 1.0]), np.arange(2))
    turned = calibration(few, "pairs")[0]
    assert (turned.expected, turned.observed) == (pytest.approx(0.85), pytest.approx(0.5))


def test_the_difference_of_log_losses_resamples_groups() -> None:
    first, second = events(), Events(np.full(400, 0.5), events().happened, np.arange(400))
    step, low, high = difference(first, second, np.arange(400), 0)
    assert low < step < high < 0.0
    alike = np.repeat(np.arange(20), 20)
    _, wide_low, wide_high = difference(first, second, alike, 0)
    assert difference(first, first, alike, 0) == (0.0, 0.0, 0.0)
    assert (wide_low, wide_high) != (low, high)
    assert difference(first, second, alike, 0) == difference(first, second, alike, 0)
    assert len(joined([first, second]).row) == 800
