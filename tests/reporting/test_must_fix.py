from __future__ import annotations

from assess.reporting.blocks import Heading, Section
from assess.reporting.links import places_of
from assess.reporting.must_fix import must_fix_section
from assess.scoring.assessment import Assessment

from .conftest import capped, sample
from .viewtools import headings, links_of, rows, shown, tables

ORDER = ["tripped", "disputed", "unknown", "clear"]


def must_fix(assessment: Assessment) -> Section:
    return must_fix_section(assessment, places_of(assessment))


def test_every_red_line_is_listed_once_the_tripped_first(assessment: Assessment) -> None:
    places = [row.place for table in tables(must_fix(assessment)) for row in table.rows]
    status = {f"r-{line.id}": line.status for line in assessment.red_lines}
    assert set(places) == set(status)
    assert len(places) == len(status)
    found = [status[place] for place in places if place is not None]
    assert found == sorted(found, key=ORDER.index)


def test_the_heading_counts_every_status_there_is(assessment: Assessment) -> None:
    heading = must_fix(assessment).heading
    for status in ORDER:
        count = sum(line.status == status for line in assessment.red_lines)
        assert (f"{count} {status}" in heading) == (count > 0)


def test_only_a_tripped_line_alarms(assessment: Assessment) -> None:
    tripped = any(line.status == "tripped" for line in assessment.red_lines)
    section = must_fix(assessment)
    assert [b.tone for b in section.blocks if isinstance(b, Heading) and b.tone] == ["alarm"] * tripped
    alarmed = [row.place for table in tables(section) for row in table.rows for cell in row.cells if cell.tone]
    assert alarmed == [f"r-{line.id}" for line in assessment.red_lines if line.status == "tripped"]


def test_a_row_says_what_was_found_what_it_does_and_what_clears_it() -> None:
    found = rows(must_fix(sample()))
    assert [shown(cell) for cell in found["Line block"].cells] == [
        "Line block / Something holds. / If tripped, the rating is “Do not proceed”.",
        "They differ. / Evidence E01",
        "A law.",
        "Here: Settle it. / Clears: Something else holds. / Owner: The court.",
    ]
    assert shown(found["Line cap overall conditional"].cells[1]) == "No fact was recorded."
    assert {"c-zero", "e-E01"} == {link.to for link in links_of(found["Line block"])}


def test_a_clear_line_says_what_was_looked_at() -> None:
    clear = rows(must_fix(sample()))["Line cap pillar 49"]
    assert [shown(cell) for cell in clear.cells] == ["Line cap pillar 49", "Something holds.", "It was looked for."]


def test_what_the_rubric_leaves_out_is_said() -> None:
    bare = (
        sample()
        .red_lines[0]
        .model_copy(update={"clears": None, "reference": None, "remedy": None, "owner": None, "evidence": ()})
    )
    found = rows(must_fix(sample().model_copy(update={"red_lines": (bare,)})))["Line block"]
    assert [shown(cell) for cell in found.cells[1:]] == ["They differ.", "None given.", "Not stated in the rubric."]


def test_a_proposal_is_told_what_to_fix_before_signature() -> None:
    proposed = must_fix(capped("block"))
    assert proposed.heading == "Red lines and what must be fixed before signature: 1 tripped and 2 unknown"
    assert headings(proposed)[0] == "Must be fixed before signature (1)"
    assert "The rating is “Do not proceed”." in shown(rows(proposed)["Line block"].cells[0])
    in_force = must_fix(capped("block", "in_force"))
    assert in_force.heading == "Red lines: 1 tripped and 2 unknown"
    assert headings(in_force)[0] == "Tripped (1)"


def test_a_rubric_without_red_lines_is_said_to_have_none() -> None:
    section = must_fix(sample().model_copy(update={"red_lines": ()}))
    assert section.heading == "Red lines: the rubric has none"
    assert tables(section) == []
