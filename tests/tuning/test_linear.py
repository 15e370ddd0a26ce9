"""Linear programs over weights against ranges that are known."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from assess.documents.errors import UsageError
from assess.tuning.linear import minimise, weight_range


def test_without_constraints_each_weight_runs_from_0_to_1() -> None:
    found = weight_range(3, np.empty((0, 3)), np.empty(0))
    assert found is not None
    assert found[0] == pytest.approx(np.zeros(3), abs=1e-12)
    assert found[1] == pytest.approx(np.ones(3))


def test_an_order_gives_its_known_range() -> None:
    found = weight_range(3, np.array([[-1.0, 1, 0], [0, -1, 1]]), np.zeros(2))
    assert found is not None
    assert found[0] == pytest.approx([1 / 3, 0, 0], abs=1e-12)
    assert found[1] == pytest.approx([1, 1 / 2, 1 / 3])


def test_numbers_beyond_the_weights_are_free_of_the_sum() -> None:
    found = minimise(np.array([0.0, 0, 1]), np.array([[1.0, -1, -1], [-1, 1, -1]]), np.zeros(2), 2)
    assert found == pytest.approx([0.5, 0.5, 0], abs=1e-9) or (found is not None and found[2] == pytest.approx(0))


def test_what_cannot_be_met_gives_none() -> None:
    assert minimise(np.zeros(2), np.array([[1.0, 1.0]]), np.array([0.5]), 2) is None
    assert weight_range(2, np.array([[1.0, 1.0]]), np.array([0.5])) is None


def test_without_scipy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(UsageError, match=r"install assess-partnerships\[tune\]"):
        minimise(np.zeros(2), np.empty((0, 2)), np.empty(0), 2)


def test_a_solver_that_gives_up_is_an_error() -> None:
    with pytest.raises(UsageError, match="could not be solved"):
        minimise(np.array([0.0, -1.0]), np.empty((0, 2)), np.empty(0), 1)
