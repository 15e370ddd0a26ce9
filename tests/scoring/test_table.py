"""Tables of partnerships: the same numbers as one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.rubric.models import Rubric
from assess.scoring.score import score
from assess.scoring.table import score_table

LINES = [{"id": "stop", "criterion": "a", "when": "w", "effect": "block"}]
RUBRIC = small_rubric(red_lines=LINES)


def test_a_row_equals_the_partnership_scored_alone() -> None:
    levels = {"a": 1.0, "b": 4.0, "c": 2.0, "d": 3.0}
    row = score_table(pd.DataFrame([levels]), RUBRIC).iloc[0]
    alone = score(small_partnership(observations={n: level(v) for n, v in levels.items()}), RUBRIC, draws=100)
    assert row["overall"] == pytest.approx(alone.overall.score, abs=1e-12)
    assert row["one"] == pytest.approx(alone.pillars[0].score, abs=1e-12)
    assert row["overall:rating"] == alone.overall.rating
    assert row["overall:coverage"] == 1


def test_missing_cells_and_columns_are_missing() -> None:
    table = score_table(pd.DataFrame({"a": [2.0, np.nan], "b": [2.0, 2.0]}, index=["x", "y"]), RUBRIC)
    assert table.loc["x", "one"] == pytest.approx(50)
    assert np.isnan(table.loc["y", "one"])
    assert table["one:coverage"].tolist() == pytest.approx([1, 0.25])
    assert table["one:low"].tolist() == pytest.approx([50, 12.5])
    assert table["one:high"].tolist() == pytest.approx([50, 87.5])
    assert table["overall:rating"].isna().all()


def test_red_lines_cap_row_by_row() -> None:
    frame = pd.DataFrame({name: [4.0, 4.0] for name in "abcd"} | {"red_line:stop": [False, True]})
    table = score_table(frame, RUBRIC)
    assert table["overall:rating"].tolist() == ["Strong", "Do not proceed"]
    assert table["overall:uncapped_rating"].tolist() == ["Strong", "Strong"]
    assert table["overall"].nunique() == 1


def test_each_row_is_scored_by_its_type() -> None:
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", types={"coalition": 0}), criterion("b")]}
    rubric = small_rubric(pillars=[pillar])
    frame = pd.DataFrame(
        {"a": [0.0, 0.0, 0.0], "b": [4.0, 4.0, 4.0], "type": ["coalition", None, "strategic_dialogue"]}
    )
    assert score_table(frame, rubric)["overall"].tolist() == pytest.approx([100, 50, 50])


def test_an_empty_table_gives_an_empty_result() -> None:
    table = score_table(pd.DataFrame({"a": pd.Series(dtype=float)}), RUBRIC)
    assert len(table) == 0
    assert "overall:rating" in table.columns


def test_the_shipped_rubric_scores_a_table(rubric: Rubric) -> None:
    frame = pd.DataFrame({c.id: [2.0] for c in rubric.all_criteria()} | {"type": ["coalition"]})
    assert score_table(frame, rubric)["overall"].notna().all()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"z": [1.0]}, "no column named after a criterion"),
        ({"a": ["high"]}, "column 'a' is not numeric"),
        ({"a": [1.0, 5.0, -1.0]}, r"column 'a' must be 0 to 4; 2 rows are not \(first: 1, 2\)"),
        ({"a": [1.0], "red_line:stpo": [True]}, "unknown red line 'stpo'; did you mean 'stop'"),
        ({"a": [1.0, 1.0], "red_line:stop": ["clear", "False"]}, "must be true or false; 2 rows are not"),
        ({"a": [1.0], "type": ["coaltion"]}, "did you mean 'coalition'"),
    ],
)
def test_a_table_that_does_not_fit_says_where(frame: dict[str, list[object]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        score_table(pd.DataFrame(frame), RUBRIC)
