"""The end of every route of tuning: a new version of a rubric, with its weights and where they came from."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from assess.documents.errors import UsageError
from assess.documents.fields import PartnershipType
from assess.documents.shipped import shipped_dir
from assess.documents.validation import nearest
from assess.rubric.models import OVERALL, SCHEMA, Criterion, NodeWeighting, Pillar, Rubric, Weighting, WeightingMethod

DIGITS = 12
"""Digits of a weight after the point: enough for every score, few enough to drop the noise of binary fractions."""


def new_version(
    parent: Rubric,
    nodes: Sequence[NodeWeighting],
    *,
    id: str,  # noqa: A002
    title: str,
    version: str,
    method: WeightingMethod,
    by: str | None = None,
    on: str | None = None,
    source: str | None = None,
    source_sha256: str | None = None,
    note: str | None = None,
    types: Sequence[PartnershipType] = (),
    folder: Path | None = None,
) -> str:
    """Return the YAML of a version of `parent` with the weights of some nodes, for `load_rubric`.

    nodes: weights as shares that sum to 1, for every child of each node. types: whose profiles take the weights of
    pillars; all profiles of the parent where empty, and then also the pillars' own weights, which hold where there is
    no profile. folder: where the text will be saved, for the path to a parent that is not shipped; the current folder
    where absent.

    Raises `UsageError` for a parent without a file, a node or child the parent lacks, a node given twice or in part,
    and weights that are all zero.
    """
    if parent.source is None:
        raise UsageError(f"{parent.id}: the parent was changed in memory; save it as a file first")
    if not nodes:
        raise UsageError("no weights are given; give those of at least one node")
    children: dict[str, tuple[Child, ...]] = {OVERALL: parent.pillars}
    children |= {pillar.id: (*pillar.pillars, *pillar.criteria) for pillar in parent.all_pillars()}
    _check(nodes, children)
    weights, profiles = _placed(parent, nodes, children, types)
    trail = Weighting(
        method=method, by=by, on=on, source=source, source_sha256=source_sha256, note=note, nodes=tuple(nodes)
    )
    extends = {
        "rubric": reference(parent, folder or Path()),
        "version": parent.version,
        "sha256": parent.source.sha256,
    }
    head = {"schema": SCHEMA, "id": id, "title": title, "version": version, "extends": extends}
    parts = [_dump(head)]
    if weights:
        parts.append("\n".join(["# Shares inside each node; beside each the parent's.", "weights:", *weights]) + "\n")
    if profiles:
        parts.append("\n".join(["profiles:", *profiles]) + "\n")
    parts.append(_dump({"weighting": _plain(trail)}))
    return "\n".join(parts)


Child = Pillar | Criterion


def _check(nodes: Sequence[NodeWeighting], children: Mapping[str, Sequence[Child]]) -> None:
    """Raise one `UsageError` with everything in the nodes that the parent cannot take."""
    wrong = []
    seen: set[str] = set()
    for node in nodes:
        if node.node in seen:
            wrong.append(f"node '{node.node}' is given twice; keep one")
        seen.add(node.node)
        if node.node not in children:
            wrong.append(f"unknown node '{node.node}'; {nearest(node.node, children)}")
            continue
        known = [child.id for child in children[node.node]]
        wrong += [
            f"{node.node}: unknown child '{name}'; {nearest(name, known)}" for name in node.weights if name not in known
        ]
        missing = [name for name in known if name not in node.weights]
        if missing:
            wrong.append(f"{node.node}: no weight for {', '.join(missing)}; give every child one, 0 to leave it out")
    if wrong:
        raise UsageError("\n".join(wrong))


def _placed(
    parent: Rubric,
    nodes: Sequence[NodeWeighting],
    children: Mapping[str, Sequence[Child]],
    types: Sequence[PartnershipType],
) -> tuple[list[str], list[str]]:
    """Return the lines of `weights` and of `profiles`."""
    chosen = list(types) or list(parent.profiles)
    weights: list[str] = []
    profiles: dict[str, list[str]] = {kind: [] for kind in chosen}
    for node in nodes:
        pillars = [child for child in children[node.node] if isinstance(child, Pillar)]
        in_profiles = {
            kind for kind in chosen if node.node == OVERALL or any(p.id in _profile(parent, kind) for p in pillars)
        }
        own = {child.id: child.weight for child in children[node.node]}
        if not (types and node.node == OVERALL):
            weights += _lines(node, own, own)
        for kind in chosen:
            if kind in in_profiles:
                before = own | {name: w for name, w in _profile(parent, kind).items() if name in own}
                profiles[kind] += _lines(node, before, {pillar.id: 0.0 for pillar in pillars}, indent=6)
    lines = []
    for name, rows in profiles.items():
        if rows:
            lines += [f"  {name}:", "    pillars:", *rows]
    return weights, lines


def _profile(parent: Rubric, kind: PartnershipType) -> Mapping[str, float]:
    profile = parent.profiles.get(kind)
    return profile.pillars if profile else {}


def _lines(
    node: NodeWeighting, before: Mapping[str, float], wanted: Mapping[str, float], indent: int = 2
) -> Iterator[str]:
    """Yield a line for each wanted child, with the share it had before."""
    total = math.fsum(before.values())
    for name in wanted:
        share = before[name] / total if total > 0 else 0.0
        text = f"{' ' * indent}{name}: {_number(node.weights[name])}"
        yield f"{text}  # {node.node}: {share:.3f} in the parent"


def _number(weight: float) -> str:
    """Return a weight as YAML that reads back as the same number to 12 digits."""
    return str(yaml.safe_dump(round(weight, DIGITS))).split("\n", 1)[0]


def reference(rubric: Rubric, folder: Path) -> str:
    """Return how a document in a folder names a rubric: the id of a shipped one, else a path as seen from there."""
    if rubric.source is None:
        return rubric.id
    path = Path(rubric.source.file).resolve()
    if path.parent == shipped_dir("rubrics").resolve():
        return path.stem
    return Path(os.path.relpath(path, folder.resolve())).as_posix()


def _plain(trail: Weighting) -> dict[str, Any]:
    """Return the weighting as plain data without what is empty, its numbers without noise."""

    def tidy(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {key: below for key, below in value.items() if not (below is None or below is False)}
            return {key: tidy(below) for key, below in kept.items() if below not in ({}, [])}
        if isinstance(value, list):
            return [tidy(below) for below in value]
        return round(value, DIGITS) if isinstance(value, float) else value

    plain: dict[str, Any] = tidy(trail.model_dump(mode="json"))
    return plain


class _Dumper(yaml.SafeDumper):
    """Writes every value out: assess reads no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _dump(data: Mapping[str, Any]) -> str:
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110))
