"""One section per pillar: its finding, a table of its criteria, and the reason behind every reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assess.documents.fields import PROPOSED_STAGES
from assess.reporting import numbers, words
from assess.reporting.links import Line, Link, Places, Run, all_criteria, joined, place
from assess.rubric.models import Band, EvidenceBase
from assess.scoring.assessment import Assessment, CriterionResult, PartyReading, PillarResult, Reading

State = Literal["scored", "no-evidence", "not-applicable"]

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


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion in the table. `state` tells a score, 'no evidence' and 'n/a' apart."""

    place: str
    weight_place: str
    title: str
    state: State
    weight: str
    score: str
    range: str
    basis: str
    confidence: str
    evidence: Line


@dataclass(frozen=True, slots=True)
class Note:
    """What stands behind a row: the question, the reading, the rationale, each party."""

    criterion: Run
    question: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PillarSection:
    """A pillar with its criteria. `depth` is 0 for the pillars of the total, more for those inside them."""

    place: str
    title: str
    depth: int
    heading: str
    question: str | None
    summary: Line
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]


def pillar_sections(assessment: Assessment, places: Places) -> tuple[PillarSection, ...]:
    """Return a section for every pillar, each followed by those inside it."""
    return tuple(_sections(assessment, places, assessment.pillars, 0))


def _sections(
    assessment: Assessment, places: Places, pillars: Sequence[PillarResult], depth: int
) -> list[PillarSection]:
    sections: list[PillarSection] = []
    for pillar in pillars:
        sections.append(_section(assessment, places, pillar, depth))
        sections += _sections(assessment, places, pillar.pillars, depth + 1)
    return sections


def _section(assessment: Assessment, places: Places, pillar: PillarResult, depth: int) -> PillarSection:
    bands = assessment.rubric.bands
    proposed = assessment.partnership.stage in PROPOSED_STAGES
    return PillarSection(
        place=place("p", pillar.id),
        title=pillar.title,
        depth=depth,
        heading=heading_of(pillar, assessment),
        question=pillar.question,
        summary=_summary(assessment, places, pillar),
        rows=tuple(_row(criterion, places, bands) for criterion in pillar.criteria),
        notes=tuple(_note(criterion, places, proposed) for criterion in pillar.criteria),
    )


def heading_of(pillar: PillarResult, assessment: Assessment) -> str:
    """Return the pillar's own finding: its score and rating, and where it is lowest."""
    bands = assessment.rubric.bands
    if not applies(pillar):
        return f"{pillar.title} does not apply: none of its criteria does"
    if pillar.score is None:
        share = numbers.coverage(pillar.coverage, assessment.rubric.coverage)
        return f"{pillar.title} has no score: {share} of its weight has an observation"
    finding = f"{pillar.title}: {shown(pillar, bands)}, {words.rating(pillar)}"
    if pillar.capped_by:
        finding += f" (“{pillar.uncapped_rating}” before red lines)"
    low = lowest(pillar, bands)
    if not low:
        return finding
    value = numbers.whole(low[0].value or 0.0, bands)
    if len(low) > 1 and len(low) == sum(criterion.value is not None for criterion in all_criteria(pillar)):
        return f"{finding}; every criterion has {value}"
    if len(low) == 1:
        return f"{finding}; lowest on {low[0].title} ({value})"
    if len(low) == 2:
        return f"{finding}; lowest on {low[0].title} and {low[1].title} ({value} each)"
    return f"{finding}; {len(low)} criteria share the lowest value ({value})"


def applies(pillar: PillarResult) -> bool:
    """Return whether any criterion of a pillar applies."""
    return any(criterion.applicable for criterion in all_criteria(pillar))


def shown(pillar: PillarResult, bands: Sequence[Band]) -> str:
    """Return a pillar's score as readers see it: 'score 66', or 'risk 34, score 66' if shown as risk."""
    if pillar.score is None:
        return "no score"
    score = numbers.whole(pillar.score, bands)
    return f"risk {100 - score}, score {score}" if pillar.display == "risk" else f"score {score}"


def lowest(pillar: PillarResult, bands: Sequence[Band]) -> tuple[CriterionResult, ...]:
    """Return the criteria whose shown value is the lowest of the pillar, the heaviest first."""
    valued = [(numbers.whole(c.value, bands), c) for c in all_criteria(pillar) if c.value is not None and c.weight > 0]
    if not valued:
        return ()
    least = min(value for value, _ in valued)
    return tuple(sorted((c for value, c in valued if value == least), key=lambda c: -c.weight))


def summary_of(criterion: CriterionResult, places: Places) -> str:
    """Return what the value rests on: the anchor, the checklist, the reading, or why there is none."""
    if not criterion.applicable:
        reason = criterion.not_applicable_reason
        return f"Does not apply: {words.sentence(reason)}" if reason else "Does not apply to this type of partnership."
    if not criterion.observed:
        if criterion.observed_share == 0:
            return "No observation."
        return f"Too little is known to count ({numbers.percent(criterion.observed_share)} of the criterion)."
    weakest = ""
    if criterion.weakest_party is not None:
        weakest = f" Weakest key party: {places.party(criterion.weakest_party)}."
    if criterion.items:
        return f"{_items_met(criterion)}{weakest}"
    if criterion.anchor is not None:
        return f"Level {criterion.anchor.level}: {words.sentence(criterion.anchor.text)}{weakest}"
    return f"{_reading(criterion.reading, criterion.unit)}{weakest}"


