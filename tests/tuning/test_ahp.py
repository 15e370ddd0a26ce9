"""AHP: published matrices, what must hold for every matrix, and judgements that are refused."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats
from assess.tuning.ahp import (
    SCALE,
    ahp_weights,
    comparison_matrix,
    consistency_index,
    consistency_ratio,
    eigenvector,
    fraction,
    geometric_mean,
    judged_matrix,
    random_index,
    reconsider,
)
from assess.tuning.elicited import Elicited, Remark

DRINKS = ("coffee", "wine", "tea", "beer", "soda", "milk", "water")
DRINK_ROWS = (
    (9, 5, 2, 1, 1, 1 / 2),
    (1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9),
    (1 / 3, 1 / 4, 1 / 3, 1 / 9),
    (1 / 2, 1, 1 / 3),
    (2, 1 / 2),
    (1 / 3,),
)
"""Drinking-water example of Saaty 2008, International Journal of Services Sciences 1(1)."""

LEADER = ((1, 4, 3, 7), (1 / 4, 1, 1 / 3, 3), (1 / 3, 3, 1, 5), (1 / 7, 1 / 3, 1 / 5, 1))
THREE = ((1, 3, 5), (1 / 3, 1, 3), (1 / 5, 1 / 3, 1))


def drinks() -> Floats:
    pairs = zip(combinations(DRINKS, 2), [value for row in DRINK_ROWS for value in row], strict=True)
    return comparison_matrix(DRINKS, [(a, b, value) for (a, b), value in pairs])


def remark(found: Elicited, name: str) -> Remark:
    return next(remark for remark in found.diagnostics if remark.name == name)


def test_saatys_drinks() -> None:
    weights = dict(zip(DRINKS, eigenvector(drinks())[0], strict=True))
    published = {"water": 0.327, "soda": 0.190, "coffee": 0.177, "milk": 0.129, "beer": 0.116, "tea": 0.042}
    assert weights == pytest.approx(published | {"wine": 0.019}, abs=6e-4)
    assert consistency_ratio(drinks(), "saaty_2005") == pytest.approx(0.0218, abs=5e-5)
    assert consistency_ratio(drinks(), "donegan_dodd") == pytest.approx(0.0235, abs=5e-5)
    assert consistency_ratio(drinks(), "saaty_1980") == pytest.approx(0.029438173 / 1.32, abs=1e-8)


def test_a_matrix_of_three_agrees_with_three_other_programs() -> None:
    matrix = judged_matrix("abc", THREE)
    weights, largest = eigenvector(matrix)
    assert weights == pytest.approx([0.636986, 0.258285, 0.104729], abs=1e-6)
    assert largest == pytest.approx(3.038511, abs=1e-6)
    assert consistency_index(matrix) == pytest.approx(0.019256, abs=1e-6)
    assert consistency_ratio(matrix) == pytest.approx(0.033199, abs=1e-6)


def test_choosing_a_leader_by_both_methods() -> None:
    matrix = judged_matrix("abcd", LEADER)
    weights, largest = eigenvector(matrix)
    assert weights == pytest.approx([0.547569, 0.126555, 0.269950, 0.055926], abs=1e-6)
    assert largest == pytest.approx(4.118418, abs=1e-6)
    assert consistency_ratio(matrix) == pytest.approx(0.043859, abs=1e-6)
    assert geometric_mean(matrix) == pytest.approx([0.546240, 0.127585, 0.269809, 0.056366], abs=1e-6)


weight_lists = st.lists(st.floats(0.05, 1.0), min_size=3, max_size=7)


@given(weight_lists, st.randoms(use_true_random=False))
def test_consistent_judgements_give_back_their_weights_with_any_connected_gaps(parts: list[float], chance) -> None:  # type: ignore[no-untyped-def]
    weights = np.array(parts) / sum(parts)
    matrix = weights[:, None] / weights[None, :]
    for i, j in combinations(range(len(parts)), 2):
        if j > i + 1 and chance.random() < 0.5:  # the chain 0-1-2-... stays
            matrix[i, j] = matrix[j, i] = np.nan
    assert eigenvector(matrix)[0] == pytest.approx(weights, rel=1e-6)
    assert geometric_mean(matrix) == pytest.approx(weights, rel=1e-9)
    assert consistency_index(matrix) == pytest.approx(0, abs=1e-8)
    names = [str(index) for index in range(len(parts))]
    assert reconsider(names, matrix) is None


@st.composite
def matrices(draw: st.DrawFn) -> Floats:
    n = draw(st.integers(3, 6))
    names = [str(index) for index in range(n)]
    return comparison_matrix(names, [(a, b, draw(st.sampled_from(SCALE))) for a, b in combinations(names, 2)])


@given(matrices())
@settings(max_examples=40)
def test_weights_follow_their_items_and_the_ratio_is_never_negative(matrix: Floats) -> None:
    turned = matrix[::-1, ::-1]
    assert eigenvector(matrix)[0] == pytest.approx(eigenvector(turned)[0][::-1], abs=1e-9)
    assert geometric_mean(matrix) == pytest.approx(geometric_mean(turned)[::-1], abs=1e-9)
    rows = np.exp(np.log(matrix).mean(axis=1))
    assert geometric_mean(matrix) == pytest.approx(rows / rows.sum(), abs=1e-9)
    n = len(matrix)
    assert consistency_index(matrix) >= 0
    weights, largest = eigenvector(matrix)
    assert matrix @ weights == pytest.approx(largest * weights, abs=1e-8)
    assert largest >= n - 1e-9


@given(matrices())
@settings(max_examples=25)
def test_the_mend_is_the_best_of_all_and_gives_the_ratio_it_promises(matrix: Floats) -> None:
    names = [str(index) for index in range(len(matrix))]
    mend, before = reconsider(names, matrix), consistency_ratio(matrix)
    assert before is not None
    if mend is None:
        return
    i, j = names.index(mend.first), names.index(mend.second)
    assert matrix[i, j] == mend.said
    changed = matrix.copy()
    changed[i, j], changed[j, i] = mend.value, 1 / mend.value
    assert consistency_ratio(changed) == pytest.approx(mend.ratio)
    assert mend.ratio < before
    assert mend.value in SCALE


def test_a_spoiled_judgement_is_the_one_to_reconsider() -> None:
    weights = np.array([8, 4, 2, 1]) / 15
    matrix = weights[:, None] / weights[None, :]
    matrix[1, 2], matrix[2, 1] = 1 / 4, 4.0
    mend = reconsider("abcd", matrix)
    assert mend is not None
    assert (mend.first, mend.second, mend.said, mend.value) == ("b", "c", 0.25, 2.0)
    assert mend.implied == pytest.approx(2)
    assert mend.ratio == pytest.approx(0, abs=1e-9)
    found = ahp_weights("abcd", matrix)
    assert remark(found, "consistency ratio").warning
    assert remark(found, "reconsider first").text == (
        "b over c: 1/4 was said, the other judgements imply 2.00; with 2 the consistency ratio would be 0.000"
    )


def test_gaps_count_as_the_ratio_of_the_weights() -> None:
    """Harker's matrix has the eigenvalue of the matrix filled with w_i / w_j."""
    matrix = judged_matrix("abcd", LEADER)
    matrix[0, 3] = matrix[3, 0] = np.nan
    weights, largest = eigenvector(matrix)
    filled = np.where(np.isnan(matrix), weights[:, None] / weights[None, :], matrix)
    assert filled @ weights == pytest.approx(largest * weights)
    logs = geometric_mean(matrix)
    filled = np.where(np.isnan(matrix), logs[:, None] / logs[None, :], matrix)
    rows = np.exp(np.log(filled).mean(axis=1))
    assert logs == pytest.approx(rows / rows.sum())


