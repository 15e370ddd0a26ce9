"""One span of rows through the kernel: what the columns must be, which rows are refused, and the scored table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from assess.batch.source import Lines, Source
from assess.documents.errors import UsageError
from assess.documents.fields import PartnershipType
from assess.documents.validation import nearest
from assess.rubric.measures import Floats, Values
from assess.rubric.models import DO_NOT_PROCEED, Criterion, Ordinal, Quantitative, Rubric
from assess.scoring.compiled import CompiledRubric, compile_rubric
from assess.scoring.draws import triangular, uniform_draws
from assess.scoring.kernel import aggregate
from assess.scoring.table import RED_LINE_PREFIX, SPAN_TOP, node_names, score_by_type

if TYPE_CHECKING:
    import pyarrow as pa

NUMBERS = ("int", "uint", "float", "double", "halffloat", "decimal", "null")
TRUTHS = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False, "": False}
EDGES = ("low", "high")
INTERVAL = (0.1, 0.9)
AT_ONCE = 2_000_000
"""Drawn values worked on at once: 16 MB."""


@dataclass(frozen=True)
class Job:
    """What is done with every span; the same on every worker."""

    rubric: Rubric
    keep: tuple[str, ...] = ()
    """Columns that go into the result unchanged."""
    draws: int = 0
    """Draws for the 80 % interval of each row; 0 for none."""
    seed: int = 1


@dataclass(frozen=True)
class Fit:
    """Which columns of a table are used."""

    criteria: tuple[str, ...]
    missing: tuple[str, ...]
    """Criteria without a column: missing in every row."""
    unused: tuple[str, ...]
    """Columns that mean nothing to the rubric and are not kept."""
    wanted: tuple[str, ...]
    """All columns to be read."""
    numeric: tuple[str, ...]


def fit(source: Source, job: Job) -> Fit:
    """Check the columns of a table before any work; raises `UsageError` with everything that is wrong."""
    ids = [criterion.id for criterion in job.rubric.all_criteria()]
    lines = [line.id for line in job.rubric.red_lines]
    types = dict(zip(source.columns, source.types, strict=True))
    wrong: list[str] = []
    criteria = tuple(name for name in ids if name in types)
    ranged = tuple(f"{name}:{edge}" for name in criteria for edge in EDGES) if job.draws else ()
    numeric = tuple(name for name in (*criteria, *ranged) if name in types)
    if not criteria:
        wrong.append(
            f"no column is named after a criterion of {job.rubric.id}; expected some of: {', '.join(ids)}; "
            f"found: {', '.join(source.columns[:10])}"
        )
    if source.form == "parquet":
        wrong += [
            f"column '{name}' is of type {types[name]}; convert it to numbers, empty where nothing is known"
            for name in numeric
            if not types[name].startswith(NUMBERS)
        ]
    for column in source.columns:
        name = column.removeprefix(RED_LINE_PREFIX)
        if column.startswith(RED_LINE_PREFIX) and name not in lines:
            wrong.append(f"column '{column}': unknown red line '{name}'; {nearest(name, lines)}")
    marks = tuple(RED_LINE_PREFIX + name for name in lines if RED_LINE_PREFIX + name in types)
    made = {"row", *(name for node in node_names(job.rubric) for name in result_columns(node, job))}
    for name in job.keep:
        if name not in types:
            wrong.append(f"there is no column '{name}' to keep; {nearest(name, source.columns)}")
        elif name in made:
            wrong.append(f"column '{name}' cannot be kept: the result has a column of that name; rename it")
    if wrong:
        raise UsageError("\n".join(f"{source.path}: {text}" for text in wrong))
    kind = ("type",) if "type" in types else ()
    wanted = tuple(dict.fromkeys((*numeric, *marks, *kind, *job.keep)))
    unused = tuple(name for name in source.columns if name not in wanted)
    return Fit(criteria, tuple(name for name in ids if name not in types), unused, wanted, numeric)


def result_columns(node: str, job: Job) -> list[str]:
    """Return the names of a node's columns in the result, as `score_table` names them."""
    names = [node, f"{node}:low", f"{node}:high", f"{node}:coverage", f"{node}:rating", f"{node}:uncapped_rating"]
    return [*names, f"{node}:interval_low", f"{node}:interval_high"] if job.draws else names


