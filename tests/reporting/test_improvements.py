from __future__ import annotations

from assess.reporting.blocks import Figure, Section
from assess.reporting.improvements import LISTED, improvements, improvements_section, raised, terms
from assess.reporting.links import places_of
from assess.reporting.numbers import points
from assess.scoring.assessment import Assessment, all_criteria

from .conftest import capped, complete_dialogue, empty, sample, shipped
from .viewtools import cells, tables


def section_of(assessment: Assessment) -> Section:
    (section,) = improvements_section(assessment, places_of(assessment))
    return section


def test_changes_are_ranked_by_what_they_gain(assessment: Assessment) -> None:
    found = improvements(assessment)
    ways = [way for p in assessment.pillars for c in all_criteria(p) for way in c.mitigations]
    assert len(found) == sum((way.pillar_gain or 0) > 1e-6 for way in ways)
    if assessment.overall.score is not None:
        gains = [change.gain for change in found]
        assert gains == sorted((way.gain for way in ways if (way.pillar_gain or 0) > 1e-6), key=lambda g: -(g or 0))


def test_without_an_overall_score_the_gain_of_the_pillar_ranks() -> None:
    assert [change.way.text for change in improvements(sample())] == [
        "Write all",
        "Write the clause",
        "Do better than zero",
    ]
    assert section_of(sample()).heading.endswith(": 3 changes, though there is no overall score to raise")
    assert not any(isinstance(block, Figure) for block in section_of(sample()).blocks)


def test_the_heading_names_the_greatest_gain() -> None:
    first = improvements(complete_dialogue())[0]
    assert first.gain is not None
    assert section_of(complete_dialogue()).heading.endswith(f", Title of zero ({points(first.gain)} overall)")


def test_where_nothing_would_raise_it_there_is_no_section() -> None:
    for assessment in (empty(), capped("block")):
        assert improvements_section(assessment, places_of(assessment)) == ()


def test_the_table_shows_the_first_and_says_how_many_there_are() -> None:
    csto = shipped("csto")
    found = improvements(csto)
    assert len(found) > LISTED
    (table,) = tables(section_of(csto))
    assert len(table.rows) == LISTED
    assert str(len(found)) in table.caption
    (few,) = tables(section_of(sample()))
    assert str(LISTED) not in few.caption


def test_a_row_says_what_who_and_how_far() -> None:
    (table,) = tables(section_of(complete_dialogue()))
    assert cells(table)[2][:2] == ["Write the clause.", "A checklist, meets 1 item of the checklist"]
    assert cells(table)[2][4:] == ["Low cost, high feasibility, about 1 month", "the lawyers"]
    assert cells(table)[1][1] == "A checklist, to level 4"
    assert cells(table)[0][1] == "Title of zero, one level up"


def test_the_figure_has_each_criterion_once_with_its_best_change() -> None:
    (figure,) = (block for block in section_of(complete_dialogue()).blocks if isinstance(block, Figure))
    assert figure.chart.description.count("A checklist") == 1
    best = {change.criterion.title: change.gain for change in reversed(improvements(complete_dialogue()))}
    for title, gain in best.items():
        assert f"{title} {points(gain or 0)}" in figure.chart.description


def test_terms_are_words_or_a_dash() -> None:
    way = improvements(sample())[1].way
    assert terms(way) == "Low cost, high feasibility, about 1 month"
    assert terms(way.model_copy(update={"cost": None, "months": 2})) == "High feasibility, about 2 months"
    assert terms(way.model_copy(update={"cost": None, "months": None, "feasibility": None})) == "–"


def test_checklist_items_count_only_on_a_checklist() -> None:
    change = improvements(sample())[1]
    assert raised(change.criterion, change.way.model_copy(update={"items": ("b", "c")})).startswith("meets 2 items")
    other = change.criterion.model_copy(update={"items": ()})
    assert raised(other, change.way) == "one level up"
