from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.rubric.measures import (
    Breakpoints,
    Values,
    breakpoints_of,
    checklist_share,
    compile_scale,
    level_breakpoints,
    value_of,
)
from assess.rubric.models import Checklist, ChecklistItem, Ordinal, Quantitative

LEVELS = (0.0, 25.0, 50.0, 75.0, 100.0)


@st.composite
def breakpoints(draw: st.DrawFn) -> Breakpoints:
    """Breakpoints as the models let them through: numbers rising, values all rising or all falling or level."""
    gaps = draw(st.lists(st.integers(1, 500), min_size=1, max_size=5))
    numbers = [n / 10 for n in itertools.accumulate(gaps, initial=draw(st.integers(-2000, 2000)))]
    whole = st.lists(st.integers(0, 100), min_size=len(numbers), max_size=len(numbers)).filter(
        lambda v: len(set(v)) > 1
    )
    even = st.sampled_from([0.0, 20.0]).map(lambda v0: list(np.linspace(v0, 100.0, len(numbers))))
    values = sorted(map(float, draw(whole | even)))
    return tuple(zip(numbers, values if draw(st.booleans()) else values[::-1], strict=True))


raw_numbers = st.floats(-2000, 2000) | st.sampled_from([0.0, -1e6, 1e6, math.nan])


def quantitative(points: Any) -> Quantitative:
    return Quantitative(kind="quantitative", unit="u", breakpoints=points)


# ------------------------------------------------------------------------------------------------- published numbers


@pytest.mark.parametrize(
    ("raw", "value"),
    [(-0.15, 0.0), (0.0, 10.0), (0.1, 42.0), (0.25, 90.0), (0.35, 100.0), (0.38, 100.0), (-0.2, 0.0)],
)
def test_rsmaa_rising_value_function(raw: float, value: float) -> None:
    """The R package smaa's tests/pvf.R, values x 100, clipped."""
    assert value_of(((-0.15, 0), (0, 10), (0.25, 90), (0.35, 100)), raw) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("raw", "value"),
    [(50, 100.0), (60, 92.0), (75, 80.0), (90, 50.0), (100, 0.0), (10, 100.0), (40, 100.0), (101, 0.0), (120, 0.0)],
)
def test_rsmaa_falling_value_function(raw: float, value: float) -> None:
    """The R package smaa's tests/pvf.R, values x 100, clipped."""
    assert value_of(((50, 100), (75, 80), (90, 50), (100, 0)), raw) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("goalposts", "raw", "value"),
    [
        ((20.0, 85.0), 20.0, 0.0),
        ((20.0, 85.0), 65.3, 69.69230769230769),
        ((20.0, 85.0), 85.0, 100.0),
        ((20.0, 85.0), 87.0, 100.0),
        ((0.0, 18.0), 9.0, 50.0),
        ((0.0, 18.0), 12.0, 66.66666666666667),
        ((0.0, 15.0), 3.0, 20.0),
        ((0.0, 15.0), 15.5, 100.0),
        # ln of 100, 75,000 and 3,829 dollars: the income index of UNDP's worked example, .5506
        ((4.605170185988092, 11.225243392518447), 8.250358951477294, 55.062665498825815),
        ((4.605170185988092, 11.225243392518447), 4.605170185988092, 0.0),
        ((4.605170185988092, 11.225243392518447), 12.0, 100.0),
    ],
)
def test_hdi_dimension_indices(goalposts: tuple[float, float], raw: float, value: float) -> None:
    """UNDP, Human Development Report 2020, technical notes: (actual - minimum) / (maximum - minimum)."""
    assert value_of(((goalposts[0], 0), (goalposts[1], 100)), raw) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(("values", "expected"), [((0, 100), 10.0), ((100, 0), 90.0)])
def test_coinr_goalposts(values: tuple[float, float], expected: float) -> None:
    """COINr, test-normalise.R: n_goalposts of 1 between 0 and 10 is .1, and .9 in the other direction."""
    assert value_of(((0, values[0]), (10, values[1])), 1) == pytest.approx(expected, abs=1e-9)


# ------------------------------------------------------------------------------------------------- value functions


@settings(max_examples=200)
@given(st.lists(breakpoints(), min_size=1, max_size=6), st.data())
def test_a_table_of_columns_equals_interpolation_column_by_column(
    columns: list[Breakpoints], data: st.DataObject
) -> None:
    rows = data.draw(
        st.lists(st.lists(raw_numbers, min_size=len(columns), max_size=len(columns)), min_size=1, max_size=6)
    )
    raw = np.array(rows)
    for column, points in enumerate(columns):  # the breakpoints themselves too
        raw[0, column] = data.draw(st.sampled_from([number for number, _ in points]))
    before = raw.copy()
    found = compile_scale(columns).values(raw)
    for column, points in enumerate(columns):
        numbers, values = np.array(points).T
        expected = np.where(np.isnan(raw[:, column]), np.nan, np.interp(raw[:, column], numbers, values))
        np.testing.assert_allclose(found.with_nan()[:, column], expected, rtol=0, atol=1e-8)
    assert found.filled.min() >= 0
    assert found.filled.max() <= 100
    np.testing.assert_array_equal(found.filled.T[np.isnan(raw)], 0)
    np.testing.assert_array_equal(raw, before)


