from __future__ import annotations

from assess.reporting.gaps import gaps_section
from assess.reporting.links import places_of
from assess.scoring.assessment import Assessment, all_criteria

from .conftest import capped, sample, with_criteria
from .viewtools import cells, links_of, said, tables


def test_every_gap_is_listed(assessment: Assessment) -> None:
    section = gaps_section(assessment, places_of(assessment))
    criteria = [c for p in assessment.pillars for c in all_criteria(p) if c.applicable]
    missing = {c.title for c in criteria if c.value is None}
    assert {title for table in tables(section) for title, *_ in cells(table)} == missing
    linked = {link.to for link in links_of(section)}
    assert {f"c-{c.id}" for c in criteria if c.value is None or c.confidence == "low"} <= linked
    doubtful = {f"e-{entry.id}" for entry in assessment.evidence if entry.verified != "yes" or entry.expired}
    assert doubtful == {to for to in linked if to.startswith("e-")}


def test_the_heading_counts_and_knows_one_from_many() -> None:
    def heading(assessment: Assessment) -> str:
        return gaps_section(assessment, places_of(assessment)).heading

    assert heading(sample()).endswith(
        ": 2 criteria without a value, 1 with low confidence, 2 sources not fully verified"
    )
    lone = sample().model_copy(update={"evidence": sample().evidence[:2]})
    assert heading(with_criteria(lone, missing={"value": 50.0}, full={"confidence": "high"})).endswith(
        ": 1 criterion without a value, none with low confidence, 1 source not fully verified"
    )


def test_nothing_missing_is_said() -> None:
    text = said(gaps_section(capped("block"), places_of(capped("block"))))
    assert "Every criterion that applies has a value." in text
    sure = sample().model_copy(update={"evidence": sample().evidence[:1]})
    text = said(gaps_section(sure, places_of(sure)))
    for name in ("Unverified", "Verified in part", "Expired at the as-of date"):
        assert f"{name}: none." in text


def test_too_little_and_nothing_at_all_are_told_apart() -> None:
    thin = with_criteria(sample(), missing={"observed_share": 0.3})
    reasons = {title: why for title, _, why in cells(tables(gaps_section(thin, places_of(thin)))[0])}
    assert reasons["Title of thin-a"] == "No observation was made."
    assert reasons["Title of missing"] != reasons["Title of thin-a"]


def test_evidence_stands_under_what_is_wrong_with_it() -> None:
    text = said(gaps_section(sample(), places_of(sample())))
    for line in ("Unverified: E03.", "Verified in part: E02.", "Expired at the as-of date: E03."):
        assert line in text
