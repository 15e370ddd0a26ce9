"""Draws under stated assumptions: their distributions, and the weights that conditions leave."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.robustness.drawing import DEFAULT, Condition, Drawing, Inputs, drawn_readings, drawn_values, drawn_weights
from assess.scoring.draws import uniform_draws
from assess.scoring.prepared import Prepared, prepare

ITEMS = [{"id": name, "text": name, "critical": name == "x"} for name in "xyz"]
RUBRIC = small_rubric(
    pillars=[
        {
            "id": "one",
            "title": "One",
            "criteria": [criterion("a"), criterion("list", measure={"kind": "checklist", "items": ITEMS})],
        },
        {"id": "two", "title": "Two", "criteria": [criterion("b")]},
    ],
    profiles={},
    red_lines=[],
)
ORDER = Condition(node="overall", text="two >= one", coefficients={"one": 1.0, "two": -1.0}, at_most=0.0)


def case() -> Prepared:
    answers = {"x": "yes", "y": "yes", "z": "unknown"}
    listed = {"items": answers, "confidence": "high", "evidence": ["E1"], "rationale": "r"}
    return prepare(small_partnership(observations={"a": level(1, 2, 3), "b": level(3), "list": listed}), RUBRIC)


def test_by_default_values_are_those_of_the_score() -> None:
    prepared = case()
    assert np.array_equal(drawn_values(prepared, DEFAULT, 200, 4), prepared.drawn(200, 4), equal_nan=True)


@pytest.mark.parametrize("inputs", get_args(Inputs))
def test_every_way_stays_in_range_and_rises_with_the_uniform(inputs: Inputs) -> None:
    prepared = case()
    uniform = np.tile(np.linspace(0, 1, 201, endpoint=False), (len(prepared.inputs), 1))
    drawn = drawn_readings(prepared, inputs, uniform)
    assert (np.diff(drawn, axis=1) >= -1e-9).all()
    assert (drawn >= 0).all()
    assert (drawn <= 100).all()


def test_distributions_have_their_means() -> None:
    prepared = case()
    uniform = uniform_draws(1, [cell.name for cell in prepared.inputs], 40_000)
    row = next(index for index, cell in enumerate(prepared.inputs) if cell.criterion == "b")
    low, best, high = prepared.low[row], prepared.value[row], prepared.high[row]
    means = {inputs: drawn_readings(prepared, inputs, uniform)[row].mean() for inputs in get_args(Inputs)}
    assert means["triangular"] == pytest.approx((low + best + high) / 3, abs=0.3)
    assert means["pert"] == pytest.approx((low + 4 * best + high) / 6, abs=0.3)
    assert means["uniform"] == pytest.approx((low + high) / 2, abs=0.3)


def test_discrete_draws_are_whole_levels_and_items_met_or_not() -> None:
    prepared = case()
    drawn = drawn_values(prepared, Drawing(inputs="discrete"), 2000, 1)
    columns = prepared.compiled.column
    assert set(drawn[:, columns["a"]]) == {25.0, 50.0, 75.0}
    assert set(np.round(drawn[:, columns["list"]])) == {75.0, 100.0}
    assert (drawn[:, columns["list"]] == 75.0).mean() == pytest.approx(0.5, abs=0.05)


def test_conditions_bind_their_node_alone() -> None:
    weights = drawn_weights(case(), Drawing(conditions=(ORDER,)), 500, 1)
    free = drawn_weights(case(), DEFAULT, 500, 1)
    one, two = weights.pillars
    assert (two >= one - 1e-9).all()
    assert (free.pillars[1] < free.pillars[0]).any()
    assert np.array_equal(weights.criteria, free.criteria)


def test_conditions_that_contradict_each_other_are_named() -> None:
    other = Condition(node="overall", text="one at least 80%", coefficients={"one": -1.0}, at_most=-0.8)
    with pytest.raises(UsageError, match="two >= one; one at least 80%"):
        drawn_weights(case(), Drawing(conditions=(ORDER, other)), 100, 1)


def test_a_condition_on_what_does_not_apply_says_nothing() -> None:
    gone = Condition(node="overall", text="three at most 10%", coefficients={"three": 1.0}, at_most=0.1)
    free = drawn_weights(case(), DEFAULT, 100, 1)
    assert np.array_equal(drawn_weights(case(), Drawing(conditions=(gone,)), 100, 1).pillars, free.pillars)


def test_a_condition_that_asks_a_weight_of_what_does_not_apply_is_refused() -> None:
    gone = Condition(node="overall", text="three at least 10%", coefficients={"three": -1.0}, at_most=-0.1)
    with pytest.raises(UsageError, match="“three at least 10%” asks for a weight of what does not apply to case"):
        drawn_weights(case(), Drawing(conditions=(gone,)), 100, 1)