@settings(max_examples=50)
@given(st.lists(breakpoints(), min_size=1, max_size=4), st.data())
def test_memory_to_reuse_changes_nothing(columns: list[Breakpoints], data: st.DataObject) -> None:
    raw = np.array([data.draw(st.lists(raw_numbers, min_size=len(columns), max_size=len(columns)))])
    scale = compile_scale(columns)
    memory = np.full((2, *raw.shape[::-1]), 7.0)
    found = scale.values(raw, out=memory)
    assert np.shares_memory(found.filled, memory)
    np.testing.assert_array_equal(found.with_nan(), scale.values(raw).with_nan())


@settings(max_examples=100)
@given(breakpoints(), st.lists(st.floats(-2000, 2000), min_size=2, max_size=12))
def test_a_value_function_is_monotone_and_flat_outside(points: Breakpoints, raws: list[float]) -> None:
    (first, at_first), (last, at_last) = points[0], points[-1]
    raw = np.array(sorted([*raws, first, last, -1e6, 1e6]))[:, None]
    values = compile_scale([points]).values(raw).with_nan()[:, 0]
    direction = 1 if at_last > at_first else -1
    assert (np.diff(values) * direction >= -1e-8).all()
    np.testing.assert_allclose(values[raw[:, 0] <= first], at_first, atol=1e-8)
    np.testing.assert_allclose(values[raw[:, 0] >= last], at_last, atol=1e-8)


@settings(max_examples=50)
@given(breakpoints(), breakpoints(), st.lists(st.floats(-500, 500), min_size=1, max_size=5))
def test_a_column_does_not_depend_on_its_neighbours(one: Breakpoints, other: Breakpoints, raws: list[float]) -> None:
    raw = np.array(raws)[:, None]
    alone = compile_scale([one]).values(raw).with_nan()[:, 0]
    beside = compile_scale([other, one]).values(np.hstack([raw, raw])).with_nan()[:, 1]
    np.testing.assert_allclose(alone, beside, atol=1e-8)


@pytest.mark.parametrize(
    ("points", "bent"),
    [
        (((0, 0), (10, 100)), []),
        (((0, 100), (10, 0)), []),
        (((0, 0), (5, 50), (10, 100)), []),  # straight on: the middle says nothing
        (((0, 0), (5, 60), (10, 100)), [0]),
        (((0, 20), (10, 80)), []),
        (((0, 0), (5, 0), (10, 100)), [0]),
    ],
)
def test_only_straight_columns_never_read_outside_take_the_short_way(points: Breakpoints, bent: list[int]) -> None:
    assert compile_scale([points], [True]).bent.tolist() == bent
    assert compile_scale([points]).bent.tolist() == [0]


def test_a_gap_stays_a_gap() -> None:
    columns = [((0, 0), (1, 100)), ((0, 0), (1, 10), (2, 100))]
    found = compile_scale(columns).values(np.array([[np.nan, 1.0], [0.5, np.nan], [0.5, 1.0]]))
    np.testing.assert_allclose(found.with_nan(), [[np.nan, 10.0], [50.0, np.nan], [50.0, 10.0]])
    assert found.gaps is not None
    assert found.gaps.tolist() == [[1, 0, 0], [0, 1, 0]]  # a row per criterion
    assert compile_scale(columns).values(np.array([[0.0, 1.0]])).gaps is None


@settings(max_examples=50)
@given(st.lists(st.lists(st.floats(0, 100) | st.just(math.nan), min_size=2, max_size=2), min_size=1, max_size=5))
def test_values_keep_what_they_were_made_of(rows: list[list[float]]) -> None:
    table = np.array(rows)
    values = Values.of(table)
    np.testing.assert_array_equal(values.with_nan(), table)
    assert not np.isnan(values.filled).any()
    assert (values.gaps is None) == (not np.isnan(table).any())


# ------------------------------------------------------------------------------------------------- kinds of measure


