"""The AUC against scikit-learn, and its sums over eras and samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from assess.batch.discrimination import auc, interval, over, pairs_won, resampled, share

ROWS = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40).filter(
    lambda rows: len({better for _, better in rows}) == 2
)


@given(ROWS)
def test_it_equals_scikit_learns_with_ties(rows: list[tuple[int, bool]]) -> None:
    order = np.array([float(one) for one, _ in rows])
    better = np.array([two for _, two in rows])
    assert auc(order, better) == pytest.approx(roc_auc_score(better, order), abs=1e-12)


@given(ROWS, st.integers(0, 1000))
def test_weights_count_rows_as_if_they_stood_there_so_often(rows: list[tuple[int, bool]], seed: int) -> None:
    order = np.array([float(one) for one, _ in rows])
    better = np.array([two for _, two in rows])
    counts = np.random.default_rng(seed).integers(0, 4, size=len(rows))
    weighted = pairs_won(order, better, counts[None, :].astype(float))
    repeated = pairs_won(np.repeat(order, counts), np.repeat(better, counts))
    assert weighted[0][0] == pytest.approx(repeated[0][0])
    assert weighted[1][0] == pytest.approx(repeated[1][0])


def test_without_two_outcomes_there_is_no_auc() -> None:
    assert auc(np.array([1.0, 2.0]), np.array([True, True])) is None
    assert auc(np.empty(0), np.empty(0, dtype=bool)) is None


def test_eras_count_by_their_pairs() -> None:
    first = pairs_won(np.array([1.0, 2.0]), np.array([False, True]))  # 1 of 1
    second = pairs_won(np.array([3.0, 2.0, 1.0, 0.0]), np.array([False, False, False, True]))  # 0 of 3
    assert share(*over([first, second])) == 0.25


def test_rows_of_a_group_are_drawn_together_and_as_many_groups_as_there_are() -> None:
    groups = np.array([0, 0, 1, 2, 2, 2])
    counts = resampled(groups, 500, 3)
    assert (counts[:, 0] == counts[:, 1]).all()
    assert (counts[:, 3] == counts[:, 5]).all()
    assert (counts[:, 0] + counts[:, 2] + counts[:, 3] == 3).all()
    assert np.array_equal(counts, resampled(groups, 500, 3))
    assert not np.array_equal(counts, resampled(groups, 500, 4))


def test_the_interval_covers_a_known_auc() -> None:
    rng = np.random.default_rng(5)
    better = np.arange(400) % 2 == 0
    order = rng.normal(size=400) + better  # AUC = Phi(1 / sqrt 2) = 0.760
    low, high = interval(*pairs_won(order, better, resampled(np.arange(400), 1000, 1))) or (1.0, 0.0)
    assert 0.68 < low < 0.760 < high < 0.84
    assert interval(np.zeros(4), np.array([0.0, 0.0, 0.0, 1.0])) is None
