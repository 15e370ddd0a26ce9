from __future__ import annotations

import re

import numpy as np

from assess.reporting.edition import Edition
from assess.reporting.theme import DEFAULT_THEME
from assess.reporting.view import NAMED_PARTIES, to_view
from assess.scoring.assessment import Assessment
from assess.tuning.agreement import Panel, agreement

from .conftest import complete_dialogue, hostile, sample, shipped, with_case
from .viewtools import said, texts_of

EVERYWHERE = [
    "profile",
    "findings",
    "red-lines",
    "judgements",
    "parties",
    "threats",
    "law",
    "structures",
    "outlook",
    "gaps",
    "sheets",
    "sources",
    "method",
]
"""The parts every report has, in this order, whatever its registers hold."""


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
    crowd = [{"id": f"P{n}", "name": f"P{n}", "kind": "organisation"} for n in range(NAMED_PARTIES + 1)]
    assert dict(to_view(with_case(sample(), parties=crowd)).facts)["Parties"] == f"{len(crowd)} parties"


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
    assert to_view(sample()).foot == "sample 0.0.1"


def test_every_report_has_its_parts_in_order_and_the_proof_last(assessment: Assessment) -> None:
    sections = to_view(assessment).sections
    assert [section.place for section in sections if section.place in EVERYWHERE] == EVERYWHERE
    annex = [section.annex for section in sections]
    assert annex == sorted(annex)
    assert all(section.blocks and section.heading and section.short for section in sections)


def test_a_summary_has_no_sections_and_the_same_first_page(assessment: Assessment) -> None:
    short, whole = to_view(assessment, Edition(summary=True)), to_view(assessment)
    assert short.sections == ()
    assert short.bottom_line == whole.bottom_line


def test_a_change_log_stands_there_only_with_an_earlier_assessment() -> None:
    assert "changes" not in [section.place for section in to_view(sample()).sections]
    assert "changes" in [section.place for section in to_view(sample(), Edition(previous=sample())).sections]


def test_agreement_stands_there_only_with_readings_of_several() -> None:
    readings = np.array([[0.0, 2, 3], [0, 2, 4]])
    found = agreement(Panel(("ann", "ben"), ("one", "two", "odd"), readings, "level"), draws=100)
    places = [section.place for section in to_view(sample()).sections]
    assert "agreement" not in places
    shown = to_view(sample(), Edition(agreement=found)).sections
    section = next(section for section in shown if section.place == "agreement")
    assert "The score of this report rests on the document of the case alone." in " ".join(texts_of(section))


def test_the_handling_mark_of_the_theme_wins() -> None:
    assert to_view(sample()).handling == sample().partnership.handling
    marked = Edition(theme=DEFAULT_THEME.model_copy(update={"handling": "For one reader"}))
    assert to_view(sample(), marked).handling == "For one reader"


def test_sentences_about_a_dialogue_never_speak_of_deterring() -> None:
    for dialogue in (shipped("quad"), complete_dialogue()):
        assert "deter" not in " ".join(texts_of(to_view(hostile(dialogue, "X")))).lower()
    assert "deter" in " ".join(texts_of(to_view(shipped("quad")))).lower()


def test_generated_sentences_hold_no_cause_promise_or_leftover(assessment: Assessment) -> None:
    for text in texts_of(to_view(hostile(assessment, "X"))):
        assert not re.search(r"\b(causes|leads to|guarantee|will raise|nan|likely that)\b", text), text
        assert not re.search(r"[^.?!] None\b|\bNone [A-Z,]", text), text


def test_likelihood_words_come_only_from_the_analysts(assessment: Assessment) -> None:
    quiet = hostile(with_case(assessment, key_judgements=[]), "X")
    text = said(to_view(quiet))
    for word in ("likely", "chance", "almost certain"):
        assert word not in text
    sentences = [sentence for line in text.split("\n") for sentence in line.split(". ")]
    assert all(re.search(r"\b(no|not)\b", sentence) for sentence in sentences if re.search(r"\bprobab", sentence))


def test_no_score_has_a_decimal_or_a_percent_sign(assessment: Assessment) -> None:
    text = " ".join(texts_of(to_view(hostile(assessment, "X"))))
    assert not re.search(r"\b([Ss]core|[Rr]isk|[Vv]alue) \d+(\.\d| %)", text)
