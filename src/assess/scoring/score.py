"""Score one partnership: readings to values, values through the kernel, everything into one Assessment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assess import __version__
from assess.documents.errors import UsageError
from assess.documents.fields import Basis, Mitigation
from assess.documents.validation import Check
from assess.partnership.models import Evidence, Observation, Partnership
from assess.rubric.measures import Floats, Values, checklist_share
from assess.rubric.models import DO_NOT_PROCEED, Checklist, Criterion, Pillar, Quantitative, Rubric
from assess.scoring.against_parent import against_parent
from assess.scoring.assessment import (
    Alternatives,
    Anchor,
    Assessment,
    Caution,
    CriterionResult,
    EvidenceResult,
    Item,
    MitigationResult,
    ParentRubric,
    PartnershipSummary,
    PartyReading,
    PillarResult,
    Provenance,
    Rated,
    Reading,
    RedLineResult,
    RubricSummary,
)
from assess.scoring.binding import fits
from assess.scoring.compiled import CompiledRubric
from assess.scoring.kernel import NO_RATING, TOLERANCE, Scores, aggregate, basis, rate
from assess.scoring.prepared import prepare
from assess.scoring.readings import Cell, shelf_lives

DEFAULT_DRAWS = 10_000
DEFAULT_SEED = 20_260_101
INTERVAL = (0.1, 0.9)
"""Quantiles of the draws that make the 80 % interval."""


@dataclass(frozen=True, eq=False)
class _Case:
    """What the steps below share about the case at hand."""

    partnership: Partnership
    rubric: Rubric
    compiled: CompiledRubric
    cells: Mapping[str, Sequence[Cell]]
    known: Floats
    """Share of each criterion that is known, shape (m,)."""
    best: Floats
    """Best value of each criterion, NaN where unobserved, shape (m,)."""
    scores: Scores
    """Of the best values; one row."""
    bound: tuple[Floats, Floats]
    """Scores (p + 1,) with everything missing at its worst and at its best."""
    interval: tuple[Floats, Floats]
    """Ends of the 80 % interval of each node, shape (p + 1,), before widening."""
    tripped: Floats
    """1 for each tripped red line, shape (r,)."""
    mitigations: Mapping[str, tuple[MitigationResult, ...]]
    """By criterion id, with what each would gain."""


def score(
    partnership: Partnership, rubric: Rubric, *, draws: int = DEFAULT_DRAWS, seed: int = DEFAULT_SEED
) -> Assessment:
    """Return the Assessment of a partnership by a rubric.

    draws: number of draws for the intervals, at least 100. seed: decides the draws; the same inputs, rubric and
    seed give the same Assessment, byte for byte on one machine. Raises `DocumentError` when the partnership does
    not fit the rubric, `UsageError` for too few draws.
    """
    if draws < 100:
        raise UsageError(f"draws must be at least 100 for a stable interval (found {draws})")
    if seed < 0:
        raise UsageError(f"the seed must be 0 or a positive whole number (found {seed})")
    require_fit(partnership, fits(rubric))
    case = _prepare(partnership, rubric, draws, seed)
    cautions = _Cautions(case)
    pillars = tuple(_pillar(case, pillar, 1.0, cautions) for pillar in rubric.pillars)
    root = len(case.compiled.nodes)
    overall = _rated(case, root, "overall", cautions)
    alternatives = _alternatives(case, cautions)
    return Assessment.model_construct(
        partnership=_partnership_summary(partnership),
        rubric=_rubric_summary(case),
        overall=overall,
        alternatives=alternatives,
        pillars=pillars,
        red_lines=_red_lines(case),
        evidence=_evidence(case),
        warnings=tuple(cautions.found),
        provenance=Provenance.model_construct(
            assess_version=__version__,
            partnership_sha256=partnership.source.sha256 if partnership.source else None,
            seed=seed,
            draws=draws,
            distribution="triangular",
        ),
    )


def require_fit(partnership: Partnership, check: Check) -> None:
    """Raise `DocumentError` (or `UsageError` for a model built in memory) when a check of the document fails."""
    source = partnership.source
    data = source.data if source else partnership.model_dump(by_alias=True, exclude_none=True)
    problems = list(check(data))
    if problems and source:
        raise source.error(problems)
    if problems:
        raise UsageError("; ".join(str(problem) for problem in problems))


def _prepare(partnership: Partnership, rubric: Rubric, draws: int, seed: int) -> _Case:
    case = prepare(partnership, rubric)
    compiled, (worst, top) = case.compiled, case.completions
    bound = (
        aggregate(compiled, Values.of(worst[None, :])).low[0],
        aggregate(compiled, Values.of(top[None, :])).high[0],
    )
    drawn = aggregate(compiled, Values.of(case.drawn(draws, seed)), case.counted, bounds=False).score
    best, interval = case.best[0], _quantiles(drawn)
    ways = _mitigations(partnership, compiled, best, case.counted, case.scores)
    return _Case(
        partnership, rubric, compiled, case.cells, case.known, best, case.scores, bound, interval, case.tripped, ways
    )


def _quantiles(drawn: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 80 % interval of draws (n, p + 1), by linear interpolation between order statistics."""
    ordered = np.sort(drawn, axis=0)
    ends = []
    for quantile in INTERVAL:
        place = quantile * (len(drawn) - 1)
        below = int(place)
        ends.append(ordered[below] + (place - below) * (ordered[min(below + 1, len(drawn) - 1)] - ordered[below]))
    return ends[0], ends[1]