def score_lines(lines: Lines, job: Job) -> tuple[pa.Table, pa.Table]:
    """Return the scored rows and the refused ones.

    Scored: `row`, the kept columns, and the columns of `score_table` for the whole and every pillar; null where there
    is no score. With draws also `<node>:interval_low` and `<node>:interval_high`.
    Refused: `row`, `column`, `value`, `reason`, one line for everything wrong; such a row is not scored.
    """
    import pyarrow as pa

    refused = [(number, "", "", reason) for number, reason in lines.broken]
    sheet = _Sheet(lines, job.rubric, refused)
    raw, tripped, kinds = sheet.raw(), sheet.tripped(), sheet.kinds()
    ranges = sheet.ranges(raw) if job.draws else None
    good = ~sheet.bad
    table, numbers = lines.table, lines.numbers
    if sheet.bad.any():
        kept = np.flatnonzero(good)
        raw, tripped, numbers = raw[kept], None if tripped is None else tripped[kept], numbers[kept]
        kinds = [(kind, rows[kept]) for kind, rows in kinds if rows[kept].any()] or [(None, np.ones(0, np.bool_))]
        ranges = None if ranges is None else (ranges[0][kept], ranges[1][kept])
        table = table.take(kept)
    arrays: dict[str, Any] = {"row": pa.array(numbers)}
    arrays |= {name: table.column(name) for name in job.keep}
    found = score_by_type(job.rubric, raw, tripped, kinds)
    if ranges is not None:
        found |= _intervals(job, raw, ranges, kinds, found["score"])
    _add_results(arrays, found, job)
    refused.sort(key=lambda line: line[0])
    order = [name for name, _ in REFUSED]
    columns = zip(*refused, strict=True) if refused else ((), (), (), ())
    rejects = pa.table(dict(zip(order, (list(c) for c in columns), strict=True)), schema=refused_schema())
    return pa.table(arrays), rejects


REFUSED = (("row", "int64"), ("column", "string"), ("value", "string"), ("reason", "string"))


def refused_schema() -> pa.Schema:
    """Return the columns of the table of refused rows."""
    import pyarrow as pa

    return pa.schema([(name, pa.type_for_alias(kind)) for name, kind in REFUSED])


