"""Rubric documents from disk, with the checks that no single field can make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from assess.documents.errors import Path, Problem
from assess.documents.shipped import resolve
from assess.documents.source import read_source
from assess.documents.validation import Entry, build, defined_twice, entries, ids_of, items, mapping, nearest
from assess.rubric.models import SCHEMA, Rubric


def load_rubric(reference: str | FilePath) -> Rubric:
    """Return the rubric for a shipped id or a path.

    Raises `DocumentError` with every problem of the document, `UsageError` for an unknown id.
    """
    source = read_source(resolve("rubrics", reference))
    return build(source, Rubric, SCHEMA, [check_references]).read_from(source)


def check_references(data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every id that stands twice or points nowhere."""
    pillars = list(_pillars(data.get("pillars"), ("pillars",)))
    criteria = [
        criterion for path, pillar in pillars for criterion in entries(pillar.get("criteria"), (*path, "criteria"))
    ]
    red_lines = entries(data.get("red_lines"), ("red_lines",))
    references = entries(data.get("references"), ("references",))
    vectors = entries(data.get("test_vectors"), ("test_vectors",))
    trade_offs = entries(data.get("trade_offs"), ("trade_offs",))
    base_rates = entries(data.get("base_rates"), ("base_rates",))
    for what, group in (
        ("pillar or criterion", pillars + criteria),
        ("red line", red_lines),
        ("reference", references),
        ("test vector", vectors),
        ("trade-off", trade_offs),
        ("base rate", base_rates),
    ):
        yield from defined_twice(what, group)

    pillar_ids, criterion_ids = ids_of(pillars), ids_of(criteria)
    for kind, profile in mapping(data.get("profiles")).items():
        named = mapping(mapping(profile).get("pillars"))
        for name in named:
            yield from _known(("profiles", kind, "pillars", name), name, "pillar", pillar_ids)
        weights = [weight for weight in named.values() if isinstance(weight, (int, float))]
        if weights and not any(weights):
            yield Problem(
                ("profiles", kind, "pillars"),
                f"profile {kind}: the weights are all zero",
                "give at least one a positive weight",
            )
    for path, line in red_lines:
        yield from _known((*path, "criterion"), line.get("criterion"), "criterion", criterion_ids)
    reference_ids = ids_of(references)
    for path, criterion in criteria:
        for place, entry in entries(criterion.get("sources"), (*path, "sources")):
            yield from _known((*place, "ref"), entry.get("ref"), "reference", reference_ids)
        listed = entries(mapping(criterion.get("measure")).get("items"), (*path, "measure", "items"))
        yield from defined_twice("checklist item", listed)
        for place, way in entries(criterion.get("mitigations"), (*path, "mitigations")):
            yield from _all_known((*place, "items"), way.get("items"), "checklist item", ids_of(listed))
    for path, pair in trade_offs:
        for place, side in entries(pair.get("sides"), (*path, "sides")):
            yield from _all_known((*place, "criteria"), side.get("criteria"), "criterion", criterion_ids)
    for path, rate in base_rates:
        yield from _known((*path, "ref"), rate.get("ref"), "reference", reference_ids)
        yield from _all_known((*path, "criteria"), rate.get("criteria"), "criterion", criterion_ids)
    labels = [str(mapping(band).get("label")) for band in items(data.get("bands"))] + ["Do not proceed"]
    for path, vector in vectors:
        yield from _check_vector(path, vector, criterion_ids, pillar_ids, ids_of(red_lines), ids_of(vectors), labels)


def _check_vector(
    path: Path,
    vector: Mapping[Any, Any],
    criteria: list[str],
    pillars: list[str],
    red_lines: list[str],
    vectors: list[str],
    labels: list[str],
) -> Iterator[Problem]:
    for name in mapping(vector.get("levels")):
        yield from _known((*path, "levels", name), name, "criterion", criteria)
    for name in mapping(vector.get("red_lines")):
        yield from _known((*path, "red_lines", name), name, "red line", red_lines)
    expect = mapping(vector.get("expect"))
    yield from _known((*path, "expect", "below"), expect.get("below"), "test vector", vectors)
    yield from _known((*path, "expect", "on"), expect.get("on"), "pillar", pillars)
    for key in ("rating", "uncapped_rating"):
        yield from _known((*path, "expect", key), expect.get(key), "band", labels)
    for name, label in mapping(expect.get("pillars")).items():
        yield from _known((*path, "expect", "pillars", name), name, "pillar", pillars)
        yield from _known((*path, "expect", "pillars", name), label, "band", labels)


def _pillars(listed: Any, path: Path) -> Iterator[Entry]:
    for place, pillar in entries(listed, path):
        yield place, pillar
        yield from _pillars(pillar.get("pillars"), (*place, "pillars"))


def _all_known(path: Path, names: Any, what: str, known: list[str]) -> Iterator[Problem]:
    for index, name in enumerate(items(names)):
        yield from _known((*path, index), name, what, known)


def _known(path: Path, name: Any, what: str, known: list[str]) -> Iterator[Problem]:
    if isinstance(name, str) and name not in known:
        yield Problem(path, f"unknown {what} '{name}'", nearest(name, known), on_key=path[-1] == name)
