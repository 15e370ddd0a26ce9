"""A rubric compiled for one type of partnership: arrays that serve one row or a million."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.documents.fields import PartnershipType
from assess.rubric.measures import Floats, Scale, breakpoints_of, compile_scale
from assess.rubric.models import Aggregation, Criterion, Pillar, Quantitative, RedLine, Rubric

# A red line's cap is the band that holds this score (design rule 4).
CAP_SCORE = {"cap_overall_conditional": 64.0, "cap_pillar_49": 49.0}


@dataclass(frozen=True, eq=False)
class Step:
    """One aggregation: several nodes of the tree at once, all by the same method and at the same height.

    Weights are normalised: the columns of `leaf_weights` and `node_weights` together sum to 1 for each node.
    """

    method: Aggregation
    nodes: NDArray[np.intp]
    """Columns of the node table that this step fills."""
    leaves: NDArray[np.intp] | slice
    """Criteria that feed it."""
    leaf_weights: Floats
    """Shape (criteria that feed it, nodes)."""
    inner: NDArray[np.intp]
    """Nodes filled by earlier steps that feed it."""
    node_weights: Floats
    """Shape (inner nodes that feed it, nodes)."""


@dataclass(frozen=True)
class Cap:
    """One way in which a red line caps a rating."""

    node: int
    """Column of the node whose rating is capped."""
    code: int
    """Band index it is capped at; the number of bands for "Do not proceed"."""
    blocks: bool
    """Whether it rates even what has no score."""


@dataclass(frozen=True, eq=False)
class CompiledRubric:
    """Everything the kernel needs, as arrays. m criteria, p nodes (pillars at any depth), the root last."""

    rubric: Rubric
    type: PartnershipType | None
    criteria: tuple[Criterion, ...]
    scale: Scale
    nodes: tuple[Pillar, ...]
    """Pillars at any depth in document order; the root is not among them but is the last column."""
    top: NDArray[np.intp]
    """Columns of the pillars directly below the root."""
    steps: tuple[Step, ...]
    weights: Floats
    """Share of each criterion in its pillar after multipliers, shape (m,); 0 where it does not apply."""
    node_weights: Floats
    """Share of each pillar among its neighbours, shape (p,); 0 where nothing in it applies."""
    leaf_share: Floats
    """Share of each criterion in every node's total weight, shape (m, p + 1)."""
    edges: Floats
    """Lower edges of the bands but the last, falling."""
    caps: tuple[Cap, ...]
    """Every way in which a red line can cap a rating."""
    cap_lines: Floats
    """1 where a red line caps in that way, shape (r, caps)."""
    column: Mapping[str, int]
    """Column of each criterion by its id."""
    node: Mapping[str, int]
    """Column of each pillar by its id."""

    @property
    def criterion_ids(self) -> tuple[str, ...]:
        """Ids of the criteria, in column order."""
        return tuple(self.column)

    @property
    def red_lines(self) -> tuple[RedLine, ...]:
        """The rubric's red lines, in column order."""
        return self.rubric.red_lines

    @property
    def profile(self) -> str:
        """The type whose pillar weights are used, or 'default'."""
        return self.type if self.type is not None and self.type in self.rubric.profiles else "default"


def rubric_band(rubric: Rubric, score: float) -> int:
    """Return the index of the band that holds a score, 0 the best."""
    return sum(score < band.at_least for band in rubric.bands)


