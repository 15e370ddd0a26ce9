"""What happened when: instruments, exercises, operations, consultations and the rest on one axis of years."""

from __future__ import annotations

from dataclasses import dataclass

from assess.documents.fields import date_span
from assess.reporting import words
from assess.reporting.blocks import Block, Figure, Head, Section, Table, row
from assess.reporting.charts import Lane, TimelineEntry, timeline_chart
from assess.reporting.links import Places
from assess.scoring.assessment import Assessment

LANES = {
    "instrument": "Instruments",
    "accession": "Accessions and exits",
    "exit": "Accessions and exits",
    "consultation": "Consultations",
    "decision": "Decisions",
    "exercise": "Exercises",
    "operation": "Operations",
    "invocation": "Invocations and disputes",
    "dispute": "Invocations and disputes",
}


@dataclass(frozen=True, slots=True)
class Dated:
    """One entry of the timeline."""

    kind: str
    title: str
    date: str
    ended: str | None
    note: str
    evidence: tuple[str, ...]


def timeline_section(assessment: Assessment, places: Places) -> tuple[Section, ...]:
    """Return the timeline of a partnership; none where nothing is dated."""
    entries = sorted(_entries(assessment), key=lambda entry: (date_span(entry.date)[0], entry.title))
    if not entries:
        return ()
    numbered = list(enumerate(entries, start=1))
    lanes = []
    for title in dict.fromkeys(LANES.values()):
        own = tuple(
            TimelineEntry(entry.title, _year(entry.date), None if entry.ended is None else _year(entry.ended), str(n))
            for n, entry in numbered
            if LANES[entry.kind] == title
        )
        if own:
            lanes.append(Lane(title, own))
    heading = _heading(entries)
    said = "; ".join(f"{n} {words.spelled(entry.date)}: {entry.title}" for n, entry in numbered)
    heads = (
        Head("No", "number"),
        Head("Date", "word"),
        Head("What", "wide"),
        Head("Kind"),
        Head("Note and evidence", "wide"),
    )
    rows = tuple(
        row(
            str(n),
            words.spelled(entry.date) + (f" to {words.spelled(entry.ended)}" if entry.ended else ""),
            entry.title,
            words.capital(entry.kind),
            places.said(entry.note, entry.evidence),
        )
        for n, entry in numbered
    )
    chart = timeline_chart(identifier="timeline-chart", title=heading, description=f"{said}.", lanes=lanes)
    blocks: list[Block] = [
        Figure(chart, "The numbers are those of the table. A dot: one date. A bar: from beginning to end."),
        Table("The same in words", heads, rows),
    ]
    return (Section("timeline", "Timeline", heading, tuple(blocks)),)


def _entries(assessment: Assessment) -> list[Dated]:
    case = assessment.partnership
    entries = [
        Dated(e.kind, e.title, e.date, e.ended, words.sentence(e.note) if e.note else "", e.evidence)
        for e in case.events
    ]
    for instrument in case.instruments:
        begun = instrument.signed or instrument.in_force
        if begun is not None:
            verb = "signed" if instrument.signed else "in force"
            force = (
                f"In force {words.spelled(instrument.in_force)}." if instrument.signed and instrument.in_force else ""
            )
            ended = f" Ended {words.spelled(instrument.ended)}." if instrument.ended else ""
            title = f"{instrument.title} {verb}"
            entries.append(Dated("instrument", title, begun, None, f"{force}{ended}".strip(), instrument.evidence))
    return entries


def _heading(entries: list[Dated]) -> str:
    first = date_span(entries[0].date)[0][0]
    last = max(date_span(entry.ended or entry.date)[0][0] for entry in entries)
    span = f"in {first}" if first == last else f"from {first} to {last}"
    return f"Timeline: {words.counted(len(entries), 'dated entry')} {span}"


def _year(date: str) -> float:
    """Return a date as a year with decimals; the middle of what a partial date can mean."""
    first, last = (year + (month - 1) / 12 + (day - 1) / 366 for year, month, day in date_span(date))
    return (first + last) / 2
