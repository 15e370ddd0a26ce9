"""Page one: the rating with its interval, what drives it, the red lines, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass

from assess.reporting import linked, numbers, words
from assess.reporting.improvements import best_by_criterion, improvements
from assess.reporting.links import Line, Link, Places, Run, joined
from assess.reporting.pillars import applies, basis_of, summary_of
from assess.reporting.profile import alternatives
from assess.scoring.assessment import Assessment, CriterionResult, PillarResult, Rated, all_pillars

DRIVERS = 3
LEVERS = 3
SCALE = "on a scale from 0 (worst) to 100 (best). A score is not a probability."
CITED = 2
"""Citations in the footnote of a driver; the sources list them all."""
"""Points of the overall score; less is the rounding error of sums."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A criterion that moves the score most, with the proof a reader needs to check it."""

    part: str
    criterion: Run
    value: Line
    basis: str
    evidence: Line
    note: str
    """The citations of that evidence, for a footnote on paper."""


@dataclass(frozen=True, slots=True)
class Cap:
    """A rating before and after red lines, side by side."""

    after: str
    before: str
    reason: Line


@dataclass(frozen=True, slots=True)
class BottomLine:
    """What a reader with two minutes sees. Every number leads to its place in the report."""

    what: str
    rating: str
    score: Line
    cap: Cap | None
    cautions: tuple[Line, ...]
    drivers: tuple[Driver, ...]
    red_lines: tuple[Line, ...]
    levers: tuple[Line, ...]


def bottom_line(assessment: Assessment, places: Places) -> BottomLine:
    """Return page one of the report on an assessment."""
    overall = assessment.overall
    return BottomLine(
        what="Dialogue value" if assessment.partnership.type == "strategic_dialogue" else "Rating",
        rating=words.rating(overall),
        score=_score(assessment, places),
        cap=_cap(overall, places),
        cautions=(
            *_basis(assessment, places),
            *_disagreement(assessment),
            *_disputed(assessment),
            *_further(assessment),
        ),
        drivers=_drivers(assessment, places),
        red_lines=_red_lines(assessment, places),
        levers=_levers(assessment, places),
    )


def _score(assessment: Assessment, places: Places) -> Line:
    overall, bands = assessment.overall, assessment.rubric.bands
    if overall.score is None:
        return (
            "No score: ",
            linked.coverage("overall", overall, assessment.rubric.coverage, places, "profile"),
            " of the applicable weight has an observation. "
            "Whatever the missing observations say, the score lies within ",
            linked.bounds("overall", overall, bands, places, "profile"),
            f", {SCALE}",
        )
    line: list[Run] = ["Score ", linked.score("overall", overall, bands, places, "profile")]
    extent = linked.interval("overall", overall, bands, places, "profile")
    if extent is not None:
        line += [", 80 % interval ", extent]
    return (*line, f", {SCALE}")


def _cap(overall: Rated, places: Places) -> Cap | None:
    if not overall.capped_by:
        return None
    names = joined(places.red_line(name) for name in overall.capped_by)
    return Cap(words.rating(overall), words.uncapped(overall), names)


def _basis(assessment: Assessment, places: Places) -> tuple[Line, ...]:
    rule = assessment.rubric.coverage
    short = [pillar for pillar in assessment.pillars if applies(pillar) and pillar.basis != "sufficient"]
    if assessment.overall.basis == "sufficient" and not short:
        return ()
    thin: list[Run] = []
    for pillar in short:
        share = linked.coverage(pillar.id, pillar, rule, places, "profile")
        thin += ["; " if thin else "", places.pillar(pillar.id), f" ({pillar.basis}, ", share, ")"]
    line: list[Run] = [
        f"The basis is {words.BASES[assessment.overall.basis]}: ",
        linked.coverage("overall", assessment.overall, rule, places, "profile"),
        " of the applicable weight has an observation.",
    ]
    return ((*line, " Pillars short of evidence: ", *thin, ".") if thin else tuple(line),)


def _disagreement(assessment: Assessment) -> tuple[Line, ...]:
    found = alternatives(assessment)
    if not found:
        return ()
    line: list[Run] = [Link("The rating depends on how the pillars are combined", "alternatives"), ": "]
    for index, other in enumerate(found):
        line += ["" if index == 0 else "; ", f"{other.name.lower()} {other.rating} (", other.score, ")"]
    return ((*line, "."),)


