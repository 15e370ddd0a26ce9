"""Run a rubric's test vectors: observations whose answer is known before the rubric is used on anything real."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assess.documents.errors import Problem
from assess.rubric.measures import Floats, Values, level_breakpoints, value_of
from assess.rubric.models import DO_NOT_PROCEED, Rubric, TestVector
from assess.scoring.compiled import CompiledRubric, compile_rubric
from assess.scoring.kernel import NO_RATING, Ratings, Scores, aggregate, basis, rate


def failed_vectors(rubric: Rubric) -> list[Problem]:
    """Return a problem for every expectation that a test vector of the rubric does not meet."""
    results = {vector.id: _run(rubric, vector) for vector in rubric.test_vectors}
    todo = "correct the rubric or the expectation"
    return [
        Problem(("test_vectors", index, "expect"), f"test vector '{vector.id}': {text}", todo)
        for index, vector in enumerate(rubric.test_vectors)
        for text in _misses(rubric, vector, results)
    ]


Result = tuple[CompiledRubric, Scores, Ratings]


def _run(rubric: Rubric, vector: TestVector) -> Result:
    compiled = compile_rubric(rubric, vector.type)
    scores = aggregate(compiled, Values.of(_values(rubric, vector)))
    tripped = np.array([[vector.red_lines.get(line.id) == "tripped" for line in rubric.red_lines]], dtype=np.float64)
    return compiled, scores, rate(compiled, scores.score, tripped)


def _values(rubric: Rubric, vector: TestVector) -> Floats:
    points = level_breakpoints(rubric.level_values)
    fill = np.nan if vector.fill is None else vector.fill
    values = []
    for criterion in rubric.all_criteria():
        level = vector.levels.get(criterion.id, -1)
        values.append(fill if level == -1 else np.nan if level is None else value_of(points, level))
    return np.array([values])


def _misses(rubric: Rubric, vector: TestVector, results: dict[str, Result]) -> Iterator[str]:
    compiled, scores, ratings = results[vector.id]
    columns = {pillar.id: index for index, pillar in enumerate(compiled.nodes)}
    labels = [band.label for band in rubric.bands] + [DO_NOT_PROCEED]

    def label(codes: np.typing.NDArray[np.int8], column: int) -> str:
        code = int(codes[0, column])
        return "no rating" if code == NO_RATING else labels[code]

    expect = vector.expect
    wanted = [
        ("rating", expect.rating, label(ratings.capped, -1)),
        ("uncapped rating", expect.uncapped_rating, label(ratings.uncapped, -1)),
    ]
    wanted += [
        (f"rating of {name}", want, label(ratings.capped, columns[name])) for name, want in expect.pillars.items()
    ]
    wanted.append(("basis", expect.basis, basis(compiled, scores.coverage[0], -1)))
    for what, want, found in wanted:
        if want is not None and want != found:
            yield f"expected {what} {want}, found {found}"
    if expect.below is not None:
        column = columns[expect.on] if expect.on else -1
        own, other = (float(results[name][1].score[0, column]) for name in (vector.id, expect.below))
        if not own < other:
            yield f"expected {expect.on or 'overall'} below '{expect.below}' ({other:.1f}), found {own:.1f}"
