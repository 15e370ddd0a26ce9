"""Precedents: a table of past cases with readings and known outcomes, made ready to learn weights from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assess.documents.errors import UsageError
from assess.documents.fields import PartnershipType
from assess.documents.validation import nearest
from assess.robustness.weighted import Branch, branches
from assess.rubric.measures import Floats
from assess.rubric.models import Minimum, Owa, Rubric
from assess.scoring.compiled import CompiledRubric, compile_rubric
from assess.scoring.kernel import TOLERANCE, transform
from assess.scoring.table import RED_LINE_PREFIX, score_table
from assess.tuning.fitting import Kind, pairs_of

if TYPE_CHECKING:
    import pandas as pd

LEAST_ROWS = 20
"""Fewest precedents: with fewer, each of five folds would be judged on less than four."""

LEAST_OF_CLASS = 5
"""Fewest precedents of each class, and fewest groups: each of five folds must hold one."""

TELLS_ALL = 0.99
"""AUC of a single criterion from which it is suspected of knowing the outcome."""

# fmt: off
OUTCOME_NAMES = frozenset((
    "abrogated", "broken", "collapsed", "dissolved", "dur", "duration", "end", "endyr", "fate", "honored",
    "honoured", "ineffect", "label", "outcome", "result", "status", "survived", "target", "term", "terminated",
    "termination", "violated", "violation",
))
# fmt: on
"""Column names that stand for how a case ended."""

OUTCOME_PATTERN = re.compile(
    r"(y|outcome|label|target|result|fate)[_.:-].*"
    r"|end(ed|ing|year|yr|date|mo|month|day)?([_.:-].*|\d*)"
    r"|term(inated?|ination)?([_.:-](year|yr|cause|mode|date|type))?\d*"
    r"|.*[_.:-](outcome|result|ended|end|endyr|broken|violated|violation|honou?red|terminated|termination|survived)"
)
"""Column names that stand for how a case ended, as a pattern over the whole name in small letters."""


@dataclass(frozen=True, eq=False)
class Precedents:
    """Past cases as values with outcomes; n rows, m criteria of the rubric."""

    compiled: CompiledRubric
    kind: Kind
    values: Floats
    """Shape (n, m), 0-100; 0 in the columns that are not learned from."""
    learned: NDArray[np.bool_]
    """Shape (m,), the criteria that are learned from."""
    outcome: Floats
    """Shape (n,), higher is better; places of a ranking are turned round."""
    groups: NDArray[np.intp] | None
    """Shape (n,), numbers of groups from 0; None where no column was named."""
    time: Floats | None
    """Shape (n,)."""
    filled: int
    """Readings that were missing in the rows used."""
    left_out: Mapping[str, int]
    """Rows left out, by reason."""
    ignored: tuple[str, ...]
    """Columns of the table that were not used."""
    warnings: tuple[str, ...]

    def criteria(self) -> tuple[str, ...]:
        """Return the ids of the criteria learned from."""
        return tuple(name for name, used in zip(self.compiled.criterion_ids, self.learned, strict=True) if used)


def read_table(path: Path) -> pd.DataFrame:
    """Return a table from CSV or Parquet, told by the suffix; raises `UsageError` for what cannot be read."""
    import pandas as pd

    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise UsageError(f"{path}: the suffix must be .csv or .parquet")
    try:
        frame = pd.read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    except ImportError:
        raise UsageError("reading Parquet needs pyarrow; install assess-partnerships[history]") from None
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8; save the table as CSV in UTF-8") from None
    except pd.errors.EmptyDataError:
        raise UsageError(f"{path}:1:1: the table is empty; begin it with a row of column names") from None
    except ValueError as error:  # pandas: ragged text; pyarrow: no Parquet
        raise UsageError(f"{path}: not a {suffix[1:]} table: {str(error).splitlines()[0]}") from None
    return frame


def outcome_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return those names that stand for how a case ended; they may be outcomes, never criteria to learn from."""
    return tuple(
        name for name in names if name.lower() in OUTCOME_NAMES or OUTCOME_PATTERN.fullmatch(name.lower()) is not None
    )


