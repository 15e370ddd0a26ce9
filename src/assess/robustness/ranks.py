"""Several cases beside each other: how often each takes each rank when readings and weights are drawn.

Stochastic multicriteria acceptability analysis (Lahdelma & Salminen 2001, Operations Research 49(3)). All cases meet
the same weights in the same draw; their readings are drawn apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import numpy as np
from pydantic import Field

from assess.documents.errors import UsageError
from assess.documents.fields import Frozen
from assess.robustness.acceptability import label, score_smaa
from assess.robustness.breakeven import OrderFlips, order_flips
from assess.robustness.drawing import DEFAULT, Drawing, drawn_values, drawn_weights
from assess.robustness.weighted import Weights, declared, no_score, overall
from assess.rubric.measures import Floats
from assess.scoring.prepared import Prepared

THRESHOLD = 0.8
"""Least share of draws that settles a rank; below it the rank is unclear."""


class CaseRanks(Frozen):
    """How often one case takes each rank. Shares are shares of draws, 0-1."""

    id: str
    title: str
    shares: Annotated[tuple[float, ...], Field(description="by rank, best first; ties share their ranks")]
    standard_errors: tuple[float, ...]
    label: Annotated[str, Field(description="the rank that enough draws agree on, or 'unclear'")]
    central: Annotated[
        dict[str, float] | None,
        Field(
            description="mean pillar weights of the draws in which it is first, by pillar; null where it never is, or "
            "where the cases differ in which pillars apply"
        ),
    ]
    confidence: Annotated[
        float | None,
        Field(
            description="share of draws of readings in which it is first by its central weights, the criteria inside "
            "pillars at their declared ones; null without central weights"
        ),
    ]
    confidence_error: float | None
    beats: Annotated[dict[str, float], Field(description="share of draws in which it scores above each other case")]


class Ranks(Frozen):
    """Several cases by the same rubric and profile."""

    cases: tuple[CaseRanks, ...]
    turns: Annotated[
        tuple[OrderFlips, ...],
        Field(description="for each two neighbours in the order of the stated scores, the weights at which it turns"),
    ]
    threshold: float
    draws: int
    seed: int
    drawing: Drawing
    unrated: Annotated[float, Field(description="share of draws left out: some case had no score by their weights")]


def ranks(cases: Sequence[Prepared], *, draws: int, seed: int, how: Drawing = DEFAULT) -> Ranks:
    """Return how often each of several cases takes each rank.

    Weights are drawn as for `bands`. Raises `UsageError` for fewer than two cases, cases of different profiles, a case
    without an overall score, or too few draws in which all have one.
    """
    if len(cases) < 2:
        raise UsageError("ranks need at least two cases")
    profiles = sorted({case.compiled.profile for case in cases})
    if len(profiles) > 1:
        raise UsageError(f"cases of different profiles are not ranked: {', '.join(profiles)} weigh different things")
    for case in cases:
        if no_score(case) is not None:
            raise UsageError(f"{case.partnership.id} has no score: {no_score(case)}")
    values = [drawn_values(case, how, draws, seed + number) for number, case in enumerate(cases, start=1)]
    weights = [drawn_weights(case, how, draws, seed) for case in cases]
    scores = np.column_stack([overall(*found) for found in zip(cases, values, weights, strict=True)])
    whole = ~np.isnan(scores).any(axis=1)
    if whole.sum() < 100:
        raise UsageError("in fewer than 100 draws have all cases a score; raise --draws, or observe more")
    top = cases[0].compiled.top
    alike = len({tuple(case.compiled.node_weights[case.compiled.top] > 0) for case in cases}) == 1

    def at(pillars: Floats) -> Floats:
        """Return the scores (draws, n) by one set of pillar weights."""
        columns = []
        for case, drawn in zip(cases, values, strict=True):
            fixed = declared(case.compiled)
            nodes = fixed.pillars.copy()
            nodes[top, 0] = pillars
            columns.append(overall(case, drawn, Weights(fixed.criteria, nodes)))
        table = np.column_stack(columns)
        return table[~np.isnan(table).any(axis=1)]

    found = score_smaa(scores[whole], weights[0].pillars[top].T[whole], at) if alike else score_smaa(scores[whole])
    ordered = sorted(cases, key=lambda case: -float(case.scores.score[0, -1]))
    ids = [case.partnership.id for case in cases]
    return Ranks(
        cases=tuple(
            CaseRanks(
                id=name,
                title=case.partnership.title,
                shares=tuple(map(float, found.rank[row])),
                standard_errors=tuple(map(float, found.rank_error[row])),
                label=label(found.rank[row], THRESHOLD),
                central=_by_pillar(cases[0], found.central[row]),
                confidence=found.confidence[row],
                confidence_error=found.confidence_error[row],
                beats={other: float(found.pairwise[row, column]) for column, other in enumerate(ids) if column != row},
            )
            for row, (name, case) in enumerate(zip(ids, cases, strict=True))
        ),
        turns=tuple(order_flips(*pair) for pair in pairwise(ordered)),
        threshold=THRESHOLD,
        draws=draws,
        seed=seed,
        drawing=how,
        unrated=float(1 - whole.mean()),
    )


def ranks_by_profile(
    cases: Sequence[Prepared], *, draws: int, seed: int, how: Drawing = DEFAULT
) -> list[tuple[tuple[int, ...], Ranks | str]]:
    """Return the ranks of the cases of each profile, or why these are not ranked, with their places in `cases`."""
    found: list[tuple[tuple[int, ...], Ranks | str]] = []
    for profile in dict.fromkeys(case.compiled.profile for case in cases):
        places = tuple(place for place, case in enumerate(cases) if case.compiled.profile == profile)
        alike = [cases[place] for place in places]
        named = ", ".join(case.partnership.id for case in alike)
        if len(alike) == 1:
            found.append((places, f"{named}: not ranked; no other case here has the profile {profile}"))
            continue
        try:
            found.append((places, ranks(alike, draws=draws, seed=seed, how=how)))
        except UsageError as error:
            found.append((places, f"{named}: not ranked; {error}"))
    return found


def _by_pillar(case: Prepared, weights: Floats | None) -> dict[str, float] | None:
    """Return weights of the top pillars by id."""
    if weights is None:
        return None
    return {case.compiled.nodes[node].id: float(part) for node, part in zip(case.compiled.top, weights, strict=True)}
