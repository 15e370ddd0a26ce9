"""From judgements to weights: each node's answers through the formula its method names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from assess.documents.errors import Problem, UsageError
from assess.rubric.measures import Floats
from assess.rubric.models import Diagnostic, NodeWeighting, Rubric, WeightingMethod
from assess.tuning.ahp import ahp_weights, comparison_matrix, judged_matrix
from assess.tuning.best_worst import best_worst_weights
from assess.tuning.elicited import Elicited
from assess.tuning.judgements import (
    BestWorst,
    Interval,
    Judgements,
    NodeJudgements,
    Pairwise,
    Points,
    Ranks,
    Swings,
    children_of,
)
from assess.tuning.points import point_weights, swing_intervals, swing_ranks, swing_weights
from assess.tuning.ranks import rank_weights
from assess.tuning.statements import parse_statements, statement_weights
from assess.tuning.version import new_version


def elicit(judgements: Judgements, rubric: Rubric) -> tuple[NodeWeighting, ...]:
    """Return the weights of each judged node, with their ranges and what the method says about their quality.

    Raises `DocumentError` (`UsageError` for judgements that no file holds) with what is wrong in every node.
    """
    found, problems = [], []
    for index, entry in enumerate(judgements.nodes):
        children = children_of(rubric, entry.node)
        if children is None:
            raise UsageError(f"'{entry.node}' is no node of rubric '{rubric.id}'; judge a node that it has")
        try:
            found.append(node_weighting(entry.node, entry.method, elicit_node(entry, children), list(children)))
        except UsageError as error:
            problems += [Problem(("nodes", index), f"node '{entry.node}': {line}") for line in str(error).splitlines()]
    if problems and judgements.source is not None:
        raise judgements.source.error(problems)
    if problems:
        raise UsageError("\n".join(str(problem) for problem in problems))
    return tuple(found)


def elicit_node(entry: NodeJudgements, children: Mapping[str, str]) -> Elicited:
    """Return the weights of one node. children: title by id, in document order. Raises UsageError."""
    names = list(children)
    if isinstance(entry, Points):
        return point_weights(names, entry.points)
    if isinstance(entry, Swings):
        return _swings(entry, names)
    if isinstance(entry, Ranks):
        return rank_weights(entry.order, entry.formula)
    if isinstance(entry, Pairwise):
        return ahp_weights(names, matrix_of(entry, names), entry.priority, entry.random_index)
    if isinstance(entry, BestWorst):
        return best_worst_weights(
            names, entry.best, entry.worst, entry.best_to_others, entry.others_to_worst, entry.model
        )
    return statement_weights(names, parse_statements(entry.statements, children))


def matrix_of(entry: Pairwise, names: Sequence[str]) -> Floats:
    """Return the comparison matrix of a node in the order of the names, shape (n, n). Raises UsageError."""
    if entry.matrix is None:
        return comparison_matrix(names, [(pair.a, pair.over, pair.value) for pair in entry.comparisons])
    items = list(entry.matrix.items)
    matrix = judged_matrix(items, entry.matrix.square())
    order = [items.index(name) for name in names]
    return matrix[order][:, order]


def node_weighting(node: str, method: WeightingMethod, found: Elicited, names: Sequence[str]) -> NodeWeighting:
    """Return weights as a rubric version records them, in the order of the names, with the formula as a remark."""
    low, high = dict(found.low), dict(found.high)
    return NodeWeighting(
        node=node,
        method=method,
        weights={name: found.weights[name] for name in names},
        # The ends come from a solver: what it misses by in the last digits must not cut the weight off.
        low={name: max(0.0, min(low[name], found.weights[name])) for name in names if name in low},
        high={name: max(high[name], found.weights[name]) for name in names if name in high},
        diagnostics=(
            Diagnostic(name="formula", text=found.method),
            *(
                Diagnostic(name=remark.name, value=remark.value, text=remark.text, warning=remark.warning)
                for remark in found.diagnostics
            ),
        ),
    )


def method_of(nodes: Sequence[NodeWeighting]) -> WeightingMethod:
    """Return the method of the whole: that of all nodes, or `mixed` where they differ."""
    methods = {entry.method for entry in nodes}
    return methods.pop() if len(methods) == 1 else "mixed"


def version_text(
    judgements: Judgements,
    parent: Rubric,
    nodes: Sequence[NodeWeighting],
    *,
    id: str | None = None,  # noqa: A002
    title: str | None = None,
    version: str = "1.0.0",
    folder: Path | None = None,
) -> str:
    """Return the YAML of a rubric version with these weights, which records whose judgements they are.

    id, title: made from the judgements where absent. folder: where the text will be saved. Raises UsageError.
    """
    source = judgements.source
    notes = [
        judgements.note,
        "Made from a table, which does not say on which version of the rubric it was judged."
        if source is not None and source.file.lower().endswith(".csv")
        else None,
    ]
    return new_version(
        parent,
        nodes,
        id=id or judgements.id,
        title=title or f"{parent.title}, weights by {judgements.by or judgements.id}",
        version=version,
        method=method_of(nodes),
        by=judgements.by,
        on=judgements.on,
        source=Path(source.file).name if source else None,
        source_sha256=source.sha256 if source else None,
        note=" ".join(note for note in notes if note) or None,
        types=judgements.types,
        folder=folder,
    )


def _swings(entry: Swings, names: Sequence[str]) -> Elicited:
    if entry.order is not None:
        return swing_ranks(entry.order, entry.formula)
    swings: Mapping[str, Interval] = entry.swings
    low = {name: swing.low for name, swing in swings.items()}
    high = {name: swing.high for name, swing in swings.items()}
    return swing_weights(names, high) if low == high else swing_intervals(names, low, high)
