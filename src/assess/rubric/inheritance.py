"""A rubric as a change of another: the parent's data with the version's weights, bands and red lines in their place.

A version is a small document that `extends` its parent. Everything here works on plain data, so that the merged
document runs through the same models and checks as a whole one, and what is wrong is shown where the version says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from assess.documents.errors import Located, Path, Problem
from assess.documents.fields import SHA256
from assess.documents.shipped import shipped_dir, shipped_ids
from assess.documents.source import Source
from assess.documents.validation import Entry, defined_twice, entries, ids_of, items, mapping, nearest
from assess.rubric.models import DO_NOT_PROCEED, Rubric

LISTS_BY_ID = ("red_lines", "test_vectors")


@dataclass(frozen=True)
class VersionSource(Source):
    """A version as it was read. `data` is the whole rubric it makes; `own` is what stands in its file."""

    own: Any = None

    def locate(self, problem: Problem) -> Located:
        """Return the problem at its place in the version; what the version does not state stands at `extends`."""
        return super().locate(replace(problem, path=self._own_path(problem.path)))

    def _own_path(self, path: Path) -> Path:
        inherited: Path = ("extends",)
        weights = mapping(mapping(self.own).get("weights"))
        if not path:  # what no single field of the whole rubric can say: its parent was good, so it is the weights
            return ("weights",) if weights else inherited
        if path[0] == "pillars":
            return next((("weights", name) for name in self._named(path) if name in weights), inherited)
        stated = mapping(self.own).get(path[0])
        if stated is None:
            return inherited
        if path[0] in LISTS_BY_ID and len(path) > 1:
            name = self.data[path[0]][path[1]].get("id")
            names = [entry.get("id") for entry in stated]
            return (path[0], names.index(name), *path[2:]) if name in names else inherited
        if path[0] == "profiles" and len(path) > 1 and path[1] not in stated:
            return inherited
        return path

    def _named(self, path: Path) -> list[str]:
        """Return the id of the innermost pillar or criterion on a path, and of its children where the path ends on it.

        What is wrong with a pillar as a whole is wrong with the weights of its children.
        """
        node: Mapping[Any, Any] = {}
        below: Any = self.data
        for part in path:
            if not isinstance(below, (dict, list)):
                break
            below = below[part]  # type: ignore[index]
            node = below if "id" in mapping(below) else node
        children = [*items(node.get("pillars")), *items(node.get("criteria"))] if below is node else []
        return [node["id"], *(child["id"] for child in children)]


def parent_file(source: Source) -> FilePath | Problem | None:
    """Return the file of the parent that a version names, or what is wrong with the name; None where it names none.

    A name with a path separator or a YAML suffix is a path from the version's own folder; the rest is a shipped id.
    """
    name = mapping(mapping(source.data).get("extends")).get("rubric")
    at: Path = ("extends", "rubric")
    if not isinstance(name, str):
        return None
    path = FilePath(name)
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        found = FilePath(source.file).parent / path
        if not found.is_file():
            what = f"extends.rubric: there is no file '{name}' beside this one"
            return Problem(at, what, "write its path as seen from the folder of this file")
        return found
    known = shipped_ids("rubrics")
    if name not in known:
        return Problem(
            at, f"extends.rubric: '{name}' is no shipped rubric", f"{nearest(name, known)} (a path ends in .yaml)"
        )
    return shipped_dir("rubrics") / f"{name}.yaml"


def check_version(data: Mapping[Any, Any], parent: Rubric, inherited: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for everything in a version that does not fit its parent.

    data: the version. inherited: the whole data of the parent.
    """
    yield from _check_parent(mapping(data.get("extends")), parent)
    pillars = list(pillar_entries(inherited.get("pillars"), ("pillars",)))
    pillar_ids = ids_of(pillars)
    criterion_ids = ids_of(criterion_entries(pillars))
    known = [*pillar_ids, *criterion_ids]
    for name in mapping(data.get("weights")):
        if name not in known:
            path: Path = ("weights", name)
            what = f"weights: unknown pillar or criterion '{name}'"
            yield Problem(path, what, nearest(name, known), on_key=True)
    for kind, profile in mapping(data.get("profiles")).items():
        for name in mapping(mapping(profile).get("pillars")):
            if name not in pillar_ids:
                path = ("profiles", kind, "pillars", name)
                what = f"profiles.{kind}: unknown pillar '{name}'"
                yield Problem(path, what, nearest(name, pillar_ids), on_key=True)
    for what, key in (("red line", "red_lines"), ("test vector", "test_vectors")):
        yield from defined_twice(what, entries(data.get(key), (key,)))
    lines = ids_of(entries(inherited.get("red_lines"), ("red_lines",)))
    for place, line in entries(data.get("red_lines"), ("red_lines",)):
        name, criterion = line.get("id"), line.get("criterion")
        if isinstance(criterion, str) and criterion not in criterion_ids:
            what = f"unknown criterion '{criterion}'"
            yield Problem((*place, "criterion"), what, nearest(criterion, criterion_ids))
        missing = [key for key in ("criterion", "when", "effect") if line.get(key) is None]
        if isinstance(name, str) and name not in lines and missing:
            what = f"the parent has no red line '{name}', and a new one needs {', '.join(missing)}"
            yield Problem((*place, "id"), what, nearest(name, lines))
    yield from _check_bands(data, inherited)


