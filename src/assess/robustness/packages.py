"""What it would take: the cheapest changes that bring a partnership to a rating, and the clauses its texts lack.

Changes are the mitigations as the Assessment has them, of the case where it states its own and of the rubric elsewhere,
and the clearing of tripped red lines. They bring what mitigations say they typically bring, each at its typical cost
band; none of it is a forecast.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from assess.documents.errors import UsageError
from assess.documents.fields import PROPOSED_STAGES, Frozen
from assess.documents.validation import nearest
from assess.partnership.models import Answer, Partnership
from assess.robustness.cheapest import Choice, Found, cheapest, separable
from assess.robustness.whatif import Change, ItemChange, ReadingChange, RedLineChange, amend
from assess.rubric.measures import Floats, Values, checklist_share
from assess.rubric.models import DO_NOT_PROCEED, Checklist, Quantitative, Rubric
from assess.scoring.assessment import (
    Assessment,
    CriterionResult,
    MitigationResult,
    RedLineResult,
    all_criteria,
    open_clauses,
)
from assess.scoring.compiled import CAP_SCORE, CompiledRubric, compile_rubric, rubric_band
from assess.scoring.kernel import NO_RATING, TOLERANCE, aggregate, rate
from assess.scoring.score import score

COST_POINTS: Mapping[str, int] = {"low": 1, "moderate": 2, "high": 4}
"""Points of a cost band: each band counts double the one below. A change without a stated band counts as high."""

UNSTATED_MONTHS = 1201
"""Sorts a change without a stated lead time after every stated one (1200 months at most)."""

MOST_WAYS = 12
"""Ways to meet items of one checklist of which every combination is looked at (4,096)."""

FEASIBILITY = ("high", "moderate", "low", None)

CostBand = Literal["low", "moderate", "high"]


class PackageItem(Frozen):
    """One change of a package."""

    kind: Literal["level", "items", "red_line"]
    criterion: str
    title: Annotated[str, Field(description="title of the criterion or red line")]
    red_line: Annotated[str | None, Field(description="id of the red line that is cleared")]
    text: Annotated[str, Field(description="what is done")]
    items: Annotated[tuple[str, ...], Field(description="checklist items it meets")]
    from_value: Annotated[float | None, Field(description="value 0-100 before it; null for a red line")]
    to_value: Annotated[float | None, Field(description="value 0-100 after it and the items before it")]
    cost: Annotated[CostBand | None, Field(description="cost band; null where none is stated (counted as high)")]
    points: Annotated[int, Field(description="cost points")]
    feasibility: Literal["high", "moderate", "low"] | None
    months: Annotated[int | None, Field(description="typical lead time; null where none is stated")]
    owner: str | None


class Package(Frozen):
    """A set of changes that reaches the target together, and misses it without any one of them."""

    items: tuple[PackageItem, ...]
    points: Annotated[int, Field(description="sum of the items' cost points")]
    months: Annotated[int | None, Field(description="longest stated lead time, all begun at once; null where none is")]
    untimed: Annotated[int, Field(description="items without a stated lead time")]
    score: Annotated[float, Field(description="overall score of the best values with the package done")]
    low: Annotated[float | None, Field(description="lower end of its 80 % interval; null if verified by the kernel")]
    high: Annotated[float | None, Field(description="upper end of its 80 % interval; null if verified by the kernel")]
    rating: str | None
    rating_low: str | None
    rating_high: str | None
    verified: Annotated[
        Literal["document", "kernel"],
        Field(description="document: the amended partnership was scored; kernel: its values were"),
    ]
    not_amended: Annotated[
        tuple[str, ...], Field(description="ids of criteria that no amended document can express, with kernel only")
    ]


class Packages(Frozen):
    """What it would take to reach a target rating."""

    target: str
    edge: Annotated[float, Field(description="lowest score that earns the target")]
    score: Annotated[float | None, Field(description="overall score as drafted")]
    rating: Annotated[str | None, Field(description="overall rating as drafted")]
    status: Literal["reached", "reachable", "not_reachable", "not_worked_out"]
    reason: Annotated[str | None, Field(description="why there are no packages; null where there are")]
    best_score: Annotated[float | None, Field(description="overall score with everything listed done")]
    best_rating: Annotated[str | None, Field(description="overall rating with everything listed done")]
    packages: Annotated[tuple[Package, ...], Field(description="the cheapest first, then alternatives to it")]
    open_red_lines: Annotated[
        tuple[str, ...],
        Field(description="ids of disputed or unknown red lines that would keep the target away if they tripped"),
    ]
    cost_points: Annotated[dict[str, int], Field(description="points by cost band")]
    rules: Annotated[tuple[str, ...], Field(description="how costs, lead times and alternatives are counted")]


class ClauseToAdd(Frozen):
    """A clause that a draft text lacks."""

    criterion: str
    criterion_title: str
    item: Annotated[str, Field(description="id of the checklist item it would meet")]
    name: Annotated[str, Field(description="the point it settles")]
    clause: Annotated[str, Field(description="what such a clause would say")]
    critical: bool
    answer: Annotated[Answer, Field(description="how far the draft covers it: partial, no or unknown")]


RULES = (
    "Each change brings what the rubric says it typically brings; costs, feasibility and lead times are judgements of "
    "typical cases. A package is no forecast.",
    "Cost bands count low 1, moderate 2 and high 4 points. A change without a stated band counts as high, and so does "
    "the clearing of a red line.",
    "At most one change that raises the level counts for each criterion; changes that meet checklist items add up.",
    "Packages are ordered by cost points, then by the number of changes, then by the longest lead time, then by the "
    "score. Each alternative does without at least one change of every package before it.",
)


def packages(assessment: Assessment, partnership: Partnership, rubric: Rubric, target: str, top: int = 3) -> Packages:
    """Return the cheapest packages that bring the overall rating to the label of a band, or why there is none.

    assessment: that of the partnership by the rubric. top: how many alternatives at most. The optimum is exact for
    arithmetic, geometric and power means and minima at any depth. Tripped red lines that keep the target away are
    cleared in every package. Missing observations stay missing. Raises `UsageError` for an unknown label.
    """
    labels = [band.label for band in rubric.bands]
    if target not in labels:
        raise UsageError(f"unknown rating '{target}'; {nearest(target, labels)}")
    if top < 1:
        raise UsageError(f"at least one package must be asked for (found {top})")
    wanted = labels.index(target)
    case = _Case.of(assessment, partnership, rubric, wanted)
    best_score, best_rating = _everything(case)
    overall = assessment.overall
    status: Literal["reached", "reachable", "not_reachable", "not_worked_out"] = "reachable"
    found: tuple[Package, ...] = ()
    reason: str | None = None
    if overall.rating is not None and [*labels, DO_NOT_PROCEED].index(overall.rating) <= wanted:
        status, reason = "reached", f"The rating as drafted is {overall.rating} already."
    else:
        hindrance = _hindrance(case, best_score, best_rating)
        gap = _not_worked_out(case)
        if hindrance is not None:
            status, reason = "not_reachable", hindrance
        elif gap is not None:
            status, reason = "not_worked_out", gap
        else:
            found = tuple(
                _package(case, one) for one in cheapest(case.compiled, case.values, case.choices, case.edge, top)
            )
    return Packages.model_construct(
        target=target,
        edge=case.edge,
        score=overall.score,
        rating=overall.rating,
        status=status,
        reason=reason,
        best_score=best_score,
        best_rating=best_rating,
        packages=found,
        open_red_lines=tuple(
            line.id
            for line in assessment.red_lines
            if line.status in ("disputed", "unknown") and _holds_back(rubric, line, wanted)
        ),
        cost_points=dict(COST_POINTS),
        rules=RULES,
    )


def clauses_to_add(assessment: Assessment) -> tuple[ClauseToAdd, ...]:
    """Return the clauses that the texts of a proposed partnership lack, the critical ones first; none once in force."""
    if assessment.partnership.stage not in PROPOSED_STAGES:
        return ()
    return tuple(
        ClauseToAdd.model_construct(
            criterion=criterion.id,
            criterion_title=criterion.title,
            item=item.id,
            name=item.text,
            clause=item.clause,
            critical=item.critical,
            answer=item.answer,
        )
        for criterion, item in open_clauses(assessment)
        if item.clause is not None
    )


@dataclass(frozen=True, eq=False)
class _Case:
    """What the steps share about the case at hand."""

    assessment: Assessment
    partnership: Partnership
    rubric: Rubric
    compiled: CompiledRubric
    wanted: int
    """Index of the target band."""
    edge: float
    results: Mapping[str, CriterionResult]
    values: Floats
    """Value of each criterion, NaN where unobserved, shape (m,)."""
    known: Floats
    """Share of each criterion that is known, shape (m,)."""
    choices: tuple[Choice, ...]
    ways: Mapping[str, tuple[str, int]]
    """Criterion and place among its mitigations of each lever of a checklist."""
    levels: Mapping[Choice, int]
    """Place among its criterion's mitigations of each choice that raises a level."""
    clear: tuple[RedLineResult, ...]
    """Tripped red lines that keep the target away."""
    uncounted: tuple[str, ...]
    """Ids of criteria with too many ways to meet items."""

    @classmethod
    def of(cls, assessment: Assessment, partnership: Partnership, rubric: Rubric, wanted: int) -> _Case:
        """Gather what the search needs from an Assessment."""
        excluded = [name for name, seen in partnership.observations.items() if seen.not_applicable is not None]
        compiled = compile_rubric(rubric, partnership.type, excluded)
        results = {result.id: result for result in (c for p in assessment.pillars for c in all_criteria(p))}
        ordered = [results[name] for name in compiled.criterion_ids]
        values = np.array([np.nan if result.value is None else result.value for result in ordered])
        known = np.array([0.0 if result.value is None else result.observed_share for result in ordered])
        choices: list[Choice] = []
        levels: dict[Choice, int] = {}
        ways: dict[str, tuple[str, int]] = {}
        uncounted: list[str] = []
        for column, result in enumerate(ordered):
            if result.value is None or not result.overall_weight > 0:
                continue
            raising = _raising(column, result)
            levels |= raising
            choices += raising
            meeting = [index for index, way in enumerate(result.mitigations) if _meets(result, way)]
            if len(meeting) > MOST_WAYS:
                uncounted.append(result.id)
                continue
            ways |= {_lever(result.id, index): (result.id, index) for index in meeting}
            choices += _meeting(column, result, compiled, meeting)
        clear = tuple(
            line for line in assessment.red_lines if line.status == "tripped" and _holds_back(rubric, line, wanted)
        )
        edge = rubric.bands[wanted].at_least
        return cls(
            assessment,
            partnership,
            rubric,
            compiled,
            wanted,
            edge,
            results,
            values,
            known,
            tuple(choices),
            ways,
            levels,
            clear,
            tuple(uncounted),
        )


