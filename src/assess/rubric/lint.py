"""Weak spots of a rubric that its own text shows: they are no errors, and a reviewer will ask about each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path as FilePath

from assess.documents.errors import Path, Problem
from assess.documents.shipped import shipped_dir, shipped_ids
from assess.documents.source import read_bytes
from assess.rubric.loading import load_rubric
from assess.rubric.models import OVERALL, SUM_WITHIN, Criterion, NodeWeighting, Pillar, Rubric

ALIKE = 0.9
"""Anchors of neighbouring levels more alike than this are named (share of matching characters, Ratcliff-Obershelp)."""


def structural_findings(rubric: Rubric) -> Iterator[Problem]:
    """Yield every weak spot that the rubric itself shows, each with its path in the whole rubric."""
    paths = paths_of(rubric)
    yield from _unsourced(rubric, paths)
    yield from _alike_anchors(rubric, paths)
    yield from _without_effect(rubric)
    yield from _versions(rubric)
    yield from _stale_weightings(rubric)


def paths_of(rubric: Rubric) -> dict[str, Path]:
    """Return the path of every pillar and criterion by id."""
    paths: dict[str, Path] = {}

    def visit(pillars: tuple[Pillar, ...], above: Path) -> None:
        for index, pillar in enumerate(pillars):
            here: Path = (*above, index)
            paths[pillar.id] = here
            paths.update({c.id: (*here, "criteria", row) for row, c in enumerate(pillar.criteria)})
            visit(pillar.pillars, (*here, "pillars"))

    visit(rubric.pillars, ("pillars",))
    return paths


def _unsourced(rubric: Rubric, paths: dict[str, Path]) -> Iterator[Problem]:
    told = _accounted(rubric)
    for criterion in rubric.all_criteria():
        if criterion.weight > 0 and not criterion.sources and criterion.id not in told:
            what = f"{criterion.id}: it has a weight, no source, and no weighting says where the weight came from"
            yield Problem(
                (*paths[criterion.id], "weight"), what, "cite a source, or record how the weight was obtained"
            )


def _accounted(rubric: Rubric) -> set[str]:
    """Return the criteria whose weight a weighting accounts for, in this rubric or one that it extends.

    A weighting without nodes accounts for every weight that its own document states.
    """
    told: set[str] = set()
    for each in (rubric, *rubric.lineage()):
        if each.weighting is None:
            continue
        before = {} if each.parent is None else {c.id: c.weight for c in each.parent.all_criteria()}
        told |= {name for node in each.weighting.nodes for name in node.weights}
        if not each.weighting.nodes:
            told |= {c.id for c in each.all_criteria() if before.get(c.id) != c.weight}
    return told


def _alike_anchors(rubric: Rubric, paths: dict[str, Path]) -> Iterator[Problem]:
    for criterion in rubric.all_criteria():
        for lower, upper in pairwise(sorted(criterion.anchors)):
            said = [_plain(criterion.anchors[level]) for level in (lower, upper)]
            if _alike(*said):
                how = "say the same" if said[0] == said[1] else "say nearly the same"
                what = f"{criterion.id}: the anchors of levels {lower} and {upper} {how}"
                todo = "write what sets them apart, so that two readers choose the same one"
                yield Problem((*paths[criterion.id], "anchors", upper), what, todo)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _alike(one: str, other: str) -> bool:
    """Tell whether two anchors can hardly be told apart; other numbers set them apart."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def _without_effect(rubric: Rubric) -> Iterator[Problem]:
    """Yield the weights of pillars that a version changes and that every profile replaces."""
    if rubric.parent is None or not rubric.profiles:
        return
    before = {pillar.id: pillar.weight for pillar in rubric.parent.all_pillars()}
    for pillar in rubric.all_pillars():
        replaced = all(pillar.id in profile.pillars for profile in rubric.profiles.values())
        same = all(
            kind in rubric.parent.profiles and rubric.parent.profiles[kind].pillars == profile.pillars
            for kind, profile in rubric.profiles.items()
        )
        if before.get(pillar.id) != pillar.weight and replaced and same:
            what = f"{pillar.id}: its new weight counts for no type, because every profile gives this pillar its own"
            yield Problem(("weights", pillar.id), what, "change the weight in the profiles too", on_key=True)


def _versions(rubric: Rubric) -> Iterator[Problem]:
    """Yield what lets a change pass under an old name: the same id and version, or a parent that is not held fast."""
    parent, extends = rubric.parent, rubric.extends
    if parent is not None and (parent.id, parent.version) == (rubric.id, rubric.version):
        what = f"it changes {parent.id} {parent.version} under the same id and version"
        yield Problem(("version",), what, "raise the version")
    file = FilePath(rubric.source.file).resolve() if rubric.source else None
    home = shipped_dir("rubrics").resolve()
    if file is not None and file.parent != home and rubric.id in shipped_ids("rubrics"):
        shipped = home / f"{rubric.id}.yaml"
        known = load_rubric(rubric.id)
        if known.version == rubric.version and rubric.source and read_bytes(shipped) != rubric.source.raw():
            what = f"it differs from the shipped {rubric.id} {rubric.version} under the same id and version"
            yield Problem(("version",), what, "give it an id of its own, or raise the version")
    if extends is not None and extends.sha256 is None and file is not None and file.parent != home:
        what = "the parent's file is not held fast: another file with the same version would change the scores"
        digest = parent.source.sha256 if parent and parent.source else ""
        yield Problem(("extends",), what, f"add sha256: {digest}")


def _stale_weightings(rubric: Rubric) -> Iterator[Problem]:
    """Yield the nodes whose weights are no longer those that the weighting records."""
    for index, node in enumerate(rubric.weighting.nodes if rubric.weighting else ()):
        if not any(_agrees(node, shares) for shares in _shares_of(rubric, node.node)):
            what = f"{node.node}: the weights in use are not those that the weighting records"
            todo = "record how they were obtained, or take the recorded ones"
            yield Problem(("weighting", "nodes", index, "weights"), what, todo)


def _agrees(node: NodeWeighting, shares: dict[str, float]) -> bool:
    return all(abs(shares.get(name, 0.0) - weight) <= SUM_WITHIN for name, weight in node.weights.items())


def _shares_of(rubric: Rubric, name: str) -> Iterator[dict[str, float]]:
    """Yield the shares of the children of a node: by the rubric's own weights, then by each profile."""
    children: list[Pillar | Criterion] = list(rubric.pillars)
    if name != OVERALL:
        node = next(pillar for pillar in rubric.all_pillars() if pillar.id == name)
        children = [*node.pillars, *node.criteria]
    for named in ({}, *(profile.pillars for profile in rubric.profiles.values())):
        weights = {child.id: named.get(child.id, child.weight) for child in children}
        total = sum(weights.values())
        yield {child: weight / total if total > 0 else 0.0 for child, weight in weights.items()}
