"""The one view model: an Assessment as text ready to be placed. All wording and rounding is done by then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assess.documents.errors import UsageError
from assess.documents.fields import date_span
from assess.reporting import words
from assess.reporting.blocks import Paragraph, Section
from assess.reporting.bottom_line import BottomLine, bottom_line
from assess.reporting.changes import changes_section
from assess.reporting.charts import Chart
from assess.reporting.edition import Edition
from assess.reporting.findings import findings_section
from assess.reporting.gaps import gaps_section
from assess.reporting.improvements import improvements_section
from assess.reporting.judgements import judgements_section
from assess.reporting.law import law_section
from assess.reporting.links import Places, places_of
from assess.reporting.members import members_section
from assess.reporting.method import method_section
from assess.reporting.must_fix import must_fix_section
from assess.reporting.outlook import outlook_section
from assess.reporting.pillars import pillar_sections
from assess.reporting.profile import profile_chart, profile_section
from assess.reporting.sheets import sheets_section
from assess.reporting.sources import sources_section
from assess.reporting.structures import structures_section, upgrade_section
from assess.reporting.threats import threats_section
from assess.reporting.timeline import timeline_section
from assess.reporting.trade_offs import trade_offs_section
from assess.reporting.weighting import weighting_section
from assess.scoring.assessment import Assessment, all_pillars

NAMED_PARTIES = 8
"""Up to so many parties are named on page one; the method statement names all."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows, in reading order. HTML, PDF and Markdown place the same texts."""

    title: str
    subject: str
    handling: str
    question: str | None
    facts: tuple[tuple[str, str], ...]
    caveat: tuple[str, str] | None
    date: tuple[int, int, int]
    foot: str
    bottom_line: BottomLine
    profile: Chart
    sections: tuple[Section, ...]


def to_view(assessment: Assessment, edition: Edition | None = None) -> Report:
    """Return the view model of an edition of the report on an assessment; a summary has no sections."""
    edition = edition or Edition()
    places = places_of(assessment)
    case, rubric = assessment.partnership, assessment.rubric
    year, month, day = date_span(case.as_of)[1]
    digest = f", SHA-256 {rubric.sha256[:12]}" if rubric.sha256 else ""
    return Report(
        title=f"Assessment of {case.title}",
        subject=case.title,
        handling=edition.theme.handling or case.handling,
        question=rubric.profile_question,
        facts=tuple(_facts(assessment)),
        caveat=_caveat(assessment),
        date=(year, month, day),
        foot=f"{rubric.id} {rubric.version}{digest}",
        bottom_line=bottom_line(assessment, places),
        profile=profile_chart(assessment),
        sections=() if edition.summary else _sections(assessment, edition, places),
    )


def _sections(assessment: Assessment, edition: Edition, places: Places) -> tuple[Section, ...]:
    """Return the sections in the order of the report: findings first, the proof in the annex."""
    return (
        profile_section(assessment, places),
        findings_section(assessment, places),
        must_fix_section(assessment, places),
        judgements_section(assessment, places),
        *pillar_sections(assessment, places),
        *improvements_section(assessment, places),
        *_trust(assessment, edition, places),
        *_agreement(assessment, edition),
        members_section(assessment, places),
        *trade_offs_section(assessment, places),
        threats_section(assessment, places),
        law_section(assessment, places),
        structures_section(assessment, places),
        *upgrade_section(assessment, places),
        *timeline_section(assessment, places),
        outlook_section(assessment, places),
        *_precedents(assessment, edition),
        gaps_section(assessment, places),
        *changes_section(assessment, edition.previous, places),
        sheets_section(assessment, places),
        sources_section(assessment, places),
        *weighting_section(assessment, places),
        method_section(assessment, places),
    )


def _trust(assessment: Assessment, edition: Edition, places: Places) -> tuple[Section, ...]:
    if edition.robustness is None:
        return ()
    from assess.reporting.trust import ranks_section, trust_sections

    if edition.robustness.assessment != assessment.parts():
        raise UsageError("the robustness analysis belongs to another assessment; make it again for this one")
    ranked = () if edition.ranks is None else (ranks_section(edition.ranks, {**places.pillars, **places.criteria}),)
    return (*trust_sections(edition.robustness, assessment, places), *ranked)


def _agreement(assessment: Assessment, edition: Edition) -> tuple[Section, ...]:
    if edition.agreement is None:
        return ()
    from assess.reporting.agreement import agreement_section

    titles = {
        criterion.id: criterion.title for pillar in all_pillars(assessment.pillars) for criterion in pillar.criteria
    }
    section = agreement_section(edition.agreement, "the readings of this case", titles)
    note = "What assessors read, each for themselves. The score of this report rests on the document of the case alone."
    return (replace(section, blocks=(Paragraph((note,), "note"), *section.blocks)),)


def _precedents(assessment: Assessment, edition: Edition) -> tuple[Section, ...]:
    if edition.precedents is None:
        return ()
    from assess.reporting.precedents import precedents_section

    if edition.precedents.assessment != assessment.parts():
        raise UsageError("the precedents belong to another assessment; find them again for this one")
    return (precedents_section(edition.precedents, assessment.rubric.base_rates),)


def _facts(assessment: Assessment) -> list[tuple[str, str]]:
    case = assessment.partnership
    return [
        ("Parties", _parties(assessment)),
        ("Type", words.capital(words.TYPES[case.type])),
        ("Stage", words.capital(words.STAGES[case.stage])),
        ("As of", words.spelled(case.as_of)),
        ("Judgements", words.capital(words.JUDGEMENTS[case.judgements])),
    ]


def _parties(assessment: Assessment) -> str:
    parties = assessment.partnership.parties
    if len(parties) <= NAMED_PARTIES:
        return words.listed([party.name for party in parties])
    key = [party.name for party in parties if party.key]
    if len(key) <= NAMED_PARTIES:
        return f"{words.counted(len(parties), 'party')}, among them as key parties {words.listed(key)}"
    return words.counted(len(parties), "party")


def _caveat(assessment: Assessment) -> tuple[str, str] | None:
    if assessment.partnership.judgements != "illustrative":
        return None
    return (
        "Illustrative judgements",
        "The levels in this report are illustrative judgements set to show the method, not findings about the parties.",
    )
