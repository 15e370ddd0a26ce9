"""Partnership documents from disk, with the checks that no single field can make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from assess.documents.errors import Path, Problem
from assess.documents.fields import date_span
from assess.documents.shipped import resolve
from assess.documents.source import read_source
from assess.documents.validation import Check, build, items, mapping, nearest, walk
from assess.partnership.models import SCHEMA, Partnership


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
    for group in ("parties", "objectives", "instruments", "structures", "threats", "evidence"):
        yield from _twice(group, ((group,), items(data.get(group))))
    clauses = [
        (("instruments", i, "clauses", j), clause)
        for i, instrument in enumerate(items(data.get("instruments")))
        for j, clause in enumerate(items(mapping(instrument).get("clauses")))
    ]
    yield from _repeated("clauses", clauses)
    known = _ids(data.get("evidence"))
    for path, value in walk(data):
        if len(path) > 1 and path[-1] == "evidence" and isinstance(value, list):
            for index, name in enumerate(value):
                if isinstance(name, str) and name not in known:
                    yield Problem((*path, index), f"unknown evidence '{name}'", nearest(name, known))


def check_parties(data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every party that is not an ISO 3166-1 state, and every reading of an unknown party."""
    import iso3166

    for index, entry in enumerate(items(data.get("parties"))):
        party = mapping(entry)
        name, kind = party.get("id"), party.get("kind") or "state"
        if not isinstance(name, str) or kind != "state":
            continue
        if name not in iso3166.countries_by_alpha2 and name not in iso3166.countries_by_alpha3:
            todo = "use the alpha-2 or alpha-3 code, or set 'kind: organisation' or 'kind: former_state'"
            yield Problem(("parties", index, "id"), f"'{name}' is not an ISO 3166-1 code", todo)
    known = _ids(data.get("parties"))
    for criterion, observation in mapping(data.get("observations")).items():
        for name in mapping(mapping(observation).get("parties")):
            if name not in known:
                path: Path = ("observations", criterion, "parties", name)
                yield Problem(path, f"unknown party '{name}'", nearest(name, known), on_key=True)
    if items(data.get("parties")) and not any(mapping(p).get("key") is not False for p in items(data.get("parties"))):
        yield Problem(("parties",), "no party is key", "mark at least one with 'key: true'")


def check_dates(data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every piece of evidence dated after the assessment's date."""
    as_of = _date(data.get("as_of"))
    if as_of is None:
        return
    for index, entry in enumerate(items(data.get("evidence"))):
        date = _date(mapping(entry).get("date"))
        if date is not None and date_span(date)[0] > date_span(as_of)[1]:
            what = f"evidence dated {date} is later than the as-of date {as_of}"
            yield Problem(("evidence", index, "date"), what, "remove it or move as_of")
    for i, entry in enumerate(items(data.get("instruments"))):
        signed, ended = _date(mapping(entry).get("signed")), _date(mapping(entry).get("ended"))
        if signed and ended and date_span(ended)[1] < date_span(signed)[0]:
            yield Problem(
                ("instruments", i, "ended"), f"ended {ended} is before signed {signed}", "correct one of them"
            )


def _date(value: Any) -> str | None:
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    try:
        date_span(text)
    except (ValueError, IndexError):
        return None
    return text


def _ids(listed: Any) -> list[str]:
    names = [mapping(entry).get("id") for entry in items(listed)]
    return [name for name in names if isinstance(name, str)]


def _twice(group: str, where: tuple[Path, list[Any]]) -> Iterator[Problem]:
    base, listed = where
    yield from _repeated(group, [((*base, index), entry) for index, entry in enumerate(listed)])


def _repeated(group: str, entries: Sequence[tuple[Path, Any]]) -> Iterator[Problem]:
    counts = Counter(_ids([entry for _, entry in entries]))
    seen: set[str] = set()
    for path, entry in entries:
        name = mapping(entry).get("id")
        if isinstance(name, str) and counts[name] > 1:
            if name in seen:
                yield Problem((*path, "id"), f"{group}: '{name}' stands twice", "rename one of them")
            seen.add(name)
