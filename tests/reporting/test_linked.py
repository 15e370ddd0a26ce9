from __future__ import annotations

import json

from assess.reporting import linked
from assess.reporting.links import Link, Run, places_of
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment, CriterionResult, all_criteria

from .conftest import sample, shipped
from .viewtools import NUMERIC, is_true, links_of, resolved

BANDS = sample().rubric.bands
PLACES = places_of(sample())
CRITERIA = {criterion.id: criterion for pillar in sample().pillars for criterion in all_criteria(pillar)}


def test_every_number_of_a_report_is_that_of_the_field_it_names(assessment: Assessment) -> None:
    document = json.loads(assessment.to_json())
    numbers = [link for link in links_of(to_view(assessment)) if link.of]
    assert numbers
    assert [link for link in numbers if not is_true(link, document)] == []


def test_no_linked_number_goes_without_the_field_it_shows(assessment: Assessment) -> None:
    bare = [link for link in links_of(to_view(assessment)) if NUMERIC.fullmatch(link.text) and not link.of]
    assert bare == []


def test_a_criterion_without_a_value_says_why_and_is_no_zero() -> None:
    def shown(criterion: CriterionResult) -> Run:
        return linked.value(criterion, BANDS, PLACES)

    assert shown(CRITERIA["missing"]) == "no evidence"
    assert shown(CRITERIA["missing"].model_copy(update={"observed_share": 0.4})) == "too thin"
    assert shown(CRITERIA["not-here"]) == "n/a"
    assert shown(CRITERIA["zero"]) == Link("0", "c-zero", ("/pillars/0/criteria/0/value",))


def test_ranges_and_weights_of_what_does_not_apply_say_so() -> None:
    assert linked.span(CRITERIA["not-here"], BANDS, PLACES) == "n/a"
    assert linked.span(CRITERIA["missing"], BANDS, PLACES) == "–"
    assert linked.weight(CRITERIA["not-here"], PLACES) == "n/a"
    assert linked.weight(CRITERIA["missing"], PLACES) == Link("20 %", "w-missing", ("/pillars/1/criteria/0/weight",))


def test_what_has_no_score_shows_none() -> None:
    fourth = sample().pillars[3]
    assert linked.score("fourth", fourth, BANDS, PLACES, "profile") == "no score"
    assert linked.interval("fourth", fourth, BANDS, PLACES, "profile") is None
    assert linked.risk(fourth.model_copy(update={"display": "risk"}), BANDS, PLACES, "profile") is None
    assert linked.gain(None, "/x", "improvements") == "–"


def test_only_a_pillar_shown_as_risk_has_one() -> None:
    first, second = sample().pillars[:2]
    assert linked.risk(first, BANDS, PLACES, "profile") is None
    risk = linked.risk(second, BANDS, PLACES, "profile")
    assert isinstance(risk, Link)
    assert resolved(risk.of[0], json.loads(sample().to_json())) == second.score


def test_a_number_leads_where_it_is_told_to() -> None:
    nato = shipped("nato")
    criterion = nato.pillars[0].criteria[0]
    places = places_of(nato)
    for run in (
        linked.value(criterion, nato.rubric.bands, places, "here"),
        linked.span(criterion, nato.rubric.bands, places, "here"),
        linked.weight(criterion, places, to="here"),
        linked.bounds("overall", nato.overall, nato.rubric.bands, places, "here"),
        linked.coverage("overall", nato.overall, nato.rubric.coverage, places, "here"),
    ):
        assert isinstance(run, Link)
        assert run.to == "here"
