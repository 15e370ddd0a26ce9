from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.conftest import ANCHORS, criterion, rubric_data, small_rubric

from assess.documents.fields import Mitigation
from assess.rubric.models import (
    Aggregation,
    Checklist,
    CoverageRule,
    Criterion,
    Expectation,
    Geometric,
    HalfWidths,
    Measure,
    Pillar,
    Quantitative,
    Rubric,
    TradeOff,
)

NUMBERS = {"kind": "quantitative", "unit": "days"}
BANDS = [{"label": "Good", "at_least": 50.0}, {"label": "Bad", "at_least": 0.0}]


# ------------------------------------------------------------------------------------------------- the whole


def test_what_a_rubric_leaves_out_follows_the_scoring_rules() -> None:
    rubric = small_rubric()
    assert rubric.level_values == (0, 25, 50, 75, 100)
    assert rubric.half_widths == HalfWidths(high=0.5, moderate=1, low=1.5)
    assert rubric.coverage == CoverageRule(insufficient_below=60, provisional_below=80)
    assert rubric.aggregation == Geometric(method="geometric", floor=1)
    assert {pillar.aggregation.method for pillar in rubric.pillars} == {"arithmetic"}
    assert {pillar.display for pillar in rubric.pillars} == {"score"}
    assert {c.when_proposed for c in rubric.all_criteria()} == {"full"}
    assert not any(c.per_party for c in rubric.all_criteria())
    assert rubric.source is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"level_values": [0.0, 25.0, 50.0, 40.0, 100.0]}, "level_values must rise"),
        ({"level_values": [50.0] * 5}, "level_values must rise"),
        ({"level_values": [0.0, 25.0, 50.0, 75.0]}, "Field required"),
        ({"level_values": [0.0, 25.0, 50.0, 75.0, 101.0]}, "less than or equal to 100"),
        ({"bands": BANDS[::-1]}, "they must fall from the best down to one that begins at 0"),
        ({"bands": BANDS[:1]}, "they must fall from the best down to one that begins at 0"),
        ({"bands": [*BANDS, BANDS[-1]]}, "they must fall from the best down to one that begins at 0"),
        ({"bands": [BANDS[0], BANDS[1] | {"label": "Good"}]}, "a label of its own"),
        ({"bands": [BANDS[0] | {"label": "Do not proceed"}, *BANDS[1:]]}, "none may be called 'Do not proceed'"),
        ({"bands": []}, "at least 1 item"),
        ({"pillars": []}, "at least 1 item"),
        ({"version": "1.0"}, "match pattern"),
        ({"version": "1.0.0-rc1"}, "match pattern"),
        ({"version": "١.٠.٠"}, "match pattern"),
        ({"schema": "assess/rubric@2"}, "Input should be 'assess/rubric@1'"),
        ({"profiles": {"pact": {"pillars": {}}}}, "Input should be 'bilateral_agreement'"),
        ({"profiles": {"coalition": {"pillars": {"one": -1.0}}}}, "greater than or equal to 0"),
        ({"profiles": {"coalition": {"pillars": {"one": 1e308}}}}, "less than or equal to 100000"),
    ],
)
def test_a_rubric_that_contradicts_itself_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Rubric.model_validate(rubric_data(**change))


def test_level_values_may_stand_still_but_not_throughout() -> None:
    assert small_rubric(level_values=[0.0, 0.0, 50.0, 100.0, 100.0]).level_values == (0, 0, 50, 100, 100)


def test_pillars_without_any_weight_are_refused() -> None:
    pillars = [pillar | {"weight": 0.0} for pillar in rubric_data()["pillars"]]
    with pytest.raises(ValidationError, match="the weights of the pillars are all zero"):
        Rubric.model_validate(rubric_data(pillars=pillars))
    pillars[0]["weight"] = 0.1
    assert Rubric.model_validate(rubric_data(pillars=pillars)).pillars[0].weight == 0.1


def test_criteria_and_pillars_come_in_the_order_of_the_tree() -> None:
    inner = {"id": "inner", "title": "I", "criteria": [criterion("x"), criterion("y")]}
    outer = {"id": "outer", "title": "O", "pillars": [inner], "criteria": [criterion("z")]}
    rubric = small_rubric(pillars=[outer, {"id": "last", "title": "L", "criteria": [criterion("w")]}])
    assert [c.id for c in rubric.all_criteria()] == ["x", "y", "z", "w"]
    assert [p.id for p in rubric.all_pillars()] == ["outer", "inner", "last"]


