from __future__ import annotations

from typing import Any

from assess.reporting.blocks import Endnote, Endnotes, Section
from assess.reporting.links import Link, places_of, text_of
from assess.reporting.sources import sources_section
from assess.scoring.assessment import Assessment

from .conftest import empty, sample
from .viewtools import headings, places_in


def sources(assessment: Assessment) -> Section:
    return sources_section(assessment, places_of(assessment))


def entries(assessment: Assessment) -> dict[str, Endnote]:
    return {e.id: e for block in sources(assessment).blocks if isinstance(block, Endnotes) for e in block.entries}


def with_evidence(**changes: Any) -> Assessment:
    """Return the sample with its first piece of evidence alone, changed."""
    return sample().model_copy(update={"evidence": (sample().evidence[0].model_copy(update=changes),)})


def test_every_source_is_listed_with_the_way_back_to_what_rests_on_it(assessment: Assessment) -> None:
    found = entries(assessment)
    assert {f"e-{entry.id}" for entry in assessment.evidence} <= places_in(sources(assessment))
    places = places_of(assessment)
    for entry in assessment.evidence:
        back = [run for run in found[entry.id].back if isinstance(run, Link)]
        assert [run.text for run in back] == [
            r.text for name in entry.used_by if isinstance(r := places.any(name), Link)
        ]
        assert found[entry.id].sure == (entry.verified == "yes")


def test_standing_tells_verified_partly_unverified_and_expired_apart() -> None:
    found = entries(sample())
    assert found["E01"].standing == "2026-01-02, press, B2, high confidence, verified"
    assert found["E02"].standing.endswith("partly verified")
    assert "Not verified: half of it." in text_of(found["E02"].line)
    assert found["E03"].standing.endswith("unverified, expired")


def test_an_entry_says_the_fact_the_source_and_the_address() -> None:
    assert text_of(entries(sample())["E01"].line) == "Fact 1. Source 1. example.org/1"
    assert text_of(entries(with_evidence(url=None))["E01"].line) == "Fact 1. Source 1."


def test_what_nothing_rests_on_is_said_not_to_be_scored() -> None:
    assert entries(with_evidence(used_by=()))["E01"].back == ("not scored",)


def test_the_heading_counts() -> None:
    assert sources(sample()).heading == "Sources: 3 pieces of evidence, 2 not fully verified, 1 expired"
    assert sources(with_evidence()).heading == "Sources: 1 piece of evidence"
    assert sources(empty()).heading == "Sources: no evidence is listed"
    assert "Evidence" not in headings(sources(empty()))


def test_literature_says_how_far_it_was_checked_and_what_it_is_for() -> None:
    paper = entries(sample())["paper-1"]
    assert (paper.place, text_of(paper.line)) == ("ref-paper-1", "Author (2020). A paper. Abstract or part read.")
    assert paper.back == (Link("Title of full", "c-full"),)
    none = sample().model_copy(update={"rubric": sample().rubric.model_copy(update={"references": ()})})
    assert headings(sources(none)) == ["Evidence"]
