"""The method statement: enough to check every number by hand, and to get the same bytes again."""

from __future__ import annotations

from collections.abc import Iterator

from assess.reporting import linked, numbers, words
from assess.reporting.blocks import Block, Facts, Head, Heading, Paragraph, Row, Section, Table, row
from assess.reporting.links import Line, Places, place
from assess.reporting.weighting import origin
from assess.scoring.assessment import Assessment, PillarResult

Rule = tuple[str, Line]


def method_section(assessment: Assessment, places: Places) -> Section:
    """Return the method statement of an assessment."""
    warned = tuple(
        row(caution.code, (places.any(caution.at),), words.sentence(caution.text)) for caution in assessment.warnings
    )
    heads = (
        Head("Pillar or criterion", "wide"),
        Head("Declared", "number"),
        Head("Multiplier", "number"),
        Head("Share", "number"),
        Head("Of the whole", "number"),
    )
    blocks: list[Block] = [
        Heading("What was assessed"),
        Facts(tuple(_subject(assessment))),
        Heading("Rules"),
        Facts(tuple(_rules(assessment))),
        Heading("Weights"),
        Paragraph((_weights_note(assessment),), "note"),
        Table("Declared weights and the shares they give", heads, tuple(_weights(assessment.pillars, places))),
        Heading("Warnings", "warnings"),
        Paragraph((words.sentence(words.counted(len(warned), "warning")),)),
    ]
    if warned:
        blocks.append(Table("Warnings", (Head("Code"), Head("Where"), Head("Warning", "wide")), warned))
    blocks += [
        Heading("How to recompute"),
        Paragraph(
            (
                "Score the partnership document and the rubric that have these hashes, with this version, seed and "
                "number of draws: assess score PARTNERSHIP --rubric RUBRIC --format json. "
                "The same inputs, versions and seed give the same report.",
            )
        ),
        Facts(tuple(_identity(assessment))),
    ]
    return Section("method", "Method", "Method: how the numbers were made", tuple(blocks), annex=True)


def _rule(name: str, text: str) -> Rule:
    return name, (text,)


def _subject(assessment: Assessment) -> Iterator[Rule]:
    case = assessment.partnership
    if case.summary is not None:
        yield _rule("Subject", words.sentence(case.summary))
    parties = [f"{party.name} ({party.id}{'' if party.key else ', not key'})" for party in case.parties]
    yield _rule(words.capital(words.plural("party")), words.sentence("; ".join(parties)))
    yield _rule("Prepared by", words.sentence(case.prepared_by) if case.prepared_by else "Not stated.")
    yield _rule("Reviewed by", words.sentence(case.reviewed_by) if case.reviewed_by else "Nobody is named.")
    yield _rule("Funding and interests", words.sentence(case.funding) if case.funding else "Not stated.")
    if case.objectives:
        yield _rule("Objectives", " ".join(words.sentence(objective.text) for objective in case.objectives))


def _rules(assessment: Assessment) -> Iterator[Rule]:
    rubric = assessment.rubric
    levels = words.listed([numbers.plain(value) for value in rubric.level_values])
    yield _rule(
        "Scale",
        "Every criterion is read on a fixed scale and becomes a value from 0 (worst) to 100 (best). "
        f"The levels 0 to 4 count {levels}, with straight lines between. No value depends on another case. "
        "A pillar shown as risk prints 100 minus its score, and the score beside it.",
    )
    inside = list(dict.fromkeys(words.aggregation(pillar.aggregation) for pillar in assessment.pillars))
    yield _rule(
        "Combination",
        f"Inside a pillar: {'; or '.join(inside)}. Across pillars: {words.aggregation(rubric.aggregation)}. "
        "A criterion read per party counts the weakest key party.",
    )
    rule = rubric.coverage
    yield _rule(
        "Missing evidence",
        "A missing observation is neither 0 nor the mean: "
        "it leaves the score, and coverage falls by its weight. "
        f"Under {numbers.plain(rule.insufficient_below)} % coverage a pillar has no score; under "
        f"{numbers.plain(rule.provisional_below)} % it is provisional. "
        "A criterion that does not apply gives its weight to the others of its pillar.",
    )
    best_first = [f"{band.label} from {numbers.plain(band.at_least)}" for band in rubric.bands]
    yield _rule(
        "Ratings",
        f"{words.listed(best_first)}. Where the 80 % interval crosses an edge, both ratings are printed. "
        "Numbers are shown whole; rounding never carries one across an edge.",
    )
    half = rubric.half_widths
    made = assessment.provenance
    yield _rule(
        "Intervals",
        "Every observation has a low, a best and a high value. "
        f"A bare judgement reaches {numbers.plain(half.high)} level to each side at high confidence, "
        f"{numbers.plain(half.moderate)} at moderate and {numbers.plain(half.low)} at low. "
        "The score is that of the best values. "
        "Its 80 % interval is the range from the tenth to the ninetieth percentile of "
        f"{made.draws:,} draws ({made.distribution} distribution, seed {made.seed}), "
        "widened where needed to hold the score.",
    )
    yield _rule(
        "Red lines",
        "A red line is tripped, disputed, unknown or clear. A tripped one caps a rating and never changes a "
        "number; the rating before red lines is printed beside the capped one.",
    )
    profile = (
        "the rubric’s own weights" if rubric.profile == "default" else f"the profile “{words.named(rubric.profile)}”"
    )
    note = f" {words.sentence(rubric.profile_note)}" if rubric.profile_note else ""
    yield _rule("Profile", f"Pillar weights come from {profile}.{note}")
    yield _rule("Origin of the weights", origin(assessment))


def _weights_note(assessment: Assessment) -> str:
    kind = words.TYPES[assessment.partnership.type]
    return (
        f"Declared weights as written in the rubric; the multiplier is that for the type {kind}. "
        "A share is a criterion’s part of its pillar after multipliers and after what does not apply; "
        "the last column is its part of the whole. Whole percentages may not add up to 100."
    )


def _weights(pillars: tuple[PillarResult, ...], places: Places) -> Iterator[Row]:
    for pillar in pillars:
        yield row(
            places.pillar(pillar.id),
            "",
            "",
            (linked.weight(pillar, places, to=place("p", pillar.id)),),
            (linked.weight(pillar, places, overall=True, to=place("p", pillar.id)),),
            place=place("w", pillar.id),
            group=True,
        )
        yield from _weights(pillar.pillars, places)
        for criterion in pillar.criteria:
            home = place("c", criterion.id)
            yield row(
                places.criterion(criterion.id),
                numbers.plain(criterion.declared_weight),
                f"× {numbers.plain(criterion.multiplier)}",
                (linked.weight(criterion, places, to=home),),
                (linked.weight(criterion, places, overall=True, to=home),),
                place=place("w", criterion.id),
            )


def _identity(assessment: Assessment) -> Iterator[Rule]:
    rubric, made = assessment.rubric, assessment.provenance
    yield _rule("Rubric", f"{rubric.title} ({rubric.id} {rubric.version})")
    yield _rule("Rubric SHA-256", rubric.sha256 or "none: the rubric was built in memory")
    yield _rule("Partnership", f"{assessment.partnership.title} ({assessment.partnership.id})")
    yield _rule("Partnership SHA-256", made.partnership_sha256 or "none: the partnership was built in memory")
    yield _rule("Version of assess", made.assess_version)
    yield _rule("Draws and seed", f"{made.draws:,} draws, seed {made.seed}")
