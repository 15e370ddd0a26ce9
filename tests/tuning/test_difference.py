"""Two rubrics beside each other: every difference is named once, and cases are scored by both."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.conftest import CASES, criterion, default_rubric, level, shipped_assessment, small_partnership, small_rubric

from assess.partnership.loading import load_partnership
from assess.rubric.loading import load_rubric
from assess.rubric.models import Rubric
from assess.tuning.difference import declared_shares, difference, other_changes, share_differences


def changes(before: Rubric, after: Rubric) -> list[tuple[str, str, str | None, str | None]]:
    return [(c.at, c.kind, c.before, c.after) for c in other_changes(before, after)]


def red_line(**more: Any) -> dict[str, Any]:
    return {"id": "line", "criterion": "a", "when": "W.", "effect": "block"} | more


def test_a_rubric_does_not_differ_from_itself() -> None:
    found = difference(default_rubric(), default_rubric(), [load_partnership("nato")], draws=100)
    assert (found.shares, found.changes, found.unnamed) == ((), (), False)
    assert found.cases[0].before == found.cases[0].after


def test_shares_are_compared_and_not_weights() -> None:
    scaled = small_rubric(
        pillars=[
            {"id": "one", "title": "One", "weight": 10, "criteria": [criterion("a", 30.0), criterion("b", 10.0)]},
            {"id": "two", "title": "Two", "weight": 10, "criteria": [criterion("c", 2.0), criterion("d", 2.0)]},
        ]
    )
    assert list(share_differences(small_rubric(), scaled)) == []


def test_shares_that_differ_are_named_with_both() -> None:
    after = small_rubric(
        profiles={"coalition": {"pillars": {"two": 3}}},
        pillars=[
            {"id": "one", "title": "One", "criteria": [criterion("a", 1.0), criterion("b", 1.0)]},
            {"id": "two", "title": "Two", "criteria": [criterion("c", 1.0), criterion("e", 1.0)]},
        ],
    )
    found = [(s.profile, s.node, s.id, s.before, s.after) for s in share_differences(small_rubric(), after)]
    assert found == [
        (None, "one", "a", 0.75, 0.5),
        (None, "one", "b", 0.25, 0.5),
        (None, "two", "d", 0.5, None),
        (None, "two", "e", None, 0.5),
        ("coalition", "overall", "one", 0.5, 0.25),
        ("coalition", "overall", "two", 0.5, 0.75),
    ]


def test_declared_shares_sum_to_one_in_every_node() -> None:
    for kind in (None, *default_rubric().profiles):
        totals: dict[str, float] = {}
        for node, _, share in declared_shares(default_rubric(), kind).values():
            totals[node] = totals.get(node, 0.0) + share
        assert totals == pytest.approx(dict.fromkeys(totals, 1.0))
        assert len(totals) == 5


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"red_lines": []}, {"red_lines": [red_line(title="Line")]}, ("red_lines.line", "added", None, "Line")),
        ({"red_lines": [red_line()]}, {"red_lines": []}, ("red_lines.line", "removed", "W.", None)),
        (
            {"red_lines": [red_line()]},
            {"red_lines": [red_line(effect="cap_pillar_49")]},
            ("red_lines.line.effect", "changed", "block", "cap_pillar_49"),
        ),
        (
            {"profiles": {"coalition": {"pillars": {"one": 1}}}},
            {"profiles": {"coalition": {"pillars": {"one": 1}, "note": "N."}}},
            ("profiles.coalition.note", "added", None, "N."),
        ),
        (
            {},
            {"level_values": [0, 15, 40, 70, 100]},
            ("level_values", "changed", "[0.0, 25.0, 50.0, 75.0, 100.0]", None),
        ),
        ({}, {"aggregation": {"method": "arithmetic"}}, ("aggregation.method", "changed", "geometric", "arithmetic")),
    ],
)
def test_what_else_differs_is_named_by_its_place(
    before: dict[str, Any], after: dict[str, Any], found: tuple[str, str, str | None, str | None]
) -> None:
    at, kind, was, now = found
    known = {c[0]: c for c in changes(small_rubric(**before), small_rubric(**after))}
    assert at in known
    assert known[at][1:3] in ((kind, was), (kind, "W."))
    assert now is None or known[at][3] == now


def test_anchors_measures_and_bands_are_compared() -> None:
    before = small_rubric()
    data = before.model_dump(by_alias=True)
    data["bands"][1]["at_least"] = 60.0
    data["pillars"][0]["criteria"][0]["anchors"][2] = "another anchor"
    data["pillars"][0]["criteria"][1]["measure"] = {"kind": "checklist", "items": [{"id": "i", "text": "T"}]}
    found = {c[0]: c[1:] for c in changes(before, Rubric.model_validate(data))}
    assert found["pillars.one.criteria.a.anchors.2"] == ("changed", "anchor 2", "another anchor")
    assert found["pillars.one.criteria.b.measure.kind"] == ("changed", "ordinal", "checklist")
    assert "Sound from 65" in str(found["bands"][1])
    assert "Sound from 60" in str(found["bands"][2])


def test_cases_are_scored_by_both_and_ranked_inside_their_type() -> None:
    cases = [load_partnership(name) for name in CASES]
    found = difference(default_rubric(), load_rubric("deterrence-first"), cases)
    for effect in found.cases:
        whole = shipped_assessment(effect.id).overall
        assert (effect.before.score, effect.before.low, effect.before.high) == (whole.score, whole.low, whole.high)
        assert effect.before.rating == whole.rating
    ranks = {effect.id: (effect.before.rank, effect.after.rank) for effect in found.cases}
    assert ranks == {"nato": (1, 1), "csto": (2, 2), "us-israel": (None, None), "quad": (None, None)}
    assert any(effect.before.score != effect.after.score for effect in found.cases)


def test_a_case_that_one_rubric_cannot_score_is_named() -> None:
    case = small_partnership(observations={"a": level(3)})
    without = small_rubric(pillars=[{"id": "two", "title": "Two", "criteria": [criterion("c")]}])
    found = difference(small_rubric(), without, [case], draws=100)
    assert found.cases == ()
    assert "unknown criterion 'a'" in found.unscored[0].reason


def test_a_change_under_the_same_name_is_told() -> None:
    after = small_rubric(pillars=[{"id": "one", "title": "One", "criteria": [criterion("a")]}])
    assert difference(small_rubric(), after, [], draws=100).unnamed
    assert not difference(small_rubric(), after.model_copy(update={"version": "1.0.1"}), [], draws=100).unnamed


def test_the_json_is_the_same_each_time() -> None:
    texts = {difference(small_rubric(), load_rubric("small-state"), [], draws=100).to_json() for _ in range(2)}
    assert len(texts) == 1
    assert json.loads(texts.pop())["schema"] == "assess/rubric-difference@1"
