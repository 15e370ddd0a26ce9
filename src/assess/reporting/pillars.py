"""One section per pillar: its finding, its criteria as a figure, and the same in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assess.reporting import linked, numbers, words
from assess.reporting.blocks import Block, Cell, Figure, Head, Paragraph, Row, Section, State, Table, Tone, cell, row
from assess.reporting.charts import Chart, DotRow, dot_plot
from assess.reporting.links import Line, Places, Run, joined, place, text_of
from assess.rubric.models import Band
from assess.scoring.assessment import Assessment, CriterionResult, PillarResult, Reading, all_criteria

TONES: Mapping[State, Tone] = {"no-evidence": "gap", "not-applicable": "na"}


def pillar_sections(assessment: Assessment, places: Places) -> tuple[Section, ...]:
    """Return a section for every pillar, each followed by those inside it."""
    return tuple(_sections(assessment, places, assessment.pillars, 0))


def _sections(assessment: Assessment, places: Places, pillars: Sequence[PillarResult], depth: int) -> list[Section]:
    sections: list[Section] = []
    for pillar in pillars:
        sections.append(_section(assessment, places, pillar, depth))
        sections += _sections(assessment, places, pillar.pillars, depth + 1)
    return sections


def _section(assessment: Assessment, places: Places, pillar: PillarResult, depth: int) -> Section:
    bands = assessment.rubric.bands
    blocks: list[Block] = [Paragraph((pillar.question,), "question")] if pillar.question else []
    blocks.append(Paragraph(_summary(assessment, places, pillar)))
    if pillar.criteria:
        heads = (
            Head("Criterion", "wide"),
            Head("Weight", "number"),
            Head("Value", "number"),
            Head("Range", "word"),
            Head("Confidence", "word"),
            Head("Evidence"),
        )
        caption = f"Criteria of {pillar.title}: value from 0 (worst) to 100 (best), weight inside the pillar"
        blocks += [
            Figure(
                _chart(assessment, pillar, places),
                "Dot: value. Bar: range. Ticks: the levels 0 to 4 of the anchors. Dashed: no evidence, so anywhere.",
            ),
            Table(caption, heads, tuple(_row(criterion, places, bands) for criterion in pillar.criteria)),
        ]
    return Section(place("p", pillar.id), pillar.title, heading_of(pillar, assessment), tuple(blocks), depth)


def _chart(assessment: Assessment, pillar: PillarResult, places: Places) -> Chart:
    bands = assessment.rubric.bands
    rows: list[DotRow] = []
    for criterion in pillar.criteria:
        text = text_of((linked.value(criterion, bands, places),))
        rows.append(DotRow(criterion.title, text, criterion.value, criterion.low, criterion.high, state_of(criterion)))
    said = []
    for criterion, entry in zip(pillar.criteria, rows, strict=True):
        extent = ""
        if criterion.low is not None and criterion.high is not None:
            extent = f", range {words.interval(criterion.low, criterion.high, bands)}"
        said.append(f"{criterion.title}: {entry.text}{extent}.")
    return dot_plot(
        identifier=f"{place('p', pillar.id)}-chart",
        title=heading_of(pillar, assessment),
        description=f"{' '.join(said)} 0 is worst, 100 is best.",
        rows=rows,
        anchors=[(str(level), value) for level, value in enumerate(assessment.rubric.level_values)],
    )


def state_of(criterion: CriterionResult) -> State:
    """Return whether a criterion has a value, lacks evidence, or does not apply."""
    if not criterion.applicable:
        return "not-applicable"
    return "no-evidence" if criterion.value is None else "scored"


def confidence_of(criterion: CriterionResult) -> str:
    """Return the confidence that counts, and the stated one where it differs."""
    if not criterion.applicable:
        return "n/a"
    if criterion.confidence is None:
        return "–"
    if criterion.stated_confidence in (None, criterion.confidence):
        return criterion.confidence
    return f"stated {criterion.stated_confidence}, counted {criterion.confidence}"


def heading_of(pillar: PillarResult, assessment: Assessment) -> str:
    """Return the pillar's own finding: its score and rating, and where it is lowest."""
    bands = assessment.rubric.bands
    if not applies(pillar):
        return f"{pillar.title} does not apply: none of its criteria does"
    if pillar.score is None:
        share = numbers.coverage(pillar.coverage, assessment.rubric.coverage)
        return f"{pillar.title} has no score: {share} of its weight has an observation"
    finding = f"{pillar.title}: {shown(pillar, bands)}, {words.rating(pillar)}"
    if pillar.capped_by:
        finding += f" (“{pillar.uncapped_rating}” before red lines)"
    low = lowest(pillar, bands)
    if not low:
        return finding
    value = numbers.whole(low[0].value or 0.0, bands)
    if len(low) > 1 and len(low) == sum(criterion.value is not None for criterion in all_criteria(pillar)):
        return f"{finding}; every criterion has {value}"
    if len(low) == 1:
        return f"{finding}; lowest on {low[0].title} ({value})"
    if len(low) == 2:
        return f"{finding}; lowest on {low[0].title} and {low[1].title} ({value} each)"
    return f"{finding}; {len(low)} criteria share the lowest value ({value})"


