from __future__ import annotations

from assess.reporting.blocks import Figure, Paragraph, Section
from assess.reporting.links import places_of, text_of
from assess.reporting.numbers import whole
from assess.reporting.pillars import basis_of, lowest, pillar_sections, state_of, summary_of
from assess.scoring.assessment import Assessment, CriterionResult, all_criteria, all_pillars

from .conftest import capped, sample, shipped, with_criteria
from .viewtools import cells, rows, shown, tables


def sections(assessment: Assessment) -> dict[str, Section]:
    return {section.short: section for section in pillar_sections(assessment, places_of(assessment))}


def readings(assessment: Assessment) -> dict[str, list[str]]:
    """Return the rows of all criteria: weight, value, range, confidence and evidence by title."""
    return {
        title: texts for s in sections(assessment).values() for table in tables(s) for title, *texts in cells(table)
    }


def criterion(assessment: Assessment, name: str) -> CriterionResult:
    return next(c for pillar in assessment.pillars for c in all_criteria(pillar) if c.id == name)


def test_every_pillar_has_a_section_and_every_criterion_one_row_with_its_numbers(assessment: Assessment) -> None:
    assert list(sections(assessment)) == [pillar.title for pillar in all_pillars(assessment.pillars)]
    found = readings(assessment)
    bands = assessment.rubric.bands
    criteria = [c for pillar in assessment.pillars for c in all_criteria(pillar)]
    assert len(found) == len(criteria)
    for one in criteria:
        if one.value is not None and one.low is not None and one.high is not None:
            assert found[one.title][1:3] == [
                str(whole(one.value, bands)),
                f"{whole(one.low, bands)} to {whole(one.high, bands)}",
            ]


def test_not_applicable_no_evidence_and_zero_differ() -> None:
    found = readings(sample())
    assert [found[f"Title of {name}"][1] for name in ("not-here", "missing", "zero")] == ["n/a", "no evidence", "0"]
    assert [state_of(criterion(sample(), name)) for name in ("not-here", "missing", "zero")] == [
        "not-applicable",
        "no-evidence",
        "scored",
    ]
    tones = [
        rows(section)[f"Title of {name}"].cells[2].tone
        for section, name in (
            (sections(sample())["Third things"], "not-here"),
            (sections(sample())["Second things"], "missing"),
            (sections(sample())["First things"], "zero"),
        )
    ]
    assert tones == ["na", "gap", None]


def test_a_reading_too_thin_to_count_is_neither_scored_nor_without_evidence() -> None:
    csto = shipped("csto")
    thin = [c for p in csto.pillars for c in all_criteria(p) if c.applicable and not c.observed and c.observed_share]
    assert thin
    for one in thin:
        assert readings(csto)[one.title][1] == "too thin"
        assert summary_of(one, places_of(csto)).startswith("Too little is known to count")


def test_what_a_value_rests_on_is_said_in_words() -> None:
    places = places_of(sample())
    said = {name: summary_of(criterion(sample(), name), places) for name in places.criteria}
    assert said["zero"] == "Level 0: Anchor 0."
    assert said["per-party"] == "Level 1: Anchor 1. Weakest key party: Beland."
    assert said["list"] == "2 of 5 items met, 1 partly, 1 unknown."
    assert said["count"] == "Number: 10.1, range 3.25 to 30 (days)."
    assert said["not-here"] == "Does not apply: It has no such thing."
    assert said["missing"] == "No observation."
    by_type = criterion(sample(), "not-here").model_copy(update={"not_applicable_reason": None})
    assert summary_of(by_type, places) == "Does not apply to this type of partnership."


def test_the_evidence_is_that_of_the_party_that_counts() -> None:
    read = criterion(sample(), "per-party")
    parties = tuple(
        party.model_copy(update={"evidence": (name,)})
        for party, name in zip(read.parties, ("E01", "E02", "E03"), strict=True)
    )
    assert text_of(basis_of(read.model_copy(update={"parties": parties, "evidence": ()}), places_of(sample()))) == "E02"


def test_lowered_confidence_says_both() -> None:
    assert readings(capped("block"))["Title of per-party"][3] == "stated high, counted moderate"
    assert readings(sample())["Title of per-party"][3] == "high"


def test_headings_state_the_finding() -> None:
    found = sections(sample())
    assert found["First things"].heading == "First things: score 41, Fragile to Weak; lowest on Title of zero (0)"
    assert found["Second things"].heading.startswith("Second things: risk 31, score 69, Sound to Conditional")
    assert found["Fourth things"].heading == "Fourth things has no score: 25 % of its weight has an observation"
    assert (found["First things"].depth, found["Inner things"].depth) == (0, 1)
    assert "“Strong” before red lines" in sections(capped("cap_pillar_49"))["First things"].heading


def test_the_heading_says_where_it_is_lowest_and_how_many_share_that() -> None:
    def heading(**values: float) -> str:
        changed = with_criteria(sample(), **{name: {"value": value} for name, value in values.items()})
        return sections(changed)["First things"].heading.partition("; ")[2]

    assert heading(zero=10, inside=10) == "lowest on Title of zero and Title of inside (10 each)"
    assert heading(zero=10, inside=10, full=10) == "3 criteria share the lowest value (10)"
    assert heading(zero=10, inside=10, full=10, per_party=10) == "every criterion has 10"


def test_the_lowest_is_the_lowest_that_is_shown(assessment: Assessment) -> None:
    bands = assessment.rubric.bands
    for pillar in assessment.pillars:
        values = [whole(c.value, bands) for c in all_criteria(pillar) if c.value is not None and c.weight > 0]
        assert [whole(c.value or 0.0, bands) for c in lowest(pillar, bands)] == [
            value for value in values if value == min(values)
        ]


def test_the_summary_has_score_interval_basis_and_weight_and_names_what_caps_it() -> None:
    def summary(assessment: Assessment, title: str) -> str:
        return next(
            text_of(b.line) for b in sections(assessment)[title].blocks if isinstance(b, Paragraph) and b.role == "body"
        )

    second = summary(sample(), "Second things")
    assert second.startswith("Risk 31, score 69, 80 % interval of the score 63 to 74.")
    assert "Basis sufficient: 80 % of the weight" in second
    assert "it lies within 13 to 88" in summary(sample(), "Fourth things")
    assert "Capped by Line cap pillar 49." in summary(capped("cap_pillar_49"), "First things")


def test_a_pillar_in_which_nothing_applies_says_so() -> None:
    gone = {"applicable": False, "observed": False, "value": None}
    section = sections(with_criteria(sample(), thin_a=gone, thin_b=gone))["Fourth things"]
    assert section.heading == "Fourth things does not apply: none of its criteria does"
    assert "Its weight goes to the other pillars." in [
        text_of(b.line) for b in section.blocks if isinstance(b, Paragraph)
    ]


def test_the_figure_says_every_value(assessment: Assessment) -> None:
    for section in sections(assessment).values():
        figures = [block.chart for block in section.blocks if isinstance(block, Figure)]
        for chart, table in zip(figures, tables(section), strict=True):
            for row in table.rows:
                assert f"{shown(row.cells[0])}: {shown(row.cells[2])}" in chart.description
