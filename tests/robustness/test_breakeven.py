"""Break-even weights, checked by scoring rubrics with weights on either side of them."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, default_rubric, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.partnership.loading import load_partnership
from assess.partnership.models import Partnership
from assess.robustness.breakeven import break_even, order_flips
from assess.robustness.weighted import label, overall_codes
from assess.rubric.models import Rubric
from assess.scoring.prepared import Prepared, prepare

EASY: list[dict[str, Any]] = [
    {"method": "arithmetic"},
    {"method": "geometric", "floor": 1.0},
    {"method": "power", "exponent": 0.5, "floor": 1.0},
    {"method": "power", "exponent": -2.0, "floor": 1.0},
]
HARD: list[dict[str, Any]] = [{"method": "minimum"}, {"method": "owa", "exponent": 2.0}]
LEVEL = st.none() | st.sampled_from([0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0])
SIDE = 1e-5
WEIGHTS = (3.0, 1.0, 2.0, 1.0, 1.0, 1.5)


def tree(methods: list[dict[str, Any]]) -> Rubric:
    """Pillar one with a pillar inside it, and pillar two: six criteria."""
    a, b, c, d, e, f = (criterion(name, weight) for name, weight in zip("abcdef", WEIGHTS, strict=True))
    inner = {"id": "inner", "title": "Inner", "aggregation": methods[0], "criteria": [a, b]}
    one = {"id": "one", "title": "One", "aggregation": methods[1], "pillars": [inner], "criteria": [c, d]}
    two = {"id": "two", "title": "Two", "weight": 2.0, "aggregation": methods[2], "criteria": [e, f]}
    return small_rubric(pillars=[one, two], aggregation=methods[3])


def case(rubric: Rubric, levels: list[float | None], **more: Any) -> Prepared:
    seen = {name: level(value) for name, value in zip("abcdef", levels, strict=False) if value is not None}
    return prepare(small_partnership(observations=seen, **more), rubric)


def with_share(rubric: Rubric, name: str, share: float) -> Rubric:
    """The rubric with one child's share among its neighbours set; they keep their ratios."""
    data = deepcopy(rubric.model_dump(by_alias=True, exclude={"source"}))

    def visit(children: list[dict[str, Any]]) -> None:
        found = [child for child in children if child["id"] == name]
        if found:
            others = sum(child["weight"] for child in children if child["id"] != name)
            for child in children:
                child["weight"] = share if child["id"] == name else child["weight"] / others * (1.0 - share)
        for child in children:
            if "criteria" in child:
                visit([*child["pillars"], *child["criteria"]])

    visit(data["pillars"])
    return Rubric.model_validate(data)


def rating(prepared: Prepared) -> str | None:
    return label(prepared, int(overall_codes(prepared, prepared.scores.score[:, -1])[1][0]))


def at(prepared: Prepared, name: str, share: float) -> str | None:
    return rating(prepare(prepared.partnership, with_share(prepared.rubric, name, share)))


def check(prepared: Prepared) -> None:
    result = break_even(prepared)
    json.dumps(result.model_dump(mode="json"), allow_nan=False)
    assert result.rating == rating(prepared)
    for row in result.weights:
        assert (row.reason is None) == (row.break_even is not None)
        if row.reason == "it has no neighbour, so its weight is always 1":
            continue
        if row.break_even is None:
            seen = {at(prepared, row.id, share) for share in np.linspace(0.02, 0.98, 25)}
            assert seen <= {result.rating, None}
            continue
        away = 1.0 if row.break_even >= row.weight else -1.0
        beyond = min(1.0, max(0.0, row.break_even + away * SIDE))
        assert at(prepared, row.id, beyond) == row.rating != result.rating
        if abs(row.break_even - row.weight) > SIDE:
            assert at(prepared, row.id, row.break_even - away * SIDE) == result.rating


