from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest

from assess.partnership.models import Likelihood
from assess.reporting.judgements import KINDS, YARDSTICK, judgements_section
from assess.reporting.links import Link, places_of
from assess.scoring.assessment import Assessment

from .conftest import empty, sample, with_case
from .viewtools import cells, facts, headings, links_of, places_in, said, tables

JUDGEMENT = {"id": "j", "statement": "It stands", "confidence": "low", "because": "little is known"}


def test_judgements_are_numbered_and_each_has_a_place(assessment: Assessment) -> None:
    section = judgements_section(assessment, places_of(assessment))
    found = assessment.partnership.key_judgements
    assert {f"j-{judgement.id}" for judgement in found} <= places_in(section)
    numbered = [text for text in headings(section) if text[0].isdigit()]
    assert [text.split(".")[0] for text in numbered] == [str(n) for n in range(1, len(found) + 1)]


def test_likelihood_and_confidence_never_share_a_line(assessment: Assessment) -> None:
    section = judgements_section(assessment, places_of(assessment))
    pairs = zip(assessment.partnership.key_judgements, facts(section), strict=True)
    for judgement, shown in pairs:
        assert shown["Confidence"].startswith(f"{judgement.confidence.capitalize()}. ")
        assert ("Likelihood" in shown) == (judgement.likelihood is not None)
        if judgement.likelihood is not None:
            assert shown["Likelihood"].lower().startswith(f"{judgement.likelihood} ({YARDSTICK[judgement.likelihood]})")
            assert "confidence" not in shown["Likelihood"].lower()
        assert "Dissent" in shown


def test_the_heading_counts_by_confidence_the_surest_first() -> None:
    def heading(*levels: str) -> str:
        entries = [{**JUDGEMENT, "id": f"j{n}", "confidence": level} for n, level in enumerate(levels)]
        changed = with_case(sample(), key_judgements=entries)
        return judgements_section(changed, places_of(changed)).heading

    assert heading("low", "high", "low").endswith(": 3, 1 with high confidence and 2 with low confidence")
    assert heading("moderate").endswith(": 1, 1 with moderate confidence")


def test_none_is_said() -> None:
    section = judgements_section(empty(), places_of(empty()))
    assert section.heading.endswith("none recorded")
    assert said(section).strip()
    assert tables(section) == []


def test_the_yardstick_stands_there_only_where_a_likelihood_was_entered() -> None:
    assert "almost certain 95 to 99 %" in said(judgements_section(sample(), places_of(sample())))
    plain = with_case(sample(), key_judgements=[JUDGEMENT])
    text = said(judgements_section(plain, places_of(plain)))
    assert not [term for term in YARDSTICK if term in text]


def test_what_a_judgement_rests_on_can_be_followed() -> None:
    section = judgements_section(sample(), places_of(sample()))
    first, second = facts(section)
    assert first["Dissent"] == "It does not."
    assert second["Dissent"] == "None recorded."
    assert {"c-zero", "e-E01", "outlook"} <= {link.to for link in links_of(section)}
    assert "Criteria" not in second
    gone = with_case(sample(), key_judgements=[{**JUDGEMENT, "base_rates": ["gone"], "criteria": ["gone"]}])
    section = judgements_section(gone, places_of(gone))
    assert facts(section)[0]["Criteria"] == "gone"
    assert "Base rate" not in facts(section)[0]
    assert Link("gone", "c-gone") not in links_of(section)


def test_courses_are_laid_out_and_none_is_recommended() -> None:
    (table,) = tables(judgements_section(sample(), places_of(sample())))
    assert cells(table) == [["Nothing", "No partnership", "Costs nothing.", "E02"]]
    assert "none is recommended" in table.caption


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_course_has_words(kind: str) -> None:
    changed = with_case(sample(), options=[{"id": "o", "title": "T", "kind": kind, "text": "x"}])
    (table,) = tables(judgements_section(changed, places_of(changed)))
    assert cells(table)[0][1] == KINDS[kind]


def test_the_yardstick_has_every_term_and_leaves_no_gap() -> None:
    assert tuple(YARDSTICK) == get_args(Likelihood)
    ends = [tuple(int(end) for end in share.removesuffix(" %").split(" to ")) for share in YARDSTICK.values()]
    assert all(first[1] == second[0] for first, second in pairwise(ends))
