from __future__ import annotations

from typing import Any

import pytest

from assess.reporting.bottom_line import CITED, DRIVERS, LEVERS, BottomLine, bottom_line
from assess.reporting.links import Link, places_of, text_of
from assess.scoring.assessment import Assessment, all_criteria

from .conftest import capped, complete_dialogue, empty, sample, shipped, with_case, with_criteria


def page(assessment: Assessment) -> BottomLine:
    return bottom_line(assessment, places_of(assessment))


def overall(assessment: Assessment, **changed: Any) -> Assessment:
    return assessment.model_copy(update={"overall": assessment.overall.model_copy(update=changed)})


def cautions(assessment: Assessment) -> str:
    return " ".join(text_of(line) for line in page(assessment).cautions)


def targets(line: tuple[str | Link, ...]) -> list[str]:
    return [run.to for run in line if isinstance(run, Link)]


def test_both_ratings_are_named_where_the_interval_crosses_an_edge_the_better_first() -> None:
    nato = shipped("nato")
    wide = overall(nato, rating="Sound", rating_low="Conditional", rating_high="Sound")
    narrow = overall(nato, rating="Sound", rating_low="Sound", rating_high="Sound")
    assert page(wide).rating == "Sound to Conditional"
    assert page(narrow).rating == "Sound"


def test_the_score_has_its_interval_its_scale_and_its_warning() -> None:
    line = text_of(page(overall(shipped("nato"), score=66.2, low=58.1, high=71.9)).score)
    for part in ("Score 66", "80 % interval 58 to 72", "0 (worst) to 100 (best)", "A score is not a probability."):
        assert part in line


def test_without_a_score_the_bounds_are_given() -> None:
    found = page(sample())
    assert found.rating == "No rating"
    line = text_of(found.score)
    assert "No score" in line
    assert "74 % of the applicable weight" in line
    assert "38 to 68" in line
    assert "Fourth things (insufficient, 25 %)" in cautions(sample())


def test_capped_and_uncapped_rating_stand_side_by_side() -> None:
    found = page(capped("block"))
    assert found.cap is not None
    assert (found.cap.after, found.cap.before) == ("Do not proceed", "Strong")
    assert targets(found.cap.reason) == ["r-line_block"]
    assert page(sample()).cap is None


def test_what_lifts_a_cap_comes_first() -> None:
    assert text_of(page(capped("block")).levers[0]) == "Would lift the cap by Line block: Something else holds."
    (tripped, *others) = capped("block").red_lines
    own = capped("block").model_copy(
        update={"red_lines": (tripped.model_copy(update={"remedy": "sign the text"}), *others)}
    )
    assert text_of(page(own).levers[0]).endswith(": Sign the text.")


def test_drivers_are_the_strongest_pulls_by_weight_and_distance(assessment: Assessment) -> None:
    centre = 50.0 if assessment.overall.score is None else assessment.overall.score
    pulls = {
        criterion.id: criterion.overall_weight * (criterion.value - centre)
        for pillar in assessment.pillars
        for criterion in all_criteria(pillar)
        if criterion.value is not None
    }
    drivers = page(assessment).drivers
    shown = [driver.criterion.to.removeprefix("c-") for driver in drivers if isinstance(driver.criterion, Link)]
    strong = {name: pull for name, pull in pulls.items() if abs(pull) > 1e-6}
    assert len(shown) == len(drivers) == min(DRIVERS, len(strong))
    assert [driver.part.split()[0] for driver in drivers] == ["Lifts" if pulls[n] > 0 else "Lowers" for n in shown]
    for best in (max, min):
        ends = [pull for pull in strong.values() if best(pull, 0) == pull]
        assert not ends or best(ends) in [pulls[name] for name in shown]
    assert [pulls[name] for name in shown] == sorted((pulls[name] for name in shown), reverse=True)


