"""A sheet per criterion: what was read, why this level and not its neighbours, the evidence, and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assess.documents.fields import PROPOSED_STAGES
from assess.reporting import linked, numbers, words
from assess.reporting.blocks import Block, Heading, Paragraph, Points, Section, Sheet
from assess.reporting.improvements import raised, terms
from assess.reporting.links import Line, Link, Places, Run, joined, place
from assess.reporting.pillars import confidence_of, reading_of, state_of, summary_of
from assess.rubric.models import EvidenceBase
from assess.scoring.assessment import (
    Assessment,
    CriterionResult,
    EvidenceResult,
    PartyReading,
    PillarResult,
    all_criteria,
    all_pillars,
)

STAGE_RULES = {
    "design": "Until entry into force this is read from the draft or plan, moderate confidence at most.",
    "proxy": "Until entry into force this is read from the parties’ record, moderate confidence at most.",
}
EVIDENCE_BASES: dict[EvidenceBase, str] = {
    "strong": "strong",
    "moderate": "moderate",
    "contested": "contested",
    "normative": "law or doctrine",
    "practice": "practice",
}


def sheets_section(assessment: Assessment, places: Places) -> Section:
    """Return the annex with a sheet for every criterion, pillar by pillar."""
    evidence = {entry.id: entry for entry in assessment.evidence}
    blocks: list[Block] = []
    for pillar in all_pillars(assessment.pillars):
        if pillar.criteria:
            blocks.append(Heading(pillar.title))
            blocks += [_sheet(criterion, pillar, assessment, evidence, places) for criterion in pillar.criteria]
    criteria = [criterion for pillar in assessment.pillars for criterion in all_criteria(pillar)]
    scored = sum(criterion.value is not None for criterion in criteria)
    silent = sum(criterion.applicable and criterion.value is None for criterion in criteria)
    heading = f"Criterion sheets: {scored} of {words.counted(len(criteria), 'criterion')} with a value"
    if silent:
        heading += f", {silent} without enough evidence"
    return Section("sheets", "Criterion sheets", heading, tuple(blocks), annex=True)


def _sheet(
    criterion: CriterionResult,
    pillar: PillarResult,
    assessment: Assessment,
    evidence: Mapping[str, EvidenceResult],
    places: Places,
) -> Sheet:
    proposed = assessment.partnership.stage in PROPOSED_STAGES
    blocks: list[Paragraph | Points] = [Paragraph((criterion.question,), "question")]
    blocks += _chosen(criterion, assessment, places)
    blocks += _reasons(criterion, places, proposed)
    blocks += _neighbours(criterion, assessment.rubric.level_values)
    blocks += _evidence(criterion, evidence, places)
    blocks += _ways(criterion, places)
    if criterion.evidence_base is not None:
        blocks.append(Paragraph(_research(criterion.evidence_base, criterion, places), "note"))
    return Sheet(
        place=place("c", criterion.id),
        title=criterion.title,
        state=state_of(criterion),
        confidence=criterion.confidence or "none",
        summary=_summary(criterion, pillar, assessment, places),
        blocks=tuple(blocks),
    )


def _summary(criterion: CriterionResult, pillar: PillarResult, assessment: Assessment, places: Places) -> Line:
    """Return the value with its range, its weight and its confidence, each leading to what it rests on."""
    bands, here = assessment.rubric.bands, place("a", criterion.id)
    if not criterion.applicable:
        return ("n/a, in ", places.pillar(pillar.id))
    line: list[Run] = ["Value ", linked.value(criterion, bands, places, here)]
    if criterion.value is None:
        line = [words.capital(str(linked.value(criterion, bands, places, here)))]
    elif criterion.low is not None:
        line += [", range ", linked.span(criterion, bands, places, here)]
    line += ["; weight ", linked.weight(criterion, places), " of ", places.pillar(pillar.id)]
    if criterion.confidence is not None:
        line.append(f"; confidence {confidence_of(criterion)}")
    return (*line, ".")


def _chosen(criterion: CriterionResult, assessment: Assessment, places: Places) -> Iterator[Paragraph]:
    text = summary_of(criterion, places)
    if criterion.applicable and not criterion.observed:
        text += " The criterion leaves the score, and coverage falls."
    yield Paragraph((text,), label="Found")
    if criterion.reading is not None and criterion.anchor is not None and criterion.reading.kind != "level":
        yield Paragraph((reading_of(criterion.reading, criterion.unit),))
    for text in _items(criterion):
        yield Paragraph((text,))
    if criterion.observed and criterion.observed_share < 0.9995:
        share = Link(
            numbers.percent(criterion.observed_share),
            place("a", criterion.id),
            places.of(criterion.id, "observed_share"),
        )
        yield Paragraph((share, " of this criterion is known."))


def _reasons(criterion: CriterionResult, places: Places, proposed: bool) -> Iterator[Paragraph | Points]:
    label = "Why this level" if criterion.anchors else "Why this value"
    if criterion.rationale is not None:
        if criterion.rationale not in {party.rationale for party in criterion.parties}:
            yield Paragraph((words.sentence(criterion.rationale),), label=label)
    elif criterion.observed and not criterion.parties:
        yield Paragraph(("No rationale was recorded.",), label=label)
    if criterion.parties:
        yield Points(tuple(_party(party, criterion, places) for party in criterion.parties))
    if criterion.applicable and proposed and criterion.stage_rule in STAGE_RULES:
        yield Paragraph((STAGE_RULES[criterion.stage_rule],), "note")


def _neighbours(criterion: CriterionResult, level_values: Sequence[float]) -> Iterator[Paragraph]:
    """Say what the anchors above and below ask for, and whether the range reaches them."""
    if criterion.anchor is None or criterion.low is None or criterion.high is None:
        return
    chosen = criterion.anchor.level
    for level, name in ((chosen - 1, "Level below"), (chosen + 1, "Level above")):
        if level not in criterion.anchors:
            continue
        inside = criterion.low - 1e-6 <= level_values[level] <= criterion.high + 1e-6
        reach = "inside the range, so not excluded" if inside else "outside the range"
        yield Paragraph(
            (f"{words.sentence(criterion.anchors[level])} ({words.capital(reach)}.)",), label=f"{name}, {level}"
        )


def _evidence(
    criterion: CriterionResult, evidence: Mapping[str, EvidenceResult], places: Places
) -> Iterator[Paragraph | Points]:
    cited = dict.fromkeys([*criterion.evidence, *(name for party in criterion.parties for name in party.evidence)])
    if not criterion.applicable:
        return
    if not cited:
        yield Paragraph(("None is cited.",), label="Evidence")
        return
    line: list[Run] = []
    for name in cited:
        line += ["; " if line else "", *places.sources((name,))]
        if name in evidence:
            entry = evidence[name]
            expired = ", expired" if entry.expired else ""
            line.append(f" ({entry.grade}, {entry.date}, {words.VERIFIED[entry.verified]}{expired})")
    yield Paragraph((*line, "."), label="Evidence")


def _ways(criterion: CriterionResult, places: Places) -> Iterator[Paragraph | Points]:
    """Yield what would raise the criterion, the greatest gain first."""
    if not criterion.applicable or not criterion.mitigations:
        return
    ranked = sorted(enumerate(criterion.mitigations), key=lambda pair: -(pair[1].gain or pair[1].pillar_gain or 0.0))
    lines: list[Line] = []
    for index, way in ranked:
        pointer = f"{places.of(criterion.id, 'mitigations')[0]}/{index}"
        line: list[Run] = [f"{words.sentence(way.text)} "]
        if way.gain is not None and criterion.value is not None:
            home = "improvements" if (way.pillar_gain or 0.0) > numbers.NOTICEABLE else place("w", criterion.id)
            reached = linked.gain(way.gain, f"{pointer}/gain", home)
            line += [f"{words.capital(raised(criterion, way))}: ", reached, " overall. "]
        detail = terms(way)
        if detail != "–":
            line.append(words.sentence(f"{detail}; {way.owner}" if way.owner else detail))
        lines.append(tuple(line))
    yield Paragraph(("What would raise it, the greatest gain first:",), label=None)
    yield Points(tuple(lines))


def _research(base: EvidenceBase, criterion: CriterionResult, places: Places) -> Line:
    references = joined(
        Link(source.ref, place("ref", source.ref)) if source.ref in places.references else source.ref
        for source in criterion.sources
    )
    opening = f"Research behind the criterion: {EVIDENCE_BASES[base]}"
    return (f"{opening} (", *references, ").") if references else (f"{opening}.",)


def _party(party: PartyReading, criterion: CriterionResult, places: Places) -> Line:
    level = f"level {party.anchor.level}, " if party.anchor is not None else ""
    opening = f"{places.party(party.party)}: {level}{party.confidence} confidence"
    if party.party == criterion.weakest_party:
        opening += "; its reading counts"
    elif not party.key:
        opening += "; not a key party"
    line: list[Run] = [f"{opening}."]
    if party.rationale is not None:
        line.append(f" {words.sentence(party.rationale)}")
    if party.evidence:
        line += [" Evidence ", *places.sources(party.evidence), "."]
    return tuple(line)


def _items(criterion: CriterionResult) -> list[str]:
    """Return the checklist answers, one sentence per answer; critical items are marked."""
    lines: list[str] = []
    for answer, word in (
        ("yes", "Met"),
        ("partial", "Partly met"),
        ("no", "Not met"),
        ("unknown", "Unknown"),
    ):
        found = [item for item in criterion.items if item.answer == answer]
        if found:
            texts = [f"{item.text.rstrip('.')}{' (critical)' if item.critical else ''}" for item in found]
            lines.append(words.sentence(f"{word}: {'; '.join(texts)}"))
    return lines
