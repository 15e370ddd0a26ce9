"""The sections on robustness: what they say is what the analysis found."""

from __future__ import annotations

from functools import cache

import pytest

from assess.documents.errors import UsageError
from assess.documents.shipped import shipped_ids
from assess.partnership.loading import load_partnership
from assess.reporting.blocks import Points, Section, Table
from assess.reporting.edition import Edition
from assess.reporting.html import to_html
from assess.reporting.links import places_of, text_of
from assess.reporting.pdf import to_pdf
from assess.reporting.trust import amended_section, ranks_section, sections_of
from assess.reporting.view import to_view
from assess.robustness.ranks import ranks
from assess.robustness.robustness import Robustness, robustness
from assess.rubric.loading import load_rubric
from assess.scoring.assessment import Assessment
from assess.scoring.prepared import prepare
from assess.scoring.score import score

from .htmltools import Page


@cache
def analysed(case: str) -> tuple[Assessment, Robustness]:
    rubric, partnership = load_rubric("partnership-default"), load_partnership(case)
    assessment = score(partnership, rubric, draws=300)
    return assessment, robustness(partnership, rubric, assessment, draws=300, seed=5)


def tables(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def cells(table: Table) -> list[list[str]]:
    return [[" ".join(text_of(line) for line in cell.lines) for cell in entry.cells] for entry in table.rows]


@pytest.mark.parametrize("case", shipped_ids("partnerships"))
def test_a_report_with_the_analysis_is_whole_on_screen_and_paper(case: str) -> None:
    assessment, found = analysed(case)
    edition = Edition(robustness=found)
    page = Page(to_html(assessment, edition))
    assert page.wrong == []
    assert {"robustness", "sensitivity", "weights", "packages"} <= {node.given.get("id") for node in page.root.all()}
    assert to_pdf(assessment, edition).startswith(b"%PDF-")


def test_the_shares_are_those_of_the_draws_and_never_called_probable() -> None:
    assessment, found = analysed("csto")
    first = sections_of(found, assessment)[0]
    shares = cells(tables(first)[0])
    assert [line[0] for line in shares[:-1]] == list(found.bands.inputs.shares)
    assert shares[-1][0] == "No rating"
    for line in shares[:-1]:
        part = found.bands.inputs.shares[line[0]]
        assert line[1] in (f"{round(part * 100)} %", "under 1 %", "over 99 %")
    assert "never the probability" in text_of(first.blocks[0].line)  # type: ignore[union-attr]


def test_a_break_even_that_is_never_reached_is_counted_not_shown_as_a_number() -> None:
    assessment, found = analysed("csto")
    weights = next(section for section in sections_of(found, assessment) if section.place == "weights")
    never = sum(entry.break_even is None for entry in found.break_even.weights)
    assert f"For {never} further weights there is none" in " ".join(
        text_of(block.line)
        for block in weights.blocks
        if block.kind == "paragraph"  # type: ignore[union-attr]
    )
    assert len(tables(weights)[0].rows) <= 10


def test_an_analysis_of_another_assessment_is_refused() -> None:
    with pytest.raises(UsageError, match="another assessment"):
        to_view(analysed("quad")[0], Edition(robustness=analysed("csto")[1]))


def test_as_amended_shows_both_scores_of_every_pillar() -> None:
    before, after = analysed("csto")[0], analysed("csto")[0]
    section = amended_section(before, after, ("x=3",), places_of(before))
    lines = cells(tables(section)[0])
    assert [line[0] for line in lines] == ["Overall", *(pillar.title for pillar in before.pillars)]
    assert all(line[1] == line[2] and line[3] == line[4] for line in lines)


def test_inputs_that_move_nothing_are_said_to() -> None:
    assessment, found = analysed("csto")
    still = tuple(entry.model_copy(update={"swing": 0.0}) for entry in found.tornado.inputs)
    unmoved = found.model_copy(update={"tornado": found.tornado.model_copy(update={"inputs": still})})
    section = next(one for one in sections_of(unmoved, assessment) if one.place == "sensitivity")
    assert section.heading == "Sensitivity: no input moves the score"
    assert tables(section)[0].caption.startswith("One criterion left out")


def test_ranks_speak_of_cases_by_title_and_of_ties_as_such() -> None:
    rubric, csto = load_rubric("partnership-default"), load_partnership("csto")
    cases = [prepare(csto.model_copy(update={"id": name, "title": f"Pact {name}"}), rubric) for name in ("a", "b")]
    section = ranks_section(ranks(cases, draws=300, seed=1), {})
    assert cells(tables(section)[0])[0][-1].startswith("Pact b in ")
    said = [text_of(item) for block in section.blocks if isinstance(block, Points) for item in block.lines]
    assert said == ["Pact a level with Pact b: they tie at the declared weights."]
