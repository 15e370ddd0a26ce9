"""The section on agreement: what was found, how sure it is, who stands apart."""

from __future__ import annotations

import numpy as np

from assess.reporting.agreement import agreement_section, merged_text
from assess.reporting.blocks import Figure
from assess.reporting.markdown import sections_markdown
from assess.rubric.measures import Floats
from assess.tuning.agreement import Panel, agreement
from assess.tuning.panels import Merged


def text(readings: Floats, scale: str = "level") -> str:
    units = ("burden_sharing", "capability_shift/NO", "x", "y")[: readings.shape[1]]
    panel = Panel(("ann", "ben"), units, readings, scale)  # type: ignore[arg-type]
    section = agreement_section(agreement(panel, draws=100), "a case", {"capability_shift": "Power balance"})
    assert any(isinstance(block, Figure) for block in section.blocks)
    return sections_markdown([section])


def test_full_agreement_has_no_one_apart() -> None:
    shown = text(np.array([[0.0, 2, 3, 4], [0, 2, 3, 4]]))
    assert "## Agreement on a case: Krippendorff's alpha 1.00 (95 % interval 1.00 to 1.00)" in shown
    assert "| x | 3 | all agree | ann 3, ben 3 | – |" in shown
    assert "fewer than 10 units" in shown


def test_disagreement_is_named_and_warned_of() -> None:
    shown = text(np.array([[0.0, 4, 3, np.nan], [4, 0, 3, 2]]))
    assert "alpha −0." in shown
    assert "Alpha is under 0.667" in shown
    assert "| Power balance (NO) | 2 | 0 to 4 | ann 4, ben 0 | ann, ben |" in shown
    assert "Read by one assessor only, so not compared: y." in shown


def test_of_many_units_those_on_which_all_agree_are_only_named() -> None:
    units = ("odd", *(f"c{number}/NO" for number in range(30)), "c1/SE")
    readings = np.vstack([np.arange(32) % 5, np.arange(32) % 5]).astype(np.float64)
    readings[1, 0] = 4
    found = agreement(Panel(("ann", "ben"), units, readings, "level"), draws=100)
    shown = sections_markdown([agreement_section(found, "a case", {"c1": "First"})])
    assert "| odd | 2 | 0 to 4 | ann 0, ben 4 | ann, ben |" in shown
    assert "All who read them agree on 31 units: c0 (NO); First (NO, SE); c2 (NO)" in shown
    assert "| First" not in shown


def test_what_cannot_be_computed_is_said() -> None:
    shown = text(np.full((2, 3), 2.0))
    assert "alpha is not defined" in shown
    assert "all readings are the same" in shown
    assert "not defined | not defined" in shown


def test_shares_are_percentages() -> None:
    assert "ann 25 %, ben 50 %" in text(np.array([[0.25, 0.75], [0.5, 0.5]]), "share")


def test_the_merged_reading_is_yaml_to_copy() -> None:
    observations = {"burden_sharing": {"level": {"low": 1.0, "best": 2.5}}}
    shown = merged_text(Merged(observations, ("exit",)))
    assert "observations:\n  burden_sharing:\n    level:\n      low: 1\n      best: 2.5\n" in shown
    assert "Not merged" in shown
    assert "exit" in shown
