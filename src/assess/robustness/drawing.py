"""What is assumed about inputs and weights when they are drawn, and the draws themselves. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from assess.documents.errors import UsageError
from assess.documents.fields import Frozen
from assess.robustness.sampling import (
    Constraint,
    checklist_draws,
    children,
    level_draws,
    pert,
    tree_weights,
    uniform_range,
)
from assess.robustness.weighted import Weights
from assess.rubric.measures import ANSWER_VALUE, Floats
from assess.rubric.models import Checklist
from assess.scoring.draws import triangular, uniform_draws
from assess.scoring.prepared import Prepared

Inputs = Literal["triangular", "pert", "uniform", "discrete"]


class Condition(Frozen):
    """One linear condition on the weights of one node's children."""

    node: Annotated[str, Field(description="id of the pillar, or 'overall'")]
    text: Annotated[str, Field(description="the condition in words")]
    coefficients: Annotated[dict[str, float], Field(description="by child; the sum of coefficient x share is at most")]
    at_most: float


class Drawing(Frozen):
    """How inputs and weights are drawn. Every share of draws holds under these assumptions only."""

    inputs: Annotated[
        Inputs,
        Field(
            description="triangular, pert or uniform over low to high; discrete draws whole levels, and meets each "
            "unknown checklist item in half of the draws"
        ),
    ] = "triangular"
    concentration: Annotated[
        float | None,
        Field(description="Dirichlet concentration around the declared weights; null: uniform on the simplex"),
    ] = None
    conditions: Annotated[
        tuple[Condition, ...], Field(description="conditions on weights; nodes that have any are drawn uniformly")
    ] = ()


DEFAULT = Drawing()


def drawn_values(case: Prepared, how: Drawing, draws: int, seed: int) -> Floats:
    """Return drawn values of the criteria, shape (draws, m); one stream per input, the same in every way of drawing."""
    uniform = uniform_draws(seed, [cell.name for cell in case.inputs], draws)
    return case.criteria(drawn_readings(case, how.inputs, uniform))


def drawn_readings(case: Prepared, inputs: Inputs, uniform: Floats) -> Floats:
    """Return drawn values of the inputs by inversion, shape of `uniform` (k, n), a row for each input of the case."""
    if inputs == "pert":
        return pert(uniform, case.low, case.value, case.high)
    if inputs == "uniform":
        return uniform_range(uniform, case.low, case.high)
    readings = triangular(uniform, case.low, case.value, case.high)
    if inputs == "discrete":
        _levels(case, uniform, readings)
        _checklists(case, uniform, readings)
    return readings


def drawn_weights(case: Prepared, how: Drawing, draws: int, seed: int) -> Weights:
    """Return drawn weights of every node, one column a draw.

    Raises `UsageError` for conditions that cannot hold together, or that name what is no child of their node.
    """
    drawn = tree_weights(
        case.compiled, draws, seed, concentration=how.concentration, constraints=constraints(case, how.conditions)
    )
    return Weights(drawn.criteria.T, drawn.pillars.T)


def constraints(case: Prepared, conditions: Sequence[Condition]) -> Mapping[str, Sequence[Constraint]]:
    """Return conditions by node, over the node's children that apply; what does not apply weighs 0.

    Raises `UsageError` for a condition that asks a weight of what does not apply.
    """
    found: dict[str, list[Constraint]] = {}
    for condition in conditions:
        names = children(case.compiled, condition.node)
        row = tuple(condition.coefficients.get(name, 0.0) for name in names)
        if not any(row):  # nothing that it speaks of applies here
            if condition.at_most < 0:
                raise UsageError(
                    f"“{condition.text}” asks for a weight of what does not apply to {case.partnership.id}; leave the "
                    "condition out for this case"
                )
            continue
        found.setdefault(condition.node, []).append(Constraint(condition.text, row, condition.at_most))
    return found


def _levels(case: Prepared, uniform: Floats, readings: Floats) -> None:
    rows = [row for row, cell in enumerate(case.inputs) if cell.kind == "level"]
    if rows:
        low, best, high = np.array([case.inputs[row].raw for row in rows]).T
        levels = level_draws(uniform[rows], low, best, high)
        readings[rows] = np.interp(levels, np.arange(5.0), np.array(case.rubric.level_values))


def _checklists(case: Prepared, uniform: Floats, readings: Floats) -> None:
    for row, cell in enumerate(case.inputs):
        measure = case.compiled.criteria[case.columns[row]].measure
        if cell.kind == "items" and isinstance(measure, Checklist) and cell.known < 1.0:
            answers = cell.judgement.items or {}
            met = np.array([ANSWER_VALUE.get(answers.get(item.id, "unknown"), np.nan) for item in measure.items])
            critical = np.array([item.critical for item in measure.items])
            readings[row] = checklist_draws(uniform[row], met, critical)
