from __future__ import annotations

import io
import re
import subprocess
import time
from functools import cache

import pdfua
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.reporting.html import to_html
from assess.reporting.links import text_of
from assess.reporting.pdf import missing_glyphs, to_pdf
from assess.reporting.view import to_view

from .conftest import CASES, capped, complete_dialogue, empty, hostile, needed, sample, shipped
from .payloads import PAYLOADS

MADE = {
    **{case: (lambda case=case: shipped(case)) for case in CASES},
    "sample": sample,
    "dialogue": complete_dialogue,
    "empty": empty,
    "block": lambda: capped("block"),
}
each = pytest.mark.parametrize("name", sorted(MADE))


@cache
def pdf_of(name: str) -> bytes:
    return to_pdf(MADE[name]())


def text_in(pdf: bytes) -> str:
    """Return the text of a PDF, cell by cell, without spaces: breaks of lines do not matter."""
    run = subprocess.run([needed("pdftotext"), "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return _squeezed(run.stdout.decode())


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def structure(pdf: pikepdf.Pdf) -> list[str]:
    found: list[str] = []
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(node)  # type: ignore[arg-type]
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node and node.get("/Type") != "/OBJR":
                found.append(str(node.S))
            if "/K" in node:
                waiting.append(node.K)
    return found


@each
def test_it_meets_what_pdfua_can_check(name: str) -> None:
    assert [(f.rule_id, f.message) for f in pdfua.validate(io.BytesIO(pdf_of(name))).findings] == []


@each
def test_it_says_what_it_is(name: str) -> None:
    with pikepdf.open(io.BytesIO(pdf_of(name))) as pdf:
        title = to_view(MADE[name]()).title
        assert str(pdf.docinfo["/Title"]) == title
        assert str(pdf.Root.Lang).lower() == "en-gb"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("2", "A", "1")
        tags = structure(pdf)
        assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/Figure", "/Link", "/Caption"} <= set(tags)
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert all(annotation.Subtype == "/Link" for page in pdf.pages for annotation in page.get("/Annots", []))
        assert all(
            "/A" not in annotation or annotation.A.S == "/GoTo"
            for page in pdf.pages
            for annotation in page.get("/Annots", [])
        )


@each
def test_two_runs_give_the_same_bytes(name: str) -> None:
    assert to_pdf(MADE[name]()) == pdf_of(name)


@each
def test_html_and_pdf_hold_the_same_scores_headings_and_evidence(name: str) -> None:
    view = to_view(MADE[name]())
    text, page = text_in(pdf_of(name)), _squeezed(re.sub(r"<[^>]+>", "", to_html(MADE[name]()).split("<body>")[1]))
    headings = [view.title, view.profile.heading, view.must_fix.heading, view.sources.heading, view.method.heading]
    headings += [section.heading for section in view.pillars] + [group.heading for group in view.must_fix.groups]
    expected = [view.bottom_line.rating, text_of(view.bottom_line.score), *headings]
    expected += [entry.id + entry.fact for entry in view.sources.entries if len(entry.fact) < 60]
    expected += [f"{row.declared}{row.multiplier}{row.share}{row.total}" for row in view.method.weights]
    for part in expected:
        assert _squeezed(part) in text, part
        assert _squeezed(part) in page.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&"), part
    for section in view.pillars:
        for row in section.rows:
            assert _squeezed(f"{row.weight}{row.score}{row.range}") in text


def test_every_letter_of_a_name_is_drawn_by_a_font_of_ours() -> None:
    assert missing_glyphs("TürkiyeŁódźКыргызстанңөүğşı’“”–×→ÅñřΑθήνα") == ()
    text = text_in(pdf_of("sample"))
    assert "ŁódźandTürkiye:Кыргызстан" in text


def test_what_no_font_can_draw_is_found_and_replaced() -> None:
    assert set(missing_glyphs("a中b😀\ue000c")) == {"中", "😀", "\ue000"}
    assert "\ufffd\ufffdend" in text_in(to_pdf(hostile(empty(), "中😀end")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_stays_text(payload: str) -> None:
    poisoned = hostile(sample(), payload)
    pdf = to_pdf(poisoned)
    assert [f.message for f in pdfua.validate(io.BytesIO(pdf)).findings] == []
    text = text_in(pdf)
    assert "root:" not in text
    if payload.isascii() and payload.isprintable() and len(payload) < 40:
        assert _squeezed(payload) in text


@given(st.text(max_size=30))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_can_be_set(text: str) -> None:
    assert to_pdf(hostile(empty(), text or "-")).startswith(b"%PDF")


def test_speed() -> None:
    """Generous bounds, so that a slow machine passes and a tenfold loss does not."""
    to_html(shipped("csto"))
    start = time.perf_counter()
    to_html(shipped("csto"))
    assert time.perf_counter() - start < 0.5
    start = time.perf_counter()
    to_pdf(hostile(shipped("csto"), "fresh text"))
    assert time.perf_counter() - start < 3
