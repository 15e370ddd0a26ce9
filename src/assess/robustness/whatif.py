"""A partnership document as amended: readings, checklist items and red lines set to what is assumed of them.

Re-scoring the amended copy gives "as amended" beside "as drafted". Nothing that is assumed here counts as evidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from assess.documents.errors import UsageError
from assess.documents.fields import Confidence, RedLineStatus
from assess.documents.validation import nearest
from assess.partnership.models import Answer, Finding, Judgement, Observation, Partnership, Range
from assess.rubric.models import Checklist, Criterion, Quantitative, Rubric

EVERY_KEY_PARTY = "*"
FORMS = "write criterion=3, criterion.number=40, criterion/PARTY=3, criterion.item=yes or red_line=clear"


@dataclass(frozen=True, slots=True)
class ReadingChange:
    """A level or number that is assumed of a criterion, of the whole or of one party."""

    criterion: str
    kind: Literal["level", "number"]
    value: float
    party: str | None = None
    """Id of a party, `EVERY_KEY_PARTY`, or None for a criterion that is read for the whole partnership."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An answer that is assumed of one checklist item."""

    criterion: str
    item: str
    answer: Answer
    party: str | None = None
    """As in `ReadingChange`."""


@dataclass(frozen=True, slots=True)
class RedLineChange:
    """A status that is assumed of a red line."""

    red_line: str
    status: RedLineStatus


Change = ReadingChange | ItemChange | RedLineChange


def parse_changes(texts: Iterable[str], rubric: Rubric) -> tuple[Change, ...]:
    """Return the changes that texts such as `criterion=3`, `criterion.item=yes` and `red_line=clear` ask for.

    A bare number is a level 0-4, or a number in the criterion's unit where it has no anchored levels; where both
    would do, `criterion.level=3` or `criterion.number=3` says which. `criterion/PARTY=3` changes one party; a
    criterion read per party is otherwise changed for every key party. Raises `UsageError`, which names the nearest
    known word, for anything else, and for two changes of one thing.
    """
    changes = tuple(_parse(text, rubric) for text in texts)
    seen: set[tuple[str, ...]] = set()
    for change in changes:
        what = _what(change)
        if what in seen:
            raise UsageError(f"{'.'.join(what)} is changed twice; keep one")
        seen.add(what)
    return changes


def amend(partnership: Partnership, changes: Sequence[Change]) -> Partnership:
    """Return a copy of a partnership in which the changes are assumed.

    A changed reading keeps its confidence up to moderate, and its rationale says that it is assumed. A level or number
    carries no evidence any more; a checklist keeps that of its other answers. A red line's finding says the same.
    Raises `UsageError` where the document leaves no room for a change: an unknown party, a criterion that is said not
    to apply, an item of a checklist that is read by a level. A reading that is computed from the threat register
    cannot be set beside it; `score` refuses such a copy.
    """
    observations, red_lines = dict(partnership.observations), dict(partnership.red_lines)
    for change in changes:
        if isinstance(change, RedLineChange):
            fact = f"Assumed {change.status}, not found."
            red_lines[change.red_line] = Finding(status=change.status, fact=fact)
            continue
        before = observations.get(change.criterion) or Observation()
        if before.not_applicable is not None:
            raise UsageError(f"'{change.criterion}' is said not to apply ({before.not_applicable}); nothing to change")
        observations[change.criterion] = _amended(before, change, partnership)
    return partnership.model_copy(update={"observations": observations, "red_lines": red_lines})


def _amended(before: Observation, change: ReadingChange | ItemChange, partnership: Partnership) -> Observation:
    if change.party is None:
        return Observation(**_judgement(before, change))
    keys = [party.id for party in partnership.parties if party.key]
    known = [party.id for party in partnership.parties]
    if change.party not in (*known, EVERY_KEY_PARTY):
        raise UsageError(f"'{change.criterion}': unknown party '{change.party}'; {nearest(change.party, known)}")
    readings = dict(before.parties or {})
    for party in keys if change.party == EVERY_KEY_PARTY else [change.party]:
        readings[party] = Judgement(**_judgement(readings.get(party) or Judgement(), change))
    return Observation(
        parties=readings, confidence=before.confidence, evidence=before.evidence, rationale=before.rationale
    )


