"""What would raise the score: the mitigations of the rubric, ranked by what each would gain here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assess.reporting import linked, numbers, words
from assess.reporting.blocks import Block, Figure, Head, Paragraph, Row, Section, Table, row
from assess.reporting.charts import GainRow, gains_chart
from assess.reporting.links import Line, Places, pointers
from assess.scoring.assessment import Assessment, CriterionResult, MitigationResult, PillarResult, all_pillars

DRAWN = 8
"""Criteria in the figure."""
LISTED = 12
"""Changes in the table; the criterion sheets have the rest."""


@dataclass(frozen=True, slots=True)
class Improvement:
    """One mitigation that would raise a score, with its place in the Assessment."""

    pillar: PillarResult
    criterion: CriterionResult
    way: MitigationResult
    gain: float | None
    pointer: str


def improvements(assessment: Assessment) -> tuple[Improvement, ...]:
    """Return what would raise the overall score (or its pillar, where there is no overall score), the most first."""
    found = [change for change in _all(assessment) if (change.way.pillar_gain or 0.0) > numbers.NOTICEABLE]
    return tuple(sorted(found, key=lambda change: (-(change.gain or 0.0), -(change.way.pillar_gain or 0.0))))


def improvements_section(assessment: Assessment, places: Places) -> tuple[Section, ...]:
    """Return the section on what would raise the score; none where nothing would."""
    found = improvements(assessment)
    if not found:
        return ()
    blocks: list[Block] = [
        Paragraph(
            (
                "Each line is one change by itself, with everything else as it is. Gains do not add up. A change "
                "without a stated level counts as one level up, the most to expect. Cost, feasibility and lead time "
                "are judgements of typical cases in the rubric, not estimates for this one.",
            ),
            "note",
        )
    ]
    scored = assessment.overall.score is not None
    drawn = best_by_criterion(found)[:DRAWN]
    if scored:
        rows = [
            GainRow(change.criterion.title, change.gain or 0.0, numbers.points(change.gain or 0.0)) for change in drawn
        ]
        described = "; ".join(f"{entry.title} {entry.text}" for entry in rows)
        blocks.append(
            Figure(
                gains_chart(
                    identifier="gains-chart",
                    title=_heading(found, scored),
                    description=f"Points of the overall score gained, by criterion: {described}.",
                    rows=rows,
                ),
                "Points of the overall score that the best single change to each criterion would gain.",
            )
        )
    heads = (
        Head("Change", "wide"),
        Head("Criterion"),
        Head("Overall", "number"),
        Head("Pillar", "number"),
        Head("Cost, feasibility, lead time"),
        Head("Who acts"),
    )
    caption = "Changes ranked by the points they would gain"
    if len(found) > LISTED:
        caption += f": the first {LISTED} of {len(found)}; the others stand in the criterion sheets"
    blocks.append(Table(caption, heads, tuple(_row(change, places) for change in found[:LISTED])))
    return (Section("improvements", "What would raise it", _heading(found, scored), tuple(blocks)),)


def best_by_criterion(ranked: Iterable[Improvement]) -> list[Improvement]:
    """Return the first change of each criterion, in the order given."""
    best: dict[str, Improvement] = {}
    for change in ranked:
        best.setdefault(change.criterion.id, change)
    return list(best.values())


def terms(way: MitigationResult) -> str:
    """Return the cost, feasibility and lead time of a mitigation in words, or a dash."""
    parts = [f"{way.cost} cost"] if way.cost else []
    parts += [f"{way.feasibility} feasibility"] if way.feasibility else []
    parts += [f"about {words.counted(way.months, 'month')}"] if way.months else []
    return words.capital(", ".join(parts)) or "–"


def raised(criterion: CriterionResult, way: MitigationResult) -> str:
    """Return how far a mitigation would bring its criterion."""
    if way.items and criterion.items:
        return f"meets {words.counted(len(way.items), 'item')} of the checklist"
    return f"to level {way.to}" if way.to is not None else "one level up"


def _all(assessment: Assessment) -> Iterator[Improvement]:
    paths = pointers(assessment)
    for pillar in all_pillars(assessment.pillars):
        for criterion in pillar.criteria:
            for index, way in enumerate(criterion.mitigations):
                path = f"{paths[criterion.id]}/mitigations/{index}/gain"
                yield Improvement(pillar, criterion, way, way.gain, path)


def _heading(found: tuple[Improvement, ...], scored: bool) -> str:
    first = found[0]
    if not scored:
        return f"What would raise it: {words.counted(len(found), 'change')}, though there is no overall score to raise"
    points = numbers.points(first.gain or 0.0)
    return f"What would raise it: most by one change, {first.criterion.title} ({points} overall)"


def _row(change: Improvement, places: Places) -> Row:
    effect = raised(change.criterion, change.way)
    own: Line = (
        linked.gain(change.way.pillar_gain, f"{change.pointer.removesuffix('gain')}pillar_gain", "improvements"),
    )
    return row(
        words.sentence(change.way.text),
        (places.criterion(change.criterion.id), f", {effect}"),
        (linked.gain(change.gain, change.pointer, "improvements"),),
        own,
        terms(change.way),
        change.way.owner or "–",
    )
