"""How often a rating holds when inputs and weights are drawn.

Stochastic multicriteria acceptability analysis for one case and fixed bands (Lahdelma & Salminen 2001, Operations
Research 49(3); Tervonen et al. 2009, European Journal of Operational Research 192, for bands). Every share is one of
draws under the stated assumptions. None is the probability of what happens to the partnership.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from assess.documents.errors import UsageError
from assess.documents.fields import Frozen, RedLineEffect, RedLineStatus
from assess.robustness.drawing import DEFAULT, Drawing, drawn_values, drawn_weights
from assess.robustness.weighted import declared, label, labels, no_score, number, overall, overall_codes
from assess.rubric.measures import Floats
from assess.scoring.kernel import NO_RATING, Codes, rate
from assess.scoring.prepared import Prepared


class BandShares(Frozen):
    """Shares of draws (0-1) by rating."""

    shares: Annotated[dict[str, float], Field(description="share of draws by rating after red lines, best first")]
    uncapped: Annotated[dict[str, float], Field(description="share of draws by rating before red lines")]
    unrated: Annotated[float, Field(description="share of draws with no rating: too little observed by their weights")]
    changed: Annotated[
        float | None, Field(description="share of draws whose rating differs from the stated one; null without one")
    ]
    changed_uncapped: Annotated[float | None, Field(description="the same before red lines")]
    standard_error: Annotated[float, Field(description="the largest Monte-Carlo standard error of these shares")]


class IfTripped(Frozen):
    """What a disputed or unknown red line would do to the ratings if it were tripped, all else equal."""

    id: str
    status: RedLineStatus
    effect: RedLineEffect
    rating: Annotated[str | None, Field(description="overall rating if it tripped")]
    changes: Annotated[bool, Field(description="whether that differs from the stated rating")]
    pillar: Annotated[str, Field(description="id of the pillar of its criterion")]
    pillar_rating: Annotated[str | None, Field(description="rating of that pillar if it tripped")]
    pillar_changes: bool


class Bands(Frozen):
    """How often the rating of one case holds."""

    score: float | None
    rating: Annotated[str | None, Field(description="the stated rating, after red lines")]
    uncapped_rating: str | None
    draws: int
    seed: int
    drawing: Drawing
    inputs: Annotated[BandShares, Field(description="inputs drawn, declared weights")]
    weights: Annotated[BandShares, Field(description="weights drawn, best values")]
    both: Annotated[BandShares, Field(description="inputs and weights drawn together")]
    red_lines: tuple[IfTripped, ...]
    reason: Annotated[str | None, Field(description="why there is no overall score; null where there is one")]


def bands(case: Prepared, *, draws: int, seed: int, how: Drawing = DEFAULT) -> Bands:
    """Return how often the rating holds under drawn inputs, drawn weights and both.

    Weights are drawn for every node of the tree on its own. What does not apply or weighs 0 stays at 0. Raises
    UsageError for 0 draws, or conditions on weights that cannot hold together.
    """
    if draws < 1:
        raise UsageError(f"draws must be at least 1 (found {draws})")
    compiled = case.compiled
    weights = drawn_weights(case, how, draws, seed)
    values = drawn_values(case, how, draws, seed)
    uncapped, capped = overall_codes(case, case.scores.score[:, -1])
    stated = int(uncapped[0]), int(capped[0])
    return Bands(
        score=number(case.scores.score[0, -1]),
        rating=label(case, stated[1]),
        uncapped_rating=label(case, stated[0]),
        draws=draws,
        seed=seed,
        drawing=how,
        inputs=_shares(case, overall(case, values, declared(compiled)), stated),
        weights=_shares(case, overall(case, case.best, weights), stated),
        both=_shares(case, overall(case, values, weights), stated),
        red_lines=if_tripped(case),
        reason=no_score(case),
    )


def if_tripped(case: Prepared) -> tuple[IfTripped, ...]:
    """Return what each disputed or unknown red line would do if it were tripped beside those that are."""
    compiled = case.compiled
    pillar_of = {c.id: compiled.node[pillar.id] for pillar in case.rubric.pillars for c in pillar.all_criteria()}
    lines = np.maximum(np.eye(len(case.statuses)), case.tripped)
    scores = np.repeat(case.scores.score, len(lines) + 1, axis=0)
    codes = rate(compiled, scores, np.vstack([lines, case.tripped])).capped
    found = []
    for line, status, row in zip(case.rubric.red_lines, case.statuses, codes[:-1], strict=True):
        if status not in ("disputed", "unknown"):
            continue
        node = pillar_of[line.criterion]
        found.append(
            IfTripped(
                id=line.id,
                status=status,
                effect=line.effect,
                rating=label(case, int(row[-1])),
                changes=bool(row[-1] != codes[-1, -1]),
                pillar=compiled.nodes[node].id,
                pillar_rating=label(case, int(row[node])),
                pillar_changes=bool(row[node] != codes[-1, node]),
            )
        )
    return tuple(found)


def _shares(case: Prepared, scores: Floats, stated: tuple[int, int]) -> BandShares:
    """Count the ratings of drawn overall scores (n,) beside the stated codes before and after red lines."""
    before, after = overall_codes(case, scores)
    shares, uncapped = _counts(case, after), _counts(case, before)
    changed = [
        None if code == NO_RATING else float((codes != code).mean())
        for code, codes in zip(stated, (before, after), strict=True)
    ]
    unrated = float((after == NO_RATING).mean())
    every = np.array([*shares.values(), *uncapped.values(), unrated, *(c for c in changed if c is not None)])
    return BandShares(
        shares=shares,
        uncapped=uncapped,
        unrated=unrated,
        changed=changed[1],
        changed_uncapped=changed[0],
        standard_error=float(np.sqrt(every * (1.0 - every) / len(scores)).max()),
    )


def _counts(case: Prepared, codes: Codes) -> dict[str, float]:
    """Return the share of codes by rating, best first; "Do not proceed" only where it occurs."""
    names = labels(case)
    counts = np.bincount(codes[codes != NO_RATING], minlength=len(names)) / len(codes)
    return {name: float(share) for name, share in zip(names, counts, strict=True) if share or name in names[:-1]}
