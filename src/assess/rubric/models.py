"""The rubric document: what is measured and how it counts. Every field says what it is for."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from assess.documents.document import Document
from assess.documents.fields import (
    SHA256,
    VERSION,
    Confidence,
    Key,
    Level,
    Mitigation,
    Number,
    PartialDate,
    PartnershipType,
    Percent,
    Record,
    RedLineEffect,
    RedLineStatus,
    Slug,
    Text,
)

SCHEMA = "assess/rubric@1"

StageRule = Literal["full", "design", "proxy"]
EvidenceBase = Literal["strong", "moderate", "contested", "normative", "practice"]
WeightingMethod = Literal[
    "stated", "points", "swing", "ranks", "ahp", "best_worst", "statements", "mixed", "learned", "agreed", "page"
]

OVERALL = "overall"
"""The node above the pillars, where weights of single nodes are named."""

DO_NOT_PROCEED = "Do not proceed"
"""The rating that a red line gives which blocks; it is no band."""

LARGEST_WEIGHT = 100_000
"""Only ratios of weights matter; up to here their sums stay exact enough."""

SUM_WITHIN = 1e-6
"""How far shares may miss a sum of 1: what is lost by writing them with few digits."""

Weight = Annotated[Number, Field(ge=0, le=LARGEST_WEIGHT)]


class Arithmetic(Record):
    """Weighted arithmetic mean: strengths make up for weaknesses."""

    method: Literal["arithmetic"]


class Geometric(Record):
    """Weighted geometric mean: a very low value pulls the result down."""

    method: Literal["geometric"]
    floor: Annotated[
        Number,
        Field(gt=0, le=100, description="values below this count as this, so that 0 does not erase the rest"),
    ] = 1.0


class Power(Record):
    """Weighted power mean with a chosen exponent; 1 is arithmetic, below 1 punishes weakness."""

    method: Literal["power"]
    exponent: Annotated[Number, Field(ge=-20, le=20, description="the exponent; 0 is not allowed (use geometric)")]
    floor: Annotated[Number, Field(gt=0, le=100, description="values below this count as this")] = 1.0

    @model_validator(mode="after")
    def _not_zero(self) -> Self:
        if self.exponent == 0:
            raise ValueError("exponent 0 is the geometric mean; write method: geometric")
        return self


class Owa(Record):
    """Ordered weighted average, guided by the quantifier r^exponent (Yager 1996); above 1 leans to the worst."""

    method: Literal["owa"]
    exponent: Annotated[Number, Field(gt=0, le=20, description="1 is the weighted mean; 2 leans to the worst values")]


class Minimum(Record):
    """The worst value among those with weight."""

    method: Literal["minimum"]


Aggregation = Annotated[Arithmetic | Geometric | Power | Owa | Minimum, Field(discriminator="method")]


class Ordinal(Record):
    """Anchored levels 0 to 4. The value of a level is the rubric's `level_values`."""

    kind: Literal["ordinal"]


class Quantitative(Record):
    """A number in a stated unit, turned into a value by straight lines between fixed breakpoints."""

    kind: Literal["quantitative"]
    unit: Annotated[Text, Field(description="what the number counts, and in what")]
    breakpoints: Annotated[
        tuple[tuple[Number, Percent], ...],
        Field(min_length=2, description="[number, value] pairs; flat outside the first and last"),
    ]
    computed_from: Annotated[
        Literal["threat_register"] | None,
        Field(description="set when assess computes the number from another part of the partnership document"),
    ] = None

    @model_validator(mode="after")
    def _monotone(self) -> Self:
        numbers = [number for number, _ in self.breakpoints]
        values = [value for _, value in self.breakpoints]
        if any(b <= a for a, b in pairwise(numbers)):
            raise ValueError("the numbers of the breakpoints must rise from pair to pair")
        steps = [b - a for a, b in pairwise(values)]
        if any(s > 0 for s in steps) and any(s < 0 for s in steps):
            raise ValueError("the values of the breakpoints must all rise or all fall (the measure must be monotone)")
        if not any(steps):
            raise ValueError("the values of the breakpoints are all the same: the measure would say nothing")
        return self


