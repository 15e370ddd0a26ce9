from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.partnership.models import Threat
from assess.partnership.threats import RegisterCoverage, register_coverage

ORDER = ("none", "partial", "adequate")


def cell(severity: int, likelihood: int, adequacy: Any) -> Threat:
    return Threat(
        id="t",
        threat="Threat",
        domain="sea",
        severity=severity,
        likelihood=likelihood,
        capability="Capability",
        adequacy=adequacy,
    )


registers = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.sampled_from([*ORDER, "unknown"])), min_size=1, max_size=5
)
Register = list[tuple[int, int, str]]


@pytest.mark.parametrize(
    ("register", "expected"),
    [
        ([(5, 5, "adequate")], (100, 100, 100, 1)),
        ([(5, 5, "none")], (0, 0, 0, 1)),
        ([(1, 1, "partial")], (50, 50, 50, 1)),
        # 20 and 5 of 25 weighted: each cell weighs severity x likelihood
        ([(5, 4, "adequate"), (5, 1, "none")], (80, 80, 80, 1)),
        ([(2, 3, "adequate"), (3, 2, "partial"), (4, 3, "none")], (37.5, 37.5, 37.5, 1)),
        # an unknown cell leaves the best value, and widens the range: 4 of 10 known
        ([(2, 2, "adequate"), (3, 2, "unknown")], (100, 40, 100, 0.4)),
        ([(2, 2, "none"), (3, 2, "unknown")], (0, 0, 60, 0.4)),
        ([(2, 1, "partial"), (1, 1, "unknown"), (1, 1, "adequate")], (200 / 3, 50, 75, 0.75)),
    ],
)
def test_coverage_worked_by_hand(register: Register, expected: tuple[float, ...]) -> None:
    found = register_coverage([cell(*entry) for entry in register])
    assert found is not None
    assert (found.best, found.low, found.high, found.known) == pytest.approx(expected)


@pytest.mark.parametrize("register", [[], [(5, 5, "unknown")], [(5, 5, "unknown"), (1, 1, "unknown")]])
def test_there_is_no_coverage_where_nothing_was_judged(register: Register) -> None:
    assert register_coverage([cell(*entry) for entry in register]) is None


def best(register: Register) -> float:
    found = register_coverage([cell(*entry) for entry in register])
    assert found is not None
    return found.best


@settings(max_examples=100)
@given(registers)
def test_the_bounds_are_the_worst_and_the_best_completion(register: Register) -> None:
    found = register_coverage([cell(*entry) for entry in register])
    options = [ORDER if adequacy == "unknown" else (adequacy,) for _, _, adequacy in register]
    completions = [
        best([(s, p, adequacy) for (s, p, _), adequacy in zip(register, chosen, strict=True)])
        for chosen in itertools.product(*options)
    ]
    if found is None:
        assert {adequacy for _, _, adequacy in register} == {"unknown"}
        return
    assert (found.low, found.high) == pytest.approx((min(completions), max(completions)))
    assert found.low - 1e-9 <= found.best <= found.high + 1e-9
    assert 0 < found.known <= 1
    assert (found.known == 1) == ("unknown" not in {adequacy for _, _, adequacy in register})


@settings(max_examples=100)
@given(registers, st.data())
def test_better_adequacy_never_lowers_coverage(register: Register, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(register) - 1))
    severity, likelihood, _ = register[at]
    found: list[RegisterCoverage] = []
    for adequacy in ORDER:
        changed = [*register[:at], (severity, likelihood, adequacy), *register[at + 1 :]]
        coverage = register_coverage([cell(*entry) for entry in changed])
        assert coverage is not None
        found.append(coverage)
    for worse, better in itertools.pairwise(found):
        assert worse.best < better.best
        assert worse.low < better.low
        assert worse.high < better.high
        assert worse.known == better.known


@settings(max_examples=50)
@given(registers, st.randoms())
def test_the_order_of_the_register_does_not_matter(register: Register, random: Any) -> None:
    shuffled = list(register)
    random.shuffle(shuffled)
    assert register_coverage([cell(*e) for e in shuffled]) == register_coverage([cell(*e) for e in register])