def basis_of(criterion: CriterionResult, places: Places) -> Line:
    """Return links to the evidence behind a criterion's value, with that of the party that counts."""
    counted = [party for party in criterion.parties if party.party == criterion.weakest_party]
    named = [*criterion.evidence, *(name for party in counted for name in party.evidence)]
    return places.sources(dict.fromkeys(named))


def _summary(assessment: Assessment, places: Places, pillar: PillarResult) -> Line:
    bands, rule = assessment.rubric.bands, assessment.rubric.coverage
    if not applies(pillar):
        return ("Its weight goes to the other pillars.",)
    line: list[Run] = []
    if pillar.score is None:
        bounds = words.interval(pillar.bound_low, pillar.bound_high, bands)
        line.append(f"No score. Whatever the missing observations say, it lies within {bounds}. ")
    else:
        line.append(f"{words.sentence(shown(pillar, bands))} ")
        if pillar.low is not None and pillar.high is not None:
            line.append(f"80 % interval of the score {words.interval(pillar.low, pillar.high, bands)}. ")
    if pillar.capped_by:
        line += ["Capped by ", *joined(places.red_line(name) for name in pillar.capped_by), ". "]
    line += [
        f"Basis {words.BASES[pillar.basis]}: ",
        f"{numbers.coverage(pillar.coverage, rule)} of the weight has an observation. Weight ",
        Link(numbers.percent(pillar.weight), place("w", pillar.id)),
        ".",
    ]
    return tuple(line)


def _row(criterion: CriterionResult, places: Places, bands: Sequence[Band]) -> Row:
    state: State = "not-applicable"
    score = extent = confidence = "n/a"
    if criterion.applicable:
        state = "no-evidence" if criterion.value is None else "scored"
        score = _value(criterion, bands)
        extent = confidence = "–"
        if criterion.low is not None and criterion.high is not None:
            extent = words.interval(criterion.low, criterion.high, bands)
        if criterion.confidence is not None:
            confidence = criterion.confidence
            if criterion.stated_confidence not in (None, criterion.confidence):
                confidence = f"stated {criterion.stated_confidence}, counted {criterion.confidence}"
    return Row(
        place=place("c", criterion.id),
        weight_place=place("w", criterion.id),
        title=criterion.title,
        state=state,
        weight=numbers.percent(criterion.weight) if criterion.applicable else "n/a",
        score=score,
        range=extent,
        basis=summary_of(criterion, places),
        confidence=confidence,
        evidence=basis_of(criterion, places) or ("–",),
    )


def _value(criterion: CriterionResult, bands: Sequence[Band]) -> str:
    if criterion.value is not None:
        return str(numbers.whole(criterion.value, bands))
    return "no evidence" if criterion.observed_share == 0 else "too thin"


def _note(criterion: CriterionResult, places: Places, proposed: bool) -> Note:
    lines: list[Line] = []
    if not criterion.applicable:
        lines.append((summary_of(criterion, places),))
    elif not criterion.observed:
        lines.append((f"{summary_of(criterion, places)} The criterion leaves the score, and coverage falls.",))
    if criterion.reading is not None and criterion.reading.kind in ("number", "threat_register"):
        lines.append((_reading(criterion.reading, criterion.unit),))
    lines += [(text,) for text in _items(criterion)]
    if criterion.rationale is not None:
        if criterion.rationale not in {party.rationale for party in criterion.parties}:
            lines.append((words.sentence(criterion.rationale),))
    elif criterion.observed and not criterion.parties:
        lines.append(("No rationale was recorded.",))
    lines += [_party(party, criterion, places) for party in criterion.parties]
    if criterion.observed and criterion.observed_share < 0.9995:
        lines.append((f"{numbers.percent(criterion.observed_share)} of this criterion is known.",))
    if criterion.applicable and proposed and criterion.stage_rule in STAGE_RULES:
        lines.append((STAGE_RULES[criterion.stage_rule],))
    if criterion.evidence_base is not None:
        lines.append(_research(criterion.evidence_base, criterion, places))
    return Note(places.criterion(criterion.id), criterion.question, tuple(lines))


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


def _reading(reading: Reading | None, unit: str | None) -> str:
    if reading is None:
        return "Read from the parties."
    low, best, high = (numbers.reading(x) for x in (reading.low, reading.best, reading.high))
    extent = "" if low == best == high else f", range {low} to {high}"
    what = {
        "level": "Level",
        "number": "Number",
        "items": "Checklist",
        "threat_register": "From the threat register",
    }
    return words.sentence(f"{what[reading.kind]}: {best}{extent}{f' ({unit})' if unit else ''}")


def _items_met(criterion: CriterionResult) -> str:
    count = Counter(item.answer for item in criterion.items)
    parts = [f"{count['yes']} of {words.counted(len(criterion.items), 'item')} met"]
    if count["partial"]:
        parts.append(f"{count['partial']} partly")
    if count["unknown"]:
        parts.append(f"{count['unknown']} unknown")
    return f"{', '.join(parts)}."


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