class _Sheet:
    """The columns of one span as arrays; collects what is wrong with single rows."""

    def __init__(self, lines: Lines, rubric: Rubric, refused: list[tuple[int, str, str, str]]) -> None:
        self.table, self.numbers, self.rubric, self.refused = lines.table, lines.numbers, rubric, refused
        self.bad = np.zeros(len(lines.table), dtype=np.bool_)
        self.names = frozenset(lines.table.column_names)

    def raw(self) -> Floats:
        """Return the readings, shape (n, m), NaN where there is none."""
        criteria = list(self.rubric.all_criteria())
        by_criterion = np.empty((len(criteria), len(self.table)))
        for place, criterion in enumerate(criteria):
            if criterion.id in self.names:
                self._fill(by_criterion[place], criterion.id, criterion)
            else:
                by_criterion[place] = np.nan
        return by_criterion.T

    def ranges(self, raw: Floats) -> tuple[Floats, Floats]:
        """Return low and high of each reading as far as they are stated, each of shape (n, m), else NaN."""
        ends = np.full((2, raw.shape[1], raw.shape[0]), np.nan)
        for place, criterion in enumerate(self.rubric.all_criteria()):
            for side, edge in enumerate(EDGES):
                name, end = f"{criterion.id}:{edge}", ends[side, place]
                if name in self.names:
                    self._fill(end, name, criterion)
                    beyond = (end > raw[:, place]) if edge == "low" else (end < raw[:, place])
                    self._refuse(beyond, name, end, f"must not lie {'above' if edge == 'low' else 'below'} the reading")
        return ends[0].T, ends[1].T

    def tripped(self) -> NDArray[np.bool_] | None:
        """Return the tripped red lines, shape (n, r); None where the table names none."""
        lines = self.rubric.red_lines
        if not any(RED_LINE_PREFIX + line.id in self.names for line in lines):
            return None
        result = np.zeros((len(self.table), len(lines)), dtype=np.bool_)
        for place, line in enumerate(lines):
            name = RED_LINE_PREFIX + line.id
            if name in self.names:
                column = self.table.column(name)
                texts, codes = _distinct(column)
                truths = [TRUTHS.get(text.lower()) for text in texts]
                result[:, place] = np.array([bool(truth) for truth in truths], dtype=np.bool_)[codes]
                unknown = np.array([truth is None for truth in truths], dtype=np.bool_)[codes]
                self._refuse(unknown, name, np.array(texts, dtype=object)[codes], "must be true or false")
        return result

    def kinds(self) -> list[tuple[PartnershipType | None, NDArray[np.bool_]]]:
        """Return each type of partnership with the rows that have it."""
        if "type" not in self.names:
            return [(None, np.ones(len(self.table), dtype=np.bool_))]
        known = get_args(PartnershipType)
        texts, codes = _distinct(self.table.column("type"))
        parts: list[tuple[PartnershipType | None, NDArray[np.bool_]]] = []
        for code, text in enumerate(texts):
            rows = np.asarray(codes == code)
            if text and text not in known:
                self._refuse(rows, "type", np.full(len(rows), text, dtype=object), nearest(text, known))
            parts.append((next((kind for kind in known if kind == text), None), rows))
        return parts or [(None, np.ones(0, dtype=np.bool_))]

    def _fill(self, out: Floats, name: str, criterion: Criterion) -> None:
        import pyarrow as pa
        import pyarrow.types as pt

        column = self.table.column(name)
        if pt.is_string(column.type) or pt.is_large_string(column.type):
            texts, codes = _distinct(column)
            numbers = [_number(text) for text in texts]
            unreadable = np.array([number is None for number in numbers], dtype=np.bool_)[codes]
            self._refuse(unreadable, name, np.array(texts, dtype=object)[codes], "is not a number")
            out[:] = np.array([np.nan if number is None else number for number in numbers])[codes]
        elif not pt.is_null(column.type):
            _copy(column if column.type == pa.float64() else column.cast(pa.float64(), safe=False), out)
        else:
            out[:] = np.nan
        top = SPAN_TOP.get(type(criterion.measure))
        beyond = np.isinf(out) if top is None else out < 0.0
        if top is not None:
            beyond |= out > top
        self._refuse(beyond, name, out, "must be a finite number" if top is None else f"must be 0 to {top:g}")

    def _refuse(self, rows: NDArray[np.bool_], column: str, values: NDArray[Any], reason: str) -> None:
        if not rows.any():
            return
        self.bad |= rows
        for place in np.flatnonzero(rows):
            value = values[place]
            text = f"{value:.17g}" if isinstance(value, float) else str(value)
            self.refused.append((int(self.numbers[place]), column, text[:200], reason))


def _copy(column: pa.ChunkedArray, out: Floats) -> None:
    """Copy a column of float64 into `out`, NaN where it is null; a quarter of the time of Arrow's own conversion."""
    at = 0
    for chunk in column.chunks:
        known, numbers = chunk.buffers()
        part = out[at : at + len(chunk)]
        part[:] = np.frombuffer(numbers, np.float64)[chunk.offset : chunk.offset + len(chunk)]
        if chunk.null_count:
            bits = np.unpackbits(~np.frombuffer(known, np.uint8), bitorder="little").view(np.bool_)
            part[np.flatnonzero(bits[chunk.offset : chunk.offset + len(chunk)])] = np.nan
        at += len(chunk)


MISSING = frozenset(("", "na", "n/a", "nan", "null", "none"))


def _number(text: str) -> float | None:
    """Return the number a cell holds, NaN where it is empty, None where it holds something else."""
    if text.strip().lower() in MISSING:
        return np.nan
    try:
        return float(text) if "_" not in text else None
    except ValueError:
        return None


def _distinct(column: Any) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct texts of a column, '' for empty cells, and the place of each row's text among them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.fill_null(column.cast(pa.string()), "").combine_chunks().dictionary_encode()
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    return texts.dictionary.to_pylist(), np.asarray(texts.indices.to_numpy(), dtype=np.intp)


