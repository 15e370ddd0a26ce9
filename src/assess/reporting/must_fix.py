"""The red lines as a list to work through: what was found, what it does, and what clears it."""

from __future__ import annotations

from dataclasses import dataclass

from assess.documents.fields import PROPOSED_STAGES, RedLineStatus
from assess.reporting import words
from assess.reporting.links import Line, Places, Run, place
from assess.scoring.assessment import Assessment, RedLineResult

ORDER: tuple[RedLineStatus, ...] = ("tripped", "disputed", "unknown", "clear")


@dataclass(frozen=True, slots=True)
class Finding:
    """One red line, as found."""

    place: str
    name: str
    condition: str
    effect: str
    fact: str
    evidence: Line
    criterion: Run
    reference: str
    clears: str


@dataclass(frozen=True, slots=True)
class Group:
    """The red lines of one status."""

    status: RedLineStatus
    heading: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class MustFix:
    """All red lines, the tripped first."""

    heading: str
    note: str
    groups: tuple[Group, ...]


def must_fix(assessment: Assessment, places: Places) -> MustFix:
    """Return the red lines of an assessment, grouped by status."""
    proposed = assessment.partnership.stage in PROPOSED_STAGES
    groups = tuple(group for status in ORDER if (group := _group(assessment, places, status, proposed)).findings)
    counts = words.listed([f"{len(group.findings)} {words.STATUSES[group.status]}" for group in groups])
    title = "Red lines and what must be fixed before signature" if proposed else "Red lines"
    return MustFix(
        heading=f"{title}: {counts}" if counts else f"{title}: the rubric has none",
        note=(
            "A red line caps a rating and never changes a number. Only a tripped one caps; "
            "a disputed or unknown one is listed and caps nothing."
        ),
        groups=groups,
    )


def _group(assessment: Assessment, places: Places, status: RedLineStatus, proposed: bool) -> Group:
    found = [line for line in assessment.red_lines if line.status == status]
    heading = f"{words.capital(words.STATUSES[status])} ({len(found)})"
    if proposed and status == "tripped":
        heading = f"Must be fixed before signature ({len(found)})"
    return Group(status, heading, tuple(_finding(line, assessment, places) for line in found))


def _finding(line: RedLineResult, assessment: Assessment, places: Places) -> Finding:
    pillar = places.pillars.get(line.pillar, line.pillar)
    done = words.effect(line.effect, pillar, assessment.rubric.bands)
    return Finding(
        place=place("r", line.id),
        name=words.named(line.id),
        condition=words.sentence(line.when),
        effect=words.sentence(done if line.status == "tripped" else f"if tripped, {done}"),
        fact=words.sentence(line.fact) if line.fact is not None else "No fact was recorded.",
        evidence=places.sources(line.evidence),
        criterion=places.criterion(line.criterion),
        reference=words.sentence(line.reference) if line.reference is not None else "None given.",
        clears=words.sentence(line.clears) if line.clears is not None else "Not stated in the rubric.",
    )