def _mitigations(
    partnership: Partnership, compiled: CompiledRubric, best: Floats, known: Floats, scores: Scores
) -> dict[str, tuple[MitigationResult, ...]]:
    """Return the mitigations of each criterion with the score each would bring by itself, all else equal."""
    ways = [
        (column, way, _raised(partnership, compiled.rubric, criterion, way, float(best[column])))
        for column, criterion in enumerate(compiled.criteria)
        for way in _ways(partnership, criterion)
    ]
    rows = np.repeat(best[None, :], len(ways), axis=0)
    for row, (column, _, value) in enumerate(ways):
        if value is not None:
            rows[row, column] = value
    gains = aggregate(compiled, Values.of(rows), known, bounds=False).score - scores.score if ways else np.empty((0, 1))
    parent = {c.id: compiled.node[p.id] for p in compiled.nodes for c in p.criteria}
    found: dict[str, list[MitigationResult]] = {criterion.id: [] for criterion in compiled.criteria}
    for (column, way, value), gain in zip(ways, gains, strict=True):
        criterion = compiled.criteria[column]
        pillar, overall = gain[parent[criterion.id]], gain[-1]
        result = MitigationResult.model_construct(
            **{name: getattr(way, name) for name in Mitigation.model_fields},
            value=value,
            pillar_gain=None if value is None or np.isnan(pillar) else float(pillar),
            gain=None if value is None or np.isnan(overall) else float(overall),
        )
        found[criterion.id].append(result)
    return {name: tuple(results) for name, results in found.items()}


def _ways(partnership: Partnership, criterion: Criterion) -> tuple[Mitigation, ...]:
    """Return the mitigations that a case states for a criterion, or else those of the rubric."""
    observation = partnership.observations.get(criterion.id)
    return (observation.mitigations if observation else ()) or criterion.mitigations


def _raised(
    partnership: Partnership, rubric: Rubric, criterion: Criterion, way: Mitigation, value: float
) -> float | None:
    """Return the value of a criterion (0-100) once a mitigation has worked; None where there is none to raise."""
    if np.isnan(value):
        return None
    observation = partnership.observations.get(criterion.id)
    if way.items and isinstance(criterion.measure, Checklist) and observation and observation.items is not None:
        answers = {**observation.items, **dict.fromkeys(way.items, "yes")}
        share = checklist_share(criterion.measure.items, answers)[0]
        return value if share is None else max(value, share)
    if way.to is not None:
        return max(value, rubric.level_values[way.to])
    return next((level for level in rubric.level_values if level > value + TOLERANCE), value)


