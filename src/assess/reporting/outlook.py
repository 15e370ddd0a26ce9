"""What the assessment takes as given, what to watch, when to look again, and how such things have gone before."""

from __future__ import annotations

from assess.partnership.models import Indicator
from assess.reporting import numbers, words
from assess.reporting.blocks import Block, Head, Heading, Paragraph, Row, Section, Table, row
from assess.reporting.links import Line, Link, Places, joined, place
from assess.rubric.models import BaseRate
from assess.scoring.assessment import Assessment


def outlook_section(assessment: Assessment, places: Places) -> Section:
    """Return assumptions, indicators with thresholds, the review date, and base rates with their definitions."""
    case = assessment.partnership
    blocks: list[Block] = []
    due = f"The assessment is to be looked at again by {words.spelled(case.review_by)}" if case.review_by else ""
    blocks.append(Paragraph((f"{due}, or when a threshold is met." if due else "No review date is set.",)))
    blocks.append(Heading("Assumptions"))
    if case.assumptions:
        heads = (
            Head("Taken as given", "wide"),
            Head("If it does not hold", "wide"),
            Head("Criteria"),
            Head("Evidence"),
        )
        rows = tuple(
            row(
                words.sentence(one.text),
                words.sentence(one.if_wrong),
                joined(places.criterion(name) for name in one.criteria),
                places.sources(one.evidence),
            )
            for one in case.assumptions
        )
        blocks.append(Table("Assumptions and what hangs on them", heads, rows))
    else:
        blocks.append(Paragraph(("None were recorded.",)))
    blocks.append(Heading("Indicators to watch"))
    if case.indicators:
        blocks.append(
            Table(
                "Indicators and the thresholds at which the assessment is opened again",
                (Head("What to watch", "wide"), Head("Threshold", "wide"), Head("Criteria it would move")),
                tuple(_indicator(one, places) for one in case.indicators),
            )
        )
    else:
        blocks.append(Paragraph(("None were recorded.",)))
    if assessment.rubric.base_rates:
        blocks += _base_rates(assessment, places)
    return Section("outlook", "Assumptions and outlook", _heading(assessment), tuple(blocks))


def _heading(assessment: Assessment) -> str:
    case = assessment.partnership
    counts = [words.counted(len(case.assumptions), "assumption"), words.counted(len(case.indicators), "indicator")]
    review = f"review by {words.spelled(case.review_by)}" if case.review_by else "no review date"
    return f"Outlook: {', '.join(counts)} to watch, {review}"


def _indicator(indicator: Indicator, places: Places) -> Row:
    return row(
        words.sentence(indicator.text),
        words.sentence(indicator.threshold),
        joined(places.criterion(name) for name in indicator.criteria),
    )


def _base_rates(assessment: Assessment, places: Places) -> list[Block]:
    heads = (
        Head("What was counted", "wide"),
        Head("Share", "number"),
        Head("Definition", "wide"),
        Head("Source", "word"),
    )
    rows = tuple(_base_rate(index, rate, places) for index, rate in enumerate(assessment.rubric.base_rates))
    note = (
        "How often something happened in past cases, as others defined and counted them. A base rate is not the "
        "probability of this case; the definitions differ, and so do the shares."
    )
    return [Heading("Base rates"), Paragraph((note,), "note"), Table("Base rates with their definitions", heads, rows)]


def _base_rate(index: int, rate: BaseRate, places: Places) -> Row:
    source = Link(rate.ref, place("ref", rate.ref)) if rate.ref in places.references else rate.ref
    share = Link(f"{numbers.plain(rate.share)} %", "outlook", (f"/rubric/base_rates/{index}/share",))
    line: Line = (share,)
    return row(words.sentence(rate.statement), line, words.sentence(rate.definition), (source,))
