"""What the assessment rests on: the evidence with its grades, and the literature behind the rubric."""

from __future__ import annotations

from dataclasses import dataclass

from assess.reporting import words
from assess.reporting.links import Line, Places, joined, place
from assess.scoring.assessment import Assessment, EvidenceResult

VERIFIED = {"yes": "verified", "partly": "partly verified", "no": "unverified"}
CHECKED = {
    "read": "text read",
    "excerpt": "abstract or part read",
    "unverified": "unverified, cited from memory",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of evidence."""

    place: str
    id: str
    fact: str
    citation: str
    url: str | None
    date: str
    kind: str
    grade: str
    verified: str
    sure: bool
    open: str | None
    expired: bool
    used_by: Line


@dataclass(frozen=True, slots=True)
class Literature:
    """One publication the rubric rests on."""

    place: str
    id: str
    citation: str
    checked: str


@dataclass(frozen=True, slots=True)
class Sources:
    """All evidence and all references."""

    heading: str
    note: str
    entries: tuple[Entry, ...]
    literature: tuple[Literature, ...]


def sources(assessment: Assessment, places: Places) -> Sources:
    """Return the sources of an assessment, in document order."""
    entries = tuple(_entry(entry, places) for entry in assessment.evidence)
    return Sources(
        heading=_heading(assessment.evidence),
        note=(
            "Grade: letter for the source (A most to E least reliable, F cannot be judged), "
            "digit for the information (1 confirmed to 5 improbable, 6 cannot be judged). "
            "Confidence is that in the fact, not in a level. "
            "Expired: older at the as-of date than the evidence may be used for."
        ),
        entries=entries,
        literature=tuple(
            Literature(place("ref", ref.id), ref.id, words.sentence(ref.citation), CHECKED[ref.checked])
            for ref in assessment.rubric.references
        ),
    )


def _heading(evidence: tuple[EvidenceResult, ...]) -> str:
    if not evidence:
        return "Sources: no evidence is listed"
    open_ones = sum(entry.verified != "yes" for entry in evidence)
    expired = sum(entry.expired for entry in evidence)
    parts = [words.counted(len(evidence), "piece") + " of evidence"]
    if open_ones:
        parts.append(f"{open_ones} not fully verified")
    if expired:
        parts.append(f"{expired} expired")
    return f"Sources: {', '.join(parts)}"


def _entry(entry: EvidenceResult, places: Places) -> Entry:
    return Entry(
        place=place("e", entry.id),
        id=entry.id,
        fact=words.sentence(entry.fact),
        citation=words.sentence(entry.citation),
        url=entry.url,
        date=entry.date,
        kind=entry.kind,
        grade=f"{entry.grade}, {entry.confidence}",
        verified=VERIFIED[entry.verified],
        sure=entry.verified == "yes",
        open=words.sentence(f"not verified: {entry.open}") if entry.open is not None else None,
        expired=entry.expired,
        used_by=joined(places.any(name) for name in entry.used_by) or ("not used",),
    )
