"""The clauses of the instruments, what they leave open, and what the texts do not settle."""

from __future__ import annotations

from assess.documents.fields import PROPOSED_STAGES
from assess.partnership.models import Clause, Instrument
from assess.reporting import words
from assess.reporting.blocks import Block, Cell, Head, Heading, Paragraph, Points, Row, Section, Table, cell, row
from assess.reporting.links import Places
from assess.scoring.assessment import Assessment, CriterionResult, Item, open_clauses

FORMS = {
    "treaty": "treaty",
    "executive_agreement": "executive agreement",
    "memorandum": "memorandum",
    "joint_statement": "joint statement",
    "statute": "statute",
    "other": "other text",
}
SILENT = (("trigger", "trigger"), ("area", "area"), ("duty_holder", "duty-holder"))
"""Fields of a clause that are left out where the text names nothing, and what to call them."""

ANSWERS = {"no": "not in the texts", "partial": "covered in part", "unknown": "not established"}

Gap = tuple[CriterionResult, Item]


def law_section(assessment: Assessment, places: Places) -> Section:
    """Return the instruments, their clauses, and the list of legal gaps."""
    instruments = assessment.partnership.instruments
    gaps = legal_gaps(assessment)
    blocks: list[Block] = []
    if instruments:
        blocks.append(Heading("Instruments"))
        blocks.append(_instruments(instruments, places))
    else:
        blocks.append(Paragraph(("The partnership document lists no instrument.",)))
    clauses = [(instrument, clause) for instrument in instruments for clause in instrument.clauses]
    if clauses:
        blocks.append(Heading("Clause register"))
        blocks.append(_clauses(clauses, places))
    silences = [line for instrument, clause in clauses if (line := _silence(instrument, clause))]
    if silences or gaps:
        proposed = assessment.partnership.stage in PROPOSED_STAGES
        blocks.append(Heading("Legal gaps and clauses to add" if proposed else "Legal gaps"))
        if silences:
            blocks.append(Paragraph(("About these points the text of a clause, as registered, says nothing:",)))
            blocks.append(Points(tuple((text,) for text in silences)))
        if gaps:
            blocks.append(_gaps(gaps, places, proposed))
    return Section("law", "Law", _heading(assessment, gaps), tuple(blocks))


def legal_gaps(assessment: Assessment) -> tuple[Gap, ...]:
    """Return the checklist items that a text must settle and that are not fully met, the critical ones first."""
    return tuple(
        sorted(open_clauses(assessment), key=lambda gap: (not gap[1].critical, list(ANSWERS).index(gap[1].answer)))
    )


def _heading(assessment: Assessment, gaps: tuple[Gap, ...]) -> str:
    instruments = assessment.partnership.instruments
    binding = sum(instrument.status == "binding" for instrument in instruments)
    parts = [f"{binding} of {words.counted(len(instruments), 'instrument')} binding"] if instruments else []
    missing = sum(item.answer == "no" for _, item in gaps)
    if missing:
        parts.append(f"{words.counted(missing, 'point')} not in the texts")
    unknown = sum(item.answer == "unknown" for _, item in gaps)
    if unknown:
        parts.append(f"{unknown} not established")
    return f"Law: {', '.join(parts)}" if parts else "Law: no instrument is listed"


def _instruments(instruments: tuple[Instrument, ...], places: Places) -> Table:
    heads = (Head("Instrument", "wide"), Head("Form"), Head("Status", "word"), Head("Dates"), Head("Note", "wide"))
    return Table("Texts the partnership rests on", heads, tuple(_instrument(one, places) for one in instruments))


def _instrument(instrument: Instrument, places: Places) -> Row:
    dates = [
        f"{name} {words.spelled(date)}"
        for name, date in (
            ("signed", instrument.signed),
            ("in force", instrument.in_force),
            ("ended", instrument.ended),
        )
        if date is not None
    ]
    return row(
        instrument.title,
        FORMS[instrument.form],
        instrument.status,
        words.sentence(words.capital(", ".join(dates))) if dates else "no date recorded",
        places.said(instrument.note, instrument.evidence),
    )


def _clauses(clauses: list[tuple[Instrument, Clause]], places: Places) -> Table:
    heads = (
        Head("Clause"),
        Head("What is owed or allowed", "wide"),
        Head("Trigger"),
        Head("Area", "text"),
        Head("Duty-holder"),
        Head("Status", "word"),
    )
    rows = tuple(_clause(instrument, clause, places) for instrument, clause in clauses)
    return Table("Obligations taken apart; “not named” means that the text as registered names nothing", heads, rows)


def _clause(instrument: Instrument, clause: Clause, places: Places) -> Row:
    return row(
        cell(clause.article, instrument.title),
        places.said(clause.obligation, clause.evidence),
        _named(clause.trigger),
        _named(clause.area),
        _named(clause.duty_holder),
        clause.status,
    )


def _named(text: str | None) -> Cell:
    return cell(words.sentence(text)) if text is not None else cell("not named", tone="gap")


def _silence(instrument: Instrument, clause: Clause) -> str:
    missing = [word for field, word in SILENT if getattr(clause, field) is None]
    return f"{instrument.title}, {clause.article}: nothing about {words.listed(missing, 'or')}." if missing else ""


def _gaps(gaps: tuple[Gap, ...], places: Places, proposed: bool) -> Table:
    heads = (
        Head("Point"),
        Head("Standing", "word"),
        Head("Clause to add" if proposed else "What a clause would say", "wide"),
        Head("Criterion"),
    )
    rows = tuple(
        row(
            f"{words.sentence(item.text)}{' Critical.' if item.critical else ''}",
            cell(ANSWERS[item.answer], tone="alarm" if item.answer == "no" and item.critical else None),
            words.sentence(item.clause or ""),
            places.criterion(criterion.id),
        )
        for criterion, item in gaps
    )
    caption = "The texts say nothing, or not enough, about these points; wording is a model in our own words"
    return Table(caption, heads, rows)