class _Cautions:
    """Collects what a reader must know, in the order it is met."""

    TEXT = {
        "no_evidence": "no evidence is cited, so the reading counts with low confidence",
        "unverified": "all evidence cited is unverified",
        "stage_cap": "rests on a plan or a record, so confidence counts as moderate at most",
        "expired": "the freshest evidence is past its shelf life, so the range is wider",
        "certain": "the stated range has no width; certainty is claimed",
    }

    def __init__(self, case: _Case) -> None:
        self.rule = case.rubric.coverage
        self.titles = {criterion.id: criterion.title for criterion in case.compiled.criteria}
        self.found: list[Caution] = []

    def add(self, code: str, at: str, text: str) -> None:
        self.found.append(Caution.model_construct(code=code, at=at, text=text))

    def of_basis(self, found: Basis, at: str, title: str, thinnest: str | None) -> None:
        """Say that a score is provisional or withheld, and why: for itself, or for the sake of its thinnest pillar."""
        limit = self.rule.insufficient_below if found == "insufficient" else self.rule.provisional_below
        what = "no score is given" if found == "insufficient" else "the score is provisional"
        why = f"under {limit:g} % of the applicable weight has an observation"
        if thinnest is not None:
            why = f"{thinnest} is no better covered"
        self.add(f"basis_{found}", at, f"{title}: {what}, because {why}.")

    def of_cell(self, cell: Cell) -> None:
        where = f"{self.titles[cell.criterion]}, {cell.party}" if cell.party else self.titles[cell.criterion]
        for code in cell.notes:
            self.add(code, cell.criterion, f"{where}: {self.TEXT[code]}.")


def _pillar(case: _Case, pillar: Pillar, outer: float, cautions: _Cautions) -> PillarResult:
    """Return one pillar; `outer` is the share of the whole that its parent holds."""
    node = case.compiled.node[pillar.id]
    share = outer * float(case.compiled.node_weights[node])
    inner = tuple(_pillar(case, below, share, cautions) for below in pillar.pillars)
    rated = _rated(case, node, pillar.id, cautions)
    columns = [case.compiled.column[criterion.id] for criterion in pillar.criteria]
    additive = pillar.aggregation.method == "arithmetic" and not pillar.pillars and rated.score is not None
    seen = float(case.compiled.weights[columns] @ ~np.isnan(case.best[columns])) if additive else None
    criteria = tuple(_criterion(case, criterion, share, seen, cautions) for criterion in pillar.criteria)
    return PillarResult.model_construct(
        **{name: getattr(rated, name) for name in Rated.model_fields},
        id=pillar.id,
        title=pillar.title,
        question=pillar.question,
        display=pillar.display,
        weight=float(case.compiled.node_weights[node]),
        overall_weight=share,
        aggregation=pillar.aggregation,
        pillars=inner,
        criteria=criteria,
    )


