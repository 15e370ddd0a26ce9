"""The partnership document: everything known about one case. Every field says what it is for."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from assess.documents.document import Document
from assess.documents.fields import (
    GRADE,
    Confidence,
    Key,
    Mitigation,
    Months,
    Number,
    PartialDate,
    PartnershipType,
    Rank5,
    Record,
    RedLineStatus,
    Slug,
    Stage,
    Text,
)

SCHEMA = "assess/partnership@1"

EvidenceKind = Literal["treaty", "law", "official", "dataset", "scholarship", "press", "reference"]
Answer = Literal["yes", "partial", "no", "unknown"]
Adequacy = Literal["adequate", "partial", "none", "unknown"]
Likelihood = Literal[
    "almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely", "almost certain"
]
"""The yardstick of ICD 203 (US Director of National Intelligence 2015), from the least to the most likely."""

LIKELIHOOD_WORDS = re.compile(
    r"\b(?:(?:un)?likely|likelihood|probabl[ey]|probability|improbable|almost certain(?:ly)?|(?:even|no) chance|odds"
    r"|(?:high|moderate|low) confidence)\b",
    re.IGNORECASE,
)
"""Words that a statement leaves to the fields for likelihood and confidence."""

NEVER_EXPIRES: frozenset[str] = frozenset(("treaty", "law"))
DEFAULT_SHELF_LIFE = 120
"""Months after which other evidence counts as expired unless it says otherwise (domain rule: a ten-year window)."""


class Point(Record):
    """One statement and the evidence it rests on."""

    text: Text
    evidence: tuple[Key, ...] = ()


class Party(Record):
    """A state or organisation that takes part."""

    id: Annotated[Key, Field(description="ISO 3166-1 code (alpha-2 or alpha-3) for a state; any short id otherwise")]
    name: Text
    kind: Annotated[
        Literal["state", "former_state", "organisation"],
        Field(description="state ids are checked against ISO 3166-1"),
    ] = "state"
    key: Annotated[
        bool,
        Field(
            strict=True,
            description="whether its loss would defeat the purpose; per-party criteria use the weakest key party",
        ),
    ] = True
    benefits: Annotated[tuple[Point, ...], Field(description="what the partnership gives this party")] = ()
    obligations: Annotated[tuple[Point, ...], Field(description="what this party owes under it")] = ()
    exposure: Annotated[tuple[Point, ...], Field(description="what it could be drawn into, or answer for")] = ()
    dependence: Annotated[tuple[Point, ...], Field(description="where it relies on others and could be pressed")] = ()


class Objective(Record):
    """What the partnership is for."""

    id: Key
    text: Text


class Clause(Record):
    """One obligation or right, taken apart so that it can be tested."""

    id: Key
    article: Annotated[Text, Field(description="where it stands in the instrument")]
    obligation: Annotated[Text, Field(description="what is owed or allowed, in our own words")]
    trigger: Annotated[Text | None, Field(description="what sets it off; leave out where the text names nothing")] = (
        None
    )
    area: Annotated[Text | None, Field(description="where it applies; leave out where the text names nothing")] = None
    duty_holder: Annotated[Text | None, Field(description="who owes it; leave out where the text names nobody")] = None
    status: Annotated[
        Literal["binding", "political", "draft", "lapsed", "unclear"],
        Field(description="legal status of this clause"),
    ]
    evidence: tuple[Key, ...] = ()


class Instrument(Record):
    """A text the partnership rests on."""

    id: Key
    title: Text
    form: Literal["treaty", "executive_agreement", "memorandum", "joint_statement", "statute", "other"]
    status: Annotated[
        Literal["binding", "political", "draft", "lapsed", "unclear"], Field(description="legal status of the text")
    ]
    signed: PartialDate | None = None
    in_force: PartialDate | None = None
    ended: PartialDate | None = None
    note: Text | None = None
    evidence: tuple[Key, ...] = ()
    clauses: tuple[Clause, ...] = ()


class Structure(Record):
    """A standing part of the partnership."""

    id: Key
    title: Text
    kind: Literal[
        "command_centre",
        "liaison_office",
        "training_centre",
        "communication_system",
        "committee",
        "secretariat",
        "other",
    ]
    status: Literal["planned", "working", "dormant"]
    level: Annotated[
        Literal["leaders", "ministers", "officials", "military", "parliament"] | None,
        Field(description="who sits there"),
    ] = None
    decides_by: Annotated[Text | None, Field(description="how it decides, such as consensus")] = None
    every: Annotated[Months | None, Field(description="months between regular meetings")] = None
    last_met: Annotated[PartialDate | None, Field(description="the last meeting known at the as-of date")] = None
    note: Text | None = None
    evidence: tuple[Key, ...] = ()


class Threat(Record):
    """One cell of the threat register: a threat in a domain, how bad, how likely, and what answers it."""

    id: Key
    threat: Text
    domain: Literal[
        "land",
        "sea",
        "air",
        "space",
        "cyber",
        "information",
        "terrorism",
        "organised_crime",
        "cbrn",
        "missile",
    ]
    severity: Annotated[Rank5, Field(description="1 minor to 5 existential")]
    likelihood: Annotated[Rank5, Field(description="1 remote to 5 under way; an ordinal judgement, not a probability")]
    capability: Annotated[
        Text | None, Field(description="the named capability that answers it; leave out where there is none")
    ] = None
    adequacy: Annotated[
        Adequacy, Field(description="whether that capability is enough: adequate, partial, none or unknown")
    ]
    lead: Annotated[Key | None, Field(description="id of the party that leads the answer to it")] = None
    rationale: Text | None = None
    evidence: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.adequacy in ("adequate", "partial") and self.capability is None:
            raise ValueError(
                f"adequacy is {self.adequacy} but no capability is named; name it, or write none or unknown"
            )
        return self


class Evidence(Record):
    """A fact with its source, date and grade."""

    id: Key
    fact: Annotated[Text, Field(description="the fact, in our own words")]
    citation: Annotated[Text, Field(description="author or body, title, where and when published")]
    url: Annotated[Text | None, Field(description="site and path that was read")] = None
    date: Annotated[PartialDate, Field(description="the date up to which the fact is known to hold")]
    kind: EvidenceKind
    grade: Annotated[
        str,
        Field(
            pattern=GRADE,
            description="source reliability A-F and credibility of the information 1-6 (Admiralty code)",
        ),
    ]
    confidence: Annotated[Confidence, Field(description="confidence in the fact")]
    verified: Annotated[
        Literal["yes", "partly", "no"],
        Field(description="yes: the source was read or the figure recomputed; partly: see `open`; no: unverified"),
    ]
    open: Annotated[Text | None, Field(description="which part was not verified")] = None
    shelf_life: Annotated[
        Months | None,
        Field(description="months for which the fact may be used; 120 unless said; treaties and laws do not expire"),
    ] = None

    @model_validator(mode="after")
    def _says_what_is_open(self) -> Self:
        if self.verified == "partly" and self.open is None:
            raise ValueError("verified is partly; say in 'open' which part was not verified")
        if self.verified == "no" and self.confidence == "high":
            raise ValueError("an unverified fact carries at most moderate confidence")
        return self

    def lasts(self) -> int | None:
        """Return the shelf life in months, or None for evidence that does not expire."""
        if self.shelf_life is None and self.kind in NEVER_EXPIRES:
            return None
        return self.shelf_life or DEFAULT_SHELF_LIFE


class Range(Record):
    """A judgement with its uncertainty. A bare number is a best value whose range follows from its confidence."""

    low: Annotated[Number | None, Field(description="where absent, it follows from the confidence")] = None
    best: Annotated[Number, Field(description="the reading that the score is made of")]
    high: Annotated[Number | None, Field(description="where absent, it follows from the confidence")] = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low is not None and self.low > self.best:
            raise ValueError(f"low ({self.low:g}) is above best ({self.best:g})")
        if self.high is not None and self.high < self.best:
            raise ValueError(f"high ({self.high:g}) is below best ({self.best:g})")
        return self


def _bare(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"best": value}
    if isinstance(value, (dict, Range)):
        return value
    raise ValueError("write a number, or a mapping with low, best and high")


Spread = Annotated[Range, BeforeValidator(_bare, json_schema_input_type=float | Range)]


class Judgement(Record):
    """One reading of one criterion: a level, a number in the criterion's unit, or answers to its checklist."""

    level: Annotated[Spread | None, Field(description="level 0 to 4 on the criterion's anchors")] = None
    number: Annotated[Spread | None, Field(description="number in the criterion's unit")] = None
    items: Annotated[dict[Slug, Answer] | None, Field(description="checklist answers: yes, partial, no or unknown")] = (
        None
    )
    confidence: Annotated[Confidence, Field(description="high, moderate or low; low where absent")] = "low"
    evidence: Annotated[tuple[Key, ...], Field(description="ids of the evidence it rests on")] = ()
    rationale: Annotated[Text | None, Field(description="why this value and not its neighbours")] = None

    @model_validator(mode="after")
    def _one_reading(self) -> Self:
        given = [name for name in ("level", "number", "items") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"both {given[0]} and {given[1]} are given; keep one")
        return self


