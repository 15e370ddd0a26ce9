"""The method statement: enough to check every number by hand, and to get the same bytes again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assess.reporting import numbers, words
from assess.reporting.links import Places, Run, place
from assess.scoring.assessment import Assessment, PillarResult


@dataclass(frozen=True, slots=True)
class Rule:
    """One part of the method under its name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Weight:
    """One row of the table of weights: a pillar, or a criterion inside it."""

    place: str
    name: Run
    is_pillar: bool
    declared: str
    multiplier: str
    share: str
    total: str


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning in full."""

    code: str
    at: Run
    text: str


@dataclass(frozen=True, slots=True)
class Method:
    """How the numbers were made."""

    heading: str
    subject: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    weights_note: str
    weights: tuple[Weight, ...]
    warnings_note: str
    warnings: tuple[Warned, ...]
    identity: tuple[Rule, ...]
    recompute: str


def method(assessment: Assessment, places: Places) -> Method:
    """Return the method statement of an assessment."""
    warnings = tuple(Warned(w.code, places.any(w.at), words.sentence(w.text)) for w in assessment.warnings)
    return Method(
        heading="Method: how the numbers were made",
        subject=tuple(_subject(assessment)),
        rules=tuple(_rules(assessment)),
        weights_note=_weights_note(assessment),
        weights=tuple(_weights(assessment.pillars, places, 1.0)),
        warnings_note=words.sentence(words.counted(len(warnings), "warning")),
        warnings=warnings,
        identity=tuple(_identity(assessment)),
        recompute=(
            "Score the partnership document and the rubric that have these hashes, with this version, seed and "
            "number of draws: assess score PARTNERSHIP --rubric RUBRIC --format json. "
            "The same inputs, versions and seed give the same report."
        ),
    )


def _subject(assessment: Assessment) -> Iterator[Rule]:
    case = assessment.partnership
    if case.summary is not None:
        yield Rule("Subject", words.sentence(case.summary))
    parties = [f"{party.name} ({party.id}{'' if party.key else ', not key'})" for party in case.parties]
    yield Rule(words.capital(words.plural("party")), words.sentence("; ".join(parties)))
    if case.objectives:
        yield Rule("Objectives", " ".join(words.sentence(objective.text) for objective in case.objectives))


def _rules(assessment: Assessment) -> Iterator[Rule]:
    rubric = assessment.rubric
    levels = words.listed([numbers.plain(value) for value in rubric.level_values])
    yield Rule(
        "Scale",
        "Every criterion is read on a fixed scale and becomes a value from 0 (worst) to 100 (best). "
        f"The levels 0 to 4 count {levels}, with straight lines between. No value depends on another case. "
        "A pillar shown as risk prints 100 minus its score, and the score beside it.",
    )
    inside = list(dict.fromkeys(words.aggregation(pillar.aggregation) for pillar in assessment.pillars))
    yield Rule(
        "Combination",
        f"Inside a pillar: {'; or '.join(inside)}. Across pillars: {words.aggregation(rubric.aggregation)}. "
        "A criterion read per party counts the weakest key party.",
    )
    rule = rubric.coverage
    yield Rule(
        "Missing evidence",
        "A missing observation is neither 0 nor the mean: "
        "it leaves the score, and coverage falls by its weight. "
        f"Under {numbers.plain(rule.insufficient_below)} % coverage a pillar has no score; under "
        f"{numbers.plain(rule.provisional_below)} % it is provisional. "
        "A criterion that does not apply gives its weight to the others of its pillar.",
    )
    best_first = [f"{band.label} from {numbers.plain(band.at_least)}" for band in rubric.bands]
    yield Rule(
        "Ratings",
        f"{words.listed(best_first)}. Where the 80 % interval crosses an edge, both ratings are printed. "
        "Numbers are shown whole; rounding never carries one across an edge.",
    )
    half = rubric.half_widths
    made = assessment.provenance
    yield Rule(
        "Intervals",
        "Every observation has a low, a best and a high value. "
        f"A bare judgement reaches {numbers.plain(half.high)} level to each side at high confidence, "
        f"{numbers.plain(half.moderate)} at moderate and {numbers.plain(half.low)} at low. "
        "The score is that of the best values. "
        "Its 80 % interval is the range from the tenth to the ninetieth percentile of "
        f"{made.draws:,} draws ({made.distribution} distribution, seed {made.seed}), "
        "widened where needed to hold the score.",
    )
    yield Rule(
        "Red lines",
        "A red line is tripped, disputed, unknown or clear. A tripped one caps a rating and never changes a "
        "number; the rating before red lines is printed beside the capped one.",
    )
    profile = (
        "the rubric’s own weights" if rubric.profile == "default" else f"the profile “{words.named(rubric.profile)}”"
    )
    note = f" {words.sentence(rubric.profile_note)}" if rubric.profile_note else ""
    yield Rule("Profile", f"Pillar weights come from {profile}.{note}")


def _weights_note(assessment: Assessment) -> str:
    kind = words.TYPES[assessment.partnership.type]
    return (
        f"Declared weights as written in the rubric; the multiplier is that for the type {kind}. "
        "A share is a criterion’s part of its pillar after multipliers and after what does not apply; "
        "the last column is its part of the whole. Whole percentages may not add up to 100."
    )


def _weights(pillars: tuple[PillarResult, ...], places: Places, outer: float) -> Iterator[Weight]:
    for pillar in pillars:
        total = outer * pillar.weight
        yield Weight(
            place("w", pillar.id),
            places.pillar(pillar.id),
            True,
            "",
            "",
            numbers.percent(pillar.weight),
            numbers.percent(total),
        )
        yield from _weights(pillar.pillars, places, total)
        for criterion in pillar.criteria:
            applies = criterion.applicable
            yield Weight(
                place=place("w", criterion.id),
                name=places.criterion(criterion.id),
                is_pillar=False,
                declared=numbers.plain(criterion.declared_weight),
                multiplier=f"× {numbers.plain(criterion.multiplier)}",
                share=numbers.percent(criterion.weight) if applies else "n/a",
                total=numbers.percent(total * criterion.weight) if applies else "n/a",
            )


def _identity(assessment: Assessment) -> Iterator[Rule]:
    rubric, made = assessment.rubric, assessment.provenance
    yield Rule("Rubric", f"{rubric.title} ({rubric.id} {rubric.version})")
    yield Rule("Rubric SHA-256", rubric.sha256 or "none: the rubric was built in memory")
    yield Rule("Partnership", f"{assessment.partnership.title} ({assessment.partnership.id})")
    yield Rule("Partnership SHA-256", made.partnership_sha256 or "none: the partnership was built in memory")
    yield Rule("Version of assess", made.assess_version)
    yield Rule("Draws and seed", f"{made.draws:,} draws, seed {made.seed}")
