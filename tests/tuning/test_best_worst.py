"""The best-worst method: published example, an independent solver, and judgements that are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats
from assess.tuning.best_worst import (
    MODELS,
    best_worst_weights,
    consistency_index,
    linear_weights,
    nonlinear_deviation,
    nonlinear_range,
)
from assess.tuning.elicited import Elicited, Remark
from assess.tuning.linear import minimise, weight_range

CAR = ("quality", "price", "comfort", "safety", "style")
OVER = dict(zip(CAR, (2.0, 1, 4, 3, 8), strict=True))
UNDER = dict(zip(CAR, (4.0, 8, 4, 2, 1), strict=True))
"""The car example of Rezaei 2015, Omega 53."""


def car(model: str) -> Elicited:
    return best_worst_weights(CAR, "price", "style", OVER, UNDER, model)


def remark(found: Elicited, start: str) -> Remark:
    return next(remark for remark in found.diagnostics if remark.name.startswith(start))


def test_the_linear_model_of_the_car_example() -> None:
    found = car("linear")
    assert list(found.weights.values()) == pytest.approx(np.array([16, 28, 8, 10, 3]) / 65, abs=1e-9)
    assert remark(found, "xi*").value == pytest.approx(4 / 65, abs=1e-9)
    assert found.low == pytest.approx(found.weights, abs=1e-9)
    assert found.high == pytest.approx(found.weights, abs=1e-9)


def test_the_nonlinear_model_of_the_car_example() -> None:
    found = car("nonlinear")
    assert remark(found, "xi*").value == pytest.approx(1, abs=1e-9)
    ratio = remark(found, "consistency ratio")
    assert ratio.value == pytest.approx(0.223714, abs=1e-6)
    assert ratio.warning
    assert "Rezaei 2015" in (ratio.text or "")
    assert sum(found.weights.values()) == pytest.approx(1)
    for name in CAR:
        assert found.low[name] < found.weights[name] < found.high[name]


def test_the_optimum_is_no_worse_than_that_of_a_penalised_search() -> None:
    """A published program gives weights that are optimal for neither model; a linear program cannot."""
    other = np.array([0.2058, 0.4538, 0.1297, 0.1621, 0.0486])
    over, under = np.array(list(OVER.values())), np.array(list(UNDER.values()))
    linear = max(np.abs(other[1] - over * other).max(), np.abs(other - under * other[4]).max())
    ratio = max(np.abs(other[1] / other - over).max(), np.abs(other / other[4] - under).max())
    assert linear_weights(over, under, 1, 4)[1] < linear - 0.003
    assert nonlinear_deviation(over, under, 1, 4) < ratio - 0.3


def test_the_consistency_index_is_the_table_of_rezaei() -> None:
    table = [0, 0.44, 1.0, 1.63, 2.3, 3.0, 3.73, 4.47, 5.23]
    assert [consistency_index(a) for a in range(1, 10)] == table


judgements = st.lists(
    st.tuples(st.integers(1, 9).map(float), st.integers(1, 9).map(float)), min_size=0, max_size=5
).flatmap(lambda inner: st.tuples(st.just(inner), st.integers(1, 9).map(float)))


def arrays(case: tuple[list[tuple[float, float]], float]) -> tuple[Floats, Floats]:
    inner, direct = case
    over = np.array([1.0, *(a for a, _ in inner), direct])
    return over, np.array([direct, *(b for _, b in inner), 1.0])


def ratio_rows(over: Floats, under: Floats, xi: float) -> Floats:
    """Rows with rows w <= 0 for ratios within xi; the best item first, the worst last."""
    n = len(over)
    rows = []
    for j in range(1, n):
        up, down = np.zeros(n), np.zeros(n)
        up[0], down[0] = 1, -1
        up[j] -= over[j] + xi
        down[j] += over[j] - xi
        rows += [up, down]
    for j in range(n - 1):
        up, down = np.zeros(n), np.zeros(n)
        up[j], down[j] = 1, -1
        up[-1] -= under[j] + xi
        down[-1] += under[j] - xi
        rows += [up, down]
    return np.array(rows)


def least_excess(over: Floats, under: Floats, xi: float) -> float:
    """By how much rows of weights must exceed 0 at least: 0 where ratios within xi exist."""
    rows = ratio_rows(over, under, xi)
    n = len(over)
    found = minimise(np.append(np.zeros(n), 1.0), np.column_stack([rows, -np.ones(len(rows))]), np.zeros(len(rows)), n)
    assert found is not None
    return float(found[-1])


@given(judgements)
@settings(max_examples=60)
def test_xi_of_the_nonlinear_model_is_where_a_linear_program_becomes_possible(case: Any) -> None:
    over, under = arrays(case)
    xi = nonlinear_deviation(over, under, 0, len(over) - 1)
    assert least_excess(over, under, xi) < 1e-8
    assert xi < 1e-4 or least_excess(over, under, xi - 1e-4) > 1e-7


@given(judgements, st.floats(0.01, 2))
@settings(max_examples=40)
def test_the_range_of_the_nonlinear_model_is_that_of_linear_programs(case: Any, more: float) -> None:
    over, under = arrays(case)
    xi = nonlinear_deviation(over, under, 0, len(over) - 1) + more
    rows = ratio_rows(over, under, xi)
    solved = weight_range(len(over), rows, np.zeros(len(rows)))
    assert solved is not None
    found = nonlinear_range(over, under, 0, len(over) - 1, xi)
    assert found[0] == pytest.approx(solved[0], abs=1e-7)
    assert found[1] == pytest.approx(solved[1], abs=1e-7)


@given(judgements, st.sampled_from(list(MODELS)))
@settings(max_examples=40)
def test_weights_sum_to_one_and_lie_in_their_range(case: Any, model: str) -> None:
    over, under = arrays(case)
    names = [f"i{index}" for index in range(len(over))]
    found = best_worst_weights(
        names, names[0], names[-1], dict(zip(names, over, strict=True)), dict(zip(names, under, strict=True)), model
    )
    assert sum(found.weights.values()) == pytest.approx(1)
    for name, weight in found.weights.items():
        assert found.low[name] - 1e-9 <= found.high[name]
        if model == "linear":
            assert found.low[name] <= weight <= found.high[name]


@given(st.lists(st.integers(1, 3), min_size=0, max_size=4), st.integers(1, 3))
@settings(max_examples=30)
def test_consistent_judgements_give_back_their_weights(inner: list[int], last: int) -> None:
    over = np.array([1.0, *(float(a) for a in inner), float(max([*inner, 1]) * last)])
    weights = (1 / over) / (1 / over).sum()
    under = np.round(weights / weights[-1], 12)
    names = [f"i{index}" for index in range(len(over))]
    for model in MODELS:
        found = best_worst_weights(
            names, names[0], names[-1], dict(zip(names, over, strict=True)), dict(zip(names, under, strict=True)), model
        )
        assert list(found.weights.values()) == pytest.approx(weights, abs=1e-6)
        assert remark(found, "xi*").value == pytest.approx(0, abs=1e-9)
        assert not any(one.warning for one in found.diagnostics)


def test_an_item_against_itself_may_be_left_out_and_order_is_watched() -> None:
    over = {"b": 3.0, "c": 2.0}
    found = best_worst_weights("abc", "a", "c", over, {"a": 2.0, "b": 1.0})
    assert remark(found, "order").warning
    assert "themselves: b;" in (remark(found, "order").text or "")
    found = best_worst_weights("abc", "a", "c", {"b": 1.0, "c": 2.0}, {"a": 2.0, "b": 3.0})
    assert "themselves: b;" in (remark(found, "order").text or "")


def test_best_and_worst_that_matter_the_same_have_no_ratio() -> None:
    found = best_worst_weights("ab", "a", "b", {"b": 1.0}, {"a": 1.0})
    assert remark(found, "consistency ratio").value is None
    assert found.weights == pytest.approx({"a": 0.5, "b": 0.5})


def test_judgements_that_make_no_sense_are_refused() -> None:
    def said(best: str | None, worst: str | None, over: dict[str, float], under: dict[str, float]) -> str:
        with pytest.raises(UsageError) as caught:
            best_worst_weights(CAR, best, worst, over, under)
        return str(caught.value)

    assert "the best item is missing" in said(None, "style", OVER, UNDER)
    assert "the worst item is missing" in said("price", None, OVER, UNDER)
    assert "cannot be both best and worst" in said("price", "price", OVER, UNDER)
    assert "unknown item 'prise'; did you mean 'price'?" in said("prise", "style", OVER, UNDER)
    assert "best to others: 'price' against itself must be 1 (found 2)" in said(
        "price", "style", OVER | {"price": 2}, UNDER
    )
    assert "others to worst: 'style' against itself must be 1" in said("price", "style", OVER, UNDER | {"style": 3})
    assert "it is one judgement" in said("price", "style", OVER | {"style": 7}, UNDER)
    assert "from 1 to 9 (found 0.5)" in said("price", "style", OVER | {"comfort": 0.5}, UNDER)
    assert "from 1 to 9 (found 10)" in said("price", "style", OVER, UNDER | {"comfort": 10})
    assert "from 1 to 9 (found nan)" in said("price", "style", OVER, UNDER | {"comfort": float("nan")})
    assert "unknown item 'speed'" in said("price", "style", OVER | {"speed": 2}, UNDER)
    missing = {name: value for name, value in OVER.items() if name not in ("comfort", "safety")}
    assert said("price", "style", missing, UNDER).count("is missing") == 2
    with pytest.raises(UsageError, match="unknown best-worst model"):
        best_worst_weights(CAR, "price", "style", OVER, UNDER, "quadratic")
    with pytest.raises(UsageError, match="at least two items"):
        best_worst_weights(["a"], "a", "a", {}, {})
