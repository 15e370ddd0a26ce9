"""What each baseline learns, and that none speaks of rows it learned from."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from assess.batch import baselines
from assess.batch.baselines import BASELINES, Side, base_rate, best_fact, crossed, year_only
from assess.documents.errors import UsageError


def _side(good: bool = False) -> Side:
    rng = np.random.default_rng(1)
    happened = np.arange(120) % 3 == 0
    facts = rng.normal(size=(120, 4))
    facts[:, 2] -= 1.5 * happened
    facts[::7, 2] = np.nan
    return Side(rng.random(120), facts, np.arange(120.0), happened, good)


def test_the_best_fact_is_found_in_either_direction() -> None:
    side = _side()
    order, expected = best_fact(side, side, 0)
    assert roc_auc_score(side.happened, expected) > 0.75
    assert np.array_equal(order, -expected)  # it is bad that it happens: less of it is better
    assert np.array_equal(best_fact(_side(good=True), _side(good=True), 0)[0], expected)


def test_the_base_rate_orders_nothing_and_the_rubric_learns_nothing() -> None:
    side = _side()
    order, expected = base_rate(side, side, 0)
    assert not order.any()
    assert expected[0] == pytest.approx(side.happened.mean(), abs=0.01)
    assert np.array_equal(baselines.rubric(side.rows(side.happened), side, 0)[0], side.score)


def test_the_year_alone_follows_the_trend() -> None:
    side = _side()
    rising = Side(side.score, side.facts, side.time, side.time > 60, False)
    order, expected = year_only(rising, rising, 0)
    assert (np.diff(expected) > 0).all()
    assert (np.diff(order) < 0).all()


@pytest.mark.parametrize("key", list(BASELINES))
def test_every_baseline_speaks_in_finite_shares(key: str) -> None:
    side = _side()
    order, expected = BASELINES[key][1](side.rows(np.arange(80)), side.rows(np.arange(80, 120)), 1)
    assert order.shape == expected.shape == (40,)
    assert np.isfinite(order).all()
    assert ((expected >= 0) & (expected <= 1)).all()


@pytest.mark.parametrize("key", ["best_fact", "regression", "boosting"])
def test_noise_held_out_never_looks_like_knowledge(key: str) -> None:
    rng = np.random.default_rng(8)
    noise = Side(rng.random(300), rng.normal(size=(300, 20)), np.arange(300.0), rng.random(300) < 0.4, True)
    order, _ = crossed(noise, np.arange(300), BASELINES[key][1], 1)
    assert roc_auc_score(noise.happened, order) < 0.6


def test_rows_of_one_group_are_never_learned_from_and_spoken_of_at_once() -> None:
    side, groups = _side(), np.arange(120) // 2
    seen: list[tuple[set[float], set[float]]] = []

    def spy(train: Side, test: Side, _: int) -> tuple[np.ndarray, np.ndarray]:
        seen.append((set(train.time // 2), set(test.time // 2)))
        return np.zeros(len(test.time)), np.zeros(len(test.time))

    crossed(side, groups, spy, 1)
    assert len(seen) == baselines.FOLDS * baselines.REPEATS
    assert all(not train & test for train, test in seen)


def test_too_few_groups_of_one_outcome_are_refused() -> None:
    side = _side()
    with pytest.raises(UsageError, match="only 1 groups hold one of the two outcomes"):
        crossed(side, np.where(side.happened, 0, np.arange(120)), base_rate, 1)


def test_facts_that_the_training_side_never_knew_are_no_error() -> None:
    side = _side()
    facts = side.facts.copy()
    facts[:80, 0] = np.nan
    split = Side(side.score, facts, side.time, side.happened, False)
    for key in ("regression", "boosting", "best_fact"):
        assert np.isfinite(BASELINES[key][1](split.rows(np.arange(80)), split.rows(np.arange(80, 120)), 1)[1]).all()
