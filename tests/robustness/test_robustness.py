"""The whole analysis as one document that belongs to one Assessment."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.conftest import level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.documents.shipped import shipped_ids
from assess.partnership.loading import load_partnership
from assess.robustness.robustness import Robustness, robustness
from assess.rubric.loading import load_rubric
from assess.scoring.score import score


@cache
def analysis(case: str, seed: int = 5) -> Robustness:
    rubric, partnership = load_rubric("partnership-default"), load_partnership(case)
    return robustness(partnership, rubric, score(partnership, rubric, draws=300), draws=300, seed=seed)


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, float):
        yield value


@pytest.mark.parametrize("case", shipped_ids("partnerships"))
def test_it_names_its_assessment_and_holds_only_numbers_that_exist(case: str) -> None:
    found = analysis(case)
    rubric, partnership = load_rubric("partnership-default"), load_partnership(case)
    assert found.assessment == score(partnership, rubric, draws=300).parts()
    data = json.loads(found.to_json())
    assert all(math.isfinite(number) for number in numbers(data))
    assert Robustness.model_validate(data).to_json() == found.to_json()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    rubric, partnership = load_rubric("partnership-default"), load_partnership("quad")
    again = robustness(partnership, rubric, score(partnership, rubric, draws=300), draws=300, seed=5)
    assert again.to_json() == analysis("quad").to_json()
    assert analysis("quad", 6).to_json() != again.to_json()


def test_the_target_is_the_next_better_rating_and_none_at_the_top() -> None:
    packages = analysis("csto").packages
    assert packages is not None
    assert packages.target == "Conditional"
    rubric = small_rubric()
    best = small_partnership(observations={name: level(4) for name in "abcd"})
    assert robustness(best, rubric, score(best, rubric), draws=200, seed=1).packages is None


def test_a_case_without_a_score_says_why_instead_of_numbers() -> None:
    rubric, silent = small_rubric(), small_partnership(observations={})
    found = robustness(silent, rubric, score(silent, rubric), draws=200, seed=1)
    assert found.packages is None
    assert found.bands.reason
    assert found.tornado.reason
    assert found.break_even.reason
    assert found.sobol.reason


def test_too_few_draws_are_refused() -> None:
    rubric, case = small_rubric(), small_partnership()
    with pytest.raises(UsageError, match="draws"):
        robustness(case, rubric, score(case, rubric), draws=0, seed=1)
