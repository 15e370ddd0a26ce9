"""What a rubric changes against the one it extends, for the case at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np

from assess.partnership.models import Partnership
from assess.rubric.measures import Floats
from assess.rubric.models import DO_NOT_PROCEED, OVERALL, Rubric
from assess.scoring.assessment import AgainstParent, WeightChange
from assess.scoring.compiled import CompiledRubric
from assess.scoring.kernel import NO_RATING, TOLERANCE, rate
from assess.scoring.prepared import Prepared, prepare


def against_parent(partnership: Partnership, compiled: CompiledRubric, parent: Rubric) -> AgainstParent:
    """Return the shares that differ from the parent's, and the result of the same readings by the parent.

    compiled: the rubric that extends `parent`, for this case.
    """
    case = prepare(partnership, parent)
    score, rating = overall_result(case)
    return AgainstParent.model_construct(
        weights=tuple(changed_weights(case.compiled, compiled)), score=score, rating=rating
    )


def overall_result(case: Prepared) -> tuple[float | None, str | None]:
    """Return the overall score of the best values and the rating after red lines; None where there is none."""
    score = float(case.scores.score[0, -1])
    labels = [*(band.label for band in case.rubric.bands), DO_NOT_PROCEED]
    code = int(rate(case.compiled, case.scores.score, case.tripped[None, :]).capped[0, -1])
    return None if np.isnan(score) else score, None if code == NO_RATING else labels[code]


def changed_weights(before: CompiledRubric, after: CompiledRubric) -> Iterator[WeightChange]:
    """Yield every pillar, then every criterion, whose share among its neighbours differs between two rubrics.

    What only one of them has is left out: these are changes of weight alone.
    """
    node_of = {child.id: pillar.id for pillar in after.nodes for child in pillar.pillars}
    node_of |= {child.id: pillar.id for pillar in after.nodes for child in pillar.criteria}
    yield from _changed("pillar", node_of, (before.node, before.node_weights), (after.node, after.node_weights))
    yield from _changed("criterion", node_of, (before.column, before.weights), (after.column, after.weights))


Shares = tuple[Mapping[str, int], Floats]
"""Column by id, and the share of each column."""


def _changed(
    kind: Literal["pillar", "criterion"], node_of: Mapping[str, str], before: Shares, after: Shares
) -> Iterator[WeightChange]:
    for name, column in after[0].items():
        if name not in before[0]:
            continue
        was, now = float(before[1][before[0][name]]), float(after[1][column])
        if abs(was - now) > TOLERANCE:
            node = node_of.get(name, OVERALL)
            yield WeightChange.model_construct(id=name, kind=kind, node=node, before=was, after=now)
