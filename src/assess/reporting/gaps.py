"""What is not known or not checked: missing observations, thin readings, unverified and expired evidence."""

from __future__ import annotations

from assess.reporting import linked, words
from assess.reporting.blocks import Block, Head, Heading, Paragraph, Points, Section, Table, row
from assess.reporting.links import Line, Places, joined
from assess.scoring.assessment import Assessment, CriterionResult, all_pillars


def gaps_section(assessment: Assessment, places: Places) -> Section:
    """Return the data gaps of an assessment and its unverified inputs."""
    criteria = [c for pillar in all_pillars(assessment.pillars) for c in pillar.criteria if c.applicable]
    missing = [c for c in criteria if c.value is None]
    low = [c for c in criteria if c.confidence == "low"]
    unverified = [entry for entry in assessment.evidence if entry.verified != "yes"]
    expired = [entry for entry in assessment.evidence if entry.expired]
    blocks: list[Block] = [Heading("Criteria without a value")]
    if missing:
        heads = (Head("Criterion"), Head("Weight of the whole", "number"), Head("Why", "wide"))
        rows = tuple(row(places.criterion(c.id), (linked.weight(c, places, overall=True),), _why(c)) for c in missing)
        blocks.append(Table("They leave the score; coverage falls by their weight", heads, rows))
    else:
        blocks.append(Paragraph(("Every criterion that applies has a value.",)))
    blocks.append(Heading("Readings with low confidence"))
    line: Line = joined(places.criterion(c.id) for c in low) or ("None",)
    blocks.append(Paragraph((*line, ".")))
    blocks.append(Heading("Unverified and expired evidence"))
    points: list[Line] = []
    for name, found in (
        ("Unverified", [entry.id for entry in unverified if entry.verified == "no"]),
        ("Verified in part", [entry.id for entry in unverified if entry.verified == "partly"]),
        ("Expired at the as-of date", [entry.id for entry in expired]),
    ):
        points.append((f"{name}: ", *(places.sources(found) or ("none",)), "."))
    blocks.append(Points(tuple(points)))
    return Section("gaps", "Data gaps", _heading(missing, low, len(unverified)), tuple(blocks))


def _heading(missing: list[CriterionResult], low: list[CriterionResult], unverified: int) -> str:
    return (
        f"Data gaps: {words.counted(len(missing), 'criterion')} without a value, "
        f"{len(low) or 'none'} with low confidence, {words.counted(unverified, 'source')} not fully verified"
    )


def _why(criterion: CriterionResult) -> str:
    if criterion.observed_share == 0:
        return "No observation was made."
    return "What is known is too little to count; the bounds contain what it may be."
