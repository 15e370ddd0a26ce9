from __future__ import annotations

from assess.reporting.blocks import Figure, Section
from assess.reporting.links import places_of
from assess.reporting.numbers import whole
from assess.reporting.profile import alternatives, profile_chart, profile_section
from assess.scoring.assessment import Assessment, all_pillars

from .conftest import capped, complete_dialogue, empty, sample, shipped, with_criteria
from .viewtools import cells, rows, said, shown, tables


def profile(assessment: Assessment) -> Section:
    return profile_section(assessment, places_of(assessment))


def figures(assessment: Assessment) -> dict[str, list[str]]:
    return {title: texts for title, *texts in cells(tables(profile(assessment))[0])}


def test_every_pillar_has_its_figures(assessment: Assessment) -> None:
    bands = assessment.rubric.bands
    found = figures(assessment)
    assert list(found) == [pillar.title for pillar in all_pillars(assessment.pillars)]
    for pillar in all_pillars(assessment.pillars):
        score, interval, rating, coverage, *_ = found[pillar.title]
        assert (pillar.basis in coverage) == (pillar.basis != "sufficient")
        if pillar.score is None:
            assert (score, interval, rating) == ("no score", "–", "insufficient basis")
            continue
        number = whole(pillar.score, bands)
        assert score == (f"{number} / risk {100 - number}" if pillar.display == "risk" else str(number))
        assert pillar.rating is not None
        assert pillar.rating in rating


def test_the_heading_names_both_ends_and_whether_their_intervals_overlap() -> None:
    assert profile(sample()).heading == "Pillar profile: from First things (score 41) to Third things (score 77)"
    assert profile(shipped("quad")).heading.endswith("intervals overlapping")
    assert profile(empty()).heading == "Pillar profile: no pillar has a score"
    assert profile(capped("block")).heading == "Pillar profile: every pillar with a score has 100"
    lone = sample().model_copy(update={"pillars": sample().pillars[1:2]})
    assert profile(lone).heading == "Pillar profile: Second things (risk 31, score 69)"


def test_the_figure_says_the_numbers_of_the_table(assessment: Assessment) -> None:
    description = profile_chart(assessment).description
    found = figures(assessment)
    for pillar in assessment.pillars:
        number = found[pillar.title][0].split(" / ")[0]
        assert f"{pillar.title}: " in description
        assert (f"score {number}" if number.isdigit() else "no score") in description
    assert ("Overall score" in description) == (assessment.overall.score is not None)
    (figure,) = (block for block in profile(assessment).blocks if isinstance(block, Figure))
    assert figure.chart == profile_chart(assessment)


def test_a_capped_pillar_says_so() -> None:
    assert figures(capped("cap_pillar_49"))["First things"][2] == "Fragile, capped from Strong"


def test_the_lowest_criterion_is_named_and_equals_are_counted() -> None:
    assert figures(sample())["First things"][-1] == "Title of zero (0)"
    assert figures(complete_dialogue())["Fourth things"][-1] == "Title of thin-a and 1 more (50)"
    assert figures(empty())["Fourth things"][-1] == "–"


def test_a_pillar_in_which_nothing_applies_says_so_and_is_not_drawn() -> None:
    gone = {"applicable": False, "observed": False, "value": None}
    without = with_criteria(sample(), thin_a=gone, thin_b=gone)
    assert [shown(cell) for cell in rows(profile(without))["Fourth things"].cells][1:5] == [
        "n/a",
        "–",
        "does not apply",
        "n/a",
    ]
    assert "Fourth things" not in profile_chart(without).description


def test_alternatives_are_shown_only_where_ratings_differ() -> None:
    shown_rows = alternatives(shipped("nato"))
    assert [row.name for row in shown_rows] == ["Weighted geometric mean", "Weighted arithmetic mean", "Weakest pillar"]
    assert len(tables(profile(shipped("nato")))) == 2
    assert alternatives(capped("block")) == ()
    assert "give the same rating" in said(profile(capped("block")))
    assert "no overall score to compare" in said(profile(sample()))
