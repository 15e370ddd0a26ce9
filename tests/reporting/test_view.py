from __future__ import annotations

import re

from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment

from .conftest import complete_dialogue, hostile, sample, shipped
from .viewtools import texts_of


def test_facts_say_parties_type_stage_and_date() -> None:
    assert dict(to_view(shipped("quad")).facts) == {
        "Parties": "Australia, India, Japan and United States",
        "Type": "Strategic dialogue",
        "Stage": "In force",
        "As of": "May 2026",
        "Judgements": "Illustrative, set to show the method",
    }


def test_many_parties_are_counted_and_the_key_ones_named() -> None:
    parties = dict(to_view(shipped("nato")).facts)["Parties"]
    assert parties.startswith("32 parties, among them as key parties ")
    assert "Türkiye" in parties


def test_illustrative_judgements_are_said_to_be_so() -> None:
    caveat = to_view(sample()).caveat
    assert caveat is not None
    assert "not findings about the parties" in caveat[1]
    assert to_view(complete_dialogue()).caveat is None


def test_the_foot_names_the_rubric_and_its_hash() -> None:
    nato = shipped("nato")
    assert nato.rubric.sha256 is not None
    assert to_view(nato).foot == f"partnership-default {nato.rubric.version}, SHA-256 {nato.rubric.sha256[:12]}"
    assert to_view(nato).date == (2026, 6, 30)


def test_sentences_about_a_dialogue_never_speak_of_deterring() -> None:
    for dialogue in (shipped("quad"), complete_dialogue()):
        said = " ".join(texts_of(to_view(hostile(dialogue, "X"))))
        assert "deter" not in said.lower()
    assert "deter" in " ".join(texts_of(to_view(shipped("quad")))).lower()


def test_generated_sentences_hold_no_likelihood_cause_or_decimals(assessment: Assessment) -> None:
    said = " ".join(texts_of(to_view(hostile(assessment, "X"))))
    said = re.sub(r"A score is not a probability\.", "", said)
    for word in (
        "likely",
        "probab",
        "chance",
        "because",
        "causes",
        "leads to",
        "guarantee",
        "will raise",
        "None",
        "nan",
    ):
        assert not re.search(rf"\b{word}", said), word


def test_no_score_has_a_decimal_or_a_percent_sign(assessment: Assessment) -> None:
    said = " ".join(texts_of(to_view(hostile(assessment, "X"))))
    assert not re.search(r"\b[Ss]core \d+(\.\d| %)", said)
    assert not re.search(r"\brisk \d+(\.\d| %)", said)
    assert not re.search(r"\bvalue \d+(\.\d| %)", said)
