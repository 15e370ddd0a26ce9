"""The whole result of scoring one partnership: the one source for every report.

Numbers keep full precision; readers are shown whole ones. A score that does not exist is null. Scores and values
run from 0 to 100 and higher is always better; weights are shares that sum to 1 among neighbours.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from assess.documents.fields import (
    Basis,
    Confidence,
    Frozen,
    PartnershipType,
    RedLineEffect,
    RedLineStatus,
    Stage,
)
from assess.partnership.models import (
    Answer,
    Assumption,
    Event,
    EvidenceKind,
    Indicator,
    Instrument,
    KeyJudgement,
    Objective,
    Option,
    Party,
    Structure,
    Threat,
)
from assess.rubric.models import (
    Aggregation,
    Band,
    BaseRate,
    CoverageRule,
    CriterionSource,
    EvidenceBase,
    HalfWidths,
    Reference,
    StageRule,
    TradeOff,
    Weighting,
)

SCHEMA = "assess/assessment@1"


class PartnershipSummary(Frozen):
    """What was assessed, with the registers a report shows."""

    id: str
    title: str
    type: PartnershipType
    stage: Stage
    as_of: str
    handling: str
    judgements: Literal["illustrative", "draft", "reviewed"]
    summary: str | None
    prepared_by: str | None
    reviewed_by: str | None
    funding: str | None
    review_by: str | None
    parties: tuple[Party, ...]
    objectives: tuple[Objective, ...]
    instruments: tuple[Instrument, ...]
    structures: tuple[Structure, ...]
    threats: tuple[Threat, ...]
    events: tuple[Event, ...]
    key_judgements: tuple[KeyJudgement, ...]
    assumptions: tuple[Assumption, ...]
    indicators: tuple[Indicator, ...]
    options: tuple[Option, ...]


class ParentRubric(Frozen):
    """A rubric that the one used extends."""

    id: str
    title: str
    version: str
    sha256: Annotated[str | None, Field(description="hash of its file; null for a rubric built in memory")]


class WeightChange(Frozen):
    """A pillar or criterion whose share of its neighbours is not the parent's, for the profile and case at hand."""

    id: str
    kind: Literal["pillar", "criterion"]
    node: Annotated[str, Field(description="id of the pillar it stands in, or 'overall'")]
    before: Annotated[float, Field(description="share among its neighbours in the parent, 0-1")]
    after: Annotated[float, Field(description="share among its neighbours in this rubric, 0-1")]


class AgainstParent(Frozen):
    """What the rubric changes against its parent for this case: weights, and the result by the parent."""

    weights: tuple[WeightChange, ...]
    score: Annotated[float | None, Field(description="overall score of the same readings by the parent")]
    rating: Annotated[str | None, Field(description="overall rating by the parent, after its red lines")]


class RubricSummary(Frozen):
    """By what it was assessed: enough to recompute every number."""

    id: str
    title: str
    version: str
    sha256: Annotated[str | None, Field(description="hash of the rubric file; null for a rubric built in memory")]
    profile: Annotated[str, Field(description="the type whose weights were used, or 'default'")]
    profile_question: str | None
    profile_note: str | None
    level_values: tuple[float, ...]
    half_widths: HalfWidths
    coverage: CoverageRule
    bands: tuple[Band, ...]
    aggregation: Annotated[Aggregation, Field(description="how the pillars combine")]
    trade_offs: tuple[TradeOff, ...]
    base_rates: tuple[BaseRate, ...]
    references: tuple[Reference, ...]
    parents: Annotated[tuple[ParentRubric, ...], Field(description="what it extends, the nearest first")] = ()
    weighting: Annotated[Weighting | None, Field(description="how the weights were obtained")] = None
    against_parent: Annotated[AgainstParent | None, Field(description="null for a rubric without a parent")] = None


