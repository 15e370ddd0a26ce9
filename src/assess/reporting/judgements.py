"""Key judgements with likelihood and confidence apart, the reasons, the dissent, and the courses considered beside."""

from __future__ import annotations

from collections.abc import Mapping

from assess.partnership.models import KeyJudgement, Likelihood
from assess.reporting import words
from assess.reporting.blocks import Block, Facts, Head, Heading, Paragraph, Section, Table, row
from assess.reporting.links import Line, Link, Places, joined, place
from assess.scoring.assessment import Assessment

YARDSTICK: Mapping[Likelihood, str] = {
    "almost no chance": "1 to 5 %",
    "very unlikely": "5 to 20 %",
    "unlikely": "20 to 45 %",
    "roughly even chance": "45 to 55 %",
    "likely": "55 to 80 %",
    "very likely": "80 to 95 %",
    "almost certain": "95 to 99 %",
}
"""Terms and ranges of Intelligence Community Directive 203 (US Director of National Intelligence 2015)."""

KINDS = {
    "none": "No partnership",
    "lighter": "Lighter form",
    "deeper": "Deeper form",
    "other_partner": "Other partner",
}


def judgements_section(assessment: Assessment, places: Places) -> Section:
    """Return the key judgements of the analysts, numbered, or say that none were recorded."""
    found = assessment.partnership.key_judgements
    blocks: list[Block] = []
    for number, judgement in enumerate(found, start=1):
        blocks.append(Heading(f"{number}. {words.sentence(judgement.statement)}", place("j", judgement.id)))
        blocks.append(Facts(tuple(_facts(judgement, assessment, places))))
    if found:
        blocks.append(Paragraph((_how_to_read(assessment),), "note"))
    else:
        blocks.append(Paragraph(("The partnership document holds no key judgements.",)))
    if assessment.partnership.options:
        blocks.append(Heading("Courses considered"))
        blocks.append(_options(assessment, places))
    return Section("judgements", "Key judgements", _heading(found), tuple(blocks))


def _heading(found: tuple[KeyJudgement, ...]) -> str:
    if not found:
        return "Key judgements: none recorded"
    counts = [
        f"{count} with {level} confidence"
        for level in ("high", "moderate", "low")
        if (count := sum(judgement.confidence == level for judgement in found))
    ]
    return f"Key judgements: {len(found)}, {words.listed(counts)}"


def _facts(judgement: KeyJudgement, assessment: Assessment, places: Places) -> list[tuple[str, Line]]:
    facts: list[tuple[str, Line]] = []
    if judgement.likelihood is not None and judgement.by is not None:
        share = YARDSTICK[judgement.likelihood]
        facts.append(
            ("Likelihood", (f"{words.capital(judgement.likelihood)} ({share}), by {words.spelled(judgement.by)}.",))
        )
    reason = words.sentence(judgement.because)
    facts.append(("Confidence", (f"{words.capital(judgement.confidence)}. {reason}",)))
    rates = {rate.id: rate for rate in assessment.rubric.base_rates}
    facts += [
        ("Base rate", (words.sentence(rates[name].statement), " ", Link("Definition", "outlook")))
        for name in judgement.base_rates
        if name in rates
    ]
    if judgement.criteria:
        facts.append(("Criteria", joined(places.criterion(name) for name in judgement.criteria)))
    if judgement.evidence:
        facts.append(("Evidence", places.sources(judgement.evidence)))
    facts.append(("Dissent", (words.sentence(judgement.dissent) if judgement.dissent else "None recorded.",)))
    return facts


def _how_to_read(assessment: Assessment) -> str:
    text = "Confidence is how far the analysts trust a judgement, and says nothing about how probable an event is."
    if any(judgement.likelihood for judgement in assessment.partnership.key_judgements):
        ranges = "; ".join(f"{term} {share}" for term, share in YARDSTICK.items())
        text += f" Likelihoods were entered by the analysts on one yardstick (ICD 203, 2015): {ranges}."
    return text


def _options(assessment: Assessment, places: Places) -> Table:
    heads = (Head("Course"), Head("Kind", "word"), Head("What it would give and cost", "wide"), Head("Evidence"))
    rows = tuple(
        row(option.title, KINDS[option.kind], words.sentence(option.text), places.sources(option.evidence))
        for option in assessment.partnership.options
    )
    return Table("Courses considered beside the partnership as it is; none is recommended here", heads, rows)