def _lever(criterion: str, index: int) -> str:
    return f"{criterion}.{index}"


def _points(cost: CostBand | None) -> int:
    return COST_POINTS[cost or "high"]


def _months(months: int | None) -> int:
    return UNSTATED_MONTHS if months is None else months


def _meets(result: CriterionResult, way: MitigationResult) -> bool:
    """Tell whether a mitigation works by meeting checklist items that are still open."""
    open_items = {item.id for item in result.items if item.answer != "yes"}
    return bool(result.items) and not open_items.isdisjoint(way.items)


def _raising(column: int, result: CriterionResult) -> dict[Choice, int]:
    """Return the ways to raise the level that no other one beats, with their place among the mitigations.

    One beats another if it costs and lasts no more, reaches no less, and where all of that is equal is more feasible or
    stands first.
    """
    found: dict[Choice, int] = {}
    ways = [
        (_points(way.cost), _months(way.months), -way.value, FEASIBILITY.index(way.feasibility), index)
        for index, way in enumerate(result.mitigations)
        if not (way.items and result.items) and way.value is not None and way.value > (result.value or 0.0) + TOLERANCE
    ]
    for cost, months, fall, _, index in sorted(ways):
        if all(months < kept.months or -fall > kept.value for kept in found):  # none kept costs more
            found[Choice(column, (result.id,), -fall, cost, 1, months)] = index
    return found


