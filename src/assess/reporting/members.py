"""The partnership as each party sees it: what it gets, owes, risks and depends on, and who stands furthest out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assess.partnership.models import Party
from assess.reporting import numbers, words
from assess.reporting.blocks import Block, Figure, Head, Heading, Paragraph, Row, Section, Table, cell, row
from assess.reporting.charts import MatrixCell, matrix_chart
from assess.reporting.links import Line, Link, Places, Run, place
from assess.rubric.models import Band
from assess.scoring.assessment import Assessment, CriterionResult, PartyReading, all_pillars


def members_section(assessment: Assessment, places: Places) -> Section:
    """Return the view of each party, and the criteria that are read per party side by side."""
    criteria = [
        criterion for pillar in all_pillars(assessment.pillars) for criterion in pillar.criteria if criterion.parties
    ]
    outlier = _outlier(criteria, assessment, places)
    blocks: list[Block] = []
    if criteria:
        blocks += _matrix(criteria, assessment, places, outlier)
    described = [p for p in assessment.partnership.parties if p.benefits or p.obligations or p.exposure or p.dependence]
    if described:
        blocks.append(Heading("What each party gets, owes, risks and depends on"))
        blocks.append(_views(described, places))
    silent = len(assessment.partnership.parties) - len(described)
    if silent and described:
        blocks.append(Paragraph((f"No statement is recorded for {words.counted(silent, 'further party')}.",), "note"))
    if not described:
        blocks.append(Paragraph(("The partnership document says nothing about the interests of single parties.",)))
    return Section("parties", "Parties", f"Parties: {outlier or 'no criterion is read per party'}", tuple(blocks))


def _outlier(criteria: Sequence[CriterionResult], assessment: Assessment, places: Places) -> str:
    """Name the party that is lowest most often, if one is; being alone at the bottom counts."""
    if not criteria:
        return ""
    lows: dict[str, int] = {}
    read = [criterion for criterion in criteria if len(criterion.parties) > 1]
    for criterion in read:
        bands = assessment.rubric.bands
        shown = {reading.party: numbers.whole(reading.value, bands) for reading in criterion.parties}
        least = [party for party, value in shown.items() if value == min(shown.values())]
        if len(least) == 1:
            lows[least[0]] = lows.get(least[0], 0) + 1
    most = max(lows.values(), default=0)
    named = [party for party, count in lows.items() if count == most]
    if not read:
        return "no criterion has readings of more than one"
    total = words.counted(len(read), "criterion")
    if not named:
        return f"none stands alone at the bottom of any of {total} read per party"
    if len(named) == 1:
        return f"{places.party(named[0])} alone is lowest on {most} of {total} read per party"
    names = words.listed([places.party(party) for party in named])
    return f"{names} are each alone lowest on {most} of {total} read per party"


def _matrix(criteria: Sequence[CriterionResult], assessment: Assessment, places: Places, outlier: str) -> list[Block]:
    bands = assessment.rubric.bands
    read = {reading.party for criterion in criteria for reading in criterion.parties}
    parties = [party for party in assessment.partnership.parties if party.id in read]
    readings = {
        (criterion.id, reading.party): (index, reading)
        for criterion in criteria
        for index, reading in enumerate(criterion.parties)
    }
    cells = {
        (line, column): MatrixCell(
            str(numbers.whole(found[1].value, bands)),
            _shade(found[1].value),
            party.id == criterion.weakest_party,
        )
        for line, criterion in enumerate(criteria)
        for column, party in enumerate(parties)
        if (found := readings.get((criterion.id, party.id))) is not None
    }
    said = [
        f"{criterion.title}: "
        + ", ".join(f"{places.party(r.party)} {numbers.whole(r.value, bands)}" for r in criterion.parties)
        for criterion in criteria
    ]
    title = f"Values by party: {outlier}"
    chart = matrix_chart(
        identifier="parties-chart",
        title=title,
        description=f"{'; '.join(said)}. 0 is worst, 100 is best.",
        rows=[criterion.title for criterion in criteria],
        columns=[party.id for party in parties],
        cells=cells,
    )
    heads = (Head("Criterion"), *(Head(party.id, "number") for party in parties))
    if len(parties) > COLUMNS:
        heads = (Head("Criterion"), Head("Values by party, the lowest first", "wide"))
        rows = tuple(
            row(places.criterion(criterion.id), _ordered(criterion, readings, places, bands)) for criterion in criteria
        )
    else:
        rows = tuple(
            row(
                places.criterion(criterion.id),
                *(_value(criterion, party, readings, places, bands) for party in parties),
            )
            for criterion in criteria
        )
    names = words.listed([f"{party.id} {party.name}" for party in parties])
    caption = "Numbers: values, 0 to 100; the stronger the tone, the better. Outlined: the key party that counts."
    return [Figure(chart, caption), Table(f"The same in figures: {names}", heads, rows)]


COLUMNS = 8
"""More parties than this make a list in each row instead of a column each."""

Readings = Mapping[tuple[str, str], tuple[int, PartyReading]]


def _value(criterion: CriterionResult, party: Party, readings: Readings, places: Places, bands: Sequence[Band]) -> Line:
    found = readings.get((criterion.id, party.id))
    return ("–",) if found is None else (_link(criterion, *found, places, bands),)


def _link(criterion: CriterionResult, index: int, reading: PartyReading, places: Places, bands: Sequence[Band]) -> Link:
    pointer = f"{places.of(criterion.id, 'parties')[0]}/{index}/value"
    return Link(str(numbers.whole(reading.value, bands)), place("c", criterion.id), (pointer,))


def _ordered(criterion: CriterionResult, readings: Readings, places: Places, bands: Sequence[Band]) -> Line:
    line: list[Run] = []
    for reading in sorted(criterion.parties, key=lambda reading: reading.value):
        index, _ = readings[(criterion.id, reading.party)]
        line += [", " if line else "", f"{places.party(reading.party)} "]
        line.append(_link(criterion, index, reading, places, bands))
    return tuple(line)


def _shade(value: float) -> int:
    return min(int(value // 20), 4)


def _views(parties: Sequence[Party], places: Places) -> Table:
    heads = (Head("Party"), Head("Benefits"), Head("Obligations"), Head("Exposure"), Head("Dependence"))
    return Table("By party, with the evidence", heads, tuple(_view(party, places) for party in parties))


def _view(party: Party, places: Places) -> Row:
    name = party.name if party.key else f"{party.name} (not a key party)"
    columns = (party.benefits, party.obligations, party.exposure, party.dependence)
    return row(name, *(cell(*(places.said(point.text, point.evidence) for point in column)) for column in columns))
