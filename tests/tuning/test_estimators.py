"""The scikit-learn estimators pass its own checks, and agree with the fits they wrap."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import check_estimator

from assess.documents.errors import UsageError
from assess.tuning.estimators import OutcomeWeights, PreferenceWeights, RankingWeights
from assess.tuning.fitting import fit_weights, rank_weights


@pytest.mark.parametrize("estimator", [OutcomeWeights(), PreferenceWeights(), RankingWeights()])
def test_scikit_learns_checks_pass(estimator: object) -> None:
    found = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = [(check["check_name"], check["exception"]) for check in found if check["status"] == "failed"]
    skipped = [check["check_name"] for check in found if check["status"] == "skipped"]
    assert not failed
    assert skipped == ["check_array_api_input"]  # needs an environment variable of SciPy; nothing of ours
    assert len(found) > 35


def table(n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    values = random.uniform(0.0, 100.0, (n, 3))
    return values, np.digitize(values @ [0.6, 0.3, 0.1] + random.normal(0.0, 5.0, n), [42.0, 55.0])


def test_they_are_the_fits() -> None:
    values, outcome = table()
    current = np.array([0.2, 0.3, 0.5])
    one = OutcomeWeights(current=current, prior=2.0).fit(values, outcome)
    fit = fit_weights(values, outcome.astype(float), current, 2.0, kind="classes")
    np.testing.assert_array_equal(one.weights_, fit.weights)
    groups = np.repeat(np.arange(40), 3)
    two = PreferenceWeights(current=current, prior=2.0).fit(values, outcome, groups)
    fit = fit_weights(values, outcome.astype(float), current, 2.0, kind="pairs", groups=groups)
    np.testing.assert_array_equal(two.weights_, fit.weights)
    np.testing.assert_array_equal(two.predict(values), values @ fit.weights)
    ranked = RankingWeights(current=current, prior=2.0).fit(values, outcome, groups)
    found = rank_weights(values, outcome.astype(float), current, 2.0, groups=groups)
    np.testing.assert_array_equal(ranked.weights_, found.weights)
    assert 0.5 < two.score(values, outcome) <= 1.0


def test_shares_of_classes_sum_to_one_and_fall_with_nothing_raised() -> None:
    values, outcome = table()
    fitted = OutcomeWeights().fit(values, np.array(["bad", "fair", "good"])[outcome])
    shares = fitted.predict_proba(values)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert (shares >= 0).all()
    raised = fitted.predict_proba(values + np.array([0.0, 7.0, 0.0]))
    assert (raised[:, 2] >= shares[:, 2]).all()
    assert (raised[:, 0] <= shares[:, 0]).all()
    assert set(fitted.predict(values)) <= {"bad", "fair", "good"}
    assert fitted.decision_function(values).shape == (120, 3)


def test_they_work_in_cross_validation() -> None:
    values, outcome = table()
    assert cross_val_score(OutcomeWeights(), values, outcome > 0).mean() > 0.7


def test_what_does_not_fit_is_refused() -> None:
    values, outcome = table()
    with pytest.raises(ValueError, match="current has shape"):
        OutcomeWeights(current=[1.0, 2.0]).fit(values, outcome)
    with pytest.raises(ValueError, match="of one class"):
        OutcomeWeights().fit(values, np.zeros(120, dtype=int))
    with pytest.raises(UsageError, match="prior strength above 0"):
        OutcomeWeights(prior=0.0).fit(values, values[:, 0] > 50)