def _meeting(
    column: int, result: CriterionResult, compiled: CompiledRubric, meeting: Sequence[int]
) -> Iterator[Choice]:
    """Yield every combination of ways to meet checklist items, with the share it comes to."""
    for size in range(1, len(meeting) + 1):
        for combination in combinations(meeting, size):
            value = _share(result, compiled, column, combination)
            if value > (result.value or 0.0) + TOLERANCE:
                done = [result.mitigations[index] for index in combination]
                yield Choice(
                    column,
                    tuple(_lever(result.id, index) for index in combination),
                    value,
                    sum(_points(way.cost) for way in done),
                    size,
                    max(_months(way.months) for way in done),
                )


def _share(result: CriterionResult, compiled: CompiledRubric, column: int, done: Sequence[int]) -> float:
    """Return the value of a checklist once some of its mitigations have worked; it never falls."""
    measure = compiled.criteria[column].measure
    assert isinstance(measure, Checklist)
    answers: dict[str, str] = {item.id: item.answer for item in result.items}
    answers |= {item: "yes" for index in done for item in result.mitigations[index].items}
    return max(result.value or 0.0, checklist_share(measure.items, answers)[0] or 0.0)


def _holds_back(rubric: Rubric, line: RedLineResult, wanted: int) -> bool:
    """Tell whether a red line, where tripped, caps the overall rating below a band."""
    if line.effect == "block":
        return True
    return line.effect == "cap_overall_conditional" and rubric_band(rubric, CAP_SCORE[line.effect]) > wanted


