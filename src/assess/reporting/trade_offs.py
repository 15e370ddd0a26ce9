"""Trade-offs as pairs: two things of which a partnership can rarely have more at once, with their criteria."""

from __future__ import annotations

from collections.abc import Sequence

from assess.reporting import linked, numbers, words
from assess.reporting.blocks import Block, Head, Heading, Paragraph, Section, Table, cell, row
from assess.reporting.links import Line, Places
from assess.rubric.models import Band, Side, TradeOff
from assess.scoring.assessment import Assessment, CriterionResult, all_pillars


def trade_offs_section(assessment: Assessment, places: Places) -> tuple[Section, ...]:
    """Return both sides of every trade-off of the rubric of which some criterion applies on either side."""
    bands = assessment.rubric.bands
    criteria = {c.id: c for pillar in all_pillars(assessment.pillars) for c in pillar.criteria if c.applicable}
    pairs = [
        pair for pair in assessment.rubric.trade_offs if all(set(side.criteria) & set(criteria) for side in pair.sides)
    ]
    if not pairs:
        return ()
    note = "The pairs come from the rubric and change no number. Values are those of the criteria; no sum is formed."
    blocks: list[Block] = [Paragraph((note,), "note")]
    for pair in pairs:
        blocks.append(Heading(_finding(pair, criteria, bands)))
        blocks.append(Paragraph((words.sentence(pair.question),), "question"))
        columns = tuple(cell(*_side(side, criteria, bands, places)) for side in pair.sides)
        heads = tuple(Head(words.capital(side.title)) for side in pair.sides)
        blocks.append(Table(pair.title, heads, (row(*columns),)))
    titles = words.listed([pair.title[:1].lower() + pair.title[1:] for pair in pairs])
    return (Section("trade-offs", "Trade-offs", f"Trade-offs: {titles}", tuple(blocks)),)


def _finding(pair: TradeOff, criteria: dict[str, CriterionResult], bands: Sequence[Band]) -> str:
    extents = []
    for side in pair.sides:
        values = [c.value for name in side.criteria if (c := criteria.get(name)) is not None and c.value is not None]
        shown = sorted({numbers.whole(value, bands) for value in values})
        if not shown:
            extents.append(f"{side.title} without a value")
        else:
            extents.append(f"{side.title} {shown[0]}" + (f" to {shown[-1]}" if len(shown) > 1 else ""))
    return f"{pair.title}: {'; '.join(extents)}"


def _side(side: Side, criteria: dict[str, CriterionResult], bands: Sequence[Band], places: Places) -> list[Line]:
    return [linked.valued(criteria[name], bands, places) for name in side.criteria if name in criteria]