def _add_results(arrays: dict[str, Any], found: dict[str, NDArray[Any]], job: Job) -> None:
    import pyarrow as pa

    labels = pa.array([*(band.label for band in job.rubric.bands), DO_NOT_PROCEED])
    names = node_names(job.rubric)
    for place in (len(names) - 1, *range(len(names) - 1)):
        sources = ["score", "low", "high", "coverage", "capped", "uncapped"]
        sources += ["interval_low", "interval_high"] if job.draws else []
        for name, source in zip(result_columns(names[place], job), sources, strict=True):
            values = found[source][:, place]
            if source in ("capped", "uncapped"):
                codes = pa.array(values, mask=values < 0)
                arrays[name] = pa.DictionaryArray.from_arrays(codes, labels)
            else:
                gaps = np.isnan(values)
                arrays[name] = pa.array(values, mask=gaps if gaps.any() else None)


def _intervals(
    job: Job,
    raw: Floats,
    ranges: tuple[Floats, Floats],
    kinds: list[tuple[PartnershipType | None, NDArray[np.bool_]]],
    score: Floats,
) -> dict[str, Floats]:
    """Return the 80 % interval of every node of every row by draws of its readings, shape (n, p + 1).

    The ends are those of a single case: 10 % and 90 % of triangular draws, widened to contain the score. A reading
    whose low or high is not stated has the half-width of low confidence, for no evidence speaks for it.
    """
    low, high = np.full(score.shape, np.nan), np.full(score.shape, np.nan)
    step = max(1, AT_ONCE // (job.draws * max(1, raw.shape[1])))
    for kind, rows in kinds:
        compiled = compile_rubric(job.rubric, kind)
        places = np.flatnonzero(rows)
        for start in range(0, len(places), step):
            part = places[start : start + step]
            low[part], high[part] = _interval(compiled, job, raw[part], ranges[0][part], ranges[1][part])
    return {"interval_low": np.fmin(low, score), "interval_high": np.fmax(high, score)}


def _interval(compiled: CompiledRubric, job: Job, raw: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    n, m = raw.shape
    rubric = job.rubric
    width = rubric.half_widths.low
    levels = np.array([isinstance(criterion.measure, Ordinal) for criterion in compiled.criteria])
    low = np.where(levels & np.isnan(low), np.maximum(raw - width, 0.0), low)
    high = np.where(levels & np.isnan(high), np.minimum(raw + width, 4.0), high)
    best, below, above = (compiled.scale.values(part).with_nan() for part in (raw, low, high))
    falls = np.array([_falls(criterion) for criterion in compiled.criteria])
    below, above = np.where(falls, above, below), np.where(falls, below, above)
    half = width * (rubric.level_values[-1] - rubric.level_values[0]) / 4.0
    below = np.where(np.isnan(below), np.maximum(best - half, 0.0), np.minimum(below, best))
    above = np.where(np.isnan(above), np.minimum(best + half, 100.0), np.maximum(above, best))
    uniform = _uniform(job.seed, compiled.criterion_ids, job.draws)
    drawn = np.empty((n, job.draws, m))
    for column in range(m):
        same = np.broadcast_to(uniform[column], (n, job.draws))
        drawn[:, :, column] = triangular(same, below[:, column], best[:, column], above[:, column])
    scores = aggregate(compiled, Values.of(drawn.reshape(n * job.draws, m)), bounds=False).score
    ends = np.quantile(scores.reshape(n, job.draws, -1), INTERVAL, axis=1)
    return ends[0], ends[1]


@cache
def _uniform(seed: int, criteria: tuple[str, ...], draws: int) -> Floats:
    """Return the random numbers of the criteria (m, draws): those a single case would meet."""
    return uniform_draws(seed, [f"{name}/" for name in criteria], draws)


def _falls(criterion: Criterion) -> bool:
    """Tell whether a higher reading is worth less."""
    measure = criterion.measure
    return isinstance(measure, Quantitative) and measure.breakpoints[0][1] > measure.breakpoints[-1][1]