def read_precedents(
    frame: pd.DataFrame,
    rubric: Rubric,
    outcome: str,
    *,
    kind: Kind = "labels",
    group: str | None = None,
    time: str | None = None,
    partnership_type: PartnershipType | None = None,
) -> Precedents:
    """Return the precedents of a table.

    Columns: one per criterion id, read as `score_table` reads them; `outcome`; `group` and `time` where named; and
    `type`, of which one is used at a time. For labels and classes a higher outcome is better; for pairs it is
    preferred inside its group; for a ranking it is the place, 1 the best.
    Missing: a row without an outcome, or with a pillar under the rubric's coverage, is left out. A missing reading
    otherwise leaves both sums, as in the kernel: it is filled with the weighted mean of the row's other readings in
    its pillar at the current weights, which gives the same score.
    Raises `UsageError` with every reason for which the table cannot be learned from.
    """
    roles = {"outcome": outcome, "group": group, "time": time}
    _check_columns(frame, rubric, {role: name for role, name in roles.items() if name is not None}, kind)
    frame, found, left_out = _of_type(frame, partnership_type)
    compiled = compile_rubric(rubric, found)
    _check_methods(compiled)
    present = [name for name in compiled.criterion_ids if name in frame.columns]
    score_table(frame[present], rubric)  # refuses what does not fit the criteria's scales
    numbers, places = _numbers(frame, outcome, "the outcome"), frame.index
    kept = ~np.isnan(numbers)
    left_out |= {"no outcome": int((~kept).sum())}
    raw = np.full((len(frame), len(compiled.criteria)), np.nan)
    raw[:, [compiled.column[name] for name in present]] = frame[present].to_numpy(dtype=np.float64, na_value=np.nan)
    values = compiled.scale.values(raw).with_nan().copy()
    learned = np.array([c.id in present and c.types.get(found, 1.0) > 0 if found else c.id in present
                        for c in compiled.criteria])  # fmt: skip
    covered = _covered(compiled, values, learned)
    left_out["too few readings"] = int((kept & ~covered).sum())
    kept &= covered
    if group is not None and frame[group].isna().to_numpy()[kept].any():
        raise UsageError(f"column '{group}' has empty cells (first: row {places[kept & frame[group].isna()][0]}); "
                         "every precedent needs its group")  # fmt: skip
    moment = None if time is None else _numbers(frame, time, "time")[kept]
    if moment is not None and np.isnan(moment).any():
        raise UsageError(f"column '{time}' has empty cells; every precedent needs its time")
    codes = None
    if group is not None:
        codes = np.unique(frame[group][kept].astype(str).to_numpy(dtype=object), return_inverse=True)[1].astype(np.intp)
    numbers = -numbers[kept] if kind == "ranking" else numbers[kept]
    missing = np.isnan(values[kept]) & learned
    _check_enough(values[kept], learned, compiled.criterion_ids, numbers, kind, codes)
    values = _filled(compiled, values[kept], learned)
    roles_used = {name for name in roles.values() if name is not None} | {"type"}
    ignored = tuple(
        str(name) for name in frame.columns if name not in roles_used and str(name) not in compiled.criterion_ids
    )
    return Precedents(
        compiled=compiled,
        kind=kind,
        values=values,
        learned=learned,
        outcome=numbers,
        groups=codes,
        time=moment,
        filled=int(missing.sum()),
        left_out={reason: rows for reason, rows in left_out.items() if rows},
        ignored=ignored,
        warnings=_suspicions(compiled, values, learned, numbers, kind),
    )


