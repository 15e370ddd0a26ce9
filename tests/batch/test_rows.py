"""Spans through the kernel: the numbers of `score_table`, and single rows refused with their reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import level, small_partnership, small_rubric

from assess.batch.rows import Job, fit, score_lines
from assess.batch.source import Lines, open_source
from assess.documents.errors import UsageError
from assess.rubric.models import Rubric
from assess.scoring.score import score
from assess.scoring.table import score_table

LINES = [{"id": "stop", "criterion": "a", "when": "w", "effect": "block"}]
RUBRIC = small_rubric(red_lines=LINES)


def lines_of(**columns: Any) -> Lines:
    table = pa.table(columns)
    return Lines(table, np.arange(1, len(table) + 1), ())


def refusals(rejects: pa.Table) -> list[tuple[int, str, str]]:
    return [(line["row"], line["column"], line["reason"]) for line in rejects.to_pylist()]


def test_the_numbers_are_those_of_score_table(rubric: Rubric) -> None:
    generator = np.random.default_rng(3)
    names = [criterion.id for criterion in rubric.all_criteria()]
    frame = pd.DataFrame(generator.integers(0, 5, (400, len(names))).astype(float), columns=names)
    frame = frame.mask(generator.random(frame.shape) < 0.1)
    frame["type"] = generator.choice(["coalition", "strategic_dialogue", "multilateral_alliance"], 400)
    frame.loc[::7, "type"] = None
    frame[f"red_line:{rubric.red_lines[0].id}"] = generator.random(400) < 0.2
    expected = score_table(frame, rubric)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    found, rejects = score_lines(Lines(table, np.arange(1, 401), ()), Job(rubric))
    assert len(rejects) == 0
    assert found.column_names == ["row", *expected.columns]
    for name in expected.columns:
        ours, theirs = found.column(name).to_pandas(), expected[name]
        if name.endswith("rating"):
            assert ours.astype(object).fillna("").tolist() == theirs.astype(object).fillna("").tolist()
        else:
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


@settings(max_examples=40)
@given(
    rows=st.lists(
        st.tuples(*[st.none() | st.sampled_from([-1.0, 0.0, 2.0, 4.0, 4.5, float("inf")])] * 2), min_size=1, max_size=12
    ),
    offset=st.integers(0, 11),
)
def test_a_row_is_scored_or_refused_and_nothing_else(
    rows: list[tuple[float | None, float | None]], offset: int
) -> None:
    whole = pa.table(
        {"a": [row[0] for row in rows], "b": [row[1] for row in rows]},
        schema=pa.schema([("a", pa.float64()), ("b", pa.float64())]),
    )
    table = whole.slice(min(offset, len(rows)))  # slices begin in the middle of a byte of Arrow's null bits
    numbers = np.arange(1, len(rows) + 1)[min(offset, len(rows)) :]
    found, rejects = score_lines(Lines(table, numbers, ()), Job(RUBRIC))
    bad = {int(n) for n in numbers if any(c is not None and not 0 <= c <= 4 for c in rows[n - 1])}
    assert set(rejects.column("row").to_pylist()) == bad
    assert found.column("row").to_pylist() == [int(n) for n in numbers if n not in bad]
    for line in found.to_pylist():
        a, b = rows[line["row"] - 1]
        # weights 3 and 1; under 60 % coverage there is no score
        expected = None if a is None else 25 * (a if b is None else (3 * a + b) / 4)
        assert line["one"] == (None if expected is None else pytest.approx(expected))


def test_bad_cells_are_named_with_their_rows() -> None:
    lines = lines_of(
        a=["1", "high", "5", "NA", ""],
        type=["coalition", "coaltion", "", None, "coalition"],
        **{"red_line:stop": ["true", "0", "maybe", "", "FALSE"]},
    )
    found, rejects = score_lines(lines, Job(RUBRIC))
    assert refusals(rejects) == [
        (2, "a", "is not a number"),
        (2, "type", "did you mean 'coalition'?"),
        (3, "a", "must be 0 to 4"),
        (3, "red_line:stop", "must be true or false"),
    ]
    assert rejects.column("value").to_pylist() == ["high", "coaltion", "5", "maybe"]
    assert found.column("row").to_pylist() == [1, 4, 5]
    assert found.column("overall:rating").to_pylist() == ["Do not proceed", None, None]


def test_every_row_refused_leaves_an_empty_table() -> None:
    found, rejects = score_lines(lines_of(a=[9.0], type=["x"]), Job(RUBRIC))
    assert (len(found), len(rejects)) == (0, 2)


def test_kept_columns_pass_unchanged() -> None:
    found, _ = score_lines(lines_of(a=[1.0, 9.0, 2.0], id=["x", "y", "z"]), Job(RUBRIC, keep=("id",)))
    assert found.column("id").to_pylist() == ["x", "z"]


def test_intervals_are_those_of_a_single_case() -> None:
    levels = {"a": (1.0, 2.0, 3.0), "b": (2.0, 3.0, 3.5), "c": (0.0, 1.0, 4.0), "d": (3.0, 3.0, 4.0)}
    columns = {name: [best] for name, (_, best, _) in levels.items()}
    columns |= {f"{name}:low": [low] for name, (low, _, _) in levels.items()}
    columns |= {f"{name}:high": [high] for name, (_, _, high) in levels.items()}
    found = score_lines(lines_of(**columns), Job(RUBRIC, draws=500, seed=7))[0].to_pylist()[0]
    alone = score(small_partnership(observations={n: level(*v) for n, v in levels.items()}), RUBRIC, draws=500, seed=7)
    assert found["overall:interval_low"] == pytest.approx(alone.overall.low, abs=1e-9)
    assert found["overall:interval_high"] == pytest.approx(alone.overall.high, abs=1e-9)
    assert found["one:interval_low"] == pytest.approx(alone.pillars[0].low, abs=1e-9)


def test_a_reading_without_a_range_has_that_of_low_confidence() -> None:
    found = score_lines(lines_of(**{n: [2.0] for n in "abcd"}), Job(RUBRIC, draws=500, seed=7))[0].to_pylist()[0]
    seen = {name: level(2.0, confidence="low") for name in "abcd"}
    alone = score(small_partnership(observations=seen), RUBRIC, draws=500, seed=7)
    assert found["overall:interval_low"] == pytest.approx(alone.overall.low, abs=1e-9)
    assert found["overall:interval_high"] == pytest.approx(alone.overall.high, abs=1e-9)


def test_a_range_beside_its_reading_is_refused() -> None:
    lines = lines_of(a=[2.0, 2.0], **{"a:low": [3.0, 1.0]})
    assert refusals(score_lines(lines, Job(RUBRIC, draws=100))[1]) == [(1, "a:low", "must not lie above the reading")]


@pytest.mark.parametrize(
    ("columns", "keep", "message"),
    [
        ({"z": [1.0]}, (), "no column is named after a criterion of small; expected some of: a, b, c, d; found: z"),
        ({"a": ["1"]}, (), "column 'a' is of type string; convert it to numbers"),
        ({"a": [1.0], "red_line:stpo": [True]}, (), "unknown red line 'stpo'; did you mean 'stop'"),
        ({"a": [1.0], "id": ["x"]}, ("ib",), "no column 'ib' to keep; known: a, id"),
        ({"a": [1.0], "overall": [1.0]}, ("overall",), "cannot be kept: the result has a column of that name"),
    ],
)
def test_columns_that_do_not_fit_are_refused_before_any_work(
    tmp_path: Path, columns: dict[str, list[object]], keep: tuple[str, ...], message: str
) -> None:
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    with pytest.raises(UsageError, match=message):
        fit(open_source(tmp_path / "t.parquet", 10), Job(RUBRIC, keep=keep))
