from __future__ import annotations

import re

from assess.reporting.findings import LISTED, findings_section
from assess.reporting.links import places_of
from assess.scoring.assessment import Assessment, CriterionResult, all_criteria

from .conftest import capped, sample, with_criteria
from .viewtools import cells, said, tables


def ends(assessment: Assessment) -> tuple[list[CriterionResult], list[CriterionResult]]:
    """Return the criteria at 75 and above and at 25 and below."""
    criteria = [c for p in assessment.pillars for c in all_criteria(p) if c.value is not None]
    return [c for c in criteria if (c.value or 0) >= 75], [c for c in criteria if (c.value or 0) <= 25]


def test_both_ends_are_listed_the_heaviest_first(assessment: Assessment) -> None:
    found = {
        table.caption.split(":")[0]: table for table in tables(findings_section(assessment, places_of(assessment)))
    }
    weights = {c.title: c.overall_weight for p in assessment.pillars for c in all_criteria(p)}
    for name, criteria in zip(("Strengths", "Weaknesses"), ends(assessment), strict=True):
        assert (name in found) == bool(criteria)
        if criteria:
            shown = [re.sub(r" \([^()]*\)$", "", title) for title, *_ in cells(found[name])]
            assert set(shown) <= {criterion.title for criterion in criteria}
            assert len(shown) == min(len(criteria), LISTED)
            heaviest = sorted((criterion.overall_weight for criterion in criteria), reverse=True)[:LISTED]
            assert [weights[title] for title in shown] == heaviest


def test_the_heading_counts_what_is_there(assessment: Assessment) -> None:
    heading = findings_section(assessment, places_of(assessment)).heading
    for word, criteria in zip(("or above", "or below"), ends(assessment), strict=True):
        match = re.search(rf"(\w+)(?: criteri\w+)? at \d+ {word}", heading)
        assert match is not None
        assert match[1] == (str(len(criteria)) if criteria else "no" if word == "or above" else "none")


def test_one_is_no_plural_and_none_is_said() -> None:
    half = {"value": 50.0}
    lone = with_criteria(sample(), zero=half, per_party=half, present=half, inside=half, count=half)
    section = findings_section(lone, places_of(lone))
    assert section.heading.endswith(": 1 criterion at 75 or above, none at 25 or below")
    assert "No criterion stands there." in said(section)


def test_a_cut_list_says_how_many_there_are() -> None:
    whole = capped("block")
    (table,) = tables(findings_section(whole, places_of(whole)))
    assert table.caption.endswith(f"{LISTED} of {len(ends(whole)[0])}")


def test_a_low_value_never_stands_without_what_was_found_and_its_evidence() -> None:
    zero = cells(tables(findings_section(sample(), places_of(sample())))[1])[0]
    assert zero == ["Title of zero (First things)", "0", "0 to 25", "Level 0: Anchor 0.", "E02"]
    bare = with_criteria(sample(), zero={"evidence": ()})
    assert cells(tables(findings_section(bare, places_of(bare)))[1])[0][-1] == "none cited"


def test_what_has_no_weight_is_neither_strong_nor_weak() -> None:
    light = with_criteria(sample(), zero={"overall_weight": 0.0})
    assert "Title of zero" not in said(findings_section(light, places_of(light)))
