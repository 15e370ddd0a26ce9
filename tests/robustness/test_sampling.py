"""Draws: the distribution that is claimed, inside the constraints that are set, and the same for the same seed."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.conftest import criterion, small_rubric

from assess.documents.errors import UsageError
from assess.robustness.sampling import (
    Constraint,
    checklist_draws,
    children,
    conflicting,
    constrained_weights,
    dirichlet_weights,
    level_draws,
    ordered_weights,
    pert,
    tree_weights,
    uniform_range,
    uniform_weights,
)
from assess.rubric.measures import Floats, Values
from assess.scoring.compiled import CompiledRubric, compile_rubric
from assess.scoring.draws import triangular, uniform_draws
from assess.scoring.kernel import aggregate

DRAWS = 20_000


def assert_simplex(weights: Floats) -> None:
    assert (weights >= 0).all()
    assert weights.sum(axis=1) == pytest.approx(1, abs=1e-9)


def assert_same_distribution(found: Floats, expected: Floats) -> None:
    """Every column passes a Kolmogorov-Smirnov test at a level that a right sampler seldom fails."""
    for column in range(found.shape[1]):
        assert stats.ks_2samp(found[:, column], expected[:, column]).pvalue > 0.001


def rejected(k: int, keep: Any, draws: int = 400_000) -> Floats:
    weights = uniform_weights(k, draws, 99)
    return np.asarray(weights[keep(weights)])


@pytest.mark.parametrize("k", [2, 3, 5, 12])
def test_uniform_weights_have_the_moments_and_marginals_of_dirichlet(k: int) -> None:
    weights = uniform_weights(k, DRAWS, 1)
    assert_simplex(weights)
    variance = (k - 1) / (k**2 * (k + 1))
    assert (np.abs(weights.mean(axis=0) - 1 / k) < 4 * np.sqrt(variance / DRAWS)).all()
    assert weights.var(axis=0) == pytest.approx(variance, rel=0.06)
    assert np.corrcoef(weights.T)[0, 1] == pytest.approx(-1 / (k - 1), abs=0.03)
    for column in weights.T:
        assert stats.kstest(column, stats.beta(1, k - 1).cdf).pvalue > 0.001
    # The largest of k weights: its mean is the harmonic number over k. Uniform-then-normalise gives less.
    assert weights.max(axis=1).mean() == pytest.approx(sum(1 / i for i in range(1, k + 1)) / k, rel=0.01)


def samplers(seed: int, draws: int) -> list[Floats]:
    return [
        uniform_weights(4, draws, seed),
        dirichlet_weights([1, 2, 3, 4], 10, draws, seed),
        ordered_weights([0, 1, 2, 3], draws, seed),
        constrained_weights(4, [], draws, seed, low=[0.1] * 4),
    ]


def test_the_same_seed_gives_the_same_bytes() -> None:
    for one, same, other in zip(samplers(1, 700), samplers(1, 700), samplers(2, 700), strict=True):
        assert one.tobytes() == same.tobytes()
        assert one.shape == (700, 4)
        assert one.flags.c_contiguous
        assert not np.array_equal(one, other)


def test_no_draws_give_an_empty_table() -> None:
    assert [table.shape for table in samplers(1, 0)] == [(0, 4)] * 4


def test_one_weight_is_1() -> None:
    tables = [uniform_weights(1, 3, 1), dirichlet_weights([5.0], 2, 3, 1), ordered_weights([0], 3, 1)]
    for table in [*tables, constrained_weights(1, [], 3, 1), constrained_weights(1, [], 3, 1, low=[0.2])]:
        assert table == pytest.approx(np.ones((3, 1)))


@pytest.mark.parametrize("call", [lambda: uniform_weights(0, 5, 1), lambda: uniform_weights(2, -1, 1)])
def test_impossible_counts_are_refused(call: Any) -> None:
    with pytest.raises(UsageError):
        call()


def test_dirichlet_weights_scatter_around_the_declared_ones() -> None:
    declared, concentration = np.array([0.5, 0.3, 0.2, 0.0]), 20.0
    weights = dirichlet_weights(3 * declared, concentration, DRAWS, 1)
    assert_simplex(weights)
    spread = np.sqrt(declared * (1 - declared) / (concentration + 1))
    assert (np.abs(weights.mean(axis=0) - declared) <= 4 * spread / np.sqrt(DRAWS)).all()
    assert weights.std(axis=0) == pytest.approx(spread, rel=0.03)
    assert (weights[:, 3] == 0).all()


def test_a_tiny_concentration_stays_a_number() -> None:
    assert_simplex(dirichlet_weights([0.7, 0.3], 1e-3, 500, 1))


@pytest.mark.parametrize(
    ("weights", "concentration"),
    [([], 1), ([0, 0], 1), ([-1, 2], 1), ([float("nan"), 1], 1), ([1, 1], 0), ([1, 1], float("inf"))],
)
def test_impossible_dirichlet_arguments_are_refused(weights: list[float], concentration: float) -> None:
    with pytest.raises(UsageError):
        dirichlet_weights(weights, concentration, 10, 1)


def test_ordered_weights_are_uniform_in_their_order() -> None:
    weights = ordered_weights([2, 0, 1], DRAWS, 1)
    assert_simplex(weights)
    assert (weights[:, 2] >= weights[:, 0]).all() and (weights[:, 0] >= weights[:, 1]).all()
    # Means are the rank-order centroid (Barron & Barrett 1996).
    assert weights.mean(axis=0) == pytest.approx([0.277778, 0.111111, 0.611111], abs=0.003)
    assert_same_distribution(weights, rejected(3, lambda w: (w[:, 2] > w[:, 0]) & (w[:, 0] > w[:, 1])))
    with pytest.raises(UsageError, match="once"):
        ordered_weights([0, 0, 1], 5, 1)


def order(k: int) -> list[Constraint]:
    return [
        Constraint(f"{i} over {i + 1}", tuple(float(j == i + 1) - float(j == i) for j in range(k)), 0.0)
        for i in range(k - 1)
    ]


def test_without_constraints_the_walk_is_uniform_on_the_simplex() -> None:
    weights = constrained_weights(6, [], DRAWS, 1)
    assert_simplex(weights)
    assert_same_distribution(weights, uniform_weights(6, DRAWS, 2))
    assert stats.ks_2samp(weights.max(axis=1), uniform_weights(6, DRAWS, 2).max(axis=1)).pvalue > 0.001


@pytest.mark.parametrize("k", [3, 12])
def test_the_walk_agrees_with_exact_ordered_weights(k: int) -> None:
    weights = constrained_weights(k, order(k), DRAWS, 1)
    assert (np.diff(weights, axis=1) <= 1e-9).all()
    assert_same_distribution(weights, ordered_weights(range(k), DRAWS, 2))


def test_the_walk_agrees_with_rejection() -> None:
    constraints = [Constraint("a and b together", (1.0, 1.0, 0.0, 0.0), 0.6), Constraint("a over c", (-1, 0, 1, 0), 0)]
    weights = constrained_weights(4, constraints, DRAWS, 1, low=[0.1, 0, 0, 0], high=[0.5, 1, 0.3, 0.45])

    def keep(w: Floats) -> Any:
        inside = (w[:, 0] >= 0.1) & (w[:, 0] <= 0.5) & (w[:, 2] <= 0.3) & (w[:, 3] <= 0.45)
        return inside & (w[:, 0] + w[:, 1] <= 0.6) & (w[:, 0] >= w[:, 2])

    assert_simplex(weights)
    assert keep(np.round(weights, 9)).all()
    expected = rejected(4, keep)
    assert len(expected) > 10_000
    assert_same_distribution(weights, expected)
    assert np.cov(weights.T) == pytest.approx(np.cov(expected.T), abs=0.0005)


def test_a_long_thin_region_is_walked_lengthwise() -> None:
    # The first weight is twice the second to within a thousandth, so the last runs along a line.
    pair = [Constraint("close", (1.0, -2.0, 0.0), 0.001), Constraint("close too", (-1.0, 2.0, 0.0), 0.001)]
    weights = constrained_weights(3, pair, DRAWS, 1)
    assert np.abs(weights[:, 0] - 2 * weights[:, 1]).max() < 0.001 + 1e-9
    assert stats.kstest(weights[:, 2], stats.uniform(0, 1).cdf).pvalue > 0.001


def test_equalities_are_walked_in_their_own_plane() -> None:
    weights = constrained_weights(3, [], DRAWS, 1, low=[0.5, 0, 0], high=[0.5, 1, 1])
    assert_simplex(weights)
    assert weights[:, 0] == pytest.approx(0.5, abs=1e-9)
    assert stats.kstest(weights[:, 1], stats.uniform(0, 0.5).cdf).pvalue > 0.001


def test_constraints_that_leave_one_point_give_that_point() -> None:
    for weights in (
        constrained_weights(3, [], 4, 1, low=[0.5, 0.2, 0.3]),
        constrained_weights(3, [], 4, 1, low=[0.5, 0.2, 0], high=[0.5, 0.2, 1]),
        constrained_weights(3, [*order(3), Constraint("c over a", (1, 0, -1), 0)], 4, 1) * [1.5, 0.6, 0.9],
    ):
        assert weights == pytest.approx(np.tile([0.5, 0.2, 0.3], (4, 1)), abs=1e-7)


def test_conflicts_are_named_and_no_others() -> None:
    constraints = [Constraint("d at most half", (0, 0, 0, 1), 0.5), *order(4)]
    with pytest.raises(UsageError) as caught:
        constrained_weights(4, constraints, 10, 1, low=[0, 0, 0.6, 0.01], labels=list("abcd"))
    assert str(caught.value) == "no weights meet these constraints together: 1 over 2; c at least 0.6"


def test_a_constraint_that_nothing_meets_is_named_alone() -> None:
    with pytest.raises(UsageError, match=r"together: never$"):
        constrained_weights(2, [Constraint("never", (0, 0), -1), Constraint("always", (0, 0), 1)], 10, 1)


@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 3, st.integers(-2, 2)), max_size=6))
@settings(max_examples=40)
def test_every_named_conflict_is_needed(rows: list[tuple[int, int, int, int]]) -> None:
    constraints = [Constraint(str(i), tuple(map(float, row[:3])), float(row[3])) for i, row in enumerate(rows)]
    conflict = conflicting(3, constraints)
    for one in conflict:
        assert not conflicting(3, [other for other in conflict if other is not one])
    if conflict:
        return
    weights = constrained_weights(3, constraints, 50, 1)
    assert_simplex(weights)
    for constraint in constraints:
        assert (weights @ constraint.coefficients <= constraint.at_most + 1e-6).all()


@pytest.mark.parametrize(
    "more",
    [
        {"constraints": [Constraint("short", (1.0,), 1.0)]},
        {"constraints": [Constraint("no number", (float("nan"), 0.0), 1.0)]},
        {"low": [0.1]},
        {"thinning": 0},
    ],
)
def test_ill_formed_constraints_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        constrained_weights(2, more.pop("constraints", []), 10, 1, **more)


def test_without_scipy_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("assess.robustness.sampling.import_module", missing)
    with pytest.raises(UsageError, match=r"install assess-partnerships\[robust\]"):
        constrained_weights(2, [], 10, 1)


def deep() -> CompiledRubric:
    """A rubric of two levels of pillars, one criterion of which does not apply."""
    inner = {"id": "inner", "title": "I", "weight": 2.0, "criteria": [criterion("d"), criterion("e")]}
    pillars = [
        {"id": "one", "title": "One", "weight": 3.0, "criteria": [criterion("a", 3.0), criterion("b"), criterion("c")]},
        {"id": "two", "title": "Two", "weight": 1.0, "pillars": [inner], "criteria": [criterion("f"), criterion("g")]},
    ]
    rules = {"insufficient_below": 0.0, "provisional_below": 0.0}
    rubric = small_rubric(pillars=pillars, aggregation={"method": "arithmetic"}, coverage=rules)
    return compile_rubric(rubric, "bilateral_agreement", ["c"])


def test_every_node_of_the_tree_is_drawn_on_its_own() -> None:
    compiled = deep()
    drawn = tree_weights(compiled, 5000, 1)
    assert children(compiled, "overall") == ("one", "two")
    assert children(compiled, "two") == ("f", "g", "inner")
    column, node = compiled.column, compiled.node
    assert_simplex(drawn.effective)
    assert_simplex(drawn.pillars[:, [node["one"], node["two"]]])
    assert_simplex(drawn.criteria[:, [column["a"], column["b"]]])
    assert_simplex(np.column_stack([drawn.criteria[:, [column["f"], column["g"]]], drawn.pillars[:, node["inner"]]]))
    assert (drawn.criteria[:, column["c"]] == 0).all()
    assert drawn.effective[:, column["d"]] == pytest.approx(
        drawn.pillars[:, node["two"]] * drawn.pillars[:, node["inner"]] * drawn.criteria[:, column["d"]]
    )
    assert stats.kstest(drawn.pillars[:, node["one"]], stats.uniform(0, 1).cdf).pvalue > 0.001
    assert stats.kstest(drawn.pillars[:, node["inner"]], stats.beta(1, 2).cdf).pvalue > 0.001


def test_held_weights_are_the_declared_ones_and_score_the_same() -> None:
    compiled = deep()
    drawn = tree_weights(compiled, 3, 1, held=["overall", "one", "two", "inner"])
    assert drawn.criteria == pytest.approx(np.tile(compiled.weights, (3, 1)))
    assert drawn.pillars == pytest.approx(np.tile(compiled.node_weights, (3, 1)))
    values = np.array([[90.0, 20.0, 0.0, 55.0, 10.0, 70.0, 30.0]])[:, [compiled.column[c] for c in "abcdefg"]]
    values = values[:, np.argsort([compiled.column[c] for c in "abcdefg"])]
    assert drawn.effective[0] @ values[0] == pytest.approx(aggregate(compiled, Values.of(values)).score[0, -1])


def test_a_node_is_drawn_the_same_whatever_happens_elsewhere() -> None:
    compiled = deep()
    free, held = tree_weights(compiled, 50, 1), tree_weights(compiled, 50, 1, held=["overall"])
    assert np.array_equal(free.criteria, held.criteria)


def test_trees_take_concentration_and_constraints() -> None:
    compiled = deep()
    order = [Constraint("two over one", (1.0, -1.0), 0.0)]
    drawn = tree_weights(compiled, 5000, 1, concentration=50.0, constraints={"overall": order})
    assert (drawn.pillars[:, compiled.node["one"]] <= drawn.pillars[:, compiled.node["two"]] + 1e-9).all()
    assert drawn.criteria[:, compiled.column["a"]].mean() == pytest.approx(0.75, abs=0.01)
    assert tree_weights(compiled, 0, 1).effective.shape == (0, 7)
    with pytest.raises(UsageError, match="nowhere: no such pillar; known are one, two, inner, overall"):
        tree_weights(compiled, 5, 1, held=["nowhere"])


UNIFORM = uniform_draws(1, ["a"], 50_000)


def column(*numbers: float) -> tuple[Floats, ...]:
    return tuple(np.array([number]) for number in numbers)


def test_pert_has_the_moments_of_its_beta_distribution() -> None:
    low, mode, high = 20.0, 30.0, 90.0
    drawn = pert(UNIFORM, *column(low, mode, high))
    mean = (low + 4 * mode + high) / 6
    assert drawn.mean() == pytest.approx(mean, abs=0.2)
    assert drawn.var() == pytest.approx((mean - low) * (high - mean) / 7, rel=0.02)
    assert drawn.std() < triangular(UNIFORM, *column(low, mode, high)).std()


def test_uniform_ranges_are_flat() -> None:
    drawn = uniform_range(UNIFORM, *column(20.0, 60.0))
    assert stats.kstest(drawn[0], stats.uniform(20, 40).cdf).pvalue > 0.001


@given(st.lists(st.floats(0, 100), min_size=3, max_size=3).map(sorted), st.lists(st.floats(0, 1, exclude_max=True)))
def test_draws_stay_in_their_range_and_rise_with_the_uniform(ends: list[float], uniform: list[float]) -> None:
    low, mode, high = column(*ends)
    table = np.sort(np.array([uniform]))
    for drawn in (pert(table, low, mode, high), uniform_range(table, low, high)):
        assert drawn.shape == table.shape
        assert ((drawn >= low) & (drawn <= high)).all()
        assert (np.diff(drawn) >= -1e-9).all()


def test_a_range_without_width_is_its_value() -> None:
    for drawn in (pert(UNIFORM, *column(42.0, 42.0, 42.0)), uniform_range(UNIFORM, *column(42.0, 42.0))):
        assert set(drawn.ravel()) == {42.0}


def test_levels_are_whole_and_certain_ones_certain() -> None:
    drawn = level_draws(UNIFORM, *column(1.0, 2.0, 3.0))
    shares = [float((drawn == level).mean()) for level in (1, 2, 3)]
    assert shares == pytest.approx([2 / 9, 5 / 9, 2 / 9], abs=0.01)  # triangular over 0.5 to 3.5, by hand
    assert set(level_draws(UNIFORM, *column(2.0, 2.0, 2.0)).ravel()) == {2.0}
    half = level_draws(UNIFORM, *column(2.5, 2.5, 2.5))
    assert set(half.ravel()) == {2.0, 3.0} and half.mean() == pytest.approx(2.5, abs=0.01)


def test_unknown_checklist_items_are_met_in_half_of_the_draws() -> None:
    met, critical = np.array([1.0, 0.5, 0.0, np.nan, np.nan]), np.array([False, True, False, True, False])
    drawn = checklist_draws(uniform_draws(1, ["a"], 20_000)[0], met, critical)
    possible = [100 * (2 + 2 * x + y) / 7 for x, y in itertools.product((0, 1), repeat=2)]
    found, counts = np.unique(np.round(drawn, 6), return_counts=True)
    assert list(found) == sorted(np.round(possible, 6))
    assert counts / 20_000 == pytest.approx(0.25, abs=0.01)
    assert set(checklist_draws(UNIFORM[0], np.array([0.5]), np.array([True]))) == {50.0}


def test_checklist_draws_rise_with_the_uniform() -> None:
    drawn = checklist_draws(np.linspace(0, 1, 1001, endpoint=False), np.full(9, np.nan), np.arange(9) % 3 == 0)
    assert (np.diff(drawn) >= 0).all()
    assert (drawn[0], drawn[-1]) == (0.0, 100.0)


def test_importing_the_room_imports_no_solver() -> None:
    rooms = "import assess.robustness.sampling, assess.robustness.acceptability, sys"
    code = f"{rooms}; sys.exit(any(name.startswith(('scipy', 'SALib', 'numpy.random')) for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
