"""A rubric's frozen scores held against what happened, beside baselines that had the same facts and more.

Nothing here changes a rubric. The AUC is the share of pairs of rows with different outcomes in which the row that
turned out better scored higher; inside eras, so that the year alone earns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from assess.batch.baselines import BASELINES, Baseline, Side, Speech, crossed
from assess.batch.calibration import brier, fifths
from assess.batch.discrimination import Flags, Numbers, auc, interval, over, pairs_won, resampled, share
from assess.documents.errors import UsageError
from assess.documents.fields import Frozen
from assess.documents.validation import nearest
from assess.rubric.measures import Floats
from assess.rubric.models import Rubric
from assess.scoring.table import RED_LINE_PREFIX, score_table

if TYPE_CHECKING:
    import pandas as pd

ERAS = (1815, 1914, 1945, 1990)
"""First years of the eras unless others are named; the last era has no end."""
SPLIT = 1945
"""Forward in time: learn before this year, judge from it on."""
SUSPECT = 0.9
"""AUC of a single fact, in either direction, from which it is suspected of knowing the outcome."""
MISSES = 10
"""Rows shown of each kind of miss."""
NEVER_FACTS = frozenset(("maxphase", "ineffect", "yrexit", "moexit", "dayexit", "dur", "members"))
"""Columns of ATOP that tell how or when an alliance ended, or who ever joined it, beside those named as outcomes."""


class Auc(Frozen):
    """Share of pairs won by the better outcome, with its 95 % bootstrap interval. Null where there is no pair."""

    value: float | None
    low: float | None = None
    high: float | None = None
    rows: int
    events: int


class Fifth(Frozen):
    """A fifth of the rows, by the share expected of them."""

    expected: float
    observed: float
    rows: int
    events: int


class Contender(Frozen):
    """The rubric or a baseline, with everything it was judged by."""

    id: str
    title: str
    overall: Annotated[Auc, Field(description="all rows; inflated by era, never to be headlined")]
    within: Annotated[Auc, Field(description="pairs inside eras only, weighted by their number")]
    eras: dict[str, Auc]
    forward: Annotated[Auc, Field(description="rows from the split on, learned before it")]
    forward_eras: dict[str, Auc]
    brier: float
    brier_forward: float | None
    calibration: tuple[Fifth, ...]
    calibration_forward: tuple[Fifth, ...]
    ahead: Annotated[
        tuple[float, float, float] | None,
        Field(description="within-era AUC of the rubric less this one's, with its 95 % interval"),
    ] = None


class Missing(Frozen):
    """How many of the rows used lack a criterion."""

    criterion: str
    rows: int


class Suspect(Frozen):
    """A fact that orders the outcome too well by itself."""

    column: str
    auc: float
    in_rubric: bool


class Miss(Frozen):
    """A row that came out against its score."""

    name: str
    time: float
    score: float
    rating: str | None
    happened: bool
    weakest: str
    strongest: str


class Backtest(Frozen):
    """The whole back-test of one rubric on one table."""

    schema_: Annotated[Literal["assess/backtest@1"], Field(alias="schema")] = "assess/backtest@1"
    rubric: str
    rubric_title: str
    rubric_sha256: Annotated[str | None, Field(description="of the document, fixed before anything was scored")]
    table: str
    table_sha256: str
    outcome: str
    good: Annotated[bool, Field(description="whether it is good that the outcome happens")]
    group: str
    time: str
    split: float
    last: Annotated[float, Field(description="latest time among the rows used")]
    draws: int
    seed: int
    rows: int
    left_out: dict[str, int]
    used: int
    events: int
    groups: int
    criteria: int
    missing: tuple[Missing, ...]
    facts: Annotated[tuple[str, ...], Field(description="columns given to the fitted baselines")]
    refused: Annotated[tuple[str, ...], Field(description="columns never taken as facts: they tell the ending")]
    ignored: Annotated[tuple[str, ...], Field(description="columns that hold no numbers, or one number only")]
    suspects: tuple[Suspect, ...]
    contenders: tuple[Contender, ...]
    misses: tuple[Miss, ...]

    def to_json(self) -> str:
        """Return the document as JSON text, two-space indented, keys in a fixed order."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def backtest(
    frame: pd.DataFrame,
    rubric: Rubric,
    *,
    outcome: str,
    good: bool,
    group: str,
    time: str,
    name: str | None = None,
    table: str = "table",
    table_sha256: str | None = None,
    eras: Sequence[float] = ERAS,
    split: float = SPLIT,
    draws: int = 2000,
    seed: int = 1,
) -> Backtest:
    """Return how a rubric's scores of a table stand against what happened.

    Columns of `frame`: the rubric's criteria as for `score_table`; `outcome` (0 or 1, empty where unknown); `group`
    (rows of one group are drawn and held out together); `time` (a number); `name` (what misses are called; the group
    where absent); any other numeric column is a fact for the fitted baselines, unless its name tells the ending.
    good: whether it is good that the outcome happens. eras: first times of the eras. split: of the forward test.
    table_sha256: of the file; of the frame's CSV where absent. Raises UsageError for what does not fit.
    """
    _need_sklearn()
    _check(frame, rubric, {"--outcome": outcome, "--group": group, "--time": time} | ({"--name": name} if name else {}))
    happened_all, times = _zero_or_one(frame, outcome), _times(frame, time)
    scores = score_table(frame, rubric)
    score = scores["overall"].to_numpy(dtype=np.float64)
    reasons = {
        "no outcome": np.isnan(happened_all),
        f"no {time}": np.isnan(times),
        f"no {group}": frame[group].isna().to_numpy(),
        f"{time} before the first era": times < eras[0],
        "too few facts for a score": np.isnan(score),
    }
    left_out, kept = _kept(reasons, len(frame))
    if not kept.any():
        raise UsageError("no row has an outcome, a time, a group and a score; nothing can be tested")
    part = frame[kept]
    names, refused, ignored = _facts(part, {outcome, group, time, name or group})
    happened = happened_all[kept] == 1
    side = Side(score[kept], _matrix(part, names), times[kept], happened, good)
    codes = _codes(part[group])
    era = np.searchsorted(np.asarray(eras, dtype=np.float64), side.time, side="right") - 1
    weights = resampled(codes, draws, seed)
    judge = _Judge(side, era, _labels(eras), split, weights)
    speeches = {
        key: (crossed(side, codes, baseline, seed), _forward(side, baseline, split, seed))
        for key, (_, baseline) in BASELINES.items()
    }
    own = judge.within_draws(speeches["rubric"][0][0])
    contenders = tuple(
        judge.contender(key, BASELINES[key][0], *speech, own=None if key == "rubric" else own)
        for key, speech in speeches.items()
    )
    criteria = [one.id for one in rubric.all_criteria()]
    return Backtest.model_construct(
        rubric=f"{rubric.id} {rubric.version}",
        rubric_title=rubric.title,
        rubric_sha256=rubric.source.sha256 if rubric.source else None,
        table=table,
        table_sha256=table_sha256 or sha256(frame.to_csv(index=False).encode()).hexdigest(),
        outcome=outcome,
        good=good,
        group=group,
        time=time,
        split=split,
        last=float(side.time.max()),
        draws=draws,
        seed=seed,
        rows=len(frame),
        left_out=left_out,
        used=len(part),
        events=int(happened.sum()),
        groups=int(codes.max()) + 1,
        criteria=len(criteria),
        missing=tuple(
            Missing(criterion=one, rows=int(part[one].isna().sum()) if one in part else len(part)) for one in criteria
        ),
        facts=tuple(names),
        refused=refused,
        ignored=ignored,
        suspects=_suspects(side, names, criteria),
        contenders=contenders,
        misses=_misses(part, scores[kept], rubric, side, name or group),
    )