def _disputed(assessment: Assessment) -> tuple[Line, ...]:
    found = sum(judgement.dissent is not None for judgement in assessment.partnership.key_judgements)
    if not found:
        return ()
    count = words.counted(found, "key judgement")
    return ((Link(f"{count} with a dissenting reading", "judgements"), "."),)


def _further(assessment: Assessment) -> tuple[Line, ...]:
    if not assessment.warnings:
        return ()
    return ((Link(words.counted(len(assessment.warnings), "warning"), "warnings"), " in full at the end."),)


def _drivers(assessment: Assessment, places: Places) -> tuple[Driver, ...]:
    """Return the strongest lifting and limiting criteria, by weight x distance from the overall score."""
    centre = 50.0 if assessment.overall.score is None else assessment.overall.score
    pulls = [
        (criterion.overall_weight * (criterion.value - centre), pillar, criterion)
        for pillar in all_pillars(assessment.pillars)
        for criterion in pillar.criteria
        if criterion.value is not None and criterion.overall_weight > 0
    ]
    pulls.sort(key=lambda pull: -pull[0])
    lifting = [pull for pull in pulls if pull[0] > numbers.NOTICEABLE]
    limiting = [pull for pull in reversed(pulls) if pull[0] < -numbers.NOTICEABLE]
    chosen = lifting[:1] + limiting[:1]
    rest = sorted(lifting[1:] + limiting[1:], key=lambda pull: -abs(pull[0]))
    chosen += rest[: DRIVERS - len(chosen)]
    chosen.sort(key=lambda pull: -pull[0])
    return tuple(_driver(assessment, places, *pull) for pull in chosen)


def _driver(
    assessment: Assessment, places: Places, pull: float, pillar: PillarResult, criterion: CriterionResult
) -> Driver:
    bands = assessment.rubric.bands
    line: list[Run] = ["value ", linked.value(criterion, bands, places)]
    if criterion.low is not None and criterion.high is not None:
        line += [", range ", linked.span(criterion, bands, places)]
    return Driver(
        part=f"{'Lifts' if pull > 0 else 'Lowers'} the score ({pillar.title})",
        criterion=places.criterion(criterion.id),
        value=tuple(line),
        basis=summary_of(criterion, places),
        evidence=basis_of(criterion, places),
        note=_citations(basis_of(criterion, places), assessment),
    )


def _citations(evidence: Line, assessment: Assessment) -> str:
    cited = [run.text for run in evidence if isinstance(run, Link)]
    found = {entry.id: entry for entry in assessment.evidence}
    named = [f"{name}: {found[name].citation.rstrip('.')} ({found[name].grade})" for name in cited[:CITED]]
    rest = f"; and {len(cited) - CITED} more in the sources" if len(cited) > CITED else ""
    return words.sentence("; ".join(named) + rest) if named else ""


def _red_lines(assessment: Assessment, places: Places) -> tuple[Line, ...]:
    total = len(assessment.red_lines)
    if not total:
        return (("The rubric has no red lines.",),)
    lines: list[Line] = []
    for status in ("tripped", "disputed", "unknown"):
        found = [line.id for line in assessment.red_lines if line.status == status]
        if found:
            opening = f"{len(found)} of {total} {words.STATUSES[status]}: "
            lines.append((opening, *joined(places.red_line(name) for name in found), "."))
    clear = sum(line.status == "clear" for line in assessment.red_lines)
    lines.append((f"{clear} of {total} clear.",) if lines else (f"All {total} clear.",))
    return tuple(lines)


def _levers(assessment: Assessment, places: Places) -> tuple[Line, ...]:
    """Return what would lift a cap, then the changes that would raise the overall score most."""
    lines: list[Line] = [
        ("Would lift the cap by ", places.red_line(line.id), ": ", words.sentence(line.remedy or line.clears or ""))
        for line in assessment.red_lines
        if line.id in assessment.overall.capped_by and (line.remedy or line.clears)
    ]
    for change in best_by_criterion(improvements(assessment))[:LEVERS]:
        if change.gain is None:
            pointer = f"{change.pointer.removesuffix('gain')}pillar_gain"
            gain, where = linked.gain(change.way.pillar_gain, pointer, "improvements"), "in its pillar"
        else:
            gain, where = linked.gain(change.gain, change.pointer, "improvements"), "overall"
        named = places.criterion(change.criterion.id)
        lines.append((named, " (", gain, f" {where}): ", words.sentence(change.way.text)))
    return tuple(lines)