@pytest.mark.parametrize(("level", "value"), [(0, 0), (1, 15), (2, 40), (2.5, 55), (3, 70), (4, 100), (5, 100)])
def test_a_level_has_the_value_the_rubric_gives_it_with_straight_lines_between(level: float, value: float) -> None:
    points = breakpoints_of(Ordinal(kind="ordinal"), (0, 15, 40, 70, 100))
    assert points == level_breakpoints((0, 15, 40, 70, 100))
    assert value_of(points, level) == pytest.approx(value, abs=1e-9)


def test_a_number_runs_over_its_own_breakpoints_and_a_checklist_over_its_percentage() -> None:
    points = ((1.0, 0.0), (2.0, 100.0))
    assert breakpoints_of(quantitative(points), LEVELS) == points
    checklist = Checklist(kind="checklist", items=(ChecklistItem(id="a", text="A"),))
    assert [value_of(breakpoints_of(checklist, LEVELS), share) for share in (0, 37.5, 100)] == [0, 37.5, 100]


# ------------------------------------------------------------------------------------------------- checklists


def checklist_of(*critical: bool) -> list[ChecklistItem]:
    return [ChecklistItem(id=f"i{n}", text="t", critical=flag) for n, flag in enumerate(critical)]


def answers_of(*answers: str) -> dict[str, str]:
    return {f"i{n}": answer for n, answer in enumerate(answers)}


@pytest.mark.parametrize(
    ("critical", "answers", "expected"),
    [
        ((False, False), ("yes", "yes"), (100, 100, 100, 1)),
        ((False, False), ("no", "no"), (0, 0, 0, 1)),
        ((False, False), ("yes", "partial"), (75, 75, 75, 1)),
        ((True, False), ("yes", "no"), (200 / 3, 200 / 3, 200 / 3, 1)),
        ((True, False), ("no", "yes"), (100 / 3, 100 / 3, 100 / 3, 1)),
        ((True, False, False), ("partial", "yes", "unknown"), (200 / 3, 50, 75, 0.75)),
        ((True, False, False), ("unknown", "yes", "no"), (50, 25, 75, 0.5)),
        ((True, True), ("yes",), (100, 50, 100, 0.5)),  # an item without an answer is unknown
        ((True, False), ("unknown", "unknown"), (None, 0, 100, 0)),
        ((True, False), (), (None, 0, 100, 0)),
    ],
)
def test_a_checklist_worked_by_hand(critical: tuple[bool, ...], answers: tuple[str, ...], expected: Any) -> None:
    assert checklist_share(checklist_of(*critical), answers_of(*answers)) == pytest.approx(expected)


checklists = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["yes", "partial", "no", "unknown"])), min_size=1, max_size=6
)


@settings(max_examples=100)
@given(checklists)
def test_the_bounds_of_a_checklist_are_its_worst_and_best_completion(entries: list[tuple[bool, str]]) -> None:
    critical, answers = zip(*entries, strict=True)
    items = checklist_of(*critical)
    best, low, high, known = checklist_share(items, answers_of(*answers))
    options = [("yes", "partial", "no") if answer == "unknown" else (answer,) for answer in answers]
    completions = [checklist_share(items, answers_of(*chosen))[0] for chosen in itertools.product(*options)]
    assert low == pytest.approx(min(c for c in completions if c is not None))
    assert high == pytest.approx(max(c for c in completions if c is not None))
    assert 0 <= known <= 1
    assert (best is None) == (known == 0)
    if best is not None:
        assert low - 1e-9 <= best <= high + 1e-9
    if known == 1:
        assert low == best == high


@settings(max_examples=100)
@given(checklists)
def test_a_critical_item_counts_as_two(entries: list[tuple[bool, str]]) -> None:
    doubled = [answer for critical, answer in entries for _ in range(2 if critical else 1)]
    critical, answers = zip(*entries, strict=True)
    one = checklist_share(checklist_of(*critical), answers_of(*answers))
    other = checklist_share(checklist_of(*[False] * len(doubled)), answers_of(*doubled))
    assert one == pytest.approx(other)


@settings(max_examples=100)
@given(checklists, st.data())
def test_a_better_answer_never_lowers_a_checklist(entries: list[tuple[bool, str]], data: st.DataObject) -> None:
    critical, answers = zip(*entries, strict=True)
    items, at = checklist_of(*critical), data.draw(st.integers(0, len(entries) - 1))
    worse, better = data.draw(st.sampled_from([("no", "partial"), ("partial", "yes"), ("no", "yes")]))
    one, other = (checklist_share(items, answers_of(*answers) | {f"i{at}": answer}) for answer in (worse, better))
    assert all(a is not None and b is not None and a <= b for a, b in zip(one, other, strict=True))


def test_answers_to_other_items_count_for_nothing() -> None:
    items = checklist_of(False, False)
    assert checklist_share(items, {"i0": "yes", "other": "no"}) == checklist_share(items, {"i0": "yes"})
