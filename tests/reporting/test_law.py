from __future__ import annotations

from typing import Any, get_args

import pytest

from assess.partnership.models import Instrument
from assess.reporting.blocks import Section
from assess.reporting.law import FORMS, law_section, legal_gaps
from assess.reporting.links import places_of
from assess.scoring.assessment import Assessment, all_criteria

from .conftest import capped, empty, sample, with_case, with_criteria
from .viewtools import cells, headings, rows, said, tables

TEXT = {"id": "t", "title": "The text", "form": "treaty", "status": "binding"}
CLAUSE = {"id": "c", "article": "Article 9", "obligation": "help", "status": "binding"}


def law(assessment: Assessment, **changes: Any) -> Section:
    changed = with_case(assessment, **changes)
    return law_section(changed, places_of(changed))


def answered(**answers: str) -> Assessment:
    """Return the sample with other answers in its checklist, of which `a` and `c` are critical and `e` is practice."""
    items = next(c for c in all_criteria(sample().pillars[2]) if c.id == "list").items
    changed = tuple(item.model_copy(update={"answer": answers.get(item.id, "yes")}) for item in items)
    return with_criteria(sample(), list={"items": changed})


def test_gaps_are_the_points_a_text_must_settle_and_does_not(assessment: Assessment) -> None:
    open_points = {
        (criterion.id, item.id)
        for pillar in assessment.pillars
        for criterion in all_criteria(pillar)
        for item in criterion.items
        if criterion.applicable and item.clause is not None and item.answer != "yes"
    }
    found = legal_gaps(assessment)
    assert {(criterion.id, item.id) for criterion, item in found} == open_points
    assert len(found) == len(open_points)
    critical = [item.critical for _, item in found]
    assert critical == sorted(critical, reverse=True)


def test_the_critical_come_first_then_what_is_missing_then_what_is_partial() -> None:
    found = legal_gaps(answered(a="unknown", b="no", c="partial", d="partial", e="no"))
    assert [item.id for _, item in found] == ["c", "a", "b", "d"]


def test_a_checklist_that_does_not_apply_leaves_no_gap() -> None:
    assert legal_gaps(with_criteria(answered(a="no"), list={"applicable": False})) == ()


@pytest.mark.parametrize(
    ("answers", "said_so"),
    [
        ({}, "1 of 1 instrument binding"),
        ({"a": "no"}, "1 of 1 instrument binding, 1 point not in the texts"),
        ({"a": "no", "b": "no", "c": "unknown"}, "2 points not in the texts, 1 not established"),
    ],
)
def test_the_heading_counts_instruments_and_gaps(answers: dict[str, str], said_so: str) -> None:
    assert law(answered(**answers)).heading.endswith(said_so)


def test_what_binds_is_told_from_what_does_not() -> None:
    two = [TEXT, {**TEXT, "id": "u", "status": "political"}]
    assert "1 of 2 instruments binding" in law(sample(), instruments=two).heading


def test_no_instrument_is_said() -> None:
    section = law(empty())
    assert section.heading == "Law: no instrument is listed"
    assert said(section).strip()
    assert tables(section) == []


def test_only_a_missing_critical_point_alarms() -> None:
    section = law(answered(a="no", b="no", c="unknown"))
    tones = {name: row.cells[1].tone for name, row in rows(section).items() if name.startswith("Item")}
    assert tones == {"Item a. Critical.": "alarm", "Item b.": None, "Item c. Critical.": None}


def test_a_proposal_is_given_clauses_to_add() -> None:
    proposed = law(answered(a="no"), stage="negotiating")
    assert "Legal gaps and clauses to add" in headings(proposed)
    assert rows(proposed)["Item a. Critical."].cells[2].lines == (("The parties do a.",),)
    assert "Legal gaps" in headings(law(answered(a="no"), stage="in_force"))


def test_what_a_clause_leaves_open_is_named() -> None:
    full = {"trigger": "an attack", "area": "here", "duty_holder": "all"}
    section = law(capped("block"), instruments=[{**TEXT, "clauses": [{**CLAUSE, "trigger": "an attack"}]}])
    text = next(line for line in said(section).split("\n") if "Article 9" in line and "area or duty-holder" in line)
    assert "The text" in text
    assert "trigger" not in text
    assert [cell.tone for cell in rows(section)["Article 9"].cells] == [None, None, None, "gap", "gap", None]
    closed = law(capped("block"), instruments=[{**TEXT, "clauses": [{**CLAUSE, **full}]}])
    assert not [text for text in headings(closed) if text.startswith("Legal gaps")]


def test_an_instrument_is_dated_as_well_as_it_is_known() -> None:
    dated = {**TEXT, "signed": "1999-04", "in_force": "2000", "ended": "2001-02-03"}
    (table,) = tables(law(capped("block"), instruments=[dated, {**TEXT, "id": "u"}]))
    assert [row[3] for row in cells(table)] == [
        "Signed April 1999, in force 2000, ended 3 February 2001.",
        "no date recorded",
    ]


def test_every_form_of_instrument_has_words() -> None:
    assert tuple(FORMS) == get_args(Instrument.model_fields["form"].annotation)
