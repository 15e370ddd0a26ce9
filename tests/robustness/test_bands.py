"""How often a rating holds: every draw is a re-scoring, and shares are shares."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.partnership.models import Partnership
from assess.robustness.bands import Bands, BandShares, bands
from assess.robustness.drawing import Drawing
from assess.robustness.sampling import tree_weights
from assess.robustness.weighted import Weights, overall
from assess.rubric.models import Rubric
from assess.scoring.prepared import prepare
from assess.scoring.score import score

LINES = [
    {"id": "stop", "criterion": "a", "when": "w", "effect": "block"},
    {"id": "cap", "criterion": "a", "when": "w", "effect": "cap_overall_conditional"},
    {"id": "pillar", "criterion": "c", "when": "w", "effect": "cap_pillar_49"},
]
RUBRIC = small_rubric(red_lines=LINES)


def finding(status: str) -> dict[str, Any]:
    return {"status": status, "fact": "It is so.", "evidence": ["E1"]}


def case(levels: list[float | None], lines: dict[str, str] | None = None) -> Partnership:
    seen = {name: level(value) for name, value in zip("abcd", levels, strict=True) if value is not None}
    found = {name: finding(status) for name, status in (lines or {}).items()}
    return small_partnership(observations=seen, red_lines=found)


def run(partnership: Partnership, rubric: Rubric = RUBRIC, draws: int = 300, **more: Any) -> Bands:
    return bands(prepare(partnership, rubric), draws=draws, seed=1, **more)


def every(result: Bands) -> tuple[BandShares, BandShares, BandShares]:
    return result.inputs, result.weights, result.both


@settings(max_examples=40)
@given(
    st.lists(st.none() | st.sampled_from([0.0, 1.5, 2.0, 3.0, 4.0]), min_size=4, max_size=4),
    st.dictionaries(st.sampled_from(["stop", "cap", "pillar"]), st.sampled_from(["clear", "tripped", "disputed"])),
)
def test_shares_sum_to_one_and_the_result_is_plain_json(levels: list[float | None], lines: dict[str, str]) -> None:
    result = run(case(levels, lines))
    assert "NaN" not in json.dumps(result.model_dump(mode="json"), allow_nan=False)
    for shares in every(result):
        assert sum(shares.shares.values()) + shares.unrated == pytest.approx(1.0)
        assert 0.0 <= shares.standard_error <= 0.5 / np.sqrt(300) + 1e-12
        assert (shares.changed is None) == (result.rating is None)
    stated = score(case(levels, lines), RUBRIC, draws=100).overall
    assert (result.score, result.rating, result.uncapped_rating) == (
        stated.score,
        stated.rating,
        stated.uncapped_rating,
    )
    assert (result.reason is None) == (result.score is not None)


def test_every_weight_draw_is_a_rescoring_with_those_weights() -> None:
    partnership = case([1, None, 3, 4])
    prepared = prepare(partnership, RUBRIC)
    drawn = tree_weights(prepared.compiled, 25, 7)
    ours = overall(prepared, prepared.best, Weights(drawn.criteria.T, drawn.pillars.T))
    unscored = 0
    for criteria, pillars, found in zip(drawn.criteria, drawn.pillars, ours, strict=True):
        data = RUBRIC.model_dump(by_alias=True, exclude={"source"})
        weight = iter(criteria)
        for pillar, share in zip(data["pillars"], pillars, strict=True):
            pillar["weight"] = share
            for own in pillar["criteria"]:
                own["weight"] = next(weight)
        theirs = score(partnership, Rubric.model_validate(data), draws=100).overall.score
        unscored += theirs is None
        assert found == pytest.approx(np.nan if theirs is None else theirs, nan_ok=True)
    assert unscored  # b is not observed: some draws leave too little


def test_weights_held_close_to_the_declared_ones_change_nothing() -> None:
    result = run(case([2, 2, 3, 3]), how=Drawing(concentration=1e9))
    assert result.weights.changed == 0.0
    assert result.weights.shares[result.rating or ""] == 1.0


def test_certain_inputs_change_nothing_and_equal_values_defy_all_weights() -> None:
    sure = {name: level(3, 3, 3) for name in "abcd"}
    result = run(small_partnership(observations=sure))
    for shares in every(result):
        assert shares.changed == 0.0
        assert shares.shares["Sound"] == 1.0
        assert shares.standard_error == 0.0


def test_one_criterion_has_only_one_weight() -> None:
    rubric = small_rubric(pillars=[{"id": "one", "title": "One", "criteria": [criterion("a")]}])
    result = run(small_partnership(observations={"a": level(3)}), rubric)
    assert result.weights.shares["Sound"] == 1.0


@pytest.mark.parametrize("status", ["disputed", "unknown"])
def test_a_red_line_in_doubt_is_rated_as_if_tripped(status: str) -> None:
    levels: list[float | None] = [3, 3, 3, 3]
    doubted = dict.fromkeys(("stop", "cap", "pillar"), status) if status == "disputed" else {}
    result = run(case(levels, doubted))
    assert [line.id for line in result.red_lines] == ["stop", "cap", "pillar"]
    for line in result.red_lines:
        tripped = score(case(levels, {**doubted, line.id: "tripped"}), RUBRIC, draws=100)
        pillar = next(p for p in tripped.pillars if p.id == line.pillar)
        assert (line.rating, line.pillar_rating) == (tripped.overall.rating, pillar.rating)
        assert line.changes == (line.rating != result.rating)
    assert [line.pillar_changes for line in result.red_lines] == [False, False, True]


def test_a_clear_or_tripped_red_line_is_in_no_doubt() -> None:
    result = run(case([3, 3, 3, 3], {"stop": "clear", "cap": "tripped", "pillar": "clear"}))
    assert result.red_lines == ()
    assert result.rating == "Conditional"
    assert result.uncapped_rating == "Sound"
    assert "Strong" in result.both.shares
    assert result.both.shares["Strong"] == result.both.shares["Sound"] == 0.0
    assert result.both.uncapped["Sound"] > 0.0


def test_a_block_rates_what_has_no_score() -> None:
    result = run(case([None] * 4, {"stop": "tripped"}))
    assert (result.score, result.rating) == (None, "Do not proceed")
    assert result.both.shares["Do not proceed"] == 1.0
    assert result.reason is not None


def test_the_same_seed_gives_the_same_shares_and_no_draws_are_refused() -> None:
    partnership = case([1, 2, 3, 4])
    assert run(partnership) == run(partnership)
    with pytest.raises(UsageError, match="draws must be at least 1"):
        run(partnership, draws=0)
