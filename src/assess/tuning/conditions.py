"""Conditions on weights in words, as the analysis of robustness takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assess.documents.errors import UsageError
from assess.robustness.drawing import Condition
from assess.robustness.sampling import ROOT
from assess.rubric.models import Rubric
from assess.tuning.elicited import refuse
from assess.tuning.statements import parse_statements


def conditions_of(rubric: Rubric, texts: Sequence[str]) -> tuple[Condition, ...]:
    """Return the conditions that sentences put on the weights of a rubric, each at the node whose children it names.

    The sentences are those of `statements`. Raises `UsageError` naming every sentence that no node understands.
    """
    found: list[Condition] = []
    problems = []
    for text in texts:
        try:
            found += _condition(rubric, text)
        except UsageError as error:
            problems.append(str(error))
    refuse(problems)
    return tuple(found)


def _condition(rubric: Rubric, text: str) -> tuple[Condition, ...]:
    nodes = {ROOT: {pillar.id: pillar.title for pillar in rubric.pillars}}
    for pillar in rubric.all_pillars():
        nodes[pillar.id] = {c.id: c.title for c in pillar.criteria} | {p.id: p.title for p in pillar.pillars}
    said: list[str] = []
    for node, items in nodes.items():
        try:
            rows = parse_statements([text], items)
        except UsageError as error:
            said.append(str(error))
            continue
        return tuple(
            Condition(
                node=node,
                text=row.name,
                coefficients={name: part for name, part in zip(items, row.coefficients, strict=True) if part},
                at_most=row.at_most,
            )
            for row in rows
        )
    if _understood(text, {name: title for items in nodes.values() for name, title in items.items()}):
        raise UsageError(
            f"“{text}” compares what stands in different nodes; a condition speaks of pillars, or of criteria of one "
            "pillar"
        )
    # The message of a node that knows some of the names says more than that of one that knows none.
    told = next((message for message in said if "names no item" not in message), None)
    raise UsageError(
        told or f"“{text}” names no pillar or criterion of {rubric.id}; use ids or titles of neighbours in one pillar"
    )


def _understood(text: str, items: Mapping[str, str]) -> bool:
    try:
        return bool(parse_statements([text], items))
    except UsageError:
        return False
