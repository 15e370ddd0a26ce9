"""What a rubric has to beat: the base rate, the year, one best fact, and models fitted on every fact.

Each baseline learns on a training side and speaks on a test side. It returns an order, higher claimed better, and the
share of rows of its kind in which the outcome happens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assess.batch.calibration import fit_share
from assess.batch.discrimination import Flags, Numbers, auc
from assess.documents.errors import UsageError
from assess.rubric.measures import Floats

FOLDS = 5
REPEATS = 3
"""Assignments to folds; predictions are averaged over them."""


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a split: n rows."""

    score: Floats
    """Shape (n,), of the rubric."""
    facts: Floats
    """Shape (n, k), NaN where unknown."""
    time: Floats
    """Shape (n,)."""
    happened: Flags
    """Shape (n,), the outcome."""
    good: bool
    """Whether it is good that the outcome happens."""

    def rows(self, chosen: Flags | Numbers) -> Side:
        """Return the side with these rows only."""
        return replace(
            self,
            score=self.score[chosen],
            facts=self.facts[chosen],
            time=self.time[chosen],
            happened=self.happened[chosen],
        )

    def ranked(self, expected: Floats) -> Floats:
        """Return the order, higher claimed better, that follows from expected shares of the outcome."""
        return expected if self.good else -expected


Speech = tuple[Floats, Floats]
"""An order and expected shares, each of shape (n,)."""
Baseline = Callable[[Side, Side, int], Speech]


def rubric(train: Side, test: Side, _: int) -> Speech:
    """Return the rubric's own scores, in which nothing is learned; only their map to shares is."""
    return test.score, fit_share(train.score, train.happened)(test.score)


def base_rate(train: Side, test: Side, _: int) -> Speech:
    """Return the same share for every row: that of the training side."""
    order = np.zeros(len(test.score))
    return order, fit_share(np.zeros(len(train.score)), train.happened)(order)


def year_only(train: Side, test: Side, _: int) -> Speech:
    """Return what the time alone says."""
    expected = fit_share(train.time, train.happened)(test.time)
    return test.ranked(expected), expected


def best_fact(train: Side, test: Side, _: int) -> Speech:
    """Return what the one fact says that orders the training side best, in whichever direction; gaps at its median."""
    if train.facts.shape[1] == 0:
        return base_rate(train, test, 0)
    filled = [_filled(train.facts[:, column], train.facts[:, column]) for column in range(train.facts.shape[1])]
    found = [auc(values, train.happened) for values in filled]
    best = int(np.argmax([0.0 if value is None else abs(value - 0.5) for value in found]))
    expected = fit_share(filled[best], train.happened)(_filled(test.facts[:, best], train.facts[:, best]))
    return test.ranked(expected), expected


def regression(train: Side, test: Side, seed: int) -> Speech:
    """Return logistic regression on all facts: gaps at the median and flagged, standardised, L2 with C = 1."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return _fitted(
        make_pipeline(
            SimpleImputer(strategy="median", add_indicator=True),
            StandardScaler(),
            LogisticRegression(max_iter=2000, random_state=seed),
        ),
        train,
        test,
        seed,
    )


def boosting(train: Side, test: Side, seed: int) -> Speech:
    """Return gradient boosting on all facts: 100 trees of 8 leaves, rate 0.05, at least 20 rows a leaf."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=100, max_leaf_nodes=8, min_samples_leaf=20, early_stopping=False, random_state=seed
    )
    return _fitted(model, train, test, seed)


BASELINES: Mapping[str, tuple[str, Baseline]] = {
    "rubric": ("The rubric, not fitted", rubric),
    "base_rate": ("Base rate", base_rate),
    "time_only": ("Time only", year_only),
    "best_fact": ("One best fact, chosen on the training side", best_fact),
    "regression": ("Logistic regression on all facts", regression),
    "boosting": ("Gradient boosting on all facts", boosting),
}
"""By id, with the title: the rubric first, then what it is held against."""


def crossed(side: Side, groups: Numbers, baseline: Baseline, seed: int) -> Speech:
    """Return what a baseline says of each row when it learned on other groups, averaged over several assignments.

    groups: shape (n,), numbers from 0. Raises UsageError where a class stands in fewer groups than there are folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    least = min(len(np.unique(groups[side.happened])), len(np.unique(groups[~side.happened])))
    if least < FOLDS:
        raise UsageError(
            f"only {least} groups hold one of the two outcomes; the back-test needs {FOLDS}: widen the table or name "
            "another --group"
        )
    order, expected = np.zeros(len(groups)), np.zeros(len(groups))
    for repeat in range(REPEATS):
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed + repeat)
        for learned, spoken in folds.split(side.facts, side.happened, groups):
            one, two = baseline(side.rows(learned), side.rows(spoken), seed + repeat)
            order[spoken] += one / REPEATS
            expected[spoken] += two / REPEATS
    return order, expected


def _fitted(model: Any, train: Side, test: Side, seed: int) -> Speech:
    if np.isnan(train.facts).all() or train.happened.all() or not train.happened.any():
        return base_rate(train, test, seed)
    known = ~np.isnan(train.facts).all(axis=0)  # a fact that the training side never knew cannot be learned from
    model.fit(train.facts[:, known], train.happened)
    expected: Floats = model.predict_proba(test.facts[:, known])[:, 1]
    return test.ranked(expected), expected


def _filled(values: Floats, known: Floats) -> Floats:
    """Return values with gaps at the median of what the training side knows, or at 0 where it knows nothing."""
    middle = float(np.median(known[~np.isnan(known)])) if (~np.isnan(known)).any() else 0.0
    return np.where(np.isnan(values), middle, values)
