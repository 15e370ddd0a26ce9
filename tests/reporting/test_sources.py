from __future__ import annotations

from assess.reporting.links import places_of, text_of
from assess.reporting.sources import sources
from assess.scoring.assessment import Assessment

from .conftest import empty, sample


def test_every_piece_of_evidence_is_listed_with_its_use(assessment: Assessment) -> None:
    found = sources(assessment, places_of(assessment))
    assert [entry.id for entry in found.entries] == [entry.id for entry in assessment.evidence]
    for shown, entry in zip(found.entries, assessment.evidence, strict=True):
        assert text_of(shown.used_by).count(", ") >= len(entry.used_by) - 1


def test_standing_tells_verified_partly_and_unverified_apart() -> None:
    first, second, third = sources(sample(), places_of(sample())).entries
    assert (first.verified, first.sure, first.open, first.expired) == ("verified", True, None, False)
    assert (second.verified, second.open) == ("partly verified", "Not verified: half of it.")
    assert (third.verified, third.sure, third.expired) == ("unverified", False, True)
    assert third.grade == "B2, moderate"


def test_the_heading_counts() -> None:
    heading = sources(sample(), places_of(sample())).heading
    assert heading == "Sources: 3 pieces of evidence, 2 not fully verified, 1 expired"
    assert sources(empty(), places_of(empty())).heading == "Sources: no evidence is listed"


def test_literature_says_how_far_it_was_checked() -> None:
    (entry,) = sources(sample(), places_of(sample())).literature
    assert (entry.id, entry.place, entry.checked) == ("paper-1", "ref-paper-1", "abstract or part read")