def applies(pillar: PillarResult) -> bool:
    """Return whether any criterion of a pillar applies."""
    return any(criterion.applicable for criterion in all_criteria(pillar))


def shown(pillar: PillarResult, bands: Sequence[Band]) -> str:
    """Return a pillar's score as readers see it: 'score 66', or 'risk 34, score 66' if shown as risk."""
    if pillar.score is None:
        return "no score"
    score = numbers.whole(pillar.score, bands)
    return f"risk {100 - score}, score {score}" if pillar.display == "risk" else f"score {score}"


def lowest(pillar: PillarResult, bands: Sequence[Band]) -> tuple[CriterionResult, ...]:
    """Return the criteria whose shown value is the lowest of the pillar, the heaviest first."""
    valued = [(numbers.whole(c.value, bands), c) for c in all_criteria(pillar) if c.value is not None and c.weight > 0]
    if not valued:
        return ()
    least = min(value for value, _ in valued)
    return tuple(sorted((c for value, c in valued if value == least), key=lambda c: -c.overall_weight))


def summary_of(criterion: CriterionResult, places: Places) -> str:
    """Return what the value rests on: the anchor, the checklist, the reading, or why there is none."""
    if not criterion.applicable:
        reason = criterion.not_applicable_reason
        return f"Does not apply: {words.sentence(reason)}" if reason else "Does not apply to this type of partnership."
    if not criterion.observed:
        if criterion.observed_share == 0:
            return "No observation."
        return f"Too little is known to count ({numbers.percent(criterion.observed_share)} of the criterion)."
    weakest = ""
    if criterion.weakest_party is not None:
        weakest = f" Weakest key party: {places.party(criterion.weakest_party)}."
    if criterion.items:
        return f"{_items_met(criterion)}{weakest}"
    if criterion.anchor is not None:
        return f"Level {criterion.anchor.level}: {words.sentence(criterion.anchor.text)}{weakest}"
    return f"{reading_of(criterion.reading, criterion.unit)}{weakest}"


def basis_of(criterion: CriterionResult, places: Places) -> Line:
    """Return links to the evidence behind a criterion's value, with that of the party that counts."""
    counted = [party for party in criterion.parties if party.party == criterion.weakest_party]
    named = [*criterion.evidence, *(name for party in counted for name in party.evidence)]
    return places.sources(dict.fromkeys(named))


def _summary(assessment: Assessment, places: Places, pillar: PillarResult) -> Line:
    bands, rule = assessment.rubric.bands, assessment.rubric.coverage
    if not applies(pillar):
        return ("Its weight goes to the other pillars.",)
    line: list[Run] = []
    home = "profile"
    bounds = linked.bounds(pillar.id, pillar, bands, places, home)
    if pillar.score is None:
        line += ["No score. Whatever the missing observations say, it lies within ", bounds, ". "]
    else:
        risk = linked.risk(pillar, bands, places, home)
        score = linked.score(pillar.id, pillar, bands, places, home)
        line += ["Score ", score] if risk is None else [risk, ", score ", score]
        extent = linked.interval(pillar.id, pillar, bands, places, home)
        line += [". "] if extent is None else [", 80 % interval of the score ", extent, ". "]
    if pillar.capped_by:
        line += ["Capped by ", *joined(places.red_line(name) for name in pillar.capped_by), ". "]
    line += [
        f"Basis {words.BASES[pillar.basis]}: ",
        linked.coverage(pillar.id, pillar, rule, places, home),
        " of the weight has an observation. Weight ",
        linked.weight(pillar, places),
        ".",
    ]
    line[0] = words.capital(line[0]) if isinstance(line[0], str) else replace(line[0], text=words.capital(line[0].text))
    return tuple(line)


def _row(criterion: CriterionResult, places: Places, bands: Sequence[Band]) -> Row:
    state = state_of(criterion)
    shown_value: Cell = cell(linked.value(criterion, bands, places), tone=TONES.get(state))
    return row(
        places.criterion(criterion.id),
        (linked.weight(criterion, places),),
        shown_value,
        (linked.span(criterion, bands, places),),
        confidence_of(criterion),
        basis_of(criterion, places),
    )


def reading_of(reading: Reading | None, unit: str | None) -> str:
    """Return what was read on the criterion's own scale, with its range and unit."""
    if reading is None:
        return "Read from the parties."
    low, best, high = (numbers.reading(x) for x in (reading.low, reading.best, reading.high))
    extent = "" if low == best == high else f", range {low} to {high}"
    what = {
        "level": "Level",
        "number": "Number",
        "items": "Checklist",
        "threat_register": "From the threat register",
    }
    return words.sentence(f"{what[reading.kind]}: {best}{extent}{f' ({unit})' if unit else ''}")


def _items_met(criterion: CriterionResult) -> str:
    count = Counter(item.answer for item in criterion.items)
    parts = [f"{count['yes']} of {words.counted(len(criterion.items), 'item')} met"]
    if count["partial"]:
        parts.append(f"{count['partial']} partly")
    if count["unknown"]:
        parts.append(f"{count['unknown']} unknown")
    return f"{', '.join(parts)}."