class ChecklistItem(Record):
    """One thing that is met, partly met or not."""

    id: Slug
    text: Text
    critical: Annotated[bool, Field(strict=True, description="critical items count double")] = False
    clause: Annotated[
        Text | None,
        Field(description="what a clause that meets this item would say; only for items that a text must settle"),
    ] = None


class Checklist(Record):
    """Share of items met: yes 1, partial 0.5, no 0; critical items count double; unknown items widen the range."""

    kind: Literal["checklist"]
    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1)]


Measure = Annotated[Ordinal | Quantitative | Checklist, Field(discriminator="kind")]


class CriterionSource(Record):
    """A reference this criterion rests on, and what was taken from it."""

    ref: Annotated[Key, Field(description="id in `references`")]
    finding: Annotated[Text | None, Field(description="what the source says that bears on this criterion")] = None


class Criterion(Record):
    """One question, how it is measured and how much it counts."""

    id: Slug
    title: Text
    question: Annotated[Text, Field(description="the question an analyst answers")]
    weight: Annotated[Weight, Field(description="share inside the pillar; only ratios matter")]
    evidence: Annotated[Text | None, Field(description="what evidence counts")] = None
    data: Annotated[Text | None, Field(description="where such evidence is found")] = None
    note: Annotated[Text | None, Field(description="how to read the criterion, and what not to count here")] = None
    measure: Measure
    anchors: Annotated[
        dict[Level, Text],
        Field(description="the text that defines each level 0 to 4; required for ordinal criteria"),
    ] = {}
    evidence_base: Annotated[
        EvidenceBase | None,
        Field(description="strength of the research: strong, moderate, contested, normative (law) or practice"),
    ] = None
    sources: tuple[CriterionSource, ...] = ()
    types: Annotated[
        dict[PartnershipType, Weight],
        Field(description="multiplier of the weight by type of partnership; 1 where absent, 0 means not applicable"),
    ] = {}
    when_proposed: Annotated[
        StageRule,
        Field(description="before entry into force: full (score now), design (the draft), proxy (the parties' record)"),
    ] = "full"
    per_party: Annotated[
        bool, Field(strict=True, description="observed for each party; the weakest key party counts")
    ] = False
    mitigations: tuple[Mitigation, ...] = ()

    @model_validator(mode="after")
    def _anchored(self) -> Self:
        if self.anchors and sorted(self.anchors) != [0, 1, 2, 3, 4]:
            raise ValueError("anchors must define every level 0, 1, 2, 3 and 4")
        if isinstance(self.measure, Ordinal) and not self.anchors:
            raise ValueError("an ordinal criterion needs anchors for the levels 0 to 4")
        return self