class Rated(Frozen):
    """A score with everything that says how far it can be read."""

    score: Annotated[
        float | None, Field(description="aggregate of the best values; null when the basis is insufficient")
    ]
    low: Annotated[float | None, Field(description="lower end of the 80 % interval")]
    high: Annotated[float | None, Field(description="upper end of the 80 % interval")]
    bound_low: Annotated[float, Field(description="score if everything missing were 0")]
    bound_high: Annotated[float, Field(description="score if everything missing were 100")]
    rating: Annotated[str | None, Field(description="band after red lines; null when there is no score and no block")]
    rating_low: str | None
    rating_high: str | None
    uncapped_rating: Annotated[str | None, Field(description="band before red lines")]
    uncapped_rating_low: str | None
    uncapped_rating_high: str | None
    capped_by: Annotated[tuple[str, ...], Field(description="ids of the red lines that lower this rating")]
    basis: Basis
    coverage: Annotated[float, Field(description="share (0-1) of applicable weight that has an observation")]


class Alternatives(Frozen):
    """The overall score under other ways to combine the pillars, with the uncapped rating each would give."""

    arithmetic: float | None
    geometric: float | None
    weakest_pillar: float | None
    weakest_pillar_id: str | None
    ratings: Annotated[dict[str, str | None], Field(description="uncapped rating by alternative")]


class Anchor(Frozen):
    """The anchor nearest to a value."""

    level: int
    text: str


class Item(Frozen):
    """One checklist item and its answer."""

    id: str
    text: str
    critical: bool
    answer: Answer
    clause: Annotated[str | None, Field(description="what a clause that meets it would say; null for practice")]


class Reading(Frozen):
    """What was read on the criterion's own scale, before it became a value."""

    kind: Literal["level", "number", "items", "threat_register"]
    low: float
    best: float
    high: float


class MitigationResult(Frozen):
    """Something that would raise the criterion, and what the scores would be if it did."""

    text: str
    to: int | None
    items: tuple[str, ...]
    cost: Literal["low", "moderate", "high"] | None
    feasibility: Literal["high", "moderate", "low"] | None
    months: int | None
    owner: str | None
    value: Annotated[float | None, Field(description="value of the criterion afterwards; null without an observation")]
    pillar_gain: Annotated[float | None, Field(description="points its pillar would gain, all else equal")]
    gain: Annotated[float | None, Field(description="points the overall score would gain, all else equal")]


class PartyReading(Frozen):
    """One party's reading of a criterion that is observed per party."""

    party: str
    key: bool
    reading: Reading
    value: float
    low: float
    high: float
    anchor: Anchor | None
    confidence: Confidence
    evidence: tuple[str, ...]
    rationale: str | None


class CriterionResult(Frozen):
    """One criterion: what was seen, what it is worth, and why."""

    id: str
    title: str
    question: str
    note: Annotated[str | None, Field(description="how to read the criterion, from the rubric")]
    weight: Annotated[
        float,
        Field(
            description="share of its pillar after type multipliers and after what does not apply; 0 if not applicable"
        ),
    ]
    overall_weight: Annotated[float, Field(description="share of the whole: the weight times those of its pillars")]
    declared_weight: Annotated[float, Field(description="the weight written in the rubric")]
    multiplier: Annotated[float, Field(description="type multiplier of that weight")]
    multipliers: Annotated[
        dict[PartnershipType, float], Field(description="multipliers by type where they differ from 1")
    ]
    applicable: bool
    not_applicable_reason: str | None
    observed: bool
    observed_share: Annotated[
        float,
        Field(description="part of the criterion (0-1) that is known: checklist items, key parties, threat cells"),
    ]
    reading: Reading | None
    unit: str | None
    value: float | None
    low: Annotated[float | None, Field(description="lower end of the observed range")]
    high: Annotated[float | None, Field(description="upper end of the observed range")]
    contribution: Annotated[
        float | None,
        Field(description="points of the pillar's score; null where the pillar is not an arithmetic mean"),
    ]
    confidence: Confidence | None
    stated_confidence: Confidence | None
    evidence: tuple[str, ...]
    rationale: str | None
    anchor: Anchor | None
    anchors: Annotated[dict[int, str], Field(description="all anchors, by level")]
    items: tuple[Item, ...]
    parties: tuple[PartyReading, ...]
    weakest_party: Annotated[str | None, Field(description="the key party whose reading counts")]
    evidence_base: EvidenceBase | None
    stage_rule: StageRule
    sources: tuple[CriterionSource, ...]
    mitigations: tuple[MitigationResult, ...]


