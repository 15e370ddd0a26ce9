"""What the score hangs on, each answer checked by scoring an amended document or rubric."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, level, rubric_data, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.robustness.sensitivity import LEVEL_MAPS, leave_one_out, method_choice, tornado
from assess.rubric.models import Rubric
from assess.scoring.prepared import prepare
from assess.scoring.score import score

RUBRIC = small_rubric()
RANGE = st.lists(st.integers(0, 8).map(lambda v: v / 2), min_size=3, max_size=3).map(sorted)


def observed(ranges: list[list[float] | None]) -> dict[str, Any]:
    return {name: level(*r) for name, r in zip("abcd", ranges, strict=True) if r is not None}


def without(name: str) -> Rubric:
    """The small rubric without one criterion, and without a pillar that it leaves empty."""
    data = rubric_data()
    pillars = [p | {"criteria": [c for c in p["criteria"] if c["id"] != name]} for p in data["pillars"]]
    return Rubric.model_validate(data | {"pillars": [p for p in pillars if p["criteria"]]})


@settings(max_examples=50)
@given(st.lists(RANGE, min_size=4, max_size=4))
def test_tornado_ends_are_rescorings_and_swings_fall(ranges: list[list[float]]) -> None:
    result = tornado(prepare(small_partnership(observations=observed([*ranges])), RUBRIC))
    assert [row.swing for row in result.inputs] == sorted((row.swing for row in result.inputs), reverse=True)
    assert result.score is not None
    for row in result.inputs:
        index = "abcd".index(row.criterion)
        for end, found in ((0, row.score_low), (2, row.score_high)):
            moved = [list(r) for r in ranges]
            moved[index] = [ranges[index][end]] * 3
            again = score(small_partnership(observations=observed([*moved])), RUBRIC, draws=100)
            assert found == pytest.approx(again.overall.score)
        assert row.score_low - 1e-9 <= result.score <= row.score_high + 1e-9
        if ranges[index][0] == ranges[index][2]:
            assert row.swing == 0.0


def test_only_the_weakest_party_lowers_and_no_other_raises() -> None:
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", per_party=True)]}
    parties = {"NO": level(3, 3, 4), "SE": level(1, 2, 2)}
    case = prepare(small_partnership(observations={"a": {"parties": parties}}), small_rubric(pillars=[pillar]))
    rows = {row.party: row for row in tornado(case).inputs}
    assert rows["NO"].swing == 0.0
    assert rows["SE"].score_low == pytest.approx(25.0)
    assert rows["SE"].score_high == pytest.approx(50.0)


@settings(max_examples=50)
@given(st.lists(st.none() | RANGE, min_size=4, max_size=4))
def test_leaving_out_equals_a_rubric_without_the_criterion(ranges: list[list[float] | None]) -> None:
    seen = observed(ranges)
    case = prepare(small_partnership(observations=seen), RUBRIC)
    result = leave_one_out(case)
    json.dumps(result.model_dump(mode="json"), allow_nan=False)
    assert {row.criterion for row in result.criteria} == set("abcd")
    for row in result.criteria:
        rest = {name: reading for name, reading in seen.items() if name != row.criterion}
        again = score(small_partnership(observations=rest), without(row.criterion), draws=100).overall
        assert row.score == (None if again.score is None else pytest.approx(again.score))
        assert row.rating == again.rating
        assert (row.reason is None) == (row.score is not None)
        assert row.observed == (row.criterion in seen)


def test_without_the_only_criterion_nothing_is_left() -> None:
    rubric = small_rubric(pillars=[{"id": "one", "title": "One", "criteria": [criterion("a")]}])
    (row,) = leave_one_out(prepare(small_partnership(observations={"a": level(3)}), rubric)).criteria
    assert (row.score, row.change, row.rating) == (None, None, None)
    assert row.reason == "no criterion is left"


@settings(max_examples=15)
@given(
    st.lists(RANGE, min_size=4, max_size=4),
    st.sampled_from(["arithmetic", "geometric", "minimum", "owa"]),
    st.sampled_from([*LEVEL_MAPS, (0.0, 10.0, 20.0, 60.0, 90.0)]),
)
def test_methods_are_rescorings(ranges: list[list[float]], rule: str, levels: tuple[float, ...]) -> None:
    own = {"method": rule} | ({"exponent": 2.0} if rule == "owa" else {})
    rubric = small_rubric(aggregation=own, level_values=list(levels))
    partnership = small_partnership(observations=observed([*ranges]))
    result = method_choice(prepare(partnership, rubric), draws=200, seed=2)
    assert result.methods[0].declared
    assert result.methods[0].changed == 0.0
    assert result.alternatives == (4 if rule == "owa" else 3) * (2 if levels in LEVEL_MAPS else 3) - 1
    for method in result.methods:
        update = {"aggregation": method.aggregation, "level_values": method.level_values}
        again = prepare(partnership, rubric.model_copy(update=update)).scores.score
        assert method.score == pytest.approx(again[0, -1])
        assert method.rating == next(band.label for band in rubric.bands if again[0, -1] >= band.at_least - 1e-9)
    changed = sum(method.uncapped_rating != result.methods[0].uncapped_rating for method in result.methods)
    assert result.different == changed


def test_without_an_overall_score_the_reason_is_stated() -> None:
    case = prepare(small_partnership(observations={"a": level(3)}), RUBRIC)
    found = tornado(case)
    assert (found.score, found.inputs) == (None, ())
    assert found.reason == "no overall score: under 60 % is observed in Two"
    methods = method_choice(case, draws=50, seed=1)
    assert methods.reason == found.reason
    assert all(m.score is None and m.changed is None for m in methods.methods)
    json.dumps(methods.model_dump(mode="json"), allow_nan=False)


def test_a_red_line_that_holds_the_rating_shows_in_the_ratings() -> None:
    lines = [{"id": "stop", "criterion": "a", "when": "w", "effect": "block"}]
    tripped = {"stop": {"status": "tripped", "fact": "It is so.", "evidence": ["E1"]}}
    partnership = small_partnership(observations=observed([[3], [3], [3], [3]]), red_lines=tripped)
    case = prepare(partnership, small_rubric(red_lines=lines))
    assert tornado(case).rating == "Do not proceed"
    assert {row.rating for row in leave_one_out(case).criteria} == {"Do not proceed"}
    assert all(m.changed == 0.0 for m in method_choice(case, draws=50, seed=1).methods)


def test_no_draws_are_refused() -> None:
    with pytest.raises(UsageError, match="draws must be at least 1"):
        method_choice(prepare(small_partnership(), RUBRIC), draws=0, seed=1)
