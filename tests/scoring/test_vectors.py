"""Test vectors: met ones pass in silence, missed ones say what was expected and found."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import small_rubric

from assess.rubric.models import Rubric
from assess.scoring.vectors import failed_vectors

LINES = [{"id": "stop", "criterion": "a", "when": "w", "effect": "block"}]


def vector(name: str = "v", **more: Any) -> dict[str, Any]:
    return {"id": name, "says": "s", "type": "coalition", "fill": 75.0} | more


def failures(*vectors: dict[str, Any]) -> list[str]:
    return [str(p) for p in failed_vectors(small_rubric(red_lines=LINES, test_vectors=list(vectors)))]


def test_the_shipped_vectors_are_met(rubric: Rubric) -> None:
    assert len(rubric.test_vectors) >= 10
    assert failed_vectors(rubric) == []


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"expect": {"rating": "Strong"}}, "expected rating Strong, found Sound"),
        (
            {"expect": {"rating": "Sound"}, "red_lines": {"stop": "tripped"}},
            "expected rating Sound, found Do not proceed",
        ),
        ({"expect": {"uncapped_rating": "Weak"}}, "expected uncapped rating Weak, found Sound"),
        ({"expect": {"basis": "sufficient"}, "levels": {"a": None}}, "expected basis sufficient, found insufficient"),
        ({"expect": {"pillars": {"one": "Weak"}}}, "expected rating of one Weak, found Sound"),
        ({"expect": {"below": "v"}}, "expected overall below 'v'"),
    ],
)
def test_a_missed_expectation_says_what_was_found(more: dict[str, Any], message: str) -> None:
    (found,) = failures(vector(**more))
    assert message in found
    assert "test vector 'v'" in found


def test_met_expectations_give_nothing() -> None:
    low = vector("low", levels={"a": 0}, expect={"below": "high", "on": "one"})
    high = vector("high", expect={"rating": "Sound", "basis": "sufficient", "pillars": {"two": "Sound"}})
    assert failures(low, high) == []
