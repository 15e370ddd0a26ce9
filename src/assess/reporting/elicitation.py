"""Weights as judgements give them: beside those of the rubric, with their ranges and what the method says of them."""

from __future__ import annotations

from collections.abc import Sequence

from assess.documents.fields import PartnershipType
from assess.reporting import numbers, words
from assess.reporting.blocks import Block, Head, Paragraph, Points, Section, Table, row
from assess.rubric.models import OVERALL, Criterion, Diagnostic, NodeWeighting, Pillar, Rubric

METHODS = {
    "stated": "stated",
    "points": "direct points",
    "swing": "swing",
    "ranks": "ranks",
    "ahp": "comparisons in pairs (AHP)",
    "best_worst": "best–worst method",
    "statements": "statements",
    "mixed": "several methods",
    "learned": "learned",
    "agreed": "agreed by several",
    "page": "tried on the page",
}


def node_sections(
    nodes: Sequence[NodeWeighting], rubric: Rubric, types: Sequence[PartnershipType] = ()
) -> list[Section]:
    """Return a section for each weighed node: new weights beside those of the rubric.

    types: whose profiles the weights of the whole are for; all of the rubric's where empty. Where they differ, the
    weights now are shown as a range.
    """
    return [_section(entry, rubric, types) for entry in nodes]


def _section(entry: NodeWeighting, rubric: Rubric, types: Sequence[PartnershipType]) -> Section:
    titles, before, named = _before(entry.node, rubric, types)
    heads = (
        Head("Weight of", "wide"),
        Head("Now", "number"),
        Head("New", "number"),
        Head("Range", "word"),
    )
    rows = tuple(
        row(
            titles[name],
            _span([shares[name] for shares in before]),
            numbers.percent(weight),
            _span([entry.low[name], entry.high[name]]) if name in entry.low and name in entry.high else "none given",
        )
        for name, weight in entry.weights.items()
    )
    first = max(entry.weights, key=lambda name: entry.weights[name])
    top = "Overall" if entry.node == OVERALL else _title(entry.node, rubric)
    heading = f"{top}, {METHODS[entry.method]}: most weight on {titles[first]}, {numbers.percent(entry.weights[first])}"
    blocks: list[Block] = [Table(f"Shares inside the node; now: {named}", heads, rows)]
    blocks += [Paragraph((_remark(one),), "caution") for one in entry.diagnostics if one.warning]
    calm = tuple((_remark(one),) for one in entry.diagnostics if not one.warning)
    if calm:
        blocks.append(Points(calm))
    return Section(f"weights-{entry.node}", top, heading, tuple(blocks))


def _before(
    node: str, rubric: Rubric, types: Sequence[PartnershipType]
) -> tuple[dict[str, str], list[dict[str, float]], str]:
    """Return titles of the children of a node, their shares now (once for each profile), and what these are called."""
    version = f"{rubric.id} {rubric.version}"
    children: tuple[Pillar | Criterion, ...] = rubric.pillars
    if node != OVERALL:
        pillar = next(pillar for pillar in rubric.all_pillars() if pillar.id == node)
        children = (*pillar.pillars, *pillar.criteria)
    titles = {child.id: child.title for child in children}
    own = {child.id: child.weight for child in children}
    profiles = [kind for kind in types or rubric.profiles if kind in rubric.profiles] if node == OVERALL else []
    weights = [{name: rubric.profiles[kind].pillars.get(name, own[name]) for name in own} for kind in profiles]
    shares = [{name: weight / sum(one.values()) for name, weight in one.items()} for one in weights or [own]]
    if len(profiles) > 1:
        return titles, shares, f"{version}, over {words.counted(len(profiles), 'profile')}"
    return titles, shares, f"{version}, profile {profiles[0]}" if profiles else version


def _span(shares: Sequence[float]) -> str:
    low, high = numbers.percent(min(shares)), numbers.percent(max(shares))
    return low if low == high else f"{low} to {high}"


def _title(node: str, rubric: Rubric) -> str:
    return next(pillar.title for pillar in rubric.all_pillars() if pillar.id == node)


def _remark(one: Diagnostic) -> str:
    """Return a diagnostic on one line. Names such as xi* keep their letters."""
    value = "" if one.value is None else f" {one.value:.3g}"
    said = f": {one.text}" if one.text else ""
    line = f"{one.name}{value}{said}"
    return line if line.endswith(".") else f"{line}."