@settings(max_examples=60)
@given(st.lists(st.sampled_from(EASY), min_size=4, max_size=4), st.lists(LEVEL, min_size=6, max_size=6))
def test_closed_forms_hold_on_either_side(methods: list[dict[str, Any]], levels: list[float | None]) -> None:
    prepared = case(tree(methods), levels)
    assert all(row.found == "closed form" for row in break_even(prepared).weights)
    check(prepared)


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(EASY + HARD), min_size=4, max_size=4),
    st.lists(LEVEL, min_size=6, max_size=6),
)
def test_bisection_holds_on_either_side(methods: list[dict[str, Any]], levels: list[float | None]) -> None:
    check(case(tree(methods), levels))


@pytest.mark.parametrize("name", ["nato", "csto", "us-israel", "quad"])
def test_shipped_cases(name: str) -> None:
    rubric = default_rubric().model_copy(update={"profiles": {}})
    check_types = prepare(load_partnership(name), rubric)
    result = break_even(check_types)
    assert result.reason is None
    assert {row.found for row in result.weights} == {"closed form"}
    applying = (check_types.compiled.weights > 0).sum() + (check_types.compiled.node_weights > 0).sum()
    assert len(result.weights) == applying


def test_linear_case_by_hand() -> None:
    """75 w + 25 (1 - w) = 65 at w = 0.8, and 50 at w = 0.5."""
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", 3.0), criterion("b", 1.0)]}
    result = break_even(case(small_rubric(pillars=[pillar]), [3.0, 1.0]))
    by_id = {row.id: row for row in result.weights}
    assert result.rating == "Conditional"
    assert by_id["a"].break_even == pytest.approx(0.8)
    assert by_id["a"].rating == "Sound"
    assert by_id["b"].break_even == pytest.approx(0.2)
    assert by_id["one"].reason == "it has no neighbour, so its weight is always 1"
    assert by_id["one"].found is None


def test_geometric_case_by_hand() -> None:
    """25^(1-w) 100^w = 50 at w = 0.5: the declared weights stand on the edge itself."""
    seen: list[float | None] = [1.0, 1.0, 4.0, 4.0]
    result = break_even(case(small_rubric(), seen))
    two = next(row for row in result.weights if row.id == "two")
    assert result.rating == "Conditional"
    assert two.break_even == pytest.approx(0.5)
    assert two.rating == "Fragile"
    one = next(row for row in result.weights if row.id == "one")
    assert one.break_even == pytest.approx(0.5)
    assert one.rating == "Fragile"


def test_never_says_why() -> None:
    lines = [
        {"id": "stop", "criterion": "a", "when": "w", "effect": "block"},
        {"id": "cap", "criterion": "a", "when": "w", "effect": "cap_overall_conditional"},
    ]
    found = {"status": "tripped", "fact": "It is so.", "evidence": ["E1"]}
    rubric = small_rubric(red_lines=lines)
    blocked = break_even(case(rubric, [1.0, 2.0, 3.0, 4.0], red_lines={"stop": found}))
    assert {row.reason for row in blocked.weights} == {"a red line holds the rating at every weight"}
    capped = break_even(case(rubric, [4.0, 3.0, 4.0, 4.0], red_lines={"cap": found}))
    assert capped.rating == "Conditional"
    assert {row.reason for row in capped.weights} == {
        "the rating is the same at every weight; a red line caps it at Conditional"
    }
    same = break_even(case(rubric, [3.0, 3.0, 3.0, 3.0]))
    assert {row.reason for row in same.weights} == {"the rating is the same at every weight"}
    gap = {row.id: row.reason for row in break_even(case(rubric, [3.0, None, 3.0, 3.0])).weights}
    assert gap["b"] == "it has no reading, so its weight moves no score"
    assert gap["a"] == "the rating is the same at every weight that leaves enough observed for a score"
    none = break_even(case(rubric, [None, None, None, None]))
    assert (none.score, none.weights) == (None, ())
    assert none.reason == "no overall score: under 60 % is observed in One, Two"


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([*EASY, *HARD]), min_size=4, max_size=4),
    st.lists(LEVEL, min_size=6, max_size=6),
    st.lists(LEVEL, min_size=6, max_size=6),
)
def test_orders_flip_where_it_says(
    methods: list[dict[str, Any]], levels: list[float | None], others: list[float | None]
) -> None:
    rubric = tree(methods)
    first, second = case(rubric, levels), case(rubric, others)
    result = order_flips(first, second)
    json.dumps(result.model_dump(mode="json"), allow_nan=False)

    def gap(name: str, share: float) -> float:
        moved = with_share(rubric, name, share)
        return float(np.diff([prepare(c.partnership, moved).scores.score[0, -1] for c in (second, first)])[0])

    if result.reason is not None:
        assert result.weights == ()
        return
    scores = result.scores
    assert scores[0] is not None
    assert scores[1] is not None
    sign = np.sign(scores[0] - scores[1])
    for row in result.weights:
        assert (row.reason is None) == (row.flip is not None)
        if row.found is None:
            continue
        if row.flip is None:
            gaps = np.array([gap(row.id, share) for share in np.linspace(0.02, 0.98, 13)])
            assert not (gaps[~np.isnan(gaps)] * sign < -1e-6).any()
            continue
        away = 1.0 if row.flip >= row.weight else -1.0
        assert gap(row.id, row.flip) * sign == pytest.approx(0.0, abs=1e-6)
        if 1e-3 < row.flip < 1.0 - 1e-3 and abs(row.flip - row.weight) > 1e-3:
            assert gap(row.id, row.flip - away * 1e-4) * sign >= -1e-7
            assert gap(row.id, row.flip + away * 1e-4) * sign <= 1e-7


