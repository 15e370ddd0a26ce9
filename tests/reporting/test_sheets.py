from __future__ import annotations

import pytest

from assess.reporting.blocks import Paragraph, Points, Section, Sheet
from assess.reporting.links import places_of, text_of
from assess.reporting.sheets import sheets_section
from assess.scoring.assessment import Assessment, all_criteria, all_pillars

from .conftest import capped, complete_dialogue, empty, sample, shipped, with_criteria
from .viewtools import headings, links_of, said


def section_of(assessment: Assessment) -> Section:
    return sheets_section(assessment, places_of(assessment))


def sheets(assessment: Assessment) -> dict[str, Sheet]:
    return {b.place.removeprefix("c-"): b for b in section_of(assessment).blocks if isinstance(b, Sheet)}


def labelled(sheet: Sheet) -> dict[str, str]:
    """Return the paragraphs of a sheet that have a label, as text."""
    return {b.label: text_of(b.line) for b in sheet.blocks if isinstance(b, Paragraph) and b.label is not None}


def points(sheet: Sheet) -> list[str]:
    return [text_of(line) for block in sheet.blocks if isinstance(block, Points) for line in block.lines]


def test_every_criterion_has_a_sheet_under_its_pillar_with_what_it_is_filtered_by(assessment: Assessment) -> None:
    found = sheets(assessment)
    criteria = [c for pillar in all_pillars(assessment.pillars) for c in pillar.criteria]
    assert list(found) == [criterion.id for criterion in criteria]
    assert headings(section_of(assessment)) == [p.title for p in all_pillars(assessment.pillars) if p.criteria]
    for criterion in criteria:
        sheet = found[criterion.id]
        assert (sheet.state == "scored") == (criterion.value is not None)
        assert (sheet.state == "not-applicable") == (not criterion.applicable)
        assert sheet.confidence == (criterion.confidence or "none")


def test_the_heading_counts_values_and_silence() -> None:
    assert section_of(sample()).heading.endswith(": 9 of 12 criteria with a value, 2 without enough evidence")
    assert section_of(capped("block")).heading.endswith(": 12 of 12 criteria with a value")
    assert "0 of 12" in section_of(empty()).heading


def test_all_evidence_cited_stands_with_its_grade_date_and_standing(assessment: Assessment) -> None:
    known = {entry.id: entry for entry in assessment.evidence}
    for criterion in (c for p in assessment.pillars for c in all_criteria(p) if c.applicable):
        line = labelled(sheets(assessment)[criterion.id])["Evidence"]
        cited = {*criterion.evidence, *(name for party in criterion.parties for name in party.evidence)}
        assert line != "None is cited." or not cited
        for name in cited:
            assert f"{name} ({known[name].grade}, {known[name].date}, " in line


def test_evidence_says_how_far_it_was_verified_and_whether_it_expired() -> None:
    found = sheets(sample())
    assert labelled(found["full"])["Evidence"] == "E03 (B2, 2001, unverified, expired)."
    assert labelled(found["zero"])["Evidence"] == "E02 (B2, 2026-01-02, partly verified)."
    assert labelled(found["missing"])["Evidence"] == "None is cited."


def test_the_summary_has_value_range_weight_and_confidence_or_says_why_not() -> None:
    found = sheets(sample())
    assert text_of(found["zero"].summary) == "Value 0, range 0 to 25; weight 38 % of First things; confidence moderate."
    assert text_of(found["missing"].summary).startswith("No evidence; weight 20 % of Second things")
    assert text_of(found["not-here"].summary).startswith("n/a")
    lowered = text_of(sheets(capped("block"))["per-party"].summary)
    assert "confidence stated high, counted moderate" in lowered


