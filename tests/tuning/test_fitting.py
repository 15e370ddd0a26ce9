"""The fits: against scikit-learn where it can fit the same, planted weights, the pull, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats
from assess.tuning.fitting import Kind, best_slope, fit_weights, pairs_of, rank_weights, separable

PLANTED = np.array([0.4, 0.3, 0.2, 0.1, 0.0])
EVEN = np.full(5, 0.2)


def simulated(n: int, seed: int, cuts: tuple[float, ...] = (50.0,)) -> tuple[Floats, Floats]:
    """Values 0-100 and classes drawn with the planted weights and a slope of 0.12 per point."""
    random = np.random.default_rng(seed)
    values = random.uniform(0.0, 100.0, (n, 5))
    noisy = 0.12 * (values @ PLANTED) + random.logistic(size=n)
    return values, np.digitize(noisy, 0.12 * np.array(cuts)).astype(np.float64)


def error(n: int, seed: int) -> float:
    fit = fit_weights(*simulated(n, seed), EVEN, 0.0)
    return float(np.sqrt(np.mean((fit.weights - PLANTED) ** 2)))


def test_planted_weights_are_recovered_and_the_error_falls_as_one_over_root_n() -> None:
    sizes = np.array([200, 800, 3200, 9600])
    errors = np.array([np.mean([error(int(n), seed) for seed in range(8)]) for n in sizes])
    rate = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
    assert -0.6 < rate < -0.4
    assert errors[-1] < 0.009


def test_labels_equal_scikit_learns_logistic_where_no_bound_binds() -> None:
    from sklearn.linear_model import LogisticRegression

    values, outcome = simulated(2000, 1)
    values = values[:, :4]
    fit = fit_weights(values, outcome, np.ones(4), 0.0)
    other = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(values, outcome)
    assert (other.coef_ > 0).all()
    np.testing.assert_allclose(fit.slope * fit.weights, other.coef_[0], rtol=1e-4)
    assert fit.thresholds[0] == pytest.approx(-other.intercept_[0], rel=1e-4)
    shares = other.predict_proba(values)[:, 1]
    np.testing.assert_allclose(fit.at_least(values @ fit.weights)[:, 0], shares, atol=1e-5)
    right = np.where(outcome > 0, shares, 1.0 - shares)
    assert fit.log_likelihood == pytest.approx(np.log(right).sum(), rel=1e-8)


def test_preferences_equal_a_logistic_of_differences_without_intercept() -> None:
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(3)
    values = random.uniform(0.0, 100.0, (1200, 3))
    wins = random.random(600) < 1.0 / (1.0 + np.exp(-0.08 * (values[::2] - values[1::2]) @ [0.5, 0.3, 0.2]))
    outcome = np.empty(1200)
    outcome[::2], outcome[1::2] = wins, ~wins
    groups = np.repeat(np.arange(600), 2)
    fit = fit_weights(values, outcome, np.ones(3), 0.0, kind="pairs", groups=groups)
    gaps = values[::2] - values[1::2]
    other = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10, max_iter=10_000).fit(gaps, wins)
    np.testing.assert_allclose(fit.slope * fit.weights, other.coef_[0], rtol=1e-4)
    assert fit.weights == pytest.approx([0.5, 0.3, 0.2], abs=0.06)


def test_ordered_classes_recover_weights_and_thresholds() -> None:
    values, outcome = simulated(8000, 5, (40.0, 50.0, 58.0))
    fit = fit_weights(values, outcome, EVEN, 0.0, kind="classes")
    assert fit.weights == pytest.approx(PLANTED, abs=0.02)
    assert fit.thresholds / fit.slope == pytest.approx([40.0, 50.0, 58.0], abs=0.8)
    assert fit.slope == pytest.approx(0.12, rel=0.05)


def test_two_classes_are_labels() -> None:
    values, outcome = simulated(300, 2)
    one, two = (fit_weights(values, outcome, EVEN, 4.0, kind=kind) for kind in ("labels", "classes"))
    np.testing.assert_array_equal(one.weights, two.weights)


def penalised(
    coefficients: Floats, threshold: float, values: Floats, outcome: Floats, prior: float, at: float
) -> float:
    """The target of the module's docstring, written out in weights and slope."""
    slope = coefficients.sum()
    weights = coefficients / slope
    signs = np.where(outcome > 0, 1.0, -1.0)
    loss = np.logaddexp(0.0, -signs * (values @ coefficients - threshold)).sum()
    pull = prior * (EVEN * np.log(EVEN / weights)).sum()
    return float(loss + pull + prior * (slope / at - np.log(slope / at)))