def _check_bands(data: Mapping[Any, Any], inherited: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for bands that leave out what vectors of the parent expect, one for all of them."""
    labels = [mapping(band).get("label") for band in items(data.get("bands"))]
    restated = ids_of(entries(data.get("test_vectors"), ()))
    asked = [
        (vector["id"], label)
        for _, vector in entries(inherited.get("test_vectors"), ())
        if vector["id"] not in restated
        for label in _expected(mapping(vector.get("expect")))
        if label not in labels
    ]
    if labels and asked and all(isinstance(label, str) for label in labels):
        gone = ", ".join(sorted({f"'{label}'" for _, label in asked}))
        named = ", ".join(dict.fromkeys(name for name, _ in asked))
        what = f"bands: no band is called {gone} any more, and test vectors of the parent expect it"
        yield Problem(("bands",), what, f"keep the labels, or state these vectors with the new ones: {named}")


def _expected(expect: Mapping[Any, Any]) -> list[Any]:
    """Return the labels of bands that a test vector expects."""
    named = [expect.get("rating"), expect.get("uncapped_rating"), *mapping(expect.get("pillars")).values()]
    return [label for label in named if label is not None and label != DO_NOT_PROCEED]


def _check_parent(extends: Mapping[Any, Any], parent: Rubric) -> Iterator[Problem]:
    look = "look at what changed with 'assess rubric diff', then write"
    version, wanted = extends.get("version"), extends.get("sha256")
    if isinstance(version, str) and version != parent.version:
        what = f"extends.version: the parent '{parent.id}' is version {parent.version}, not {version}"
        yield Problem(("extends", "version"), what, f"{look} {parent.version}")
    found = parent.source.sha256 if parent.source else None
    if isinstance(wanted, str) and re.match(SHA256, wanted) and found != wanted:
        what = (
            f"extends.sha256: the file of the parent '{parent.id}' {parent.version} is not the one this was made from"
        )
        yield Problem(("extends", "sha256"), what, f"{look} {found}")


def merged(data: Mapping[Any, Any], inherited: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return the whole data of a version that fits its parent: the parent's, with what the version states.

    Weights, and pillars in profiles, are replaced one by one; profiles and red lines field by field; test vectors
    whole; red lines and vectors with new ids are added; bands are replaced together.
    """
    whole = {key: value for key, value in inherited.items() if key not in ("description", "weighting")}
    for key in ("schema", "id", "title", "version", "description", "extends", "weighting", "bands"):
        if data.get(key) is not None:
            whole[key] = data[key]
    whole["pillars"] = [_reweighted(pillar, mapping(data.get("weights"))) for pillar in inherited["pillars"]]
    profiles = dict(mapping(inherited.get("profiles")))
    for kind, change in mapping(data.get("profiles")).items():
        profiles[kind] = _profile(mapping(profiles.get(kind)), mapping(change))
    whole["profiles"] = profiles
    for key in LISTS_BY_ID:
        kept = {entry["id"]: entry for _, entry in entries(inherited.get(key), (key,))}
        for _, change in entries(data.get(key), (key,)):
            before = kept.get(change["id"], {}) if key == "red_lines" else {}
            kept[change["id"]] = {**before, **_stated(change)}
        whole[key] = list(kept.values())
    return whole


def _reweighted(node: Mapping[Any, Any], weights: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return a pillar or criterion with the weights given by id, and so everything below it."""
    changed = dict(node)
    weight = weights.get(node["id"])
    if weight is not None:
        changed["weight"] = weight
    for key in ("pillars", "criteria"):
        if node.get(key):
            changed[key] = [_reweighted(child, weights) for child in node[key]]
    return changed


def _profile(before: Mapping[Any, Any], change: Mapping[Any, Any]) -> dict[Any, Any]:
    pillars = {**mapping(before.get("pillars")), **_stated(mapping(change.get("pillars")))}
    return {**before, **_stated(change), "pillars": pillars}


def _stated(entry: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: value for key, value in entry.items() if value is not None}


def pillar_entries(listed: Any, path: Path) -> Iterator[Entry]:
    """Yield the pillars of a list and those inside them, each with its path, outer first."""
    for place, pillar in entries(listed, path):
        yield place, pillar
        yield from pillar_entries(pillar.get("pillars"), (*place, "pillars"))


def criterion_entries(pillars: list[Entry]) -> list[Entry]:
    """Return the criteria of pillars, each with its path."""
    return [entry for path, pillar in pillars for entry in entries(pillar.get("criteria"), (*path, "criteria"))]
