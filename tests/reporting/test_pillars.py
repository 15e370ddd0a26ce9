from __future__ import annotations

from assess.reporting.links import all_criteria, places_of, text_of
from assess.reporting.numbers import whole
from assess.reporting.pillars import PillarSection, pillar_sections
from assess.scoring.assessment import Assessment

from .conftest import capped, sample, shipped


def sections(assessment: Assessment) -> dict[str, PillarSection]:
    return {section.title: section for section in pillar_sections(assessment, places_of(assessment))}


def test_every_criterion_has_one_row_with_its_numbers(assessment: Assessment) -> None:
    rows = {row.place: row for section in sections(assessment).values() for row in section.rows}
    bands = assessment.rubric.bands
    criteria = [criterion for pillar in assessment.pillars for criterion in all_criteria(pillar)]
    assert set(rows) == {f"c-{criterion.id}" for criterion in criteria}
    for criterion in criteria:
        row = rows[f"c-{criterion.id}"]
        if criterion.value is not None:
            assert row.score == str(whole(criterion.value, bands))
            assert criterion.low is not None
            assert criterion.high is not None
            assert row.range == f"{whole(criterion.low, bands)} to {whole(criterion.high, bands)}"


def test_not_applicable_no_evidence_and_zero_differ() -> None:
    rows = {row.place: row for section in sections(sample()).values() for row in section.rows}
    assert (rows["c-not-here"].state, rows["c-not-here"].score) == ("not-applicable", "n/a")
    assert rows["c-not-here"].basis == "Does not apply: It has no such thing."
    assert (rows["c-missing"].state, rows["c-missing"].score) == ("no-evidence", "no evidence")
    assert (rows["c-zero"].state, rows["c-zero"].score) == ("scored", "0")


def test_a_reading_too_thin_to_count_is_neither_scored_nor_without_evidence() -> None:
    rows = {row.place: row for section in sections(shipped("csto")).values() for row in section.rows}
    thin = [
        c
        for p in shipped("csto").pillars
        for c in all_criteria(p)
        if c.applicable and not c.observed and c.observed_share
    ]
    assert thin
    for criterion in thin:
        assert rows[f"c-{criterion.id}"].score == "too thin"
        assert rows[f"c-{criterion.id}"].basis.startswith("Too little is known to count")


def test_the_weakest_key_party_is_named_and_every_party_is_shown() -> None:
    first = sections(sample())["First things"]
    row = next(row for row in first.rows if row.place == "c-per-party")
    assert row.basis == "Level 1: Anchor 1. Weakest key party: Beland."
    note = next(note for note in first.notes if text_of((note.criterion,)) == "Title of per-party")
    said = [text_of(line) for line in note.lines]
    assert "Beland: level 1, high confidence; its reading counts. BB says. Evidence E01." in said
    assert "Celand: level 0, high confidence; not a key party. CC says. Evidence E01." in said


def test_lowered_confidence_says_both() -> None:
    rows = {row.place: row for section in sections(capped("block")).values() for row in section.rows}
    assert rows["c-per-party"].confidence == "stated high, counted moderate"


def test_checklists_and_numbers_show_what_was_read() -> None:
    third = sections(sample())["Third things"]
    assert third.rows[0].basis == "2 of 5 items met, 1 partly, 1 unknown."
    said = [text_of(line) for note in third.notes for line in note.lines]
    assert "Met: item a (critical); item d." in said
    assert "Number: 10.1, range 3.25 to 30 (days)." in said


def test_headings_state_the_finding() -> None:
    found = sections(sample())
    assert found["First things"].heading == "First things: score 41, Fragile to Weak; lowest on Title of zero (0)"
    assert found["Second things"].heading.startswith("Second things: risk 31, score 69, Sound to Conditional")
    assert found["Fourth things"].heading == "Fourth things has no score: 25 % of its weight has an observation"
    assert (found["First things"].depth, found["Inner things"].depth) == (0, 1)
    assert "“Strong” before red lines" in sections(capped("cap_pillar_49"))["First things"].heading


def test_a_pillar_in_which_nothing_applies_says_so() -> None:
    pillar = sample().pillars[1]
    gone = tuple(c.model_copy(update={"applicable": False, "observed": False, "value": None}) for c in pillar.criteria)
    without = sample().model_copy(
        update={"pillars": (pillar.model_copy(update={"criteria": gone, "score": None, "weight": 0.0}),)}
    )
    section = sections(without)["Second things"]
    assert section.heading == "Second things does not apply: none of its criteria does"
    assert text_of(section.summary) == "Its weight goes to the other pillars."
