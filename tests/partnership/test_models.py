from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.conftest import evidence, partnership_data, small_partnership

from assess.partnership.models import (
    Evidence,
    Finding,
    Judgement,
    KeyJudgement,
    Likelihood,
    Observation,
    Partnership,
    Range,
    Threat,
)

JUDGEMENT = {"id": "k", "statement": "It holds.", "confidence": "moderate", "because": "It was seen."}
THREAT = {"id": "t", "threat": "T", "domain": "sea", "severity": 3, "likelihood": 2, "adequacy": "none"}


# ------------------------------------------------------------------------------------------------- the whole


def test_what_a_partnership_leaves_out() -> None:
    case = small_partnership()
    assert case.judgements == "draft"
    assert case.handling == "Unclassified - open sources only"
    assert {(party.kind, party.key) for party in case.parties} == {("state", True)}
    assert case.source is None
    assert small_partnership(handling=None, judgements=None) == case


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"parties": [{"id": "NO", "name": "Norway"}]}, "at least 2 items"),
        ({"parties": None}, "Field required"),
        ({"type": "pact"}, "Input should be 'bilateral_agreement'"),
        ({"stage": "dead"}, "Input should be 'idea'"),
        ({"as_of": "2025-02-30"}, "not a date; write 2025, 2025-06 or 2025-06-25"),
        ({"as_of": "soon"}, "not a date"),
        ({"id": "My case"}, "match pattern"),
        ({"judgements": "final"}, "Input should be 'illustrative', 'draft' or 'reviewed'"),
        ({"schema": "assess/rubric@1"}, "Input should be 'assess/partnership@1'"),
        ({"observations": {"a b": {"level": 1.0}}}, "match pattern"),
        ({"parties": [{"id": "NO", "name": "Norway", "key": "yes"}]}, "valid boolean"),
        ({"parties": [{"id": "NO", "name": "Norway", "kind": "tribe"}]}, "Input should be 'state'"),
    ],
)
def test_a_partnership_that_cannot_be_assessed_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Partnership.model_validate(partnership_data(**change))


def test_a_year_may_be_written_as_a_number() -> None:
    assert small_partnership(as_of=2025).as_of == "2025"


# ------------------------------------------------------------------------------------------------- readings


@settings(max_examples=100)
@given(*[st.none() | st.floats(-10, 10)] * 2, st.floats(-10, 10))
def test_a_range_is_taken_exactly_when_it_is_ordered(low: float | None, high: float | None, best: float) -> None:
    ordered = (low is None or low <= best) and (high is None or best <= high)
    if ordered:
        assert Range(low=low, best=best, high=high).best == best
    else:
        with pytest.raises(ValidationError, match=r"low \(.*\) is above best|high \(.*\) is below best"):
            Range(low=low, best=best, high=high)


@pytest.mark.parametrize("name", ["level", "number"])
@pytest.mark.parametrize("value", [3, 2.5, {"best": 3}, {"low": 1, "best": 2, "high": 4}, Range(best=1.0)])
def test_a_reading_is_a_number_or_a_range(name: str, value: Any) -> None:
    built = getattr(Judgement.model_validate({name: value}), name)
    expected = value if isinstance(value, dict) else {"best": value.best if isinstance(value, Range) else value}
    assert built.model_dump(exclude_none=True) == expected


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("high", "write a number, or a mapping with low, best and high"),
        (True, "write a number, or a mapping with low, best and high"),
        ([1, 2, 3], "write a number, or a mapping with low, best and high"),
        ({"low": 1, "high": 2}, "Field required"),
        ({"best": "2"}, "valid number"),
        ({"best": 2, "mid": 2}, "Extra inputs"),
        (float("nan"), "finite number"),
        (float("inf"), "finite number"),
    ],
)
def test_a_reading_of_another_form_is_refused(value: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Judgement.model_validate({"level": value})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"level": 1, "number": 2}, "both level and number are given; keep one"),
        ({"number": 1, "items": {"a": "yes"}}, "both number and items are given; keep one"),
        ({"level": 1, "parties": {"NO": {"level": 1}}}, "give one of: a reading"),
        ({"level": 1, "not_applicable": "no forces"}, "give one of: a reading"),
        ({"parties": {"NO": {"level": 1}}, "not_applicable": "no forces"}, "give one of: a reading"),
        ({"parties": {"NO": {"parties": {}}}}, "Extra inputs are not permitted"),
        ({"items": {"a": "maybe"}}, "Input should be 'yes', 'partial', 'no' or 'unknown'"),
        ({"confidence": "sure"}, "Input should be 'high', 'moderate' or 'low'"),
        ({"not_applicable": " "}, "at least 1 character"),
    ],
)
def test_an_observation_takes_one_form_at_a_time(data: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Observation.model_validate(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"level": 2},
        {"number": {"low": 1, "best": 2}},
        {"items": {"a": "yes"}},
        {"parties": {"NO": {"level": 1}, "SE": {"items": {"a": "no"}}}},
        {"not_applicable": "no forces are foreseen"},
    ],
)
def test_an_observation_may_take_any_of_its_forms(data: dict[str, Any]) -> None:
    assert Observation.model_validate(data).confidence == "low"


# ------------------------------------------------------------------------------------------------- facts


