"""Weights from an order: the published numbers, and what every such formula must keep."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.documents.errors import UsageError
from assess.robustness.sampling import ordered_weights
from assess.tuning.linear import weight_range
from assess.tuning.ranks import FORMULAS, rank_order_centroid, rank_reciprocal, rank_sum, rank_weights


def test_the_published_weights() -> None:
    """Closed forms; Barron & Barrett 1996, table 1, print them to two to four decimals."""
    assert rank_order_centroid(3) == pytest.approx([0.611111, 0.277778, 0.111111], abs=1e-6)
    assert rank_order_centroid(4) == pytest.approx([0.520833, 0.270833, 0.145833, 0.0625], abs=1e-6)
    assert rank_order_centroid(5) == pytest.approx([0.456667, 0.256667, 0.156667, 0.09, 0.04], abs=1e-6)
    assert rank_sum(4) == pytest.approx([0.4, 0.3, 0.2, 0.1])
    assert rank_reciprocal(4) == pytest.approx([0.48, 0.24, 0.16, 0.12])


def test_the_rank_order_centroid_is_the_mean_of_all_weights_in_that_order() -> None:
    drawn = ordered_weights([0, 1, 2, 3, 4], 200_000, 1)
    assert rank_order_centroid(5) == pytest.approx(drawn.mean(axis=0), abs=1e-3)


@given(
    st.sampled_from(list(FORMULAS)), st.lists(st.integers(1, 3), min_size=1, max_size=6).filter(lambda g: sum(g) > 1)
)
def test_weights_sum_to_one_fall_with_rank_and_lie_in_their_range(formula: str, sizes: list[int]) -> None:
    order = [[f"{place}.{index}" for index in range(size)] for place, size in enumerate(sizes)]
    found = rank_weights(order, formula)
    assert sum(found.weights.values()) == pytest.approx(1)
    groups = [[found.weights[name] for name in group] for group in order]
    assert all(len(set(group)) == 1 for group in groups)
    assert all(before[0] > after[0] for before, after in pairwise(groups))
    for name, weight in found.weights.items():
        assert found.low[name] - 1e-12 <= weight <= found.high[name] + 1e-12


def test_the_range_is_that_of_linear_programs() -> None:
    found = rank_weights(["a", ["b", "c"], "d"])
    rows = np.array([[-1.0, 1, 0, 0], [0, 1, -1, 0], [0, -1, 1, 0], [0, 0, -1, 1]])
    solved = weight_range(4, rows, np.zeros(4))
    assert solved is not None
    assert list(found.low.values()) == pytest.approx(solved[0], abs=1e-9)
    assert list(found.high.values()) == pytest.approx(solved[1], abs=1e-9)


def test_tied_items_share_the_mean_of_their_places_and_it_is_said() -> None:
    found = rank_weights([["a", "b"], "c"], "rank_sum")
    assert found.weights == pytest.approx({"a": 2.5 / 6, "b": 2.5 / 6, "c": 1 / 6})
    assert any("a = b" in (remark.text or "") for remark in found.diagnostics)
    assert "Stillwell" in found.method
    assert not any(remark.name == "ties" for remark in rank_weights(["a", "b"]).diagnostics)


def test_what_is_no_order_is_refused() -> None:
    with pytest.raises(UsageError, match="did you mean 'rank_sum'"):
        rank_weights(["a", "b"], "rank_sums")
    with pytest.raises(UsageError, match="named twice: a"):
        rank_weights(["a", ["b", "a"]])
    with pytest.raises(UsageError, match="at least two items"):
        rank_weights(["a"])
