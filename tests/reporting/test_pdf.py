from __future__ import annotations

import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.reporting import pdf
from assess.reporting.edition import Edition
from assess.reporting.pdf import missing_glyphs, to_pdf
from assess.reporting.theme import DEFAULT_THEME
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment

from .conftest import capped, complete_dialogue, empty, hostile, sample, shipped
from .pdftools import findings_of, sheets_of, tags_of, text_in

MADE: dict[str, Callable[[], Assessment]] = {
    "dialogue": complete_dialogue,
    "empty": empty,
    "block": lambda: capped("block"),
    "cap-pillar": lambda: capped("cap_pillar_49"),
}
"""Kinds of report beside the shipped ones, which the tests of whole reports look at."""
each = pytest.mark.parametrize("name", sorted(MADE))


@cache
def pdf_of(name: str) -> bytes:
    return to_pdf(MADE[name]())


@each
def test_it_meets_what_can_be_checked_of_pdf_ua(name: str) -> None:
    assert findings_of(pdf_of(name)) == []


@each
def test_it_says_what_it_is(name: str) -> None:
    with pikepdf.open(io.BytesIO(pdf_of(name))) as pdf:
        assert str(pdf.docinfo["/Title"]) == to_view(MADE[name]()).title
        assert str(pdf.Root.Lang).lower() == "en-gb"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/Figure", "/Link", "/Caption"} <= tags_of(pdf)


@each
def test_it_does_nothing_and_leads_nowhere_else(name: str) -> None:
    with pikepdf.open(io.BytesIO(pdf_of(name))) as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        assert notes
        assert {str(note.Subtype) for note in notes} == {"/Link"}
        assert all("/A" not in note or note.A.S == "/GoTo" for note in notes)
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(pdf.Root.keys())
        assert "/JavaScript" not in pdf.Root.Names


@each
def test_two_runs_give_the_same_bytes(name: str) -> None:
    assert to_pdf(MADE[name]()) == pdf_of(name)


def test_documents_are_attached_in_one_order_whatever_the_order_given() -> None:
    documents = {"b.yaml": b"b: 1\n", "a.yaml": "ä: 2\n".encode()}
    pdf = to_pdf(empty(), Edition(documents=documents))
    assert pdf == to_pdf(empty(), Edition(documents=dict(reversed(documents.items()))))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        attached = {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}
    assert attached == {"assessment.json": empty().to_json().encode(), **documents}


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_paper_has_the_size_asked_for(paper: str, size: tuple[int, int]) -> None:
    edition = Edition(theme=DEFAULT_THEME.model_copy(update={"paper_size": paper}))
    assert {(round(sheet.width), round(sheet.height)) for sheet in sheets_of(to_pdf(empty(), edition))} == {size}


def test_every_letter_of_a_name_is_drawn_by_a_font_of_ours() -> None:
    assert missing_glyphs("TürkiyeŁódźКыргызстанңөүğşı’“”–×→ÅñřΑθήνα") == ()
    assert "ŁódźandTürkiye:Кыргызстан" in text_in(to_pdf(sample()))


def test_what_no_font_can_draw_is_found_and_replaced() -> None:
    assert set(missing_glyphs("a中b😀\ue000c")) == {"中", "😀", "\ue000"}
    assert "\ufffd\ufffdend" in text_in(to_pdf(hostile(empty(), "中😀end")))


@given(st.text(max_size=30))
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_can_be_set(text: str) -> None:
    assert to_pdf(hostile(empty(), text or "-")).startswith(b"%PDF")


def test_speed() -> None:
    """A generous bound, so that a slow machine passes and a tenfold loss does not."""
    to_pdf(shipped("csto"))
    start = time.perf_counter()
    to_pdf(hostile(shipped("csto"), "fresh text"))
    assert time.perf_counter() - start < 4


def test_threads_that_begin_together_share_one_folder_of_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_fonts", cache(pdf._fonts.__wrapped__))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: pdf._compiler()[1], range(8)))
    assert len({folder.name for folder in found}) == 1
    assert Path(found[0].name).is_dir()
    found[0].cleanup()
