from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assess.reporting.blocks import Cell, Endnote, Figure, Row, Table, cell, paragraph, row
from assess.reporting.links import Link, text_of
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment

from .viewtools import walk

LINK = Link("b", "e-b")


@given(st.lists(st.text(max_size=3)))
def test_a_cell_keeps_what_it_is_given_and_is_never_blank(texts: list[str]) -> None:
    assert [text_of(line) for line in cell(*texts).lines] == ([text for text in texts if text] or ["–"])


def test_a_cell_takes_texts_links_and_lines() -> None:
    made = cell("a", LINK, ("c", LINK), (), tone="gap")
    assert made == Cell((("a",), (LINK,), ("c", LINK)), "gap")


def test_a_row_makes_cells_of_what_is_none() -> None:
    ready = cell("x", tone="alarm")
    assert row("a", ready, (LINK, "!"), place="p", group=True) == Row(
        (cell("a"), ready, Cell(((LINK, "!"),))), "p", group=True
    )


def test_running_text_keeps_its_links() -> None:
    assert paragraph("a ", LINK).line == ("a ", LINK)


def test_on_paper_a_source_leads_to_the_first_thing_that_rests_on_it() -> None:
    assert Endnote("e-x", "x", (), back=("for ", LINK, Link("c", "c-c"))).home == "e-b"
    assert Endnote("e-x", "x", (), back=("not scored",)).home == "sources"


def test_tables_are_rectangles_and_named_rows_begin_with_a_link(assessment: Assessment) -> None:
    for block in walk(to_view(assessment)):
        if isinstance(block, Table):
            assert block.rows
            assert {len(one.cells) for one in block.rows} == {len(block.heads)}, block.caption
        if isinstance(block, Row) and block.place is not None:
            assert isinstance(block.cells[0].lines[0][0], Link)


def test_every_figure_says_its_finding_and_its_numbers_in_words(assessment: Assessment) -> None:
    figures = [block for block in walk(to_view(assessment)) if isinstance(block, Figure)]
    assert figures
    for figure in figures:
        assert figure.caption
        assert figure.chart.title.strip()
        assert figure.chart.description.strip()
    assert len({figure.chart.identifier for figure in figures}) == len(figures)


def test_no_place_is_defined_twice(assessment: Assessment) -> None:
    places = [block.place for block in walk(to_view(assessment)) if getattr(block, "place", None)]
    assert len(places) == len(set(places))