@pytest.mark.parametrize(
    ("kind", "shelf_life", "months"),
    [
        ("treaty", None, None),
        ("law", None, None),
        ("treaty", 12, 12),
        ("official", None, 120),
        ("press", None, 120),
        ("press", 6, 6),
        ("dataset", 1200, 1200),
    ],
)
def test_evidence_lasts_ten_years_unless_it_says_otherwise_and_law_does_not_expire(
    kind: str, shelf_life: int | None, months: int | None
) -> None:
    assert Evidence.model_validate(evidence("E1", kind=kind, shelf_life=shelf_life)).lasts() == months


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"verified": "partly"}, "say in 'open' which part was not verified"),
        ({"verified": "no"}, "an unverified fact carries at most moderate confidence"),
        ({"verified": True}, "Input should be 'yes', 'partly' or 'no'"),
        ({"grade": "G1"}, "match pattern"),
        ({"grade": "A7"}, "match pattern"),
        ({"grade": "A"}, "match pattern"),
        ({"date": "recently"}, "not a date"),
        ({"kind": "rumour"}, "Input should be 'treaty'"),
        ({"shelf_life": 0}, "greater than or equal to 1"),
        ({"citation": ""}, "at least 1 character"),
        *[({key: None}, "Field required") for key in ("fact", "citation", "date", "kind", "confidence", "verified")],
    ],
)
def test_evidence_that_cannot_be_traced_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Evidence.model_validate(evidence("E1", **change))


def test_partly_verified_evidence_says_what_is_open() -> None:
    assert Evidence.model_validate(evidence("E1", verified="partly", open="the month")).open == "the month"


@pytest.mark.parametrize("status", ["tripped", "disputed"])
def test_a_red_line_that_is_tripped_or_disputed_rests_on_a_fact(status: str) -> None:
    with pytest.raises(ValidationError, match=f"a {status} red line needs the fact it rests on; add 'fact'"):
        Finding.model_validate({"status": status})
    assert Finding.model_validate({"status": status, "fact": "It happened."}).fact == "It happened."


@pytest.mark.parametrize("status", ["clear", "unknown"])
def test_a_red_line_that_is_clear_or_unknown_needs_no_fact(status: str) -> None:
    assert Finding.model_validate({"status": status}).fact is None


@pytest.mark.parametrize("adequacy", ["adequate", "partial"])
def test_a_threat_that_is_answered_names_the_capability(adequacy: str) -> None:
    with pytest.raises(ValidationError, match=f"adequacy is {adequacy} but no capability is named; name it"):
        Threat.model_validate({**THREAT, "adequacy": adequacy})
    assert Threat.model_validate({**THREAT, "adequacy": adequacy, "capability": "Patrols"}).adequacy == adequacy


@pytest.mark.parametrize("adequacy", ["none", "unknown"])
def test_a_threat_without_an_answer_names_none(adequacy: str) -> None:
    assert Threat.model_validate({**THREAT, "adequacy": adequacy}).capability is None


@pytest.mark.parametrize("name", ["severity", "likelihood"])
@pytest.mark.parametrize("value", [0, 6, 2.5, "3", True])
def test_threats_are_rated_in_whole_numbers_from_one_to_five(name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        Threat.model_validate({**THREAT, name: value})


# ------------------------------------------------------------------------------------------------- key judgements


@pytest.mark.parametrize("term", get_args(Likelihood))
def test_a_likelihood_is_a_term_of_the_yardstick_with_the_date_up_to_which_it_speaks(term: str) -> None:
    built = KeyJudgement.model_validate({**JUDGEMENT, "likelihood": term, "by": "2028"})
    assert (built.likelihood, built.by, built.confidence) == (term, "2028", "moderate")
    for alone in ({"likelihood": term}, {"by": "2028"}):
        with pytest.raises(ValidationError, match="give both"):
            KeyJudgement.model_validate(JUDGEMENT | alone)


@pytest.mark.parametrize(
    "words",
    [
        *get_args(Likelihood),
        "Unlikely",
        "probably",
        "probable",
        "improbable",
        "the probability",
        "the likelihood",
        "almost certainly",
        "an even chance",
        "the odds",
        "with high confidence",
        "low confidence",
        "moderate Confidence",
    ],
)
def test_a_statement_leaves_likelihood_and_confidence_to_their_fields(words: str) -> None:
    for statement in (f"{words} it holds.", f"It ({words}) holds.", f"It holds, {words}"):
        with pytest.raises(ValidationError, match="likelihood and confidence have fields of their own"):
            KeyJudgement.model_validate({**JUDGEMENT, "statement": statement})


@pytest.mark.parametrize("statement", ["A likeness holds.", "Confidence between them grew.", "It oddsmakers names."])
def test_words_that_only_look_alike_are_taken(statement: str) -> None:
    assert KeyJudgement.model_validate({**JUDGEMENT, "statement": statement}).statement == statement


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"because": None}, "Field required"),
        ({"confidence": None}, "Field required"),
        ({"likelihood": "likely", "by": "soon"}, "not a date"),
        ({"likelihood": "70 %", "by": "2028"}, "Input should be 'almost no chance'"),
        ({"probability": 0.7}, "Extra inputs are not permitted"),
    ],
)
def test_a_key_judgement_that_cannot_be_weighed_is_refused(change: dict[str, Any], says: str) -> None:
    data = {key: value for key, value in (JUDGEMENT | change).items() if value is not None}
    with pytest.raises(ValidationError, match=says):
        KeyJudgement.model_validate(data)
