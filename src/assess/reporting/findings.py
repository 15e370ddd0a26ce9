"""Strengths and weaknesses: where the criteria stand at the two ends of the scale, each with its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from assess.reporting import linked, words
from assess.reporting.blocks import Block, Head, Heading, Paragraph, Row, Section, Table, row
from assess.reporting.links import Places
from assess.reporting.pillars import basis_of, summary_of
from assess.rubric.models import Band
from assess.scoring.assessment import Assessment, CriterionResult, PillarResult, all_pillars

STRONG, WEAK = 75.0, 25.0
"""The values of the second best and second worst level of five equal steps."""

LISTED = 7
"""Criteria named on either side; the sections on the pillars have them all."""

Finding = tuple[PillarResult, CriterionResult]


def findings_section(assessment: Assessment, places: Places) -> Section:
    """Return the criteria at 75 and above, and those at 25 and below, the heaviest first."""
    bands = assessment.rubric.bands
    valued = [
        (pillar, criterion)
        for pillar in all_pillars(assessment.pillars)
        for criterion in pillar.criteria
        if criterion.value is not None and criterion.overall_weight > 0
    ]
    valued.sort(key=lambda pair: -pair[1].overall_weight)
    strong = [pair for pair in valued if (pair[1].value or 0.0) >= STRONG - 1e-6]
    weak = [pair for pair in valued if (pair[1].value or 0.0) <= WEAK + 1e-6]
    heading = (
        f"Strengths and weaknesses: {words.counted(len(strong), 'criterion')} at 75 or above, "
        f"{len(weak) or 'none'} at 25 or below"
    )
    blocks: list[Block] = [
        Paragraph(
            (
                "Listed by the value of the criterion, the heaviest first. What lies between 25 and 75 is in the "
                "sections on the pillars.",
            ),
            "note",
        )
    ]
    for name, found in (("Strengths", strong), ("Weaknesses", weak)):
        blocks.append(Heading(name))
        blocks.append(_table(name, found, bands, places) if found else Paragraph(("No criterion stands there.",)))
    return Section("findings", "Strengths and weaknesses", heading, tuple(blocks))


def _table(name: str, found: Sequence[Finding], bands: Sequence[Band], places: Places) -> Table:
    heads = (
        Head("Criterion"),
        Head("Value", "number"),
        Head("Range", "word"),
        Head("What was found", "wide"),
        Head("Evidence"),
    )
    more = f": the heaviest {LISTED} of {len(found)}" if len(found) > LISTED else ""
    rows = tuple(_row(pillar, criterion, bands, places) for pillar, criterion in found[:LISTED])
    return Table(f"{name}{more}", heads, rows)


def _row(pillar: PillarResult, criterion: CriterionResult, bands: Sequence[Band], places: Places) -> Row:
    return row(
        (places.criterion(criterion.id), f" ({pillar.title})"),
        (linked.value(criterion, bands, places),),
        (linked.span(criterion, bands, places),),
        summary_of(criterion, places),
        basis_of(criterion, places) or "none cited",
    )
