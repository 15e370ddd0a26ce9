"""Gower's distance by hand, gaps, ties, and what cannot be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.batch.test_backtest import CRITERIA, table

from assess.batch.nearest import Precedents, precedents
from assess.documents.errors import UsageError
from assess.rubric.loading import load_rubric

RUBRIC = load_rubric("alliance-durability")
EVEN = dict.fromkeys(CRITERIA, 1 / 8)
BEST = dict.fromkeys(CRITERIA, 100.0)


def alliances(rows: int = 40) -> pd.DataFrame:
    frame = table(rows).drop(columns=["id", "year", "y_broken", "noise"])
    return frame.assign(atopid=np.arange(rows) * 5 + 1000, begyr=1900 + np.arange(rows), members="2 200", y_term=2.0)


def find(frame: pd.DataFrame, values: dict[str, float | None] | None = None) -> Precedents:
    return precedents(values or dict(BEST), EVEN, RUBRIC, frame, assessment={"a": "b"}, table="t.csv")


def test_an_alliance_with_the_same_values_is_nearest_at_distance_0() -> None:
    frame = alliances()
    frame.loc[7, list(CRITERIA)] = [0.9, 0, 0, 0, -0.5, 0.01, 1, 1]
    found = find(frame)
    assert found.found[0].id == "1035"
    assert found.found[0].distance == pytest.approx(0, abs=1e-9)
    assert found.found[0].end == "ended in violation"
    assert [one.distance for one in found.found] == sorted(one.distance for one in found.found)
    assert len(found.found) == 10


def test_the_distance_is_the_weighted_mean_over_shared_facts() -> None:
    frame = alliances()
    frame.loc[3, list(CRITERIA)] = [0.9, 0, 0, 1, -0.5, np.nan, 1, 0]  # two at the worst (10), one missing
    found = {one.id: one for one in find(frame.loc[[3]]).found}
    assert found["1015"].distance == pytest.approx((90 + 90) / 7)
    assert found["1015"].shared == 7


def test_other_rows_change_no_distance() -> None:
    frame = alliances()
    whole = {one.id: one.distance for one in find(frame).found}
    for one in find(frame.iloc[::2]).found:
        assert whole.get(one.id, one.distance) == pytest.approx(one.distance)


def test_alliances_that_share_too_little_are_counted_and_left_out() -> None:
    frame = alliances()
    frame.loc[:9, list(CRITERIA)[:5]] = np.nan
    found = find(frame)
    assert found.left_out == 10
    assert found.rows == 30


@pytest.mark.parametrize(
    ("frame", "values", "said"),
    [
        (alliances().drop(columns="y_term"), None, "no column y_term"),
        (alliances().drop(columns=list(CRITERIA)), None, "none of the facts of alliance-durability"),
        (alliances(), dict.fromkeys(CRITERIA), "the case knows too few facts"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    frame: pd.DataFrame, values: dict[str, float | None] | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        find(frame, values)
