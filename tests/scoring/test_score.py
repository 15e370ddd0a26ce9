"""One partnership from document to Assessment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.scoring.assessment import Assessment, CriterionResult, PillarResult
from assess.scoring.compiled import compile_rubric
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


@settings(max_examples=60)
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


@settings(max_examples=60)
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


def test_where_nothing_applies_there_is_no_score() -> None:
    result = assess({name: {"not_applicable": "There is none."} for name in "abcd"})
    assert (result.overall.score, result.overall.rating, result.overall.basis) == (None, None, "insufficient")
    assert result.alternatives.arithmetic is None
    assert {c.overall_weight for pillar in result.pillars for c in pillar.criteria} == {0}


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


@pytest.mark.parametrize("line", ["stop", "cap", "pillar"])
def test_a_capped_rating_stands_beside_the_one_before_it(line: str) -> None:
    wide = {name: level(1, 3, 4) for name in "abcd"}
    clear = assess(wide)
    tripped = assess(wide, red_lines={line: {"status": "tripped", "fact": "It happened."}})
    ends = ("rating", "rating_low", "rating_high")
    capped = 0
    for before, after in zip((clear.overall, *clear.pillars), (tripped.overall, *tripped.pillars), strict=True):
        uncapped = [getattr(after, f"uncapped_{end}") for end in ends]
        assert (
            uncapped == [getattr(before, end) for end in ends] == [getattr(before, f"uncapped_{end}") for end in ends]
        )
        capped += bool(after.capped_by)
        assert ([getattr(after, end) for end in ends] == uncapped) == (not after.capped_by)
    assert capped == 1


# --------------------------------------------------------------------------- weights

TREE = small_rubric(
    profiles={"coalition": {"pillars": {"one": 3.0, "two": 0.5}}},
    pillars=[
        {
            "id": "one",
            "title": "One",
            "pillars": [
                {
                    "id": "inner",
                    "title": "Inner",
                    "weight": 2.0,
                    "criteria": [
                        criterion("a", 3.0),
                        criterion("b", types={"coalition": 0.0, "strategic_dialogue": 1.0}),
                    ],
                }
            ],
            "criteria": [criterion("c", 2.0, types={"coalition": 2.5})],
        },
        {
            "id": "two",
            "title": "Two",
            "criteria": [criterion("d"), criterion("e", 0.3, types={"strategic_dialogue": 4.0})],
        },
    ],
)
KINDS = st.sampled_from(["coalition", "strategic_dialogue", "bilateral_agreement"])


def leaves(pillars: tuple[PillarResult, ...]) -> list[CriterionResult]:
    return [c for pillar in pillars for c in (*leaves(pillar.pillars), *pillar.criteria)]


@settings(max_examples=40)
@given(KINDS, st.sets(st.sampled_from("abcde"), max_size=4))
def test_overall_weights_are_the_shares_of_the_whole(kind: Any, gone: set[str]) -> None:
    observations = {name: {"not_applicable": "There is none."} for name in gone}
    result = score(small_partnership(type=kind, observations=observations), TREE, draws=100)
    found = {c.id: c.overall_weight for c in leaves(result.pillars)}
    compiled = compile_rubric(TREE, kind, sorted(gone))
    assert found == pytest.approx(dict(zip(compiled.criterion_ids, compiled.leaf_share[:, -1], strict=True)))
    total = sum(found.values())
    assert total == pytest.approx(1) or (total == 0 and not any(c.applicable for c in leaves(result.pillars)))
    for pillar in result.pillars:
        assert pillar.overall_weight == pytest.approx(sum(c.overall_weight for c in leaves((pillar,))))
        for inner in pillar.pillars:
            assert inner.overall_weight == pytest.approx(sum(c.overall_weight for c in inner.criteria))


@given(KINDS)
@settings(max_examples=9)
def test_a_weight_is_what_the_rubric_declares_times_the_multiplier_of_the_type(kind: Any) -> None:
    result = score(small_partnership(type=kind), TREE, draws=100)
    for pillar in (result.pillars[0].pillars[0], result.pillars[1]):
        effective = [c.declared_weight * c.multiplier for c in pillar.criteria]
        assert [c.weight for c in pillar.criteria] == pytest.approx([w / sum(effective) for w in effective])
    for c, declared in zip(leaves(result.pillars), TREE.all_criteria(), strict=True):
        assert (c.id, c.declared_weight) == (declared.id, declared.weight)
        assert c.multiplier == declared.types.get(kind, 1.0)
        assert c.multipliers == {name: factor for name, factor in declared.types.items() if factor != 1}


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "minimum", "owa"])
def test_a_pillar_in_which_nothing_applies_leaves_the_rest_alone_by_every_method(method: str) -> None:
    rule = {"method": method} | ({"exponent": 2.0} if method == "owa" else {})
    gone = criterion("gone", types={small_partnership().type: 0.0})
    rubric = small_rubric(
        pillars=[
            {"id": "one", "title": "One", "aggregation": rule, "criteria": [gone]},
            {"id": "two", "title": "Two", "criteria": [criterion("b")]},
        ],
        profiles={},
        red_lines=[],
    )
    result = score(small_partnership(observations={"b": level(3)}), rubric, draws=100)
    assert result.overall.score == pytest.approx(75)
    assert result.pillars[0].score is None
    assert "NaN" not in result.to_json()


# --------------------------------------------------------------------------- mitigations

UNEVEN = (0.0, 20.0, 50.0, 70.0, 100.0)
ONE_UP: dict[str, Any] = {"text": "One level up."}
WAYS = [ONE_UP, *({"text": f"To {to}.", "to": to} for to in (0, 2, 4))]
ITEMS = [{"id": "i", "text": "I"}, {"id": "j", "text": "J", "critical": True}, {"id": "k", "text": "K"}]
MEETS = [{"text": f"Meets {names}.", "items": list(names)} for names in ("i", "j", "ik", "ijk")]
NUMBERS = {"kind": "quantitative", "unit": "days", "breakpoints": [[0.0, 100.0], [10.0, 0.0]]}
WAYS_UP = small_rubric(
    level_values=UNEVEN,
    coverage={"insufficient_below": 50.0, "provisional_below": 80.0},
    pillars=[
        {
            "id": "one",
            "title": "One",
            "pillars": [
                {"id": "inner", "title": "Inner", "criteria": [criterion("days", measure=NUMBERS, mitigations=WAYS)]}
            ],
            "criteria": [
                criterion("plain", 3.0, mitigations=WAYS),
                criterion("each", per_party=True, mitigations=WAYS),
            ],
        },
        {
            "id": "two",
            "title": "Two",
            "aggregation": {"method": "geometric"},
            "criteria": [
                criterion("list", measure={"kind": "checklist", "items": ITEMS}, mitigations=[*WAYS, *MEETS]),
                criterion("other", 0.5),
            ],
        },
    ],
)
HALF_LEVELS = st.integers(0, 8).map(lambda number: number / 2)


def raised_by_hand(observation: dict[str, Any], value: float, way: Any) -> dict[str, Any]:
    """Return what an analyst would write once the mitigation has worked."""
    if way.items and "items" in observation:  # read by a level, it is raised by one
        return observation | {"items": {**observation["items"], **dict.fromkeys(way.items, "yes")}}
    wanted = way.to if way.to is not None else next((n for n in range(5) if UNEVEN[n] > value + 1e-6), 4)
    if "parties" in observation:
        raised = {name: level(max(wanted, reading["level"])) for name, reading in observation["parties"].items()}
        return {"parties": raised}
    if value >= UNEVEN[wanted]:
        return observation
    return {"number": 10 - UNEVEN[wanted] / 10, "evidence": ["E1"]} if "number" in observation else level(wanted)


@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "days": st.integers(0, 20).map(lambda n: {"number": n / 2, "evidence": ["E1"]}),
            "plain": HALF_LEVELS.map(level) | st.just({"not_applicable": "There is none."}),
            "each": st.tuples(HALF_LEVELS, HALF_LEVELS).map(
                lambda two: {"parties": {"NO": level(two[0]), "SE": level(two[1])}}
            ),
            "list": HALF_LEVELS.map(level)
            | st.fixed_dictionaries({i: st.sampled_from(["yes", "partial", "no", "unknown"]) for i in "ijk"}).map(
                lambda answers: {"items": answers, "evidence": ["E1"]}
            ),
            "other": HALF_LEVELS.map(level),
        },
    )
)
def test_a_gain_is_what_scoring_again_with_the_criterion_raised_finds(observations: dict[str, Any]) -> None:
    def run(changed: dict[str, Any]) -> Assessment:
        return score(small_partnership(observations=observations | changed), WAYS_UP, draws=100)

    def scores(result: Assessment, name: str) -> tuple[float | None, float | None, CriterionResult]:
        inner = (*result.pillars[0].pillars, *result.pillars)
        pillar, found = next((p, c) for p in inner for c in p.criteria if c.id == name)
        return pillar.score, result.overall.score, found

    now = run({})
    for declared in WAYS_UP.all_criteria():
        pillar, overall, found = scores(now, declared.id)
        assert len(found.mitigations) == len(declared.mitigations)
        for way in found.mitigations:
            if found.value is None:
                assert (way.value, way.pillar_gain, way.gain) == (None, None, None)
                continue
            then = run({declared.id: raised_by_hand(observations[declared.id], found.value, way)})
            new_pillar, new_overall, raised = scores(then, declared.id)
            assert way.value == pytest.approx(raised.value)
            assert way.value is not None
            assert way.value >= found.value
            for gain, before, after in ((way.pillar_gain, pillar, new_pillar), (way.gain, overall, new_overall)):
                if before is None:
                    assert gain is None
                else:
                    assert after is not None
                    assert gain is not None
                    assert gain == pytest.approx(after - before, abs=1e-9)
                    assert gain >= -1e-9


def test_a_gain_without_an_overall_score_is_that_of_the_pillar_alone() -> None:
    observations = {"plain": level(1), "each": {"parties": {"NO": level(2), "SE": level(3)}}, "days": {"number": 5.0}}
    result = score(small_partnership(observations=observations), WAYS_UP, draws=100)
    way = find(result, "plain").mitigations[0]
    assert (way.value, way.gain) == (50, None)
    assert way.pillar_gain == pytest.approx(30 * find(result, "plain").weight)


def test_the_ways_of_a_case_take_the_place_of_the_rubrics() -> None:
    own = [{"text": "Ours.", "to": 3, "cost": "low", "months": 4, "owner": "the parties"}]
    observations: dict[str, Any] = {"plain": level(1) | {"mitigations": own}, "other": level(2)}
    result = score(small_partnership(observations=observations), WAYS_UP, draws=100)
    (way,) = find(result, "plain").mitigations
    assert (way.text, way.value, way.months, way.owner) == ("Ours.", 70, 4, "the parties")
    assert len(find(result, "list").mitigations) == len(WAYS) + len(MEETS)


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


@pytest.mark.parametrize("across", [{"method": "minimum"}, {"method": "owa", "exponent": 2}])
def test_pillars_may_combine_by_their_order(across: dict[str, Any]) -> None:
    rubric = small_rubric(aggregation=across)
    result = score(small_partnership(observations=observed(1, 2, 3, 4)), rubric, draws=200)
    worst = min(pillar.score or 0.0 for pillar in result.pillars)
    assert result.overall.score is not None
    assert worst - 1e-9 <= result.overall.score <= max(pillar.score or 0.0 for pillar in result.pillars)
    assert across["method"] != "minimum" or result.overall.score == pytest.approx(worst)
