"""The kernel against published numbers, and against the properties that make a score defensible."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from tests.conftest import criterion, rubric_data, small_rubric

from assess.rubric.measures import Values
from assess.rubric.models import Rubric
from assess.scoring.compiled import CompiledRubric, compile_rubric
from assess.scoring.kernel import BLOCK, NO_RATING, aggregate, basis, rate, score_raw

METHODS: list[dict[str, Any]] = [
    {"method": "arithmetic"},
    {"method": "geometric", "floor": 1.0},
    {"method": "power", "exponent": 0.5, "floor": 1.0},
    {"method": "power", "exponent": -2.0, "floor": 1.0},
    {"method": "power", "exponent": 3.0, "floor": 1.0},
    {"method": "owa", "exponent": 2.0},
    {"method": "owa", "exponent": 0.5},
    {"method": "minimum"},
]
VALUE = st.floats(1.0, 100.0).map(lambda v: round(v, 6))
MAYBE = st.one_of(VALUE, st.just(math.nan))


def flat(weights: list[float], method: dict[str, Any]) -> CompiledRubric:
    """One pillar over criteria with the given weights, combined by the given method; no coverage threshold."""
    pillar = {
        "id": "one",
        "title": "One",
        "aggregation": method,
        "criteria": [criterion(f"c{i}", weight) for i, weight in enumerate(weights)],
    }
    rules = {"insufficient_below": 0.0, "provisional_below": 0.0}
    return compile_rubric(small_rubric(pillars=[pillar], aggregation={"method": "arithmetic"}, coverage=rules))


def one(compiled: CompiledRubric, values: list[float]) -> float:
    return float(aggregate(compiled, Values.of(np.array([values]))).score[0, 0])


@st.composite
def tables(
    draw: st.DrawFn, elements: st.SearchStrategy[float] = VALUE
) -> tuple[dict[str, Any], list[float], list[float]]:
    """A method, positive weights and one row of values."""
    n = draw(st.integers(1, 6))
    weights = draw(st.lists(st.floats(0.05, 10.0), min_size=n, max_size=n))
    return draw(st.sampled_from(METHODS)), weights, draw(st.lists(elements, min_size=n, max_size=n))


# --------------------------------------------------------------------------- published numbers


def test_geometric_mean_reproduces_the_human_development_index() -> None:
    """UNDP technical note, HDR 2020: indices .6971, .3447 and .5506 give .510."""
    compiled = flat([1, 1, 1], {"method": "geometric", "floor": 0.01})
    assert one(compiled, [69.71, 34.47, 55.06]) == pytest.approx(100 * (0.6971 * 0.3447 * 0.5506) ** (1 / 3), abs=1e-9)
    income = 100 * (math.log(3829) - math.log(100)) / (math.log(75000) - math.log(100))
    assert income == pytest.approx(55.06, abs=5e-3)
    assert round(one(compiled, [69.71, 34.47, income]) / 100, 3) == 0.510


def test_weighted_mean_reproduces_lighthouse() -> None:
    assert one(flat([10, 25, 30, 25, 10], {"method": "arithmetic"}), [90, 80, 50, 100, 60]) == pytest.approx(
        75, abs=1e-9
    )


def test_missing_leaves_both_sums_as_in_scorecard() -> None:
    """ossf/scorecard: weights 10, 7.5, 5, 2.5 on 10, 5, inconclusive, 0 give 6.875."""
    compiled = flat([10, 7.5, 5, 2.5], {"method": "arithmetic"})
    assert one(compiled, [100, 50, math.nan, 0]) == pytest.approx(68.75, abs=1e-9)


def test_threshold_withholds_as_in_coinr() -> None:
    """COINr data threshold 2/3: rows (1,3,1), (2,-,-), (3,-,1) give 5/3, none and 2."""
    rules = {"insufficient_below": 200 / 3, "provisional_below": 200 / 3}
    pillar = {"id": "one", "title": "One", "criteria": [criterion(name) for name in "abc"]}
    compiled = compile_rubric(small_rubric(pillars=[pillar], coverage=rules))
    nan = math.nan
    score = aggregate(compiled, Values.of(np.array([[1, 3, 1], [2, nan, nan], [3, nan, 1.0]]))).score[:, 0]
    assert score == pytest.approx([5 / 3, nan, 2], abs=1e-9, nan_ok=True)


def test_owa_by_hand() -> None:
    """Quantifier r^2 over three equal weights: 1/9, 3/9 and 5/9 from the best to the worst (Yager 1996)."""
    compiled = flat([1, 1, 1], {"method": "owa", "exponent": 2.0})
    assert one(compiled, [90, 30, 60]) == pytest.approx((90 * 1 + 60 * 3 + 30 * 5) / 9, abs=1e-9)


def test_power_mean_by_hand() -> None:
    compiled = flat([3, 1], {"method": "power", "exponent": -1.0, "floor": 1.0})
    assert one(compiled, [40, 80]) == pytest.approx(1 / (0.75 / 40 + 0.25 / 80), abs=1e-9)


# --------------------------------------------------------------------------- properties


@given(tables(), st.integers(0, 5), st.floats(0, 50))
def test_raising_a_value_never_lowers_the_score(table: Any, place: int, gain: float) -> None:
    method, weights, values = table
    compiled = flat(weights, method)
    raised = list(values)
    raised[place % len(values)] = min(100.0, raised[place % len(values)] + gain)
    assert one(compiled, raised) >= one(compiled, values) - 1e-9


@given(tables(MAYBE), st.floats(0.01, 1000))
def test_weights_are_free_of_scale(table: Any, factor: float) -> None:
    method, weights, values = table
    scaled = flat([weight * factor for weight in weights], method)
    assert one(scaled, values) == pytest.approx(one(flat(weights, method), values), abs=1e-8, nan_ok=True)


@given(tables(MAYBE), st.randoms())
def test_order_of_criteria_changes_nothing(table: Any, random: Any) -> None:
    method, weights, values = table
    order = list(range(len(values)))
    random.shuffle(order)
    shuffled = flat([weights[i] for i in order], method)
    assert one(shuffled, [values[i] for i in order]) == pytest.approx(
        one(flat(weights, method), values), abs=1e-8, nan_ok=True
    )


@given(tables(MAYBE), st.integers(0, 5), st.floats(0.1, 0.9))
def test_splitting_a_criterion_changes_nothing(table: Any, place: int, share: float) -> None:
    method, weights, values = table
    i = place % len(values)
    split = [*weights[:i], weights[i] * share, weights[i] * (1 - share), *weights[i + 1 :]]
    doubled = [*values[: i + 1], *values[i:]]
    assert one(flat(split, method), doubled) == pytest.approx(one(flat(weights, method), values), abs=1e-8, nan_ok=True)


@given(tables(), VALUE)
def test_equal_values_give_that_value(table: Any, value: float) -> None:
    method, weights, values = table
    assert one(flat(weights, method), [value] * len(values)) == pytest.approx(value, abs=1e-8)


@given(tables())
def test_geometric_is_at_most_arithmetic_and_minimum_at_most_both(table: Any) -> None:
    _, weights, values = table
    minimum, geometric, arithmetic = (
        one(flat(weights, {"method": name}), values) for name in ("minimum", "geometric", "arithmetic")
    )
    assert minimum <= geometric + 1e-9
    assert geometric <= arithmetic + 1e-9


@given(tables(MAYBE), st.data())
def test_bounds_contain_every_completion(table: Any, data: st.DataObject) -> None:
    method, weights, values = table
    compiled = flat(weights, method)
    scores = aggregate(compiled, Values.of(np.array([values])))
    completed = [data.draw(st.floats(0, 100)) if math.isnan(v) else v for v in values]
    full = one(compiled, completed)
    assert scores.low[0, 0] - 1e-8 <= full <= scores.high[0, 0] + 1e-8


@given(arrays(np.float64, (12, 4), elements=MAYBE))
def test_one_row_scores_as_it_does_in_a_table(values: NDArray[np.float64]) -> None:
    compiled = compile_rubric(small_rubric())
    together = aggregate(compiled, Values.of(values))
    for row in range(len(values)):
        alone = aggregate(compiled, Values.of(values[row : row + 1]))
        for whole, single in zip(
            (together.score, together.coverage, together.low, together.high),
            (alone.score, alone.coverage, alone.low, alone.high),
            strict=True,
        ):
            np.testing.assert_allclose(whole[row], single[0], atol=1e-12)


def test_no_score_exceeds_the_scale() -> None:
    for method in METHODS:
        scores = aggregate(flat([0.1, 0.2, 0.3, 0.7, 0.1], method), Values.of(np.full((1, 5), 100.0)))
        assert scores.score.max() <= 100


def test_missing_is_neither_zero_nor_the_mean_of_others() -> None:
    compiled = flat([1, 1], {"method": "arithmetic"})
    assert one(compiled, [80, math.nan]) == pytest.approx(80)
    assert one(compiled, [80, 0]) == pytest.approx(40)


def test_everything_missing_gives_no_score_and_full_bounds() -> None:
    for method in METHODS:
        scores = aggregate(flat([1, 2], method), Values.of(np.full((1, 2), np.nan)))
        assert math.isnan(scores.score[0, 0])
        assert scores.coverage[0, 0] == 0
        assert scores.low[0, 0] <= 1.0 + 1e-9
        assert scores.high[0, 0] == pytest.approx(100)


# --------------------------------------------------------------------------- coverage


@pytest.mark.parametrize(("missing", "want"), [([], "sufficient"), ([1], "provisional"), ([0], "insufficient")])
def test_coverage_decides_the_basis(missing: list[int], want: str) -> None:
    compiled = compile_rubric(small_rubric(coverage={"insufficient_below": 60.0, "provisional_below": 80.0}))
    values = np.full((1, 4), 70.0)
    values[0, missing] = np.nan  # a weighs 75 % of its pillar, b 25 %
    scores = aggregate(compiled, Values.of(values))
    assert basis(compiled, scores.coverage[0], 0) == want
    assert basis(compiled, scores.coverage[0], -1) == want
    assert math.isnan(scores.score[0, 0]) == (want == "insufficient")
    assert math.isnan(scores.score[0, -1]) == (want == "insufficient")
    assert scores.score[0, 1] == pytest.approx(70)


def test_a_nested_pillar_that_is_thin_is_withheld_alone() -> None:
    inner = {"id": "inner", "title": "Inner", "weight": 0.2, "criteria": [criterion("a"), criterion("b")]}
    pillar = {"id": "one", "title": "One", "pillars": [inner], "criteria": [criterion("c", 0.8)]}
    compiled = compile_rubric(small_rubric(pillars=[pillar]))
    nodes = {node.id: index for index, node in enumerate(compiled.nodes)}
    scores = aggregate(compiled, Values.of(np.array([[50.0, np.nan, 60.0]])))
    column = [compiled.column[name] for name in "abc"]
    assert column == [0, 1, 2]
    assert math.isnan(scores.score[0, nodes["inner"]])
    assert scores.coverage[0, nodes["one"]] == pytest.approx(0.9)
    assert scores.score[0, nodes["one"]] == pytest.approx(0.2 * 50 + 0.8 * 60)


def test_known_parts_count_in_part() -> None:
    compiled = flat([1, 1], {"method": "arithmetic"})
    scores = aggregate(compiled, Values.of(np.array([[50.0, 70.0]])), np.array([1.0, 0.5]))
    assert scores.coverage[0, 0] == pytest.approx(0.75)
    assert scores.score[0, 0] == pytest.approx(60)


# --------------------------------------------------------------------------- ratings and red lines

LINES = [
    {"id": "stop", "criterion": "a", "when": "w", "effect": "block"},
    {"id": "cap", "criterion": "a", "when": "w", "effect": "cap_overall_conditional"},
    {"id": "pillar", "criterion": "c", "when": "w", "effect": "cap_pillar_49"},
]


def lined() -> tuple[Rubric, CompiledRubric]:
    rubric = small_rubric(red_lines=LINES)
    return rubric, compile_rubric(rubric)


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (100, 0),
        (80, 0),
        (79.999, 1),
        (65 - 1e-12, 1),
        (64.999, 2),
        (50, 2),
        (35, 3),
        (34.9, 4),
        (0, 4),
        (np.nan, NO_RATING),
    ],
)
def test_bands_begin_at_their_edge(score: float, band: int) -> None:
    _, compiled = lined()
    assert rate(compiled, np.full((1, 3), score)).uncapped.tolist() == [[band] * 3]


@pytest.mark.parametrize(
    ("tripped", "overall", "second"),
    [([0, 0, 0], 0, 0), ([1, 0, 0], 5, 0), ([0, 1, 0], 2, 0), ([0, 0, 1], 0, 3), ([1, 1, 1], 5, 3)],
)
def test_a_red_line_caps_the_rating_and_no_number(tripped: list[int], overall: int, second: int) -> None:
    _, compiled = lined()
    ratings = rate(compiled, np.full((1, 3), 90.0), np.array([tripped]))
    assert ratings.capped.tolist() == [[0, second, overall]]
    assert ratings.uncapped.tolist() == [[0, 0, 0]]


def test_a_cap_never_raises_a_rating_and_a_block_needs_no_score() -> None:
    _, compiled = lined()
    assert rate(compiled, np.full((1, 3), 20.0), np.array([[0, 1, 1]])).capped.tolist() == [[4, 4, 4]]
    assert rate(compiled, np.full((1, 3), np.nan), np.array([[1, 1, 1]])).capped.tolist() == [[-1, -1, 5]]


@given(
    arrays(np.float64, (1, 4), elements=VALUE), st.integers(0, 3), st.floats(0, 100), st.sampled_from(["stop", "cap"])
)
def test_no_improvement_elsewhere_lifts_a_capped_rating(
    values: NDArray[np.float64], place: int, gain: float, line: str
) -> None:
    rubric, compiled = lined()
    tripped = np.array([[entry.id == line for entry in rubric.red_lines]])
    better = values.copy()
    better[0, place] = min(100, better[0, place] + gain)
    cap = 5 if line == "stop" else 2
    for table in (values, better):
        assert rate(compiled, aggregate(compiled, Values.of(table)).score, tripped).capped[0, -1] >= cap


# --------------------------------------------------------------------------- whole tables


def test_blocks_change_nothing() -> None:
    _, compiled = lined()
    generator = np.random.default_rng(1)
    raw = generator.uniform(0, 4, (2 * BLOCK + 17, 4))
    raw[generator.random(raw.shape) < 0.1] = np.nan
    tripped = generator.random((len(raw), 3)) < 0.1
    result = score_raw(compiled, raw, tripped)
    whole = aggregate(compiled, compiled.scale.values(raw))
    np.testing.assert_allclose(result.scores.score, whole.score, atol=1e-12)
    np.testing.assert_array_equal(result.ratings.capped, rate(compiled, whole.score, tripped).capped)
    np.testing.assert_allclose(result.scores.high, whole.high, atol=1e-12)


def test_bounds_are_worked_out_only_when_asked_for() -> None:
    _, compiled = lined()
    raw = np.array([[1.0, np.nan, 3.0, 4.0]])
    with_bounds, without = score_raw(compiled, raw), score_raw(compiled, raw, bounds=False)
    np.testing.assert_array_equal(without.scores.score, with_bounds.scores.score)
    np.testing.assert_array_equal(without.ratings.capped, with_bounds.ratings.capped)
    assert np.isnan(without.scores.low).all()
    assert np.isnan(without.scores.high).all()


def test_an_empty_table_scores_to_an_empty_result() -> None:
    _, compiled = lined()
    assert score_raw(compiled, np.empty((0, 4)), np.empty((0, 3))).scores.score.shape == (0, 3)


@given(arrays(np.float64, (3, 4), elements=st.floats(0, 4)), arrays(np.float64, (5, 4), elements=st.floats(0, 4)))
def test_adding_cases_changes_no_other_score(raw: NDArray[np.float64], others: NDArray[np.float64]) -> None:
    compiled = compile_rubric(Rubric.model_validate(rubric_data()))
    alone, together = score_raw(compiled, raw), score_raw(compiled, np.vstack([raw, others]))
    np.testing.assert_allclose(together.scores.score[:3], alone.scores.score, atol=1e-12)