def test_no_step_from_the_optimum_lowers_the_penalised_target() -> None:
    values, outcome = simulated(150, 8)
    at = best_slope(values @ EVEN, outcome)
    fit = fit_weights(values, outcome, EVEN, 10.0)
    best = penalised(fit.slope * fit.weights, float(fit.thresholds[0]), values, outcome, 10.0, at)
    random = np.random.default_rng(0)
    for size in (1e-2, 1e-1, 0.5):
        for _ in range(200):
            moved = fit.slope * fit.weights * np.exp(size * random.normal(size=5))
            threshold = float(fit.thresholds[0]) + size * random.normal()
            assert penalised(moved, threshold, values, outcome, 10.0, at) > best - 1e-9


def test_the_start_of_the_search_does_not_matter() -> None:
    values, outcome = simulated(150, 8)
    one = fit_weights(values, outcome, EVEN, 10.0)
    two = fit_weights(values, outcome, EVEN, 10.0, start=np.array([0.01, 0.01, 0.01, 0.01, 0.96]))
    np.testing.assert_allclose(one.weights, two.weights, atol=1e-5)


def test_a_stronger_prior_brings_the_weights_to_the_current_ones() -> None:
    values, outcome = simulated(300, 4)
    current = np.array([0.1, 0.1, 0.2, 0.2, 0.4])
    far = [
        float(np.abs(fit_weights(values, outcome, current, prior).weights - current).max())
        for prior in (0.0, 1.0, 10.0, 100.0, 1e5)
    ]
    assert far == sorted(far, reverse=True)
    assert far[-1] < 1e-3


def test_columns_that_run_against_the_outcome_get_no_weight_and_no_slope() -> None:
    values, outcome = simulated(300, 4)
    fit = fit_weights(100.0 - values, outcome, PLANTED, 0.0)
    assert fit.slope == 0.0 or fit.weights[:3] == pytest.approx([0, 0, 0], abs=1e-6)
    assert fit.weights.sum() == pytest.approx(1.0)


Tables = st.integers(0, 10_000)


@settings(max_examples=25)
@given(Tables, st.sampled_from(["labels", "classes", "pairs", "ranking"]), st.sampled_from([0.5, 10.0]))
def test_raising_a_value_never_lowers_the_fitted_score(seed: int, kind: Kind, prior: float) -> None:
    random = np.random.default_rng(seed)
    values = random.uniform(0.0, 100.0, (12, 3))
    outcome = np.arange(12.0) % (2 if kind == "labels" else 3)
    current = random.dirichlet(np.ones(3))
    if kind == "ranking":
        weights = rank_weights(values, outcome, current, prior).weights
        rising = values @ weights
    else:
        fit = fit_weights(values, outcome, current, prior, kind=kind)
        weights = fit.weights
        assert fit.slope >= 0.0
        assert (np.diff(fit.thresholds) > 0.0).all()
        rising = fit.slope * values @ weights
    assert (weights >= 0.0).all()
    assert weights.sum() == pytest.approx(1.0)
    for column in range(3):
        raised = values.copy()
        raised[:, column] += random.uniform(0.0, 50.0, 12)
        assert (raised @ weights * (1.0 if kind == "ranking" else fit.slope) >= rising - 1e-12).all()


