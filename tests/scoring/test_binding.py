"""Whether a document fits a rubric: each misfit is named, where it stands, with what to do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import criterion, small_rubric

from assess.scoring.binding import fits

QUANTITATIVE = {"kind": "quantitative", "unit": "days", "breakpoints": [[0, 0], [1, 100]]}
CRITERIA = [
    criterion("plain"),
    criterion("each", per_party=True),
    criterion("days", measure=QUANTITATIVE),
    criterion("bare", measure=QUANTITATIVE, anchors={}),
    criterion("threats", measure=QUANTITATIVE | {"computed_from": "threat_register"}),
    criterion("list", measure={"kind": "checklist", "items": [{"id": "first_item", "text": "I"}]}),
]
CHECK = fits(
    small_rubric(
        pillars=[{"id": "one", "title": "One", "criteria": CRITERIA}],
        red_lines=[{"id": "line", "criterion": "plain", "when": "w", "effect": "block"}],
        base_rates=[{"id": "kept", "statement": "s", "share": 50.0, "definition": "d", "ref": "x"}],
        references=[{"id": "x", "citation": "X", "checked": "read"}],
    )
)


def problems(observations: Any, **more: Any) -> list[str]:
    return [str(problem) for problem in CHECK({"observations": observations} | more)]


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        ({"plane": {"level": 1}}, "unknown criterion 'plane'; did you mean 'plain'?"),
        ({"each": {"level": 1}}, "'each' is observed per party"),
        ({"plain": {"parties": {}}}, "'plain' is not observed per party"),
        ({"plain": {"number": 1}}, "'plain' is not measured by a number; give a level 0 to 4"),
        ({"plain": {"items": {}}}, "'plain' is not a checklist"),
        ({"bare": {"level": 1}}, "'bare' has no anchored levels; give a number in days"),
        ({"list": {"items": {"frist_item": "yes"}}}, "unknown checklist item 'frist_item'; did you mean 'first_item'?"),
        ({"list": {"mitigations": [{"text": "t", "items": ["frist_item"]}]}}, "did you mean 'first_item'?"),
        ({"plain": {"mitigations": [{"text": "t", "items": ["x"]}]}}, "unknown checklist item 'x'"),
        ({"plain": {"level": 4.5}}, "level 4.5 is off the scale; levels run from 0 to 4"),
        ({"plain": {"level": {"low": -1, "best": 2}}}, "level -1 is off the scale"),
        ({"each": {"parties": {"NO": {"level": 9}}}}, "level 9 is off the scale"),
    ],
)
def test_a_misfit_is_named(observations: Any, expected: str) -> None:
    found = problems(observations)
    assert len(found) == 1
    assert expected in found[0]


def test_a_reading_beside_the_threat_register_is_refused() -> None:
    observation = {"threats": {"number": 50}}
    assert problems(observation) == []
    assert "computed from the threat register" in problems(observation, threats=[{"id": "T1"}])[0]


def test_an_unknown_red_line_is_named() -> None:
    assert problems({}, red_lines={"lien": {}}) == ["unknown red line 'lien'; did you mean 'line'?"]


@pytest.mark.parametrize("group", ["key_judgements", "assumptions", "indicators"])
def test_criteria_that_the_rubric_does_not_have_are_named_where_they_stand(group: str) -> None:
    entries = [{"id": "1", "criteria": ["plain"]}, {"id": "2", "criteria": ["list", "plane", 3, None]}, "x", None]
    (problem,) = CHECK({group: entries})
    assert problem.path == (group, 1, "criteria", 1)
    assert str(problem) == "unknown criterion 'plane'; did you mean 'plain'?"


def test_a_base_rate_that_the_rubric_does_not_have_is_named_where_it_stands() -> None:
    (problem,) = CHECK({"key_judgements": [{"base_rates": ["kept", "kebt"]}]})
    assert problem.path == ("key_judgements", 0, "base_rates", 1)
    assert str(problem) == "unknown base rate 'kebt'; did you mean 'kept'?"


def test_what_fits_gives_no_problem() -> None:
    good = {
        "plain": {"level": 2},
        "each": {"parties": {"NO": {"level": 1}}},
        "days": {"number": 3},
        "list": {"level": 2},
    }
    assert problems(good, red_lines={"line": {"status": "clear"}}) == []
    named = {"criteria": ["plain", "list"], "base_rates": ["kept"]}
    assert problems({}, key_judgements=[named], assumptions=[named], indicators=[named]) == []


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["level", "items", "parties", "plain", "low", "criteria"]), inner)
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["observations", "red_lines", "threats", "key_judgements", "indicators"]),
        st.lists(st.fixed_dictionaries({"criteria": ANY, "base_rates": ANY}))
        | ANY
        | st.fixed_dictionaries({"plain": ANY, "list": ANY}),
    )
)
def test_the_check_bears_any_data(data: Any) -> None:
    assert all(str(problem) for problem in CHECK(data))
