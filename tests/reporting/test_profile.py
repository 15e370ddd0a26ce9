from __future__ import annotations

from assess.reporting.links import places_of, text_of
from assess.reporting.numbers import whole
from assess.reporting.profile import alternatives, profile
from assess.scoring.assessment import Assessment

from .conftest import capped, empty, sample, shipped


def test_every_pillar_has_its_figures(assessment: Assessment) -> None:
    found = profile(assessment, places_of(assessment))
    bands = assessment.rubric.bands
    by_title = {text_of((row.pillar,)): row for row in found.rows}
    for pillar in assessment.pillars:
        row = by_title[pillar.title]
        if pillar.score is None:
            assert (row.score, row.interval, row.rating) == ("no score", "–", "insufficient basis")
            continue
        assert row.score == str(whole(pillar.score, bands))
        assert row.risk == (f"risk {100 - whole(pillar.score, bands)}" if pillar.display == "risk" else None)
        assert pillar.rating is not None
        assert pillar.rating in row.rating


def test_the_heading_names_both_ends_and_whether_their_intervals_overlap() -> None:
    heading = profile(sample(), places_of(sample())).heading
    assert heading == "Pillar profile: from First things (score 41) to Third things (score 83)"
    quad = shipped("quad")
    assert profile(quad, places_of(quad)).heading.endswith("intervals overlapping")
    assert profile(empty(), places_of(empty())).heading == "Pillar profile: no pillar has a score"
    whole_score = capped("block")
    assert profile(whole_score, places_of(whole_score)).heading == "Pillar profile: every pillar with a score has 100"


def test_the_figure_is_described_in_numbers() -> None:
    chart = profile(sample(), places_of(sample())).chart
    rows = profile(sample(), places_of(sample())).rows
    assert f"First things: score 41, interval {rows[0].interval}." in chart.description
    assert "Second things: risk 31, score 69" in chart.description
    assert "Fourth things: no score." in chart.description


def test_a_capped_pillar_says_so() -> None:
    found = profile(capped("cap_pillar_49"), places_of(capped("cap_pillar_49")))
    assert found.rows[0].rating == "Fragile, capped from Strong"


def test_alternatives_are_shown_only_where_ratings_differ() -> None:
    rows = alternatives(shipped("nato"))
    assert [row.name for row in rows] == ["Weighted geometric mean", "Weighted arithmetic mean", "Weakest pillar"]
    assert alternatives(capped("block")) == ()
    note = profile(capped("block"), places_of(capped("block"))).alternatives_note
    assert note == "The arithmetic mean, the geometric mean and the weakest pillar give the same rating."
