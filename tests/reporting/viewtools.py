"""Walk a view model: all links in it, all places it defines, all texts it holds, and whether its numbers are true."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from assess.reporting.blocks import Cell, Facts, Heading, Row, Section, Table
from assess.reporting.links import Link, text_of

NUMBER = re.compile(r"[+−]?\d+(?:\.\d+)?")
NUMERIC = re.compile(r"(?:risk )?[+−]?\d+(?:\.\d+)?(?: %)?(?: to \d+)?|under 1(?: %)?", re.IGNORECASE)
SHARES = ("weight", "overall_weight", "coverage", "observed_share")
GAINS = ("gain", "pillar_gain")


def walk(value: Any) -> Iterator[Any]:
    yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from walk(getattr(value, field.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from walk(inner)


def links_of(view: Any) -> list[Link]:
    return [value for value in walk(view) if isinstance(value, Link)]


def places_in(view: Any) -> set[str]:
    """Return the places a view defines; a sheet also holds the reading of its criterion."""
    places = {value.place for value in walk(view) if hasattr(value, "place")}
    return places | {f"a-{place.removeprefix('c-')}" for place in places if place and place.startswith("c-")}


def texts_of(view: Any) -> list[str]:
    """Return every text a reader sees; ids of places are none."""
    ids = {link.to for link in links_of(view)} | places_in(view)
    return [value for value in walk(view) if isinstance(value, str) and value not in ids]


def said(view: Any) -> str:
    """Return every line of a view as plain text, a line each."""
    lines = [v for v in walk(view) if isinstance(v, tuple) and v and all(isinstance(run, (str, Link)) for run in v)]
    return "\n".join(text_of(line) for line in lines)


def tables(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def headings(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Heading)]


def facts(section: Section) -> list[dict[str, str]]:
    """Return each block of facts as names with their plain text."""
    return [{n: text_of(line) for n, line in b.pairs} for b in section.blocks if isinstance(b, Facts)]


def shown(cell: Cell) -> str:
    return " / ".join(text_of(line) for line in cell.lines)


def cells(table: Table) -> list[list[str]]:
    """Return the rows of a table as plain text."""
    return [[shown(cell) for cell in row.cells] for row in table.rows]


def rows(section: Section) -> dict[str, Row]:
    """Return the rows of a section's tables by the plain text of their first line."""
    return {text_of(row.cells[0].lines[0]): row for table in tables(section) for row in table.rows}


def resolved(pointer: str, document: Any) -> Any:
    """Return what a JSON pointer (RFC 6901, no escapes) names in a document; a pointer to nothing raises."""
    for part in pointer.split("/")[1:]:
        document = document[int(part) if isinstance(document, list) else part]
    return document


def is_true(link: Link, document: Any) -> bool:
    """Return whether the numbers in a link's text are those of the fields it names, as far as whole numbers can say."""
    fields = [pointer.rpartition("/")[2] for pointer in link.of]
    true = [resolved(p, document) * (100 if f in SHARES else 1) for p, f in zip(link.of, fields, strict=True)]
    if link.text.lower().startswith("risk"):
        true = [100 - value for value in true]
    if link.text.startswith("under 1"):
        return len(true) == 1 and 1e-6 < abs(true[0]) < 0.5
    found = [float(text.replace("−", "-")) for text in NUMBER.findall(link.text)]
    if not found:
        return all(abs(value) < 1e-6 for value in true)
    if len(found) != len(true):
        return False
    return all(_close(*three) for three in zip(found, true, fields, strict=True))


def _close(number: float, true: float, field: str) -> bool:
    if field == "share":
        return number == true
    return abs(number - true) <= 0.5 + 1e-6 if field in (*GAINS, "weight", "overall_weight") else abs(number - true) < 1