def _rated(case: _Case, node: int, name: str, cautions: _Cautions) -> Rated:
    """Return the score and ratings of a node, and note what a reader must know about them."""
    compiled, root = case.compiled, len(case.compiled.nodes)
    applies = node == root or compiled.node_weights[node] > 0
    score_, coverage = float(case.scores.score[0, node]), float(case.scores.coverage[0, node])
    titles = [pillar.title for pillar in compiled.nodes] + ["Overall"]
    low, high = float(case.interval[0][node]), float(case.interval[1][node])
    exists = not np.isnan(score_)
    if exists and not low - TOLERANCE <= score_ <= high + TOLERANCE:
        cautions.add(
            "interval_widened",
            name,
            f"{titles[node]}: the score of the best values lies outside the 80 % range of the draws, so the interval "
            "was widened to contain it. That happens where ranges lean to one side, and where the weakest of several "
            "parties counts.",
        )
    low, high = min(low, score_), max(high, score_)
    row = np.full((3, root + 1), np.nan)
    row[:, node] = (score_, low, high)
    ratings = rate(compiled, row, np.repeat(case.tripped[None, :], 3, axis=0))
    capped, before = ratings.capped[:, node], ratings.uncapped[:, node]
    grounds = basis(compiled, case.scores.coverage[0], node)
    if applies and grounds != "sufficient":
        own = basis(compiled, case.scores.coverage[0], node, whole=False)
        thinnest = titles[int(compiled.top[case.scores.coverage[0, compiled.top].argmin()])]
        cautions.of_basis(grounds, name, titles[node], None if own == grounds else thinnest)
    return Rated.model_construct(
        score=score_ if exists else None,
        low=low if exists else None,
        high=high if exists else None,
        bound_low=float(case.bound[0][node]),
        bound_high=float(case.bound[1][node]),
        rating=_label(case.rubric, int(capped[0])),
        rating_low=_label(case.rubric, int(capped[1])),
        rating_high=_label(case.rubric, int(capped[2])),
        uncapped_rating=_label(case.rubric, int(before[0])),
        uncapped_rating_low=_label(case.rubric, int(before[1])),
        uncapped_rating_high=_label(case.rubric, int(before[2])),
        capped_by=_capped_by(case, node, int(before[0])),
        basis=grounds,
        coverage=coverage,
    )


def _label(rubric: Rubric, code: int) -> str | None:
    if code == NO_RATING:
        return None
    return DO_NOT_PROCEED if code == len(rubric.bands) else rubric.bands[code].label


def _capped_by(case: _Case, node: int, uncapped: int) -> tuple[str, ...]:
    """Return the tripped red lines that alone would lower this rating."""
    lowering = []
    for line, tripped, ways in zip(case.rubric.red_lines, case.tripped, case.compiled.cap_lines, strict=True):
        caps = [cap for cap, used in zip(case.compiled.caps, ways, strict=True) if used and cap.node == node]
        if tripped and any(cap.code > uncapped and (cap.blocks or uncapped != NO_RATING) for cap in caps):
            lowering.append(line.id)
    return tuple(lowering)


def _criterion(
    case: _Case, criterion: Criterion, outer: float, seen: float | None, cautions: _Cautions
) -> CriterionResult:
    """Return one criterion.

    `outer` is the share of the whole that its pillar holds; `seen` the weight observed in that pillar, None where
    points do not add up.
    """
    column = case.compiled.column[criterion.id]
    observation = case.partnership.observations.get(criterion.id) or Observation.model_construct()
    multiplier = criterion.types.get(case.partnership.type, 1.0)
    weight = float(case.compiled.weights[column])
    applicable = weight > 0
    reason = observation.not_applicable
    if not applicable and reason is None:
        reason = f"does not apply to this type of partnership ({case.partnership.type.replace('_', ' ')})"
    cells = case.cells.get(criterion.id, ()) if applicable else ()
    counting = [cell for cell in cells if cell.key]
    thin = bool(counting) and np.isnan(case.best[column])
    if thin:
        share = f"under {case.rubric.coverage.insufficient_below:g} %"
        text = f"{criterion.title}: {share} of it is known, so it counts as missing"
        cautions.add("reading_thin", criterion.id, f"{text}; the bounds contain what it may be.")
    read_anyway = any(getattr(observation, form) is not None for form in ("level", "number", "items", "parties"))
    if not applicable and read_anyway:
        text = f"{criterion.title}: read, but it does not apply to this type, so it is not counted."
        cautions.add("not_counted", criterion.id, text)
    if observation.not_applicable is not None and multiplier > 0:
        cautions.add(
            "excluded",
            criterion.id,
            f"{criterion.title}: said not to apply, so its weight is shared out: {observation.not_applicable}",
        )
    chosen = None if thin else min(counting, key=lambda cell: (cell.value, cell.low), default=None)
    for cell in cells:
        cautions.of_cell(cell)
    if counting and criterion.per_party:
        read = {cell.party for cell in counting}
        absent = [party.id for party in case.partnership.parties if party.key and party.id not in read]
        if absent:
            text = f"{criterion.title}: no reading for {', '.join(absent)}; the weakest key party may be among them."
            cautions.add("key_party_missing", criterion.id, text)
    return CriterionResult.model_construct(
        id=criterion.id,
        title=criterion.title,
        question=criterion.question,
        note=criterion.note,
        weight=weight,
        overall_weight=outer * weight,
        declared_weight=criterion.weight,
        multiplier=multiplier,
        multipliers={kind: factor for kind, factor in criterion.types.items() if factor != 1.0},
        applicable=applicable,
        not_applicable_reason=None if applicable else reason,
        observed=chosen is not None,
        observed_share=float(case.known[column]) if applicable else 0.0,
        reading=_reading(chosen) if chosen else None,
        unit=criterion.measure.unit if isinstance(criterion.measure, Quantitative) else None,
        value=chosen.value if chosen else None,
        low=min(cell.low for cell in counting) if chosen else None,
        high=min(cell.high for cell in counting) if chosen else None,
        contribution=weight * chosen.value / seen if chosen and seen else None,
        confidence=chosen.confidence if chosen else None,
        stated_confidence=chosen.judgement.confidence if chosen else None,
        evidence=chosen.judgement.evidence if chosen else observation.evidence,
        rationale=(chosen.judgement.rationale if chosen else None) or observation.rationale,
        anchor=_anchor(case.rubric, criterion, chosen) if chosen else None,
        anchors=dict(criterion.anchors),
        items=_items(criterion, observation),
        parties=tuple(_party(case.rubric, criterion, cell) for cell in cells if cell.party),
        weakest_party=chosen.party if chosen else None,
        evidence_base=criterion.evidence_base,
        stage_rule=criterion.when_proposed,
        sources=criterion.sources,
        mitigations=case.mitigations[criterion.id],
    )


