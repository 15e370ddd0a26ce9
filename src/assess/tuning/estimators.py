"""The fits as scikit-learn estimators, for pipelines, grid search and cross-validation.

Columns of X are values on which more is better, on any scale; the score of a row is their weighted mean. This module
imports scikit-learn; nothing that has to start quickly imports it.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from assess.rubric.measures import Floats
from assess.tuning.fitting import Fit, Ranked, fit_weights, pairs_of, rank_weights


class _WeightedMean(BaseEstimator):  # type: ignore[misc]
    """What the estimators share: parameters, and the score as a weighted mean."""

    def __init__(self, current: Any = None, prior: float = 10.0) -> None:
        """Take the weights to be pulled to (m,), equal ones where None, and the strength of the pull, 0 or more."""
        self.current = current
        self.prior = prior

    def _current(self) -> Floats:
        columns = self.n_features_in_
        if self.current is None:
            return np.full(columns, 1.0 / columns)
        current = np.asarray(self.current, dtype=np.float64)
        if current.shape != (columns,):
            raise ValueError(f"current has shape {current.shape}; X has {columns} columns")
        return current

    def _means(self, x: Any) -> Floats:
        check_is_fitted(self)
        table: Floats = validate_data(self, x, reset=False, dtype=np.float64)
        return np.asarray(table @ self.weights_, dtype=np.float64)


class OutcomeWeights(ClassifierMixin, _WeightedMean):  # type: ignore[misc]
    """Weights from labelled outcomes or ordered classes: the (cumulative) logit of the weighted mean.

    Classes are ordered as they sort, the best last. After `fit`: `weights_` (m,) non-negative with sum 1, `slope_`
    (at least 0), `thresholds_` (classes - 1,), `classes_`. Raising a column of X never lowers the share of rows above
    a threshold. It cannot follow columns on which less is better, hence scikit-learn's `poor_score` tag.
    """

    def __sklearn_tags__(self) -> Tags:
        """Say that data with falling columns are out of reach by design."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803 (scikit-learn's name)
        """Fit to values X (n, m) and outcomes y (n,)."""
        table, outcome = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(outcome)
        self.classes_, codes = np.unique(outcome, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("the outcomes are of one class; at least two classes are needed")
        found = fit_weights(table, codes.astype(np.float64), self._current(), self.prior, kind="classes")
        self.weights_, self.slope_, self.thresholds_ = found.weights, found.slope, found.thresholds
        self._fit = found
        return self

    def decision_function(self, X: Any) -> Floats:  # noqa: N803
        """Return, for two classes, the log-odds of the better one (n,); for more, a column of log-odds per class."""
        score = self._means(X)
        if len(self.classes_) == 2:
            return np.asarray(self.slope_ * score - self.thresholds_[0])
        shares = np.clip(self._shares(score), 1e-300, None)
        return np.asarray(np.log(shares) - np.log(np.clip(1.0 - shares, 1e-300, None)))

    def predict_proba(self, X: Any) -> Floats:  # noqa: N803
        """Return the fitted share of each class (n, classes), under the name that scikit-learn gives it."""
        return self._shares(self._means(X))

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """Return the class with the largest fitted share (n,)."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[likeliest])

    def _shares(self, score: Floats) -> Floats:
        fit: Fit = self._fit
        above = np.pad(fit.at_least(score), ((0, 0), (1, 1)), constant_values=((0, 0), (1.0, 0.0)))
        return np.asarray(above[:, :-1] - above[:, 1:])


class _Order(_WeightedMean):
    """What the estimators of an order share: they predict scores and are judged by pairs in the right order."""

    def predict(self, X: Any) -> Floats:  # noqa: N803
        """Return the weighted means (n,)."""
        return self._means(X)

    def score(self, X: Any, y: Any) -> float:  # noqa: N803
        """Return the share of pairs with different y that the weighted means put in the order of y; ties count half."""
        means = self._means(X)
        better, worse = pairs_of(np.asarray(y, dtype=np.float64))
        step = means[better] - means[worse]
        return float(np.mean((step > 0) + 0.5 * (step == 0)))


class PreferenceWeights(_Order):
    """Weights from preferences (Bradley & Terry 1952): higher y is preferred to lower y inside a group.

    After `fit`: `weights_` (m,) non-negative with sum 1, and `slope_` (at least 0).
    """

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:  # noqa: N803
        """Fit to values X (n, m), preferences y (n,) and the group of each row (n,); one group where None."""
        table, outcome = validate_data(self, X, y, dtype=np.float64, y_numeric=True, ensure_min_samples=2)
        found = fit_weights(table, outcome, self._current(), self.prior, kind="pairs", groups=_codes(groups))
        self.weights_, self.slope_ = found.weights, found.slope
        return self


class RankingWeights(_Order):
    """Weights from a ranking by a linear program with slack (UTA, Jacquet-Lagreze & Siskos 1982).

    After `fit`: `weights_` (m,), `low_` and `high_` (m,) over all equally good solutions, and `slack_` in points.
    """

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:  # noqa: N803
        """Fit to values X (n, m) in points, ranks y (n,) with the best highest, and the ranking each row is part of."""
        table, outcome = validate_data(self, X, y, dtype=np.float64, y_numeric=True, ensure_min_samples=2)
        found: Ranked = rank_weights(table, outcome, self._current(), self.prior, groups=_codes(groups))
        self.weights_, self.low_, self.high_, self.slack_ = found.weights, found.low, found.high, found.slack
        return self


def _codes(groups: Any) -> NDArray[np.intp] | None:
    return None if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1].astype(np.intp)