class Pillar(Record):
    """A branch of the tree: holds criteria, or further pillars, or both."""

    id: Slug
    title: Text
    weight: Annotated[Weight, Field(description="share among its neighbours; profiles may replace it")] = 1.0
    question: Text | None = None
    display: Annotated[
        Literal["score", "risk"],
        Field(description="risk shows 100 - score, with the word risk; the score itself keeps its direction"),
    ] = "score"
    aggregation: Annotated[Aggregation, Field(description="how its children combine; arithmetic where absent")] = Field(
        default_factory=lambda: Arithmetic(method="arithmetic")
    )
    pillars: tuple["Pillar", ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @model_validator(mode="after")
    def _has_children(self) -> Self:
        children: list[Pillar | Criterion] = [*self.pillars, *self.criteria]
        if not children:
            raise ValueError("a pillar needs criteria or pillars")
        if not any(child.weight > 0 for child in children):
            raise ValueError("the weights inside the pillar are all zero; give at least one a positive weight")
        return self

    def all_criteria(self) -> Iterator[Criterion]:
        """Yield every criterion below this pillar, in document order."""
        for pillar in self.pillars:
            yield from pillar.all_criteria()
        yield from self.criteria

    def all_pillars(self) -> "Iterator[Pillar]":
        """Yield this pillar and every one below it, in document order."""
        yield self
        for pillar in self.pillars:
            yield from pillar.all_pillars()


class RedLine(Record):
    """A condition that caps the rating and never changes a number."""

    id: Slug
    title: Annotated[Text | None, Field(description="short name; made from the id where absent")] = None
    criterion: Annotated[
        Slug, Field(description="the criterion it belongs to; its pillar is the one capped by cap_pillar_49")
    ]
    when: Annotated[Text, Field(description="the condition, as a legal adviser would test it")]
    effect: Annotated[
        RedLineEffect,
        Field(
            description="block: 'Do not proceed'; cap_overall_conditional: overall at most the band of 64; "
            "cap_pillar_49: its pillar at most the band of 49"
        ),
    ]
    reference: Annotated[Text | None, Field(description="legal or doctrinal reference")] = None
    clears: Annotated[Text | None, Field(description="what would clear it")] = None


class Band(Record):
    """A rating and the lowest score that earns it."""

    label: Text
    at_least: Percent


def _fall(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    """Return bands that cover the scale; raises `ValueError` for those that do not, or that cannot be told apart."""
    starts = [band.at_least for band in bands]
    if any(b >= a for a, b in pairwise(starts)) or starts[-1] != 0:
        raise ValueError("they must fall from the best down to one that begins at 0")
    labels = [band.label for band in bands]
    if len(set(labels)) < len(labels) or DO_NOT_PROCEED in labels:
        raise ValueError(f"every band needs a label of its own, and none may be called '{DO_NOT_PROCEED}'")
    return bands


Bands = Annotated[tuple[Band, ...], Field(min_length=1), AfterValidator(_fall)]


class Profile(Record):
    """Pillar weights and reading rules for one type of partnership."""

    pillars: Annotated[dict[Slug, Weight], Field(description="weight by pillar id")]
    question: Annotated[Text | None, Field(description="the main question a reader has of this type")] = None
    note: Annotated[Text | None, Field(description="reading rule printed in the report")] = None


class HalfWidths(Record):
    """Half-width, in levels, of the range a bare value gets."""

    high: Annotated[Number, Field(gt=0, le=4)] = 0.5
    moderate: Annotated[Number, Field(gt=0, le=4)] = 1.0
    low: Annotated[Number, Field(gt=0, le=4)] = 1.5

    def of(self, confidence: Confidence) -> float:
        """Return the half-width for a confidence."""
        return {"high": self.high, "moderate": self.moderate, "low": self.low}[confidence]


class CoverageRule(Record):
    """Below which share of weight with an observation (percent) a score is withheld or provisional."""

    insufficient_below: Annotated[Percent, Field(description="below this a pillar has no score")] = 60.0
    provisional_below: Annotated[Percent, Field(description="below this a score is provisional")] = 80.0

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.insufficient_below > self.provisional_below:
            raise ValueError("insufficient_below must not exceed provisional_below")
        return self


class Reference(Record):
    """A publication the rubric rests on."""

    id: Key
    citation: Annotated[Text, Field(description="author, year, title, where published")]
    checked: Annotated[
        Literal["read", "excerpt", "unverified"],
        Field(description="read: the text was read; excerpt: abstract or part was read; unverified: cited from memory"),
    ]


class Side(Record):
    """One side of a trade-off: criteria that rise together, and often against those of the other side."""

    title: Text
    criteria: Annotated[tuple[Slug, ...], Field(min_length=1)]


class TradeOff(Record):
    """Two things a partnership can rarely have more of at once. It changes no number; the report shows both sides."""

    id: Slug
    title: Text
    question: Annotated[Text, Field(description="what the reader has to decide")]
    sides: tuple[Side, Side]


class BaseRate(Record):
    """How often something happened in a stated set of past cases. Never the probability of the case at hand."""

    id: Slug
    statement: Annotated[Text, Field(description="what was counted, with the share in words or figures")]
    share: Annotated[Percent, Field(description="the share, in percent")]
    definition: Annotated[Text, Field(description="what counts as a case and as an occurrence, and in which period")]
    ref: Annotated[Key, Field(description="id in `references`")]
    criteria: Annotated[tuple[Slug, ...], Field(description="criteria beside which a reader should see it")] = ()


class Expectation(Record):
    """What a test vector must come out as. At least one key."""

    rating: Annotated[Text | None, Field(description="overall rating after red lines")] = None
    uncapped_rating: Annotated[Text | None, Field(description="overall rating before red lines")] = None
    basis: Annotated[
        Literal["sufficient", "provisional", "insufficient"] | None,
        Field(description="how far the whole can be relied on"),
    ] = None
    pillars: Annotated[dict[Slug, Text], Field(description="rating by pillar id")] = {}
    below: Annotated[Slug | None, Field(description="id of a vector whose score this one's must stay under")] = None
    on: Annotated[Slug | None, Field(description="pillar on which `below` is judged; overall where absent")] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.rating or self.uncapped_rating or self.basis or self.pillars or self.below):
            raise ValueError("expect something: rating, uncapped_rating, basis, pillars or below")
        return self


class TestVector(Record):
    """Observations with a known answer, run by `assess check`."""

    __test__ = False  # pytest collects classes named Test*

    id: Slug
    says: Annotated[Text, Field(description="in words, what this vector proves")]
    type: PartnershipType
    fill: Annotated[
        Percent | None, Field(description="value given to every criterion not named; none where absent")
    ] = None
    levels: Annotated[
        dict[Slug, Level | None], Field(description="level by criterion id; null leaves it without evidence")
    ] = {}
    red_lines: dict[Slug, RedLineStatus] = {}
    expect: Expectation


class Extends(Record):
    """The rubric that a version changes: its parent."""

    rubric: Annotated[Text, Field(description="shipped id, or path of the parent's file, relative to this file")]
    version: Annotated[str, Field(pattern=VERSION, description="the parent's version this one was made from")]
    sha256: Annotated[
        str | None,
        Field(pattern=SHA256, description="hash of the parent's file; where given, another file is refused"),
    ] = None


class Diagnostic(Record):
    """One thing a method says about how far its weights can be relied on."""

    name: Text
    value: Number | None = None
    text: Text | None = None
    warning: Annotated[bool, Field(strict=True, description="whether a reader must be warned")] = False


class NodeWeighting(Record):
    """The weights one method gave to the children of one node."""

    node: Annotated[Slug, Field(description="id of the pillar, or 'overall' for the pillars themselves")]
    method: WeightingMethod
    weights: Annotated[dict[Slug, Weight], Field(min_length=1, description="share by child; they sum to 1")]
    low: Annotated[dict[Slug, Weight], Field(description="lower end of the range the method leaves")] = {}
    high: Annotated[dict[Slug, Weight], Field(description="upper end of that range")] = {}
    diagnostics: tuple[Diagnostic, ...] = ()

    @model_validator(mode="after")
    def _shares(self) -> Self:
        total = sum(self.weights.values())
        if abs(total - 1.0) > SUM_WITHIN:
            raise ValueError(f"the weights are shares and must sum to 1 (they sum to {total:.6g})")
        strange = sorted({*self.low, *self.high} - set(self.weights))
        if strange:
            raise ValueError(f"low and high name what has no weight: {', '.join(strange)}")
        if any(self.low[name] > self.high[name] for name in self.low if name in self.high):
            raise ValueError("low must not exceed high")
        return self


class Weighting(Record):
    """How the weights of this version were obtained: the audit trail. It changes no number."""

    method: WeightingMethod
    by: Annotated[Text | None, Field(description="names or offices of those whose judgement it is")] = None
    on: Annotated[PartialDate | None, Field(description="when they gave it")] = None
    source: Annotated[Text | None, Field(description="what it was made from, such as the file of judgements")] = None
    source_sha256: Annotated[str | None, Field(pattern=SHA256, description="hash of that file")] = None
    note: Annotated[Text | None, Field(description="why")] = None
    nodes: tuple[NodeWeighting, ...] = ()


class Rubric(Document):
    """A versioned document that says what is measured and how it counts."""

    schema_: Annotated[Literal["assess/rubric@1"], Field(alias="schema")]
    id: Slug
    title: Text
    version: Annotated[str, Field(pattern=VERSION)]
    description: Text | None = None
    extends: Annotated[
        Extends | None, Field(description="the parent; then this document is a version, see RubricVersion")
    ] = None
    weighting: Annotated[Weighting | None, Field(description="how the weights were obtained")] = None
    level_values: Annotated[
        tuple[Percent, Percent, Percent, Percent, Percent],
        Field(description="value of the levels 0 to 4; straight lines between"),
    ] = (0.0, 25.0, 50.0, 75.0, 100.0)
    half_widths: Annotated[HalfWidths, Field(description="in levels, by confidence")] = Field(
        default_factory=HalfWidths
    )
    coverage: Annotated[CoverageRule, Field(description="when a score is withheld or provisional")] = Field(
        default_factory=CoverageRule
    )
    bands: Annotated[Bands, Field(description="from the best down; the last begins at 0")]
    aggregation: Annotated[Aggregation, Field(description="how the pillars combine; geometric where absent")] = Field(
        default_factory=lambda: Geometric(method="geometric")
    )
    profiles: Annotated[
        dict[PartnershipType, Profile],
        Field(description="by type of partnership; where absent, the pillars' own weights hold"),
    ] = {}
    pillars: Annotated[tuple[Pillar, ...], Field(min_length=1)]
    red_lines: tuple[RedLine, ...] = ()
    trade_offs: tuple[TradeOff, ...] = ()
    base_rates: tuple[BaseRate, ...] = ()
    references: tuple[Reference, ...] = ()
    test_vectors: tuple[TestVector, ...] = ()

    _parent: "Rubric | None" = PrivateAttr(default=None)

    @property
    def parent(self) -> "Rubric | None":
        """The rubric this one extends, as it was read; None for a whole rubric."""
        return self._parent

    def extended_from(self, parent: "Rubric") -> Self:
        """Remember the rubric this one extends, and return it."""
        self._parent = parent
        return self

    def lineage(self) -> "Iterator[Rubric]":
        """Yield the rubric it extends, then that one's parent, and so on."""
        above = self._parent
        while above is not None:
            yield above
            above = above._parent

    @model_validator(mode="after")
    def _scales(self) -> Self:
        if list(self.level_values) != sorted(self.level_values) or self.level_values[0] == self.level_values[-1]:
            raise ValueError("level_values must rise from level 0 to level 4")
        if not any(pillar.weight > 0 for pillar in self.pillars):
            raise ValueError("the weights of the pillars are all zero; give at least one a positive weight")
        return self

    def all_criteria(self) -> Iterator[Criterion]:
        """Yield every criterion in document order."""
        for pillar in self.pillars:
            yield from pillar.all_criteria()

    def all_pillars(self) -> "Iterator[Pillar]":
        """Yield every pillar at any depth in document order."""
        for pillar in self.pillars:
            yield from pillar.all_pillars()


class ProfileChange(Record):
    """What a version changes in the profile of one type. Pillars that are not named keep the parent's weight."""

    pillars: Annotated[dict[Slug, Weight], Field(description="weight by pillar id")] = {}
    question: Annotated[Text | None, Field(description="replaces the parent's")] = None
    note: Annotated[Text | None, Field(description="replaces the parent's")] = None


class RedLineChange(Record):
    """What a version changes in a red line: fields replace; an id the parent lacks needs all that a red line needs."""

    id: Slug
    title: Text | None = None
    criterion: Slug | None = None
    when: Text | None = None
    effect: RedLineEffect | None = None
    reference: Text | None = None
    clears: Text | None = None


class RubricVersion(Record):
    """A rubric as a change of another: the small document that `extends` its parent. The rest is the parent's."""

    schema_: Annotated[Literal["assess/rubric@1"], Field(alias="schema")]
    id: Slug
    title: Text
    version: Annotated[str, Field(pattern=VERSION)]
    description: Annotated[Text | None, Field(description="of this version; the parent's is not taken over")] = None
    extends: Extends
    weights: Annotated[
        dict[Slug, Weight],
        Field(description="weight by id of a pillar or criterion; where a profile names a pillar, the profile counts"),
    ] = {}
    profiles: dict[PartnershipType, ProfileChange] = {}
    bands: Annotated[Bands | None, Field(description="replace the parent's")] = None
    red_lines: Annotated[tuple[RedLineChange, ...], Field(description="by id: replaced in part, or added")] = ()
    test_vectors: Annotated[tuple[TestVector, ...], Field(description="by id: replaced whole, or added")] = ()
    weighting: Annotated[Weighting | None, Field(description="how the weights were obtained")] = None
