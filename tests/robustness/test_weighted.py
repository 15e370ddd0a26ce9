"""Weights that differ from row to row give what the kernel gives for a rubric with each row's weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, level, small_partnership, small_rubric
from tests.scoring.test_kernel import MAYBE, METHODS

from assess.robustness.weighted import Weights, declared, label, no_score, normalised, overall_codes, weighted
from assess.rubric.measures import Values
from assess.scoring.compiled import CompiledRubric, compile_rubric
from assess.scoring.kernel import aggregate
from assess.scoring.prepared import prepare

WEIGHT = st.one_of(st.just(0.0), st.floats(0.05, 5.0))


def tree(methods: list[dict[str, Any]], weights: list[float], threshold: float = 60.0) -> CompiledRubric:
    """Two pillars, the first with a pillar inside it: six criteria, nine weights."""
    inner = {
        "id": "inner",
        "title": "Inner",
        "weight": weights[0],
        "aggregation": methods[0],
        "criteria": [criterion("a", weights[1]), criterion("b", 1.0)],
    }
    one = {
        "id": "one",
        "title": "One",
        "weight": weights[2],
        "aggregation": methods[1],
        "pillars": [inner],
        "criteria": [criterion("c", weights[3]), criterion("d", 1.0)],
    }
    two = {
        "id": "two",
        "title": "Two",
        "weight": 1.0,
        "aggregation": methods[2],
        "criteria": [criterion("e", weights[4]), criterion("f", 1.0)],
    }
    rules = {"insufficient_below": threshold, "provisional_below": 80.0}
    return compile_rubric(small_rubric(pillars=[one, two], aggregation=methods[3], coverage=rules))


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(METHODS), min_size=4, max_size=4),
    st.lists(st.lists(WEIGHT, min_size=5, max_size=5), min_size=1, max_size=3),
    st.lists(MAYBE, min_size=6, max_size=6),
    st.lists(st.sampled_from([0.5, 0.8, 1.0]), min_size=6, max_size=6),
    st.sampled_from([0.0, 60.0]),
)
def test_every_row_equals_the_kernel_with_its_weights(
    methods: list[dict[str, Any]], weights: list[list[float]], row: list[float], part: list[float], threshold: float
) -> None:
    rubrics = [tree(methods, own, threshold) for own in weights]
    values, known = np.array([row]), np.where(np.isnan(row), 0.0, part)
    columns = [declared(compiled) for compiled in rubrics]
    together = Weights(np.hstack([c.criteria for c in columns]), np.hstack([c.pillars for c in columns]))
    found = weighted(rubrics[0], values, together, known)
    for compiled, ours in zip(rubrics, found, strict=True):
        theirs = aggregate(compiled, Values.of(values), known).score[0]
        # A pillar that weighs nothing counts for nothing, whatever score it would have.
        used = [*(compiled.node_weights > 0), True]
        assert np.allclose(ours[used], theirs[used], atol=1e-9, equal_nan=True)


@settings(max_examples=50)
@given(st.lists(WEIGHT, min_size=5, max_size=5), st.floats(0.1, 9.0))
def test_normalised_weights_are_those_of_the_rubric(weights: list[float], factor: float) -> None:
    compiled = tree([{"method": "arithmetic"}] * 4, weights)
    own = declared(compiled)
    again = normalised(compiled, Weights(own.criteria * factor, own.pillars * factor))
    assert np.allclose(again.criteria, own.criteria)
    assert np.allclose(again.pillars, own.pillars)


def test_an_empty_pillar_drops_out_and_so_does_an_empty_parent() -> None:
    compiled = tree([{"method": "arithmetic"}] * 4, [1.0] * 5)
    own = declared(compiled)
    criteria = own.criteria.copy()
    criteria[[compiled.column[name] for name in "ab"]] = 0.0
    weights = normalised(compiled, Weights(criteria, own.pillars))
    assert weights.pillars[compiled.node["inner"]] == 0.0
    assert np.allclose(weights.criteria[[compiled.column[name] for name in "cd"], 0], 0.5)
    criteria[:] = 0.0
    assert not normalised(compiled, Weights(criteria, own.pillars)).pillars.any()


def test_a_case_without_a_score_says_why() -> None:
    rubric = small_rubric()
    assert no_score(prepare(small_partnership(), rubric)) == "no overall score: under 60 % is observed in One, Two"
    seen = {name: level(2) for name in "abcd"}
    whole = prepare(small_partnership(observations=seen), rubric)
    assert no_score(whole) is None
    reason = {"not_applicable": "There is nothing of the kind.", "rationale": "Because."}
    nothing = small_partnership(observations=dict.fromkeys("abcd", reason))
    assert no_score(prepare(nothing, rubric)) == "no overall score: no criterion applies"
    before, after = overall_codes(whole, np.array([np.nan, 100.0, 0.0]))
    assert [label(whole, int(code)) for code in after] == [None, "Strong", "Weak"]
    assert np.array_equal(before, after)
