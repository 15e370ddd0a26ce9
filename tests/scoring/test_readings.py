"""From observations to values with ranges: what confidence, evidence, age and stage do to them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import criterion, evidence, level, small_partnership, small_rubric

from assess.scoring.readings import Cell, read_cells, shelf_lives

NUMBER = {"kind": "quantitative", "unit": "days", "breakpoints": [[0, 100], [10, 80], [50, 0]]}
LIST = {
    "kind": "checklist",
    "items": [{"id": "x", "text": "X", "critical": True}, {"id": "y", "text": "Y"}, {"id": "z", "text": "Z"}],
}


def read(
    observation: dict[str, Any], *, rubric: dict[str, Any] | None = None, case: dict[str, Any] | None = None
) -> Cell:
    """The one cell that an observation of criterion 'a' gives."""
    pillar = {"id": "one", "title": "One", "criteria": [criterion("a", **(rubric or {}))]}
    compiled = small_rubric(pillars=[pillar])
    partnership = small_partnership(observations={"a": observation}, **(case or {}))
    cells = read_cells(partnership, compiled, list(compiled.all_criteria()))
    assert len(cells) == 1
    return cells[0]


def spread(cell: Cell) -> tuple[float, float, float]:
    return cell.low, cell.value, cell.high


@pytest.mark.parametrize(("confidence", "half"), [("high", 12.5), ("moderate", 25.0), ("low", 37.5)])
def test_a_bare_level_gets_a_half_width_by_confidence(confidence: str, half: float) -> None:
    assert spread(read(level(2, confidence=confidence))) == (50 - half, 50, 50 + half)


def test_half_widths_stop_at_the_ends_of_the_scale() -> None:
    assert spread(read(level(4, confidence="low"))) == (62.5, 100, 100)
    assert spread(read(level(0, confidence="low"))) == (0, 0, 37.5)


def test_a_stated_range_stands() -> None:
    assert spread(read(level(1, 2, 2.5))) == (25, 50, 62.5)


def test_one_stated_end_leaves_the_other_to_confidence() -> None:
    assert spread(read(level(2) | {"level": {"best": 2, "low": 2}})) == (50, 50, 62.5)


def test_a_reading_without_confidence_counts_as_low() -> None:
    assert read({"level": 2, "evidence": ["E1"]}).confidence == "low"


def test_a_reading_without_evidence_counts_as_low_and_says_so() -> None:
    cell = read({"level": {"low": 2, "best": 2, "high": 2}, "confidence": "high"})
    assert cell.confidence == "low"
    assert spread(cell) == (12.5, 50, 87.5)
    assert "no_evidence" in cell.notes


def test_only_unverified_evidence_is_noted() -> None:
    case = {"evidence": [evidence("E1", verified="no", confidence="moderate"), evidence("E2")]}
    assert read(level(2), case=case).notes == ("unverified",)
    assert read(level(2, evidence=["E1", "E2"]), case=case).notes == ()


@pytest.mark.parametrize("rule", ["design", "proxy"])
@pytest.mark.parametrize("stage", ["idea", "negotiating", "signed"])
def test_proposals_carry_at_most_moderate_confidence(rule: str, stage: str) -> None:
    cell = read(level(2), rubric={"when_proposed": rule}, case={"stage": stage})
    assert cell.confidence == "moderate"
    assert spread(cell) == (25, 50, 75)
    assert cell.notes == ("stage_cap",)


def test_full_criteria_and_partnerships_in_force_keep_their_confidence() -> None:
    assert read(level(2), rubric={"when_proposed": "full"}, case={"stage": "idea"}).confidence == "high"
    assert read(level(2), rubric={"when_proposed": "design"}).confidence == "high"


def test_the_cap_widens_a_stated_range_that_is_narrower() -> None:
    cell = read(level(2, 2, 4), rubric={"when_proposed": "design"}, case={"stage": "idea"})
    assert spread(cell) == (25, 50, 100)


@pytest.mark.parametrize(
    ("date", "confidence", "low", "notes"),
    [
        ("2024-07", "high", 37.5, ()),
        ("2024-01", "high", 50 - 1.5 * 12.5, ("expired",)),
        ("2022-01", "low", 0, ("expired",)),
    ],
)
def test_expired_evidence_widens_then_drops_to_low(
    date: str, confidence: str, low: float, notes: tuple[str, ...]
) -> None:
    cell = read(level(2), case={"evidence": [evidence("E1", date=date, shelf_life=12)]})
    assert cell.confidence == confidence
    assert cell.low == pytest.approx(low)
    assert cell.notes == notes


def test_the_freshest_evidence_decides_and_treaties_never_expire() -> None:
    old = evidence("E1", date="1949-04-04", shelf_life=12)
    assert read(level(2, evidence=["E1", "E2"]), case={"evidence": [old, evidence("E2")]}).notes == ()
    treaty = evidence("E1", date="1949-04-04", kind="treaty")
    assert read(level(2), case={"evidence": [treaty]}).notes == ()


def test_a_treaty_does_not_keep_other_evidence_fresh() -> None:
    case = {
        "evidence": [evidence("E1", date="2020-01", shelf_life=12), evidence("E2", date="1949-04-04", kind="treaty")]
    }
    assert read(level(2, evidence=["E1", "E2"]), case=case).confidence == "low"


def test_age_is_counted_in_shelf_lives() -> None:
    case = small_partnership(evidence=[evidence("E1", date="2023-06-30", shelf_life=12)])
    assert shelf_lives(case.evidence[0], case.as_of) == pytest.approx(2.0)


def test_numbers_turn_round_where_less_is_better() -> None:
    cell = read(
        {"number": {"low": 5, "best": 10, "high": 30}, "confidence": "high", "evidence": ["E1"]},
        rubric={"measure": NUMBER},
    )
    assert spread(cell) == (40, 80, 90)
    assert cell.raw == (5, 10, 30)


def test_a_number_with_one_end_gets_the_other_on_the_right_side() -> None:
    cell = read(
        {"number": {"best": 10, "high": 30}, "confidence": "high", "evidence": ["E1"]}, rubric={"measure": NUMBER}
    )
    assert spread(cell) == (40, 80, 92.5)
    cell = read(
        {"number": {"low": 5, "best": 10}, "confidence": "high", "evidence": ["E1"]}, rubric={"measure": NUMBER}
    )
    assert spread(cell) == (67.5, 80, 90)


def test_a_bare_number_is_spread_in_values() -> None:
    cell = read({"number": 30, "confidence": "moderate", "evidence": ["E1"]}, rubric={"measure": NUMBER})
    assert spread(cell) == (15, 40, 65)


def test_a_level_may_stand_for_a_number() -> None:
    assert spread(read(level(3), rubric={"measure": NUMBER})) == (62.5, 75, 87.5)


def test_a_checklist_is_a_range_when_items_are_unknown() -> None:
    cell = read({"items": {"x": "yes", "y": "no"}, "confidence": "high", "evidence": ["E1"]}, rubric={"measure": LIST})
    assert cell.value == pytest.approx(200 / 3)
    assert cell.known == pytest.approx(0.75)
    assert cell.completions == pytest.approx((50, 75))
    assert cell.low == pytest.approx(50)
    assert cell.high == pytest.approx(200 / 3 + 12.5)


def test_a_checklist_of_which_nothing_is_known_is_no_reading() -> None:
    rubric = small_rubric(pillars=[{"id": "one", "title": "One", "criteria": [criterion("a", measure=LIST)]}])
    case = small_partnership(observations={"a": {"items": {"x": "unknown"}, "evidence": ["E1"]}})
    assert read_cells(case, rubric, list(rubric.all_criteria())) == []


def test_the_threat_register_becomes_a_reading_with_its_own_evidence() -> None:
    measure = {
        "kind": "quantitative",
        "unit": "percent",
        "breakpoints": [[0, 0], [100, 100]],
        "computed_from": "threat_register",
    }
    threat = {"threat": "t", "domain": "sea", "severity": 2, "likelihood": 1, "capability": "c", "evidence": ["E1"]}
    threats = [{"id": "T1", "adequacy": "adequate", **threat}, {"id": "T2", "adequacy": "unknown", **threat}]
    rubric = small_rubric(pillars=[{"id": "one", "title": "One", "criteria": [criterion("a", measure=measure)]}])
    (cell,) = read_cells(small_partnership(threats=threats), rubric, list(rubric.all_criteria()))
    assert (cell.kind, cell.value, cell.known, cell.completions) == ("threat_register", 100, 0.5, (50, 100))
    assert cell.judgement.evidence == ("E1",)


def test_a_convex_level_map_is_followed_between_levels() -> None:
    rubric = small_rubric(
        level_values=[0, 15, 40, 70, 100], pillars=[{"id": "one", "title": "One", "criteria": [criterion("a")]}]
    )
    (cell,) = read_cells(small_partnership(observations={"a": level(1)}), rubric, list(rubric.all_criteria()))
    assert spread(cell) == pytest.approx((7.5, 15, 27.5))


def test_certainty_is_noted_only_where_it_was_claimed() -> None:
    assert read(level(2, 2, 2)).notes == ("certain",)
    beyond = {"number": {"low": 60, "best": 70, "high": 80}, "confidence": "high", "evidence": ["E1"]}
    assert read(beyond, rubric={"measure": NUMBER}).notes == ()
