from __future__ import annotations

from typing import Any

import pytest

from assess.reporting.blocks import Figure, Paragraph, Section
from assess.reporting.changes import changes_section
from assess.reporting.links import places_of, text_of
from assess.scoring.assessment import Assessment

from .conftest import complete_dialogue, shipped, with_case, with_criteria
from .viewtools import cells, rows, said, shown, tables

NOW = complete_dialogue()


def changes(now: Assessment, before: Assessment) -> Section:
    (section,) = changes_section(now, before, places_of(now))
    return section


def cautions(section: Section) -> list[str]:
    return [text_of(b.line) for b in section.blocks if isinstance(b, Paragraph) and b.role == "caution"]


def inputs(before: Assessment) -> list[list[str]]:
    """Return the table of the inputs that changed since an earlier assessment, as text."""
    _, moved = tables(changes(NOW, before))
    return cells(moved)


def overall(assessment: Assessment, **changed: Any) -> Assessment:
    return assessment.model_copy(update={"overall": assessment.overall.model_copy(update=changed)})


def rated(low: float, score: float, high: float) -> dict[str, Any]:
    return {"low": low, "score": score, "high": high}


def test_without_an_earlier_assessment_there_is_no_change_log() -> None:
    assert changes_section(NOW, None, places_of(NOW)) == ()


def test_nothing_changed_against_itself(assessment: Assessment) -> None:
    section = changes(assessment, assessment)
    assert cautions(section) == []
    assert len(tables(section)) == 1
    assert all(before == now for _, before, now, *_ in cells(tables(section)[0]))
    assert all(before == now for *_, before, now in cells(tables(section)[0]))
    text = said(section)
    assert "No criterion changed its value or weight." in text
    assert "No red line changed its status." in text
    assert "Evidence added: none; withdrawn: none." in text


@pytest.mark.parametrize(
    ("before", "finding"),
    [
        (rated(50, 53.4, 57), "stays at"),
        (rated(30, 40, 52), "from 40 to 53, intervals overlapping"),
        (rated(20, 30, 40), "from 30 to 53, intervals apart"),
        ({"score": None, "low": None, "high": None}, "no overall score on one side"),
    ],
)
def test_the_heading_says_what_became_of_the_score(before: dict[str, Any], finding: str) -> None:
    now = overall(NOW, **rated(50, 53, 57))
    heading = changes(now, overall(with_case(now, as_of="2025-02"), **before)).heading
    assert heading.startswith("Changes since February 2025: ")
    assert finding in heading


def test_scores_and_ratings_stand_side_by_side_with_those_before() -> None:
    first = NOW.pillars[0].model_copy(update={"score": 82.0, "rating": "Strong", "rating_low": None})
    before = NOW.model_copy(update={"pillars": (first, *NOW.pillars[2:])})
    table = rows(changes(NOW, before))
    assert [shown(cell) for cell in table["First things"].cells][1:4] == ["82", "41", "Strong"]
    assert [shown(cell) for cell in table["Second things"].cells][1] == "–"
    assert [shown(cell) for cell in table["Overall"].cells][1] == [shown(c) for c in table["Overall"].cells][2]


def test_a_value_that_moved_is_said_with_the_points_of_its_pillar() -> None:
    before = with_criteria(
        NOW, present={"value": 74.0, "contribution": 55.5}, count={"value": 100.0, "contribution": 55.0}
    )
    assert inputs(before) == [
        ["A number", "100", "95", "−7", "Value."],
        ["Title of present", "74", "75", "+1", "Value."],
    ]


def test_weights_confidence_and_evidence_that_changed_are_named() -> None:
    before = with_criteria(NOW, full={"weight": 0.2, "confidence": "high", "evidence": ("E01",)})
    ((*_, what),) = inputs(before)
    assert what == "Weight 20 % to 25 %, confidence high to low, new evidence E03."


def test_a_value_that_came_or_went_is_no_move_of_points() -> None:
    none = {"value": None, "contribution": None}
    assert inputs(with_criteria(NOW, zero=none)) == [
        ["Title of zero", "–", "0", "–", "Has a value for the first time."]
    ]
    _, moved = tables(changes(with_criteria(NOW, zero=none), NOW))
    assert cells(moved) == [["Title of zero", "0", "–", "–", "No longer has a value."]]


def test_a_criterion_new_in_the_rubric_has_no_before() -> None:
    third = NOW.pillars[2]
    before = NOW.model_copy(
        update={"pillars": (*NOW.pillars[:2], third.model_copy(update={"criteria": third.criteria[1:]}))}
    )
    assert ["A checklist", "–", "58", "–", "New in the rubric."] in inputs(before)


def test_red_lines_that_turned_are_named_with_both_statuses() -> None:
    block, *others = NOW.red_lines
    before = NOW.model_copy(update={"red_lines": (block.model_copy(update={"status": "clear"}), *others)})
    assert "Line block: clear before, disputed now." in said(changes(NOW, before))
    assert "No red line changed" not in said(changes(NOW, before))


def test_evidence_that_came_and_went_is_named() -> None:
    gone = NOW.evidence[0].model_copy(update={"id": "E99"})
    before = NOW.model_copy(update={"evidence": (gone, *NOW.evidence[1:])})
    assert "Evidence added: E01; withdrawn: E99." in said(changes(NOW, before))


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"profile": "coalition"}])
def test_another_rubric_or_profile_is_a_caution(changed: dict[str, str]) -> None:
    before = NOW.model_copy(update={"rubric": NOW.rubric.model_copy(update={"version": "0.0.0", **changed})})
    (caution,) = cautions(changes(NOW, before))
    assert "sample 0.0.0" in caution
    assert "sample 0.0.1" in caution


def test_another_partnership_or_version_is_a_caution() -> None:
    (caution,) = cautions(changes(NOW, with_case(NOW, id="other", title="The other")))
    assert "another partnership (The other)" in caution
    older = NOW.model_copy(update={"provenance": NOW.provenance.model_copy(update={"assess_version": "0.0.9"})})
    assert ["0.0.9" in text for text in cautions(changes(NOW, older))] == [True]


def test_the_shape_is_drawn_where_it_has_enough_axes() -> None:
    assert any(isinstance(block, Figure) for block in changes(NOW, NOW).blocks)
    two = NOW.model_copy(update={"pillars": NOW.pillars[:2]})
    assert not any(isinstance(block, Figure) for block in changes(two, NOW).blocks)


def test_two_cases_can_be_laid_side_by_side() -> None:
    nato, csto = shipped("nato"), shipped("csto")
    section = changes(nato, csto)
    assert nato.overall.score is not None
    assert [text for text in cautions(section) if csto.partnership.title in text]
    points = [abs(float(p.replace("−", "-"))) for *_, p, _ in cells(tables(section)[1]) if p[:1] in "+−"]
    assert points == sorted(points, reverse=True)
