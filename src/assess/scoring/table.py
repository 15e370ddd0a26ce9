"""Score a table: one row a partnership, one column a criterion. The same kernel as for a single case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assess.documents.errors import UsageError
from assess.documents.fields import PartnershipType
from assess.documents.validation import nearest
from assess.rubric.measures import Floats
from assess.rubric.models import DO_NOT_PROCEED, Checklist, Ordinal, Rubric
from assess.scoring.compiled import compile_rubric
from assess.scoring.kernel import TableResult, score_raw

if TYPE_CHECKING:
    import pandas as pd

RED_LINE_PREFIX = "red_line:"
SPAN_TOP = {Ordinal: 4.0, Checklist: 100.0}
"""Upper end of what a column may hold, from 0; a quantitative column may hold any finite number."""


def score_table(frame: pd.DataFrame, rubric: Rubric) -> pd.DataFrame:
    """Return scores, bounds, coverage and ratings for a table of partnerships.

    Columns of `frame`: one per criterion id (levels 0-4, numbers in the criterion's unit, or percentages of
    checklist items met; NaN where there is no observation; a criterion without a column is missing everywhere),
    `type` (a type of partnership; without it every criterion applies and the rubric's own pillar weights hold), and
    `red_line:<id>` (true where tripped). Other columns are left alone.

    The result has the same index and, for `overall` and every pillar id, the columns `<id>` (score, NaN where there
    is none), `<id>:low` and `<id>:high` (bounds with everything missing at 0 and at 100), `<id>:coverage` (0-1),
    `<id>:rating` and `<id>:uncapped_rating` (categories; missing where there is no rating).
    Raises `UsageError` for a table that does not fit, with the rows concerned.
    """
    import pandas as pd

    criteria = list(rubric.all_criteria())
    known = [criterion.id for criterion in criteria]
    present = [name for name in known if name in frame.columns]
    if not present:
        raise UsageError(
            f"the table has no column named after a criterion of {rubric.id}; expected some of: {', '.join(known)}"
        )
    _check_red_lines(frame, rubric)
    raw = np.full((len(frame), len(known)), np.nan)
    for name in present:
        try:
            raw[:, known.index(name)] = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        except (TypeError, ValueError):
            raise UsageError(
                f"column '{name}' is not numeric; convert it, with empty cells where nothing is known"
            ) from None
    _check_range(frame, raw, rubric)
    tripped = np.zeros((len(frame), len(rubric.red_lines)), dtype=bool)
    for index, line in enumerate(rubric.red_lines):
        if RED_LINE_PREFIX + line.id in frame.columns:
            tripped[:, index] = _true_or_false(frame[RED_LINE_PREFIX + line.id])

    kinds = frame["type"] if "type" in frame.columns else pd.Series(None, index=frame.index, dtype=object)
    parts = [(_type(kind), (kinds == kind).to_numpy()) for kind in kinds.dropna().unique()]
    untyped = kinds.isna().to_numpy()
    if untyped.any() or not parts:
        parts.append((None, untyped))
    return _frame(score_by_type(rubric, raw, tripped, parts), node_names(rubric), rubric, frame)


def node_names(rubric: Rubric) -> list[str]:
    """Return the names of the scored nodes in the order of the kernel: every pillar's id, then `overall`."""
    return [*(pillar.id for pillar in rubric.all_pillars()), "overall"]


def score_by_type(
    rubric: Rubric,
    raw: Floats,
    tripped: NDArray[np.bool_] | None,
    parts: Sequence[tuple[PartnershipType | None, NDArray[np.bool_]]],
) -> dict[str, NDArray[Any]]:
    """Score a table whose rows differ in type.

    raw: shape (n, m) as `score_raw` takes it. tripped: shape (n, r), or None where no red line is tripped.
    parts: each type with the rows (n,) that have it; together they are all rows.
    Returns arrays of shape (n, p + 1): `score`, `low`, `high`, `coverage`, and the bands `capped` and `uncapped`.
    """
    result: dict[str, NDArray[Any]] = {}
    for kind, rows in parts:
        every = bool(rows.all())
        part = _columns(
            score_raw(
                compile_rubric(rubric, kind),
                raw if every else raw[rows],
                tripped if every or tripped is None else tripped[rows],
            )
        )
        if every:
            return part
        for name, values in part.items():
            result.setdefault(name, np.empty((len(raw), values.shape[1]), values.dtype))[rows] = values
    return result


def _true_or_false(column: pd.Series[Any]) -> NDArray[np.bool_]:
    """Return a red-line column as truth values, empty cells as false; text is refused, for 'False' is not false."""
    values = column.dropna()
    bad = values[[not (isinstance(value, (bool, np.bool_)) or value in (0, 1)) for value in values]]
    if len(bad):
        rows = ", ".join(str(label) for label in bad.index[:5])
        raise UsageError(f"column '{column.name}' must be true or false; {len(bad)} rows are not (first: {rows})")
    filled: NDArray[np.bool_] = np.zeros(len(column), dtype=bool)
    filled[column.notna().to_numpy()] = values.astype(bool).to_numpy()
    return filled


def _columns(part: TableResult) -> dict[str, NDArray[Any]]:
    return {
        "score": part.scores.score,
        "low": part.scores.low,
        "high": part.scores.high,
        "coverage": part.scores.coverage,
        "capped": part.ratings.capped,
        "uncapped": part.ratings.uncapped,
    }


def _frame(result: dict[str, NDArray[Any]], names: list[str], rubric: Rubric, frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    labels = [band.label for band in rubric.bands] + [DO_NOT_PROCEED]
    columns: dict[str, Any] = {}
    for place in (len(names) - 1, *range(len(names) - 1)):
        name = names[place]
        columns[name] = result["score"][:, place]
        columns[f"{name}:low"], columns[f"{name}:high"] = result["low"][:, place], result["high"][:, place]
        columns[f"{name}:coverage"] = result["coverage"][:, place]
        for suffix, source in (("rating", "capped"), ("uncapped_rating", "uncapped")):
            codes: NDArray[np.int8] = result[source][:, place].astype(np.int8)
            columns[f"{name}:{suffix}"] = pd.Categorical.from_codes(codes, categories=pd.Index(labels))
    return pd.DataFrame(columns, index=frame.index)


def _type(kind: Any) -> PartnershipType | None:
    from typing import get_args

    if kind is None:
        return None
    known = get_args(PartnershipType)
    if kind not in known:
        raise UsageError(f"column 'type' holds {kind!r}; {nearest(kind, known)}")
    found: PartnershipType = kind
    return found


def _check_red_lines(frame: pd.DataFrame, rubric: Rubric) -> None:
    known = [line.id for line in rubric.red_lines]
    for column in frame.columns:
        name = str(column).removeprefix(RED_LINE_PREFIX)
        if str(column).startswith(RED_LINE_PREFIX) and name not in known:
            raise UsageError(f"column '{column}': unknown red line '{name}'; {nearest(name, known)}")


def _check_range(frame: pd.DataFrame, raw: Floats, rubric: Rubric) -> None:
    for column, criterion in enumerate(rubric.all_criteria()):
        values = raw[:, column]
        top = SPAN_TOP.get(type(criterion.measure))
        bad = np.isinf(values) if top is None else (values < 0) | (values > top)
        if bad.any():
            rows = ", ".join(str(label) for label in frame.index[bad][:5])
            span = "a finite number" if top is None else f"0 to {top:g}"
            raise UsageError(f"column '{criterion.id}' must be {span}; {int(bad.sum())} rows are not (first: {rows})")