def test_order_of_two_by_hand() -> None:
    """w + 0 against 0 + (1 - w) / 2 meet at a third (the two alternatives of the SMAA literature)."""
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", 3.0), criterion("b", 1.0)]}
    rubric = small_rubric(pillars=[pillar], aggregation={"method": "arithmetic"})
    result = order_flips(case(rubric, [4.0, 0.0]), case(rubric, [0.0, 2.0]))
    flips = {row.id: row for row in result.weights}
    assert flips["a"].flip == pytest.approx(1 / 3)
    assert flips["b"].flip == pytest.approx(2 / 3)
    assert {flips["a"].found, flips["b"].found} == {"closed form"}
    assert flips["one"].reason == "it has no neighbour, so its weight is always 1"


def test_cases_that_cannot_be_ordered_say_why() -> None:
    rubric = small_rubric()
    low, high = case(rubric, [1.0, 1.0, 1.0, 1.0]), case(rubric, [3.0, 3.0, 3.0, 3.0])
    never = order_flips(low, high)
    assert {row.reason for row in never.weights} == {"their order is the same at every weight that leaves both a score"}
    assert order_flips(low, low).reason == "they tie at the declared weights"
    assert order_flips(case(rubric, [None] * 4), high).reason == (
        "case: no overall score: under 60 % is observed in One, Two"
    )
    with pytest.raises(UsageError, match="one rubric"):
        order_flips(low, case(small_rubric(title="Other"), [1.0, 1.0, 1.0, 1.0]))


def test_weights_that_differ_between_two_cases_cannot_be_moved_together() -> None:
    rubric = small_rubric()
    whole = case(rubric, [1.0, 2.0, 3.0, 4.0])
    seen: dict[str, Any] = {name: level(2) for name in "bcd"}
    seen["a"] = {"not_applicable": "There is nothing of the kind.", "rationale": "Because."}
    partial: Partnership = small_partnership(observations=seen)
    rows = {row.id: row for row in order_flips(whole, prepare(partial, rubric)).weights}
    assert set(rows) == {"one", "two", "b", "c", "d"}
    assert rows["b"].reason == "its neighbours are not weighed alike in both cases"
    assert rows["b"].found is None


def test_two_cases_with_nothing_in_common_say_so() -> None:
    reason = {"not_applicable": "There is nothing of the kind.", "rationale": "Because."}
    first, second = (
        prepare(small_partnership(observations=seen), small_rubric())
        for seen in (
            {"a": level(1), "b": level(1), "c": reason, "d": reason},
            {"a": reason, "b": reason, "c": level(3), "d": level(3)},
        )
    )
    assert order_flips(first, second).reason == "no criterion and no pillar applies to both"
