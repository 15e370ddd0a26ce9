"""Scenarios: what they assume is scored as if it held, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.partnership.models import Partnership
from assess.robustness.scenarios import ScenarioResult, assumed, scenarios
from assess.scoring.score import score

RUBRIC = small_rubric(
    pillars=[
        {"id": "one", "title": "One", "criteria": [criterion("a"), criterion("each", per_party=True)]},
        {"id": "two", "title": "Two", "criteria": [criterion("b")]},
    ],
    profiles={},
    red_lines=[],
)


def case(*given: dict[str, Any]) -> Partnership:
    plain = small_partnership()
    names = [party.id for party in plain.parties]
    parties = {name: level(value) for name, value in zip(names, (1, 3, 4), strict=False)}
    return small_partnership(
        observations={"a": level(2), "b": level(3), "each": {"parties": parties}},
        scenarios=[{"id": f"s{n}", "title": "T", "text": "why", **entry} for n, entry in enumerate(given)],
    )


def of(partnership: Partnership) -> tuple[ScenarioResult, ...]:
    return scenarios(partnership, RUBRIC, score(partnership, RUBRIC, draws=200, seed=1))


def test_a_case_without_scenarios_has_no_results() -> None:
    assert of(case()) == ()


def test_the_first_result_is_the_case_as_it_stands() -> None:
    partnership = case({"changes": ["a=4"]})
    stated, raised = of(partnership)
    overall = score(partnership, RUBRIC, draws=200, seed=1).overall
    assert (stated.id, stated.score, stated.low, stated.rating) == (None, overall.score, overall.low, overall.rating)
    assert raised.id == "s0"
    assert (raised.pillars["one"] or 0) > (stated.pillars["one"] or 0)
    assert raised.pillars["two"] == stated.pillars["two"]


def test_a_party_that_leaves_takes_its_readings_along_and_nothing_else() -> None:
    partnership = small_partnership(
        parties=[{"id": name, "name": name, "kind": "organisation"} for name in ("X", "Y", "Z")],
        observations={
            "a": level(2),
            "b": level(3),
            "each": {"parties": {"X": level(0), "Y": level(3), "Z": level(4)}},
        },
        scenarios=[{"id": "gone", "title": "T", "text": "why", "without": ["X"]}],
    )
    left = assumed(partnership, partnership.scenarios[0], RUBRIC)
    assert [party.id for party in left.parties] == ["Y", "Z"]
    assert set(left.observations["each"].parties or {}) == {"Y", "Z"}
    assert left.observations["a"] == partnership.observations["a"]
    stated, gone = of(partnership)
    assert (gone.score or 0) > (stated.score or 0)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"changes": ["nothing=3"]}, "scenario 's0': .*unknown criterion 'nothing'"),
        ({"without": [party.id for party in small_partnership().parties]}, "scenario 's0': too few parties"),
    ],
)
def test_assumptions_that_do_not_fit_are_refused_by_name(entry: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        of(case(entry))


def test_a_scenario_that_assumes_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="assumes something"):
        case({})