def _check_columns(frame: pd.DataFrame, rubric: Rubric, roles: Mapping[str, str], kind: Kind) -> None:
    """Raise `UsageError` with everything wrong about the columns' names."""
    criteria = [criterion.id for criterion in rubric.all_criteria()]
    columns = [str(name) for name in frame.columns]
    problems = [
        f"there is no column '{name}' for --{role}; {nearest(name, columns)}"
        for role, name in roles.items()
        if name not in columns
    ]
    problems += [
        f"--{role} {name} is a criterion of {rubric.id}; what is to be explained cannot explain itself"
        for role, name in roles.items()
        if name in criteria
    ]
    if kind == "pairs" and "group" not in roles:
        problems.append("preferences need --group: a column that says which rows were compared with each other")
    twice = sorted({name for name in columns if columns.count(name) > 1})
    problems += [f"column '{name}' stands twice in the table; keep one" for name in twice]
    used = [name for name in columns if name in criteria and name not in roles.values()]
    problems += [
        f"column '{name}' is named as an outcome: it would tell the answer; drop it, or rename the criterion"
        for name in outcome_columns(used)
    ]
    if not used:
        problems.append(
            f"the table has no column named after a criterion of {rubric.id}; expected some of: {', '.join(criteria)}"
        )
    elif len(used) == 1:
        problems.append(f"'{used[0]}' is the only criterion in the table; weights need at least two")
    import difflib

    for name in columns:
        if name in criteria or name in roles.values() or name.startswith(RED_LINE_PREFIX):
            continue
        close = difflib.get_close_matches(name, criteria, n=1, cutoff=0.85)
        if close:
            problems.append(f"column '{name}' is no criterion of {rubric.id}; did you mean '{close[0]}'?")
    if problems:
        raise UsageError("\n".join(problems))


def _of_type(
    frame: pd.DataFrame, wanted: PartnershipType | None
) -> tuple[pd.DataFrame, PartnershipType | None, dict[str, int]]:
    """Return the rows of one type of partnership, that type, and the number of rows left out."""
    if "type" not in frame.columns:
        return frame, wanted, {}
    kinds = [str(kind) for kind in frame["type"].dropna().unique()]
    if wanted is None and len(kinds) > 1:
        raise UsageError(f"the table holds several types ({', '.join(sorted(kinds))}); choose one with --type")
    if wanted is None and not kinds:
        return frame, None, {}
    from typing import get_args

    known = get_args(PartnershipType)
    kind: Any = wanted or kinds[0]
    if kind not in known:
        raise UsageError(f"column 'type' holds {kind!r}; {nearest(kind, known)}")
    rows = (frame["type"] == kind).to_numpy()
    return frame[rows], kind, {"of another type": int((~rows).sum())}


def _check_methods(compiled: CompiledRubric) -> None:
    for branch in branches(compiled):
        if isinstance(branch.method, (Minimum, Owa)):
            raise UsageError(
                f"'{branch.id}' combines by {branch.method.method}, whose weights cannot be learned here; "
                "use an arithmetic, geometric or power mean"
            )


def _numbers(frame: pd.DataFrame, name: str, what: str) -> Floats:
    try:
        numbers: Floats = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise UsageError(f"column '{name}' is not numeric; write {what} as numbers") from None
    if np.isinf(numbers).any():
        raise UsageError(f"column '{name}' holds infinite numbers; write {what} as finite numbers")
    return numbers


def _tops(compiled: CompiledRubric) -> list[NDArray[np.intp]]:
    """Return the columns of the criteria below each pillar that stands directly below the root."""
    return [
        np.array([compiled.column[c.id] for c in pillar.all_criteria()], dtype=np.intp)
        for pillar in compiled.rubric.pillars
    ]