def test_pairs_are_made_inside_groups_and_of_neighbours() -> None:
    outcome, groups = np.array([3.0, 1.0, 2.0, 1.0, 5.0]), np.array([0, 0, 0, 1, 1])
    every = set(zip(*(rows.tolist() for rows in pairs_of(outcome, groups)), strict=True))
    assert every == {(0, 1), (0, 2), (2, 1), (4, 3)}
    near = set(zip(*(rows.tolist() for rows in pairs_of(outcome, groups, neighbours=True)), strict=True))
    assert near == {(0, 2), (2, 1), (4, 3)}


def test_a_ranking_made_with_known_weights_is_reproduced() -> None:
    random = np.random.default_rng(6)
    values = random.uniform(0.0, 100.0, (60, 4))
    planted = np.array([0.45, 0.3, 0.2, 0.05])
    ranked = rank_weights(values, values @ planted, np.ones(4), 0.01)
    assert ranked.weights == pytest.approx(planted, abs=0.02)
    assert (ranked.low <= ranked.weights + 1e-9).all()
    assert (ranked.weights <= ranked.high + 1e-9).all()


def test_a_small_ranking_by_hand() -> None:
    # Only the first column orders the two rows; a weight of at least 1 / 10 earns the margin of one point.
    values = np.array([[60.0, 50.0], [50.0, 50.0]])
    ranked = rank_weights(values, np.array([2.0, 1.0]), np.array([0.0, 1.0]), 0.0)
    assert ranked.low == pytest.approx([0.1, 0.0], abs=1e-6)
    assert ranked.high == pytest.approx([1.0, 0.9], abs=1e-6)
    assert ranked.weights == pytest.approx([0.55, 0.45], abs=1e-6)
    assert ranked.slack == pytest.approx(0.0, abs=1e-6)
    pulled = rank_weights(values, np.array([2.0, 1.0]), np.array([0.0, 1.0]), 1.0)
    assert pulled.weights == pytest.approx([0.1, 0.9], abs=1e-6)
    held = rank_weights(values, np.array([2.0, 1.0]), np.array([0.0, 1.0]), 100.0)
    assert held.weights == pytest.approx([0.0, 1.0], abs=1e-6)
    assert held.slack == pytest.approx(1.0, abs=1e-6)


def test_perfect_separation_is_found_and_needs_a_prior() -> None:
    values, _ = simulated(60, 9)
    outcome = (values[:, 0] > 50.0).astype(np.float64)
    assert separable(values, outcome)
    with pytest.raises(UsageError, match="set a prior strength above 0"):
        fit_weights(values, outcome, EVEN, 0.0)
    fit = fit_weights(values, outcome, EVEN, 1.0)
    assert np.isfinite(fit.slope)
    assert fit.weights[0] == fit.weights.max()
    against = (values[:, 0] < 50.0).astype(np.float64)  # only a negative weight would separate these
    assert not separable(values, against)
    assert not separable(*simulated(300, 1))
    assert separable(values, np.digitize(values[:, 0], [30.0, 60.0]).astype(np.float64), kind="classes")


@pytest.mark.parametrize(
    ("outcome", "kind", "words"),
    [
        (np.ones(6), "labels", "of one class"),
        (np.arange(6.0), "labels", "use ordered classes"),
        (np.ones(6), "pairs", "nothing to compare"),
    ],
)
def test_outcomes_that_say_nothing_are_refused(outcome: Floats, kind: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        fit_weights(np.eye(6), outcome, np.ones(6), 1.0, kind=kind)


def test_a_ranking_of_one_place_and_weights_of_nothing_are_refused() -> None:
    with pytest.raises(UsageError, match="one place only"):
        rank_weights(np.eye(3), np.ones(3), np.ones(3), 1.0)
    with pytest.raises(UsageError, match="fit them as ordered classes"):
        rank_weights(np.zeros((600, 1)), np.arange(600) % 2.0, np.ones(1), 1.0)
    with pytest.raises(UsageError, match="one of them positive"):
        fit_weights(np.eye(3), np.arange(3.0), np.zeros(3), 1.0, kind="classes")