# ------------------------------------------------------------------------------------------------- aggregation


@pytest.mark.parametrize(
    "aggregation",
    [
        {"method": "arithmetic"},
        {"method": "geometric"},
        {"method": "geometric", "floor": 5.0},
        {"method": "power", "exponent": -2.0},
        {"method": "owa", "exponent": 2.0},
        {"method": "minimum"},
    ],
)
def test_every_way_to_combine_is_taken(aggregation: dict[str, Any]) -> None:
    built = TypeAdapter(Aggregation).validate_python(aggregation)
    assert aggregation.items() <= built.model_dump().items()


@pytest.mark.parametrize(
    ("aggregation", "says"),
    [
        ({"method": "median"}, "does not match any of the expected tags"),
        ({}, "Unable to extract tag"),
        ({"method": "arithmetic", "floor": 1.0}, "Extra inputs are not permitted"),
        ({"method": "geometric", "floor": 0.0}, "greater than 0"),
        ({"method": "power"}, "Field required"),
        ({"method": "power", "exponent": 0.0}, "exponent 0 is the geometric mean; write method: geometric"),
        ({"method": "power", "exponent": 21.0}, "less than or equal to 20"),
        ({"method": "owa", "exponent": 0.0}, "greater than 0"),
    ],
)
def test_a_way_to_combine_that_means_nothing_is_refused(aggregation: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        TypeAdapter(Aggregation).validate_python(aggregation)


# ------------------------------------------------------------------------------------------------- measures


@pytest.mark.parametrize(
    "points",
    [
        [[0.0, 0.0], [1.0, 100.0]],
        [[0.0, 100.0], [1.0, 0.0]],
        [[-5.0, 20.0], [0.0, 20.0], [3.5, 80.0]],
        [[0.0, 90.0], [1.0, 50.0], [2.0, 50.0]],
    ],
)
def test_breakpoints_may_rise_or_fall_and_stand_still_between(points: list[list[float]]) -> None:
    built = Quantitative.model_validate({**NUMBERS, "breakpoints": points})
    assert [list(point) for point in built.breakpoints] == points


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ([[0.0, 0.0]], "at least 2 items"),
        ([], "at least 2 items"),
        ([[0.0, 0.0], [0.0, 100.0]], "the numbers of the breakpoints must rise"),
        ([[1.0, 0.0], [0.0, 100.0]], "the numbers of the breakpoints must rise"),
        ([[0.0, 0.0], [1.0, 50.0], [2.0, 40.0]], "must all rise or all fall"),
        ([[0.0, 50.0], [1.0, 50.0], [2.0, 50.0]], "all the same: the measure would say nothing"),
        ([[0.0, -1.0], [1.0, 100.0]], "greater than or equal to 0"),
        ([[0.0, 0.0], [1.0, 100.5]], "less than or equal to 100"),
        ([[0.0, 0.0], [1.0]], "Field required"),
        ([[0.0, 0.0], [1.0, 50.0, 60.0]], "at most 2 items"),
        ([[0.0, 0.0], [float("inf"), 100.0]], "finite number"),
    ],
)
def test_breakpoints_that_are_no_value_function_are_refused(points: list[list[float]], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Quantitative.model_validate({**NUMBERS, "breakpoints": points})


def test_a_checklist_needs_items_and_none_is_critical_unless_it_says_so() -> None:
    built = TypeAdapter(Measure).validate_python({"kind": "checklist", "items": [{"id": "i", "text": "t"}]})
    assert isinstance(built, Checklist)
    assert [item.critical for item in built.items] == [False]
    with pytest.raises(ValidationError, match="at least 1 item"):
        Checklist.model_validate({"kind": "checklist", "items": []})


# ------------------------------------------------------------------------------------------------- criteria and pillars


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"anchors": {}}, "an ordinal criterion needs anchors for the levels 0 to 4"),
        ({"anchors": dict.fromkeys(range(4), "t")}, "anchors must define every level 0, 1, 2, 3 and 4"),
        ({"anchors": {**ANCHORS, 5: "t"}}, "less than or equal to 4"),
        ({"anchors": {str(n): "t" for n in range(5)}}, "valid integer"),
        ({"weight": -1.0}, "greater than or equal to 0"),
        ({"weight": float("nan")}, "finite number"),
        ({"types": {"coalition": -0.5}}, "greater than or equal to 0"),
        ({"types": {"pact": 1.0}}, "Input should be 'bilateral_agreement'"),
        ({"when_proposed": "later"}, "Input should be 'full', 'design' or 'proxy'"),
        ({"per_party": "yes"}, "valid boolean"),
        ({"question": " "}, "at least 1 character"),
        ({"mitigations": [{"text": "t", "to": 2, "items": ["i"]}]}, "to a level or meets items, not both"),
    ],
)
def test_a_criterion_that_cannot_be_used_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Criterion.model_validate(criterion("a", **change))


