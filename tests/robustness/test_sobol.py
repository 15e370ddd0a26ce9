"""Sobol' indices against closed forms, and of a case."""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module

import numpy as np
import pytest
from tests.conftest import criterion, default_rubric, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.partnership.loading import load_partnership
from assess.robustness.drawing import Drawing
from assess.robustness.effective import linear_main_effects
from assess.robustness.sampling import dirichlet_weights, uniform_weights
from assess.robustness.sobol import global_sensitivity, indices, radial_sample, simplex
from assess.rubric.measures import Floats
from assess.scoring.prepared import prepare

G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
SURE = {name: level(2, 2, 2) for name in "abcd"}


def g_function(x: Floats) -> Floats:
    return np.asarray(((np.abs(4 * x - 2) + G) / (1 + G)).prod(axis=1))


def ishigami(uniform: Floats) -> Floats:
    x = np.pi * (2 * uniform - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def test_g_function() -> None:
    found = indices(g_function, 8, n=4096, seed=1)
    first = [0.71619217, 0.17904804, 0.02367577, 0.00716192, *[0.00007162] * 4]
    total = [0.78714413, 0.24219819, 0.03431691, 0.01046039, *[0.00010495] * 4]
    assert found.first == pytest.approx(first, abs=0.005)
    assert found.total == pytest.approx(total, abs=0.005)
    assert (found.first_half_width[:2] > 0).all()


def test_ishigami() -> None:
    found = indices(ishigami, 3, n=4096, seed=1)
    assert found.first == pytest.approx([0.3139051911, 0.4424111448, 0.0], abs=0.005)
    assert found.total == pytest.approx([0.5575888552, 0.4424111448, 0.2436836641], abs=0.005)


def test_additive_score() -> None:
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    exact = linear_main_effects(weights, np.full(4, 1 / 12))
    found = indices(lambda x: x @ weights, 4, n=4096, seed=1)
    assert found.first == pytest.approx(exact, abs=0.005)
    assert found.total == pytest.approx(exact, abs=0.005)


def test_the_sample_is_that_of_salib() -> None:
    sample = import_module("SALib.sample.sobol").sample
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0.0, 1.0]] * 3}
    assert np.array_equal(radial_sample(3, 16, 5), sample(problem, 16, calc_second_order=False, seed=5))


def test_a_constant_has_no_indices_and_one_factor_has_all() -> None:
    flat = indices(lambda x: np.full(len(x), 3.0), 2, n=8, seed=0)
    assert not np.concatenate([flat.first, flat.first_half_width, flat.total, flat.total_half_width]).any()
    one = indices(lambda x: x[:, 0], 1, n=1024, seed=0)
    assert (one.first[0], one.total[0]) == (pytest.approx(1.0, abs=0.01), pytest.approx(1.0, abs=0.01))


def test_seed_zero_is_a_seed() -> None:
    first, again = (indices(g_function, 8, n=64, seed=0) for _ in range(2))
    assert np.array_equal(first.first_half_width, again.first_half_width)
    assert np.array_equal(first.total, again.total)


def test_inverted_weights_have_the_moments_of_drawn_ones() -> None:
    uniform = radial_sample(3, 8192, 2)[::5]  # the rows of A
    flat = simplex(uniform, np.ones(3))
    assert np.allclose(flat.sum(axis=1), 1.0)
    drawn = uniform_weights(3, 20_000, 1)
    assert np.allclose(flat.mean(axis=0), drawn.mean(axis=0), atol=0.01)
    assert np.allclose(flat.var(axis=0), drawn.var(axis=0), atol=0.003)
    around = np.array([0.5, 0.3, 0.2])
    near, drawn = simplex(uniform, 20.0 * around), dirichlet_weights(around, 20.0, 20_000, 1)
    assert np.allclose(near.mean(axis=0), around, atol=0.01)
    assert np.allclose(near.var(axis=0), drawn.var(axis=0), atol=0.001)
    assert np.isfinite(simplex(np.zeros((1, 3)), np.ones(3))).all()


def test_one_pillar_of_a_case_is_additive() -> None:
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", 3.0), criterion("b"), criterion("c")]}
    seen = {"a": level(1, 2, 3), "b": level(1, 2, 3), "c": level(2, 2, 2)}
    case = prepare(small_partnership(observations=seen), small_rubric(pillars=[pillar]))
    found = global_sensitivity(case, seed=1, n=4096)
    assert [(f.id, f.kind) for f in found.factors] == [("a", "input"), ("b", "input")]
    assert found.factors[0].first == pytest.approx(0.9, abs=0.005)
    assert found.factors[1].total == pytest.approx(0.1, abs=0.005)


def test_certain_inputs_leave_the_weights() -> None:
    seen = SURE | {"c": level(4, 4, 4), "d": level(4, 4, 4)}
    case = prepare(small_partnership(observations=seen), small_rubric())
    found = global_sensitivity(case, seed=1, n=256, how=Drawing(concentration=10.0))
    assert {(f.id, f.kind) for f in found.factors} == {("one", "weight"), ("two", "weight")}
    equal = global_sensitivity(prepare(small_partnership(observations=SURE), small_rubric()), seed=1, n=64)
    assert {f.total for f in equal.factors} == {0.0}


def test_degenerate_cases_say_why() -> None:
    rubric = small_rubric(pillars=[{"id": "one", "title": "One", "criteria": [criterion("a")]}])
    still = global_sensitivity(prepare(small_partnership(observations={"a": level(2, 2, 2)}), rubric), seed=1)
    assert (still.factors, still.evaluations, still.reason) == ((), 0, "no input and no weight varies")
    empty = global_sensitivity(prepare(small_partnership(), rubric), seed=1)
    assert empty.reason == "no overall score: under 60 % is observed in One"


@pytest.mark.parametrize("name", ["nato", "csto"])
def test_a_shipped_case_takes_under_a_second_and_repeats(name: str) -> None:
    case = prepare(load_partnership(name), default_rubric())
    first = global_sensitivity(case, seed=3)
    start = time.process_time()
    again = global_sensitivity(case, seed=3)
    assert time.process_time() - start < 1.0
    assert first == again
    json.dumps(first.model_dump(mode="json"), allow_nan=False)
    for factor in first.factors:
        assert 0.0 <= factor.first_low <= factor.first <= factor.first_high <= 1.0
        assert 0.0 <= factor.total_low <= factor.total <= factor.total_high <= 1.0
    assert [f.total for f in first.factors] == sorted((f.total for f in first.factors), reverse=True)


def test_bad_requests_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    case = prepare(small_partnership(observations={name: level(2) for name in "abcd"}), small_rubric())
    for n in (0, 1, 100):
        with pytest.raises(UsageError, match="power of 2"):
            global_sensitivity(case, seed=1, n=n)
    with pytest.raises(UsageError, match="at least 1 factor"):
        indices(g_function, 0, n=8, seed=1)
    with pytest.raises(UsageError, match="seed"):
        indices(g_function, 8, n=8, seed=-1)
    with pytest.raises(UsageError, match="concentration"):
        global_sensitivity(case, seed=1, how=Drawing(concentration=0.0))
    monkeypatch.setitem(sys.modules, "SALib.analyze.sobol", None)
    with pytest.raises(UsageError, match=r"install assess-partnerships\[robust\]"):
        global_sensitivity(case, seed=1, n=8)
