"""Whether a partnership document fits a rubric: every observation names a criterion and reads it as it is measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assess.documents.errors import Path, Problem
from assess.documents.validation import Check, entries, items, mapping, nearest
from assess.rubric.models import Checklist, Criterion, Ordinal, Quantitative, Rubric

READINGS = ("level", "number", "items")


def fits(rubric: Rubric) -> Check:
    """Return the check of a partnership's plain data against this rubric, for `load_partnership`."""
    criteria = {criterion.id: criterion for criterion in rubric.all_criteria()}
    red_lines = [line.id for line in rubric.red_lines]
    base_rates = [rate.id for rate in rubric.base_rates]

    def check(data: Mapping[Any, Any]) -> Iterator[Problem]:
        has_register = bool(items(data.get("threats")))
        for name, entry in mapping(data.get("observations")).items():
            path: Path = ("observations", name)
            if name not in criteria:
                yield Problem(path, f"unknown criterion '{name}'", nearest(name, criteria), on_key=True)
                continue
            yield from _check_observation(path, mapping(entry), criteria[name], has_register)
        for name in mapping(data.get("red_lines")):
            if name not in red_lines:
                yield Problem(("red_lines", name), f"unknown red line '{name}'", nearest(name, red_lines), on_key=True)
        for group in ("key_judgements", "assumptions", "indicators"):
            for path, entry in entries(data.get(group), (group,)):
                yield from _named((*path, "criteria"), entry.get("criteria"), "criterion", criteria)
                yield from _named((*path, "base_rates"), entry.get("base_rates"), "base rate", base_rates)

    return check


def _named(path: Path, names: Any, what: str, known: Iterable[str]) -> Iterator[Problem]:
    for index, name in enumerate(items(names)):
        if isinstance(name, str) and name not in known:
            yield Problem((*path, index), f"unknown {what} '{name}'", nearest(name, known))


def _check_observation(
    path: Path, entry: Mapping[Any, Any], criterion: Criterion, has_register: bool
) -> Iterator[Problem]:
    read = [name for name in READINGS if name in entry]
    parties = mapping(entry.get("parties"))
    measure = criterion.measure
    if criterion.per_party and read:
        todo = "write 'parties:' with one reading per party"
        yield Problem((*path, read[0]), f"'{criterion.id}' is observed per party", todo, on_key=True)
    if not criterion.per_party and "parties" in entry:
        todo = "give one reading for the whole partnership"
        yield Problem((*path, "parties"), f"'{criterion.id}' is not observed per party", todo, on_key=True)
    if isinstance(measure, Quantitative) and measure.computed_from and has_register and read:
        todo = "remove the reading, or remove the threats"
        yield Problem((*path, read[0]), f"'{criterion.id}' is computed from the threat register", todo, on_key=True)
    listed = [item.id for item in measure.items] if isinstance(measure, Checklist) else []
    for place, way in entries(entry.get("mitigations"), (*path, "mitigations")):
        yield from _named((*place, "items"), way.get("items"), "checklist item", listed)
    yield from _check_reading(path, entry, criterion)
    for party, reading in parties.items():
        yield from _check_reading((*path, "parties", party), mapping(reading), criterion)


def _check_reading(path: Path, entry: Mapping[Any, Any], criterion: Criterion) -> Iterator[Problem]:
    measure = criterion.measure
    if "level" in entry:
        if not criterion.anchors:
            todo = f"give a number in {measure.unit}" if isinstance(measure, Quantitative) else "answer its items"
            yield Problem((*path, "level"), f"'{criterion.id}' has no anchored levels", todo, on_key=True)
        yield from _off_scale((*path, "level"), entry["level"])
    if "number" in entry and not isinstance(measure, Quantitative):
        todo = "give a level 0 to 4" if isinstance(measure, Ordinal) else "answer its items, or give a level 0 to 4"
        yield Problem((*path, "number"), f"'{criterion.id}' is not measured by a number", todo, on_key=True)
    if "items" in entry:
        if not isinstance(measure, Checklist):
            yield Problem((*path, "items"), f"'{criterion.id}' is not a checklist", "give a level 0 to 4", on_key=True)
            return
        known = [item.id for item in measure.items]
        for name in mapping(entry["items"]):
            if name not in known:
                where = (*path, "items", name)
                yield Problem(where, f"unknown checklist item '{name}'", nearest(name, known), on_key=True)


def _off_scale(path: Path, reading: Any) -> Iterator[Problem]:
    parts = (
        [((*path, key), value) for key, value in reading.items()] if isinstance(reading, dict) else [(path, reading)]
    )
    for where, value in parts:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and not 0 <= value <= 4:
            yield Problem(where, f"level {value:g} is off the scale", "levels run from 0 to 4")
