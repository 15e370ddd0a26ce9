"""A case as arrays: what counts, what is drawn, and what is left out."""

from __future__ import annotations

import numpy as np
from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.scoring.prepared import prepare

CHECKLIST = {"kind": "checklist", "items": [{"id": name, "text": name} for name in ("x", "y", "z")]}


def test_best_values_stand_in_the_columns_of_their_criteria() -> None:
    case = prepare(small_partnership(observations={"b": level(3), "c": level(1, 2, 4)}), small_rubric())
    assert np.array_equal(case.best, [[np.nan, 75.0, 50.0, np.nan]], equal_nan=True)
    assert [cell.criterion for cell in case.inputs] == ["b", "c"]
    assert (case.low[1], case.value[1], case.high[1]) == (25.0, 50.0, 100.0)


def test_the_weakest_key_party_counts_in_values_and_in_draws() -> None:
    parties = {"NO": level(3, 3, 3), "SE": level(0, 1, 2)}
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", per_party=True)]}
    case = prepare(small_partnership(observations={"a": {"parties": parties}}), small_rubric(pillars=[pillar]))
    assert case.best[0, 0] == 25.0
    drawn = case.drawn(500, 3)
    assert drawn.shape == (500, 1)
    assert drawn.min() >= 0.0
    assert drawn.max() <= 50.0
    assert np.array_equal(drawn, case.drawn(500, 3))


def test_what_is_hardly_known_does_not_count() -> None:
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", measure=CHECKLIST, anchors={})]}
    items = {"items": {"x": "yes"}, "confidence": "high", "evidence": ["E1"], "rationale": "Because."}
    case = prepare(small_partnership(observations={"a": items}), small_rubric(pillars=[pillar]))
    assert case.thin.tolist() == [True]
    assert case.counted.tolist() == [0.0]
    assert np.isnan(case.best).all()
    assert np.isnan(case.drawn(10, 1)).all()


def test_a_red_line_nobody_looked_at_is_unknown() -> None:
    lines = [{"id": name, "criterion": "a", "when": "w", "effect": "block"} for name in ("stop", "halt")]
    found = {"stop": {"status": "tripped", "fact": "It is so.", "evidence": ["E1"]}}
    case = prepare(small_partnership(red_lines=found), small_rubric(red_lines=lines))
    assert case.statuses == ("tripped", "unknown")
    assert case.tripped.tolist() == [1.0, 0.0]


def test_nothing_observed_gives_no_value() -> None:
    case = prepare(small_partnership(), small_rubric())
    assert case.inputs == ()
    assert np.isnan(case.best).all()
    assert case.drawn(5, 1).shape == (5, 4)