def test_a_criterion_measured_in_numbers_needs_no_anchors_but_none_may_be_missing() -> None:
    measure = {**NUMBERS, "breakpoints": [[0.0, 0.0], [1.0, 100.0]]}
    assert Criterion.model_validate(criterion("a", measure=measure, anchors={})).anchors == {}
    with pytest.raises(ValidationError, match="every level"):
        Criterion.model_validate(criterion("a", measure=measure, anchors={2: "t"}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "a pillar needs criteria or pillars"),
        ({"criteria": [criterion("a", 0.0), criterion("b", 0.0)]}, "the weights inside the pillar are all zero"),
        ({"criteria": [criterion("a")], "display": "danger"}, "Input should be 'score' or 'risk'"),
        ({"criteria": [criterion("a")], "weight": -1.0}, "greater than or equal to 0"),
    ],
)
def test_a_pillar_that_cannot_be_scored_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Pillar.model_validate({"id": "p", "title": "P", **change})


# ------------------------------------------------------------------------------------------------- smaller parts


def test_half_widths_are_found_by_confidence() -> None:
    widths = HalfWidths(high=0.25, moderate=0.75, low=2.0)
    assert (widths.of("high"), widths.of("moderate"), widths.of("low")) == (0.25, 0.75, 2.0)


def test_coverage_limits_keep_their_order() -> None:
    with pytest.raises(ValidationError, match="insufficient_below must not exceed provisional_below"):
        CoverageRule(insufficient_below=81, provisional_below=80)
    assert CoverageRule(insufficient_below=80, provisional_below=80).insufficient_below == 80


@pytest.mark.parametrize(
    "expected",
    [
        {"rating": "Sound"},
        {"uncapped_rating": "Sound"},
        {"basis": "sufficient"},
        {"pillars": {"a": "x"}},
        {"below": "v"},
    ],
)
def test_a_test_vector_expects_something(expected: dict[str, Any]) -> None:
    assert Expectation.model_validate(expected).model_dump(exclude_defaults=True) == expected
    with pytest.raises(ValidationError, match="expect something"):
        Expectation.model_validate({})


def test_a_mitigation_says_only_what_it_knows() -> None:
    assert Mitigation.model_validate({"text": "t"}).model_dump(exclude_defaults=True) == {"text": "t"}
    full = {"text": "t", "to": 0, "cost": "low", "feasibility": "moderate", "months": 12, "owner": "o"}
    assert Mitigation.model_validate(full).model_dump(exclude_defaults=True) == full


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": None}, "Field required|valid string"),
        ({"to": 5}, "less than or equal to 4"),
        ({"to": 2.5}, "valid integer"),
        ({"cost": "cheap"}, "Input should be 'low', 'moderate' or 'high'"),
        ({"feasibility": "sure"}, "Input should be 'low', 'moderate' or 'high'"),
        ({"months": 0}, "greater than or equal to 1"),
        ({"gain": 3}, "Extra inputs are not permitted"),
    ],
)
def test_a_mitigation_that_cannot_be_read_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Mitigation.model_validate({"text": "t"} | change)


@pytest.mark.parametrize("sides", [0, 1, 3])
def test_a_trade_off_has_two_sides(sides: int) -> None:
    side = {"title": "S", "criteria": ["a"]}
    with pytest.raises(ValidationError, match=r"Field required|at most 2 items"):
        TradeOff.model_validate({"id": "t", "title": "T", "question": "q", "sides": [side] * sides})


def test_a_pillar_alone_is_no_expectation() -> None:
    with pytest.raises(ValidationError, match="expect something"):
        Expectation.model_validate({"on": "a"})
