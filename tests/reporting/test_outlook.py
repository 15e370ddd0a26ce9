from __future__ import annotations

from typing import Any

from assess.reporting.blocks import Section
from assess.reporting.links import places_of
from assess.reporting.outlook import outlook_section
from assess.scoring.assessment import Assessment

from .conftest import empty, sample, with_case
from .viewtools import cells, headings, links_of, said, tables

ASSUMPTION = {"id": "a", "text": "they stay", "if_wrong": "all falls"}
INDICATOR = {"id": "i", "text": "the talk", "threshold": "they stop"}


def outlook(assessment: Assessment, **changes: Any) -> Section:
    changed = with_case(assessment, **changes)
    return outlook_section(changed, places_of(changed))


def test_the_heading_counts_and_gives_the_review_date() -> None:
    two = outlook(sample(), assumptions=[ASSUMPTION, {**ASSUMPTION, "id": "b"}], indicators=[], review_by="2027-03")
    assert two.heading == "Outlook: 2 assumptions, no indicator to watch, review by March 2027"
    assert "1 assumption, 1 indicator to watch, review by 2027" in outlook(sample()).heading


def test_empty_registers_are_said_to_be_empty() -> None:
    section = outlook(empty())
    assert section.heading == "Outlook: no assumption, no indicator to watch, no review date"
    assert said(section).count("None were recorded.") == 2
    assert "No review date is set." in said(section)


def test_assumptions_indicators_and_what_they_touch(assessment: Assessment) -> None:
    section = outlook(assessment)
    case = assessment.partnership
    assert sum(len(table.rows) for table in tables(section)) == sum(
        len(register) for register in (case.assumptions, case.indicators, assessment.rubric.base_rates)
    )
    touched = {f"c-{name}" for one in case.assumptions for name in one.criteria}
    touched |= {f"c-{name}" for one in case.indicators for name in one.criteria}
    assert touched <= {link.to for link in links_of(section)}


def test_a_row_says_what_hangs_on_it() -> None:
    assumptions, indicators, _ = tables(outlook(sample()))
    assert cells(assumptions) == [["They stay.", "All falls.", "Title of zero", "E01"]]
    assert cells(indicators) == [["The talk.", "They stop.", "Title of full"]]
    (bare, _) = tables(outlook(sample(), assumptions=[], indicators=[INDICATOR]))
    assert cells(bare)[0][-1] == "–"


def test_a_base_rate_has_its_definition_its_source_and_its_limits() -> None:
    section = outlook(sample())
    rates = tables(section)[-1]
    assert cells(rates) == [["A third was kept.", "33.3 %", "All of them, ever.", "paper-1"]]
    assert "ref-paper-1" in {link.to for link in links_of(rates)}
    assert "not the probability of this case" in said(section)


def test_a_rubric_without_base_rates_has_no_such_heading() -> None:
    none = sample().model_copy(update={"rubric": sample().rubric.model_copy(update={"base_rates": ()})})
    assert "Base rates" not in headings(outlook(none))


def test_a_source_that_is_not_listed_stays_text() -> None:
    none = sample().model_copy(update={"rubric": sample().rubric.model_copy(update={"references": ()})})
    assert not [link for link in links_of(outlook(none)) if link.to.startswith("ref-")]