def test_the_random_index_shrinks_with_gaps_and_ends() -> None:
    assert random_index(4) == 0.90
    assert random_index(4, 1) == pytest.approx(0.60)
    assert random_index(4, 3) is None
    assert random_index(2) is None
    assert random_index(15) == 1.59
    assert random_index(16) is None
    with pytest.raises(UsageError, match="did you mean 'saaty_1980'"):
        random_index(3, 0, "saaty_1981")


def test_the_report_names_table_and_gaps() -> None:
    found = ahp_weights("abcd", judged_matrix("abcd", LEADER))
    assert sum(found.weights.values()) == pytest.approx(1)
    assert "Saaty 1980" in (remark(found, "consistency ratio").text or "")
    assert not remark(found, "consistency ratio").warning
    part = comparison_matrix("abc", [("a", "b", 3.0), ("b", "c", 2.0)])
    tree = ahp_weights("abc", part, "geometric_mean")
    assert remark(tree, "consistency ratio").value is None
    assert "no judgement checks another" in (remark(tree, "consistency ratio").text or "")
    assert remark(tree, "pairs judged").value == 2
    assert tree.weights == pytest.approx({"a": 6 / 9, "b": 2 / 9, "c": 1 / 9})
    gapped = judged_matrix("abcd", LEADER)
    gapped[0, 3] = gapped[3, 0] = np.nan
    assert "adjusted for 1 missing pair" in (remark(ahp_weights("abcd", gapped), "consistency ratio").text or "")


