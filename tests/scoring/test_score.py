"""One partnership from document to Assessment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.scoring.assessment import Assessment, CriterionResult
from assess.scoring.score import score

RUBRIC = small_rubric(
    red_lines=[
        {"id": "stop", "criterion": "a", "when": "w", "effect": "block"},
        {"id": "cap", "criterion": "a", "when": "w", "effect": "cap_overall_conditional"},
        {"id": "pillar", "criterion": "c", "when": "w", "effect": "cap_pillar_49"},
    ]
)
LEVELS = st.lists(st.integers(0, 8).map(lambda v: v / 2), min_size=3, max_size=3).map(sorted)


def assess(observations: dict[str, Any], draws: int = 400, **more: Any) -> Assessment:
    return score(small_partnership(observations=observations, **more), RUBRIC, draws=draws)


def observed(*levels: float) -> dict[str, Any]:
    return {name: level(value) for name, value in zip("abcd", levels, strict=False)}


def find(result: Assessment, name: str) -> CriterionResult:
    return next(c for pillar in result.pillars for c in pillar.criteria if c.id == name)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.none() | LEVELS, min_size=4, max_size=4), st.integers(0, 3))
def test_interval_contains_score_and_bounds_contain_both(ranges: list[list[float] | None], seed: int) -> None:
    observations = {n: level(*r) for n, r in zip("abcd", ranges, strict=True) if r is not None}
    result = score(small_partnership(observations=observations), RUBRIC, draws=200, seed=seed)
    for rated in (result.overall, *result.pillars):
        assert rated.bound_low <= rated.bound_high
        if rated.score is None:
            assert rated.basis == "insufficient"
            assert (rated.low, rated.high, rated.rating) == (None, None, None)
        else:
            assert rated.low is not None
            assert rated.high is not None
            assert rated.low <= rated.score <= rated.high
            assert rated.bound_low - 1e-9 <= rated.score <= rated.bound_high + 1e-9


@settings(deadline=None, max_examples=60)
@given(st.lists(LEVELS, min_size=4, max_size=4), st.integers(0, 3), st.integers(0, 2))
def test_raising_any_end_of_any_reading_lowers_nothing(ranges: list[list[float]], which: int, end: int) -> None:
    def run(table: list[list[float]]) -> list[float]:
        result = assess({n: level(*sorted(r)) for n, r in zip("abcd", table, strict=True)}, draws=100)
        rated = [result.overall, *result.pillars]
        return [value for r in rated for value in (r.score, r.low, r.high) if value is not None]

    raised = [list(r) for r in ranges]
    raised[which][end:] = [min(4.0, v + 1) for v in raised[which][end:]]
    assert all(after >= before - 1e-9 for before, after in zip(run(ranges), run(raised), strict=True))


def test_the_same_inputs_give_the_same_bytes_and_another_seed_does_not() -> None:
    first, again, other = (
        score(small_partnership(observations=observed(1, 2, 3, 4)), RUBRIC, draws=500, seed=seed) for seed in (1, 1, 2)
    )
    assert first.to_json() == again.to_json()
    assert first.overall.low != other.overall.low


def test_the_order_of_observations_and_parties_changes_nothing() -> None:
    forward = assess(observed(1, 2, 3, 4))
    backward = score(
        small_partnership(
            observations=dict(reversed(observed(1, 2, 3, 4).items())),
            parties=[{"id": "SE", "name": "Sweden"}, {"id": "NO", "name": "Norway"}],
        ),
        RUBRIC,
        draws=400,
    )
    assert (backward.overall, backward.pillars) == (forward.overall, forward.pillars)


def test_contributions_add_up_to_the_pillar() -> None:
    result = assess(observed(1, 4, 3, 2))
    for pillar in result.pillars:
        assert sum(c.contribution or 0 for c in pillar.criteria) == pytest.approx(pillar.score)


def test_not_applicable_is_neither_missing_nor_zero() -> None:
    gone = assess({**observed(4, 2, 2, 2), "a": {"not_applicable": "There is none."}})
    zero = assess({**observed(0, 2, 2, 2)})
    missing = assess({"b": level(2), "c": level(2), "d": level(2)})
    assert gone.pillars[0].score == pytest.approx(50)
    assert gone.pillars[0].coverage == 1
    assert find(gone, "a").not_applicable_reason == "There is none."
    assert find(gone, "b").weight == 1
    assert zero.pillars[0].score == pytest.approx(12.5)
    assert missing.pillars[0].score is None
    assert missing.pillars[0].coverage == pytest.approx(0.25)
    assert missing.pillars[0].bound_low == pytest.approx(12.5)
    assert missing.pillars[0].bound_high == pytest.approx(87.5)


def test_a_type_that_leaves_a_criterion_out_says_so() -> None:
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", types={"coalition": 0}), criterion("b")]}
    result = score(
        small_partnership(type="coalition", observations=observed(4, 2)), small_rubric(pillars=[pillar]), draws=100
    )
    assert "coalition" in (find(result, "a").not_applicable_reason or "")
    assert find(result, "a").value is None
    assert result.overall.score == pytest.approx(50)


@pytest.mark.parametrize(
    ("line", "rating", "pillar"),
    [("stop", "Do not proceed", "Strong"), ("cap", "Conditional", "Strong"), ("pillar", "Strong", "Fragile")],
)
def test_a_tripped_red_line_caps_the_rating_and_leaves_every_number(line: str, rating: str, pillar: str) -> None:
    clear = assess(observed(4, 4, 4, 4))
    tripped = assess(observed(4, 4, 4, 4), red_lines={line: {"status": "tripped", "fact": "It happened."}})
    assert (tripped.overall.rating, tripped.pillars[1].rating) == (rating, pillar)
    assert (tripped.overall.uncapped_rating, tripped.pillars[1].uncapped_rating) == ("Strong", "Strong")
    assert tripped.overall.capped_by == ((line,) if rating != "Strong" else ())
    numbers = ("score", "low", "high", "bound_low", "bound_high", "coverage")
    for before, after in zip((clear.overall, *clear.pillars), (tripped.overall, *tripped.pillars), strict=True):
        assert [getattr(before, n) for n in numbers] == [getattr(after, n) for n in numbers]


@pytest.mark.parametrize("status", ["disputed", "unknown", "clear"])
def test_only_a_tripped_red_line_caps(status: str) -> None:
    result = assess(observed(4, 4, 4, 4), red_lines={"stop": {"status": status, "fact": "Contested."}})
    assert result.overall.rating == "Strong"
    assert result.red_lines[0].status == status


def test_a_red_line_nobody_looked_at_is_unknown() -> None:
    assert [line.status for line in assess(observed(4, 4, 4, 4)).red_lines] == ["unknown"] * 3


def test_a_block_rates_even_without_a_score() -> None:
    result = assess({}, red_lines={"stop": {"status": "tripped", "fact": "It happened."}})
    assert result.overall.score is None
    assert result.overall.rating == "Do not proceed"


# --------------------------------------------------------------------------- per party

PER_PARTY = small_rubric(
    pillars=[{"id": "one", "title": "One", "criteria": [criterion("a", per_party=True), criterion("b")]}],
    coverage={"insufficient_below": 30.0, "provisional_below": 80.0},
)
THREE = [{"id": "NO", "name": "Norway"}, {"id": "SE", "name": "Sweden"}, {"id": "FI", "name": "Finland", "key": False}]


def per_party(readings: dict[str, Any], rubric: Any = PER_PARTY) -> Assessment:
    observations = {"a": {"parties": readings}, "b": level(4)}
    return score(small_partnership(parties=THREE, observations=observations), rubric, draws=100)


def test_the_weakest_key_party_counts_and_is_named() -> None:
    result = per_party({"NO": level(3), "SE": level(1), "FI": level(0)})
    found = find(result, "a")
    assert (found.weakest_party, found.value) == ("SE", 25)
    assert [reading.party for reading in found.parties] == ["NO", "SE", "FI"]
    assert result.overall.score == pytest.approx(62.5)


def test_raising_the_weakest_party_makes_the_next_one_count() -> None:
    assert find(per_party({"NO": level(3), "SE": level(4)}), "a").weakest_party == "NO"


def test_a_missing_key_party_lowers_coverage_and_opens_the_bounds() -> None:
    result = per_party({"NO": level(3)})
    found = find(result, "a")
    assert (found.value, found.observed_share) == (75, 0.5)
    assert result.overall.coverage == pytest.approx(0.75)
    assert result.overall.bound_low == pytest.approx(50)
    assert result.overall.bound_high == pytest.approx(87.5)
    assert [c.code for c in result.warnings if c.at == "a"] == ["key_party_missing"]


def test_a_criterion_of_which_too_little_is_known_counts_as_missing() -> None:
    rubric = small_rubric(
        pillars=[{"id": "one", "title": "One", "criteria": [criterion("a", per_party=True), criterion("b", 4.0)]}]
    )
    result = per_party({"NO": level(3)}, rubric)
    found = find(result, "a")
    assert (found.observed, found.value, found.observed_share) == (False, None, 0.5)
    assert result.overall.score == pytest.approx(100)
    assert result.overall.coverage == pytest.approx(0.8)
    assert "reading_thin" in [c.code for c in result.warnings]


def test_only_readings_of_key_parties_count() -> None:
    result = per_party({"FI": level(0)})
    assert find(result, "a").value is None
    assert result.overall.score == pytest.approx(100)


# --------------------------------------------------------------------------- what a reader must know


def test_disagreeing_alternatives_are_said() -> None:
    result = assess(observed(4, 4, 1, 1))
    alternatives = result.alternatives
    assert alternatives.geometric is not None
    assert alternatives.arithmetic is not None
    assert alternatives.geometric < alternatives.arithmetic
    assert alternatives.weakest_pillar_id == "two"
    assert alternatives.ratings == {"arithmetic": "Conditional", "geometric": "Conditional", "weakest_pillar": "Weak"}
    assert "alternatives_disagree" in [c.code for c in result.warnings]


def test_a_widened_interval_is_said() -> None:
    result = assess({name: level(0, 4, 4) for name in "abcd"})
    assert result.overall.high == result.overall.score == pytest.approx(100)
    assert "interval_widened" in [c.code for c in result.warnings if c.at == "overall"]


def test_what_the_analyst_leaves_out_is_said() -> None:
    result = assess({**observed(4, 2, 2, 2), "a": {"not_applicable": "There is none."}})
    assert [(c.code, c.at) for c in result.warnings if "There is none." in c.text] == [("excluded", "a")]


def test_a_reading_of_what_does_not_apply_is_said() -> None:
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", types={"coalition": 0}), criterion("b")]}
    case = small_partnership(type="coalition", observations=observed(4, 2))
    assert [c.code for c in score(case, small_rubric(pillars=[pillar]), draws=100).warnings] == ["not_counted"]


def test_a_provisional_whole_names_its_thinnest_pillar() -> None:
    result = assess({"a": level(2), "c": level(2), "d": level(2)})
    (text,) = [c.text for c in result.warnings if c.at == "overall" and c.code == "basis_provisional"]
    assert "One is no better covered" in text or "under 80 %" in text


def test_evidence_lists_what_uses_it() -> None:
    result = assess(observed(1, 2), red_lines={"cap": {"status": "clear", "fact": "None.", "evidence": ["E1"]}})
    assert result.evidence[0].used_by == ("a", "b", "cap")


@pytest.mark.parametrize(("draws", "seed"), [(99, 1), (100, -1)])
def test_useless_draws_and_seeds_are_refused(draws: int, seed: int) -> None:
    with pytest.raises(UsageError):
        score(small_partnership(), RUBRIC, draws=draws, seed=seed)


def test_a_partnership_that_does_not_fit_is_refused() -> None:
    with pytest.raises(UsageError, match="unknown criterion 'aa'"):
        score(small_partnership(observations={"aa": level(1)}), RUBRIC)