class _Judge:
    """Judges orders and shares on the same rows and the same bootstrap samples."""

    def __init__(self, side: Side, era: Numbers, labels: Sequence[str], split: float, weights: Floats) -> None:
        self.side, self.era, self.labels, self.weights = side, era, labels, weights
        self.better: Flags = side.happened if side.good else ~side.happened
        self.later: Flags = side.time >= split

    def contender(
        self, key: str, title: str, held_out: Speech, forward: Speech | None, own: Floats | None
    ) -> Contender:
        """Return everything a contender is judged by; own: within-era draws of the rubric, to compare with."""
        order, expected = held_out
        later = self.later
        ahead = None
        if own is not None:
            ahead = _difference(own, self.within_draws(order))
        ahead_orders = np.full(len(order), np.nan)
        if forward is not None:
            ahead_orders[later] = forward[0]
        return Contender.model_construct(
            id=key,
            title=title,
            overall=self._auc(order, [np.ones(len(order), dtype=bool)]),
            within=self._auc(order, [self.era == index for index in range(len(self.labels))]),
            eras=self._by_era(order, np.ones(len(order), dtype=bool)),
            forward=self._auc(ahead_orders, [later & (forward is not None)]),
            forward_eras=self._by_era(ahead_orders, later) if forward is not None else {},
            brier=brier(expected, self.side.happened),
            brier_forward=None if forward is None else brier(forward[1], self.side.happened[later]),
            calibration=_fifths(expected, self.side.happened),
            calibration_forward=() if forward is None else _fifths(forward[1], self.side.happened[later]),
            ahead=ahead,
        )

    def within_draws(self, order: Floats) -> Floats:
        """Return the within-era AUC of an order, first of the rows themselves, then of each draw; NaN without pairs."""
        parts = [self.era == index for index in range(len(self.labels))]
        found = [over([pairs_won(order[p], self.better[p], w[:, p]) for p in parts]) for w in self._both()]
        won, pairs = (np.concatenate(pieces) for pieces in zip(*found, strict=True))
        with np.errstate(invalid="ignore"):
            result: Floats = np.where(pairs > 0, won / np.where(pairs > 0, pairs, 1.0), np.nan)
        return result

    def _both(self) -> tuple[Floats, Floats]:
        return np.ones((1, len(self.better))), self.weights

    def _by_era(self, order: Floats, among: Flags) -> dict[str, Auc]:
        parts = {label: among & (self.era == index) for index, label in enumerate(self.labels)}
        return {label: self._auc(order, [part]) for label, part in parts.items() if part.any()}

    def _auc(self, order: Floats, parts: Sequence[Flags]) -> Auc:
        """Return the AUC over pairs inside the given parts of the rows."""
        rows = np.any(parts, axis=0)
        once = over([pairs_won(order[part], self.better[part]) for part in parts])
        drawn = over([pairs_won(order[part], self.better[part], self.weights[:, part]) for part in parts])
        low, high = interval(*drawn) or (None, None)
        found = share(*once)
        return Auc(
            value=found,
            low=None if found is None else low,
            high=None if found is None else high,
            rows=int(rows.sum()),
            events=int(self.side.happened[rows].sum()),
        )


