"""The criteria as CSV: a row each, in full precision, for a spreadsheet or another program."""

from __future__ import annotations

import csv
import io

from assess.reporting.words import clean
from assess.scoring.assessment import Assessment, CriterionResult, PillarResult, all_pillars

COLUMNS = (
    "partnership",
    "as_of",
    "rubric",
    "pillar",
    "criterion",
    "title",
    "applicable",
    "value",
    "low",
    "high",
    "weight",
    "overall_weight",
    "contribution",
    "level",
    "confidence",
    "evidence",
    "rationale",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which a spreadsheet would take a text for a formula."""


def to_csv(assessment: Assessment) -> str:
    """Return the criterion table of an assessment as CSV (RFC 4180); a number that does not exist is empty."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for pillar in all_pillars(assessment.pillars):
        for criterion in pillar.criteria:
            writer.writerow(_row(assessment, pillar, criterion))
    return target.getvalue()


def _row(assessment: Assessment, pillar: PillarResult, criterion: CriterionResult) -> list[str]:
    cells = (
        assessment.partnership.id,
        assessment.partnership.as_of,
        f"{assessment.rubric.id} {assessment.rubric.version}",
        pillar.id,
        criterion.id,
        criterion.title,
        "yes" if criterion.applicable else "no",
        criterion.value,
        criterion.low,
        criterion.high,
        criterion.weight,
        criterion.overall_weight,
        criterion.contribution,
        criterion.anchor.level if criterion.anchor else None,
        criterion.confidence,
        " ".join(criterion.evidence),
        criterion.rationale,
    )
    return [_cell(value) for value in cells]


def _cell(value: str | float | None) -> str:
    if not isinstance(value, str):
        return "" if value is None else repr(value)
    text = clean(value)
    return f"'{text}" if text.startswith(FORMULA) else text