class Observation(Judgement):
    """What is observed on one criterion: one reading, or one per party, or a reason why it does not apply."""

    parties: Annotated[
        dict[Key, Judgement] | None,
        Field(description="one reading per party, for criteria observed per party"),
    ] = None
    not_applicable: Annotated[Text | None, Field(description="the reason why this criterion does not apply here")] = (
        None
    )
    mitigations: Annotated[
        tuple[Mitigation, ...],
        Field(description="what would raise it in this case, in place of the rubric's general ways"),
    ] = ()

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        read = any(getattr(self, name) is not None for name in ("level", "number", "items"))
        if read + (self.parties is not None) + (self.not_applicable is not None) > 1:
            raise ValueError("give one of: a reading (level, number or items), parties, or not_applicable")
        return self


class Finding(Record):
    """What was found about one red line."""

    status: Annotated[RedLineStatus, Field(description="only a tripped red line caps a rating")]
    fact: Annotated[Text | None, Field(description="the fact that trips, clears or leaves it open")] = None
    remedy: Annotated[Text | None, Field(description="what would have to be done in this case")] = None
    owner: Annotated[Text | None, Field(description="who would have to do it")] = None
    evidence: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _tripped_needs_a_fact(self) -> Self:
        if self.status in ("tripped", "disputed") and self.fact is None:
            raise ValueError(f"a {self.status} red line needs the fact it rests on; add 'fact'")
        return self


