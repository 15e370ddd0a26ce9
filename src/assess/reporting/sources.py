"""What the assessment rests on: the evidence with its grades, and the literature behind the rubric."""

from __future__ import annotations

from assess.reporting import words
from assess.reporting.blocks import Block, Endnote, Endnotes, Heading, Paragraph, Section
from assess.reporting.links import Line, Places, Run, joined, place
from assess.scoring.assessment import Assessment, EvidenceResult, all_pillars

CHECKED = {
    "read": "text read",
    "excerpt": "abstract or part read",
    "unverified": "unverified, cited from memory",
}


def sources_section(assessment: Assessment, places: Places) -> Section:
    """Return the sources of an assessment, in document order."""
    blocks: list[Block] = [
        Paragraph(
            (
                "Grade: letter for the source (A most to E least reliable, F cannot be judged), "
                "digit for the information (1 confirmed to 5 improbable, 6 cannot be judged). "
                "Confidence is that in the fact, not in a level. "
                "Expired: older at the as-of date than the evidence may be used for.",
            ),
            "note",
        )
    ]
    if assessment.evidence:
        blocks.append(Heading("Evidence"))
        blocks.append(Endnotes(tuple(_entry(entry, places) for entry in assessment.evidence)))
    if assessment.rubric.references:
        blocks.append(Heading("Literature behind the rubric"))
        used: dict[str, list[Run]] = {}
        for pillar in all_pillars(assessment.pillars):
            for criterion in pillar.criteria:
                for source in criterion.sources:
                    used.setdefault(source.ref, []).append(places.criterion(criterion.id))
        blocks.append(
            Endnotes(
                tuple(
                    Endnote(
                        place("ref", ref.id),
                        ref.id,
                        (f"{words.sentence(ref.citation)} {words.sentence(CHECKED[ref.checked])}",),
                        back=joined(used.get(ref.id, ())),
                    )
                    for ref in assessment.rubric.references
                )
            )
        )
    return Section("sources", "Sources", _heading(assessment.evidence), tuple(blocks), annex=True)


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


def _entry(entry: EvidenceResult, places: Places) -> Endnote:
    line: list[Run] = [f"{words.sentence(entry.fact)} "]
    if entry.open is not None:
        line.append(f"{words.sentence(f'not verified: {entry.open}')} ")
    line.append(words.sentence(entry.citation))
    if entry.url is not None:
        line.append(f" {entry.url}")
    expired = ", expired" if entry.expired else ""
    standing = (
        f"{entry.date}, {entry.kind}, {entry.grade}, {entry.confidence} confidence, {words.VERIFIED[entry.verified]}"
    )
    back: Line = joined(places.any(name) for name in entry.used_by) or ("not scored",)
    return Endnote(place("e", entry.id), entry.id, tuple(line), f"{standing}{expired}", back, entry.verified == "yes")
