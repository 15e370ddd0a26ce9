"""One partnership bound to one rubric, as the arrays that scoring and every question about robustness start from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assess.partnership.models import Partnership
from assess.rubric.measures import Floats, Values
from assess.rubric.models import Rubric
from assess.scoring.compiled import CompiledRubric, compile_rubric
from assess.scoring.draws import triangular, uniform_draws
from assess.scoring.kernel import TOLERANCE, Scores, aggregate
from assess.scoring.readings import Cell, read_cells


@dataclass(frozen=True, eq=False)
class Prepared:
    """A case before aggregation. m criteria, k readings that count (one for each key party where they differ)."""

    partnership: Partnership
    rubric: Rubric
    compiled: CompiledRubric
    cells: Mapping[str, Sequence[Cell]]
    """Every reading by criterion id."""
    inputs: tuple[Cell, ...]
    """The k readings that count, in the order of the criteria."""
    columns: NDArray[np.intp]
    """Column of the criterion of each input, rising, shape (k,)."""
    low: Floats
    """Low, best and high value of each input, shape (k,), 0-100."""
    value: Floats
    high: Floats
    known: Floats
    """Share 0-1 of each criterion that is known, shape (m,)."""
    thin: NDArray[np.bool_]
    """Criteria of which too little is known to count, shape (m,)."""
    counted: Floats
    """The known share that counts towards coverage: 0 where thin, shape (m,)."""
    completions: tuple[Floats, Floats]
    """Values (m,) with all that is unknown at its worst and at its best, NaN where nothing is observed."""
    statuses: tuple[str, ...]
    """Status of each red line, in the rubric's order."""

    @property
    def tripped(self) -> Floats:
        """1 for each tripped red line, shape (r,)."""
        return np.array([status == "tripped" for status in self.statuses], dtype=np.float64)

    @cached_property
    def best(self) -> Floats:
        """The best value of each criterion, NaN where it does not count, shape (1, m)."""
        return self.criteria(self.value[:, None])

    @cached_property
    def scores(self) -> Scores:
        """The scores of the best values; one row."""
        return aggregate(self.compiled, Values.of(self.best), self.counted)

    def criteria(self, readings: Floats) -> Floats:
        """Reduce values of the inputs (k, n) to criteria (n, m): the weakest key party counts; NaN where none does."""
        result = np.full((len(self.compiled.criteria), readings.shape[1]), np.nan)
        if len(self.columns):
            starts = np.flatnonzero(np.diff(self.columns, prepend=-1))
            result[self.columns[starts]] = np.minimum.reduceat(readings, starts, axis=0)
        return np.where(self.thin, np.nan, result.T)

    def drawn(self, draws: int, seed: int) -> Floats:
        """Return drawn values of the criteria, shape (draws, m): triangular, one stream per input."""
        uniform = uniform_draws(seed, [cell.name for cell in self.inputs], draws)
        return self.criteria(triangular(uniform, self.low, self.value, self.high))


def prepare(partnership: Partnership, rubric: Rubric) -> Prepared:
    """Return the arrays of a partnership that fits a rubric (see `binding.fits`)."""
    not_applicable = [name for name, seen in partnership.observations.items() if seen.not_applicable is not None]
    compiled = compile_rubric(rubric, partnership.type, not_applicable)
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell in read_cells(partnership, rubric, compiled.criteria):
        cells[cell.criterion].append(cell)
    inputs = tuple(cell for name in compiled.criterion_ids for cell in cells[name] if cell.key)
    low, value, high = (np.array([getattr(cell, name) for cell in inputs]) for name in ("low", "value", "high"))
    known, worst, top = _completions(partnership, compiled, cells)
    # A checklist, register or set of parties of which little is known says as little as a pillar would.
    thin = known < rubric.coverage.insufficient_below / 100.0 - TOLERANCE
    findings = partnership.red_lines
    return Prepared(
        partnership=partnership,
        rubric=rubric,
        compiled=compiled,
        cells=cells,
        inputs=inputs,
        columns=np.array([compiled.column[cell.criterion] for cell in inputs], dtype=np.intp),
        low=low,
        value=value,
        high=high,
        known=known,
        thin=thin,
        counted=np.where(thin, 0.0, known),
        completions=(worst, top),
        statuses=tuple(findings[line.id].status if line.id in findings else "unknown" for line in rubric.red_lines),
    )


def _completions(
    partnership: Partnership, compiled: CompiledRubric, cells: Mapping[str, Sequence[Cell]]
) -> tuple[Floats, Floats, Floats]:
    """Return, per criterion, the known share and the values with all that is unknown at its worst and best."""
    keys = sum(party.key for party in partnership.parties)
    known, worst, top = (np.full(len(compiled.criteria), fill) for fill in (0.0, np.nan, np.nan))
    for column, criterion in enumerate(compiled.criteria):
        counting = [cell for cell in cells.get(criterion.id, ()) if cell.key]
        if not counting:
            continue
        parts = keys if criterion.per_party else 1
        known[column] = sum(cell.known for cell in counting) / parts
        complete = len(counting) == parts
        worst[column] = min(cell.completions[0] for cell in counting) if complete else 0.0
        top[column] = min(cell.completions[1] for cell in counting)
    return known, worst, top
