"""Walk a view model: all links in it, all places it defines, all texts it holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from assess.reporting.links import Link


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
    return {value.place for value in walk(view) if hasattr(value, "place")}


def texts_of(view: Any) -> list[str]:
    """Return every text a reader sees; ids of places are none."""
    ids = {link.to for link in links_of(view)} | places_in(view)
    return [value for value in walk(view) if isinstance(value, str) and value not in ids]