def test_a_driver_never_stands_without_its_evidence() -> None:
    for case in ("nato", "csto", "quad", "us-israel"):
        for driver in page(shipped(case)).drivers:
            assert driver.basis
            ids = [run.text for run in driver.evidence if isinstance(run, Link)]
            assert ids
            assert all(f"{name}: " in driver.note for name in ids[:CITED])
    zero = next(d for d in page(sample()).drivers if text_of((d.criterion,)) == "Title of zero")
    assert (text_of(zero.value), zero.basis) == ("value 0, range 0 to 25", "Level 0: Anchor 0.")
    assert zero.note == "E02: source 2 (B2)."


def test_citations_beyond_a_few_are_counted() -> None:
    many = sample().evidence * 2
    named = tuple(entry.model_copy(update={"id": f"E1{n}"}) for n, entry in enumerate(many))
    cited = with_criteria(sample(), zero={"evidence": tuple(entry.id for entry in named)})
    zero = page(cited.model_copy(update={"evidence": named})).drivers[-1]
    assert zero.note.endswith(f"and {len(named) - CITED} more in the sources.")


def test_nothing_observed_drives_nothing() -> None:
    assert page(empty()).drivers == ()
    assert page(empty()).levers == ()


def test_red_lines_are_counted_and_named() -> None:
    lines = page(sample()).red_lines
    assert [text_of(line) for line in lines] == [
        "1 of 3 disputed: Line block.",
        "1 of 3 unknown: Line cap overall conditional.",
        "1 of 3 clear.",
    ]
    assert targets(lines[0]) == ["r-line_block"]
    calm = tuple(line.model_copy(update={"status": "clear"}) for line in sample().red_lines)
    assert page(sample().model_copy(update={"red_lines": calm})).red_lines == (("All 3 clear.",),)
    assert "no red lines" in text_of(page(sample().model_copy(update={"red_lines": ()})).red_lines[0])


def test_levers_are_the_greatest_gains_one_for_each_criterion(assessment: Assessment) -> None:
    best = {
        criterion.id: max((way.gain or 0.0) for way in criterion.mitigations)
        for pillar in assessment.pillars
        for criterion in all_criteria(pillar)
        if any((way.pillar_gain or 0.0) > 1e-6 for way in criterion.mitigations)
    }
    lines = [targets(line)[0] for line in page(assessment).levers if "lift the cap" not in text_of(line)]
    assert len(lines) == len(set(lines)) == min(LEVERS, len(best))
    if assessment.overall.score is not None:
        assert [best[name.removeprefix("c-")] for name in lines] == sorted(best.values(), reverse=True)[:LEVERS]


def test_without_an_overall_score_a_lever_gives_the_gain_of_its_pillar() -> None:
    first = page(sample()).levers[0]
    assert text_of(first).startswith("A checklist (+")
    assert "in its pillar" in text_of(first)
    assert [run.of for run in first if isinstance(run, Link) and run.of] == [
        ("/pillars/2/criteria/0/mitigations/1/pillar_gain",)
    ]
    assert all(" overall)" in text_of(line) for line in page(complete_dialogue()).levers)


def test_a_dialogue_has_dialogue_value() -> None:
    assert page(complete_dialogue()).what == "Dialogue value"
    assert page(sample()).what == "Rating"


@pytest.mark.parametrize("ratings", [{"arithmetic": "Sound", "geometric": "Sound"}, {}])
def test_alternatives_are_a_caution_only_where_they_disagree(ratings: dict[str, str]) -> None:
    nato = shipped("nato")
    alike = nato.model_copy(update={"alternatives": nato.alternatives.model_copy(update={"ratings": ratings})})
    assert "depends on how the pillars are combined" not in cautions(alike)
    assert "depends on how the pillars are combined" in cautions(nato)


def test_dissent_and_warnings_are_counted_and_can_be_followed() -> None:
    assert "1 key judgement with a dissenting reading" in cautions(sample())
    assert f"{len(sample().warnings)} warnings" in cautions(sample())
    assert {"judgements", "warnings"} <= {to for line in page(sample()).cautions for to in targets(line)}
    calm = with_case(sample(), key_judgements=[]).model_copy(update={"warnings": ()})
    assert "dissent" not in cautions(calm)
    assert "warning" not in cautions(calm)


def test_a_full_basis_needs_no_caution() -> None:
    assert "The basis is" in cautions(sample())
    assert "The basis is" not in cautions(capped("block"))