def _whole(case: _Case, values: Floats) -> float:
    """Return the overall score of values (m,) by the kernel, NaN where there is none."""
    return float(aggregate(case.compiled, Values.of(values[None, :]), case.known, bounds=False).score[0, -1])


def _everything(case: _Case) -> tuple[float | None, str | None]:
    """Return the overall score and rating with every choice taken and every red line cleared that can be."""
    values = case.values.copy()
    for choice in case.choices:
        values[choice.column] = max(values[choice.column], choice.value)
    reached = _whole(case, values)
    tripped = [line for line in case.assessment.red_lines if line.status == "tripped" and not _clears(line)]
    return (None if math.isnan(reached) else reached), _rating(case, reached, tripped)


def _rating(case: _Case, reached: float, tripped: Sequence[RedLineResult]) -> str | None:
    """Return the rating of an overall score (NaN for none) while some red lines are tripped."""
    line = np.array([[any(one.id == line.id for one in tripped) for line in case.rubric.red_lines]], dtype=np.float64)
    row = np.full((1, len(case.compiled.nodes) + 1), np.nan)
    row[0, -1] = reached
    code = int(rate(case.compiled, row, line).capped[0, -1])
    return None if code == NO_RATING else [*(band.label for band in case.rubric.bands), DO_NOT_PROCEED][code]


def _clears(line: RedLineResult) -> str | None:
    """Return what would clear a red line: in this case, or else in any; None where nobody has said."""
    return line.remedy or line.clears


def _hindrance(case: _Case, best_score: float | None, best_rating: str | None) -> str | None:
    """Return why the target cannot be reached, or None where it can."""
    reasons = []
    stuck = [f"'{line.title or line.id}'" for line in case.clear if not _clears(line)]
    if stuck:
        verb = "is" if len(stuck) == 1 else "are"
        reasons.append(f"Tripped, with nothing on record that would clear it, {verb}: {', '.join(stuck)}.")
    if case.assessment.overall.score is None:
        reasons.append(_no_score(case))
    elif best_score is not None and best_score < case.edge - TOLERANCE and not case.uncounted:
        label, shown = case.rubric.bands[case.wanted].label, f"{math.floor(best_score + TOLERANCE)} ({best_rating})"
        reasons.append(f"With everything listed done the score is {shown}; {label} begins at {case.edge:g}.")
    return " ".join(reasons) or None


def _no_score(case: _Case) -> str:
    limit = case.rubric.coverage.insufficient_below
    thin = [pillar.title for pillar in case.assessment.pillars if pillar.weight > 0 and pillar.score is None]
    if not thin:
        return "Nothing in the rubric applies, so there is no score to raise."
    share = f"under {limit:g} % of the applicable weight has an observation"
    return f"There is no score to raise: {share} in {', '.join(thin)}."


def _not_worked_out(case: _Case) -> str | None:
    """Return why no packages are worked out although the target may be reachable, or None."""
    if not separable(case.compiled):
        return "The rubric uses an ordered weighted average, for which the cheapest changes are not worked out."
    if case.uncounted:
        return f"More than {MOST_WAYS} ways to meet checklist items stand under {', '.join(case.uncounted)}."
    return None


