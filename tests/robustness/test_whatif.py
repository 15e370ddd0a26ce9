"""Changes from text to an amended partnership."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import ANCHORS, criterion, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.robustness.whatif import EVERY_KEY_PARTY, ItemChange, ReadingChange, RedLineChange, amend, parse_changes
from assess.rubric.models import Rubric
from assess.scoring.score import score

ITEMS = [{"id": "notice", "text": "Notice", "critical": True}, {"id": "claims", "text": "Claims"}]
NUMBER = {"kind": "quantitative", "unit": "days", "breakpoints": [[0, 100.0], [100, 0.0]]}


def rubric() -> Rubric:
    criteria = [
        criterion("a"),
        criterion("each", per_party=True),
        criterion("list", measure={"kind": "checklist", "items": ITEMS}),
        criterion("days", measure=NUMBER, anchors={}),
        criterion("both", measure=NUMBER, anchors=ANCHORS),
    ]
    return small_rubric(
        pillars=[{"id": "one", "title": "One", "criteria": criteria}],
        red_lines=[{"id": "stop", "criterion": "a", "when": "w", "effect": "block"}],
        coverage={"insufficient_below": 0.0, "provisional_below": 0.0},
    )


RUBRIC = rubric()
OBSERVED: dict[str, Any] = {
    "a": level(1),
    "each": {"parties": {"NO": level(3), "SE": level(1)}},
    "list": {"items": {"notice": "no", "claims": "yes"}, "confidence": "high", "evidence": ["E1"], "rationale": "R."},
    "days": {"number": 80.0, "evidence": ["E1"]},
    "both": {"number": 80.0, "evidence": ["E1"]},
}


def values(*texts: str, **observed: Any) -> dict[str, float | None]:
    """Values of the criteria once the changes are assumed."""
    drafted = small_partnership(observations=OBSERVED | observed)
    amended = amend(drafted, parse_changes(texts, RUBRIC))
    return {c.id: c.value for c in score(amended, RUBRIC, draws=100).pillars[0].criteria}


def test_each_form_of_text_has_its_meaning() -> None:
    texts = [
        "a=3",
        "each=2.5",
        "each/SE=4",
        "list.notice=yes",
        "days=40",
        "both.level=2",
        "both.number=7",
        "stop=clear",
    ]
    assert [parse_changes([text], RUBRIC)[0] for text in texts] == [
        ReadingChange("a", "level", 3.0),
        ReadingChange("each", "level", 2.5, EVERY_KEY_PARTY),
        ReadingChange("each", "level", 4.0, "SE"),
        ItemChange("list", "notice", "yes"),
        ReadingChange("days", "number", 40.0),
        ReadingChange("both", "level", 2.0),
        ReadingChange("both", "number", 7.0),
        RedLineChange("stop", "clear"),
    ]


def test_an_amended_document_scores_as_assumed() -> None:
    drafted = {"a": 25, "each": 25, "list": pytest.approx(100 / 3), "days": 20, "both": 20}
    assert values() == drafted
    assert values("a=3") == drafted | {"a": 75}
    assert values("each=2") == drafted | {"each": 50}
    assert values("each/SE=4") == drafted | {"each": 75}
    assert values("list.notice=yes") == drafted | {"list": 100}
    assert values("list=2") == drafted | {"list": 50}
    assert values("days=40", "both.level=4") == drafted | {"days": 60, "both": 100}


def test_a_criterion_without_evidence_can_be_assumed() -> None:
    amended = amend(small_partnership(), parse_changes(["a=3", "each=2", "list.notice=yes"], RUBRIC))
    found = {c.id: c.value for c in score(amended, RUBRIC, draws=100).pillars[0].criteria}
    assert (found["a"], found["each"], found["list"]) == (75, 50, 100)


def test_what_is_assumed_says_so_and_claims_no_evidence() -> None:
    drafted = small_partnership(observations=OBSERVED, red_lines={"stop": {"status": "tripped", "fact": "It is."}})
    amended = amend(drafted, parse_changes(["a=3", "each=2", "list.notice=yes", "stop=clear"], RUBRIC))
    reading = amended.observations["a"]
    assert (reading.confidence, reading.evidence) == ("moderate", ())
    assert reading.rationale == "Assumed, not observed: level 3 (as drafted: 1)."
    parties = amended.observations["each"].parties or {}
    assert {party.evidence for party in parties.values()} == {()}
    answers = amended.observations["list"]
    assert (answers.confidence, answers.evidence) == ("moderate", ("E1",))
    assert answers.rationale == "R. Assumed, not observed: notice yes (as drafted: no)."
    assert amended.red_lines["stop"].status == "clear"
    assert amended.red_lines["stop"].fact == "Assumed clear, not found."
    assert amended.source is None
    assert drafted.observations["a"].evidence == ("E1",)


def test_confidence_never_rises() -> None:
    for stated, kept in (("high", "moderate"), ("moderate", "moderate"), ("low", "low")):
        drafted = small_partnership(observations={"a": level(1, confidence=stated)})
        assert amend(drafted, parse_changes(["a=3"], RUBRIC)).observations["a"].confidence == kept


def test_a_cleared_red_line_no_longer_caps() -> None:
    observed = {"observations": OBSERVED, "red_lines": {"stop": {"status": "tripped", "fact": "It is."}}}
    drafted = small_partnership(**observed)
    assert score(drafted, RUBRIC, draws=100).overall.rating == "Do not proceed"
    after = score(amend(drafted, parse_changes(["stop=clear"], RUBRIC)), RUBRIC, draws=100)
    assert after.overall.rating == after.overall.uncapped_rating == "Weak"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a", "not a change"),
        ("=3", "not a change"),
        ("a=", "not a change"),
        ("aa=3", "unknown criterion 'aa'; did you mean"),
        ("stp=clear", "unknown red line 'stp'; did you mean 'stop'"),
        ("list.notise=yes", "unknown checklist item 'notise'; did you mean 'notice'"),
        ("list.notice=maybe", "answered by one of yes, partial, no, unknown"),
        ("a=5", "off the scale"),
        ("a=-1", "off the scale"),
        ("a=nan", "not a number"),
        ("a=inf", "not a number"),
        ("a=high", "not a number"),
        ("a.number=3", "not measured by a number"),
        ("a/NO=3", "not observed per party"),
        ("days.level=3", "has no anchored levels"),
        ("both=3", "write both.level= or both.number="),
    ],
)
def test_a_text_that_means_nothing_is_refused(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_changes([text], RUBRIC)


def test_one_thing_changes_once() -> None:
    with pytest.raises(UsageError, match="a is changed twice"):
        parse_changes(["a=3", "a=2"], RUBRIC)


@pytest.mark.parametrize(
    ("text", "observed", "says"),
    [
        ("each/FI=3", {}, "unknown party 'FI'"),
        ("a=3", {"a": {"not_applicable": "There is none."}}, "said not to apply"),
        ("list.notice=yes", {"list": level(2)}, "read by a level"),
    ],
)
def test_a_change_the_document_has_no_room_for_is_refused(text: str, observed: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        values(text, **observed)


@settings(max_examples=100)
@given(st.text(max_size=12) | st.from_regex(r"\A(a|list|each|days|stop)[./]?\w{0,6}=\w{0,5}\Z"))
def test_any_text_is_a_change_or_a_usage_error(text: str) -> None:
    try:
        changes = parse_changes([text], RUBRIC)
    except UsageError:
        return
    assert len(changes) == 1
