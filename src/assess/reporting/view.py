"""The one view model: an Assessment as text ready to be placed. All wording and rounding is done by then."""

from __future__ import annotations

from dataclasses import dataclass

from assess.documents.fields import date_span
from assess.reporting import words
from assess.reporting.bottom_line import BottomLine, bottom_line
from assess.reporting.links import places_of
from assess.reporting.method import Method, method
from assess.reporting.must_fix import MustFix, must_fix
from assess.reporting.pillars import PillarSection, pillar_sections
from assess.reporting.profile import Profile, profile
from assess.reporting.sources import Sources, sources
from assess.scoring.assessment import Assessment

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
    profile: Profile
    must_fix: MustFix
    pillars: tuple[PillarSection, ...]
    sources: Sources
    method: Method


def to_view(assessment: Assessment) -> Report:
    """Return the view model of an assessment."""
    places = places_of(assessment)
    case, rubric = assessment.partnership, assessment.rubric
    year, month, day = date_span(case.as_of)[1]
    digest = f", SHA-256 {rubric.sha256[:12]}" if rubric.sha256 else ""
    return Report(
        title=f"Assessment of {case.title}",
        subject=case.title,
        handling=case.handling,
        question=rubric.profile_question,
        facts=tuple(_facts(assessment)),
        caveat=_caveat(assessment),
        date=(year, month, day),
        foot=f"{rubric.id} {rubric.version}{digest}",
        bottom_line=bottom_line(assessment, places),
        profile=profile(assessment, places),
        must_fix=must_fix(assessment, places),
        pillars=pillar_sections(assessment, places),
        sources=sources(assessment, places),
        method=method(assessment, places),
    )


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