def _package(case: _Case, found: Found) -> Package:
    """Return a package with its items, scored as amended."""
    items = [_clearing(line, case.results[line.criterion]) for line in case.clear]
    changes: list[Change] = [RedLineChange(line.id, "clear") for line in case.clear]
    values, stuck = case.values.copy(), list[str]()
    for choice in found.choices:
        values[choice.column] = choice.value
        result = case.results[case.compiled.criterion_ids[choice.column]]
        if choice in case.levels:
            way = result.mitigations[case.levels[choice]]
            items.append(_item("level", result, way, result.value or 0.0, choice.value))
            amended: Sequence[Change] | None = _to_level(case, result, choice.value)
        else:
            done = [case.ways[lever][1] for lever in choice.levers]
            items += _checklist_items(case, result, choice.column, done)
            met = dict.fromkeys(item for index in done for item in result.mitigations[index].items)
            amended = [ItemChange(result.id, item, "yes") for item in met]
        if amended is None:
            stuck.append(result.id)
        else:
            changes += amended
    stated = [item.months for item in items if item.months is not None]
    common: dict[str, Any] = {
        "items": tuple(items),
        "points": sum(item.points for item in items),
        "months": max(stated, default=None),
        "untimed": len(items) - len(stated),
        "not_amended": tuple(stuck),
    }
    if stuck:
        reached = _whole(case, values)
        tripped = [line for line in case.assessment.red_lines if line.status == "tripped" and line not in case.clear]
        rating = _rating(case, reached, tripped)
        ends: dict[str, Any] = dict.fromkeys(("low", "high", "rating_low", "rating_high"))
        return Package.model_construct(**common, **ends, score=reached, rating=rating, verified="kernel")
    given = case.assessment.provenance
    again = score(amend(case.partnership, changes), case.rubric, draws=given.draws, seed=given.seed).overall
    names = ("score", "low", "high", "rating", "rating_low", "rating_high")
    return Package.model_construct(**common, **{name: getattr(again, name) for name in names}, verified="document")


def _clearing(line: RedLineResult, result: CriterionResult) -> PackageItem:
    return PackageItem.model_construct(
        kind="red_line",
        criterion=result.id,
        title=line.title or line.id,
        red_line=line.id,
        text=_clears(line) or "",
        items=(),
        from_value=None,
        to_value=None,
        cost="high",
        points=COST_POINTS["high"],
        feasibility=None,
        months=None,
        owner=line.owner,
    )


def _item(
    kind: Literal["level", "items"], result: CriterionResult, way: MitigationResult, before: float, after: float
) -> PackageItem:
    return PackageItem.model_construct(
        kind=kind,
        criterion=result.id,
        title=result.title,
        red_line=None,
        text=way.text,
        items=way.items if kind == "items" else (),
        from_value=before,
        to_value=after,
        cost=way.cost,
        points=_points(way.cost),
        feasibility=way.feasibility,
        months=way.months,
        owner=way.owner,
    )


def _checklist_items(case: _Case, result: CriterionResult, column: int, done: Sequence[int]) -> Iterator[PackageItem]:
    """Yield the changes to one checklist, each with the value it brings after those before it."""
    before = result.value or 0.0
    for count, index in enumerate(done, 1):
        after = _share(result, case.compiled, column, done[:count])
        yield _item("items", result, result.mitigations[index], before, after)
        before = after


def _to_level(case: _Case, result: CriterionResult, value: float) -> list[ReadingChange] | None:
    """Return the readings that bring a criterion to a value; None where no document can say so.

    A criterion read per party is raised for each key party that stands below.
    """
    measure = case.compiled.criteria[case.compiled.column[result.id]].measure
    if isinstance(measure, Quantitative) and measure.computed_from and case.partnership.threats:
        return None
    below = [(party.party, party.reading.kind) for party in result.parties if party.key and party.value < value]
    readings = below if result.parties else [(None, result.reading.kind if result.reading else "level")]
    changes = []
    for party, kind in readings:
        if kind == "number" and isinstance(measure, Quantitative):
            number = _number_at(measure.breakpoints, value)
            if number is not None:
                changes.append(ReadingChange(result.id, "number", number, party))
                continue
        if not result.anchors:
            return None
        level = next(i for i, known in enumerate(case.rubric.level_values) if known >= value - TOLERANCE)
        changes.append(ReadingChange(result.id, "level", float(level), party))
    return changes


def _number_at(breakpoints: Sequence[tuple[float, float]], value: float) -> float | None:
    """Return a number whose value on a value function is the one given; None where it has no such value."""
    numbers, values = zip(*breakpoints, strict=True)
    if not min(values) <= value <= max(values):
        return None
    rising = values[0] <= values[-1]
    return float(np.interp(value, values if rising else values[::-1], numbers if rising else numbers[::-1]))
