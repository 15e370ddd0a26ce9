"""The four shipped cases show the pattern that a reviewer of the field expects. Orderings and diagnoses, not points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.conftest import CASES

from assess.documents.fields import date_span
from assess.documents.shipped import resolve
from assess.documents.source import read_source
from assess.documents.validation import walk
from assess.partnership.loading import load_partnership
from assess.partnership.models import LIKELIHOOD_WORDS, Finding
from assess.rubric.models import Rubric
from assess.scoring.assessment import Assessment, CriterionResult, PillarResult
from assess.scoring.score import score

Of = Callable[[str], Assessment]


def pillar(result: Assessment, name: str) -> PillarResult:
    return next(p for p in result.pillars if p.id == name)


def criterion(result: Assessment, name: str) -> CriterionResult:
    return next(c for p in result.pillars for c in p.criteria if c.id == name)


def number(value: float | None) -> float:
    assert value is not None
    return value


def test_csto_is_less_stable_than_nato_although_its_institutions_score_as_well(assessment_of: Of) -> None:
    nato, csto = assessment_of("nato"), assessment_of("csto")
    assert number(pillar(csto, "stability").high) < number(pillar(nato, "stability").low)
    institutions = [number(criterion(case, "institutionalised_governance").value) for case in (csto, nato)]
    assert institutions[0] >= institutions[1] - 25
    gaps = {
        c.id: (number(criterion(nato, c.id).value) - number(c.value)) * c.weight
        for c in pillar(csto, "stability").criteria
        if c.value is not None
    }
    assert max(gaps, key=lambda name: gaps[name]) == "fulfilment_record"


def test_the_quad_has_criteria_that_do_not_apply(assessment_of: Of) -> None:
    out = {c.id for p in assessment_of("quad").pillars for c in p.criteria if not c.applicable}
    assert out == {
        "capability_sufficiency",
        "response_readiness",
        "command_and_control",
        "force_presence_terms",
        "command_authority",
    }
    assert assessment_of("quad").overall.basis == "sufficient"


def test_us_israel_practice_outruns_its_law(assessment_of: Of) -> None:
    case = assessment_of("us-israel")
    assert number(pillar(case, "legal_sovereignty").high) < number(pillar(case, "interoperability").low)


def test_a_red_line_in_a_copy_of_nato_caps_the_rating_and_leaves_every_number(
    assessment_of: Of, rubric: Rubric
) -> None:
    nato = load_partnership("nato")
    finding = Finding(status="tripped", fact="A forced change for this test.")
    copy = nato.model_copy(update={"red_lines": {**nato.red_lines, "aggressive_purpose": finding}})
    capped, clear = score(copy, rubric), assessment_of("nato")
    assert capped.overall.rating == "Do not proceed"
    assert capped.overall.uncapped_rating == clear.overall.rating
    assert capped.overall.capped_by == ("aggressive_purpose",)
    assert capped.pillars == clear.pillars
    for name in ("score", "low", "high", "bound_low", "bound_high", "coverage"):
        assert getattr(capped.overall, name) == getattr(clear.overall, name)
    assert capped.alternatives == clear.alternatives


def test_shipped_red_lines_are_not_tripped_by_open_matters(shipped: Assessment) -> None:
    assert {line.status for line in shipped.red_lines} <= {"clear", "unknown", "disputed"}


def raw(case: str) -> dict[str, Any]:
    data: dict[str, Any] = read_source(resolve("partnerships", case)).data
    return data


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_the_registers_that_a_reader_acts_on(case: str) -> None:
    found = load_partnership(case)
    for name in ("key_judgements", "assumptions", "indicators", "events", "options", "threats", "instruments"):
        assert getattr(found, name), name
    assert found.review_by is not None
    assert date_span(found.review_by)[1] > date_span(found.as_of)[1]
    assert all(judgement.because for judgement in found.key_judgements)
    assert all(judgement.criteria for judgement in found.key_judgements)


@pytest.mark.parametrize("case", CASES)
def test_every_evidence_id_that_is_cited_anywhere_exists(case: str) -> None:
    data = raw(case)
    known = {entry["id"] for entry in data["evidence"]}
    cited = [
        name
        for path, value in walk(data)
        if len(path) > 1 and path[-1] == "evidence" and isinstance(value, list)
        for name in value
    ]
    assert cited
    assert set(cited) <= known


@pytest.mark.parametrize("case", CASES)
def test_no_words_of_likelihood_stand_outside_their_field(case: str) -> None:
    judgements = [
        (entry["id"], LIKELIHOOD_WORDS.search(entry[name]))
        for entry in raw(case)["key_judgements"]
        for name in ("statement", "because", "dissent")
        if name in entry
    ]
    assert [(name, found[0]) for name, found in judgements if found] == []


@pytest.mark.parametrize("case", CASES)
def test_what_a_register_names_is_read_in_this_case(case: str, assessment_of: Of) -> None:
    result = assessment_of(case)
    applicable = {c.id for p in result.pillars for c in p.criteria if c.applicable}
    found = result.partnership
    named = [judgement.criteria for judgement in found.key_judgements]
    named += [assumption.criteria for assumption in found.assumptions]
    named += [indicator.criteria for indicator in found.indicators]
    assert {name for names in named for name in names} <= applicable
