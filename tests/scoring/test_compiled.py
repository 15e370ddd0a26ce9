"""Weights as the kernel uses them: multiplied, normalised, shared out where something does not apply."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import criterion, small_rubric

from assess.scoring.compiled import compile_rubric, rubric_band


def test_weights_sum_to_one_among_neighbours() -> None:
    compiled = compile_rubric(small_rubric())
    assert compiled.weights.tolist() == [0.75, 0.25, 0.5, 0.5]
    assert compiled.node_weights.tolist() == [0.5, 0.5]
    np.testing.assert_allclose(compiled.leaf_share.sum(axis=0), 1)


def test_multipliers_and_profiles_follow_the_type() -> None:
    pillars = [
        {"id": "one", "title": "One", "criteria": [criterion("a", types={"coalition": 0.5}), criterion("b")]},
        {"id": "two", "title": "Two", "criteria": [criterion("c")]},
    ]
    profiles = {"coalition": {"pillars": {"one": 30.0, "two": 10.0}}}
    rubric = small_rubric(pillars=pillars, profiles=profiles)
    compiled = compile_rubric(rubric, "coalition")
    assert compiled.weights == pytest.approx([1 / 3, 2 / 3, 1])
    assert compiled.node_weights == pytest.approx([0.75, 0.25])
    assert compiled.profile == "coalition"
    plain = compile_rubric(rubric, "strategic_dialogue")
    assert plain.weights == pytest.approx([0.5, 0.5, 1])
    assert plain.profile == "default"


def test_what_does_not_apply_shares_out_its_weight() -> None:
    rubric = small_rubric()
    assert compile_rubric(rubric, None, ["a"]).weights.tolist() == [0, 1, 0.5, 0.5]
    whole_pillar = compile_rubric(rubric, None, ["a", "b"])
    assert whole_pillar.node_weights.tolist() == [0, 1]


def test_nested_pillars_multiply_their_shares() -> None:
    inner = {"id": "inner", "title": "Inner", "weight": 1.0, "criteria": [criterion("a", 1.0), criterion("b", 3.0)]}
    pillar = {"id": "one", "title": "One", "pillars": [inner], "criteria": [criterion("c", 1.0)]}
    compiled = compile_rubric(small_rubric(pillars=[pillar]))
    nodes = [node.id for node in compiled.nodes]
    assert nodes == ["one", "inner"]
    assert compiled.leaf_share[:, -1].tolist() == [0.125, 0.375, 0.5]
    assert compiled.leaf_share[:, 1].tolist() == [0.25, 0.75, 0]


@pytest.mark.parametrize(("score", "band"), [(90, 0), (80, 0), (64, 2), (49, 3), (10, 4)])
def test_bands_of_the_caps(score: float, band: int) -> None:
    assert rubric_band(small_rubric(), score) == band
