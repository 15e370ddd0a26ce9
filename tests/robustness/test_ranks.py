"""Ranks of several cases under drawn readings and weights."""

from __future__ import annotations

import pytest
from tests.conftest import level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.robustness.ranks import Ranks, ranks, ranks_by_profile
from assess.scoring.prepared import Prepared, prepare

RUBRIC = small_rubric(red_lines=[])


def case(name: str, *levels: float, **more: object) -> Prepared:
    observed = {key: level(value) for key, value in zip("abcd", levels, strict=False)}
    return prepare(small_partnership(id=name, observations=observed, **more), RUBRIC)


def test_shares_of_ranks_sum_to_one_by_case_and_by_rank() -> None:
    found = ranks([case("one", 1, 3, 2, 2), case("two", 2, 2, 3, 1), case("three", 4, 0, 2, 3)], draws=500, seed=3)
    for line in zip(*(entry.shares for entry in found.cases), strict=True):
        assert sum(line) == pytest.approx(1)
    for entry in found.cases:
        assert sum(entry.shares) == pytest.approx(1)
        assert len(entry.standard_errors) == 3
    first, second = found.cases[:2]
    assert first.beats["two"] + second.beats["one"] == pytest.approx(1)


def test_a_case_that_is_better_on_everything_is_first_in_every_draw() -> None:
    best, worst = ranks([case("best", 4, 4, 4, 4), case("worst", 0, 0, 0, 0)], draws=300, seed=1).cases
    assert best.shares == (1.0, 0.0)
    assert (best.label, worst.label) == ("rank 1", "rank 2")


def test_central_weights_are_those_under_which_a_case_is_first() -> None:
    here, there = ranks([case("here", 4, 4, 1, 1), case("there", 1, 1, 4, 4)], draws=2000, seed=1).cases
    names = [pillar.id for pillar in RUBRIC.pillars]
    for entry in (here, there):
        assert entry.central is not None
        assert sum(entry.central.values()) == pytest.approx(1)
        assert entry.confidence is not None
        assert entry.confidence > 0.8
    assert here.central is not None
    assert there.central is not None
    assert here.central[names[0]] > 0.5 > there.central[names[0]]


def test_neighbours_in_the_order_have_the_weights_at_which_it_turns() -> None:
    found = ranks([case("low", 2, 2, 1, 1), case("here", 4, 4, 1, 1), case("there", 1, 1, 3, 4)], draws=300, seed=1)
    assert [(pair.first, pair.second) for pair in found.turns] == [("here", "there"), ("there", "low")]
    assert any(entry.flip is not None for entry in found.turns[0].weights)


def test_a_case_that_is_never_first_has_no_central_weights() -> None:
    _, worst = ranks([case("best", 4, 4, 4, 4), case("worst", 0, 0, 0, 0)], draws=300, seed=1).cases
    assert (worst.central, worst.confidence, worst.confidence_error) == (None, None, None)


def test_cases_that_are_alike_have_no_rank() -> None:
    found = ranks([case("one", 2, 2, 2, 2), case("two", 2, 2, 2, 2)], draws=500, seed=1)
    assert [entry.label for entry in found.cases] == ["unclear", "unclear"]
    assert found.cases[0].shares[0] == pytest.approx(0.5, abs=0.08)


def test_the_same_seed_gives_the_same_shares() -> None:
    pair = [case("one", 1, 3, 2, 2), case("two", 2, 2, 3, 1)]
    assert ranks(pair, draws=300, seed=1) == ranks(pair, draws=300, seed=1)


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ([case("one", 2, 2, 2, 2)], "at least two"),
        ([case("one", 2, 2, 2, 2), case("silent")], "silent has no score"),
    ],
)
def test_what_cannot_be_ranked_is_refused_with_the_reason(cases: list[Prepared], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        ranks(cases, draws=300, seed=1)


def test_cases_are_ranked_profile_by_profile() -> None:
    rubric = small_rubric(red_lines=[], profiles={"coalition": {"pillars": {"one": 3.0}}})
    seen = {key: level(2) for key in "abcd"}
    here, apart, there = (
        prepare(small_partnership(id=name, type=kind, observations=seen), rubric)
        for name, kind in (("here", "multilateral_alliance"), ("apart", "coalition"), ("there", "bilateral_agreement"))
    )
    found = ranks_by_profile([here, apart, there], draws=200, seed=1)
    assert [places for places, _ in found] == [(0, 2), (1,)]
    assert isinstance(found[0][1], Ranks)
    assert found[1][1] == "apart: not ranked; no other case here has the profile coalition"


def test_a_profile_that_cannot_be_ranked_says_why() -> None:
    [(_, why)] = ranks_by_profile([case("one", 2, 2, 2, 2), case("silent")], draws=200, seed=1)
    assert isinstance(why, str)
    assert why.startswith("one, silent: not ranked; silent has no score: ")
