"""What a reader is told about precedents."""

from __future__ import annotations

from tests.batch.test_nearest import alliances, find

from assess.reporting.markdown import sections_markdown
from assess.reporting.precedents import precedents_section
from assess.rubric.loading import load_rubric


def test_ends_are_counted_base_rates_defined_and_no_probability_is_given() -> None:
    rates = load_rubric("alliance-durability").base_rates
    frame = alliances()
    frame.loc[::2, "y_term"] = 1.0
    found = find(frame)
    section = precedents_section(found, rates)
    text = sections_markdown([section])
    violated = sum(one.end == "ended in violation" for one in found.found)
    assert f"{violated} ended in violation" in section.heading
    assert "no probability" in text
    for share in ("74.5", "50 per cent", "22 per cent"):
        assert share in text
    for one in found.found:
        assert f"| {one.id} |" in text
    assert all(rate.definition[:40] in text for rate in rates)
