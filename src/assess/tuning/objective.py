"""Weights from the spread of a table alone: a check on stated weights, never a default.

They say which columns tell the cases at hand apart, not what matters. A criterion on which all allies are excellent
gets no weight here, however much it matters. Every case that is added changes them.

All functions take values of shape (n, m), n cases by m items, higher being better, and return the weights of the m
items. Cases with a gap (NaN) are left out, which is said; a column that does not vary has weight 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats
from assess.tuning.elicited import Elicited, Remark, by_name, check_names

LEAST = 3
"""Cases needed: the spread of two says nothing but which is larger."""

STILL = 1e-9
"""A column whose values differ by less, for its size, does not vary: rounding only."""

TIED = 1e-6
"""Two components whose variances, in units of one column, differ by no more than this tie."""


def equal(names: Sequence[str], values: Floats) -> Elicited:
    """Return 1/m for each item, whatever the values."""
    check_names(names)
    return Elicited("equal", by_name(names, np.full(len(names), 1.0 / len(names))))


def entropy(names: Sequence[str], values: Floats) -> Elicited:
    """Return (1 - e_j) / sum of (1 - e_k), with e_j = -(1 / ln n) sum of p_ij ln p_ij and p_ij = x_ij / sum of x_j.

    Shannon 1948, Bell System Technical Journal 27; Zeleny 1982, Multiple Criteria Decision Making. Raises UsageError
    for a value below 0: shares of a sum need none.
    """
    kept = _complete(names, values)
    moving = _moving(names, kept)
    below = [name for name, column in zip(names, kept.T, strict=True) if (column < 0).any()]
    if below:
        raise UsageError(f"entropy weights need values of 0 or more; {', '.join(below)} has values below 0")
    shares = kept[:, moving] / kept[:, moving].sum(axis=0)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    spread = 1.0 + (shares * logs).sum(axis=0) / np.log(len(kept))
    return _found("entropy (Shannon 1948; Zeleny 1982)", names, values, moving, spread)


def critic(names: Sequence[str], values: Floats) -> Elicited:
    """Return s_j x sum over k of (1 - r_jk), made to sum to 1: spread times conflict with the other columns.

    Diakoulaki, Mavrotas & Papayannakis 1995, Computers & Operations Research 22(7). As published, each column is first
    stretched to 0-1 over the cases; s is the standard deviation then, r the correlation. A column that does not vary
    stands in no correlation. Raises UsageError where all columns that vary agree fully.
    """
    kept = _complete(names, values)
    moving = _moving(names, kept)
    columns = kept[:, moving]
    stretched = (columns - columns.min(axis=0)) / np.ptp(columns, axis=0)
    conflict = (1.0 - _correlation(columns)).sum(axis=0)
    spread = stretched.std(axis=0, ddof=1) * conflict
    if spread.sum() <= STILL:
        raise UsageError("the columns that vary agree fully, so none is in conflict and CRITIC gives no weights")
    return _found("CRITIC (Diakoulaki et al. 1995)", names, values, moving, spread)


def standard_deviation(names: Sequence[str], values: Floats) -> Elicited:
    """Return s_j / sum of s_k, of the values as they are: on a common scale of 0-100 nothing needs stretching."""
    kept = _complete(names, values)
    moving = _moving(names, kept)
    return _found("standard deviation", names, values, moving, kept[:, moving].std(axis=0, ddof=1))


def first_component(values: Floats) -> tuple[Floats, float]:
    """Return the loadings (m,) of the first principal component of the correlations, and its share of variance 0-1.

    values: shape (n, m), complete, every column varying. The loadings have length 1 and a sum of 0 or more (Pearson
    1901, Philosophical Magazine 2(11); Hotelling 1933, Journal of Educational Psychology 24(6)). Raises UsageError
    where two components tie for the first place: their directions are arbitrary then.
    """
    sizes, directions = np.linalg.eigh(_correlation(values))
    if len(sizes) > 1 and sizes[-1] - sizes[-2] <= TIED:
        raise UsageError("the first two components explain the same, so there is no first one and PCA gives no weights")
    first = directions[:, -1]
    return (-first if first.sum() < 0 else first), float(sizes[-1] / sizes.sum())


def principal_component(names: Sequence[str], values: Floats) -> Elicited:
    """Return the loadings of the first principal component, made to sum to 1.

    Raises UsageError for a negative loading, naming the column: more of it would lower the score, which no weight may.
    """
    kept = _complete(names, values)
    moving = _moving(names, kept)
    loadings, explained = first_component(kept[:, moving])
    against = [
        f"{names[int(index)]} ({loading:.3f})"
        for index, loading in zip(moving, loadings, strict=True)
        if loading < -STILL
    ]
    if against:
        raise UsageError(
            f"negative loading on the first component: {', '.join(against)}; as a weight it would let a higher value "
            f"lower the score, so PCA gives no weights here"
        )
    found = _found("PCA, loadings of the first component", names, values, moving, np.maximum(loadings, 0.0))
    share = Remark("variance explained", explained, "share of the first component")
    return Elicited(found.method, found.weights, diagnostics=(*found.diagnostics, share))


METHODS: Mapping[str, Callable[[Sequence[str], Floats], Elicited]] = {
    "Equal": equal,
    "Entropy": entropy,
    "CRITIC": critic,
    "Standard deviation": standard_deviation,
    "PCA": principal_component,
}
"""Every method by the name people know it under."""


def _complete(names: Sequence[str], values: Floats) -> Floats:
    """Return the cases without a gap. Raises UsageError where too few are left or a number is infinite."""
    check_names(names)
    if values.ndim != 2 or values.shape[1] != len(names):
        raise UsageError(f"the table must have {len(names)} columns (found {values.shape})")
    if np.isinf(values).any():
        infinite = [name for name, column in zip(names, values.T, strict=True) if np.isinf(column).any()]
        raise UsageError(f"infinite values in {', '.join(infinite)}; give finite numbers")
    kept = values[~np.isnan(values).any(axis=1)]
    if len(kept) < LEAST:
        gaps = [name for name, column in zip(names, values.T, strict=True) if np.isnan(column).any()]
        where = f"; gaps are in {', '.join(gaps)}" if gaps else ""
        raise UsageError(f"weights from spread need {LEAST} cases without a gap (found {len(kept)}{where})")
    return kept


def _moving(names: Sequence[str], kept: Floats) -> list[int]:
    """Return the columns that vary. Raises UsageError where none does."""
    size = np.maximum(np.abs(kept).max(axis=0), 1.0)
    moving = [int(index) for index in np.flatnonzero(np.ptp(kept, axis=0) > STILL * size)]
    if not moving:
        raise UsageError(f"nothing varies over these {len(kept)} cases, so their spread gives no weights")
    return moving


def _correlation(values: Floats) -> Floats:
    """Return the correlations (m, m) of columns that vary."""
    centred = values - values.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=0)
    return np.asarray(np.clip(unit.T @ unit, -1.0, 1.0), dtype=np.float64)


def _found(method: str, names: Sequence[str], values: Floats, moving: Sequence[int], parts: Floats) -> Elicited:
    weights = np.zeros(len(names))
    weights[list(moving)] = np.maximum(parts, 0.0) / np.maximum(parts, 0.0).sum()
    remarks = []
    gaps = int(np.isnan(values).any(axis=1).sum())
    if gaps:
        remarks.append(Remark("left out", float(gaps), f"{gaps} of {len(values)} cases have a gap", warning=True))
    if len(values) - gaps <= len(names):
        text = f"{len(values) - gaps} cases for {len(names)} items: the weights hang on single cases"
        remarks.append(Remark("few cases", float(len(values) - gaps), text, warning=True))
    still = [name for index, name in enumerate(names) if index not in moving]
    if still:
        text = f"{', '.join(still)} does not vary over these cases and has weight 0"
        remarks.append(Remark("constant", float(len(still)), text, warning=True))
    return Elicited(method, by_name(names, weights), diagnostics=tuple(remarks))