def _need_sklearn() -> None:
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise UsageError("the back-test needs scikit-learn; install assess-partnerships[history]") from None


def _check(frame: pd.DataFrame, rubric: Rubric, roles: Mapping[str, str]) -> None:
    """Raise UsageError for columns that are not there, play two parts, or would let a criterion know the ending."""
    from assess.tuning.precedents import outcome_columns

    columns = [str(column) for column in frame.columns]
    problems = [
        f"{option} {column}: no such column; {nearest(column, columns)}"
        for option, column in roles.items()
        if column not in columns
    ]
    criteria = [one.id for one in rubric.all_criteria()]
    ending = {*outcome_columns(criteria), *(one for one in criteria if one.lower() in NEVER_FACTS)}
    problems += [
        f"criterion {one}: its name tells how a case ended; a score that has seen the outcome cannot be tested"
        for one in criteria
        if one in ending or one == roles["--outcome"]
    ]
    if roles["--outcome"] in (roles["--group"], roles["--time"]):
        problems.append(f"--outcome {roles['--outcome']}: it cannot be the group or the time as well")
    if len(set(columns)) < len(columns):
        twice = sorted({column for column in columns if columns.count(column) > 1})
        problems.append(f"columns stand twice: {', '.join(twice)}; rename them")
    if problems:
        raise UsageError("\n".join(problems))


def _zero_or_one(frame: pd.DataFrame, column: str) -> Floats:
    values = _numbers(frame, column)
    bad = ~(np.isnan(values) | (values == 0) | (values == 1))
    if bad.any():
        rows = ", ".join(str(label) for label in frame.index[bad][:5])
        raise UsageError(f"column '{column}' must be 0, 1 or empty; {int(bad.sum())} rows are not (first: {rows})")
    return values


def _times(frame: pd.DataFrame, column: str) -> Floats:
    values = _numbers(frame, column)
    if np.isinf(values).any():
        raise UsageError(f"column '{column}' holds an infinite number")
    return values


def _numbers(frame: pd.DataFrame, column: str) -> Floats:
    try:
        return frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise UsageError(
            f"column '{column}' is not numeric; convert it, with empty cells where nothing is known"
        ) from None


def _kept(reasons: Mapping[str, Flags], rows: int) -> tuple[dict[str, int], Flags]:
    """Return how many rows each reason takes out, the first that applies, and which rows stay."""
    kept: Flags = np.ones(rows, dtype=bool)
    counts: dict[str, int] = {}
    for reason, out in reasons.items():
        counts[reason] = int((kept & out).sum())
        kept &= ~out
    return counts, kept


