"""From a partnership's observations to values with ranges: what was read, what it is worth, how sure it is.

Confidence only ever falls here: without evidence to low; for plans and records of proposed partnerships to at most
moderate; past twice the shelf life of the freshest evidence to low. Past once its shelf life the range widens by half.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from assess.documents.fields import PROPOSED_STAGES, Confidence, months_between
from assess.partnership.models import Evidence, Judgement, Partnership, Range
from assess.partnership.threats import register_coverage
from assess.rubric.measures import (
    Breakpoints,
    Floats,
    breakpoints_of,
    checklist_share,
    compile_scale,
    level_breakpoints,
)
from assess.rubric.models import Checklist, Criterion, Quantitative, Rubric

EXPIRED_WIDENING = 1.5
"""Factor on the half-width of a reading whose freshest evidence is past its shelf life."""

Kind = Literal["level", "number", "items", "threat_register"]


@dataclass(frozen=True, eq=False)
class Cell:
    """One reading of one criterion, by one party or by all, with its value and range on 0-100."""

    criterion: str
    party: str | None
    key: bool
    judgement: Judgement
    kind: Kind
    raw: tuple[float, float, float]
    """Low, best and high as read (levels, the criterion's unit, or percent)."""
    value: float
    low: float
    high: float
    known: float
    """Part 0-1 of the reading that is known (checklist items, threat cells)."""
    completions: tuple[float, float]
    """Value if what is unknown were worst, and best."""
    confidence: Confidence
    notes: tuple[str, ...]
    """Codes of what a reader must know: no_evidence, unverified, stage_cap, expired, certain."""

    @property
    def name(self) -> str:
        """The name under which its random numbers are drawn."""
        return f"{self.criterion}/{self.party or ''}"


@dataclass(frozen=True, eq=False)
class Trust:
    """What the confidence of a reading comes to."""

    confidence: Confidence
    half_width: float
    """In levels."""
    widened: bool
    """Whether a stated range must be at least this wide."""
    notes: tuple[str, ...]


def reads(partnership: Partnership, criterion: Criterion) -> bool:
    """Tell whether a partnership has a reading of a criterion that applies to its type."""
    observation = partnership.observations.get(criterion.id)
    if criterion.types.get(partnership.type, 1.0) == 0 or (observation and observation.not_applicable):
        return False
    if isinstance(criterion.measure, Quantitative) and criterion.measure.computed_from and partnership.threats:
        return True
    forms = ("level", "number", "items", "parties")
    return observation is not None and any(getattr(observation, form) is not None for form in forms)


def read_cells(partnership: Partnership, rubric: Rubric, criteria: Sequence[Criterion]) -> list[Cell]:
    """Return every reading of the criteria that has a best value, in document order."""
    drafts = [draft for criterion in criteria for draft in _drafts(partnership, rubric, criterion)]
    if not drafts:
        return []
    scale = compile_scale([draft.breakpoints for draft in drafts])
    values = scale.values(np.array([draft.cell.raw for draft in drafts]).T).with_nan()
    ends = scale.values(np.array([draft.cell.completions for draft in drafts]).T).with_nan()
    points = (rubric.level_values[-1] - rubric.level_values[0]) / 4.0
    return [_valued(draft, values[:, i], ends[:, i], points) for i, draft in enumerate(drafts)]


@dataclass(frozen=True, eq=False)
class _Draft:
    cell: Cell
    breakpoints: Breakpoints
    trust: Trust
    given: tuple[bool, bool]
    """Whether the low and the high end were stated."""


def _drafts(partnership: Partnership, rubric: Rubric, criterion: Criterion) -> Iterator[_Draft]:
    observation = partnership.observations.get(criterion.id)
    computed = isinstance(criterion.measure, Quantitative) and criterion.measure.computed_from is not None
    if observation is None and not (computed and partnership.threats):
        return
    if observation is not None and observation.not_applicable is not None:
        return
    readings: list[tuple[str | None, bool, Judgement]] = [(None, True, observation or Judgement.model_construct())]
    if observation is not None and observation.parties is not None:
        keys = {party.id: party.key for party in partnership.parties}
        readings = [(name, keys[name], reading) for name, reading in observation.parties.items()]
    for party, key, judgement in readings:
        draft = _draft(partnership, rubric, criterion, party, key, judgement)
        if draft is not None:
            yield draft


def _draft(
    partnership: Partnership,
    rubric: Rubric,
    criterion: Criterion,
    party: str | None,
    key: bool,
    judgement: Judgement,
) -> _Draft | None:
    measure = criterion.measure
    kind: Kind = "level"
    known, given = 1.0, (True, True)
    breakpoints = breakpoints_of(measure, rubric.level_values)
    cited = list(judgement.evidence)
    if judgement.level is not None:
        breakpoints = level_breakpoints(rubric.level_values)
        raw, given = _ends(judgement.level)
    elif judgement.number is not None:
        kind = "number"
        raw, given = _ends(judgement.number)
    elif judgement.items is not None and isinstance(measure, Checklist):
        kind = "items"
        best, low, high, known = checklist_share(measure.items, judgement.items)
        if best is None:
            return None
        raw = (low, best, high)
    elif isinstance(measure, Quantitative) and measure.computed_from is not None:
        kind = "threat_register"
        coverage = register_coverage(partnership.threats)
        if coverage is None:
            return None
        raw, known = (coverage.low, coverage.best, coverage.high), coverage.known
        cited += [name for threat in partnership.threats for name in threat.evidence]
    else:
        return None
    trust = _trust(partnership, rubric, criterion, judgement.confidence, cited)
    if kind == "level":
        raw, given = _spread_levels(raw, given, trust), (True, True)
    completions = (raw[0], raw[2]) if kind in ("items", "threat_register") else (raw[1], raw[1])
    judgement = judgement.model_copy(update={"evidence": tuple(dict.fromkeys(cited))})
    cell = Cell(
        criterion=criterion.id,
        party=party,
        key=key,
        judgement=judgement,
        kind=kind,
        raw=raw,
        value=0.0,
        low=0.0,
        high=0.0,
        known=known,
        completions=completions,
        confidence=trust.confidence,
        notes=trust.notes,
    )
    return _Draft(cell, breakpoints, trust, given)


def _ends(reading: Range) -> tuple[tuple[float, float, float], tuple[bool, bool]]:
    low = reading.best if reading.low is None else reading.low
    high = reading.best if reading.high is None else reading.high
    return (low, reading.best, high), (reading.low is not None, reading.high is not None)


def _spread_levels(
    raw: tuple[float, float, float], given: tuple[bool, bool], trust: Trust
) -> tuple[float, float, float]:
    low, best, high = raw
    if not given[0] or trust.widened:
        low = min(low, best - trust.half_width)
    if not given[1] or trust.widened:
        high = max(high, best + trust.half_width)
    return max(low, 0.0), best, min(high, 4.0)


def _valued(draft: _Draft, values: Floats, ends: Floats, points: float) -> Cell:
    """Return the cell with its range in values (3,) and completions (2,); `points` is the worth of one level."""
    cell, trust = draft.cell, draft.trust
    low, best, high = (float(value) for value in values)
    worst, top = (float(value) for value in ends)
    given = draft.given
    if low > high or (low == high == best and draft.breakpoints[0][1] > draft.breakpoints[-1][1]):
        low, high, given = high, low, (given[1], given[0])
    worst, top = min(worst, top), max(worst, top)
    if cell.kind != "level":
        half = trust.half_width * points
        widen = trust.widened or cell.kind in ("items", "threat_register")
        if not given[0] or widen:
            low = max(0.0, min(low, best - half))
        if not given[1] or widen:
            high = min(100.0, max(high, best + half))
    notes = (*cell.notes, "certain") if cell.raw[0] == cell.raw[2] and low == high else cell.notes
    return replace(cell, value=best, low=low, high=high, completions=(worst, top), notes=notes)


def _trust(
    partnership: Partnership, rubric: Rubric, criterion: Criterion, stated: Confidence, cited: Sequence[str]
) -> Trust:
    register: Mapping[str, Evidence] = {entry.id: entry for entry in partnership.evidence}
    evidence = [register[name] for name in cited if name in register]
    confidence, notes = stated, list[str]()
    if not evidence:
        confidence = "low"
        notes.append("no_evidence")
    elif all(entry.verified == "no" for entry in evidence):
        notes.append("unverified")
    if partnership.stage in PROPOSED_STAGES and criterion.when_proposed != "full" and confidence == "high":
        confidence = "moderate"
        notes.append("stage_cap")
    # Texts that never expire do not keep other evidence fresh.
    ages = [shelf_lives(entry, partnership.as_of) for entry in evidence if entry.lasts() is not None]
    freshest = min(ages, default=0.0)
    widening = 1.0
    if freshest > 1.0:
        widening = EXPIRED_WIDENING
        notes.append("expired")
    if freshest > 2.0:
        confidence = "low"
    half_width = rubric.half_widths.of(confidence) * widening
    return Trust(confidence, half_width, confidence != stated or widening > 1.0, tuple(notes))


def shelf_lives(evidence: Evidence, as_of: str) -> float:
    """Return the age of evidence at the as-of date in shelf lives: above 1 it has expired; 0 if it never does."""
    lasts = evidence.lasts()
    return 0.0 if lasts is None else months_between(evidence.date, as_of) / lasts