def test_two_items_many_items_and_a_wide_judgement() -> None:
    pair = ahp_weights("ab", comparison_matrix("ab", [("a", "b", 3.0)]))
    assert pair.weights == pytest.approx({"a": 0.75, "b": 0.25})
    assert remark(pair, "consistency ratio").value is None
    names = [f"i{index}" for index in range(16)]
    many = ahp_weights(names, comparison_matrix(names, [(a, b, 1.0) for a, b in combinations(names, 2)]))
    assert "end at 15 items" in (remark(many, "consistency ratio").text or "")
    wide = ahp_weights("ab", comparison_matrix("ab", [("a", "b", 12.0)]))
    assert remark(wide, "scale").warning


def test_either_triangle_or_both_give_the_same_matrix() -> None:
    upper = [[1, 3, 5], [None, 1, 3], [None, None, 1]]
    lower = [[None, None, None], [1 / 3, None, None], [1 / 5, 0.333333333, None]]
    both = [[1, 3, 5], [0.333333333, 1, 3], [0.2, 0.333333333, 1]]
    for rows in (upper, lower, both):
        assert judged_matrix("abc", rows) == pytest.approx(np.array(THREE), rel=1e-8)
    assert judged_matrix("abc", both)[1, 0] == 1 / 3
    assert comparison_matrix("ab", [("b", "a", 0.333333333), ("a", "b", 3)])[0, 1] == 3


@pytest.mark.parametrize(
    ("comparisons", "words"),
    [
        ([("a", "b", 3), ("b", "a", 0.5)], "opposite comparisons must be reciprocal"),
        ([("a", "b", 3), ("a", "b", 4)], "3 in one place and 4 in another"),
        ([("a", "a", 2)], "a compared with itself must be 1 (found 2)"),
        ([("a", "b", 0)], "must be a number above 0 (found 0)"),
        ([("a", "b", -2)], "found -2"),
        ([("a", "b", float("inf"))], "found inf"),
        ([("a", "x", 2)], "unknown item 'x'"),
        ([("a", "b", 2)], "no comparisons connect {a, b} with {c} with {d}"),
        ([("a", "b", 2), ("c", "d", 2)], "no comparisons connect {a, b} with {c, d}"),
    ],
)
def test_judgements_that_make_no_sense_are_refused(comparisons: list[tuple[str, str, float]], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        comparison_matrix("abcd", comparisons)
    assert words in str(caught.value)


def test_all_that_is_wrong_is_said_at_once_and_shapes_are_checked() -> None:
    with pytest.raises(UsageError) as caught:
        comparison_matrix("ab", [("a", "x", 2), ("a", "a", 2), ("a", "b", 0)])
    assert str(caught.value).count("\n") == 2
    with pytest.raises(UsageError, match="at least two items"):
        comparison_matrix("a", [])
    with pytest.raises(UsageError, match="3 rows of 3 numbers"):
        judged_matrix("abc", [[1, 2], [1, 1]])
    with pytest.raises(UsageError, match="unknown AHP method"):
        ahp_weights("abc", judged_matrix("abc", THREE), "mean")


def test_judgements_are_written_as_people_write_them() -> None:
    assert [fraction(value) for value in (1 / 3, 1.0, 3.0, 0.4, 1 / 9)] == ["1/3", "1", "3", "0.4", "1/9"]
