from __future__ import annotations

from assess.reporting.blocks import Section
from assess.reporting.links import places_of
from assess.reporting.trade_offs import trade_offs_section
from assess.scoring.assessment import Assessment

from .conftest import empty, sample, with_criteria
from .viewtools import cells, headings, links_of, said, tables


def section_of(assessment: Assessment) -> Section:
    (section,) = trade_offs_section(assessment, places_of(assessment))
    return section


def test_both_sides_stand_side_by_side_with_their_values() -> None:
    section = section_of(sample())
    (table,) = tables(section)
    assert [head.text for head in table.heads] == ["This", "That"]
    assert cells(table) == [["Title of zero (0) / Title of full (100)", "Title of present (75)"]]
    assert {link.to for link in links_of(table)} == {"c-zero", "c-full", "c-present"}


def test_the_heading_of_a_pair_gives_both_extents() -> None:
    assert headings(section_of(sample())) == ["This and that: this 0 to 100; that 75"]
    assert headings(section_of(empty())) == ["This and that: this without a value; that without a value"]
    alike = with_criteria(sample(), zero={"value": 100.2}, full={"value": 99.9})
    assert headings(section_of(alike))[0].endswith("this 100; that 75")


def test_a_side_that_does_not_apply_leaves_no_pair() -> None:
    gone = with_criteria(sample(), present={"applicable": False})
    assert trade_offs_section(gone, places_of(gone)) == ()
    half = with_criteria(sample(), zero={"applicable": False})
    assert cells(tables(section_of(half))[0])[0] == ["Title of full (100)", "Title of present (75)"]


def test_a_rubric_without_pairs_has_no_section() -> None:
    none = sample().model_copy(update={"rubric": sample().rubric.model_copy(update={"trade_offs": ()})})
    assert trade_offs_section(none, places_of(none)) == ()


def test_every_pair_of_the_rubric_is_asked_and_no_sum_is_formed(assessment: Assessment) -> None:
    section = section_of(assessment)
    assert [table.caption for table in tables(section)] == [pair.title for pair in assessment.rubric.trade_offs]
    for pair in assessment.rubric.trade_offs:
        assert pair.question in said(section)
        assert pair.title.lower() in section.heading.lower()
