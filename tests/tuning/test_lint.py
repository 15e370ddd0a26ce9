"""Weak spots that cases show: what never varies, and what moves more than its weight."""

from __future__ import annotations

from tests.conftest import CASES, default_rubric, level, small_partnership, small_rubric

from assess.partnership.loading import load_partnership
from assess.partnership.models import Partnership
from assess.tuning.lint import case_findings


def case(**levels: float) -> Partnership:
    return small_partnership(
        observations={name: level(value - 0.1, value, value + 0.1) for name, value in levels.items()}
    )


def told(*cases: Partnership) -> dict[tuple[str | int, ...], str]:
    return {problem.path: problem.what for problem in case_findings(small_rubric(), cases)}


def test_a_criterion_on_which_no_case_differs_is_found() -> None:
    found = told(case(a=1, b=2, c=3, d=1), case(a=3, b=2, c=1, d=2))
    assert found == {("pillars", 0, "criteria", 1): "b: all cases with a value for it (2 of 2) have 50"}


def test_a_criterion_that_no_case_observes_is_found() -> None:
    found = told(case(a=1, b=2, c=3), case(a=3, b=1, c=1))
    assert found[("pillars", 1, "criteria", 1)] == "d: no case of 2 has a value for it"


def test_one_case_says_nothing_about_variation() -> None:
    assert told(case(a=1, b=2, c=3, d=1)) == {}
    assert told() == {}


def test_what_moves_more_than_its_weight_in_several_cases_is_found() -> None:
    """b weighs 0.25 and varies ten times as widely: 2.5 / (0.75 + 2.5) = 0.77, 3.1 times its weight."""

    def wide(best: float) -> Partnership:
        seen = {"a": level(best - 0.1, best, best + 0.1), "b": level(1, 2, 3), "c": level(best), "d": level(best + 1)}
        return small_partnership(observations=seen)

    found = told(wide(1), wide(2))
    what = found[("pillars", 0, "criteria", 1, "weight")]
    assert what == "b: in 2 of 2 cases it moves one more than 1.5 times its weight (up to 3.1 times)"
    once = told(wide(1), case(a=2, b=3, c=2, d=2))
    assert ("pillars", 0, "criteria", 1, "weight") not in once


def test_the_shipped_cases_say_the_same_each_time() -> None:
    cases = [load_partnership(name) for name in CASES]
    first, second = (list(case_findings(default_rubric(), cases)) for _ in range(2))
    assert first == second
