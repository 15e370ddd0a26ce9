from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.partnership.models import Structure
from assess.reporting.blocks import Section
from assess.reporting.links import places_of
from assess.reporting.structures import overdue, structures_section, upgrade_section
from assess.scoring.assessment import Assessment, all_criteria

from .conftest import complete_dialogue, empty, sample, with_case, with_criteria
from .viewtools import cells, links_of, rows, said, tables

MONTHS = st.integers(1, 2000 * 12)


def structure(**more: Any) -> Structure:
    return Structure.model_validate({"id": "s", "title": "S", "kind": "other", "status": "working"} | more)


def iso(months: int) -> str:
    return f"{months // 12 + 1:04}-{months % 12 + 1:02}-01"


@given(MONTHS, MONTHS, st.integers(1, 240))
def test_a_rhythm_is_overdue_once_more_months_have_passed_than_lie_between_meetings(
    met: int, passed: int, every: int
) -> None:
    council = structure(every=every, last_met=iso(met))
    assert overdue(council, iso(met + passed)) == (passed > every)


@pytest.mark.parametrize("missing", [{"every": None}, {"last_met": None}, {"status": "dormant"}, {"status": "planned"}])
def test_without_a_rhythm_a_meeting_or_work_nothing_is_overdue(missing: dict[str, Any]) -> None:
    council = structure(every=1, last_met="1990")
    assert overdue(council, "2026")
    assert not overdue(council.model_copy(update=missing), "2026")


def test_a_vague_date_is_read_in_favour_of_the_structure() -> None:
    assert not overdue(structure(every=12, last_met="2024"), "2025")
    assert overdue(structure(every=12, last_met="2024"), "2026-02")


def listed(*entries: Structure, as_of: str = "2026-05") -> Section:
    changed = with_case(sample(), structures=[one.model_dump() for one in entries], as_of=as_of)
    return structures_section(changed, places_of(changed))


def test_the_heading_counts_what_works_and_what_is_late() -> None:
    late = structure(every=1, last_met="2020")
    assert listed(structure(), structure(status="planned")).heading == "Structures: 1 of 2 working"
    assert listed(late).heading == "Structures: 1 of 1 working, 1 past the date of a regular meeting"


def test_none_is_said() -> None:
    section = structures_section(empty(), places_of(empty()))
    assert section.heading == "Structures: none listed"
    assert tables(section) == []
    assert said(section).strip()


def test_a_row_has_its_rhythm_and_its_evidence() -> None:
    (table,) = tables(structures_section(sample(), places_of(sample())))
    council, staff = cells(table)
    assert council[1:3] == ["Committee, ministers", "working"]
    for part in ("every 12 months", "last known January 2024", "past due", "decides by consensus"):
        assert part in council[3].lower().replace("january", "January")
    assert staff[3] == "no rhythm recorded"
    assert [row.cells[2].tone for row in table.rows] == [None, "gap"]
    assert [link.to for link in links_of(table)] == ["e-E01"]


def test_one_month_is_no_plural_and_only_the_late_are_past_due() -> None:
    row = cells(tables(listed(structure(every=1, last_met="2026-05")))[0])[0]
    assert "very month" in row[3] or "very 1 month," in row[3]
    assert "past due" not in row[3]


def test_only_a_dialogue_has_an_upgrade_path(assessment: Assessment) -> None:
    found = upgrade_section(assessment, places_of(assessment))
    assert len(found) == (assessment.partnership.type == "strategic_dialogue")


def test_the_path_lists_what_would_begin_to_apply(assessment: Assessment) -> None:
    for section in upgrade_section(assessment, places_of(assessment)):
        criteria = [c for p in assessment.pillars for c in all_criteria(p)]
        begins = [
            c for c in criteria if not c.applicable and c.multipliers.get("defence_cooperation_agreement", 1.0) > 0
        ]
        assert [title for table in tables(section) for title, *_ in cells(table)] == [c.title for c in begins]
        assert f": {len(begins)} criteri" in section.heading
        assert "Nothing here says that it should" in said(section)


def test_what_would_count_more_is_named_and_what_would_not_is_left_out() -> None:
    dialogue = with_criteria(
        complete_dialogue(),
        full={"multipliers": {"defence_cooperation_agreement": 2.0}},
        elsewhere={"multipliers": {"defence_cooperation_agreement": 0.0}, "anchors": {}},
        not_here={"anchors": {}},
    )
    (section,) = upgrade_section(dialogue, places_of(dialogue))
    assert ": 1 criterion would begin" in section.heading
    assert list(rows(section)) == ["Title of not-here"]
    assert cells(tables(section)[0])[0][-1] == "no anchor"
    assert "These would count more than they do now: Title of full." in said(section)
    (plain,) = upgrade_section(complete_dialogue(), places_of(complete_dialogue()))
    assert "count more" not in said(plain)
