"""Partnership documents from disk, with the checks that no single field can make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from assess.documents.errors import Problem
from assess.documents.fields import date_span
from assess.documents.shipped import resolve
from assess.documents.source import read_source
from assess.documents.validation import Check, build, defined_twice, entries, ids_of, items, mapping, nearest, walk
from assess.partnership.models import SCHEMA, Partnership

REGISTERS = {
    "parties": "party",
    "objectives": "objective",
    "instruments": "instrument",
    "structures": "structure",
    "threats": "threat",
    "events": "event",
    "key_judgements": "key judgement",
    "assumptions": "assumption",
    "indicators": "indicator",
    "options": "option",
    "scenarios": "scenario",
    "evidence": "evidence",
}
"""The lists of a document whose entries have ids, and what one entry is called."""


def load_partnership(reference: str | FilePath, *, checks: Iterable[Check] = ()) -> Partnership:
    """Return the partnership for a shipped id or a path.

    `checks` are further rules over the plain data (such as those of a rubric), reported in the same run.
    Raises `DocumentError` with every problem of the document, `UsageError` for an unknown id.
    """
    source = read_source(resolve("partnerships", reference))
    checks = (check_ids, check_parties, check_dates, *checks)
    return build(source, Partnership, SCHEMA, checks).read_from(source)


def check_ids(data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every id that stands twice and every evidence id that points nowhere."""
    for group, what in REGISTERS.items():
        yield from defined_twice(what, entries(data.get(group), (group,)))
    clauses = [
        clause
        for path, instrument in entries(data.get("instruments"), ("instruments",))
        for clause in entries(instrument.get("clauses"), (*path, "clauses"))
    ]
    yield from defined_twice("clause", clauses)
    known = ids_of(entries(data.get("evidence"), ("evidence",)))
    for path, value in walk(data):
        if len(path) > 1 and path[-1] == "evidence" and isinstance(value, list):
            for index, name in enumerate(value):
                if isinstance(name, str) and name not in known:
                    yield Problem((*path, index), f"unknown evidence '{name}'", nearest(name, known))


def check_parties(data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every party that is not an ISO 3166-1 state, and every reading of an unknown party."""
    import iso3166

    parties = entries(data.get("parties"), ("parties",))
    for path, party in parties:
        name, kind = party.get("id"), party.get("kind") or "state"
        if not isinstance(name, str) or kind != "state":
            continue
        if name not in iso3166.countries_by_alpha2 and name not in iso3166.countries_by_alpha3:
            todo = "use the alpha-2 or alpha-3 code, or set 'kind: organisation' or 'kind: former_state'"
            yield Problem((*path, "id"), f"'{name}' is not an ISO 3166-1 code", todo)
    known = ids_of(parties)
    for criterion, observation in mapping(data.get("observations")).items():
        for name in mapping(mapping(observation).get("parties")):
            if name not in known:
                where = ("observations", criterion, "parties", name)
                yield Problem(where, f"unknown party '{name}'", nearest(name, known), on_key=True)
    for path, threat in entries(data.get("threats"), ("threats",)):
        lead = threat.get("lead")
        if isinstance(lead, str) and lead not in known:
            yield Problem((*path, "lead"), f"unknown party '{lead}'", nearest(lead, known))
    for path, scenario in entries(data.get("scenarios"), ("scenarios",)):
        for index, name in enumerate(items(scenario.get("without"))):
            if isinstance(name, str) and name not in known:
                yield Problem((*path, "without", index), f"unknown party '{name}'", nearest(name, known))
    if parties and all(party.get("key") is False for _, party in parties):
        yield Problem(("parties",), "no party is key", "mark at least one with 'key: true'")


def check_dates(data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every date on the wrong side of the assessment's date, or of another of its entry."""
    as_of = _date(data.get("as_of"))
    if as_of is None:
        return
    for group, key in (("events", "date"), ("structures", "last_met")):
        for path, entry in entries(data.get(group), (group,)):
            date = _date(entry.get(key))
            if date is not None and date_span(date)[0] > date_span(as_of)[1]:
                what = f"{key} {date} is later than the as-of date {as_of}"
                yield Problem((*path, key), what, "remove it or move as_of")
    review = _date(data.get("review_by"))
    if review is not None and date_span(review)[1] <= date_span(as_of)[0]:
        yield Problem(("review_by",), f"review_by {review} is not after the as-of date {as_of}", "set a later date")
    for path, judgement in entries(data.get("key_judgements"), ("key_judgements",)):
        by = _date(judgement.get("by"))
        if by is not None and date_span(by)[1] <= date_span(as_of)[0]:
            yield Problem((*path, "by"), f"by {by} is not after the as-of date {as_of}", "a likelihood looks ahead")
    for path, event in entries(data.get("events"), ("events",)):
        begun, over = _date(event.get("date")), _date(event.get("ended"))
        if begun and over and date_span(over)[1] < date_span(begun)[0]:
            yield Problem((*path, "ended"), f"ended {over} is before {begun}", "correct one of them")
    for path, entry in entries(data.get("evidence"), ("evidence",)):
        date = _date(entry.get("date"))
        if date is not None and date_span(date)[0] > date_span(as_of)[1]:
            what = f"evidence dated {date} is later than the as-of date {as_of}"
            yield Problem((*path, "date"), what, "remove it or move as_of")
    for path, entry in entries(data.get("instruments"), ("instruments",)):
        signed, ended = _date(entry.get("signed")), _date(entry.get("ended"))
        if signed and ended and date_span(ended)[1] < date_span(signed)[0]:
            yield Problem((*path, "ended"), f"ended {ended} is before signed {signed}", "correct one of them")


def _date(value: Any) -> str | None:
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    try:
        date_span(text)
    except (ValueError, IndexError):
        return None
    return text