class Event(Record):
    """Something dated that happened under the partnership or to it."""

    id: Key
    title: Text
    kind: Literal["exercise", "operation", "consultation", "decision", "invocation", "dispute", "accession", "exit"]
    date: Annotated[PartialDate, Field(description="when it happened or began; not after the as-of date")]
    ended: PartialDate | None = None
    note: Text | None = None
    evidence: tuple[Key, ...] = ()


class KeyJudgement(Record):
    """A numbered judgement of the analysts. Likelihood and confidence stay apart, each in a field of its own."""

    id: Key
    statement: Annotated[Text, Field(description="one sentence, without a likelihood or a confidence in it")]
    likelihood: Annotated[
        Likelihood | None, Field(description="one term of the fixed yardstick; only for a statement about the future")
    ] = None
    by: Annotated[PartialDate | None, Field(description="the date up to which the likelihood speaks")] = None
    confidence: Annotated[Confidence, Field(description="confidence in the judgement")]
    because: Annotated[Text, Field(description="the reason for that confidence: sources, agreement, assumptions, gaps")]
    criteria: Annotated[tuple[Slug, ...], Field(description="ids of the criteria it draws on")] = ()
    base_rates: Annotated[tuple[Slug, ...], Field(description="ids of the rubric's base rates to read beside it")] = ()
    dissent: Annotated[Text | None, Field(description="the strongest reading against it, and who holds it")] = None
    evidence: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _kept_apart(self) -> Self:
        if (self.likelihood is None) != (self.by is None):
            raise ValueError("a likelihood needs the date up to which it speaks, and the date a likelihood: give both")
        found = LIKELIHOOD_WORDS.search(self.statement)
        if found:
            raise ValueError(f"the statement says '{found[0]}'; likelihood and confidence have fields of their own")
        return self