def _facts(part: pd.DataFrame, roles: set[str]) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    """Return the columns that are facts, those refused as telling the ending, and those that say nothing."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    from assess.tuning.precedents import outcome_columns

    others = [str(column) for column in part.columns if column not in roles and not column.startswith(RED_LINE_PREFIX)]
    ending = {*outcome_columns(others), *(one for one in others if one.lower() in NEVER_FACTS)}
    told = [one for one in others if one not in ending]
    facts = [
        one
        for one in told
        if (is_numeric_dtype(part[one]) or is_bool_dtype(part[one]))
        and (part[one].nunique() > 1 or (part[one].nunique() == 1 and part[one].isna().any()))
    ]
    return facts, tuple(one for one in others if one in ending), tuple(one for one in told if one not in facts)


def _matrix(part: pd.DataFrame, names: Sequence[str]) -> Floats:
    values: Floats = part[list(names)].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isinf(values), np.nan, values)


def _codes(column: pd.Series[Any]) -> Numbers:
    _, codes = np.unique(column.astype(str).to_numpy(), return_inverse=True)
    return codes.astype(np.intp)


def _labels(eras: Sequence[float]) -> list[str]:
    starts = [f"{start:g}" for start in eras]
    ends = [f"to {end - 1:g}" for end in eras[1:]]
    return [f"{start} {end}" for start, end in zip(starts, [*ends, "on"], strict=True)]


def _forward(side: Side, baseline: Baseline, split: float, seed: int) -> Speech | None:
    """Return what a baseline that learned before the split says of the rows from it on; None where a side is bare."""
    later = side.time >= split
    if not later.any() or later.all() or not 0 < side.happened[~later].sum() < (~later).sum():
        return None
    return baseline(side.rows(~later), side.rows(later), seed)


def _difference(own: Floats, other: Floats) -> tuple[float, float, float] | None:
    """Return the difference of two within-era AUCs with its 95 % interval over the same draws."""
    gaps = own - other
    known = gaps[1:][~np.isnan(gaps[1:])]
    if np.isnan(gaps[0]) or not len(known):
        return None
    low, high = np.percentile(known, (2.5, 97.5))
    return float(gaps[0]), float(low), float(high)


def _fifths(expected: Floats, happened: Flags) -> tuple[Fifth, ...]:
    return tuple(
        Fifth(expected=one, observed=two, rows=rows, events=events)
        for one, two, rows, events in fifths(expected, happened)
    )


def _suspects(side: Side, names: Sequence[str], criteria: Sequence[str]) -> tuple[Suspect, ...]:
    """Return the facts that order the outcome too well by themselves, in either direction, where they are known."""
    found = []
    for column, name in enumerate(names):
        known = ~np.isnan(side.facts[:, column])
        value = auc(side.facts[known, column], side.happened[known])
        if value is not None and max(value, 1 - value) > SUSPECT:
            found.append(Suspect(column=name, auc=value, in_rubric=name in criteria))
    return tuple(found)


def _misses(part: pd.DataFrame, scores: pd.DataFrame, rubric: Rubric, side: Side, name: str) -> tuple[Miss, ...]:
    """Return the rows that turned out badly at the highest scores, then those that turned out well at the lowest."""
    from assess.scoring.compiled import compile_rubric

    compiled = compile_rubric(rubric, None)
    raw = np.full((len(part), len(compiled.criteria)), np.nan)
    for one, column in compiled.column.items():
        if one in part:
            raw[:, column] = part[one].to_numpy(dtype=np.float64, na_value=np.nan)
    values = compiled.scale.values(raw).with_nan()
    bad = side.happened != side.good
    places = [*np.lexsort((np.arange(len(bad)), -side.score))]
    worst = [place for place in places if bad[place]][:MISSES]
    best = [place for place in reversed(places) if not bad[place]][:MISSES]
    titles = [criterion.title for criterion in rubric.all_criteria()]
    ratings = scores["overall:rating"]

    def miss(place: int) -> Miss:
        label = ratings.iloc[place]
        return Miss(
            name=str(part[name].iloc[place]),
            time=float(side.time[place]),
            score=float(side.score[place]),
            rating=None if label != label else str(label),
            happened=bool(side.happened[place]),
            weakest=titles[int(np.nanargmin(values[place]))],
            strongest=titles[int(np.nanargmax(values[place]))],
        )

    return tuple(miss(int(place)) for place in (*worst, *best))
