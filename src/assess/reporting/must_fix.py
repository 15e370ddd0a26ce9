"""The red lines as a list to work through: what was found, what it does, who could act, and what clears it."""

from __future__ import annotations

from assess.documents.fields import PROPOSED_STAGES, RedLineStatus
from assess.reporting import words
from assess.reporting.blocks import Block, Head, Heading, Paragraph, Row, Section, Table, cell, row
from assess.reporting.links import Line, Link, Places, place
from assess.scoring.assessment import Assessment, RedLineResult

ORDER: tuple[RedLineStatus, ...] = ("tripped", "disputed", "unknown", "clear")


def must_fix_section(assessment: Assessment, places: Places) -> Section:
    """Return the red lines of an assessment, grouped by status, the tripped first."""
    proposed = assessment.partnership.stage in PROPOSED_STAGES
    groups = {status: [line for line in assessment.red_lines if line.status == status] for status in ORDER}
    counts = words.listed([f"{len(found)} {words.STATUSES[status]}" for status, found in groups.items() if found])
    title = "Red lines and what must be fixed before signature" if proposed else "Red lines"
    note = (
        "A red line caps a rating and never changes a number. Only a tripped one caps; "
        "a disputed or unknown one is listed and caps nothing."
    )
    blocks: list[Block] = [Paragraph((note,), "note")]
    for status, found in groups.items():
        if found:
            heading = f"{words.capital(words.STATUSES[status])} ({len(found)})"
            if proposed and status == "tripped":
                heading = f"Must be fixed before signature ({len(found)})"
            blocks.append(Heading(heading, tone="alarm" if status == "tripped" else None))
            blocks.append(_clear(found, places) if status == "clear" else _table(heading, found, assessment, places))
    heading = f"{title}: {counts}" if counts else f"{title}: the rubric has none"
    return Section("red-lines", "Red lines", heading, tuple(blocks))


def _table(heading: str, found: list[RedLineResult], assessment: Assessment, places: Places) -> Table:
    heads = (Head("Red line"), Head("Found"), Head("Reference"), Head("What clears it, and who could act"))
    return Table(f"Red lines: {heading}", heads, tuple(_row(line, assessment, places) for line in found))


def _clear(found: list[RedLineResult], places: Places) -> Table:
    heads = (Head("Red line"), Head("Condition that would trip it", "wide"), Head("What was looked at", "wide"))
    return Table("Red lines: clear", heads, tuple(_clear_row(line, places) for line in found))


def _clear_row(line: RedLineResult, places: Places) -> Row:
    fact = words.sentence(line.fact) if line.fact is not None else "No fact was recorded."
    evidence: Line = ("Evidence ", *places.sources(line.evidence)) if line.evidence else ()
    return row(_name(line, places), words.sentence(line.when), cell(fact, evidence), place=place("r", line.id))


def _name(line: RedLineResult, places: Places) -> Link:
    return Link(places.red_lines[line.id], place("c", line.criterion))


def _row(line: RedLineResult, assessment: Assessment, places: Places) -> Row:
    done = words.effect(line.effect, places.pillars.get(line.pillar, line.pillar), assessment.rubric.bands)
    evidence: Line = ("Evidence ", *places.sources(line.evidence)) if line.evidence else ()
    clears = f"Clears: {words.sentence(line.clears)}" if line.clears is not None else "Not stated in the rubric."
    return row(
        cell(
            _name(line, places),
            words.sentence(line.when),
            words.sentence(done if line.status == "tripped" else f"if tripped, {done}"),
            tone="alarm" if line.status == "tripped" else None,
        ),
        cell(
            words.sentence(line.fact) if line.fact is not None else "No fact was recorded.",
            evidence,
        ),
        words.sentence(line.reference) if line.reference is not None else "None given.",
        cell(
            f"Here: {words.sentence(line.remedy)}" if line.remedy is not None else "",
            clears,
            f"Owner: {words.sentence(line.owner)}" if line.owner is not None else "",
        ),
        place=place("r", line.id),
    )