class Assumption(Record):
    """Something taken as given, and what follows if it does not hold."""

    id: Key
    text: Text
    if_wrong: Annotated[Text, Field(description="what would change in the assessment")]
    criteria: tuple[Slug, ...] = ()
    evidence: tuple[Key, ...] = ()


class Indicator(Record):
    """Something to watch, and the threshold at which the assessment is opened again."""

    id: Key
    text: Text
    threshold: Annotated[Text, Field(description="the observable at which the assessment is opened again")]
    criteria: Annotated[tuple[Slug, ...], Field(description="ids of the criteria it would move")] = ()


class Option(Record):
    """A course considered beside the partnership as it is."""

    id: Key
    title: Text
    kind: Literal["none", "lighter", "deeper", "other_partner"]
    text: Annotated[Text, Field(description="what it would give and cost; not a recommendation")]
    evidence: tuple[Key, ...] = ()


class Scenario(Record):
    """A named set of assumptions under which the case is scored again. It is no forecast."""

    id: Key
    title: Text
    text: Annotated[Text, Field(description="what is assumed, and why it is worth looking at")]
    changes: Annotated[
        tuple[Text, ...],
        Field(
            description="assumed readings, as in `assess whatif --set`: criterion=3, criterion.item=yes, line=tripped"
        ),
    ] = ()
    without: Annotated[tuple[Key, ...], Field(description="ids of parties that are assumed to have left")] = ()
    read_as: Annotated[
        PartnershipType | None, Field(description="the type whose weights are used instead of those of the case")
    ] = None

    @model_validator(mode="after")
    def _assumes_something(self) -> Self:
        if not (self.changes or self.without or self.read_as):
            raise ValueError("a scenario assumes something: give changes, without or read_as")
        return self


class Partnership(Document):
    """The document of one case."""

    schema_: Annotated[Literal["assess/partnership@1"], Field(alias="schema")]
    id: Slug
    title: Text
    type: PartnershipType
    stage: Stage
    as_of: Annotated[PartialDate, Field(description="the date the assessment speaks for; no evidence may be later")]
    handling: Annotated[Text, Field(description="handling mark printed on every page")] = (
        "Unclassified - open sources only"
    )
    judgements: Annotated[
        Literal["illustrative", "draft", "reviewed"],
        Field(
            description="what the levels are: illustrative (to show the method), draft, or reviewed by a second person"
        ),
    ] = "draft"
    summary: Annotated[Text | None, Field(description="what the partnership is, in a few sentences")] = None
    prepared_by: Annotated[Text | None, Field(description="who made the assessment")] = None
    reviewed_by: Annotated[Text | None, Field(description="who checked it")] = None
    funding: Annotated[Text | None, Field(description="who paid for it, and any conflict of interest")] = None
    review_by: Annotated[PartialDate | None, Field(description="when it is to be looked at again; after as_of")] = None
    parties: Annotated[tuple[Party, ...], Field(min_length=2)]
    objectives: tuple[Objective, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    structures: tuple[Structure, ...] = ()
    threats: Annotated[
        tuple[Threat, ...], Field(description="the threat register; coverage by domain is computed from it")
    ] = ()
    events: Annotated[
        tuple[Event, ...], Field(description="dated events: exercises, consultations, operations, decisions")
    ] = ()
    key_judgements: tuple[KeyJudgement, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    options: Annotated[tuple[Option, ...], Field(description="courses considered beside the partnership as it is")] = ()
    scenarios: Annotated[
        tuple[Scenario, ...], Field(description="named assumptions under which the case is scored again")
    ] = ()
    evidence: tuple[Evidence, ...] = ()
    observations: Annotated[
        dict[Slug, Observation], Field(description="by criterion id; a criterion left out has no evidence")
    ] = {}
    red_lines: Annotated[dict[Slug, Finding], Field(description="by red-line id; one left out counts as unknown")] = {}
