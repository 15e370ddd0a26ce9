from __future__ import annotations

from assess.reporting.links import places_of, text_of
from assess.reporting.must_fix import must_fix
from assess.scoring.assessment import Assessment

from .conftest import capped, sample


def test_every_red_line_is_listed_once_under_its_status(assessment: Assessment) -> None:
    found = must_fix(assessment, places_of(assessment))
    listed = {item.place: group.status for group in found.groups for item in group.findings}
    assert listed == {f"r-{line.id}": line.status for line in assessment.red_lines}
    order = ["tripped", "disputed", "unknown", "clear"]
    assert [group.status for group in found.groups] == [s for s in order if s in {g.status for g in found.groups}]


def test_a_finding_says_what_was_found_and_what_it_does() -> None:
    (disputed, unknown, clear) = must_fix(sample(), places_of(sample())).groups
    item = disputed.findings[0]
    assert (item.condition, item.fact, item.clears) == ("Something holds.", "They differ.", "Something else holds.")
    assert item.effect == "If tripped, the rating is “Do not proceed”."
    assert text_of(item.evidence) == "E01"
    assert unknown.findings[0].fact == "No fact was recorded."
    assert clear.heading == "Clear (1)"


def test_a_proposal_is_told_what_to_fix_before_signature() -> None:
    found = must_fix(capped("block"), places_of(capped("block")))
    assert found.heading == "Red lines and what must be fixed before signature: 1 tripped and 2 unknown"
    assert found.groups[0].heading == "Must be fixed before signature (1)"
    assert found.groups[0].findings[0].effect == "The rating is “Do not proceed”."
    in_force = must_fix(capped("block", "in_force"), places_of(capped("block", "in_force")))
    assert in_force.groups[0].heading == "Tripped (1)"
