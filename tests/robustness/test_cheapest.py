"""The search for the cheapest changes against brute force, and against a mixed-integer programme."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, small_rubric

from assess.documents.errors import UsageError
from assess.robustness.cheapest import Choice, Found, cheapest
from assess.rubric.measures import Floats, Values
from assess.scoring.compiled import CompiledRubric, compile_rubric
from assess.scoring.kernel import TOLERANCE, aggregate

METHODS: list[dict[str, Any]] = [
    {"method": "arithmetic"},
    {"method": "geometric", "floor": 1.0},
    {"method": "geometric", "floor": 30.0},
    {"method": "power", "exponent": -2.0, "floor": 5.0},
    {"method": "power", "exponent": 0.5, "floor": 1.0},
    {"method": "power", "exponent": 3.0, "floor": 1.0},
    {"method": "minimum"},
]
ANY_COVERAGE = {"insufficient_below": 0.0, "provisional_below": 0.0}


def compiled_of(across: dict[str, Any], inside: list[dict[str, Any]], weights: list[float]) -> CompiledRubric:
    """Two pillars of two criteria, the second with a pillar of two more inside it."""
    a, b, c, d, e, f = (criterion(name, weight) for name, weight in zip("abcdef", weights, strict=True))
    inner = {"id": "in", "title": "In", "weight": weights[0], "aggregation": inside[2], "criteria": [e, f]}
    pillars = [
        {"id": "one", "title": "One", "weight": weights[1], "aggregation": inside[0], "criteria": [a, b]},
        {"id": "two", "title": "Two", "aggregation": inside[1], "pillars": [inner], "criteria": [c, d]},
    ]
    return compile_rubric(small_rubric(pillars=pillars, aggregation=across, coverage=ANY_COVERAGE))


def overall(compiled: CompiledRubric, values: Floats, chosen: tuple[Choice, ...]) -> float:
    raised = values.copy()
    for choice in chosen:
        raised[choice.column] = choice.value
    return float(aggregate(compiled, Values.of(raised[None, :])).score[0, -1])


def reaching(compiled: CompiledRubric, values: Floats, choices: list[Choice], target: float) -> list[tuple[Any, ...]]:
    """Every set of choices that reaches the target, with its key and its levers, the best first."""
    by_column = [[None, *(one for one in choices if one.column == column)] for column in range(len(values))]
    sets = []
    for row in product(*by_column):
        chosen = tuple(one for one in row if one is not None)
        score = overall(compiled, values, chosen)
        if score >= target - TOLERANCE:
            key = (
                sum(c.cost for c in chosen),
                sum(c.items for c in chosen),
                max((c.months for c in chosen), default=0),
            )
            sets.append((key, -score, frozenset(lever for c in chosen for lever in c.levers)))
    return sorted(sets, key=lambda entry: entry[:2])


def key_of(found: Found) -> tuple[int, int, int]:
    return found.cost, found.items, found.months


@st.composite
def problems(draw: st.DrawFn) -> tuple[CompiledRubric, Floats, list[Choice], float]:
    method = st.sampled_from(METHODS)
    weights = draw(st.lists(st.integers(1, 6).map(float), min_size=6, max_size=6))
    compiled = compiled_of(draw(method), draw(st.lists(method, min_size=3, max_size=3)), weights)
    values = np.array(draw(st.lists(st.sampled_from([np.nan, 0.0, 25.0, 50.0, 75.0]), min_size=6, max_size=6)))
    choices = []
    for column in np.flatnonzero(~np.isnan(values)).tolist():
        for _ in range(draw(st.integers(0, 2))):
            more = draw(st.sampled_from([10.0, 25.0, 50.0, 100.0]))
            value = min(100.0, float(values[column]) + more)
            cost, items = draw(st.sampled_from([(1, 1), (2, 1), (4, 1), (3, 2)]))
            levers = (f"c{column}",) if items == 1 else (f"c{column}.0", f"c{column}.1")
            choices.append(Choice(column, levers, value, cost, items, draw(st.sampled_from([6, 12, 24]))))
    return compiled, values, choices, draw(st.sampled_from([35.0, 50.0, 65.0, 80.0]))


@settings(max_examples=300)
@given(problems())
def test_no_set_is_better_than_what_is_found(problem: tuple[CompiledRubric, Floats, list[Choice], float]) -> None:
    """Brute force over every set, for the first package and for each alternative to those before it."""
    compiled, values, choices, target = problem
    found = cheapest(compiled, values, choices, target, top=4)
    left = reaching(compiled, values, choices, target) if not np.isnan(values).all() else []
    for one in found:
        key, fall, _ = left[0]
        assert key_of(one) == key
        assert one.score == pytest.approx(-fall, abs=1e-9)
        assert overall(compiled, values, one.choices) == pytest.approx(one.score, abs=1e-9)
        left = [entry for entry in left if not one.levers <= entry[2]]
    assert len(found) == 4 or not left


@settings(max_examples=100)
@given(problems())
def test_nothing_can_be_taken_out(problem: tuple[CompiledRubric, Floats, list[Choice], float]) -> None:
    compiled, values, choices, target = problem
    for one in cheapest(compiled, values, choices, target):
        assert len({choice.column for choice in one.choices}) == len(one.choices)
        for fewer in combinations(one.choices, len(one.choices) - 1) if one.choices else ():
            assert overall(compiled, values, fewer) < target - TOLERANCE


@settings(max_examples=50)
@given(problems(), st.integers(1, 3))
def test_the_same_problem_has_the_same_answer(
    problem: tuple[CompiledRubric, Floats, list[Choice], float], top: int
) -> None:
    compiled, values, choices, target = problem
    assert cheapest(compiled, values, choices, target, top) == cheapest(compiled, values, choices, target, 3)[:top]


def shipped_size(seed: int) -> tuple[CompiledRubric, Floats, list[Choice]]:
    """Four pillars of nine criteria with three ways up each: too many sets for brute force."""
    rng = np.random.default_rng(seed)
    pillars = [
        {
            "id": f"p{p}",
            "title": "P",
            "weight": float(rng.integers(10, 40)),
            "criteria": [criterion(f"c{p}_{c}", float(rng.integers(5, 20))) for c in range(9)],
        }
        for p in range(4)
    ]
    compiled = compile_rubric(small_rubric(pillars=pillars))
    values: Floats = np.array(rng.integers(0, 4, 36) * 25, dtype=np.float64)
    choices = [
        Choice(k, (f"c{k}",), min(100.0, values[k] + 25.0 * (way + 1)), (1, 2, 4)[way], 1, int(rng.integers(3, 60)))
        for k in range(36)
        for way in range(3)
    ]
    return compiled, values, choices


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("target", [50.0, 65.0, 80.0])
def test_a_mixed_integer_programme_finds_the_same_least_cost_and_number(seed: int, target: float) -> None:
    """HiGHS by outer approximation (Duran & Grossmann 1986): a geometric mean of linear functions is concave.

    Each round adds the tangents of the logarithms at the last solution, until that solution reaches the target.
    """
    optimize = pytest.importorskip("scipy.optimize")
    compiled, values, choices = shipped_size(seed)
    found = cheapest(compiled, values, choices, target, top=1)
    share = compiled.leaf_share[:, compiled.top]
    shares = compiled.node_weights[compiled.top]
    rise = np.array([share[c.column] * (c.value - values[c.column]) for c in choices])
    n, p = len(choices), len(shares)
    one_way = np.array([[c.column == column for c in choices] + [False] * p for column in range(len(values))])
    rules = [
        optimize.LinearConstraint(one_way.astype(float), ub=1),
        optimize.LinearConstraint(np.concatenate([np.zeros(n), shares]), lb=np.log(target) - 1e-7),
    ]
    weight = np.concatenate([[1000.0 * c.cost + c.items for c in choices], np.zeros(p)])
    start = values @ share
    at = start
    for _ in range(200):
        for k in range(p):  # y_k <= log(at_k) + (score_k - at_k) / at_k
            row = np.concatenate([-rise[:, k] / at[k], np.eye(p)[k]])
            rules.append(optimize.LinearConstraint(row, ub=np.log(at[k]) + start[k] / at[k] - 1))
        bounds = optimize.Bounds(
            np.concatenate([np.zeros(n), np.full(p, -10.0)]), np.concatenate([np.ones(n), [5] * p])
        )
        integral = np.concatenate([np.ones(n), np.zeros(p)])
        solved = optimize.milp(
            weight, constraints=rules, bounds=bounds, integrality=integral, options={"mip_rel_gap": 0}
        )
        if solved.x is None:
            assert not found
            return
        taken = np.round(solved.x[:n])
        at = start + taken @ rise
        if shares @ np.log(at) >= np.log(target) - 1e-9:
            break
    assert [(one.cost, one.items) for one in found] == [divmod(round(weight[:n] @ taken), 1000)]


def test_what_has_been_reached_takes_nothing() -> None:
    compiled = compile_rubric(small_rubric())
    assert cheapest(compiled, np.full(4, 90.0), [Choice(0, ("a",), 100.0, 1, 1, 6)], 80.0) == (
        Found((), 0, 0, 0, 90.0),
    )


def test_what_cannot_be_reached_has_no_set() -> None:
    compiled = compile_rubric(small_rubric())
    assert cheapest(compiled, np.full(4, 10.0), [Choice(0, ("a",), 100.0, 1, 1, 6)], 80.0) == ()
    assert cheapest(compiled, np.full(4, np.nan), [], 0.0) == ()


def test_an_ordered_weighted_average_is_refused() -> None:
    compiled = compile_rubric(small_rubric(aggregation={"method": "owa", "exponent": 2.0}))
    with pytest.raises(UsageError, match="ordered weighted averages"):
        cheapest(compiled, np.full(4, 10.0), [], 80.0)
