"""Agreement: the textbook's alpha to six digits, kappa as scikit-learn has it, and who stands apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats
from assess.tuning.agreement import (
    Metric,
    Panel,
    agreement,
    alpha,
    geometric_matrix,
    geometric_shares,
    weighted_kappa,
)

NONE = np.nan
TEXTBOOK = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
)
"""Four coders, twelve units: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section E."""

LEVELS = arrays(np.float64, st.tuples(st.just(2), st.integers(2, 20)), elements=st.integers(0, 4).map(float))


def panel(readings: Floats, scale: str = "level") -> Panel:
    names = tuple(f"A{i}" for i in range(len(readings)))
    return Panel(names, tuple(f"u{i}" for i in range(readings.shape[1])), readings, scale)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)],
)
def test_alpha_of_the_textbook(metric: Metric, expected: float) -> None:
    assert alpha(TEXTBOOK, metric) == pytest.approx(expected, abs=1e-6)


@given(LEVELS)
def test_kappa_is_that_of_scikit_learn(readings: Floats) -> None:
    first, second = readings
    for power, name in ((1, "linear"), (2, "quadratic")):
        ours = weighted_kappa(first, second, power)
        if ours is None:
            assert len({*first, *second}) == 1
            continue
        theirs = cohen_kappa_score(first.astype(int), second.astype(int), labels=[0, 1, 2, 3, 4], weights=name)
        assert ours == pytest.approx(theirs, abs=1e-9)


def test_kappa_by_hand() -> None:
    # Two units, 0 and 1 against 0 and 2: observed mean |d| = 1/2, expected (0 + 2 + 1 + 1) / 4 = 1.
    assert weighted_kappa(np.array([0.0, 1.0]), np.array([0.0, 2.0]), 1) == pytest.approx(0.5)
    assert weighted_kappa(np.array([0.0, 1.0]), np.array([0.0, 2.0]), 2) == pytest.approx(1 - 0.5 / 1.5)


@settings(max_examples=25)
@given(LEVELS, st.integers(0, 2**31))
def test_neither_the_order_of_assessors_nor_that_of_units_matters(readings: Floats, seed: int) -> None:
    random = np.random.default_rng(seed)
    shuffled = readings[::-1][:, random.permutation(readings.shape[1])]
    before, after = alpha(readings, "ordinal"), alpha(shuffled, "ordinal")
    assert (before is None and after is None) or before == pytest.approx(after, abs=1e-9)


def test_full_agreement_is_one_and_no_variation_is_said_to_be_undefined() -> None:
    same = agreement(panel(np.array([[0.0, 1, 2, 3], [0, 1, 2, 3]])), draws=50)
    assert same.alpha == 1.0
    assert (same.low, same.high) == (1.0, 1.0)
    assert all(spot.apart == () for spot in same.spots)
    flat = agreement(panel(np.full((2, 4), 3.0)))
    assert (flat.alpha, flat.low, flat.pairs[0].linear) == (None, None, None)
    assert flat.reason is not None
    assert "the same" in flat.reason


def test_the_interval_holds_alpha_and_is_that_of_the_seed() -> None:
    first, again = (agreement(panel(TEXTBOOK - 1), draws=300, seed=7) for _ in range(2))
    other = agreement(panel(TEXTBOOK - 1), draws=300, seed=8)
    assert first.alpha is not None
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.alpha < first.high
    assert (first.low, first.high, first.defined) == (again.low, again.high, again.defined)
    assert (first.low, first.high) != (other.low, other.high)


def test_a_constant_column_of_draws_gives_no_interval() -> None:
    found = agreement(panel(np.array([[1.0], [2.0]])), draws=20)
    assert found.alpha is not None
    assert (found.low, found.high) == (None, None)


def test_the_map_names_who_stands_apart_widest_first() -> None:
    readings = np.array([[3.0, 1, 2, NONE], [3, 4, 2, NONE], [2, 1, 2, 4]])
    found = agreement(panel(readings), draws=50)
    assert [spot.unit for spot in found.spots] == ["u1", "u0", "u2"]
    widest, next_, agreed = found.spots
    assert (widest.median, widest.low, widest.high, widest.spread, widest.apart) == (1.0, 1.0, 4.0, 3.0, ("A1",))
    assert next_.apart == ("A2",)
    assert agreed.apart == ()
    assert found.single == ("u3",)
    assert [pair.units for pair in found.pairs] == [3, 3, 3]


def test_two_who_differ_both_stand_apart() -> None:
    assert agreement(panel(np.array([[1.0, 2.0], [1.0, 4.0]])), draws=20).spots[0].apart == ("A0", "A1")


@given(arrays(np.float64, (3, 4), elements=st.floats(0.01, 1)))
def test_the_geometric_mean_keeps_ratios(shares: Floats) -> None:
    shares = shares / shares.sum(axis=1, keepdims=True)
    mean = geometric_shares(shares)
    assert mean.sum() == pytest.approx(1)
    ratios = shares[:, 0] / shares[:, 1]
    assert mean[0] / mean[1] == pytest.approx(float(np.prod(ratios)) ** (1 / 3))


def test_a_zero_rules_an_item_out_and_all_zeros_are_refused() -> None:
    assert geometric_shares(np.array([[0.5, 0.5, 0.0], [0.2, 0.2, 0.6]])) == pytest.approx([0.5, 0.5, 0.0])
    with pytest.raises(UsageError, match="no geometric mean"):
        geometric_shares(np.eye(2))


def test_merged_matrices_stay_reciprocal_and_keep_gaps() -> None:
    first = np.array([[1, 4, NONE], [1 / 4, 1, 2], [NONE, 1 / 2, 1]])
    second = np.array([[1, 9, NONE], [1 / 9, 1, NONE], [NONE, NONE, 1]])
    merged = geometric_matrix([first, second])
    assert merged[0, 1] == pytest.approx(6)
    assert merged[1, 0] == pytest.approx(1 / 6)
    assert merged[1, 2] == pytest.approx(2)
    assert np.isnan(merged[0, 2])


@pytest.mark.parametrize(
    ("given_panel", "metric", "words"),
    [
        (panel(np.array([[1.0, 2.0]])), None, "at least two assessors"),
        (panel(np.array([[1.0, NONE], [NONE, 2.0]])), None, "nothing to compare"),
        (panel(np.array([[1.0, 2], [2, 3]])), "ratio", "no true zero"),
        (panel(np.array([[1.0, 2], [2, 3]])), "ordnal", "did you mean 'ordinal'"),
        (Panel(("A", "A"), ("u",), np.ones((2, 1)), "level"), None, "named twice: A"),
    ],
)
def test_what_cannot_be_compared_is_refused(given_panel: Panel, metric: Metric | None, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        agreement(given_panel, metric)