def _covered(compiled: CompiledRubric, values: Floats, learned: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which rows have enough readings in every pillar, out of the criteria that the table has."""
    needed = compiled.rubric.coverage.insufficient_below / 100.0
    enough = np.ones(len(values), dtype=bool)
    for column, below in zip(compiled.top, _tops(compiled), strict=True):
        weight = compiled.leaf_share[below, column] * learned[below]
        if weight.sum() > 0:
            seen = (~np.isnan(values[:, below])) @ weight / weight.sum()
            enough &= (seen >= needed - TOLERANCE) & (seen > 0)
    return enough


def _filled(compiled: CompiledRubric, values: Floats, learned: NDArray[np.bool_]) -> Floats:
    """Return values without gaps: each is the mean, at the current weights, of what the row has in its pillar.

    Where a nested pillar has nothing, the mean of the pillar around it, and so on up.
    """
    result = np.where(learned, values, np.nan)
    parents = branches(compiled)
    outer: dict[int, Branch] = {int(child): branch for branch in parents for child in branch.inner}
    below = {len(compiled.nodes): np.arange(len(compiled.criteria), dtype=np.intp)}
    below |= {
        compiled.node[pillar.id]: np.array([compiled.column[c.id] for c in pillar.all_criteria()], dtype=np.intp)
        for pillar in compiled.nodes
    }
    for branch in parents:
        gaps = np.isnan(result[:, branch.leaves]) & learned[branch.leaves]
        around: Branch | None = branch
        while gaps.any() and around is not None and around.node < len(compiled.nodes):
            columns = below[around.node]
            # The pillar's own criteria first: what stands deeper counts only where they are all missing.
            columns = around.leaves if around is branch else columns
            into, back = transform(around.method)  # type: ignore[arg-type]
            weight = compiled.leaf_share[columns, around.node] * learned[columns] * ~np.isnan(values[:, columns])
            total = weight.sum(axis=1)
            mean = back((weight * np.nan_to_num(into(np.nan_to_num(values[:, columns])))).sum(axis=1)
                        / np.where(total > 0, total, 1.0))  # fmt: skip
            usable = gaps & (total > 0)[:, None]
            part = result[:, branch.leaves]
            part[usable] = np.broadcast_to(mean[:, None], gaps.shape)[usable]
            result[:, branch.leaves] = part
            gaps = np.isnan(part) & learned[branch.leaves]
            around = outer.get(around.node)
    return np.where(learned, result, 0.0)


def _check_enough(
    values: Floats,
    learned: NDArray[np.bool_],
    names: Sequence[str],
    outcome: Floats,
    kind: Kind,
    groups: NDArray[np.intp] | None,
) -> None:
    """Raise `UsageError` with every reason for which these rows are too few or too alike.

    values: as they were read; a missing reading, nan, tells nothing about its column.
    """
    problems = []
    if len(outcome) < LEAST_ROWS:
        problems.append(
            f"{len(outcome)} usable precedents are too few; at least {LEAST_ROWS} are needed, or each of five "
            "folds would be judged on less than four"
        )
    found, counts = np.unique(outcome, return_counts=True)
    if len(found) < 2:
        problems.append("every outcome is of one class; at least two are needed to learn from")
    elif kind in ("labels", "classes"):
        if kind == "labels" and list(found) != [0.0, 1.0]:
            problems.append(
                f"labels must be 0 and 1, with 1 the better outcome, and the column holds "
                f"{', '.join(f'{number:g}' for number in found[:6])}; use --kind classes for ordered classes"
            )
        problems += [
            f"{count} precedents have the outcome {number:g}; at least {LEAST_OF_CLASS} are needed, one for each fold"
            for number, count in zip(found, counts, strict=True)
            if count < LEAST_OF_CLASS
        ][:3]
    elif not len(pairs_of(outcome, groups)[0]):
        problems.append("no group holds two rows with different outcomes; there is nothing to compare")
    if groups is not None and (number := len(np.unique(groups))) < LEAST_OF_CLASS:
        problems.append(f"{number} groups are too few; at least {LEAST_OF_CLASS} are needed, one for each fold")
    if len(outcome):
        problems += [
            f"column '{name}' never varies, so nothing can be learned about it; drop it, and its weight stays"
            for name, used, column in zip(names, learned, values.T, strict=True)
            if used and len(np.unique(column[~np.isnan(column)])) < 2
        ]
    if problems:
        raise UsageError("\n".join(problems))


def _suspicions(
    compiled: CompiledRubric, values: Floats, learned: NDArray[np.bool_], outcome: Floats, kind: Kind
) -> tuple[str, ...]:
    """Return what should make a reader doubt the table: criteria that tell the outcome by themselves."""
    if kind not in ("labels", "classes"):
        return ()
    from assess.tuning.validation import concordance

    return tuple(
        f"'{name}' alone tells the outcomes apart almost without an error; check that it was known at the time"
        for name, used, column in zip(compiled.criterion_ids, learned, values.T, strict=True)
        if used and not 1 - TELLS_ALL < concordance(column, outcome)[0] < TELLS_ALL
    )
