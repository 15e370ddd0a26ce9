"""Weak spots of a rubric that only cases show: what never varies, and what moves scores more than its weight says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from assess.documents.errors import Problem
from assess.partnership.models import Partnership
from assess.robustness.effective import WARN_ABOVE, effective_weights
from assess.rubric.lint import paths_of
from assess.rubric.models import Rubric
from assess.scoring.prepared import Prepared, prepare
from assess.scoring.score import DEFAULT_SEED

DRAWS = 2_000
"""Enough to tell 1.5 times a weight from the weight; a report on one case draws more."""

SEVERAL = 2
"""So many cases must agree before an effective weight is a finding about the rubric, and not about one case."""

STILL = 1e-9
"""Points within which values are the same: rounding only."""


def case_findings(rubric: Rubric, cases: Sequence[Partnership], *, seed: int = DEFAULT_SEED) -> Iterator[Problem]:
    """Yield every weak spot that cases which fit the rubric show, each with its path in the whole rubric."""
    prepared = [prepare(case, rubric) for case in cases]
    yield from _still(rubric, prepared)
    yield from _far_from_effective(rubric, prepared, seed)


def _still(rubric: Rubric, cases: Sequence[Prepared]) -> Iterator[Problem]:
    """Yield the criteria with a weight on which no two cases differ."""
    if len(cases) < SEVERAL:
        return
    paths = paths_of(rubric)
    for criterion in rubric.all_criteria():
        if criterion.weight == 0:
            continue
        found = np.array([case.best[0, case.compiled.column[criterion.id]] for case in cases])
        seen = found[~np.isnan(found)]
        if len(seen) and np.ptp(seen) > STILL:
            continue
        what = f"{criterion.id}: no case of {len(cases)} has a value for it"
        if len(seen):
            what = f"{criterion.id}: all cases with a value for it ({len(seen)} of {len(cases)}) have {seen[0]:.0f}"
        yield Problem(paths[criterion.id], what, "it has told no cases apart so far; check that it can")


def _far_from_effective(rubric: Rubric, cases: Sequence[Prepared], seed: int) -> Iterator[Problem]:
    """Yield what moves its node more than 1.5 times its weight in several cases."""
    ratios: dict[tuple[str, str], list[float]] = defaultdict(list)
    for case in cases:
        for at in effective_weights(case, draws=DRAWS, seed=seed):
            for child in at.children:
                if child.warning and child.ratio is not None:
                    ratios[at.id, child.id].append(child.ratio)
    paths = paths_of(rubric)
    for (node, name), found in ratios.items():
        if len(found) >= SEVERAL:
            what = (
                f"{name}: in {len(found)} of {len(cases)} cases it moves {node} more than {WARN_ABOVE:g} times its "
                f"weight (up to {max(found):.1f} times)"
            )
            todo = "its readings are wider than its neighbours'; weigh it knowing that, or narrow its scale"
            yield Problem((*paths[name], "weight"), what, todo)
