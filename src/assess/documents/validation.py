"""Plain data to pydantic models, with every problem of a document reported at once and in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assess.documents.errors import Path, Problem
from assess.documents.fields import PATTERN_ADVICE
from assess.documents.source import Source

Model = TypeVar("Model", bound=BaseModel)
Check = Callable[[Mapping[Any, Any]], Iterable[Problem]]
"""A rule over the plain data of a document. It must bear any shape of data: the model may have failed."""


def build(source: Source, model: type[Model], schema: str, checks: Iterable[Check] = ()) -> Model:
    """Return the model of a document, or raise `DocumentError` with every problem found.

    The checks run on the plain data even when the model is refused, so that one run shows everything.
    """
    data = source.data
    if not isinstance(data, dict):
        found = "empty" if data is None else f"a {_kind(data)}"
        todo = f"begin it with 'schema: {schema}'"
        raise source.error([Problem((), f"the document is {found}, not a mapping of keys", todo)])
    given = data.get("schema")
    if given != schema:
        what = "there is no schema" if given is None else f"schema is {given!r:.60}, not {schema!r}"
        raise source.error([Problem(("schema",), what, f"begin the document with 'schema: {schema}'")])
    problems: list[Problem] = []
    built: Model | None = None
    try:
        built = model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems += [_explain(model, data, detail) for detail in details if not _follows(detail, details)]
    for check in checks:
        problems += check(data)
    if problems or source.faults or built is None:
        raise source.error(problems)
    return built


def nearest(word: object, known: Iterable[str]) -> str:
    """Return advice naming the known word closest to an unknown one."""
    words = list(known)
    if not words:
        return "none is defined"
    import difflib

    close = difflib.get_close_matches(str(word), words, n=1, cutoff=0.55)
    if close:
        return f"did you mean '{close[0]}'?"
    rest = len(words) - 12
    return f"known: {', '.join(words[:12])}" + (f" and {rest} more" if rest > 0 else "")


def mapping(value: Any) -> Mapping[Any, Any]:
    """Return the value if it is a mapping, else an empty one: for checks on data of any shape."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return the value if it is a list, else an empty one: for checks on data of any shape."""
    return value if isinstance(value, list) else []


Entry = tuple[Path, Mapping[Any, Any]]
"""An entry of a list in a document, with the path to it."""


def entries(listed: Any, path: Path) -> list[Entry]:
    """Return the entries of the list at a path: for checks on data of any shape."""
    return [((*path, index), mapping(entry)) for index, entry in enumerate(items(listed))]


def ids_of(group: Iterable[Entry]) -> list[str]:
    """Return the ids that entries have, in order."""
    return [entry["id"] for _, entry in group if isinstance(entry.get("id"), str)]


def defined_twice(what: str, group: Iterable[Entry]) -> Iterator[Problem]:
    """Yield a problem for every entry whose id an earlier one has."""
    seen: set[str] = set()
    for path, entry in group:
        name = entry.get("id")
        if isinstance(name, str):
            if name in seen:
                yield Problem((*path, "id"), f"{what} '{name}' is defined twice", "rename one of them")
            seen.add(name)


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every (path, value) below a value, depth first, the value itself first."""
    yield path, value
    if isinstance(value, dict):
        for key, below in value.items():
            yield from walk(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from walk(below, (*path, index))


def _kind(value: object) -> str:
    names = {bool: "true/false", int: "number", float: "number", str: "text", dict: "mapping", list: "list"}
    return "missing value" if value is None else names.get(type(value), type(value).__name__)


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Tell whether a list is called too short only because its items were refused."""
    depth = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        other["loc"][:depth] == detail["loc"] and len(other["loc"]) > depth for other in details
    )


def _explain(model: type[BaseModel], data: Any, detail: ErrorDetails) -> Problem:
    kind, loc = detail["type"], detail["loc"]
    # A missing entry may stand in the text all the same: an empty one counts as absent.
    path = (*_document_path(data, loc[:-1]), loc[-1]) if kind == "missing" else _document_path(data, loc)
    where = ".".join(str(part) for part in path)
    on_key = kind == "invalid_key" or loc[-1:] == ("[key]",)
    if kind == "extra_forbidden":
        known = known_keys(model, loc[:-1])
        return Problem(path, f"{where}: unknown key '{path[-1]}'", nearest(path[-1], known), on_key=True)
    if kind == "missing":
        return Problem(path, f"{where}: missing", f"add '{loc[-1]}'")
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return Problem(path, f"{where}: should be a mapping of keys (found {_kind(detail.get('input'))})")
    if kind in ("tuple_type", "list_type"):
        return Problem(path, f"{where}: should be a list (found {_kind(detail.get('input'))})")
    if kind == "too_short":
        found, least = detail["ctx"]["actual_length"], detail["ctx"]["min_length"]
        return Problem(path, f"{where}: too few entries (found {found}, needs at least {least})")
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _untold(path, where, detail)
    if kind == "string_pattern_mismatch":
        todo = PATTERN_ADVICE[detail["ctx"]["pattern"]]
        return Problem(path, f"{where}: {detail['input']!r:.60} is not of the right form", todo, on_key)
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    message = message[:1].lower() + message[1:]
    value = detail.get("input")
    shown = "" if isinstance(value, (dict, list)) or value is None else f" (found {value!r:.60})"
    found = f"{where}: {message}{shown}" if where else message
    return Problem(path, found, on_key=on_key)


def _untold(path: Path, where: str, detail: ErrorDetails) -> Problem:
    """Return the problem of an entry that does not say, or says wrongly, which of several forms it has."""
    key = detail["ctx"]["discriminator"].strip("'")
    told = mapping(detail.get("input")).get(key)
    if told is None:
        return Problem((*path, key), f"{where}.{key}: missing", f"add '{key}'")
    known = detail["ctx"]["expected_tags"]
    return Problem((*path, key), f"{where}.{key}: should be one of {known} (found {told!r:.60})")


def _document_path(data: Any, loc: tuple[int | str, ...]) -> Path:
    """Return the part of a pydantic location that stands in the document (union tags dropped)."""
    path: list[str | int] = []
    below: Any = data
    for part in loc:
        try:
            below = below[part]
        except (KeyError, IndexError, TypeError):
            continue
        path.append(part)
    return tuple(path)


def known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys a model takes at a pydantic location, for the advice on unknown keys."""
    candidates: list[Any] = [model]
    for part in loc:
        following: list[Any] = []
        for candidate in candidates:
            fields = getattr(candidate, "model_fields", None)
            if fields is None:
                continue
            tags = [f for f in fields.values() if (f.alias or "") == part]
            direct = tags or ([fields[part]] if isinstance(part, str) and part in fields else [])
            for info in direct:
                following += _models(info.annotation)
        candidates = following or candidates
    keys: list[str] = []
    for candidate in candidates:
        keys += [info.alias or name for name, info in candidate.model_fields.items()]
    return list(dict.fromkeys(keys))


def _models(annotation: Any) -> list[Any]:
    """Return every model class inside an annotation such as `dict[str, Observation] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    found: list[Any] = []
    for argument in get_args(annotation):
        found += _models(argument)
    return found
