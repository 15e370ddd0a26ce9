"""Effective weights against closed forms."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.robustness.effective import (
    NodeWeights,
    correlation_ratios,
    effective_weights,
    linear_main_effects,
)
from assess.scoring.draws import uniform_draws
from assess.scoring.prepared import prepare


def nodes(observations: dict[str, Any], draws: int = 2000, **rubric: Any) -> dict[str, NodeWeights]:
    case = prepare(small_partnership(observations=observations), small_rubric(**rubric))
    found = effective_weights(case, draws=draws, seed=1)
    json.dumps([node.model_dump(mode="json") for node in found], allow_nan=False)
    return {node.id: node for node in found}


def test_additive_case_is_exact() -> None:
    found = linear_main_effects(np.array([0.4, 0.3, 0.2, 0.1]), np.full(4, 1 / 12))
    assert found == pytest.approx([16 / 30, 9 / 30, 4 / 30, 1 / 30], abs=1e-15)
    assert not linear_main_effects(np.array([0.5, 0.5]), np.zeros(2)).any()


@settings(max_examples=20)
@given(st.lists(st.floats(0.1, 1.0), min_size=1, max_size=5), st.integers(0, 50))
def test_correlation_ratios_of_a_linear_score_are_its_main_effects(weights: list[float], seed: int) -> None:
    inputs = uniform_draws(seed, [str(i) for i in range(len(weights))], 20_000).T
    found = correlation_ratios(inputs, inputs @ np.array(weights))
    exact = linear_main_effects(np.array(weights), np.full(len(weights), 1 / 12))
    assert found == pytest.approx(exact, abs=0.03)


def test_a_curved_effect_without_correlation_is_found() -> None:
    x, noise = uniform_draws(3, ["x", "noise"], 20_000)
    found = correlation_ratios(np.stack([x, noise, np.ones_like(x)], axis=1), (x - 0.5) ** 2)
    assert found == pytest.approx([1.0, 0.0, 0.0], abs=0.01)
    assert not correlation_ratios(x[:, None], np.ones_like(x)).any()


def test_where_all_vary_alike_effective_weights_are_the_declared_ones() -> None:
    found = nodes({name: level(1, 2, 3) for name in "abcd"}, draws=20_000)
    first, second = found["one"].children
    assert found["one"].estimate == "closed form"
    assert first.declared == first.counted == 0.75
    assert first.effective == pytest.approx(0.75, abs=0.01)
    assert first.main_effect == pytest.approx(0.9, abs=0.01)
    assert not first.warning
    assert second.ratio == pytest.approx(1.0, abs=0.03)
    assert found["overall"].estimate == "correlation ratio"
    assert sum(child.effective or 0.0 for child in found["overall"].children) == pytest.approx(1.0)


def test_a_light_criterion_that_varies_widely_is_warned_of() -> None:
    found = nodes({"a": level(2, 2, 2.5), "b": level(0, 2, 4), "c": level(2), "d": level(2)})
    heavy, light = found["one"].children
    assert light.warning
    assert (light.ratio or 0.0) > 1.5
    assert not heavy.warning


def test_what_is_not_observed_has_no_effective_weight() -> None:
    found = nodes({"a": level(2), "c": level(2), "d": level(2)})
    seen, gap = found["one"].children
    assert (seen.counted, seen.effective, seen.ratio) == (1.0, 1.0, 1.0)
    assert (gap.declared, gap.counted, gap.effective, gap.warning) == (0.25, None, None, False)


def test_degenerate_nodes_say_why() -> None:
    found = nodes({"a": level(2, 2, 2), "b": level(3, 3, 3), "c": level(2)})
    assert found["one"].reason == "nothing in it varies"
    assert found["two"].reason == found["overall"].reason == "it has no score: too little is observed"
    assert all(child.effective is None for node in found.values() for child in node.children)
    alone = nodes({"a": level(2)}, pillars=[{"id": "one", "title": "One", "criteria": [criterion("a")]}])
    assert alone["one"].children[0].effective == alone["overall"].children[0].effective == 1.0


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(UsageError, match="at least 100"):
        nodes({}, draws=0)
