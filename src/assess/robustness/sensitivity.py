"""What the overall score and rating of one case hang on: each input's range, each criterion, the choice of method.

One-at-a-time ranges, leaving out, and method choice as a source of uncertainty: OECD/JRC 2008, Handbook on
Constructing Composite Indicators, step 7; Saisana, Saltelli & Tarantola 2005, Journal of the Royal Statistical
Society A 168(2).
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from assess.documents.errors import UsageError
from assess.documents.fields import Frozen
from assess.robustness.drawing import DEFAULT, Drawing, drawn_values
from assess.robustness.weighted import (
    Weights,
    combine,
    declared,
    label,
    no_score,
    normalised,
    number,
    overall,
    overall_codes,
    weighted,
)
from assess.rubric.measures import Floats
from assess.rubric.models import Aggregation, Arithmetic, Geometric, Minimum
from assess.scoring.kernel import NO_RATING
from assess.scoring.prepared import Prepared, prepare

LEVEL_MAPS = ((0.0, 25.0, 50.0, 75.0, 100.0), (0.0, 15.0, 40.0, 70.0, 100.0))
"""Two ways to value the levels 0 to 4: in equal steps, and with the lower levels further down."""


class InputRange(Frozen):
    """One input at the low and at the high end of its range, all others at their best values."""

    criterion: str
    party: Annotated[str | None, Field(description="whose reading it is, where parties are read one by one")]
    low: Annotated[float, Field(description="low, best and high value of the input, 0-100")]
    value: float
    high: float
    score_low: Annotated[float, Field(description="overall score with the input at its low end")]
    score_high: Annotated[float, Field(description="overall score with the input at its high end")]
    rating_low: str | None
    rating_high: str | None
    swing: Annotated[float, Field(description="points of overall score between the two ends")]


class Tornado(Frozen):
    """Every input that counts, the widest swing first."""

    score: float | None
    rating: str | None
    inputs: tuple[InputRange, ...]
    reason: Annotated[str | None, Field(description="why there is nothing to show; null otherwise")]


class WithoutCriterion(Frozen):
    """The whole without one criterion; its weight is shared out among its neighbours."""

    criterion: str
    observed: bool
    score: float | None
    change: Annotated[float | None, Field(description="points of overall score; null where either score is missing")]
    rating: str | None
    changes: Annotated[bool, Field(description="whether the rating differs from the stated one")]
    reason: Annotated[str | None, Field(description="why there is no score without it; null where there is one")]


class LeaveOneOut(Frozen):
    """Every criterion that applies, left out in turn, the largest change first."""

    score: float | None
    rating: str | None
    criteria: tuple[WithoutCriterion, ...]


class Method(Frozen):
    """The case by one combination of methods."""

    aggregation: Annotated[Aggregation, Field(description="how the pillars combine")]
    level_values: tuple[float, ...]
    declared: Annotated[bool, Field(description="whether this is what the rubric declares")]
    score: float | None
    rating: str | None
    uncapped_rating: str | None
    changed: Annotated[
        float | None,
        Field(description="share of input draws whose rating differs from the declared method's in the same draw"),
    ]
    changed_uncapped: Annotated[float | None, Field(description="the same before red lines")]


class MethodChoice(Frozen):
    """How far the rating hangs on choices of method."""

    methods: Annotated[tuple[Method, ...], Field(description="the declared one first")]
    alternatives: Annotated[int, Field(description="number of combinations beside the declared one")]
    different: Annotated[int, Field(description="how many of them rate the best values otherwise, before red lines")]
    draws: int
    seed: int
    reason: Annotated[str | None, Field(description="why there is no overall score; null where there is one")]


def tornado(case: Prepared) -> Tornado:
    """Return the overall score at both ends of every input's range, one input at a time, widest swing first.

    An input whose range has no width has a swing of 0. Inputs that do not count (weight 0, too little known) are
    left out. Empty, with the reason, where there is no overall score.
    """
    stated, reason = float(case.scores.score[0, -1]), no_score(case)
    _, capped = overall_codes(case, np.array([stated]))
    used = np.flatnonzero((case.compiled.weights[case.columns] > 0) & ~case.thin[case.columns])
    if reason is not None:
        return Tornado(score=number(stated), rating=label(case, int(capped[0])), inputs=(), reason=reason)
    k = len(used)
    readings = np.repeat(case.value[:, None], 2 * k, axis=1)
    readings[used, np.arange(k)] = case.low[used]
    readings[used, np.arange(k, 2 * k)] = case.high[used]
    scores = overall(case, case.criteria(readings), declared(case.compiled))
    _, codes = overall_codes(case, scores)
    rows = [
        InputRange(
            criterion=case.inputs[index].criterion,
            party=case.inputs[index].party,
            low=float(case.low[index]),
            value=float(case.value[index]),
            high=float(case.high[index]),
            score_low=float(scores[row]),
            score_high=float(scores[row + k]),
            rating_low=label(case, int(codes[row])),
            rating_high=label(case, int(codes[row + k])),
            swing=float(scores[row + k] - scores[row]),
        )
        for row, index in enumerate(used)
    ]
    rows.sort(key=lambda row: -row.swing)  # stable: ties keep the order of the rubric
    return Tornado(score=number(stated), rating=label(case, int(capped[0])), inputs=tuple(rows), reason=None)


def leave_one_out(case: Prepared) -> LeaveOneOut:
    """Return the overall score and rating without each criterion that applies, the largest change first.

    The weight of what is left out is shared among its neighbours, as if the rubric did not have it; a pillar left
    empty drops out the same way. Red lines stay as found: the fact does not go away with the criterion.
    """
    compiled = case.compiled
    used = np.flatnonzero(compiled.weights > 0)
    criteria = np.repeat(compiled.weights[:, None], len(used), axis=1)
    criteria[used, np.arange(len(used))] = 0.0
    weights = normalised(compiled, Weights(criteria, compiled.node_weights[:, None]))
    stated = float(case.scores.score[0, -1])
    scores = overall(case, case.best, weights)
    _, codes = overall_codes(case, np.array([stated, *scores]))
    empty = np.asarray(~(weights.pillars[compiled.top] > 0).any(axis=0))
    rows = []
    for row, column in enumerate(used):
        missing, gone = bool(np.isnan(scores[row])), bool(empty[row])
        why = "no criterion is left" if gone else "too little is observed without it"
        rows.append(
            WithoutCriterion(
                criterion=compiled.criteria[column].id,
                observed=not np.isnan(case.best[0, column]),
                score=number(scores[row]),
                change=number(scores[row] - stated),
                rating=label(case, int(codes[row + 1])),
                changes=bool(codes[row + 1] != codes[0]),
                reason=why if missing else None,
            )
        )
    rows.sort(key=lambda row: -abs(row.change or 0.0))
    return LeaveOneOut(score=number(stated), rating=label(case, int(codes[0])), criteria=tuple(rows))


def method_choice(case: Prepared, *, draws: int, seed: int, how: Drawing = DEFAULT) -> MethodChoice:
    """Return the ratings under every combination of rule across pillars and value of levels.

    Rules: the declared one, arithmetic, geometric, minimum. Values of levels: the declared ones and `LEVEL_MAPS`.
    The same input draws serve every combination. Raises UsageError for 0 draws.
    """
    if draws < 1:
        raise UsageError(f"draws must be at least 1 (found {draws})")
    rubric = case.rubric
    rules = _rules(rubric.aggregation)
    maps = [rubric.level_values, *(values for values in LEVEL_MAPS if values != rubric.level_values)]
    tables = [_by_rule(_valued(case, values), rules, how, draws, seed) for values in maps]
    found = [
        (rule, values, best, drawn)
        for values, table in zip(maps, tables, strict=True)
        for rule, (best, drawn) in zip(rules, table, strict=True)
    ]
    before, after = overall_codes(case, np.array([best for _, _, best, _ in found]))
    base = overall_codes(case, found[0][3])
    stated = int(before[0]) != NO_RATING, int(after[0]) != NO_RATING
    methods = []
    for index, (rule, values, best, drawn) in enumerate(found):
        codes = overall_codes(case, drawn)
        differ = [float((a != b).mean()) for a, b in zip(codes, base, strict=True)]
        methods.append(
            Method(
                aggregation=rule,
                level_values=values,
                declared=index == 0,
                score=number(best),
                rating=label(case, int(after[index])),
                uncapped_rating=label(case, int(before[index])),
                changed=differ[1] if stated[1] else None,
                changed_uncapped=differ[0] if stated[0] else None,
            )
        )
    return MethodChoice(
        methods=tuple(methods),
        alternatives=len(methods) - 1,
        different=int((before != before[0]).sum()),
        draws=draws,
        seed=seed,
        reason=no_score(case),
    )


def _rules(own: Aggregation) -> list[Aggregation]:
    """Return the declared rule, then those of arithmetic, geometric and minimum that it is not."""
    others = (Arithmetic(method="arithmetic"), Geometric(method="geometric"), Minimum(method="minimum"))
    return [own, *(rule for rule in others if rule.method != own.method)]


def _valued(case: Prepared, level_values: tuple[float, ...]) -> Prepared:
    """Return the case with other values for the levels."""
    if level_values == case.rubric.level_values:
        return case
    return prepare(case.partnership, case.rubric.model_copy(update={"level_values": level_values}))


def _by_rule(
    case: Prepared, rules: list[Aggregation], how: Drawing, draws: int, seed: int
) -> list[tuple[float, Floats]]:
    """Return the overall score of the best values and of the draws (n,) by each rule across the pillars."""
    compiled = case.compiled
    values = np.concatenate([case.best, drawn_values(case, how, draws, seed)])
    nodes = weighted(compiled, values, declared(compiled), case.counted)
    shares = np.broadcast_to(compiled.node_weights[compiled.top, None], (len(compiled.top), len(values)))
    missing = np.isnan(nodes[:, -1])
    found = []
    for rule in rules:
        scores = np.where(missing, np.nan, np.minimum(combine(rule, nodes[:, compiled.top].T, shares), 100.0))
        found.append((float(scores[0]), scores[1:]))
    return found