def _reading(cell: Cell) -> Reading:
    low, best, high = cell.raw
    return Reading.model_construct(kind=cell.kind, low=low, best=best, high=high)


def _anchor(rubric: Rubric, criterion: Criterion, cell: Cell) -> Anchor | None:
    """Return the anchor whose value is nearest to the reading; the lower one of two equally near."""
    if not criterion.anchors:
        return None
    level = int(np.abs(np.array(rubric.level_values) - cell.value).argmin())
    return Anchor.model_construct(level=level, text=criterion.anchors[level])


def _items(criterion: Criterion, observation: Observation) -> tuple[Item, ...]:
    if not isinstance(criterion.measure, Checklist) or observation.items is None:
        return ()
    answers = observation.items
    return tuple(
        Item.model_construct(
            id=item.id,
            text=item.text,
            critical=item.critical,
            answer=answers.get(item.id, "unknown"),
            clause=item.clause,
        )
        for item in criterion.measure.items
    )


def _party(rubric: Rubric, criterion: Criterion, cell: Cell) -> PartyReading:
    return PartyReading.model_construct(
        party=cell.party or "",
        key=cell.key,
        reading=_reading(cell),
        value=cell.value,
        low=cell.low,
        high=cell.high,
        anchor=_anchor(rubric, criterion, cell),
        confidence=cell.confidence,
        evidence=cell.judgement.evidence,
        rationale=cell.judgement.rationale,
    )


def _alternatives(case: _Case, cautions: _Cautions) -> Alternatives:
    compiled = case.compiled
    top = compiled.top[compiled.node_weights[compiled.top] > 0]
    weights, values = compiled.node_weights[top], case.scores.score[0, top]
    floor = case.rubric.aggregation.floor if case.rubric.aggregation.method == "geometric" else 1.0
    if not len(values) or np.isnan(values).any():
        nothing = dict.fromkeys(("arithmetic", "geometric", "weakest_pillar"))
        return Alternatives.model_construct(
            arithmetic=None, geometric=None, weakest_pillar=None, weakest_pillar_id=None, ratings=nothing
        )
    arithmetic, weakest = float(weights @ values), float(values.min())
    geometric = float(np.exp(weights @ np.log(np.maximum(values, floor))))
    ratings: dict[str, str | None] = {
        "arithmetic": _band_label(case.rubric, arithmetic),
        "geometric": _band_label(case.rubric, geometric),
        "weakest_pillar": _band_label(case.rubric, weakest),
    }
    if len(set(ratings.values())) > 1:
        options = ", ".join(f"{name.replace('_', ' ')} {label}" for name, label in ratings.items())
        cautions.add(
            "alternatives_disagree", "overall", f"The rating depends on how the pillars are combined: {options}."
        )
    return Alternatives.model_construct(
        arithmetic=arithmetic,
        geometric=geometric,
        weakest_pillar=weakest,
        weakest_pillar_id=compiled.nodes[top[int(values.argmin())]].id,
        ratings=ratings,
    )


