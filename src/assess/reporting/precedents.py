"""The past alliances most like the case, and what became of them. Never a forecast for the case itself."""

from __future__ import annotations

from collections import Counter

from assess.batch.nearest import Precedents
from assess.reporting import words
from assess.reporting.blocks import Block, Head, Paragraph, Points, Section, Table, row
from assess.rubric.models import BaseRate


def precedents_section(found: Precedents, base_rates: tuple[BaseRate, ...]) -> Section:
    """Return the section on precedents, with the base rates of the rubric and their definitions."""
    ends = Counter(one.end for one in found.found)
    said = words.listed([f"{count} {end}" for end, count in sorted(ends.items(), key=lambda item: (-item[1], item[0]))])
    blocks: list[Block] = [
        Paragraph(
            (
                f"Nearest among {found.rows:,} alliances of {found.table}, by the facts that this rubric scores; "
                f"{found.left_out:,} share too few facts with the case. What became of ten others is no forecast "
                "and no probability for this one.",
            ),
            "caution",
        ),
        Table(
            "Nearest past alliances. Distance: 0 alike on every shared fact, 100 opposite on each",
            (
                Head("Alliance (ATOP)", "word"),
                Head("Begun", "number"),
                Head("Members (Correlates of War codes)", "wide"),
                Head("Distance", "number"),
                Head("Shared facts", "number"),
                Head("What became of it", "text"),
            ),
            tuple(
                row(one.id, f"{one.begun}", one.members, f"{one.distance:.0f}", f"{one.shared}", one.end)
                for one in found.found
            ),
        ),
    ]
    if base_rates:
        blocks.append(Paragraph(("How often it happened in sets of past cases, with what was counted:",)))
        blocks.append(Points(tuple((f"{rate.statement} {rate.definition}",) for rate in base_rates)))
    return Section("precedents", "Precedents", f"The nearest past alliances: {said}", tuple(blocks))