def _judgement(before: Judgement, change: ReadingChange | ItemChange) -> dict[str, object]:
    """Return the fields of a judgement once the change is assumed."""
    confidence: Confidence = "moderate" if before.confidence == "high" else before.confidence
    if isinstance(change, ReadingChange):
        old: Range | None = getattr(before, change.kind)
        drafted = f" (as drafted: {old.best:g})" if old is not None else ""
        rationale = f"Assumed, not observed: {change.kind} {change.value:g}{drafted}."
        return {change.kind: Range(best=change.value), "confidence": confidence, "rationale": rationale}
    if before.level is not None or before.number is not None:
        raise UsageError(
            f"'{change.criterion}' is read by a level, so its items have no answers; "
            f"write {change.criterion}=LEVEL, or answer the items in the document"
        )
    answers: Mapping[str, Answer] = before.items or {}
    note = f"Assumed, not observed: {change.item} {change.answer} (as drafted: {answers.get(change.item, 'unknown')})."
    return {
        "items": {**answers, change.item: change.answer},
        "confidence": confidence,
        "evidence": before.evidence,
        "rationale": f"{before.rationale} {note}" if before.rationale else note,
    }


def _what(change: Change) -> tuple[str, ...]:
    """Return the name of what a change sets."""
    if isinstance(change, RedLineChange):
        return (change.red_line,)
    name = f"{change.criterion}/{change.party}" if change.party else change.criterion
    return (name, change.item) if isinstance(change, ItemChange) else (name,)


def _parse(text: str, rubric: Rubric) -> Change:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        raise UsageError(f"'{text}' is not a change; {FORMS}")
    if value in get_args(RedLineStatus) and "." not in name:
        lines = [line.id for line in rubric.red_lines]
        if name not in lines:
            raise UsageError(f"'{text}': unknown red line '{name}'; {nearest(name, lines)}")
        return RedLineChange(name, value)  # type: ignore[arg-type]
    left, _, detail = name.partition(".")
    wanted, _, party = left.partition("/")
    criteria = {criterion.id: criterion for criterion in rubric.all_criteria()}
    if wanted not in criteria:
        known = [*criteria, *(line.id for line in rubric.red_lines)]
        raise UsageError(f"'{text}': unknown criterion '{wanted}'; {nearest(wanted, known)}")
    criterion = criteria[wanted]
    if party and not criterion.per_party:
        raise UsageError(f"'{text}': '{wanted}' is not observed per party; write {wanted}={value}")
    whose = party or (EVERY_KEY_PARTY if criterion.per_party else None)
    items = [item.id for item in criterion.measure.items] if isinstance(criterion.measure, Checklist) else []
    if detail and detail not in (*items, "level", "number"):
        raise UsageError(f"'{text}': unknown checklist item '{detail}'; {nearest(detail, items)}")
    if detail in items:
        answers = get_args(Answer)
        if value not in answers:
            raise UsageError(f"'{text}': an item is answered by one of {', '.join(answers)}")
        return ItemChange(wanted, detail, value, whose)  # type: ignore[arg-type]
    kind = _kind(text, criterion, detail)
    return ReadingChange(wanted, kind, _number(text, kind, value), whose)


def _kind(text: str, criterion: Criterion, detail: str) -> Literal["level", "number"]:
    """Return which scale a bare number or a stated one is on."""
    by_number, by_level = isinstance(criterion.measure, Quantitative), bool(criterion.anchors)
    if detail == "number" or (not detail and by_number and not by_level):
        if not by_number:
            raise UsageError(f"'{text}': '{criterion.id}' is not measured by a number; give a level 0 to 4")
        return "number"
    if not by_level:
        todo = f"write {criterion.id}.number=" if by_number else f"answer its items, as in {criterion.id}.item=yes"
        raise UsageError(f"'{text}': '{criterion.id}' has no anchored levels; {todo}")
    if not detail and by_number:
        raise UsageError(
            f"'{text}': '{criterion.id}' is read by a level or by a number; "
            f"write {criterion.id}.level= or {criterion.id}.number="
        )
    return "level"


def _number(text: str, kind: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise UsageError(f"'{text}': '{value}' is not a number; {FORMS}") from None
    if not math.isfinite(number):
        raise UsageError(f"'{text}': '{value}' is not a number; {FORMS}")
    if kind == "level" and not 0 <= number <= 4:
        raise UsageError(f"'{text}': level {number:g} is off the scale; levels run from 0 to 4")
    return number
