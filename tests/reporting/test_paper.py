"""A document of sections in every form, its texts escaped, the same bytes twice."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from assess.documents.errors import UsageError
from assess.reporting.blocks import Paragraph, Section
from assess.reporting.page import check_page
from assess.reporting.paper import Paper, to_bytes

PAPER = Paper(
    title="A <b>test</b> & #more",
    handling="For tests",
    facts=(("Rubric", "one"), ("Rows", "5 of 6")),
    date=(2018, 12, 31),
    foot="one 1.0.0",
    summary=(Paragraph(("The *line*.",)),),
    sections=(Section("first", "First", "The first finding", (Paragraph(("Some text.",)),)),),
    data=("backtest.json", '{"a": 1}\n'),
)


def test_the_page_is_ours_and_escapes_what_it_shows() -> None:
    page = to_bytes(PAPER, ".html").decode()
    check_page(page, "paper")
    assert "A &lt;b&gt;test&lt;/b&gt; &amp; #more" in page
    assert "The first finding" in page


def test_the_pdf_holds_its_data_and_is_the_same_twice() -> None:
    pdf = to_bytes(PAPER, ".pdf")
    assert pdf == to_bytes(PAPER, ".pdf")
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.attachments["backtest.json"] == [b'{"a": 1}\n']
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "A <b>test</b> & #more" in text
    assert "Some text." in text


def test_markdown_and_json() -> None:
    assert "## The first finding" in to_bytes(PAPER, ".md").decode()
    assert to_bytes(PAPER, ".json") == b'{"a": 1}\n'


def test_another_form_is_refused() -> None:
    with pytest.raises(UsageError, match=r"'\.docx' is not a form"):
        to_bytes(PAPER, ".docx")
