"""Everything that says how far a rating can be trusted, as one document that names the Assessment it belongs to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from assess.documents.fields import Frozen
from assess.partnership.models import Partnership
from assess.robustness.bands import Bands, bands
from assess.robustness.breakeven import BreakEvens, break_even
from assess.robustness.drawing import DEFAULT, Drawing
from assess.robustness.effective import NodeWeights, effective_weights
from assess.robustness.packages import ClauseToAdd, Packages, clauses_to_add, packages
from assess.robustness.scenarios import ScenarioResult, scenarios
from assess.robustness.sensitivity import LeaveOneOut, MethodChoice, Tornado, leave_one_out, method_choice, tornado
from assess.robustness.sobol import GlobalSensitivity, global_sensitivity
from assess.rubric.models import Rubric
from assess.scoring.assessment import Assessment
from assess.scoring.prepared import prepare

SCHEMA = "assess/robustness@1"


class Robustness(Frozen):
    """How far one rating can be trusted, and what would change it. Shares are shares of draws, never probabilities."""

    schema_: Annotated[Literal["assess/robustness@1"], Field(alias="schema")] = "assess/robustness@1"
    partnership: str
    rubric: str
    assessment: Annotated[dict[str, str], Field(description="seal of the Assessment it belongs to: SHA-256 by part")]
    draws: int
    seed: int
    bands: Bands
    tornado: Tornado
    leave_one_out: LeaveOneOut
    break_even: BreakEvens
    effective: tuple[NodeWeights, ...]
    methods: MethodChoice
    sobol: GlobalSensitivity
    packages: Annotated[Packages | None, Field(description="what it takes to reach a target; null without one")]
    clauses: tuple[ClauseToAdd, ...]
    scenarios: Annotated[
        tuple[ScenarioResult, ...], Field(description="the case as it stands, then by scenario; empty without any")
    ]

    def to_json(self) -> str:
        """Return the document as JSON text, two-space indented, keys in a fixed order."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def robustness(
    partnership: Partnership,
    rubric: Rubric,
    assessment: Assessment,
    *,
    draws: int,
    seed: int,
    target: str | None = None,
    how: Drawing = DEFAULT,
) -> Robustness:
    """Return the whole analysis of the Assessment of a partnership by a rubric.

    draws: of inputs and of weights, at least 100. target: the rating to reach; the next better one where absent.
    how: what is assumed about inputs and weights. Raises UsageError for an unknown rating, too few draws or conditions
    on weights that cannot hold together.
    """
    case = prepare(partnership, rubric)
    goal = target or _next_better(assessment)
    return Robustness.model_construct(
        partnership=partnership.id,
        rubric=f"{rubric.id} {rubric.version}",
        assessment=assessment.parts(),
        draws=draws,
        seed=seed,
        bands=bands(case, draws=draws, seed=seed, how=how),
        tornado=tornado(case),
        leave_one_out=leave_one_out(case),
        break_even=break_even(case),
        effective=effective_weights(case, draws=draws, seed=seed, how=how),
        methods=method_choice(case, draws=draws, seed=seed, how=how),
        sobol=global_sensitivity(case, seed=seed, how=how),
        packages=None if goal is None else packages(assessment, partnership, rubric, goal),
        clauses=clauses_to_add(assessment),
        scenarios=scenarios(partnership, rubric, assessment),
    )


def _next_better(assessment: Assessment) -> str | None:
    """Return the rating above the present one; None at the top, and the lowest but one where there is none."""
    labels = [band.label for band in assessment.rubric.bands]
    if assessment.overall.score is None:
        return None
    rating = assessment.overall.rating
    place = labels.index(rating) if rating in labels else len(labels)
    return labels[place - 1] if place else None
