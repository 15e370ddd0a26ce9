"""Weights from comparisons in pairs (the analytic hierarchy process), complete or not, and how consistent they are.

A matrix A of n items holds at [i, j] how many times item i matters as much as item j; A[j, i] = 1 / A[i, j]. A pair
that nobody judged is NaN. The consistency ratio is that of the judgements, so it is the same for every way of
taking weights from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite, isnan

import numpy as np
from numpy.typing import NDArray

from assess.documents.errors import UsageError
from assess.documents.validation import nearest
from assess.rubric.measures import Floats
from assess.tuning.elicited import Elicited, Remark, by_name, check_names, refuse, unknown

ACCEPTED = 0.1
"""Consistency ratio above which judgements should be looked at again (Saaty 1980)."""

EXACT = 1e-9
"""Consistency index below which there is nothing to mend: rounding only."""

SCALE = tuple(sorted({float(k) for k in range(1, 10)} | {1.0 / k for k in range(2, 10)}))
"""Saaty's scale: 1 to 9 and their reciprocals."""

MISMATCH = 1e-6
"""How far the product of two opposite judgements may lie from 1, so that 0.333333 still stands against 3."""

RANDOM_INDEX: Mapping[str, tuple[str, Sequence[float]]] = {
    "saaty_1980": (
        "random index of Saaty 1980, The Analytic Hierarchy Process",
        (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
    ),
    "saaty_2005": (
        "random index of Saaty 2005, Theory and Applications of the Analytic Network Process",
        (0, 0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
    ),
    "donegan_dodd": (
        "random index of Donegan & Dodd 1991, Mathematical and Computer Modelling 15(10)",
        (0, 0, 0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213, 1.4497, 1.4643, 1.4822, 1.4969),
    ),
}
"""Title and mean consistency index of random matrices for n = 1 to 15, by name of the table."""

METHODS = {
    "eigenvector": "AHP, principal eigenvector (Saaty 1980; incomplete: Harker 1987)",
    "geometric_mean": "AHP, geometric mean (Crawford & Williams 1985; incomplete: Bozoki, Fulop & Ronyai 2010)",
}


@dataclass(frozen=True)
class Mend:
    """The judgement to reconsider first."""

    first: str
    second: str
    said: float
    """How many times the first item was said to matter as much as the second."""
    implied: float
    """What all other judgements imply for this pair."""
    value: float
    """The implied number on the scale 1/9 to 9."""
    ratio: float
    """Consistency ratio with that value in place."""


def comparison_matrix(names: Sequence[str], comparisons: Iterable[tuple[str, str, float]]) -> Floats:
    """Return the matrix (n, n) of judgements "a matters `value` times as much as b"; NaN where there is none.

    Raises UsageError with everything wrong: unknown items, numbers not above 0, an item compared with itself off 1, a
    pair judged twice with numbers that do not agree, and items that no chain of comparisons connects.
    """
    check_names(names)
    judged = list(comparisons)
    problems = unknown((name for a, b, _ in judged for name in (a, b)), names)
    column = {name: index for index, name in enumerate(names)}
    matrix: Floats = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for a, b, value in judged:
        if a not in column or b not in column:
            continue
        i, j = column[a], column[b]
        if not isfinite(value) or value <= 0:
            problems.append(f"{a} over {b}: a comparison must be a number above 0 (found {value:g})")
        elif i == j:
            if abs(value - 1.0) > MISMATCH:
                problems.append(f"{a} compared with itself must be 1 (found {value:g})")
        elif not isnan(matrix[i, j]) and abs(matrix[i, j] / value - 1.0) > MISMATCH:
            problems.append(
                f"{a} over {b} is {matrix[i, j]:g} in one place and {value:g} in another; "
                f"opposite comparisons must be reciprocal: give the pair once"
            )
        elif isnan(matrix[i, j]) or value >= 1.0:  # of 3 and 0.333333 the 3 is meant
            matrix[i, j], matrix[j, i] = value, 1.0 / value
    refuse(problems or _apart(names, matrix))
    return matrix


def judged_matrix(names: Sequence[str], rows: Sequence[Sequence[float | None]]) -> Floats:
    """Return the matrix for rows (n, n) of numbers, None or NaN where there is no judgement.

    One triangle is enough: the other follows. Raises UsageError as `comparison_matrix` does, and for rows that are
    not n times n.
    """
    if len(rows) != len(names) or any(len(row) != len(names) for row in rows):
        sizes = f"{len(rows)} rows of {', '.join(sorted({str(len(row)) for row in rows})) or 'no'} numbers"
        raise UsageError(f"the matrix must have {len(names)} rows of {len(names)} numbers (found {sizes})")
    return comparison_matrix(
        names,
        [
            (a, b, float(value))
            for a, row in zip(names, rows, strict=True)
            for b, value in zip(names, row, strict=True)
            if value is not None and not isnan(value)
        ],
    )


def eigenvector(matrix: Floats) -> tuple[Floats, float]:
    """Return the principal eigenvector of a matrix, shape (n,), sum 1, and its eigenvalue.

    Saaty 1980. Incomplete (Harker 1987, Mathematical Modelling 9(11)): a missing number counts as w_i / w_j, so it is
    set to 0 and the diagonal to 1 + the number of gaps in the row.
    """
    gaps = np.isnan(matrix)
    filled = np.where(gaps, 0.0, matrix) + np.diag(gaps.sum(axis=1).astype(np.float64))
    values, vectors = np.linalg.eig(filled)
    largest = int(np.argmax(values.real))
    weights = np.abs(vectors[:, largest].real)
    return np.asarray(weights / weights.sum(), dtype=np.float64), float(values[largest].real)


def geometric_mean(matrix: Floats) -> Floats:
    """Return the weights of least logarithmic squares, shape (n,), sum 1.

    Complete: the geometric mean of each row (Crawford & Williams 1985, Journal of Mathematical Psychology 29(4)).
    Incomplete: the solution of the Laplacian of the graph of judgements (Bozoki, Fulop & Ronyai 2010, Mathematical
    and Computer Modelling 52(1-2)); of the complete graph it is that mean.
    """
    known = ~np.isnan(matrix)
    logs = np.where(known, np.log(np.where(known, matrix, 1.0)), 0.0)
    laplacian = np.diag(known.sum(axis=1).astype(np.float64)) - known
    heights = np.linalg.lstsq(laplacian, logs.sum(axis=1), rcond=None)[0]
    weights = np.exp(heights - heights.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def consistency_index(matrix: Floats) -> float:
    """Return (lambda - n) / (n - 1), 0 for consistent judgements (Saaty 1980); lambda by Harker 1987 with gaps."""
    n = len(matrix)
    return max(0.0, (eigenvector(matrix)[1] - n) / (n - 1))


def random_index(n: int, gaps: int = 0, table: str = "saaty_1980") -> float | None:
    """Return the mean consistency index of random matrices of n items with some pairs missing.

    With gaps, (1 - 2 gaps / ((n - 1)(n - 2))) times that of the complete matrix (Ágoston & Csató 2022, Omega 108).
    None where there is none: n of 2, n above 15, or no judgement that checks another.
    """
    if table not in RANDOM_INDEX:
        raise UsageError(f"unknown table of random indices '{table}'; {nearest(table, RANDOM_INDEX)}")
    numbers = RANDOM_INDEX[table][1]
    if not 3 <= n <= len(numbers):
        return None
    spare = (n - 1) * (n - 2) - 2 * gaps
    return numbers[n - 1] * spare / ((n - 1) * (n - 2)) if spare > 0 else None


def consistency_ratio(matrix: Floats, table: str = "saaty_1980") -> float | None:
    """Return the consistency index over the random index; None where there is no random index."""
    index = random_index(len(matrix), _gaps(matrix), table)
    return None if index is None else consistency_index(matrix) / index


def reconsider(names: Sequence[str], matrix: Floats, table: str = "saaty_1980") -> Mend | None:
    """Return the judgement whose change mends most: of all pairs the one that leaves the smallest ratio.

    Each pair in turn is left out, what the others imply for it is found (Harker 1987; Saaty 2003, European Journal of
    Operational Research 145(1)), put on the scale 1/9 to 9 and put in its place. None where nothing gets better, and
    for a pair without which the items fall apart.
    """
    index = random_index(len(matrix), _gaps(matrix), table)
    before = consistency_index(matrix)
    if index is None or before <= EXACT:
        return None
    best: Mend | None = None
    lowest = before * (1 - 1e-9)
    for i, j in combinations(range(len(matrix)), 2):
        if np.isnan(matrix[i, j]):
            continue
        changed = matrix.copy()
        changed[i, j] = changed[j, i] = np.nan
        if _components(changed).max() > 0:
            continue
        weights = eigenvector(changed)[0]
        implied = float(weights[i] / weights[j])
        value = min(SCALE, key=lambda step: abs(np.log(step / implied)))
        changed[i, j], changed[j, i] = value, 1.0 / value
        after = consistency_index(changed)
        if after < lowest:
            lowest = after
            best = Mend(names[i], names[j], float(matrix[i, j]), implied, value, after / index)
    return best


def ahp_weights(
    names: Sequence[str], matrix: Floats, method: str = "eigenvector", table: str = "saaty_1980"
) -> Elicited:
    """Return weights of a matrix of `comparison_matrix`, with its consistency and the judgement to reconsider first.

    method: a key of METHODS. table: a key of RANDOM_INDEX. Inconsistent judgements are accepted, with a warning above
    a ratio of 0.1.
    """
    if method not in METHODS:
        raise UsageError(f"unknown AHP method '{method}'; {nearest(method, METHODS)}")
    weights = eigenvector(matrix)[0] if method == "eigenvector" else geometric_mean(matrix)
    remarks = [*_consistency(matrix, table), *_mending(names, matrix, table)]
    upper = matrix[np.triu_indices(len(matrix), 1)]
    outside = (upper > SCALE[-1] + MISMATCH) | (upper < SCALE[0] - MISMATCH)
    if outside.any():
        text = f"{int(outside.sum())} judgements lie outside Saaty's scale of 1/9 to 9"
        remarks.append(Remark("scale", float(outside.sum()), text, warning=True))
    return Elicited(METHODS[method], by_name(names, weights), diagnostics=tuple(remarks))


def _consistency(matrix: Floats, table: str) -> list[Remark]:
    n, gaps = len(matrix), _gaps(matrix)
    remarks = []
    if gaps:
        pairs = n * (n - 1) // 2
        remarks.append(Remark("pairs judged", float(pairs - gaps), f"of {pairs}; the others follow from these"))
    remarks.append(Remark("consistency index", consistency_index(matrix), "(lambda - n) / (n - 1); 0 is consistent"))
    index = random_index(n, gaps, table)
    if index is None:
        reason = (
            f"none: the tables of random indices end at {len(RANDOM_INDEX[table][1])} items"
            if n > len(RANDOM_INDEX[table][1])
            else "none: no judgement checks another, so nothing can be inconsistent"
        )
        remarks.append(Remark("consistency ratio", None, reason))
        return remarks
    ratio = consistency_index(matrix) / index
    text = RANDOM_INDEX[table][0]
    if gaps:
        text += f", adjusted for {gaps} missing pair{'s' if gaps > 1 else ''} (Ágoston & Csató 2022)"
    if ratio > ACCEPTED:
        text += f"; above {ACCEPTED:g}: look at the judgements again"
    remarks.append(Remark("consistency ratio", ratio, text, warning=ratio > ACCEPTED))
    return remarks


def _mending(names: Sequence[str], matrix: Floats, table: str) -> list[Remark]:
    mend = reconsider(names, matrix, table)
    if mend is None:
        return []
    text = (
        f"{mend.first} over {mend.second}: {fraction(mend.said)} was said, the other judgements imply "
        f"{mend.implied:.2f}; with {fraction(mend.value)} the consistency ratio would be {mend.ratio:.3f}"
    )
    return [Remark("reconsider first", mend.value, text)]


def fraction(value: float) -> str:
    """Return a judgement as people write it: 1/3 rather than 0.333333."""
    inverse = 1.0 / value
    if value < 1 and abs(inverse - round(inverse)) < 1e-6 * inverse:
        return f"1/{round(inverse)}"
    return f"{value:g}"


def _gaps(matrix: Floats) -> int:
    return int(np.isnan(matrix).sum()) // 2


def _components(matrix: Floats) -> NDArray[np.intp]:
    """Return for each item the number of the part it hangs in, 0 for the first, shape (n,)."""
    n = len(matrix)
    reach = np.linalg.matrix_power((~np.isnan(matrix)).astype(np.float64), n) > 0
    firsts = reach.argmax(axis=1)
    return np.asarray(np.unique(firsts, return_inverse=True)[1], dtype=np.intp)


def _apart(names: Sequence[str], matrix: Floats) -> list[str]:
    part = _components(matrix)
    if part.max() == 0:
        return []
    members = [[name for name, own in zip(names, part, strict=True) if own == k] for k in range(part.max() + 1)]
    groups = ["{" + ", ".join(group) + "}" for group in members]
    return [f"no comparisons connect {' with '.join(groups)}; compare at least one item of each with another"]
