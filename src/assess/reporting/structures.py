"""What stands between meetings and how often they are held; for a dialogue, what a next step would have to bring."""

from __future__ import annotations

from assess.documents.fields import PartnershipType, months_between
from assess.partnership.models import Structure
from assess.reporting import words
from assess.reporting.blocks import Block, Head, Heading, Paragraph, Row, Section, Table, cell, row
from assess.reporting.links import Places
from assess.scoring.assessment import Assessment, CriterionResult, all_pillars

NEXT_FORM: PartnershipType = "defence_cooperation_agreement"
"""The next form above a dialogue: it owes no defence and puts practical cooperation on a text."""
WORKABLE = 2
"""The level at which a criterion is workable with conditions."""


def structures_section(assessment: Assessment, places: Places) -> Section:
    """Return the inventory of structures and the rhythm of their meetings."""
    structures, as_of = assessment.partnership.structures, assessment.partnership.as_of
    if not structures:
        text = "The partnership document lists no standing structure."
        return Section("structures", "Structures", "Structures: none listed", (Paragraph((text,)),))
    heads = (Head("Structure", "wide"), Head("Kind"), Head("Status", "word"), Head("Meetings"), Head("Note", "wide"))
    table = Table("Standing structures", heads, tuple(_row(one, as_of, places) for one in structures))
    return Section("structures", "Structures", _heading(structures, as_of), (table,))


def upgrade_section(assessment: Assessment, places: Places) -> tuple[Section, ...]:
    """Return what a dialogue would be read on if it became an agreement; none for other types."""
    if assessment.partnership.type != "strategic_dialogue":
        return ()
    criteria = [c for pillar in all_pillars(assessment.pillars) for c in pillar.criteria]
    new = [c for c in criteria if not c.applicable and c.multipliers.get(NEXT_FORM, 1.0) > 0]
    heavier = [
        c for c in criteria if c.applicable and c.multipliers.get(NEXT_FORM, 1.0) > c.multiplier and c.value is not None
    ]
    form = words.TYPES[NEXT_FORM]
    blocks: list[Block] = [
        Paragraph(
            (
                f"If the dialogue became a {form}, it would be read on more. Nothing here says that it should. "
                f"Level {WORKABLE} is shown because it is where a criterion becomes workable.",
            ),
            "note",
        )
    ]
    if new:
        blocks.append(Heading("Criteria that would begin to apply"))
        heads = (Head("Criterion"), Head("Question", "wide"), Head(f"What level {WORKABLE} asks for", "wide"))
        rows = tuple(row(places.criterion(c.id), c.question, _workable(c)) for c in new)
        blocks.append(Table(f"Read for a {form}, not for a dialogue", heads, rows))
    if heavier:
        names = words.listed([c.title for c in heavier])
        blocks.append(Paragraph((f"These would count more than they do now: {names}.",)))
    heading = f"Upgrade path: {words.counted(len(new), 'criterion')} would begin to apply to a {form}"
    return (Section("upgrade", "Upgrade path", heading, tuple(blocks)),)


def overdue(structure: Structure, as_of: str) -> bool:
    """Return whether more time has passed since the last known meeting than lies between two meetings."""
    if structure.every is None or structure.last_met is None or structure.status != "working":
        return False
    return months_between(structure.last_met, as_of) > structure.every


def _workable(criterion: CriterionResult) -> str:
    return words.sentence(criterion.anchors[WORKABLE]) if WORKABLE in criterion.anchors else "no anchor"


def _heading(structures: tuple[Structure, ...], as_of: str) -> str:
    working = sum(structure.status == "working" for structure in structures)
    parts = [f"{working} of {len(structures)} working"]
    late = sum(overdue(structure, as_of) for structure in structures)
    if late:
        parts.append(f"{late} past the date of a regular meeting")
    return f"Structures: {', '.join(parts)}"


def _row(structure: Structure, as_of: str, places: Places) -> Row:
    level = f", {structure.level}" if structure.level else ""
    meetings = [
        f"every {words.counted(structure.every, 'month')}" if structure.every else "",
        f"last known {words.spelled(structure.last_met)}" if structure.last_met else "",
        "past due" if overdue(structure, as_of) else "",
        f"decides by {structure.decides_by.rstrip('.')}" if structure.decides_by else "",
    ]
    said = ", ".join(part for part in meetings if part)
    return row(
        structure.title,
        f"{words.named(structure.kind)}{level}",
        cell(structure.status, tone=None if structure.status == "working" else "gap"),
        words.sentence(words.capital(said)) if said else "no rhythm recorded",
        places.said(structure.note, structure.evidence),
    )
