"""The past alliances most like a case: nearest in the rubric's own values, with what became of them.

The distance is Gower's (1971, Biometrics 27, 857-871): the weighted mean, over the facts known of both, of the
distance of their values on the rubric's fixed scale 0-100. It changes with no other row of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from assess.documents.errors import UsageError
from assess.documents.fields import Frozen
from assess.rubric.models import Rubric
from assess.scoring.compiled import compile_rubric

if TYPE_CHECKING:
    import pandas as pd

MOST = 10
"""Precedents shown."""
NEEDED = ("atopid", "begyr", "members", "y_term")
ENDS = {0: "no end known by 2018", 1: "ended as agreed", 2: "ended in violation", 3: "ended by a new agreement"}
"""Words for the codes of ATOP TERM."""


class Precedent(Frozen):
    """One past alliance: how far from the case, and what became of it."""

    id: str
    members: str
    begun: int
    distance: float
    """0 alike on every shared fact, 100 opposite on each."""
    shared: int
    """Facts known of both."""
    end: str


class Precedents(Frozen):
    """The nearest past alliances to a case, nearest first."""

    assessment: dict[str, str]
    """Seal of the Assessment they belong to."""
    table: str
    rows: int
    """Alliances of the table that share enough facts with the case."""
    left_out: int
    """Alliances that share too few."""
    found: tuple[Precedent, ...]


def precedents(
    values: Mapping[str, float | None],
    weights: Mapping[str, float],
    rubric: Rubric,
    frame: pd.DataFrame,
    *,
    assessment: Mapping[str, str],
    table: str,
) -> Precedents:
    """Return the nearest alliances of a formation table to a case.

    values: 0-100 by criterion id, None where the case has none. weights: of the criteria in the whole, by id.
    frame: the table of `assess import atop` with the outcome `term`. An alliance must share facts that carry at least
    the weight under which the rubric gives no score. Raises UsageError for a table that does not fit, and for a case
    that knows too little.
    """
    lacking = [name for name in NEEDED if name not in frame]
    if lacking:
        raise UsageError(
            f"{table}: no column {', '.join(lacking)}; make the table with 'assess import atop ... --outcome term'"
        )
    compiled = compile_rubric(rubric, None)
    names = [name for name in compiled.criterion_ids if name in frame]
    if not names:
        raise UsageError(
            f"{table}: it has none of the facts of {rubric.id}; precedents are for cases scored with "
            "alliance-durability or alliance-reliability"
        )
    raw = np.full((len(frame), len(compiled.criteria)), np.nan)
    raw[:, [compiled.column[name] for name in names]] = frame[names].to_numpy(dtype=np.float64, na_value=np.nan)
    theirs = compiled.scale.values(raw).with_nan()
    ours = np.array(
        [np.nan if values.get(name) is None else values[name] for name in compiled.criterion_ids], dtype=float
    )
    weight = np.array([weights.get(name, 0.0) for name in compiled.criterion_ids])
    shared = ~np.isnan(theirs) & ~np.isnan(ours) & (weight > 0)
    known = shared @ weight
    enough = known >= weight.sum() * rubric.coverage.insufficient_below / 100 - 1e-9
    enough &= known > 0
    if not enough.any():
        raise UsageError(
            f"the case knows too few facts of {rubric.id} to be compared: no alliance shares "
            f"{rubric.coverage.insufficient_below:g} per cent of the weight with it"
        )
    apart = np.where(shared, np.abs(theirs - np.where(np.isnan(ours), 0.0, ours)), 0.0) @ weight
    distance = np.where(enough, apart / np.where(enough, known, 1.0), np.inf)
    order = np.lexsort((frame["atopid"].to_numpy(), distance))[: min(MOST, int(enough.sum()))]
    return Precedents.model_construct(
        assessment=dict(assessment),
        table=table,
        rows=int(enough.sum()),
        left_out=int((~enough).sum()),
        found=tuple(
            Precedent(
                id=str(frame["atopid"].iloc[place]),
                members=str(frame["members"].iloc[place]),
                begun=int(frame["begyr"].iloc[place]),
                distance=float(distance[place]),
                shared=int(shared[place].sum()),
                end=ENDS.get(frame["y_term"].iloc[place], "not coded"),
            )
            for place in order
        ),
    )