def _band_label(rubric: Rubric, number: float) -> str:
    return next(band.label for band in rubric.bands if number >= band.at_least - TOLERANCE)


def _red_lines(case: _Case) -> tuple[RedLineResult, ...]:
    pillar_of = {c.id: pillar.id for pillar in case.rubric.pillars for c in pillar.all_criteria()}
    results = []
    for line in case.rubric.red_lines:
        finding = case.partnership.red_lines.get(line.id)
        results.append(
            RedLineResult.model_construct(
                id=line.id,
                title=line.title,
                criterion=line.criterion,
                pillar=pillar_of[line.criterion],
                when=line.when,
                effect=line.effect,
                status=finding.status if finding else "unknown",
                fact=finding.fact if finding else None,
                remedy=finding.remedy if finding else None,
                owner=finding.owner if finding else None,
                evidence=finding.evidence if finding else (),
                reference=line.reference,
                clears=line.clears,
            )
        )
    return tuple(results)


def _evidence(case: _Case) -> tuple[EvidenceResult, ...]:
    used: dict[str, list[str]] = defaultdict(list)
    for name in case.compiled.criterion_ids:
        cited = [e for cell in case.cells.get(name, ()) for e in cell.judgement.evidence]
        observation = case.partnership.observations.get(name)
        cited += observation.evidence if observation else ()
        for entry in dict.fromkeys(cited):
            used[entry].append(name)
    for line in case.rubric.red_lines:
        finding = case.partnership.red_lines.get(line.id)
        for entry in finding.evidence if finding else ():
            used[entry].append(line.id)
    return tuple(
        EvidenceResult.model_construct(
            **{name: getattr(entry, name) for name in Evidence.model_fields if name != "shelf_life"},
            expired=shelf_lives(entry, case.partnership.as_of) > 1.0,
            used_by=tuple(used[entry.id]),
        )
        for entry in case.partnership.evidence
    )


def _partnership_summary(partnership: Partnership) -> PartnershipSummary:
    return PartnershipSummary.model_construct(
        **{name: getattr(partnership, name) for name in PartnershipSummary.model_fields}
    )


def _rubric_summary(case: _Case) -> RubricSummary:
    compiled, rubric = case.compiled, case.rubric
    chosen = rubric.profiles.get(compiled.type) if compiled.type else None
    return RubricSummary.model_construct(
        id=rubric.id,
        title=rubric.title,
        version=rubric.version,
        sha256=rubric.source.sha256 if rubric.source else None,
        profile=compiled.profile,
        profile_question=chosen.question if chosen else None,
        profile_note=chosen.note if chosen else None,
        level_values=rubric.level_values,
        half_widths=rubric.half_widths,
        coverage=rubric.coverage,
        bands=rubric.bands,
        aggregation=rubric.aggregation,
        trade_offs=rubric.trade_offs,
        base_rates=rubric.base_rates,
        references=rubric.references,
        parents=tuple(
            ParentRubric.model_construct(
                id=above.id,
                title=above.title,
                version=above.version,
                sha256=above.source.sha256 if above.source else None,
            )
            for above in rubric.lineage()
        ),
        weighting=rubric.weighting,
        against_parent=against_parent(case.partnership, compiled, rubric.parent) if rubric.parent else None,
    )
