"""Points and swings: shares, intervals against their closed form, and what is refused."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.documents.errors import UsageError
from assess.robustness.sampling import uniform_weights
from assess.tuning.points import point_weights, swing_intervals, swing_ranks, swing_weights

NAMES = ("a", "b", "c")


def test_points_are_shares_of_their_sum() -> None:
    assert point_weights(NAMES, {"c": 10, "a": 60, "b": 30}).weights == pytest.approx({"a": 0.6, "b": 0.3, "c": 0.1})
    assert list(point_weights(NAMES, {"c": 10, "a": 60, "b": 30}).weights) == list(NAMES)


@given(st.lists(st.floats(0.1, 1e6), min_size=2, max_size=9), st.floats(1e-3, 1e3))
def test_the_unit_of_points_does_not_matter(points: list[float], factor: float) -> None:
    names = [str(index) for index in range(len(points))]
    once = point_weights(names, dict(zip(names, points, strict=True)))
    again = point_weights(names, {name: factor * value for name, value in zip(names, points, strict=True)})
    assert sum(once.weights.values()) == pytest.approx(1)
    assert again.weights == pytest.approx(once.weights)


def test_swings_of_100_50_and_10() -> None:
    """100 + 80 + 40 + 30 + 20 = 270, as swing weights are taught."""
    found = swing_weights([*NAMES, "d", "e"], {"a": 100, "b": 80, "c": 40, "d": 30, "e": 20})
    assert list(found.weights.values()) == pytest.approx([10 / 27, 8 / 27, 4 / 27, 3 / 27, 2 / 27])
    assert "von Winterfeldt & Edwards 1986" in found.method
    assert found.diagnostics == ()


def test_an_item_without_points_is_warned_of() -> None:
    for found in (point_weights(NAMES, {"a": 2, "b": 1, "c": 0}), swing_weights(NAMES, {"a": 100, "b": 1, "c": 0})):
        (remark,) = found.diagnostics
        assert remark.warning
        assert "c would not count" in (remark.text or "")


def test_ordinal_swings_are_rank_weights_under_their_own_name() -> None:
    found = swing_ranks(["a", "b", "c"])
    assert list(found.weights.values()) == pytest.approx([11 / 18, 5 / 18, 2 / 18])
    assert "swing" in found.method
    assert "rank-order centroid" in found.method
    assert "rank sum" in swing_ranks(["a", "b"], "rank_sum").method


LOW, HIGH = {"a": 100.0, "b": 50.0, "c": 10.0}, {"a": 100.0, "b": 70.0, "c": 30.0}


def test_intervals_hold_every_exact_swing_inside_them() -> None:
    found = swing_intervals(NAMES, LOW, HIGH)
    ends = [swing_weights(NAMES, {"a": 100.0, "b": b, "c": c}).weights for b, c in product((50.0, 70.0), (10.0, 30.0))]
    for name in NAMES:
        assert found.low[name] == pytest.approx(min(end[name] for end in ends))
        assert found.high[name] == pytest.approx(max(end[name] for end in ends))
        assert found.low[name] < found.weights[name] < found.high[name]
    assert sum(found.weights.values()) == pytest.approx(1)
    assert swing_intervals(NAMES, LOW, HIGH) == found


def test_the_centre_is_the_mean_of_all_weights_the_points_allow() -> None:
    """Against rejection: draws over the whole simplex, of which those are kept that some points give."""
    weights = uniform_weights(3, 400_000, 5)
    low, high = np.array(list(LOW.values())), np.array(list(HIGH.values()))
    kept = weights[(weights / high).max(axis=1) <= (weights / low).min(axis=1)]
    found = swing_intervals(NAMES, LOW, HIGH)
    assert list(found.weights.values()) == pytest.approx(kept.mean(axis=0), abs=3e-3)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=3))
@settings(max_examples=8)
def test_intervals_give_weights_inside_their_range(ends: list[tuple[int, int]]) -> None:
    names = [str(index) for index in range(len(ends) + 1)]
    low = dict(zip(names, [100.0, *(min(pair) for pair in ends)], strict=True))
    high = dict(zip(names, [100.0, *(max(pair) for pair in ends)], strict=True))
    found = swing_intervals(names, low, high, draws=500)
    assert sum(found.weights.values()) == pytest.approx(1)
    for name in names:
        assert found.low[name] - 1e-6 <= found.weights[name] <= found.high[name] + 1e-6


def test_points_that_make_no_sense_are_refused() -> None:
    for points, words in (
        ({"a": 1, "b": 2}, "the number of points for 'c' is missing"),
        ({"a": 1, "b": 2, "c": 3, "d": 4}, "unknown item 'd'"),
        ({"a": 1, "b": -2, "c": 3}, "found -2"),
        ({"a": 0, "b": 0, "c": 0}, "all points are 0"),
    ):
        with pytest.raises(UsageError, match=words):
            point_weights(NAMES, points)
    with pytest.raises(UsageError, match="no swing has 100 points"):
        swing_weights(NAMES, {"a": 90, "b": 20, "c": 30})
    with pytest.raises(UsageError, match=r"none has more; found 'a' \(110\)"):
        swing_weights(NAMES, {"a": 110, "b": 20, "c": 30})
    with pytest.raises(UsageError, match="low number of points 50 is above the high one 40"):
        swing_intervals(NAMES, LOW, HIGH | {"b": 40.0})
    with pytest.raises(UsageError, match="no swing has 100 points"):
        swing_intervals(NAMES, {"a": 10, "b": 1, "c": 1}, {"a": 99, "b": 2, "c": 2})
    with pytest.raises(UsageError) as caught:
        swing_intervals(NAMES, {"a": 100}, HIGH | {"z": 1})
    assert str(caught.value).count("\n") == 2