class PillarResult(Rated):
    """One pillar with its criteria, and any pillars inside it."""

    id: str
    title: str
    question: str | None
    display: Literal["score", "risk"]
    weight: Annotated[float, Field(description="share among its neighbours")]
    overall_weight: Annotated[float, Field(description="share of the whole")]
    aggregation: Aggregation
    pillars: tuple["PillarResult", ...]
    criteria: tuple[CriterionResult, ...]


def all_pillars(pillars: Iterable[PillarResult]) -> Iterator[PillarResult]:
    """Yield pillars and those inside them, outer first, in document order."""
    for pillar in pillars:
        yield pillar
        yield from all_pillars(pillar.pillars)


def all_criteria(pillar: PillarResult) -> Iterator[CriterionResult]:
    """Yield every criterion of a pillar at any depth, pillars in document order."""
    for inner in all_pillars((pillar,)):
        yield from inner.criteria


class RedLineResult(Frozen):
    """One red line, as found."""

    id: str
    title: str | None
    criterion: str
    pillar: str
    when: str
    effect: RedLineEffect
    status: RedLineStatus
    fact: str | None
    remedy: Annotated[str | None, Field(description="what would have to be done in this case")]
    owner: Annotated[str | None, Field(description="who would have to do it")]
    evidence: tuple[str, ...]
    reference: str | None
    clears: Annotated[str | None, Field(description="what clears it in any case, from the rubric")]


class EvidenceResult(Frozen):
    """One piece of evidence and how it stood at the as-of date."""

    id: str
    fact: str
    citation: str
    url: str | None
    date: str
    kind: EvidenceKind
    grade: str
    confidence: Confidence
    verified: Literal["yes", "partly", "no"]
    open: str | None
    expired: bool
    used_by: Annotated[tuple[str, ...], Field(description="ids of the criteria and red lines that cite it")]


class Caution(Frozen):
    """Something a reader must know before relying on a number."""

    code: str
    at: Annotated[str, Field(description="id of the criterion, pillar, party or red line concerned, or 'overall'")]
    text: str


class Provenance(Frozen):
    """What is needed to get the same bytes again."""

    assess_version: str
    partnership_sha256: str | None
    seed: int
    draws: int
    distribution: Literal["triangular"]


class Assessment(Frozen):
    """The whole result."""

    schema_: Annotated[Literal["assess/assessment@1"], Field(alias="schema")] = "assess/assessment@1"
    partnership: PartnershipSummary
    rubric: RubricSummary
    overall: Rated
    alternatives: Alternatives
    pillars: tuple[PillarResult, ...]
    red_lines: tuple[RedLineResult, ...]
    evidence: tuple[EvidenceResult, ...]
    warnings: tuple[Caution, ...]
    provenance: Provenance
    seal: Annotated[
        dict[str, str],
        Field(description="SHA-256 of each part, so that a file cut short or edited by mistake is noticed"),
    ] = {}

    def to_json(self) -> str:
        """Return the Assessment with its seal as JSON text, two-space indented, keys in a fixed order."""
        sealed = self.model_copy(update={"seal": self.parts()})
        return sealed.model_dump_json(by_alias=True, indent=2) + "\n"

    def parts(self) -> dict[str, str]:
        """Return the SHA-256 of each part by its name; the pillars one by one.

        It guards against accidents, not against forgery: whoever changes a file can also work out its seal.
        """
        named: dict[str, tuple[BaseModel, ...]] = {
            "partnership": (self.partnership,),
            "rubric": (self.rubric,),
            "overall": (self.overall,),
            "alternatives": (self.alternatives,),
            **{f"pillars/{pillar.id}": (pillar,) for pillar in self.pillars},
            "red_lines": self.red_lines,
            "evidence": self.evidence,
            "warnings": self.warnings,
            "provenance": (self.provenance,),
        }
        return {
            name: sha256("\n".join(part.model_dump_json(by_alias=True) for part in parts).encode()).hexdigest()
            for name, parts in named.items()
        }


def open_clauses(assessment: Assessment) -> tuple[tuple[CriterionResult, Item], ...]:
    """Return the checklist items that a text must settle and that are not fully met, the critical ones first."""
    found = [
        (criterion, item)
        for pillar in all_pillars(assessment.pillars)
        for criterion in pillar.criteria
        if criterion.applicable
        for item in criterion.items
        if item.clause is not None and item.answer != "yes"
    ]
    return tuple(sorted(found, key=lambda pair: not pair[1].critical))
