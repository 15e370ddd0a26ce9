from __future__ import annotations

import io
from functools import cache

import pikepdf
import pytest
import typst

from assess.reporting.pdf import to_pdf
from assess.reporting.pdflinks import lead

from .conftest import empty, hostile
from .pdftools import leads_of, sheets_of, text_in

DOCUMENT = """
#set document(title: "Links", date: datetime(year: 2000, month: 1, day: 1))
#set text(lang: "en")
= One <one>
#link("assess:two")[Forward] and #link("assess:home")[onward]; assess:two is only text
#pagebreak()
== Two <two>
#link("assess:one")[Back]
#v(50pt)
#link("assess:two@home")[Marked]
"""


def compiled(source: str) -> bytes:
    pdf: bytes = typst.compile(source.encode(), pdf_standards=["a-3a", "ua-1"], timestamp=0)
    return pdf


def test_addresses_become_links_to_headings_and_to_marks() -> None:
    pdf = lead(compiled(DOCUMENT))
    found = {link.text: (link.to, link.page) for link in leads_of(pdf)}
    assert found == {"Forward": ("two", 1), "onward": ("home", 1), "Back": ("one", 0), "Marked": ("two", 1)}
    (mark,) = (word for word in sheets_of(pdf)[1].words if word.text == "Marked")
    (onward,) = (link for link in leads_of(pdf) if link.to == "home")
    assert abs(onward.top - mark.top) < 5
    assert "assess:twoisonlytext" in text_in(pdf)


def test_nothing_else_in_the_file_moves() -> None:
    before = compiled(DOCUMENT)
    after = lead(before)
    assert len(after) == len(before)
    with pikepdf.open(io.BytesIO(after)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert b"assess:" not in b"".join(note.unparse() for page in pdf.pages for note in page.get("/Annots", []))
    assert text_in(after) == text_in(before)


def test_without_addresses_it_stays_as_it_is() -> None:
    pdf = compiled('#set document(title: "x")\n#set text(lang: "en")\n= Head\n#link("https://example.org")[far]')
    assert lead(pdf) == pdf


@pytest.mark.parametrize("change", [("assess:one", "assess:none"), ("two@home", "two@away"), ("<one>", "")])
def test_a_link_to_no_place_is_an_error(change: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no place '(none|home|one)'"):
        lead(compiled(DOCUMENT.replace(*change)))


@pytest.mark.parametrize(
    "text",
    [
        "/Dests<</Names[(one) 1 0 R]>>",
        "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</Type/Action/S/URI/URI(assess:none)>>/Contents(assess:none)>>",
        "<</Type/Page/x/Annots[" + " ".join(f"{number} 0 R" for number in range(1200, 1400)) + "]>>",
    ],
)
def test_text_that_looks_like_part_of_a_pdf_is_text(text: str) -> None:
    assert targets(text) == targets("x")


@cache
def targets(text: str) -> set[str]:
    """Return where the links lead of a report that holds a text everywhere."""
    return {link.to for link in leads_of(to_pdf(hostile(empty(), text)))}
