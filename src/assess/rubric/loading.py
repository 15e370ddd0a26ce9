"""Rubric documents from disk, with the checks that no single field can make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from assess.documents.errors import AssessError, DocumentError, Path, Problem
from assess.documents.shipped import resolve
from assess.documents.source import Source, read_source
from assess.documents.validation import Check, Entry, build, defined_twice, entries, ids_of, items, mapping, nearest
from assess.rubric.inheritance import (
    VersionSource,
    check_version,
    criterion_entries,
    merged,
    parent_file,
    pillar_entries,
)
from assess.rubric.models import DO_NOT_PROCEED, OVERALL, SCHEMA, Rubric, RubricVersion

MOST_PARENTS = 20
"""A longer line of versions than this is refused: nobody could follow it."""


def load_rubric(reference: str | FilePath) -> Rubric:
    """Return the rubric for a shipped id or a path; a version that extends another is merged with its parents.

    Raises `DocumentError` with every problem of the document, `AssessError` with those of a version and of its parents,
    `UsageError` for an unknown id.
    """
    return _load(resolve("rubrics", reference), ())[0]


def _load(file: FilePath, below: tuple[FilePath, ...]) -> tuple[Rubric, Mapping[Any, Any]]:
    """Return a rubric and its whole data. below: the files of the versions that lead to it."""
    source = read_source(file)
    if mapping(source.data).get("extends") is None:
        return build(source, Rubric, SCHEMA, [check_references]).read_from(source), source.data
    chain = (*below, file.resolve())
    above = parent_file(source)
    if isinstance(above, FilePath):
        above = _endless(above, chain) or above
    if not isinstance(above, FilePath):
        raise _refusal(source, [] if above is None else [above])
    try:
        parent, inherited = _load(above, chain)
    except AssessError as error:
        own = _refusal(source, [_unusable(above)] if isinstance(error, DocumentError) else [])
        raise (AssessError(f"{own}\n{error}") if own.problems else error) from None
    top = list(pillar_entries(inherited.get("pillars"), ("pillars",)))
    checks: list[Check] = [
        lambda data: check_version(data, parent, inherited),
        lambda data: _check_weighting(data, ids_of(entries(inherited.get("pillars"), ())), top),
    ]
    build(source, RubricVersion, SCHEMA, checks)
    version = VersionSource(source.file, source.text, source.sha256, merged(source.data, inherited), own=source.data)
    rubric = build(version, Rubric, SCHEMA, [check_references])
    return rubric.read_from(version).extended_from(parent), version.data


def _refusal(source: Source, problems: list[Problem]) -> DocumentError:
    """Return one error with the problems of a version and all that its own model refuses."""
    try:
        build(source, RubricVersion, SCHEMA, [lambda _: problems])
    except DocumentError as error:
        return error
    return source.error(problems)


def _unusable(parent: FilePath) -> Problem:
    """Return the problem of a version whose parent cannot be used: which version asked for it."""
    what = f"extends.rubric: {parent.name} cannot be used as it stands"
    return Problem(("extends", "rubric"), what, "see what is said of that file, or name another")


def _endless(above: FilePath, chain: tuple[FilePath, ...]) -> Problem | None:
    """Return the problem of a parent that leads back to one of the files below it, or too far up."""
    at: Path = ("extends", "rubric")
    if above.resolve() in chain:
        names = " -> ".join(file.name for file in (*chain[chain.index(above.resolve()) :], above))
        return Problem(at, f"extends.rubric: this rubric extends itself: {names}", "name a parent outside this circle")
    if len(chain) > MOST_PARENTS:
        return Problem(
            at, f"extends.rubric: more than {MOST_PARENTS} versions in a line", "make one whole rubric of them"
        )
    return None


def check_references(data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every id that stands twice or points nowhere."""
    pillars = list(pillar_entries(data.get("pillars"), ("pillars",)))
    criteria = criterion_entries(pillars)
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
    yield from _check_weighting(data, ids_of(entries(data.get("pillars"), ())), pillars)
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
    labels = [str(mapping(band).get("label")) for band in items(data.get("bands"))] + [DO_NOT_PROCEED]
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


def _check_weighting(data: Mapping[Any, Any], top: list[str], pillars: list[Entry]) -> Iterator[Problem]:
    """Yield a problem for every node or child of a weighting that the rubric does not have.

    top: ids of the outermost pillars. pillars: all of them.
    """
    children = {OVERALL: top}
    for _, pillar in pillars:
        inner = [*entries(pillar.get("pillars"), ()), *entries(pillar.get("criteria"), ())]
        children[str(pillar.get("id"))] = ids_of(inner)
    for path, node in entries(mapping(data.get("weighting")).get("nodes"), ("weighting", "nodes")):
        name = node.get("node")
        yield from _known((*path, "node"), name, "pillar", list(children))
        for key in ("weights", "low", "high"):
            for child in mapping(node.get(key)):
                known = children.get(str(name))
                if known is not None:
                    yield from _known((*path, key, child), child, f"child of {name}", known)


def _all_known(path: Path, names: Any, what: str, known: list[str]) -> Iterator[Problem]:
    for index, name in enumerate(items(names)):
        yield from _known((*path, index), name, what, known)


def _known(path: Path, name: Any, what: str, known: list[str]) -> Iterator[Problem]:
    if isinstance(name, str) and name not in known:
        yield Problem(path, f"unknown {what} '{name}'", nearest(name, known), on_key=path[-1] == name)
