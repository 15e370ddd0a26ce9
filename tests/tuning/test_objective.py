"""Weights from spread: numbers of other programs, what must hold for every table, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats
from assess.tuning.elicited import Elicited
from assess.tuning.objective import (
    METHODS,
    critic,
    entropy,
    equal,
    first_component,
    principal_component,
    standard_deviation,
)

NAMES = ("roe", "cap", "ri")
STOCK = np.array([[7, 5, 35], [5, 4, 26], [5, 6, 28], [3, 4, 36], [1, 7, 30], [5, 8, 30]], dtype=np.float64)
"""Example table of scikit-criteria: return and capital are to be large, risk small."""

ASEM = Path(__file__).parents[2].parent / "shared" / "oracles" / "asem_scores.csv"


def numbers(found: Elicited) -> list[float]:
    return list(found.weights.values())


def stretched(values: Floats) -> Floats:
    return np.asarray((values - values.min(axis=0)) / np.ptp(values, axis=0))


def test_entropy_as_scikit_criteria_has_it() -> None:
    table = STOCK.copy()
    table[:, 2] = 1 / table[:, 2]
    assert numbers(entropy(NAMES, table)) == pytest.approx([0.73398076, 0.2235483, 0.04247094], abs=1e-8)


def test_critic_and_standard_deviation_as_scikit_criteria_has_them() -> None:
    table = STOCK * [1, 1, -1]
    assert numbers(critic(NAMES, table)) == pytest.approx([0.33700067, 0.35268428, 0.31031505], abs=1e-8)
    assert numbers(critic(NAMES, stretched(table))) == pytest.approx(numbers(critic(NAMES, table)))
    found = standard_deviation(NAMES, stretched(table))
    assert numbers(found) == pytest.approx([0.3007952, 0.35669923, 0.34250557], abs=1e-8)


@pytest.mark.skipif(not ASEM.exists(), reason="the ASEM tables stand beside the repository, not in it")
def test_principal_components_as_coinr_has_them() -> None:
    with ASEM.open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))

    def columns(*names: str) -> Floats:
        return np.array([[float(row[name]) for name in names] for row in table])

    links = ("Physical", "ConEcFin", "Political", "Instit", "P2P")
    expected = np.array([0.5117970, 0.3049926, 0.3547671, 0.5081540, 0.5108455])
    assert first_component(columns(*links))[0] == pytest.approx(expected, abs=1e-6)
    found = principal_component(links, columns(*links))
    assert numbers(found) == pytest.approx(expected / expected.sum(), abs=1e-6)
    sustainable = ("Environ", "Social", "SusEcFin")
    loadings = first_component(columns(*sustainable))[0]
    assert loadings == pytest.approx([0.6513188, -0.7443677, 0.1473108], abs=1e-6)
    with pytest.raises(UsageError, match=r"negative loading on the first component: Social \(-0\.744\)"):
        principal_component(sustainable, columns(*sustainable))


tables = arrays(np.float64, (6, 3), elements=st.integers(0, 100).map(float)).filter(
    lambda values: bool((np.ptp(values, axis=0) > 0).all())
)


@given(tables, st.sampled_from(list(METHODS)))
def test_weights_sum_to_one_and_follow_their_columns_and_rows(values: Floats, title: str) -> None:
    method = METHODS[title]
    try:
        found = method(NAMES, values)
    except UsageError:
        return
    assert sum(found.weights.values()) == pytest.approx(1)
    assert min(found.weights.values()) >= 0
    turned = method(NAMES[::-1], values[::-1, ::-1])
    assert turned.weights == pytest.approx(found.weights, abs=1e-5)


@given(tables, st.floats(0.1, 10))
def test_the_unit_of_a_column_does_not_matter_where_that_is_claimed(values: Floats, factor: float) -> None:
    scaled = values * [factor, 1, 1]
    assert numbers(entropy(NAMES, scaled)) == pytest.approx(numbers(entropy(NAMES, values)), abs=1e-9)
    try:
        expected = numbers(critic(NAMES, values))
    except UsageError:
        return
    assert numbers(critic(NAMES, scaled)) == pytest.approx(expected, abs=1e-9)


def test_a_constant_column_has_weight_0_and_a_case_with_a_gap_is_left_out() -> None:
    table = np.column_stack([STOCK[:, :2], np.full(6, 40.0)])
    gapped = np.vstack([table, [np.nan, 1, 2]])
    for method in (entropy, critic, standard_deviation):
        found = method(NAMES, gapped)
        assert found.weights["ri"] == 0
        assert numbers(found)[:2] == pytest.approx(numbers(method(NAMES[:2], STOCK[:, :2])))
        texts = [remark.text or "" for remark in found.diagnostics if remark.warning]
        assert any("1 of 7 cases have a gap" in text for text in texts)
        assert any("ri does not vary" in text for text in texts)
    assert numbers(equal(NAMES, gapped)) == pytest.approx([1 / 3] * 3)


def test_few_cases_are_warned_of() -> None:
    found = standard_deviation(NAMES, STOCK[:3])
    assert [remark.name for remark in found.diagnostics if remark.warning] == ["few cases"]
    assert standard_deviation(NAMES, STOCK).diagnostics == ()


def test_components_say_how_much_they_explain() -> None:
    table = np.column_stack([STOCK[:, 0], STOCK[:, 0] * 2 + 1, STOCK[:, 0] ** 2])
    found = principal_component(NAMES, table)
    share = next(remark.value for remark in found.diagnostics if remark.name == "variance explained")
    assert share is not None
    assert 0.9 < share <= 1
    assert found.weights["roe"] == pytest.approx(found.weights["cap"])


@pytest.mark.parametrize("method", [entropy, critic, standard_deviation, principal_component])
def test_tables_that_give_no_weights_are_refused(method) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match="nothing varies over these 4 cases"):
        method(NAMES, np.full((4, 3), 7.0))
    with pytest.raises(UsageError, match=r"need 3 cases without a gap \(found 2; gaps are in cap\)"):
        method(NAMES, np.array([[1, 2, 3], [4, 5, 6], [1, np.nan, 2.0]]))
    with pytest.raises(UsageError, match="infinite values in cap"):
        method(NAMES, STOCK * [1, np.inf, 1])
    with pytest.raises(UsageError, match="must have 3 columns"):
        method(NAMES, STOCK[:, :2])
    with pytest.raises(UsageError, match="at least two items"):
        method(["a"], STOCK[:, :1])


def test_components_that_tie_are_refused() -> None:
    with pytest.raises(UsageError, match="no first one"):
        principal_component(NAMES[:2], np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]))


def test_entropy_refuses_negative_values_and_critic_full_agreement() -> None:
    with pytest.raises(UsageError, match="ri has values below 0"):
        entropy(NAMES, STOCK * [1, 1, -1])
    with pytest.raises(UsageError, match="agree fully"):
        critic(NAMES, np.outer([1, 2, 4, 8.0], [1, 2, 3]))
