from __future__ import annotations

import pytest

from assess.reporting.bottom_line import bottom_line
from assess.reporting.links import all_criteria, places_of, text_of

from .conftest import capped, complete_dialogue, empty, sample, shipped


def test_both_ratings_are_named_where_the_interval_crosses_an_edge_the_better_first() -> None:
    nato = shipped("nato")
    wide = nato.model_copy(
        update={"overall": nato.overall.model_copy(update={"rating_low": "Conditional", "rating_high": "Sound"})}
    )
    narrow = nato.model_copy(
        update={"overall": nato.overall.model_copy(update={"rating_low": "Sound", "rating_high": "Sound"})}
    )
    assert bottom_line(wide, places_of(wide)).rating == "Sound to Conditional"
    assert bottom_line(narrow, places_of(narrow)).rating == "Sound"


def test_the_score_has_its_interval_its_scale_and_its_warning() -> None:
    nato = shipped("nato")
    overall = nato.overall.model_copy(update={"score": 66.2, "low": 58.1, "high": 71.9})
    line = text_of(bottom_line(nato.model_copy(update={"overall": overall}), places_of(nato)).score)
    assert line == (
        "Score 66, 80 % interval 58 to 72, on a scale from 0 (worst) to 100 (best). A score is not a probability."
    )


def test_without_a_score_the_bounds_are_given() -> None:
    page = bottom_line(sample(), places_of(sample()))
    assert page.rating == "No rating"
    assert "No score: 74 % of the applicable weight has an observation." in text_of(page.score)
    assert "38 to 69" in text_of(page.score)
    assert any("Fourth things (insufficient, 25 %)" in text_of(line) for line in page.cautions)


def test_capped_and_uncapped_rating_stand_side_by_side() -> None:
    page = bottom_line(capped("block"), places_of(capped("block")))
    assert page.cap is not None
    assert (page.cap.after, page.cap.before) == ("Do not proceed", "Strong")
    assert text_of(page.cap.reason) == "Line block"
    assert text_of(page.levers[0]) == "Would lift the cap by Line block: Something else holds."
    assert bottom_line(sample(), places_of(sample())).cap is None


def test_drivers_are_the_strongest_pulls_by_weight_and_distance() -> None:
    nato = shipped("nato")
    page = bottom_line(nato, places_of(nato))
    assert nato.overall.score is not None
    pulls = {
        criterion.id: pillar.weight * criterion.weight * (criterion.value - nato.overall.score)
        for pillar in nato.pillars
        for criterion in all_criteria(pillar)
        if criterion.value is not None
    }
    shown = [driver.criterion.to.removeprefix("c-") for driver in page.drivers if not isinstance(driver.criterion, str)]
    assert len(shown) == 3
    assert max(pulls, key=lambda name: pulls[name]) in shown
    assert min(pulls, key=lambda name: pulls[name]) in shown
    assert [driver.part.split()[0] for driver in page.drivers] == ["Lifts" if pulls[n] > 0 else "Lowers" for n in shown]
    assert all(driver.evidence for driver in page.drivers)


def test_drivers_of_an_inner_pillar_weigh_by_both_weights() -> None:
    assert bottom_line(empty(), places_of(empty())).drivers == ()
    parts = [text_of((driver.criterion,)) for driver in bottom_line(sample(), places_of(sample())).drivers]
    assert "Title of zero" in parts
    assert "Title of inside" not in parts


def test_red_lines_are_counted_and_named() -> None:
    lines = [text_of(line) for line in bottom_line(sample(), places_of(sample())).red_lines]
    assert lines == [
        "1 of 3 disputed: Line block.",
        "1 of 3 unknown: Line cap overall conditional.",
        "1 of 3 clear.",
    ]


def test_levers_say_would_raise_for_heavy_low_criteria_of_the_lowest_pillar() -> None:
    csto = shipped("csto")
    lines = [text_of(line) for line in bottom_line(csto, places_of(csto)).levers]
    assert 1 <= len(lines) <= 3
    assert all(line.startswith("Would raise ") and "Stability" in line for line in lines)


def test_a_dialogue_has_dialogue_value() -> None:
    assert bottom_line(complete_dialogue(), places_of(complete_dialogue())).what == "Dialogue value"
    assert bottom_line(sample(), places_of(sample())).what == "Rating"


@pytest.mark.parametrize("ratings", [{"arithmetic": "Sound", "geometric": "Sound"}, {}])
def test_alternatives_are_a_caution_only_where_they_disagree(ratings: dict[str, str]) -> None:
    nato = shipped("nato")
    calm = nato.model_copy(
        update={"alternatives": nato.alternatives.model_copy(update={"ratings": ratings}), "warnings": ()}
    )
    assert bottom_line(calm, places_of(calm)).cautions == ()
    text = " ".join(text_of(line) for line in bottom_line(nato, places_of(nato)).cautions)
    assert "The rating depends on how the pillars are combined" in text
