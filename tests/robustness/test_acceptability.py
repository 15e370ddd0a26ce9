"""Acceptability against closed forms, polytope volumes, the bare program and its own properties."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial import ConvexHull, HalfspaceIntersection

from assess.documents.errors import UsageError
from assess.robustness.acceptability import (
    UNCLEAR,
    label,
    rank_acceptability,
    score_acceptability,
    score_smaa,
    smaa,
    standard_error,
)
from assess.robustness.sampling import uniform_weights
from assess.rubric.measures import Floats

DOCS = np.array([[5, -1.5, 15, 4], [2.5, -3.8, 25, 2.5], [3, -2.8, 10, 2.8], [2, -6.7, 0, 1], [4, -3.4, 30, 3.5]])
"""The example in the documentation of pysensmcda: all criteria to be maximised, min-max scaled."""

DOCS_RANKS = [
    [0.74, 0.2107, 0.0493, 0, 0],
    [0, 0.0493, 0.4022, 0.5486, 0],
    [0, 0.0125, 0.5361, 0.4514, 0],
    [0, 0, 0, 0, 1],
    [0.26, 0.7276, 0.0125, 0, 0],
]


def scaled(table: Floats) -> Floats:
    return np.asarray((table - table.min(axis=0)) / (table.max(axis=0) - table.min(axis=0)))


def bare(values: Floats, weights: Floats) -> Floats:
    """The program that the fast one must agree with: matrix product, argsort, bincount."""
    n = len(values)
    order = np.argsort(-(weights @ values.T), axis=1)
    return np.bincount((order * n + np.arange(n)).ravel(), minlength=n * n).reshape(n, n) / len(weights)


def shared(scores: Floats) -> Floats:
    """Ranks with ties shared, one draw and one alternative at a time."""
    draws, n = scores.shape
    result = np.zeros((n, n))
    for row in scores:
        for i, score in enumerate(row):
            above, level = int((row > score).sum()), int((row == score).sum())
            result[i, above : above + level] += 1 / level
    return result / draws


def first_region(values: Floats, i: int) -> tuple[float, Floats] | None:
    """Exact share of the simplex in which alternative i is first, and its centroid; None where there is none."""
    n, m = values.shape
    others = values[[j for j in range(n) if j != i]] - values[i]
    # The last weight is 1 minus the others: the region lies in m - 1 dimensions.
    faces = np.vstack([others[:, :-1] - others[:, -1:], -np.eye(m - 1), np.ones((1, m - 1))])
    room = np.concatenate([-others[:, -1], np.zeros(m - 1), [1.0]])
    inside = [w[:-1] for w in uniform_weights(m, 2000, 1) if (faces @ w[:-1] < room - 1e-9).all()]
    if not inside:
        return None
    corners = HalfspaceIntersection(np.column_stack([faces, -room]), np.mean(inside, axis=0)).intersections
    hull = ConvexHull(corners)
    middle = corners.mean(axis=0)
    volume, moment = 0.0, np.zeros(m - 1)
    for simplex in hull.simplices:
        points = corners[simplex]
        part = abs(np.linalg.det(points - middle))
        volume += part
        moment += part * (points.sum(axis=0) + middle) / m
    centroid = moment / volume
    return volume, np.append(centroid, 1 - centroid.sum())  # det / (m-1)! against the simplex's 1 / (m-1)!


def assert_ranks(ranks: Floats) -> None:
    assert (ranks >= 0).all()
    assert ranks.sum(axis=0) == pytest.approx(1, abs=1e-9)
    assert ranks.sum(axis=1) == pytest.approx(1, abs=1e-9)


def test_two_alternatives_and_two_criteria() -> None:
    result = smaa(np.array([[1.0, 0.0], [0.0, 0.5]]), uniform_weights(2, 40_000, 1))
    assert np.abs(result.rank[:, 0] - [2 / 3, 1 / 3]).max() < 3 * result.rank_error.max()
    for found, error, exact in zip(result.central, result.central_error, [(2 / 3, 1 / 3), (1 / 6, 5 / 6)], strict=True):
        assert found is not None and error is not None
        assert (np.abs(found - exact) < 3 * error).all()


def test_evenly_spread_weights_give_the_breakpoint_exactly() -> None:
    # The first is first where 3 w > 1: two thirds of 30,000 midpoints, to the last.
    first = (np.arange(30_000) + 0.5) / 30_000
    result = smaa(np.array([[1.0, 0.0], [0.0, 0.5]]), np.column_stack([first, 1 - first]))
    assert result.rank[0] == pytest.approx([2 / 3, 1 / 3], abs=1e-9)
    assert result.central[0] == pytest.approx([2 / 3, 1 / 3], abs=1e-9)
    assert result.central[1] == pytest.approx([1 / 6, 5 / 6], abs=1e-9)


def test_three_specialists() -> None:
    result = smaa(np.eye(3), uniform_weights(3, 40_000, 2))
    assert np.abs(result.rank[:, 0] - 1 / 3).max() < 3 * result.rank_error.max()
    for i, central in enumerate(result.central):
        error = result.central_error[i]
        assert central is not None and error is not None
        assert (np.abs(central - np.where(np.arange(3) == i, 11 / 18, 7 / 36)) < 3.5 * error).all()


def test_the_documented_example_of_pysensmcda() -> None:
    result = smaa(scaled(DOCS), uniform_weights(4, 100_000, 3))
    assert (np.abs(result.rank - DOCS_RANKS) < 3.5 * result.rank_error + 0.0005).all()
    assert [central is None for central in result.central] == [False, True, True, True, False]
    for i, exact in ((0, [0.285135, 0.287087, 0.155818, 0.271959]), (4, [0.15, 0.144444, 0.518056, 0.1875])):
        central, error = result.central[i], result.central_error[i]
        assert central is not None and error is not None
        assert (np.abs(central - exact) < 3.5 * error).all()
    assert result.confidence == (1.0, None, None, None, 1.0)


@pytest.mark.parametrize("case", ["docs", "identity", "random"])
def test_first_ranks_agree_with_polytope_volumes(case: str) -> None:
    random = np.random.default_rng(5).random((6, 4))
    values = {"docs": scaled(DOCS), "identity": np.eye(3), "random": random}[case]
    result = smaa(values, uniform_weights(values.shape[1], 50_000, 4))
    total = 0.0
    for i in range(len(values)):
        exact = first_region(values, i)
        if exact is None:
            assert result.rank[i, 0] < 0.01
            continue
        share, centroid = exact
        total += share
        assert abs(result.rank[i, 0] - share) < 3.5 * result.rank_error[i, 0]
        central, error = result.central[i], result.central_error[i]
        assert central is not None and error is not None
        assert (np.abs(central - centroid) < 4 * error).all()
        if case == "docs":
            assert share == pytest.approx({0: 0.74, 4: 0.26}[i], abs=1e-9)
        if case == "identity":
            assert share == pytest.approx(1 / 3, abs=1e-9)
            assert centroid == pytest.approx(np.where(np.arange(3) == i, 11 / 18, 7 / 36), abs=1e-9)
    assert total == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("shape", [(200, 24), (2, 1), (5, 3), (257, 2), (300, 40)])
def test_it_equals_the_bare_program(shape: tuple[int, int]) -> None:
    generator = np.random.default_rng(7)
    values = generator.normal(size=shape) * 10 - 3
    weights = uniform_weights(shape[1], 1200, 8)
    assert np.array_equal(rank_acceptability(values, weights), bare(values, weights))


def test_close_scores_are_ranked_from_the_scores_themselves() -> None:
    # 1e-12 apart: closer than the sorting keys resolve, farther than rounding.
    values = np.array([[0.3, 0.0], [0.3 + 1e-12, 0.0], [0.0, 1.0], [0.3 - 1e-12, 0.0], *[[0.1, 0.1]] * 196])
    ranks = rank_acceptability(values, np.array([[0.5, 0.5]]))
    assert [int(ranks[i].argmax()) for i in (2, 1, 0, 3)] == [0, 1, 2, 3]
    assert ranks[[0, 1, 2, 3]].max(axis=1) == pytest.approx(1)


def test_scores_that_only_rounding_separates_tie() -> None:
    values = np.array([[0.1 + 0.2, 0.5], [0.3, 0.5]])
    assert values[0, 0] != values[1, 0]
    assert rank_acceptability(np.vstack([values, [[1, 1]]]), uniform_weights(2, 50, 1))[:2, 1:] == pytest.approx(0.5)


LEVELS = arrays(np.float64, st.tuples(st.integers(1, 7), st.integers(1, 3)), elements=st.sampled_from([0, 25, 50, 100]))


@given(LEVELS, st.integers(0, 100))
@settings(max_examples=60)
def test_ties_share_their_ranks(values: Floats, seed: int) -> None:
    m = values.shape[1]
    # Eighths, as sums to 1: scores are exact, so that ties are ties in the plain program too.
    weights = np.random.default_rng(seed).multinomial(8, np.ones(m) / m, 40) / 8
    ranks = rank_acceptability(values, weights)
    assert_ranks(ranks)
    assert ranks == pytest.approx(shared(weights @ values.T), abs=1e-12)
    assert score_acceptability(weights @ values.T) == pytest.approx(ranks, abs=1e-12)


def test_all_tied_alternatives_share_everything() -> None:
    result = smaa(np.full((4, 3), 50.0), uniform_weights(3, 100, 1))
    assert result.rank == pytest.approx(0.25)
    assert result.pairwise == pytest.approx(0.5 * (1 - np.eye(4)))
    assert label(result.rank[0], 0.5) == UNCLEAR
    assert all(share == pytest.approx(0.25) for share in result.confidence)


def test_many_ties_are_exact_at_zero() -> None:
    values = np.repeat(np.random.default_rng(1).random((30, 5)), 3, axis=0)
    values[:3] = 2.0  # better than all
    ranks = rank_acceptability(values, uniform_weights(5, 3000, 1))
    assert_ranks(ranks)
    assert (ranks[3:, :3] == 0).all()
    assert ranks[:3, :3] == pytest.approx(1 / 3)


TABLE = st.tuples(st.integers(1, 6), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(-100, 100).map(lambda v: round(v, 3)))
)


@given(TABLE, st.integers(0, 1000))
@settings(max_examples=60)
def test_properties_of_the_whole_analysis(values: Floats, seed: int) -> None:
    n, m = values.shape
    result = smaa(values, uniform_weights(m, 300, seed))
    assert_ranks(result.rank)
    off = ~np.eye(n, dtype=bool)
    assert (result.pairwise + result.pairwise.T)[off] == pytest.approx(1)
    assert (np.diag(result.pairwise) == 0).all()
    # The expected rank counts the alternatives expected to be better.
    assert result.rank @ np.arange(n) == pytest.approx(result.pairwise.sum(axis=0), abs=1e-9)
    for i in range(n):
        central, share = result.central[i], result.confidence[i]
        assert (central is None) == (result.rank[i, 0] == 0) == (share is None)
        if central is not None:
            assert central.sum() == pytest.approx(1)
        dominated = any((values[j] >= values[i] + 1e-6).all() for j in range(n))
        assert not dominated or central is None
    numbers = [result.rank, result.rank_error, result.pairwise, result.pairwise_error]
    assert all(np.isfinite(array).all() for array in numbers)


@given(TABLE, st.integers(0, 1000), st.floats(0.01, 100), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_scale_and_order_do_not_matter(values: Floats, seed: int, factor: float, random: Any) -> None:
    n, m = values.shape
    weights = uniform_weights(m, 200, seed)
    ranks = rank_acceptability(values, weights)
    order, columns = random.sample(range(n), n), random.sample(range(m), m)
    assert rank_acceptability(values[order], weights) == pytest.approx(ranks[order], abs=1e-12)
    assert rank_acceptability(values[:, columns], weights[:, columns]) == pytest.approx(ranks, abs=1e-12)
    assert rank_acceptability(values, weights * factor) == pytest.approx(ranks, abs=1e-12)


def test_drawn_inputs_give_confidence_below_1() -> None:
    draws = 4000
    values = np.random.default_rng(3).normal(size=(draws, 3, 2)) * 0.2 + np.array([[1, 0], [0, 1], [0.4, 0.4]])
    weights = uniform_weights(2, draws, 1)
    result = smaa(values, weights)
    scores = np.einsum("dnm,dm->dn", values, weights)
    assert result.rank == pytest.approx(shared(scores), abs=1e-12)
    for i in range(3):
        central, share = result.central[i], result.confidence[i]
        assert central is not None and share is not None
        assert central == pytest.approx(weights[scores.argmax(axis=1) == i].mean(axis=0))
        assert share == pytest.approx(((values @ central).argmax(axis=1) == i).mean())
        assert 0 < share < 1
    same = score_smaa(scores, weights, lambda central: values @ central)
    assert np.array_equal(same.rank, result.rank)
    assert same.confidence == pytest.approx(result.confidence)
    assert same.pairwise == pytest.approx(result.pairwise)


def test_scores_alone_have_no_central_weights() -> None:
    result = score_smaa(np.array([[1.0, 2.0], [3.0, 2.0], [5.0, 1.0]]))
    assert result.rank == pytest.approx(np.array([[2, 1], [1, 2]]) / 3)
    assert result.central == result.confidence == (None, None)


def test_one_alternative_and_one_draw() -> None:
    result = smaa(np.array([[3.0, 4.0]]), np.array([[0.5, 0.5]]))
    assert result.rank.tolist() == [[1.0]]
    assert result.pairwise.tolist() == [[0.0]]
    assert result.central[0] == pytest.approx([0.5, 0.5])
    assert result.central_error == (None,)
    assert result.confidence == (1.0,)


GOOD = np.array([[1.0, 2.0], [2.0, 1.0]])


@pytest.mark.parametrize(
    ("values", "weights", "words"),
    [
        (GOOD, np.empty((0, 2)), "none empty"),
        (np.empty((0, 2)), GOOD, "none empty"),
        (GOOD[0], GOOD, "2 dimensions"),
        (GOOD, np.ones((3, 3)), "one weight for each criterion"),
        (GOOD, -GOOD, "0 or more"),
        (GOOD, GOOD * 0, "not all 0"),
        (GOOD * np.nan, GOOD, "finite"),
        (GOOD, GOOD * np.inf, "finite"),
        (GOOD * 1e300, GOOD, "finite"),
    ],
)
def test_unusable_tables_are_refused(values: Floats, weights: Floats, words: str) -> None:
    for function in (rank_acceptability, smaa):
        with pytest.raises(UsageError, match=words):
            function(values, weights)


def test_draws_must_match() -> None:
    with pytest.raises(UsageError, match="as many draws"):
        smaa(np.ones((3, 2, 2)), np.ones((2, 2)))
    with pytest.raises(UsageError, match="as many draws"):
        score_smaa(np.ones((3, 2)), np.ones((2, 2)))


def test_arguments_are_left_as_they_were() -> None:
    values, weights = np.array([[1.0, -2.0], [1.0, -2.0]]), np.array([[2.0, 1.0]])
    smaa(values, weights)
    assert values.tolist() == [[1.0, -2.0], [1.0, -2.0]] and weights.tolist() == [[2.0, 1.0]]


def test_errors_are_those_of_a_share_and_never_0() -> None:
    assert standard_error(np.array([0.5]), 10_000) == pytest.approx(0.005, rel=1e-3)
    assert (standard_error(np.array([0.0, 1.0]), 10_000) > 0).all()


def test_errors_cover_what_repeated_runs_do() -> None:
    runs = np.array([rank_acceptability(scaled(DOCS), uniform_weights(4, 1000, seed))[0, 0] for seed in range(200)])
    assert runs.std() == pytest.approx(standard_error(np.array(0.74), 1000), rel=0.2)
    assert abs(runs.mean() - 0.74) < 3 * runs.std() / np.sqrt(200)


def test_labels() -> None:
    assert label([0.1, 0.9], 0.8) == "rank 2"
    assert label([0.3, 0.7], 0.8) == UNCLEAR
    assert label([0.5, 0.5], 0.5) == UNCLEAR
    assert label([1.0], 1.0) == "rank 1"
    for threshold in (0.4, 1.1, float("nan")):
        with pytest.raises(UsageError, match="between"):
            label([1.0], threshold)


def test_memory_does_not_grow_with_the_draws() -> None:
    values, peaks = np.random.default_rng(1).random((50, 6)), []
    for draws in (20_000, 80_000):
        weights = uniform_weights(6, draws, 1)
        tracemalloc.start()
        rank_acceptability(values, weights)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_the_room_offers_it_by_name() -> None:
    from assess import robustness

    assert robustness.rank_acceptability is rank_acceptability