def compile_rubric(
    rubric: Rubric, kind: PartnershipType | None = None, not_applicable: Collection[str] = ()
) -> CompiledRubric:
    """Return the arrays for a rubric, a type of partnership and the ids of criteria that do not apply.

    Weights are multiplied by type, normalised among neighbours, and shared out again where something does not
    apply; a pillar in which nothing applies drops out the same way.
    """
    criteria = tuple(rubric.all_criteria())
    nodes = tuple(rubric.all_pillars())
    column = {criterion.id: index for index, criterion in enumerate(criteria)}
    node_column = {pillar.id: index for index, pillar in enumerate(nodes)}
    multiplied = np.array(
        [0.0 if c.id in not_applicable else c.weight * (c.types.get(kind, 1.0) if kind else 1.0) for c in criteria]
    )
    profile = rubric.profiles.get(kind) if kind else None
    declared = np.array([profile.pillars.get(p.id, p.weight) if profile else p.weight for p in nodes], dtype=np.float64)

    live = _live(nodes, column, node_column, multiplied, declared)
    parents = [(i, p.pillars, p.criteria, p.aggregation) for i, p in enumerate(nodes)]
    parents.append((len(nodes), rubric.pillars, (), rubric.aggregation))
    height = _heights(parents, node_column)
    leaf_weights = np.zeros((len(criteria), len(parents)))
    inner_weights = np.zeros((len(parents), len(parents)))
    for index, pillars, own, _ in parents:
        leaves, inner = [column[c.id] for c in own], [node_column[p.id] for p in pillars]
        total = multiplied[leaves].sum() + (declared * live)[inner].sum()
        if total > 0:
            leaf_weights[leaves, index] = multiplied[leaves] / total
            inner_weights[inner, index] = (declared * live)[inner] / total

    share = leaf_weights.copy()
    for index, *_ in sorted(parents, key=lambda parent: height[parent[0]]):
        share[:, index] += share @ inner_weights[:, index]
    pillar_of = {c.id: node_column[top.id] for top in rubric.pillars for c in top.all_criteria()}
    caps, cap_lines = _caps(rubric, pillar_of, len(nodes))
    return CompiledRubric(
        rubric=rubric,
        type=kind,
        criteria=criteria,
        scale=compile_scale(
            [breakpoints_of(c.measure, rubric.level_values) for c in criteria],
            [not isinstance(c.measure, Quantitative) for c in criteria],
        ),
        nodes=nodes,
        top=np.array([node_column[p.id] for p in rubric.pillars], dtype=np.intp),
        steps=_steps(parents, height, leaf_weights, inner_weights),
        weights=leaf_weights.sum(axis=1),
        node_weights=inner_weights[: len(nodes)].sum(axis=1),
        leaf_share=share,
        edges=np.array([band.at_least for band in rubric.bands[:-1]]),
        caps=caps,
        cap_lines=cap_lines,
        column=column,
        node=node_column,
    )


Parent = tuple[int, tuple[Pillar, ...], tuple[Criterion, ...], Aggregation]


def _live(
    nodes: tuple[Pillar, ...],
    column: dict[str, int],
    node_column: dict[str, int],
    leaves: Floats,
    declared: Floats,
) -> Floats:
    """Return 1 for every pillar in which something applies, else 0."""
    live = np.zeros(len(nodes))
    for index in reversed(range(len(nodes))):  # children stand after their parent in document order
        pillar = nodes[index]
        own = any(leaves[column[c.id]] > 0 for c in pillar.criteria)
        inner = any(live[node_column[p.id]] * declared[node_column[p.id]] > 0 for p in pillar.pillars)
        live[index] = float(own or inner)
    return live


def _heights(parents: list[Parent], node_column: dict[str, int]) -> dict[int, int]:
    height: dict[int, int] = {}
    for index, pillars, _, _ in [*reversed(parents[:-1]), parents[-1]]:
        height[index] = 1 + max((height[node_column[p.id]] for p in pillars), default=0)
    return height


def _steps(
    parents: list[Parent], height: dict[int, int], leaf_weights: Floats, inner_weights: Floats
) -> tuple[Step, ...]:
    groups: dict[tuple[int, str], list[int]] = {}
    methods = {index: method for index, _, _, method in parents}
    for index, method in methods.items():
        groups.setdefault((height[index], method.model_dump_json()), []).append(index)
    steps = []
    for _, members in sorted(groups.items()):
        columns = np.array(members, dtype=np.intp)
        leaves = np.flatnonzero(leaf_weights[:, columns].any(axis=1))
        inner = np.flatnonzero(inner_weights[:, columns].any(axis=1))
        whole = len(leaves) == len(leaf_weights)
        steps.append(
            Step(
                method=methods[members[0]],
                nodes=columns,
                leaves=slice(None) if whole else leaves,
                leaf_weights=leaf_weights[np.ix_(leaves, columns)],
                inner=inner,
                node_weights=inner_weights[np.ix_(inner, columns)],
            )
        )
    return tuple(steps)


def _caps(rubric: Rubric, pillar_of: dict[str, int], root: int) -> tuple[tuple[Cap, ...], Floats]:
    ways: dict[Cap, list[int]] = {}
    for index, line in enumerate(rubric.red_lines):
        node = pillar_of[line.criterion] if line.effect == "cap_pillar_49" else root
        blocks = line.effect == "block"
        code = len(rubric.bands) if blocks else rubric_band(rubric, CAP_SCORE[line.effect])
        ways.setdefault(Cap(node, code, blocks), []).append(index)
    lines = np.zeros((len(rubric.red_lines), len(ways)))
    for column, members in enumerate(ways.values()):
        lines[members, column] = 1.0
    return tuple(ways), lines