def test_the_anchors_on_both_sides_say_whether_the_range_reaches_them(assessment: Assessment) -> None:
    values = assessment.rubric.level_values
    for criterion in (c for p in assessment.pillars for c in all_criteria(p) if c.value is not None and c.anchor):
        found = labelled(sheets(assessment)[criterion.id])
        assert criterion.anchor is not None
        assert criterion.low is not None
        assert criterion.high is not None
        for level, name in ((criterion.anchor.level - 1, "below"), (criterion.anchor.level + 1, "above")):
            shown = found.get(f"Level {name}, {level}")
            assert (shown is not None) == (level in criterion.anchors)
            if shown is not None:
                inside = criterion.low - 1e-6 <= values[level] <= criterion.high + 1e-6
                assert ("Inside the range" in shown) == inside
                assert ("Outside the range" in shown) == (not inside)


def test_checklists_say_every_answer_and_mark_what_is_critical() -> None:
    text = said(sheets(sample())["list"])
    for line in (
        "2 of 5 items met, 1 partly, 1 unknown.",
        "Met: item a (critical); item d.",
        "Partly met: item b.",
        "Not met: item c (critical).",
        "Unknown: item e.",
        "86 % of this criterion is known.",
    ):
        assert line in text


def test_a_number_is_shown_as_it_was_read() -> None:
    assert labelled(sheets(sample())["count"])["Found"] == "Number: 10.1, range 3.25 to 30 (days)."


def test_each_party_is_read_and_the_one_that_counts_is_marked() -> None:
    assert points(sheets(sample())["per-party"]) == [
        "Aland: level 3, high confidence. AA says. Evidence E01.",
        "Beland: level 1, high confidence; its reading counts. BB says. Evidence E01.",
        "Celand: level 0, high confidence; not a key party. CC says. Evidence E01.",
    ]


@pytest.mark.parametrize(("criterion", "word"), [("present", "draft or plan"), ("per-party", "parties’ record")])
def test_until_entry_into_force_the_rule_of_the_stage_is_said(criterion: str, word: str) -> None:
    assert word in said(sheets(capped("block"))[criterion])
    assert word not in said(sheets(capped("block", "in_force"))[criterion])


def test_why_this_level_is_answered_or_said_to_be_missing() -> None:
    assert labelled(sheets(sample())["inside"])["Why this level"] == "Because."
    assert labelled(sheets(sample())["count"])["Why this value"] == "Measured."
    silent = with_criteria(sample(), inside={"rationale": None})
    assert labelled(sheets(silent)["inside"])["Why this level"] == "No rationale was recorded."
    assert "Why this level" not in labelled(sheets(sample())["missing"])


def test_what_is_missing_is_said_to_leave_the_score() -> None:
    assert "leaves the score" in labelled(sheets(sample())["missing"])["Found"]
    assert labelled(sheets(sample())["not-here"])["Found"] == "Does not apply: It has no such thing."


def test_ways_come_by_gain_and_a_gain_of_nothing_leads_to_the_weight() -> None:
    text = [line for line in points(sheets(complete_dialogue())["list"]) if "overall" in line]
    assert [line.split(".")[0] for line in text] == ["Write all", "Write the clause"]
    assert text[0].startswith("Write all. To level 4: +")
    assert "Low cost, high feasibility, about 1 month; the lawyers." in text[1]
    gains = [link for link in links_of(sheets(capped("block"))["list"]) if link.of[:1] and link.of[0].endswith("gain")]
    assert gains
    assert {link.to for link in gains} == {"w-list"}


def test_ways_of_a_shipped_case_are_ranked() -> None:
    for criterion in (c for p in shipped("csto").pillars for c in all_criteria(p) if len(c.mitigations) > 1):
        gains = [way.gain if way.gain is not None else way.pillar_gain or 0.0 for way in criterion.mitigations]
        order = sorted(range(len(gains)), key=lambda index: -gains[index])
        wanted = [criterion.mitigations[index].text.rstrip(".") for index in order]
        lines = points(sheets(shipped("csto"))[criterion.id])[-len(wanted) :]
        assert all(line.startswith(text) for line, text in zip(lines, wanted, strict=True))


def test_the_research_behind_a_criterion_is_named() -> None:
    sheet = sheets(sample())["full"]
    assert "contested (paper-1)." in said(sheet)
    assert "ref-paper-1" in {link.to for link in links_of(sheet)}
    assert "Research" not in said(sheets(sample())["zero"])
