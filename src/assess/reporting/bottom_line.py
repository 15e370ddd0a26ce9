"""Page one: the rating with its interval, what drives it, the red lines, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass

from assess.reporting import numbers, words
from assess.reporting.links import Line, Link, Places, Run, all_criteria, joined, place
from assess.reporting.pillars import applies, basis_of, summary_of
from assess.reporting.profile import alternatives
from assess.scoring.assessment import Assessment, CriterionResult, PillarResult, Rated

DRIVERS = 3
LEVERS = 3
NOTICEABLE = 1e-6
"""Points of the overall score; less is the rounding error of sums."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A criterion that moves the score most, with the proof a reader needs to check it."""

    part: str
    criterion: Run
    value: str
    basis: str
    evidence: Line


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
        score=_score(assessment),
        cap=_cap(overall, places),
        cautions=(*_basis(assessment, places), *_disagreement(assessment), *_further(assessment)),
        drivers=_drivers(assessment, places),
        red_lines=_red_lines(assessment, places),
        levers=_levers(assessment, places),
    )


def _score(assessment: Assessment) -> Line:
    overall, bands = assessment.overall, assessment.rubric.bands
    profile = "profile"
    if overall.score is None:
        share = numbers.coverage(overall.coverage, assessment.rubric.coverage)
        bounds = words.interval(overall.bound_low, overall.bound_high, bands)
        return (
            f"No score: {share} of the applicable weight has an observation. "
            "Whatever the missing observations say, the score lies within ",
            Link(bounds, profile),
            ", on a scale from 0 (worst) to 100 (best). A score is not a probability.",
        )
    line: list[Run] = ["Score ", Link(str(numbers.whole(overall.score, bands)), profile)]
    if overall.low is not None and overall.high is not None:
        line += [", 80 % interval ", Link(words.interval(overall.low, overall.high, bands), profile)]
    line.append(", on a scale from 0 (worst) to 100 (best). A score is not a probability.")
    return tuple(line)


def _cap(overall: Rated, places: Places) -> Cap | None:
    if not overall.capped_by:
        return None
    names = joined(places.red_line(name) for name in overall.capped_by)
    return Cap(overall.rating or "No rating", overall.uncapped_rating or "No rating", names)


def _basis(assessment: Assessment, places: Places) -> tuple[Line, ...]:
    rule = assessment.rubric.coverage
    short = [pillar for pillar in assessment.pillars if applies(pillar) and pillar.basis != "sufficient"]
    if assessment.overall.basis == "sufficient" and not short:
        return ()
    thin: list[Run] = []
    for pillar in short:
        share = numbers.coverage(pillar.coverage, rule)
        thin += ["; " if thin else "", places.pillar(pillar.id), f" ({pillar.basis}, {share})"]
    share = numbers.coverage(assessment.overall.coverage, rule)
    state = words.BASES[assessment.overall.basis]
    opening = f"The basis is {state}: {share} of the applicable weight has an observation."
    return ((opening, " Pillars short of evidence: ", *thin, ".") if thin else (opening,),)


def _disagreement(assessment: Assessment) -> tuple[Line, ...]:
    found = alternatives(assessment)
    if not found:
        return ()
    named = words.listed([f"{other.name.lower()} {other.rating} ({other.score})" for other in found])
    return ((Link("The rating depends on how the pillars are combined", "alternatives"), f": {named}."),)


def _further(assessment: Assessment) -> tuple[Line, ...]:
    if not assessment.warnings:
        return ()
    return ((Link(words.counted(len(assessment.warnings), "warning"), "warnings"), " in full at the end."),)


def _drivers(assessment: Assessment, places: Places) -> tuple[Driver, ...]:
    """Return the strongest lifting and limiting criteria, by weight x distance from the overall score."""
    centre = 50.0 if assessment.overall.score is None else assessment.overall.score
    pulls: list[tuple[float, PillarResult, CriterionResult]] = []
    for pillar in assessment.pillars:
        for weight, criterion in _weighted(pillar, 1.0):
            if criterion.value is not None and weight > 0:
                pulls.append((pillar.weight * weight * (criterion.value - centre), pillar, criterion))
    pulls.sort(key=lambda pull: -pull[0])
    lifting = [pull for pull in pulls if pull[0] > NOTICEABLE]
    limiting = [pull for pull in reversed(pulls) if pull[0] < -NOTICEABLE]
    chosen = lifting[:1] + limiting[:1]
    rest = sorted(lifting[1:] + limiting[1:], key=lambda pull: -abs(pull[0]))
    chosen += rest[: DRIVERS - len(chosen)]
    chosen.sort(key=lambda pull: -pull[0])
    return tuple(_driver(assessment, places, *pull) for pull in chosen)


def _weighted(pillar: PillarResult, share: float) -> list[tuple[float, CriterionResult]]:
    inner = [pair for child in pillar.pillars for pair in _weighted(child, share * child.weight)]
    return inner + [(share * criterion.weight, criterion) for criterion in pillar.criteria]


def _driver(
    assessment: Assessment, places: Places, pull: float, pillar: PillarResult, criterion: CriterionResult
) -> Driver:
    bands = assessment.rubric.bands
    if criterion.value is None:
        raise ValueError(f"{criterion.id} has no value and cannot drive the score")
    value = f"value {numbers.whole(criterion.value, bands)}"
    if criterion.low is not None and criterion.high is not None:
        value += f", range {words.interval(criterion.low, criterion.high, bands)}"
    return Driver(
        part=f"{'Lifts' if pull > 0 else 'Lowers'} the score ({pillar.title})",
        criterion=places.criterion(criterion.id),
        value=value,
        basis=summary_of(criterion, places),
        evidence=basis_of(criterion, places),
    )


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
    """Return what would lift a cap, then the heavy low criteria of the pillar with the lowest score."""
    bands = assessment.rubric.bands
    lines: list[Line] = [
        ("Would lift the cap by ", places.red_line(line.id), ": ", words.sentence(line.clears))
        for line in assessment.red_lines
        if line.id in assessment.overall.capped_by and line.clears is not None
    ]
    weakest = next((p for p in assessment.pillars if p.id == assessment.alternatives.weakest_pillar_id), None)
    if weakest is None or weakest.score is None:
        return tuple(lines)
    heavy = sorted(
        (c for c in all_criteria(weakest) if c.value is not None and c.value < 100 and c.weight > 0 and c.mitigations),
        key=lambda c: -c.weight * (100 - (c.value or 0)),
    )
    for criterion in heavy[:LEVERS]:
        if criterion.value is None:
            continue
        lines.append(
            (
                "Would raise ",
                places.criterion(criterion.id),
                f" (value {numbers.whole(criterion.value, bands)}, ",
                Link(f"{numbers.percent(criterion.weight)} of {weakest.title}", place("w", criterion.id)),
                "): ",
                words.sentence(criterion.mitigations[0].text),
            )
        )
    return tuple(lines)
